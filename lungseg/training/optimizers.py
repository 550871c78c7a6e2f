"""The optimizer of a training: by its name, or one of the user's own; and how it is written down."""

import inspect
import json
from typing import TypeAlias

import keras
import numpy as np

from lungseg.errors import InputError

LEARNING_RATE = 2e-3  # of an optimizer that is given by its name
NAMES = ("adam", "adamw", "sgd", "rmsprop", "adagrad", "nadam", "lion")  # some of those that Keras knows
OptimizerLike: TypeAlias = str | keras.optimizers.Optimizer


def make_optimizer(optimizer: OptimizerLike = "adam", learning_rate: float | None = None) -> keras.optimizers.Optimizer:
    """Return a new optimizer, which has seen no network yet.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer
        An optimizer is copied, settings and all: one that has trained a network cannot train another.
    learning_rate : float, optional
        By default that of the optimizer, or 0.002 for a name.

    Returns
    -------
    keras.optimizers.Optimizer

    Raises
    ------
    InputError
        If there is none of that name, or it is no optimizer of Keras.

    Examples
    --------
    >>> float(make_optimizer("sgd", 0.5).learning_rate)
    0.5
    """
    check_optimizer(optimizer)
    if isinstance(optimizer, str):
        rate = LEARNING_RATE if learning_rate is None else learning_rate
        return _class_of(optimizer)(learning_rate=rate)
    copy = type(optimizer).from_config(optimizer.get_config())
    if learning_rate is not None and not follows_schedule(optimizer):
        copy.learning_rate = learning_rate
    return copy


def check_optimizer(optimizer: OptimizerLike) -> None:
    """Refuse what is no optimizer.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer

    Raises
    ------
    InputError
        If there is none of that name, or it is no optimizer of Keras.
    """
    if isinstance(optimizer, str):
        _class_of(optimizer)
    elif not isinstance(optimizer, keras.optimizers.Optimizer):
        raise InputError(
            f"train expected as optimizer a name ({', '.join(NAMES)}) or a keras.optimizers.Optimizer. Received: "
            f"{optimizer!r}."
        )


def _class_of(name: str) -> type[keras.optimizers.Optimizer]:
    known = {
        kind.lower(): thing
        for kind, thing in vars(keras.optimizers).items()
        if isinstance(thing, type) and issubclass(thing, keras.optimizers.Optimizer)
        if kind not in ("Optimizer", "LossScaleOptimizer")  # the one of all others, and one around another
    }
    if name.lower() not in known:
        raise InputError(f"train expected an optimizer that Keras knows: {', '.join(NAMES)}. Received: {name!r}.")
    return known[name.lower()]


def follows_schedule(optimizer: OptimizerLike) -> bool:
    """Tell whether the learning rate of an optimizer is a schedule of Keras, which nobody else can steer.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer

    Returns
    -------
    bool
    """
    return not isinstance(optimizer, str) and isinstance(optimizer.get_config().get("learning_rate"), dict)


def rate_of(optimizer: OptimizerLike) -> float:
    """Return the learning rate of an optimizer at the start.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer

    Returns
    -------
    float

    Examples
    --------
    >>> rate_of("adam"), rate_of(keras.optimizers.SGD(0.01))
    (0.002, 0.01)
    """
    if isinstance(optimizer, str):
        return LEARNING_RATE
    return float(str(np.float32(keras.ops.convert_to_numpy(optimizer.learning_rate))))  # 0.01, and not 0.00999999977


def describe_optimizer(optimizer: OptimizerLike) -> str:
    """Name an optimizer and those of its settings that are not the usual ones, but for its learning rate.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer

    Returns
    -------
    str

    Examples
    --------
    >>> describe_optimizer("Adam"), describe_optimizer(keras.optimizers.SGD(0.1, momentum=0.9))
    ('adam', 'sgd(momentum=0.9)')
    """
    if isinstance(optimizer, str):
        return optimizer.lower()
    usual = {
        name: parameter.default for name, parameter in inspect.signature(type(optimizer).__init__).parameters.items()
    }
    told = []
    for name, value in optimizer.get_config().items():
        followed = name == "learning_rate" and isinstance(value, dict)
        if followed or (name not in ("name", "learning_rate") and value != usual.get(name)):
            told.append(f"{name}={json.dumps(value, default=str)}")
    kind = type(optimizer).__name__.lower()
    return f"{kind}({', '.join(told)})" if told else kind
