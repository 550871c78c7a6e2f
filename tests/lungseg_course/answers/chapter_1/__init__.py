"""Answers to the exercises of notebook 1: from CT slices to batches."""
