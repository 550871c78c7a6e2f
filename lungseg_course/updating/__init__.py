"""A student's copies of the notebooks: made, and brought up to date without losing what was written into them."""
