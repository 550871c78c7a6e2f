"""Predictions of image files and of cases."""

from lungseg.prediction.cases import predict_cases
from lungseg.prediction.files import predict, segment_files
from lungseg.prediction.image import THRESHOLD, check_threshold, predict_file, predict_probability, segment
from lungseg.prediction.loaded import LoadedFile, Prediction, load_file, predict_loaded
from lungseg.prediction.model import OpenModel, open_model, open_network
from lungseg.prediction.overlay import draw_overlay

__all__ = [
    "THRESHOLD",
    "LoadedFile",
    "OpenModel",
    "Prediction",
    "check_threshold",
    "draw_overlay",
    "load_file",
    "open_model",
    "open_network",
    "predict",
    "predict_cases",
    "predict_file",
    "predict_loaded",
    "predict_probability",
    "segment",
    "segment_files",
]
