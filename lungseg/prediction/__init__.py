"""Predictions of image files and of cases."""

from lungseg.prediction.cases import predict_cases
from lungseg.prediction.files import segment_files
from lungseg.prediction.image import (
    THRESHOLD,
    Prediction,
    check_threshold,
    open_model,
    predict_file,
    predict_probability,
    segment,
)

__all__ = [
    "THRESHOLD",
    "Prediction",
    "check_threshold",
    "open_model",
    "predict_cases",
    "predict_file",
    "predict_probability",
    "segment",
    "segment_files",
]
