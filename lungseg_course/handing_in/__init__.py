"""A student's own code: out of the notebook where it was written, into the next one."""
