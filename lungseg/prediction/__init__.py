"""Predictions of image files and of cases."""

from lungseg.prediction.cases import predict_cases
from lungseg.prediction.files import segment_files
from lungseg.prediction.image import (
    THRESHOLD,
    LoadedFile,
    Prediction,
    check_preparation,
    check_threshold,
    load_file,
    open_model,
    predict_file,
    predict_probability,
    segment,
)
from lungseg.prediction.overlay import draw_overlay

__all__ = [
    "THRESHOLD",
    "LoadedFile",
    "Prediction",
    "check_preparation",
    "check_threshold",
    "draw_overlay",
    "load_file",
    "open_model",
    "predict_cases",
    "predict_file",
    "predict_probability",
    "segment",
    "segment_files",
]
