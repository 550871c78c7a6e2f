"""How good predictions are: a table with one row a case, and what it comes to."""

from lungseg.evaluation.evaluation import evaluate, evaluate_masks
from lungseg.evaluation.measurements import Measurements, measure_cases
from lungseg.evaluation.selection import cases_to_judge, seen_in_training
from lungseg.evaluation.statistics import (
    Agreement,
    Interval,
    bootstrap_interval,
    calibration_table,
    expected_calibration_error,
    limits_of_agreement,
    pooled_f1,
)
from lungseg.evaluation.summary import COLUMNS, read_evaluation, summarise, summary_text, write_evaluation
from lungseg.evaluation.surface import SurfaceDistances, assd, hd95, surface_dice, surface_distances
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold, dice_by_threshold, validation_cases
from lungseg.masks.overlap import f1_score

__all__ = [
    "COLUMNS",
    "THRESHOLDS",
    "Agreement",
    "Interval",
    "Measurements",
    "SurfaceDistances",
    "assd",
    "bootstrap_interval",
    "calibration_table",
    "cases_to_judge",
    "choose_threshold",
    "dice_by_threshold",
    "evaluate",
    "evaluate_masks",
    "expected_calibration_error",
    "f1_score",
    "hd95",
    "limits_of_agreement",
    "measure_cases",
    "pooled_f1",
    "read_evaluation",
    "seen_in_training",
    "summarise",
    "summary_text",
    "surface_dice",
    "surface_distances",
    "validation_cases",
    "write_evaluation",
]
