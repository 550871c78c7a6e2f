"""A mask of the lungs: cleaned, measured, compared, and checked whether it can be a pair of lungs."""

from lungseg.masks.cleaning import THRESHOLD, as_mask, clean_mask, count_components, label_components
from lungseg.masks.drawn import doubt_image, doubt_mask
from lungseg.masks.measuring import LungAreas, measure_lungs
from lungseg.masks.outline import draw_outline
from lungseg.masks.overlap import Overlap, count_overlap, dice_of, f1_score
from lungseg.masks.plausibility import describe_mask, describe_prediction, doubts

__all__ = [
    "THRESHOLD",
    "LungAreas",
    "Overlap",
    "as_mask",
    "clean_mask",
    "count_components",
    "count_overlap",
    "describe_mask",
    "describe_prediction",
    "dice_of",
    "doubt_image",
    "doubt_mask",
    "doubts",
    "draw_outline",
    "f1_score",
    "label_components",
    "measure_lungs",
]
