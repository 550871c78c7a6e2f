"""Turns a picture as its file says that it is to be seen."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lungseg.radiographs.silence import ignored_warnings

TAG = 0x0112  # of TIFF and EXIF


def turn(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turn a picture as the tag "orientation" of TIFF and EXIF says.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W, ...)
    orientation : int
        1 to 8; others say nothing.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> turn(np.array([[1, 2], [3, 4]]), 6)  # by 90 degrees clockwise
    array([[3, 1],
           [4, 2]])
    """
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def orientation_of(image: Image.Image) -> int:
    """Return what a file says in EXIF, or XMP, about how it is to be turned.

    Parameters
    ----------
    image : PIL.Image.Image

    Returns
    -------
    int
        1, not at all, where nothing is said, or nothing that can be understood.

    Examples
    --------
    >>> orientation_of(Image.new("L", (2, 2)))
    1
    """
    try:
        with ignored_warnings():
            return int(image.getexif().get(TAG, 1))
    except Exception:  # the pixels may be whole all the same
        return 1
