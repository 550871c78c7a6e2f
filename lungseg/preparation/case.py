"""Makes a case from a radiograph and its lung masks: crop, contrast, size."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.masks.drawn import LINES, doubt_image, doubt_mask
from lungseg.preparation.contrast import HIGH, LOW
from lungseg.preparation.cropping import CropBox, around, check_radiograph, find_body
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.recipes import find_recipe
from lungseg.preparation.resizing import height_width, resample, resize_mask
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.masks import check_lung_values, examine_mask
from lungseg.radiographs.reading import read_radiograph

JUDGED_SIDE = 256  # pixels: the size at which masks are judged, whatever that of the cases
STRAY_VALUES = "some pixels of the mask are neither background nor lung"
# Written into a run's settings, and compared with them before its network sees a file.
PREPARATION = {"low": LOW, "high": HIGH, "crop": True}


def prepare_image(
    image: np.ndarray, size: int | tuple[int, int], crop: bool | CropBox = True
) -> tuple[np.ndarray, Geometry]:
    """Crop the black borders, stretch the contrast (5th to 95th percentile), resize.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale, as :func:`lungseg.radiographs.read_image` returns them.
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
    return find_recipe("lungs").prepare_image(image, size, crop)


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
    spacing : (float, float) or None
        Height and width of a pixel of the file in mm, if it tells them.
    """

    case: np.ndarray
    geometry: Geometry
    lung_pixels: int
    doubts: list[str]
    absent: tuple[str, ...]
    spacing: tuple[float, float] | None = None


def prepare_case(
    image_path: str | os.PathLike[str],
    mask_paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
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
    image_path: str | os.PathLike[str],
    mask_paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
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
    radiograph = read_radiograph(image_path, max_megapixels)
    image = radiograph.values
    lungs, stray, absent = examine_mask(mask_paths, image.shape, image_path, max_megapixels, lung_values)
    try:
        case, geometry, doubts = _prepare_pair(image, lungs, size)
    except InputError as fault:
        subject, _, said = str(fault).partition(": ")
        named = {"image": str(image_path), "mask": ", ".join(map(str, _listed(mask_paths)))}
        raise InputError(f"{named.get(subject, subject)}: {said}") from None
    doubts += [STRAY_VALUES] * stray
    return PreparedCase(case, geometry, int(lungs.sum()), doubts, absent, radiograph.spacing)


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
    prepared, geometry = prepare_image(image, size, around(lungs, find_body(image)))
    inside = geometry.crop.cut(lungs)
    mask = resize_mask(inside, size)
    doubts = doubt_mask(resample(inside, (JUDGED_SIDE, JUDGED_SIDE), Image.Resampling.BOX))
    if not mask.any():
        raise InputError(
            f"mask: expected a mask that is still there at {size[0]} x {size[1]} pixels. Received: lungs that are "
            f"thinner than a pixel{', lines perhaps' if doubts == [LINES] else ''}. Fill them, or prepare larger cases."
        )
    return np.stack([prepared, mask], axis=-1), geometry, doubts + doubt_image(prepared, mask)


def _listed(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str | os.PathLike[str]]:
    """Return one path, or several, as a list."""
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)
