"""Makes a case from a radiograph and its lung masks: crop, contrast, size."""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Sequence

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.preparation.cropping import CropBox, check_radiograph, find_body, percentiles
from lungseg.preparation.geometry import Geometry
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.masks import read_mask
from lungseg.radiographs.reading import read_image

LOW, HIGH = 5.0, 95.0  # the percentiles that become 0 and 1
# Written into a run's settings, and compared with them before its network sees a file.
PREPARATION = {"low": LOW, "high": HIGH, "crop": True}


# --------------------------------------------------------------------------- contrast


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
    return _stretch(image, *_window(image, low, high))


def _window(image: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Return the grey values that become 0 and 1."""
    if not 0 <= low < high <= 100:
        raise InputError(f"percentiles: expected 0 <= low < high <= 100. Received: {low!r} and {high!r}.")
    step = max(1, math.isqrt(image.size // 1_000_000))
    dark, bright = map(float, percentiles(image[::step, ::step], (low, high)))
    return (dark, bright) if dark < bright else (float(image.min()), float(image.max()))


def _stretch(image: np.ndarray, dark: float, bright: float) -> np.ndarray:
    """Map the grey values from dark to bright to [0, 1], and clip the rest."""
    stretched = (image.astype(np.float32) - np.float32(dark)) / np.float32(bright - dark)
    return np.clip(stretched, 0, 1, out=stretched)


# --------------------------------------------------------------------------- size


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
    return _resample(image, _height_width(size), Image.Resampling.BILINEAR)


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
    return _resample(mask, _height_width(size), Image.Resampling.BOX) >= 0.5


def _height_width(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return height and width in pixels, or say what is wrong with them."""
    try:
        height, width = map(operator.index, size if isinstance(size, Sequence) else (size, size))
        if height < 1 or width < 1 or isinstance(size, bool):
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"size: expected a whole number of pixels above 0, or (height, width). Received: {size!r}."
        ) from None
    return height, width


def _resample(array: np.ndarray, size: tuple[int, int], how: Image.Resampling) -> np.ndarray:
    """Resize an array to (height, width) with a filter of Pillow: float32."""
    values = np.ascontiguousarray(array, dtype=np.float32)
    if values.shape == size:
        return values.copy()
    return np.array(Image.fromarray(values).resize((size[1], size[0]), how))


# --------------------------------------------------------------------------- a whole case


def prepare_image(
    image: np.ndarray, size: int | tuple[int, int], crop: bool | CropBox = True
) -> tuple[np.ndarray, Geometry]:
    """Crop the black borders, stretch the contrast (5th to 95th percentile), resize.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale, as :func:`read_image` returns them.
    size : int or (int, int)
        The side of a square, or height and width.
    crop : bool or CropBox
        Whether to look for borders; or the box to crop to.

    Returns
    -------
    image : numpy.ndarray of float32
        Of the given size, in [0, 1].
    geometry : Geometry
        How the image was cropped and resized; its method `to_original` inverts this for a mask.

    Raises
    ------
    InputError
        The image is all-black, or the size is not one or two whole numbers above 0.

    Examples
    --------
    >>> radiograph = np.zeros((100, 80))
    >>> radiograph[20:, :] = np.linspace(100, 200, 80)
    >>> image, geometry = prepare_image(radiograph, 32)
    >>> image.shape, geometry.crop
    ((32, 32), CropBox(top=20, left=0, bottom=100, right=80))
    """
    size, image = _height_width(size), np.asarray(image)
    check_radiograph(image)
    height, width = image.shape
    if not isinstance(crop, CropBox):
        crop = find_body(image) if crop else CropBox(0, 0, height, width)
    body = crop.cut(image)
    low, high = _window(body, LOW, HIGH)
    prepared = resize_image(_stretch(body, low, high), size)
    return np.clip(prepared, 0, 1), Geometry(height, width, crop, size, low, high)


def prepare_case(
    image_path: str | os.PathLike,
    mask_paths: str | os.PathLike | Sequence[str | os.PathLike],
    size: int | tuple[int, int],
    max_megapixels: float = MAX_MEGAPIXELS,
) -> tuple[np.ndarray, Geometry]:
    """Make a case from a radiograph and its mask, or masks; both are cropped alike.

    The crop is that of :func:`find_body`, widened where the mask reaches beyond it: a mask is never cut.

    Parameters
    ----------
    image_path : str or Path
        The file of the radiograph.
    mask_paths : path, or sequence of paths
        The file of the mask, or several that are joined, see :func:`read_mask`.
    size : int or (int, int)
        The side of a square, or height and width.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    case : numpy.ndarray of float32, shape (H, W, 2)
        The image in [0, 1] and the mask in {0, 1}.
    geometry : Geometry
        How both were cropped and resized.

    Raises
    ------
    InputError
        A file cannot be used, or mask and image do not fit. The message names the file.
    """
    size = _height_width(size)
    image = read_image(image_path, max_megapixels)
    mask = read_mask(mask_paths, image.shape, image_path, max_megapixels)
    try:
        prepared, geometry = prepare_image(image, size, _around(mask, find_body(image)))
    except InputError as fault:
        raise InputError(f"{image_path}: {str(fault).removeprefix('image: ')}") from None
    return np.stack([prepared, resize_mask(geometry.crop.cut(mask), size)], axis=-1), geometry


def _around(mask: np.ndarray, box: CropBox) -> CropBox:
    """Return the smallest box that holds ``box`` and every lung pixel."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return CropBox(
        min(box.top, int(rows[0])),
        min(box.left, int(columns[0])),
        max(box.bottom, int(rows[-1]) + 1),
        max(box.right, int(columns[-1]) + 1),
    )
