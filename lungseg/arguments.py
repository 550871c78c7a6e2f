"""Arguments of public functions: checked, and what came in place of them in words."""

import math
import numbers
import os
from collections.abc import Callable, Mapping, Sized

from lungseg.errors import InputError, quote


def described(value: object) -> str:
    """Return in words what was received as an argument: short, on one line, whatever it is.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> described("3"), described(None), described([1, 2]), described(len), described(dict), described({1: 2})
    ("'3'", 'None', '[1, 2]', 'the function len', 'the class dict', 'a dict of 1 entry')
    >>> import numpy as np
    >>> described(np.zeros((4, 4, 3))), described(np.int64(3)), described(ValueError("no"))
    ('an array of shape (4, 4, 3)', '3', 'a ValueError')
    """
    if value is None or isinstance(value, str | bool):
        return quote(value) if value is not None else "None"
    if isinstance(value, os.PathLike):
        return quote(os.fspath(value))
    if isinstance(value, type):
        return f"the class {value.__name__}"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        kind = "array" if type(value).__name__ == "ndarray" else type(value).__name__
        return f"{_article(kind)} {kind} of shape {shape}"
    if isinstance(value, numbers.Number) or shape == ():
        return quote(value)
    if isinstance(value, list | tuple | set) and not hasattr(value, "_fields"):
        return quote(value) if all(isinstance(item, str | numbers.Number) for item in value) else _counted(value)
    if isinstance(value, Mapping):
        return _counted(value)
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    return f"{_article(type(value).__name__)} {type(value).__name__}"


def _article(noun: str) -> str:
    return "an" if noun[:1] in "AEIOUaeiou" else "a"


def _counted(value: Sized) -> str:
    return f"a {type(value).__name__} of {len(value)} {'entry' if len(value) == 1 else 'entries'}"


def whole_number(value: object, asked_by: str, name: str, least: int = 1) -> int:
    """Return a whole number as an int, Python's or NumPy's; refuse all else.

    Parameters
    ----------
    value : object
    asked_by, name : str
        The function and the argument, for the message.
    least : int
        The smallest one that is possible.

    Returns
    -------
    int

    Raises
    ------
    InputError

    Examples
    --------
    >>> import numpy as np
    >>> whole_number(np.int64(16), "build_unet", "filters")
    16
    >>> whole_number("16", "build_unet", "filters")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: build_unet expected filters to be a positive integer. Received: '16'. Write 16.
    """
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    expected = "a positive integer" if least == 1 else f"a whole number from {least} upwards"
    meant = _as_number(value)
    mend = f" Write {int(meant)}." if meant is not None and meant == int(meant) >= least else ""
    raise InputError(f"{asked_by} expected {name} to be {expected}. Received: {described(value)}.{mend}")


def number(
    value: object, asked_by: str, name: str, expected: str, fits: Callable[[float], bool], mend: str = ""
) -> float:
    """Return a finite number as a float; refuse all else, and those that do not fit.

    Parameters
    ----------
    value : object
    asked_by, name : str
        The function and the argument, for the message.
    expected : str
        In words, which numbers fit: "above 0".
    fits : callable
        Whether a number does.
    mend : str
        What to do, with which the message ends.

    Returns
    -------
    float

    Raises
    ------
    InputError

    Examples
    --------
    >>> number(0.5, "build_unet", "dropout", "from 0 up to 1", lambda share: 0 <= share < 1)
    0.5
    >>> number("0.5", "build_unet", "dropout", "from 0 up to 1", lambda share: 0 <= share < 1)
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: build_unet expected dropout to be a number from 0 up to 1. Received: '0.5'. Write 0.5.
    """
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        known = float(value)
        if math.isfinite(known) and fits(known):
            return known
    meant = _as_number(value) if isinstance(value, str) else None
    mend = f"Write {meant:g}." if meant is not None and fits(meant) else mend
    message = f"{asked_by} expected {name} to be a number {expected}. Received: {described(value)}. {mend}"
    raise InputError(message.rstrip())


def _as_number(value: object) -> float | None:
    """Return the finite number that a text or another number stands for, None if it is none."""
    try:
        meant = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return meant if math.isfinite(meant) and not isinstance(value, bool) else None


def true_or_false(value: object, asked_by: str, name: str) -> bool:
    """Return True or False, which 1 and 0 stand for too; refuse all else, a text that says no above all.

    Parameters
    ----------
    value : object
    asked_by, name : str
        The function and the argument, for the message.

    Returns
    -------
    bool

    Raises
    ------
    InputError

    Examples
    --------
    >>> true_or_false(1, "DataGenerator", "shuffle")
    True
    >>> true_or_false("no", "DataGenerator", "shuffle")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: DataGenerator expected shuffle to be True or False. Received: 'no'.
    """
    if type(value).__name__ in ("bool", "bool_", "int") and value in (False, True):
        return bool(value)
    raise InputError(f"{asked_by} expected {name} to be True or False. Received: {described(value)}.")


def image_size(value: object, asked_by: str) -> tuple[int | None, int | None]:
    """Return height and width, which one number stands for too; None is any.

    Parameters
    ----------
    value : object
    asked_by : str
        The function, for the message.

    Returns
    -------
    (int or None, int or None)

    Raises
    ------
    InputError

    Examples
    --------
    >>> image_size(64, "load_pretrained"), image_size((None, 96), "load_pretrained")
    ((64, 64), (None, 96))
    >>> image_size("64", "load_pretrained")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: load_pretrained expected size to be a positive integer. Received: '64'. Write 64.
    """
    if not isinstance(value, tuple | list):
        side = whole_number(value, asked_by, "size")
        return side, side
    if len(value) != 2:
        raise InputError(
            f"{asked_by} expected size to be one number, or (height, width). Received: {described(value)}. Write "
            "(128, 128) for example."
        )
    height, width = (side if side is None else whole_number(side, asked_by, "size") for side in value)
    return height, width


def check_masks(y_true: object, y_pred: object) -> None:
    """Refuse masks of 0 and 255, and what is no mask, where it can be told: in arrays of NumPy.

    Parameters
    ----------
    y_true, y_pred : array or tensor
        As a loss or a metric gets them. Nothing is looked for in a tensor, of which nothing may be known yet.

    Raises
    ------
    InputError

    Examples
    --------
    >>> import numpy as np
    >>> check_masks(np.array([0, 255]), np.array([0.1, 0.9]))
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: y_true: expected masks of 0 and 1. Received: values up to 255. Divide them by 255 first.
    """
    for name, value in (("y_true", y_true), ("y_pred", y_pred)):
        if value is None or isinstance(value, str | os.PathLike):
            raise InputError(f"{name}: expected an array of shape (B, H, W, C). Received: {described(value)}.")
    if type(y_true).__name__ == "ndarray" and (highest := y_true.max(initial=0)) > 1:  # type: ignore[attr-defined]
        mend = "Divide them by 255 first." if highest == 255 else "Make them 0 and 1 first."
        raise InputError(f"y_true: expected masks of 0 and 1. Received: values up to {highest:g}. {mend}")
