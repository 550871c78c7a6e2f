"""Lung segmentation on chest X-rays with a U-Net."""
