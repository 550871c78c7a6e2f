"""Lays a picture that is partly transparent on black."""

from __future__ import annotations

import numpy as np


def on_black(pixels: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """Lay a picture on black.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
    opacity : numpy.ndarray of the same type, shape (H, W)
        0 where it is transparent, the highest number of the type where it is opaque.

    Returns
    -------
    numpy.ndarray of the same type and shape as ``pixels``

    Examples
    --------
    >>> on_black(np.array([[200, 200, 200]], np.uint8), np.array([[0, 51, 255]], np.uint8))
    array([[  0,  40, 200]], dtype=uint8)
    """
    highest = int(np.iinfo(pixels.dtype).max)
    seen = np.empty_like(pixels)
    for row in range(len(pixels)):  # a whole picture would take eight times its memory
        share = opacity[row] if pixels.ndim == 2 else opacity[row][:, None]
        seen[row] = (pixels[row].astype(np.uint32) * share + highest // 2) // highest
    return seen
