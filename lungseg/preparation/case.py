"""Makes a case from a radiograph and its lung masks: crop, contrast, size."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.masks.drawn import LINES, doubt_image, doubt_mask
from lungseg.preparation.cropping import CropBox, check_radiograph, find_body, percentiles
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.resizing import height_width, resample, resize_image, resize_mask
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.masks import check_lung_values, examine_mask
from lungseg.radiographs.reading import read_image

LOW, HIGH = 5.0, 95.0  # the percentiles that become 0 and 1
JUDGED_SIDE = 256  # pixels: the size at which masks are judged, whatever that of the cases
STRAY_VALUES = "some pixels of the mask are neither background nor lung"
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
    return _stretch(image, *_window(image, low, high), "the image")


def _window(image: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Return the grey values that become 0 and 1."""
    if not 0 <= low < high <= 100:
        raise InputError(f"percentiles: expected 0 <= low < high <= 100. Received: {low!r} and {high!r}.")
    step = max(1, math.isqrt(image.size // 1_000_000))
    dark, bright = map(float, percentiles(image[::step, ::step], (low, high)))
    return (dark, bright) if dark < bright else (float(image.min()), float(image.max()))


def _stretch(image: np.ndarray, dark: float, bright: float, where: str) -> np.ndarray:
    """Map the grey values from dark to bright to [0, 1], and clip the rest."""
    span = np.float32(bright - dark)
    if np.float32(dark) < np.float32(bright) and np.isfinite(span):  # also as numbers of 32 bits
        stretched = image.astype(np.float32)
        with np.errstate(over="ignore"):  # what becomes infinite lies far outside, and is clipped
            stretched -= np.float32(dark)
            stretched /= span
        return np.clip(stretched, 0, 1, out=stretched)
    received = f"one grey value inside {where}" if dark == bright else f"grey values that are too alike inside {where}"
    raise InputError(f"image: expected a radiograph. Received: {received}. Leave it out.")


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
    size, image = height_width(size), np.asarray(image)
    check_radiograph(image)
    height, width = image.shape
    if not isinstance(crop, CropBox):
        crop = find_body(image) if crop else CropBox(0, 0, height, width)
    body = crop.cut(image)
    low, high = _window(body, LOW, HIGH)
    inside = "the image" if body.shape == image.shape else "the black border"
    prepared = resize_image(_stretch(body, low, high, inside), size)
    return np.clip(prepared, 0, 1), Geometry(height, width, crop, size, low, high)


class PreparedCase(NamedTuple):
    """A case, and what is odd about it.

    Attributes
    ----------
    case : numpy.ndarray of float32, shape (H, W, 2)
        The image in [0, 1] and the mask in {0, 1}.
    geometry : Geometry
        How both were cropped and resized.
    lung_pixels : int
        At the size of the file.
    doubts : list of str
        For a person to have a look, see :mod:`lungseg.masks.drawn`.
    absent : tuple of str
        Those of the lung values asked for that the mask does not have.
    """

    case: np.ndarray
    geometry: Geometry
    lung_pixels: int
    doubts: list[str]
    absent: tuple[str, ...]


def prepare_case(
    image_path: str | os.PathLike,
    mask_paths: str | os.PathLike | Sequence[str | os.PathLike],
    size: int | tuple[int, int],
    max_megapixels: float = MAX_MEGAPIXELS,
    lung_values: str | float | Sequence[str | float] | None = None,
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
    lung_values : str, number, or sequence of them, optional
        The values of the mask that are lung, see :func:`read_mask`.

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
    return make_case(image_path, mask_paths, size, max_megapixels, check_lung_values(lung_values))[:2]


def make_case(
    image_path: str | os.PathLike,
    mask_paths: str | os.PathLike | Sequence[str | os.PathLike],
    size: int | tuple[int, int],
    max_megapixels: float = MAX_MEGAPIXELS,
    lung_values: tuple[str, ...] = (),
) -> PreparedCase:
    """Make a case as `prepare_case` does, and say what is odd about it.

    Parameters
    ----------
    image_path, mask_paths, size, max_megapixels
        See `prepare_case`.
    lung_values : tuple of str
        From :func:`lungseg.radiographs.masks.check_lung_values`.

    Returns
    -------
    PreparedCase

    Raises
    ------
    InputError
        As `prepare_case` does.
    """
    size = height_width(size)
    image = read_image(image_path, max_megapixels)
    lungs, stray, absent = examine_mask(mask_paths, image.shape, image_path, max_megapixels, lung_values)
    try:
        case, geometry, doubts = _prepare_pair(image, lungs, size)
    except InputError as fault:
        subject, _, said = str(fault).partition(": ")
        named = {"image": str(image_path), "mask": ", ".join(map(str, _listed(mask_paths)))}
        raise InputError(f"{named.get(subject, subject)}: {said}") from None
    return PreparedCase(case, geometry, int(lungs.sum()), doubts + [STRAY_VALUES] * stray, absent)


def doubt_case(image: np.ndarray, lungs: np.ndarray) -> list[str]:
    """Say what is odd about a radiograph and its mask; nothing, if both can be what they should be.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale.
    lungs : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If no case can be made of them.

    Examples
    --------
    >>> radiograph = np.tile(np.arange(100.0), (100, 1))
    >>> doubt_case(radiograph, radiograph > 50)[0]
    'the lungs run along an edge of the image'
    """
    return _prepare_pair(image, lungs, (JUDGED_SIDE, JUDGED_SIDE))[2]


def _prepare_pair(
    image: np.ndarray, lungs: np.ndarray, size: tuple[int, int]
) -> tuple[np.ndarray, Geometry, list[str]]:
    """Crop and resize a radiograph and its mask alike, and say what is odd about them."""
    prepared, geometry = prepare_image(image, size, _around(lungs, find_body(image)))
    inside = geometry.crop.cut(lungs)
    mask = resize_mask(inside, size)
    doubts = doubt_mask(resample(inside, (JUDGED_SIDE, JUDGED_SIDE), Image.Resampling.BOX))
    if not mask.any():
        raise InputError(
            f"mask: expected a mask that is still there at {size[0]} x {size[1]} pixels. Received: lungs that are "
            f"thinner than a pixel{', lines perhaps' if doubts == [LINES] else ''}. Fill them, or prepare larger cases."
        )
    return np.stack([prepared, mask], axis=-1), geometry, doubts + doubt_image(prepared, mask)


def _listed(paths: str | os.PathLike | Sequence[str | os.PathLike]) -> list[str | os.PathLike]:
    """Return one path, or several, as a list."""
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


def _around(mask: np.ndarray, box: CropBox) -> CropBox:
    """Return the smallest box that holds ``box`` and every lung pixel."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return CropBox(
        min(box.top, int(rows[0])),
        min(box.left, int(columns[0])),
        max(box.bottom, int(rows[-1]) + 1),
        max(box.right, int(columns[-1]) + 1),
    )
