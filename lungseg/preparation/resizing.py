"""Resizes images, and masks so that they stay masks."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from PIL import Image

from lungseg.errors import InputError


def resize_image(image: np.ndarray, size: int | tuple[int, int]) -> np.ndarray:
    """Resize an image, antialiased: each new pixel weighs all the pixels that fall into it.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Values of any scale.
    size : int or (int, int)
        The side of a square, or height and width.

    Returns
    -------
    numpy.ndarray of float32
        Of the new size, within the range of the old values.

    Raises
    ------
    InputError
        The size is not one or two whole numbers above 0.

    Examples
    --------
    >>> resize_image(np.full((6, 4), 7.0), 2)
    array([[7., 7.],
           [7., 7.]], dtype=float32)
    """
    # A triangle as wide as the reduction: no overshoot, unlike bicubic or Lanczos.
    return resample(image, height_width(size), Image.Resampling.BILINEAR)


def resize_channels(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize an image of one or several channels, see `resize_image`.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, C)
    size : (int, int)
        Height and width.

    Returns
    -------
    numpy.ndarray of float32, shape (h, w) or (h, w, C)

    Examples
    --------
    >>> resize_channels(np.ones((4, 4, 5)), (2, 3)).shape
    (2, 3, 5)
    """
    if image.ndim == 2:
        return resize_image(image, size)
    return np.stack([resize_image(image[..., channel], size) for channel in range(image.shape[-1])], axis=-1)


def resize_mask(mask: np.ndarray, size: int | tuple[int, int]) -> np.ndarray:
    """Resize a binary mask: a new pixel is lung if at least half of its area was.

    Parameters
    ----------
    mask : numpy.ndarray, shape (H, W)
        Boolean, or 0 and 1.
    size : int or (int, int)
        The side of a square, or height and width.

    Returns
    -------
    numpy.ndarray of bool
        Of the new size.

    Raises
    ------
    InputError
        The size is not one or two whole numbers above 0.

    Examples
    --------
    >>> resize_mask(np.array([[1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 1]]), (1, 3))
    array([[ True,  True, False]])
    """
    return resample(mask, height_width(size), Image.Resampling.BOX) >= 0.5


def height_width(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return height and width in pixels, or say what is wrong with them.

    Parameters
    ----------
    size : int or (int, int)
        The side of a square, or height and width.

    Returns
    -------
    (int, int)

    Raises
    ------
    InputError
        The size is not one or two whole numbers above 0.
    """
    try:
        height, width = map(operator.index, size if isinstance(size, Sequence) else (size, size))
        if height < 1 or width < 1 or isinstance(size, bool):
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"size: expected a whole number of pixels above 0, or (height, width). Received: {size!r}."
        ) from None
    return height, width


def resample(array: np.ndarray, size: tuple[int, int], how: Image.Resampling) -> np.ndarray:
    """Resize an array with a filter of Pillow.

    Parameters
    ----------
    array : numpy.ndarray, shape (H, W)
    size : (int, int)
        Height and width.
    how : PIL.Image.Resampling

    Returns
    -------
    numpy.ndarray of float32
    """
    values = np.ascontiguousarray(array, dtype=np.float32)
    if values.shape == size:
        return values.copy()
    return np.array(Image.fromarray(values).resize((size[1], size[0]), how))
