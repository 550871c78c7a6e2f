"""How large an image may be: said before it is unfolded, since a small file can claim any number of pixels."""

from __future__ import annotations

import math
import numbers
from pathlib import Path

from lungseg.errors import InputError

MAX_MEGAPIXELS = 120  # the largest detectors have 20
BYTES_EACH = 4  # of a pixel at that limit: of more, fewer fit


def check_max_megapixels(max_megapixels: float) -> None:
    """Refuse a limit that is no number above 0.

    Parameters
    ----------
    max_megapixels : float

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_max_megapixels(200)
    """
    if (
        isinstance(max_megapixels, bool)
        or not isinstance(max_megapixels, numbers.Real)
        or not 0 < max_megapixels < math.inf
    ):
        raise InputError(f"max_megapixels: expected a number above 0. Received: {max_megapixels!r}. Try 200.")


def check_pixels(
    path: Path, height: int, width: int, max_megapixels: float = MAX_MEGAPIXELS, bytes_each: float = 1
) -> None:
    """Refuse an image that has more pixels than the limit, or none, or pixels that take more than four bytes each.

    Parameters
    ----------
    path : Path
        The file, which the message names.
    height, width : int
        As its header says, before a pixel is decoded.
    max_megapixels : float
        The limit, in millions of pixels.
    bytes_each : float
        What a pixel takes in the file, once it is unfolded; where that is known.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_pixels(Path("film.png"), 20_000, 20_000)
    Traceback (most recent call last):
        ...
    lungseg.errors.InputError: film.png: expected at most 120 million pixels. Received: 20000 x 20000, 400 million. \
Reduce it first, or raise the limit (--max-megapixels, in Python max_megapixels).
    """
    if height < 1 or width < 1:
        raise InputError(f"{path}: expected an image with pixels. Received: {height} x {width}. Export it again.")
    if height * width > max_megapixels * 1e6:
        raise InputError(
            f"{path}: expected at most {max_megapixels:g} million pixels. Received: {height} x {width}, "
            f"{height * width / 1e6:.0f} million. Reduce it first, or raise the limit (--max-megapixels, in Python "
            "max_megapixels)."
        )
    if height * width * bytes_each > BYTES_EACH * max_megapixels * 1e6:
        raise InputError(
            f"{path}: expected at most {BYTES_EACH * max_megapixels:g} MB of pixels. Received: "
            f"{height * width * bytes_each / 1e6:.0f} MB, {height} x {width} of {bytes_each:g} bytes. Reduce it first, "
            "or raise the limit (--max-megapixels, in Python max_megapixels)."
        )
