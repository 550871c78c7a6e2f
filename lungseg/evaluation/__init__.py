"""How good predictions are: a table with one row a case, and what it comes to."""

from lungseg.evaluation.comparison import evaluate_masks
from lungseg.evaluation.confusion import confusion_matrix, normalised
from lungseg.evaluation.evaluation import Evaluation, measure_cases
from lungseg.evaluation.folds import find_folds, folds_text, is_cross_validation, summarise_folds
from lungseg.evaluation.packed_masks import PackedMasks
from lungseg.evaluation.selection import seen_in_training, select_cases
from lungseg.evaluation.spacing import spacing_of
from lungseg.evaluation.statistics import (
    Agreement,
    Interval,
    bootstrap_interval,
    calibration_table,
    expected_calibration_error,
    limits_of_agreement,
    pooled_f1,
)
from lungseg.evaluation.summary import (
    COLUMNS,
    classes_of,
    read_evaluation,
    summarise,
    summary_text,
    write_evaluation,
)
from lungseg.evaluation.surface import SurfaceDistances, assd, hd95, surface_dice, surface_distances
from lungseg.evaluation.table import evaluate
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold, dice_by_threshold, validation_cases
from lungseg.masks.overlap import f1_score

__all__ = [
    "COLUMNS",
    "THRESHOLDS",
    "Agreement",
    "Evaluation",
    "Interval",
    "PackedMasks",
    "SurfaceDistances",
    "assd",
    "bootstrap_interval",
    "calibration_table",
    "choose_threshold",
    "classes_of",
    "confusion_matrix",
    "dice_by_threshold",
    "evaluate",
    "evaluate_masks",
    "expected_calibration_error",
    "f1_score",
    "find_folds",
    "folds_text",
    "hd95",
    "is_cross_validation",
    "limits_of_agreement",
    "measure_cases",
    "normalised",
    "pooled_f1",
    "read_evaluation",
    "seen_in_training",
    "select_cases",
    "spacing_of",
    "summarise",
    "summarise_folds",
    "summary_text",
    "surface_dice",
    "surface_distances",
    "validation_cases",
    "write_evaluation",
]
