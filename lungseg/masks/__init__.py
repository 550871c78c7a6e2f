"""A mask of the lungs: tidied, measured, and doubted where it can be no pair of lungs."""

from lungseg.masks.cleaning import as_mask, clean_mask, count_components, label_components
from lungseg.masks.measuring import LungAreas, measure_lungs
from lungseg.masks.plausibility import describe_mask, describe_prediction, doubts

__all__ = [
    "LungAreas",
    "as_mask",
    "clean_mask",
    "count_components",
    "describe_mask",
    "describe_prediction",
    "doubts",
    "label_components",
    "measure_lungs",
]
