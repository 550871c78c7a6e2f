"""Reads image files: a radiograph as grey values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from lungseg.errors import InputError, one_line
from lungseg.radiographs.dicom import is_dicom, read_dicom
from lungseg.radiographs.image import RadiographImage, coloured_share
from lungseg.radiographs.silence import ignored_warnings

FORMATS = "PNG, JPEG, TIFF or DICOM"
WHITE_IS_ZERO = 0  # a value of TIFF's tag 262, the "photometric interpretation"


def read_radiograph(path: str | os.PathLike) -> RadiographImage:
    """Read a radiograph, as :func:`read_image` does, with what else its file says.

    Parameters
    ----------
    path : str or Path

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
    path = Path(path)
    _check_file(path)
    if is_dicom(path):
        radiograph = read_dicom(path)
        _check_finite(radiograph.values, path)
        return radiograph
    image = decode(path)
    coloured = _coloured(image)
    return RadiographImage(as_float(image.convert("L") if image.mode == "RGB" else image, path), coloured=coloured)


def read_image(path: str | os.PathLike) -> np.ndarray:
    """Read a radiograph as grey values.

    PNG, JPEG and TIFF are read, grey (8 bits, 16 bits, floating point) or in colour (RGB, CMYK,
    palette). Colours become their luma, with 8 bits; transparent pixels count as black; the
    orientation that a camera notes in EXIF is applied. DICOM is read as it is meant to be
    shown, see :func:`lungseg.radiographs.dicom.read_dicom`. The content tells the format, not the name.

    Parameters
    ----------
    path : str or Path

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
    return read_radiograph(path).values


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
            f"{path}: expected a file that can be read. Received: {fault.strerror}. Check its permissions."
        ) from None


def decode(path: Path) -> Image.Image:
    """Decode a file into an upright image: one channel of any depth, or "RGB".

    Parameters
    ----------
    path : Path

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    InputError
        See :func:`read_image`.
    """
    _check_file(path)
    try:
        # Given a name, Pillow maps a plain TIFF into memory, and garbles it if it has to be turned.
        with path.open("rb") as file, _open(file) as image:
            frames = getattr(image, "n_frames", 1)
            if frames > 1 and image.format != "MPO":  # MPO: a JPEG with a preview behind it
                raise InputError(
                    f"{path}: expected one image in the file. Received: {frames} images. "
                    "Save the one you need to a file of its own."
                )
            image.load()
            inverted = isinstance(image, TiffImageFile) and image.tag_v2.get(262) == WHITE_IS_ZERO
            upright = ImageOps.exif_transpose(image)
            if not upright.mode.startswith("I;16"):
                return upright if upright.mode in ("I", "F") else _opaque(upright)
            if inverted:  # Pillow inverts only 8 bits itself
                return Image.fromarray(65535 - np.asarray(upright).astype(np.uint16))
            return upright
    except InputError:
        raise
    except Image.DecompressionBombError:  # at twice its limit, Pillow takes a file for an attack
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0) / 1e6
        raise InputError(
            f"{path}: expected at most {most:.0f} million pixels. Received: more than that. Reduce it first."
        ) from None
    except Exception as fault:  # on a broken file, decoders raise whatever they like
        reason = "no known kind of image" if isinstance(fault, UnidentifiedImageError) else one_line(fault)
        raise InputError(
            f"{path}: expected {FORMATS}. Received: {reason}. Copy or export the file again, or leave it out."
        ) from None


def _open(file: BinaryIO) -> Image.Image:
    """Open an image without Pillow's warning of large ones."""
    with ignored_warnings():
        return Image.open(file)


def _opaque(image: Image.Image) -> Image.Image:
    """Return an image of 8 bits as "L" or "RGB", with black where it is transparent."""
    if image.mode in ("La", "RGBa"):  # colours already multiplied by their opacity
        image = image.convert(image.mode.replace("a", "A"))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        black = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _coloured(image: Image.Image) -> float:
    """Return the share of pixels that have a colour."""
    if image.mode != "RGB":
        return 0.0
    size = [min(side, 256) for side in image.size]
    return coloured_share(np.asarray(image.resize(size, Image.Resampling.NEAREST)))


def as_float(image: Image.Image, path: Path) -> np.ndarray:
    """Return the pixels as float32, if they are all finite.

    Parameters
    ----------
    image : PIL.Image.Image
    path : Path
        What the message names.

    Returns
    -------
    numpy.ndarray of float32, shape (H, W) or (H, W, 3)

    Raises
    ------
    InputError
        If a value is NaN or infinite.
    """
    values = np.asarray(image).astype(np.float32)
    if image.mode == "F":
        _check_finite(values, path)
    return values


def _check_finite(values: np.ndarray, path: Path) -> None:
    """Refuse NaN and infinity."""
    if not np.isfinite(values).all():
        raise InputError(
            f"{path}: expected finite grey values. Received: {np.sum(~np.isfinite(values))} pixels "
            "that are NaN or infinite. Export the file again."
        )


def __getattr__(name: str) -> object:
    """Find the names that stood here before `lungseg.radiographs.masks` was a module of its own."""
    from lungseg._moved import find_name

    return find_name(__name__, name)
