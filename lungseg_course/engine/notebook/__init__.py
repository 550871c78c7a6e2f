"""The cells of the notebook: which was run, and whether what is checked is what stands there now."""
