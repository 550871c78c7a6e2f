"""From a folder of cases to a run folder with the best network."""

from lungseg.training.callbacks import CosineDecay, Progress, StopAtNaN, duration, make_callbacks
from lungseg.training.compiling import compile_model
from lungseg.training.folds import train_folds
from lungseg.training.resume import KeepState
from lungseg.training.training import train

__all__ = [
    "CosineDecay",
    "KeepState",
    "Progress",
    "StopAtNaN",
    "compile_model",
    "duration",
    "make_callbacks",
    "train",
    "train_folds",
]
