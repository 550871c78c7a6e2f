"""What a kernel of `lab` runs before the first cell, so that a check without the imports above it gets a sentence."""

try:
    import lungseg_course
except ImportError:  # a kernel of another environment
    pass
else:
    del lungseg_course  # a notebook that needs it imports it
