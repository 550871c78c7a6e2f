"""Segment images with a U-Net in Keras: lungs on chest X-rays, or whatever else is drawn.

Make cases          prepare; lungseg.phantom.write_phantoms, lungseg.datasets.download
Say what they show  Problem, read_problem
List, load, split   list_cases, load_case, split_cases
Feed a network      DataGenerator, lungseg.augmentation.standard
Build one           build_unet, encoder_block, decoder_block, load_pretrained
Train it            train, cross_validate; load_run opens what is left
Losses, metrics     dice_loss, dice_crossentropy_loss, DiceLoss, DiceCrossentropyLoss; Dice, Jaccard
Evaluate it         evaluate; lungseg.report.evaluate_run, lungseg.plotting
Predict with it     segment, predict

All that cannot be used is an InputError, of one line.

>>> import tempfile
>>> from lungseg import split_cases
>>> from lungseg.phantom import write_phantoms
>>> cases = write_phantoms(tempfile.mkdtemp(), count=10, size=32)
>>> [len(part) for part in split_cases(cases)]
[7, 1, 2]

The names are imported when they are first used, so that `import lungseg` is quick and does not wait for TensorFlow.
"""

import importlib
import sys as _sys
from contextlib import nullcontext as _nothing_around
from typing import TYPE_CHECKING

from lungseg._moved import find_name as _find_name
from lungseg._moved import with_former_names as _with_former_names
from lungseg.environment.imports import held_back as _held_back
from lungseg.environment.imports import register_where_keras_is as _register_where_keras_is

if TYPE_CHECKING:  # for editors and type checkers: what is imported by `__getattr__` below
    from lungseg import augmentation as augmentation
    from lungseg import datasets as datasets
    from lungseg import evaluation as evaluation
    from lungseg import masks as masks
    from lungseg import phantom as phantom
    from lungseg import plotting as plotting
    from lungseg import preparation as preparation
    from lungseg import report as report
    from lungseg.cases import list_cases, load_case
    from lungseg.errors import InputError
    from lungseg.evaluation import evaluate
    from lungseg.generator import DataGenerator
    from lungseg.losses import DiceCrossentropyLoss, DiceLoss, dice_crossentropy_loss, dice_loss
    from lungseg.metrics import Dice, Jaccard
    from lungseg.prediction import predict, segment
    from lungseg.preparation import prepare
    from lungseg.pretrained import load_pretrained
    from lungseg.problems import Problem, read_problem
    from lungseg.report import cross_validate
    from lungseg.runs import load_run
    from lungseg.splits import split_cases
    from lungseg.training import train
    from lungseg.unet import build_unet, decoder_block, encoder_block

__all__ = [
    "DataGenerator",
    "Dice",
    "DiceCrossentropyLoss",
    "DiceLoss",
    "InputError",
    "Jaccard",
    "Problem",
    "build_unet",
    "cross_validate",
    "decoder_block",
    "dice_crossentropy_loss",
    "dice_loss",
    "encoder_block",
    "evaluate",
    "list_cases",
    "load_case",
    "load_pretrained",
    "load_run",
    "predict",
    "prepare",
    "read_problem",
    "segment",
    "split_cases",
    "train",
]
__version__ = "0.2.0.dev0"

_MODULE_OF = {
    "DataGenerator": "generator",
    "Dice": "metrics",
    "DiceCrossentropyLoss": "losses",
    "DiceLoss": "losses",
    "InputError": "errors",
    "Jaccard": "metrics",
    "Problem": "problems",
    "build_unet": "unet",
    "cross_validate": "report",
    "decoder_block": "unet",
    "dice_crossentropy_loss": "losses",
    "dice_loss": "losses",
    "encoder_block": "unet",
    "evaluate": "evaluation",
    "list_cases": "cases",
    "load_case": "cases",
    "load_pretrained": "pretrained",
    "load_run": "runs",
    "predict": "prediction",
    "prepare": "preparation",
    "read_problem": "problems",
    "segment": "prediction",
    "split_cases": "splits",
    "train": "training",
}
_PACKAGES = ("augmentation", "datasets", "evaluation", "masks", "phantom", "plotting", "preparation", "report")

if not TYPE_CHECKING:  # which would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name not in _PACKAGES and name not in _MODULE_OF:
            return _find_name(__name__, name)
        # `help(lungseg)` looks at every name, and nobody who reads it has asked for what TensorFlow writes meanwhile.
        listed = _sys._getframe(1).f_globals.get("__name__") == "inspect"
        with _held_back() if listed else _nothing_around():
            if name in _PACKAGES:
                return importlib.import_module(f"lungseg.{name}")
            found = getattr(importlib.import_module(f"lungseg.{_MODULE_OF[name]}"), name)
        _register_where_keras_is()
        return found


def __dir__() -> list[str]:
    return [*__all__, *_PACKAGES, "__version__"]


__path__ = _with_former_names(__path__)
_register_where_keras_is()
