"""Answers to the exercises of notebook 2, the U-Net."""
