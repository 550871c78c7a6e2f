"""What an experiment may vary, with the usual value of each setting, and what is said of one that cannot be."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from lungseg.errors import InputError, counted

USUAL_CASES = 100  # for training, where there are as many
MOST_SEEDS = 100
LOSSES = ("dice", "crossentropy", "both")


@dataclass(frozen=True)
class Settings:
    """One variant: a network, and how it is trained. What is not named keeps its usual value.

    Attributes
    ----------
    skips : bool
        Whether the decoder gets what the encoder saw at the same size.
    batch_norm : bool
        Whether each block ends in batch normalisation.
    momentum : float
        How slowly batch normalisation forgets: the share of the old average that is kept in each step.
    dropout : float
        The share that dropout sets to zero; 0 is no dropout.
    spatial : bool
        Whether whole channels are dropped, or single numbers.
    loss : {"dice", "crossentropy", "both"}
    augmentation : bool
        Whether the training images are turned, shifted, made brighter ..., as `lungseg.augmentation.standard` does.
    depth : int
        How many times the image is halved.
    filters : int
        The channels at full size; each step down doubles them.
    training_cases : int or None
        How many cases the network learns from; None is 100, or all where there are fewer. The larger number
        holds the cases of the smaller one.
    size : int
        The side of the images in pixels that the network sees.
    steps : int
        Batches in a training. It stays the same with fewer cases: they come round more often.
    batch_size : int
    learning_rate : float
        Of the first step; it falls to 0 until the last one.
    build : callable or None
        A `build_unet` of your own: `build(input_shape, filters=..., depth=..., dropout=...)`.

    Examples
    --------
    >>> settings_of({"skips": False}, "without skips").skips
    False
    """

    skips: bool = True
    batch_norm: bool = True
    momentum: float = 0.9
    dropout: float = 0.1
    spatial: bool = True
    loss: str = "dice"
    augmentation: bool = False
    depth: int = 3
    filters: int = 8
    training_cases: int | None = None
    size: int = 64
    steps: int = 250
    batch_size: int = 8
    learning_rate: float = 2e-3
    build: Callable | None = None

    def effective(self) -> dict[str, Any]:
        """Return the settings that matter: without batch normalisation, for one, its momentum does not.

        Examples
        --------
        >>> one, other = Settings(dropout=0, spatial=True), Settings(dropout=0, spatial=False)
        >>> one.effective() == other.effective()
        True
        """
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        idle = set()
        if self.build is not None:
            idle |= set(OF_OUR_NETWORK)
        if not self.batch_norm:
            idle.add("momentum")
        if self.dropout == 0:
            idle.add("spatial")
        return {name: value for name, value in kept.items() if name not in idle}

    @property
    def effort(self) -> float:
        """How many usual trainings take as long as this one, roughly.

        Examples
        --------
        >>> Settings().effort, Settings(filters=16).effort, Settings(size=128).effort
        (1.0, 2.0, 4.0)
        """
        pixels = (self.size / 64) ** 2 * self.filters / 8
        return pixels * self.steps / 250 * self.batch_size / 8


NAMES = tuple(field.name for field in fields(Settings))
OF_OUR_NETWORK = ("skips", "batch_norm", "momentum", "spatial")  # a network of the student's own has its own way


def settings_of(given: Any, variant: str = "", basis: Settings | None = None) -> Settings:
    """Return the settings of a variant, checked.

    Parameters
    ----------
    given : dict
        Name of a setting → value.
    variant : str
        What the variant is called, for the messages.
    basis : Settings, optional
        What all variants share, where it is not the usual.

    Raises
    ------
    InputError
        If a setting is unknown, or has a value that it cannot have.

    Examples
    --------
    >>> settings_of({"skip": False}, "without skips")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: the variant 'without skips': there is no setting 'skip'. Did you mean 'skips'?
    """
    where = f"the variant {variant!r}: " if variant else ""
    if not isinstance(given, Mapping):
        raise InputError(
            f'{where}expected a dictionary of settings, such as {{"skips": False}}, or {{}} for the usual network. '
            f"Received: {_shown(given)}."
        )
    for name, value in given.items():
        if name not in NAMES:
            raise InputError(f"{where}there is no setting {name!r}. {_meant(name)}")
        if (expected := EXPECTED[name](value)) is not None:
            raise InputError(f"{where}expected {name} to be {expected}. Received: {_shown(value)}.")
    settings = replace(basis or Settings(), **given)
    if settings.build is not None and (idle := [name for name in OF_OUR_NETWORK if name in given]):
        raise InputError(
            f"{where}{idle[0]!r} changes our network, and with 'build' yours is trained. Leave one of the two out."
        )
    step = 2**settings.depth
    if settings.size % step:
        raise InputError(
            f"{where}a depth of {settings.depth} halves the image {counted(settings.depth, 'time')}, so {step} must "
            f"divide the size. Received: size {settings.size}. Try {max(settings.size // step, 1) * step}."
        )
    return settings


def _meant(name: Any) -> str:
    near = difflib.get_close_matches(str(name).lower(), [*NAMES, *FORMERLY], n=1, cutoff=0.7)
    if not near:
        return f"There are {', '.join(NAMES)}."
    return f"Did you mean {FORMERLY.get(near[0], near[0])!r}?"


# What others call them.
FORMERLY = {
    "batch_normalization": "batch_norm",
    "batch_normalisation": "batch_norm",
    "bn": "batch_norm",
    "norm": "batch_norm",
    "cases": "training_cases",
    "count": "training_cases",
    "epochs": "steps",
    "image_size": "size",
    "lr": "learning_rate",
    "rate": "learning_rate",
    "skip_connections": "skips",
    "batch": "batch_size",
    "spatial_dropout": "spatial",
    "model": "build",
    "augment": "augmentation",
    "aug": "augmentation",
}


def _yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "True or False"


def _whole(low: int, high: int) -> Callable[[Any], str | None]:
    def expected(value: Any) -> str | None:
        fits = isinstance(value, int | np.integer) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"a whole number from {low} to {high}"

    return expected


def _number(low: float, high: float, *, above: bool = False) -> Callable[[Any], str | None]:
    def expected(value: Any) -> str | None:
        fits = isinstance(value, int | float | np.number) and not isinstance(value, bool) and low <= value < high
        fits = fits and not (above and value == low)
        return None if fits else f"a number {'above' if above else 'from'} {low:g} and below {high:g}"

    return expected


def _loss(value: Any) -> str | None:
    return None if value in LOSSES else 'one of "dice", "crossentropy" and "both"'


def _function(value: Any) -> str | None:
    return None if value is None or callable(value) else "a function that builds a network, without calling it"


# Name of a setting → a function of a value, which says what was expected in its place; None if it is possible.
EXPECTED: dict[str, Callable[[Any], str | None]] = {
    "skips": _yes_or_no,
    "batch_norm": _yes_or_no,
    "momentum": _number(0, 1),
    "dropout": _number(0, 1),
    "spatial": _yes_or_no,
    "loss": _loss,
    "augmentation": _yes_or_no,
    "depth": _whole(1, 6),
    "filters": _whole(1, 64),
    "training_cases": lambda value: None if value is None else _whole(1, 100_000)(value),
    "size": _whole(8, 512),
    "steps": _whole(1, 20_000),
    "batch_size": _whole(1, 64),
    "learning_rate": _number(0, 1, above=True),
    "build": _function,
}


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
