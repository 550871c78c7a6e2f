"""Reads image files: a radiograph as grey values."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.errors import InputError, counted, one_line
from lungseg.radiographs.dicom import is_dicom, read_dicom
from lungseg.radiographs.image import RadiographImage, coloured_share
from lungseg.radiographs.kinds import ends_of_lines_changed, foreign_kind
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_max_megapixels
from lungseg.radiographs.pictures import read_picture
from lungseg.radiographs.png import SIGNATURE, read_png
from lungseg.radiographs.tiff import read_tiff
from lungseg.radiographs.tiff_tags import BrokenFile, is_tiff

FORMATS = "PNG, JPEG, TIFF, GIF or DICOM"
HEADER_BYTES, MOST_BYTES = 64 * 2**20, 16  # what a header may take, and a pixel: four numbers of 32 bits


def read_radiograph(path: str | os.PathLike[str], max_megapixels: float = MAX_MEGAPIXELS) -> RadiographImage:
    """Read a radiograph, as :func:`read_image` does, with what else its file says.

    Parameters
    ----------
    path : str or Path
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    RadiographImage

    Raises
    ------
    InputError
        See :func:`read_image`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Image.new("RGB", (4, 3), (200, 9, 9)).save(f"{folder}/red.png")
    ...     read_radiograph(f"{folder}/red.png").coloured
    1.0
    """
    check_max_megapixels(max_megapixels)
    path = Path(path)
    _check_file(path)
    if is_dicom(path):
        radiograph = read_dicom(path, max_megapixels)
        _check_finite(radiograph.values, path)
        return radiograph
    pixels = read_pixels(path, max_megapixels)
    if pixels.ndim == 2:
        return RadiographImage(_as_float(pixels, path))
    grey = luma(pixels)
    _check_finite(grey, path)
    return RadiographImage(grey, coloured=_coloured(pixels))


def read_image(path: str | os.PathLike[str], max_megapixels: float = MAX_MEGAPIXELS) -> np.ndarray:
    """Read a radiograph as grey values.

    PNG, JPEG and TIFF are read, grey (8 bits, 16 bits, floating point) or in colour (RGB, CMYK,
    palette). Colours become their luma, with 8 bits; transparent pixels count as black; the
    orientation that a camera notes in EXIF is applied. DICOM is read as it is meant to be
    shown, see :func:`lungseg.radiographs.dicom.read_dicom`. The content tells the format, not the name.

    Parameters
    ----------
    path : str or Path
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    numpy.ndarray of float32, shape (H, W)
        In the file's own scale: 0 to 255, or 0 to 65535 for 16 bits.

    Raises
    ------
    InputError
        The file is missing, empty, cut short, no image, holds several images, or one that is too large.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Image.new("RGB", (4, 3), (9, 9, 9)).save(f"{folder}/chest.png")
    ...     read_image(f"{folder}/chest.png")[0]
    array([9., 9., 9., 9.], dtype=float32)
    """
    return read_radiograph(path, max_megapixels).values


def _check_file(path: Path) -> None:
    """Refuse what cannot be opened and read to its end: nothing, a folder, a device, an empty file."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(f"{path}: expected an image file. Received: a folder. Name the files in it.")
        if not path.is_file():  # of a pipe, reading would wait for ever
            raise InputError(f"{path}: expected an image file. Received: a device or a pipe. Name a file.")
        if size == 0:
            raise InputError(f"{path}: expected {FORMATS}. Received: an empty file. Copy it again.")
        path.open("rb").close()
    except FileNotFoundError:
        raise InputError(
            f"{path}: expected an image file. Received: no such file. Check its name and folder."
        ) from None
    except OSError as fault:
        raise InputError(
            f"{path}: expected a file that can be read. Received: {fault.strerror}. Check its name and permissions."
        ) from None


def read_pixels(
    path: Path, max_megapixels: float = MAX_MEGAPIXELS, tiff: Callable[..., np.ndarray | int] = read_tiff
) -> np.ndarray:
    """Read the pixels of an image file that is not DICOM, upright, in the numbers of the file.

    Parameters
    ----------
    path : Path
    max_megapixels : float
        A file with more million pixels is refused.
    tiff : callable
        Reads a TIFF, as `read_tiff` does.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)
        Grey, or red, green and blue; black where it is transparent.

    Raises
    ------
    InputError
        See :func:`read_image`.
    """
    check_max_megapixels(max_megapixels)
    _check_file(path)
    try:
        pixels = _read(path, max_megapixels, tiff)
    except InputError:
        raise
    except MemoryError:
        raise InputError(
            f"{path}: expected an image that fits into memory. Received: a larger one. Reduce it first."
        ) from None
    except Exception as fault:  # on a broken file, decoders raise whatever they like
        raise InputError(
            f"{path}: expected {FORMATS}. Received: {one_line(fault)}. Copy or export the file again, or leave it out."
        ) from None
    _check_finite(pixels, path)
    return pixels


def _read(path: Path, max_megapixels: float, tiff: Callable[..., np.ndarray | int]) -> np.ndarray:
    """Read the pixels by the reader of the format."""
    with path.open("rb") as file:
        kind = foreign_kind(file.read(4096))
        if kind:
            raise BrokenFile(f"no known kind of image, but {kind}")
        if path.stat().st_size > HEADER_BYTES + MOST_BYTES * max_megapixels * 1e6:
            raise BrokenFile(f"a file of {path.stat().st_size / 1e6:.0f} MB")
        file.seek(0)
        data = file.read()
    if data.startswith(SIGNATURE):
        return read_png(path, data, max_megapixels)
    if not data.startswith((b"P1", b"P2", b"P3")) and ends_of_lines_changed(data):  # these PNM are text themselves
        raise BrokenFile("a file whose ends of lines were changed, as by a transfer of text")
    if is_tiff(data[:4]):
        pixels = tiff(path, data, max_megapixels)
        return read_picture(path, data, max_megapixels, page=pixels) if isinstance(pixels, int) else pixels
    return read_picture(path, data, max_megapixels)


# --------------------------------------------------------------------------- grey values


def luma(pixels: np.ndarray) -> np.ndarray:
    """Return the grey of a picture in colour, in whole numbers as Pillow rounds them.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W, 3)

    Returns
    -------
    numpy.ndarray of float32, shape (H, W)

    Examples
    --------
    >>> luma(np.array([[[255, 0, 0], [7, 7, 7]]], np.uint8))
    array([[76.,  7.]], dtype=float32)
    """
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).convert("L")).astype(np.float32)
    if pixels.dtype == np.uint16:
        red, green, blue = (pixels[..., channel].astype(np.uint32) for channel in range(3))
        return ((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16).astype(np.float32)
    with np.errstate(over="ignore"):
        return (pixels @ np.array([0.299, 0.587, 0.114])).astype(np.float32)


def _coloured(pixels: np.ndarray) -> float:
    """Return the share of pixels that have a colour."""
    if pixels.dtype != np.uint8:  # those of a part are enough
        some = pixels[:: -(-len(pixels) // 256), :: -(-pixels.shape[1] // 256)].astype(np.float64)
        span = np.iinfo(np.uint16).max if pixels.dtype == np.uint16 else np.ptp(some)
        pixels = ((some - some.min()) * (255 / max(span, np.finfo(np.float32).tiny))).clip(0, 255).astype(np.uint8)
    size = [min(side, 256) for side in (pixels.shape[1], pixels.shape[0])]
    return coloured_share(np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST)))


def _as_float(pixels: np.ndarray, path: Path) -> np.ndarray:
    """Return grey values as float32, if it can hold them."""
    with np.errstate(over="ignore"):
        values = pixels.astype(np.float32)
    _check_finite(values, path)
    return values


def _check_finite(values: np.ndarray, path: Path) -> None:
    """Refuse NaN and infinity."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise InputError(
            f"{path}: expected finite grey values. Received: "
            f"{counted(np.sum(~np.isfinite(values)), 'pixel')} of NaN, infinite or too large for 32 bits. "
            "Export the file again."
        )


def __getattr__(name: str) -> object:
    """Find the names that stood here before `lungseg.radiographs.masks` was a module of its own."""
    from lungseg._moved import find_name

    return find_name(__name__, name)
