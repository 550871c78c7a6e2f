"""Where an image comes from: a file, or an array that holds what would stand in a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.arguments import described
from lungseg.errors import InputError
from lungseg.preparation.contrast import check_image
from lungseg.preparation.cropping import CropBox, find_borders
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import read_file
from lungseg.radiographs.channels import fit_channels
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.limits import MAX_MEGAPIXELS


def name_of(image: Any) -> str | Path:
    """Return what a message calls an image: its file, or "image" for an array.

    Parameters
    ----------
    image : str, Path or array

    Returns
    -------
    str or Path
    """
    return Path(image) if isinstance(image, str | Path) else "image"


@contextmanager
def naming(name: str | Path) -> Iterator[None]:
    """Name the image in a message that says "image".

    Parameters
    ----------
    name : str or Path

    Examples
    --------
    >>> with naming("a.png"):
    ...     raise InputError("image: expected pixels.")
    Traceback (most recent call last):
        ...
    lungseg.errors.InputError: a.png: expected pixels.
    """
    try:
        yield
    except InputError as fault:
        raise InputError(f"{name}: {str(fault).removeprefix('image: ')}") from None


def read_source(
    image: str | Path | np.ndarray, recipe: Recipe, channels: int, max_megapixels: float = MAX_MEGAPIXELS
) -> RadiographImage:
    """Read an image as a recipe takes it.

    Parameters
    ----------
    image : str, Path or numpy.ndarray
        See `lungseg.segment`.
    recipe : Recipe
    channels : int
        Of the network. A picture in colour gives a single channel as its luma; a grey one gives three, all the same.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    RadiographImage
        Its `values` have the shape (H, W), or (H, W, C) of several channels.

    Raises
    ------
    InputError
        If it is no image, or has another number of channels.

    Examples
    --------
    >>> read_source(np.zeros((4, 3, 3), np.uint8), Recipe("grey"), channels=1).values.shape
    (4, 3)
    """
    if isinstance(image, str | Path):
        return read_file(recipe, image, channels, max_megapixels)
    given = _checked(image)
    values = fit_channels(given, channels)
    if values is None:
        found = 1 if given.ndim == 2 else given.shape[2]
        many = f"{channels} channel{'s' * (channels != 1)}"
        raise InputError(
            f"image: expected {many} in the last axis, as the network takes. Received: {found}, of the shape "
            f"{given.shape}. Choose them, image[..., :{channels}] for one; of a volume, segment the slices one by one."
        )
    if recipe.lungs and values.ndim == 2:
        values = values.astype(np.float32)  # as `read_radiograph` does
    return RadiographImage(values)


def _checked(image: Any) -> np.ndarray:
    """Return an array of real numbers, (H, W) or (H, W, C)."""
    if hasattr(image, "__array_interface__") and not hasattr(image, "__array__"):  # of Pillow
        raise InputError(
            f"segment expected the path of a file, or an array. Received: {described(image)}. Pass np.asarray(image), "
            "or its file."
        )
    if not hasattr(image, "__array__"):
        raise InputError(
            f"segment expected one image, the path of a file or an array. Received: {type(image).__name__}. "
            "For several files, `lungseg.predict(files, out)`."
        )
    values = np.asarray(image)
    if values.ndim not in (2, 3) or values.size == 0:
        raise InputError(
            f"image: expected an array of shape (H, W) or (H, W, C). Received: shape {values.shape}. Pass one image at "
            "a time."
        )
    if values.dtype.kind not in "buif":
        raise InputError(f"image: expected real numbers. Received: dtype {values.dtype}. Convert them to float32.")
    return values


def frame_of(values: np.ndarray, recipe: Recipe) -> Geometry:
    """Return what must be known of a whole image before pieces of it are prepared: its borders and its contrast.

    Parameters
    ----------
    values : numpy.ndarray, shape (H, W) or (H, W, C)
        As `read_source` returns them.
    recipe : Recipe

    Returns
    -------
    Geometry
        Of the size of what lies within the borders: nothing is resized.

    Raises
    ------
    InputError
        If the recipe cannot take the image.

    Examples
    --------
    >>> frame_of(np.arange(12.0).reshape(3, 4), Recipe("own", low=0, high=100))
    Geometry(height=3, width=4, crop=CropBox(top=0, left=0, bottom=3, right=4), size=(3, 4), low=0.0, high=11.0)
    """
    check_image(values)
    height, width = values.shape[:2]
    crop = find_borders(values) if recipe.crop else CropBox(0, 0, height, width)
    size = crop.bottom - crop.top, crop.right - crop.left
    return Geometry(height, width, crop, size, *recipe.window(crop.cut(values)))
