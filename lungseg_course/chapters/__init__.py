"""A folder for each notebook: its exercises, and its questions."""
