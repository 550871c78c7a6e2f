"""Lung segmentation on chest X-rays with a U-Net.

The public names are imported when they are first used, so that `import lungseg`
is quick and does not wait for TensorFlow.
"""

import importlib
from typing import Any

from lungseg._moved import find_name, keep_former_names
from lungseg.environment import keep_tensorflow_quiet, register_with_keras

keep_tensorflow_quiet()
keep_former_names()
register_with_keras(["lungseg.losses", "lungseg.metrics", "lungseg.augmentation"])

_MODULE_OF = {
    "DataGenerator": "generator",
    "build_unet": "unet",
    "encoder_block": "unet",
    "decoder_block": "unet",
    "dice_loss": "losses",
    "dice_crossentropy_loss": "losses",
    "DiceLoss": "losses",
    "DiceCrossentropyLoss": "losses",
    "Dice": "metrics",
    "Jaccard": "metrics",
    "InputError": "errors",
    "list_cases": "cases",
    "load_case": "cases",
    "prepare": "preparation",
    "split_cases": "splits",
    "train": "training",
    "load_run": "runs",
    "load_pretrained": "pretrained",
    "evaluate": "evaluation",
    "cross_validate": "report",
    "segment": "prediction",
}

__all__ = sorted(_MODULE_OF)
__version__ = "0.2.0.dev0"


def __getattr__(name: str) -> Any:  # each of them has a type of its own
    if name not in _MODULE_OF:
        return find_name(__name__, name)
    return getattr(importlib.import_module(f"lungseg.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
