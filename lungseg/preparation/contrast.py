"""Maps the numbers of a file to [0, 1]: between two percentiles, or between two numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.cropping import LARGEST, check_radiograph, percentiles

LOW, HIGH = 5.0, 95.0  # the percentiles that become 0 and 1 on a radiograph of the chest
SLACK = 1e-3  # how far fractions may miss [0, 1]


def stretch_contrast(image: np.ndarray, low: float = LOW, high: float = HIGH) -> np.ndarray:
    """Map the grey values between two percentiles to [0, 1] and clip the rest.

    Crop black borders first, or the low percentile is spent on them. Of an image above a
    million pixels an even grid of at least a million tells the percentiles. Where both coincide,
    because nearly all pixels share one value, the darkest and brightest pixel take their place.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale.
    low, high : float
        Percentiles, ``0 <= low < high <= 100``.

    Returns
    -------
    numpy.ndarray of float32, shape (H, W)
        In [0, 1].

    Raises
    ------
    InputError
        The image is of one value only, or the percentiles are in the wrong order.

    Examples
    --------
    >>> stretch_contrast(np.array([[0, 10, 20, 30, 40]]), low=25, high=75)
    array([[0. , 0. , 0.5, 1. , 1. ]], dtype=float32)
    """
    image = np.asarray(image)
    check_radiograph(image)
    return stretch(image, *find_window(image, low, high), "the image")


def find_window(image: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Return the numbers that lie at two percentiles; the least and the largest, where both are the same.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, C)
        Of several channels, all count together.
    low, high : float
        Percentiles.

    Returns
    -------
    (float, float)

    Raises
    ------
    InputError
        If the percentiles are in the wrong order.

    Examples
    --------
    >>> find_window(np.array([[0, 10, 20, 30, 40]]), 25, 75)
    (10.0, 30.0)
    """
    if not 0 <= low < high <= 100:
        raise InputError(f"percentiles: expected 0 <= low < high <= 100. Received: {low!r} and {high!r}.")
    step = max(1, math.isqrt(image.size // 1_000_000))
    dark, bright = map(float, percentiles(image[::step, ::step], (low, high)))
    return (dark, bright) if dark < bright else (float(image.min()), float(image.max()))


def stretch(image: np.ndarray, dark: float, bright: float, where: str = "the image") -> np.ndarray:
    """Map the numbers from dark to bright to [0, 1], and clip the rest.

    Parameters
    ----------
    image : numpy.ndarray
        Of any shape.
    dark, bright : float
        What becomes 0, and what becomes 1.
    where : str
        What a message calls the image.

    Returns
    -------
    numpy.ndarray of float32, of the same shape
        In [0, 1].

    Raises
    ------
    InputError
        If both are the same, or too much alike for numbers of 32 bits.
    """
    span = np.float32(bright - dark)
    if np.float32(dark) < np.float32(bright) and np.isfinite(span):  # also as numbers of 32 bits
        stretched = image.astype(np.float32)
        with np.errstate(over="ignore"):  # what becomes infinite lies far outside, and is clipped
            stretched -= np.float32(dark)
            stretched /= span
        return np.clip(stretched, 0, 1, out=stretched)
    received = f"one grey value inside {where}" if dark == bright else f"grey values that are too alike inside {where}"
    raise InputError(f"image: expected a radiograph. Received: {received}. Leave it out.")


def by_function(function: Callable[[np.ndarray], np.ndarray], image: np.ndarray, name: str) -> np.ndarray:
    """Return what a function of the user's own makes of an image, if it is an image in [0, 1] of the same size.

    Parameters
    ----------
    function : callable
    image : numpy.ndarray, shape (H, W) or (H, W, C)
    name : str
        Of its recipe, with which a message begins.

    Returns
    -------
    numpy.ndarray of float32, shape (H, W) or (H, W, C)

    Raises
    ------
    InputError
        If it is another size, or numbers that are not in [0, 1].

    Examples
    --------
    >>> by_function(lambda image: image / 10, np.array([[1, 5]]), "tenth")
    array([[0.1, 0.5]], dtype=float32)
    """
    made = np.asarray(function(image), dtype=np.float32)
    expected = f"recipe {name}: expected of its function"
    if made.ndim not in (2, 3) or made.shape[:2] != image.shape[:2]:
        raise InputError(
            f"{expected} an image of {image.shape[0]} x {image.shape[1]} pixels, like the one that it was given. "
            f"Received: shape {made.shape}."
        )
    if not np.isfinite(made).all() or made.min() < -SLACK or made.max() > 1 + SLACK:
        raise InputError(f"{expected} numbers in [0, 1]. Received: {made.min():.4g} to {made.max():.4g}. Scale them.")
    return np.clip(made, 0, 1)


def largest_of(image: np.ndarray) -> float:
    """Return the largest number that the type of an image holds; 1 for fractions.

    Parameters
    ----------
    image : numpy.ndarray

    Returns
    -------
    float

    Raises
    ------
    InputError
        If the type does not tell what is white: of types with a sign, and of fractions beyond [0, 1].

    Examples
    --------
    >>> largest_of(np.zeros((2, 2), np.uint16)), largest_of(np.array([[0.5]]))
    (65535.0, 1.0)
    """
    if image.dtype.kind == "b":
        return 1.0
    if image.dtype.kind == "u":
        return float(np.iinfo(image.dtype).max)
    lowest, highest = float(image.min()), float(image.max())
    if image.dtype.kind == "f" and lowest >= -SLACK and highest <= 1 + SLACK:
        return 1.0
    expected = "image: expected whole numbers from 0 in a type that tells what is white, or fractions from 0 to 1."
    own = 'Recipe("mine", stretch="values", low=..., high=...), the numbers that become 0 and 1 in all images'
    if lowest >= 0 and highest < 2**16 and not (image.dtype.kind == "f" and (image != np.round(image)).any()):
        bits = 8 if highest < 2**8 else 16
        raise InputError(
            f"{expected} Received: whole numbers from {lowest:g} to {highest:g} as {image.dtype}. If they are of "
            f"{bits} bits, image.astype(np.uint{bits}); else a recipe of your own, {own}."
        )
    kind = "fractions" if image.dtype.kind == "f" else "numbers with a sign"
    raise InputError(f"{expected} Received: {kind} from {lowest:g} to {highest:g}. Take a recipe of your own, {own}.")


def check_image(image: np.ndarray) -> None:
    """Refuse what is no image.

    Parameters
    ----------
    image : numpy.ndarray

    Raises
    ------
    InputError
        If it is not of shape (H, W) or (H, W, C), has no pixel, or holds something that is no finite number.

    Examples
    --------
    >>> check_image(np.zeros((4, 4, 3)))
    """
    if image.ndim not in (2, 3) or image.size == 0:
        raise InputError(f"image: expected shape (H, W) or (H, W, C). Received: shape {image.shape}.")
    if image.dtype.kind not in "buif":
        raise InputError(f"image: expected real numbers. Received: dtype {image.dtype}.")
    lowest, highest = float(image.min()), float(image.max())
    if not np.isfinite(highest - lowest):
        raise InputError("image: expected finite numbers. Received: NaN or infinity. Export it again.")
    if max(-lowest, highest) > LARGEST:
        raise InputError(f"image: expected numbers up to {LARGEST:g}. Received: {max(-lowest, highest):g}.")
