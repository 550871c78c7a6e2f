"""Damaged files, and what may not happen when they are read: the parts of `benchmarks/fuzz.py`."""
