"""Reads an image of any number of channels: grey, colours, the bands of a satellite, an array of NumPy."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.files.untrusted import read_array
from lungseg.radiographs import tiff_tags as tag
from lungseg.radiographs.compression import NONE, UNPACKED
from lungseg.radiographs.dicom import is_dicom
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_max_megapixels, check_pixels
from lungseg.radiographs.orientation import turn
from lungseg.radiographs.reading import luma, read_pixels, read_radiograph
from lungseg.radiographs.tiff import ASSOCIATED, BLACK_IS_ZERO, RGB, UNASSOCIATED, read_samples, read_tiff
from lungseg.radiographs.tiff_tags import BrokenFile, Page

ARRAYS = ".npy"
MOST_CHANNELS = 256  # those of a hyperspectral camera


def read_channels(
    path: str | os.PathLike[str], channels: int | None = None, max_megapixels: float = MAX_MEGAPIXELS
) -> RadiographImage:
    """Read an image with all of its channels, in the numbers and the type of its file.

    Read are what :func:`lungseg.radiographs.read_image` reads, and images of more channels: TIFF with several samples
    for each pixel or a page for each channel, and arrays of NumPy (`.npy`) of shape (H, W) or (H, W, C). Transparent
    pixels count as black; an alpha channel is none of the image.

    Parameters
    ----------
    path : str or Path
    channels : int, optional
        How many are expected. Of a single one, a picture in colour gives its luma; of three, a grey picture is its own
        red, green and blue. Without it, as many as the file has.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    RadiographImage
        Its `values` have the shape (H, W), or (H, W, C) of C > 1 channels, and the type of the file.

    Raises
    ------
    InputError
        If the file is no image, or has another number of channels.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "scene.npy")
    >>> np.save(path, np.zeros((4, 3, 5), np.uint16))
    >>> read_channels(path, 5).values.shape
    (4, 3, 5)
    """
    path = Path(path)
    check_max_megapixels(max_megapixels)
    if path.suffix.lower() == ARRAYS and path.is_file():
        return RadiographImage(_fit(_array(path, max_megapixels), channels, path))
    try:
        dicom = is_dicom(path)
    except OSError:  # `read_radiograph` says why
        dicom = True
    if dicom:
        radiograph = read_radiograph(path, max_megapixels)
        if radiograph.coloured and channels not in (None, 1):
            raise InputError(
                f"{path}: expected {channels} channels. Received: DICOM in colour, which is read as grey. Export "
                "it as PNG."
            )
        return radiograph._replace(values=_fit(radiograph.values, channels, path))
    pixels = read_pixels(path, max_megapixels, partial(_read_tiff, channels=channels))
    return RadiographImage(_fit(pixels, channels, path))


def fit_channels(values: np.ndarray, channels: int | None) -> np.ndarray | None:
    """Return an image with the channels that are expected: of a picture in colour its luma, of grey three alike.

    Parameters
    ----------
    values : numpy.ndarray, shape (H, W) or (H, W, C)
    channels : int, optional
        None takes any number.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, C) of C > 1 channels; or None, if it has another number of them

    Examples
    --------
    >>> fit_channels(np.zeros((4, 5, 3)), 1).shape, fit_channels(np.zeros((4, 5)), 3).shape
    ((4, 5), (4, 5, 3))
    """
    found = 1 if values.ndim == 2 else values.shape[2]
    if found == 1:
        values = values.reshape(values.shape[:2])
    if channels in (None, found):
        return values
    if channels == 1 and found == 3:
        grey = luma(values)
        return grey.astype(values.dtype) if values.dtype.kind == "u" else grey
    return np.repeat(values[..., None], 3, axis=-1) if channels == 3 and found == 1 else None


def _fit(values: np.ndarray, channels: int | None, path: Path) -> np.ndarray:
    """Return the channels that are expected, or say that the file has others."""
    fitting = fit_channels(values, channels)
    if fitting is None:
        found = 1 if values.ndim == 2 else values.shape[2]
        raise InputError(
            f"{path}: expected {channels} channel{'s' * (channels != 1)}. Received: {found}. Name as many as the file "
            "has, in its order (--channels; in Python channels), or leave the file out."
        )
    return fitting


def _array(path: Path, max_megapixels: float) -> np.ndarray:
    """Read an image from an array of NumPy."""
    array = read_array(path)
    if array.ndim not in (2, 3) or array.size == 0 or (array.ndim == 3 and array.shape[2] > MOST_CHANNELS):
        raise InputError(f"{path}: expected an array of shape (H, W) or (H, W, C). Received: shape {array.shape}.")
    if array.ndim == 3 and array.shape[0] < min(8, array.shape[1], array.shape[2]):
        raise InputError(
            f"{path}: expected an array of shape (H, W, C), channels last. Received: shape {array.shape}. Save "
            "np.moveaxis(array, 0, -1)."
        )
    if array.dtype.kind not in "buif":
        raise InputError(f"{path}: expected real numbers. Received: dtype {array.dtype}. Save them as float32.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError(f"{path}: expected finite numbers. Received: NaN or infinity. Save 0 in their place.")
    check_pixels(path, array.shape[0], array.shape[1], max_megapixels)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _read_tiff(path: Path, data: bytes, max_megapixels: float, channels: int | None) -> np.ndarray | int:
    """Read a TIFF of several samples, or of several pages of one; leave others to `read_tiff`."""
    pages = tag.read_pages(data)
    samples = pages[0].one(tag.SAMPLES, 1)
    if len(pages) == 1 and (samples < 2 or not _is_plain(pages[0]) or _is_picture(pages[0], channels)):
        return read_tiff(path, data, max_megapixels)
    height, width = pages[0].one(tag.HEIGHT), pages[0].one(tag.WIDTH)
    if len(pages) != channels and (width == channels or width < 8 < len(pages)):
        raise InputError(
            f"{path}: expected {channels or width} channels. Received: {len(pages)} pages of {height} x {width} "
            "pixels. tifffile makes pages of the rows of an array (H, W, C) if it is not told otherwise: "
            'imwrite(path, array, planarconfig="contig", photometric="minisblack").'
        )
    if len(pages) > MOST_CHANNELS:
        raise BrokenFile(f"{len(pages)} images")
    sizes = {(page.one(tag.HEIGHT), page.one(tag.WIDTH)) for page in pages}
    if len(sizes) > 1 or (len(pages) > 1 and samples > 1) or not all(map(_is_plain, pages)):
        raise BrokenFile(f"{len(pages)} images that are not the channels of one")
    bytes_each = sum(page.same(tag.BITS, 1) * page.one(tag.SAMPLES, 1) for page in pages) / 8
    check_pixels(path, height, width, max_megapixels, bytes_each)
    if len(pages) == 1:
        pixels = read_samples(data, pages[0], MOST_CHANNELS)[..., _kept(pages[0], channels)]
    else:
        pixels = np.concatenate([read_samples(data, page) for page in pages], axis=-1)
    return turn(pixels, pages[0].one(tag.ORIENTATION, 1))


def _is_plain(page: Page) -> bool:
    """Tell whether the numbers of a page are those of the image, without a palette or a decoder."""
    return (
        page.one(tag.PHOTOMETRIC, BLACK_IS_ZERO) in (BLACK_IS_ZERO, RGB)
        and page.one(tag.COMPRESSION, NONE) in UNPACKED
        and page.same(tag.BITS, 1) >= 8
        and page.one(tag.DEPTH, 1) == 1
    )


def _is_picture(page: Page, channels: int | None) -> bool:
    """Tell whether a page of several samples is grey or RGB, with alpha perhaps."""
    kept = _kept(page, channels)
    return kept == [0] or (kept == [0, 1, 2] and page.one(tag.PHOTOMETRIC, BLACK_IS_ZERO) == RGB)


def _kept(page: Page, channels: int | None) -> list[int]:
    """Return which samples are channels: all but alpha, unless so many were asked for.

    A fourth sample beside RGB is alpha if nothing is said of it, as everywhere.
    """
    samples, extra = page.one(tag.SAMPLES, 1), page.tags.get(tag.EXTRA_SAMPLES, ())
    if samples == channels:
        return list(range(samples))
    if page.one(tag.PHOTOMETRIC, BLACK_IS_ZERO) == RGB and not extra and samples == 4:
        return [0, 1, 2]
    first = samples - len(extra)
    return [k for k in range(samples) if k < first or extra[k - first] not in (ASSOCIATED, UNASSOCIATED)]
