"""The settings of a training: checked, and written into `settings.json`."""

import json
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import keras

from lungseg.arguments import true_or_false
from lungseg.augmentation.applying import Augment
from lungseg.errors import InputError
from lungseg.grouping import Groups, mark_groups
from lungseg.losses import dice_crossentropy_loss
from lungseg.runs import PretrainedRun
from lungseg.splits import Split
from lungseg.training.callbacks import KEPT, SCHEDULES
from lungseg.training.compiling import MetricLike, describe_metrics, make_metrics
from lungseg.training.conditions import count_threads, describe_precision
from lungseg.training.examples import Examples, folders_of
from lungseg.training.known_preparation import describe_preparation
from lungseg.training.loss import LossLike, describe_loss, known_loss, known_weights, make_loss
from lungseg.training.network import Network, mark_weights, seen_by
from lungseg.training.optimizers import (
    OptimizerLike,
    check_optimizer,
    describe_optimizer,
    follows_schedule,
    rate_of,
)

LARGEST_SEED = 2**32 - 1  # of NumPy's global generator, which Keras sets


@dataclass(frozen=True)
class Settings:
    """What a training is asked to do.

    Parameters
    ----------
    split, groups, seed, epochs, batch_size, learning_rate, optimizer, loss, class_weights, metrics, augment, schedule
        See `lungseg.train`, which takes them as keyword arguments.
    balance, keep, filters, depth, dropout
        See there, too.

    Raises
    ------
    InputError
        If a number is out of its range; if `schedule`, `keep`, `optimizer`, `loss` or one of `metrics` is not one of
        those that are known, or two steer the learning rate. The other arguments are checked where they are used.

    Examples
    --------
    >>> Settings(epochs=3, schedule="cosine").described()["schedule"]
    'cosine over 3 epochs'
    """

    split: str | Split = "default"
    groups: Groups | None = None
    seed: int = 0
    epochs: int = 15
    batch_size: int = 8
    learning_rate: float | None = None  # that of the optimizer; a number when all is checked
    optimizer: OptimizerLike = "adam"
    loss: LossLike = dice_crossentropy_loss
    class_weights: Mapping[str, float] | None = None
    metrics: Sequence[MetricLike] = ()
    augment: Augment | None = None
    schedule: str = "plateau"
    balance: bool = False
    keep: str = "best"
    filters: int = 16
    depth: int = 4
    dropout: float = 0.1

    def __post_init__(self) -> None:
        plain = {  # numbers of NumPy become Python's, and names of losses the losses
            "seed": _whole("seed", self.seed, 0, LARGEST_SEED),
            "epochs": _whole("number of epochs", self.epochs, 1),
            "batch_size": _whole("batch size", self.batch_size, 1),
            "learning_rate": _learning_rate(self.learning_rate, self.optimizer),
            "loss": known_loss(self.loss),
            "balance": true_or_false(self.balance, "train", "balance"),
            "class_weights": known_weights(self.class_weights),
        }
        for name, value in plain.items():
            object.__setattr__(self, name, value)
        if self.schedule not in SCHEDULES:
            known = f"{', '.join(SCHEDULES[:-1])} or {SCHEDULES[-1]}"
            raise InputError(f"train expected the schedule {known}. Received: {self.schedule!r}.")
        if self.keep not in KEPT:
            raise InputError(f"train expected to keep the {' or the '.join(KEPT)} epoch. Received: {self.keep!r}.")
        if follows_schedule(self.optimizer) and self.schedule != "constant":
            raise InputError(
                f"train expected an optimizer with a number as learning rate for the schedule {self.schedule}. "
                'Received: one that follows a schedule of Keras. Give schedule="constant", which leaves it to that.'
            )
        describe_metrics(self.metrics)

    @property
    def unet(self) -> dict[str, Any]:
        """The arguments of `build_unet`."""
        return {"filters": self.filters, "depth": self.depth, "dropout": self.dropout}

    def described(self) -> dict[str, Any]:
        """Return the settings as `settings.json` holds them, without those of the network."""
        return {
            "split": self.split if isinstance(self.split, str) else "own",
            "seed": self.seed,
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "optimizer": describe_optimizer(self.optimizer),
            "loss": describe_loss(self.loss),
            "class_weights": self.class_weights,
            "metrics": describe_metrics(self.metrics),
            "augment": describe_augmentation(self.augment),
            # A cosine over other epochs is another one.
            "schedule": f"cosine over {self.epochs} epochs" if self.schedule == "cosine" else self.schedule,
            "balance": "source" if self.balance else None,  # None, too, in the settings of older runs
            "keep": self.keep,
        }


def _whole(name: str, value: float, least: int, most: int | None = None) -> int:
    """Return a whole number within its range as an int."""
    known = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if not known or value != int(value) or value < least or (most is not None and value > most):
        upwards = "upwards" if most is None else f"to {most}"
        raise InputError(f"train expected a {name} from {least} {upwards}, a whole number. Received: {value!r}.")
    return int(value)


def _learning_rate(value: float | None, optimizer: OptimizerLike) -> float:
    """Return a finite number above 0 as a float; None is that of the optimizer."""
    check_optimizer(optimizer)
    if value is None:
        return rate_of(optimizer)
    if follows_schedule(optimizer):
        raise InputError(
            f"learning_rate: expected none beside an optimizer that follows a schedule of Keras. Received: {value!r}. "
            "Leave it out."
        )
    try:
        number = math.nan if isinstance(value, str | bool) else float(value)
    except (TypeError, ValueError):  # no number at all
        number = math.nan
    if not (number > 0 and math.isfinite(number)):
        raise InputError(f"train expected a learning rate above 0. Received: {value!r}. Try 0.002.")
    return number


def describe_run(settings: Settings, examples: Examples, network: Network) -> dict[str, Any]:
    """Return all that `settings.json` holds: the settings, and on which cases, with which network and which Keras.

    Parameters
    ----------
    settings : Settings
    examples : Examples
    network : Network

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If class weights or metrics do not suit the classes of the cases.
    """
    folders = {str(folder) for folder in folders_of(examples)}
    model, made_by, start = network
    make_metrics(examples.problem, settings.metrics)  # refuses two of one name
    return {
        "cases": folders.pop() if len(folders) == 1 else None,
        "count": {part: len(paths) for part, paths in examples.parts._asdict().items()},
        "size": list(examples.size),
        "problem": examples.problem.described(),
        "load": examples.load and _name_of(examples.load),
        **settings.described(),
        "groups": None if settings.groups is None else mark_groups([*chain(*examples.parts)], settings.groups),
        "loss": describe_loss(make_loss(settings.loss, examples.problem, settings.class_weights)),
        "start": "pretrained" if isinstance(start, PretrainedRun) else start and str(start.folder.resolve()),
        "start_weights": start and mark_weights(model),
        "seen_before": seen_by(start),
        "network": made_by,
        "parameters": model.count_params(),
        **describe_preparation(examples),
        "precision": describe_precision(model),
        "keras": keras.version(),
        "backend": keras.backend.backend(),
        "threads": count_threads(),
        "fingerprint": examples.fingerprint,
    }


def _name_of(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)


def describe_augmentation(augment: Augment | None) -> str | None:
    """Name an augmentation and its settings, the same in each process."""
    if augment is None:
        return None
    if not hasattr(augment, "get_config"):
        return _name_of(augment)
    return json.dumps(_essence(keras.saving.serialize_keras_object(augment)))


def _essence(value: object) -> object:
    """Leave out what Keras numbers anew in each process (names), and what is the same for all (dtype, module)."""
    if isinstance(value, dict) and "class_name" in value:
        settings = {k: _essence(v) for k, v in value["config"].items() if k not in ("name", "trainable", "dtype")}
        return {value["class_name"]: settings}
    return [_essence(item) for item in value] if isinstance(value, list) else value
