"""Reads image files: a radiograph as grey values, its lung masks as one binary mask."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
    image = _decode(path)
    coloured = _coloured(image)
    return RadiographImage(_as_float(image.convert("L") if image.mode == "RGB" else image, path), coloured=coloured)


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


def read_mask(
    paths: str | os.PathLike | Sequence[str | os.PathLike],
    shape: tuple[int, int] | None = None,
    image_path: str | os.PathLike | None = None,
) -> np.ndarray:
    """Read a lung mask from one file, or from several that are joined (left and right lung).

    In each file a pixel is lung where it reaches half of the file's largest value, so that 0/1,
    0/255 and 16-bit masks are read alike, and grey edges become sharp. Of a coloured pixel the
    strongest channel counts. Files are joined by a logical OR: sums of 8-bit masks overflow.

    Parameters
    ----------
    paths : path, or sequence of paths
    shape : (int, int), optional
        Height and width of the radiograph that the mask must fit.
    image_path : str or Path, optional
        The file of the radiograph, which the message names if the mask does not fit.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        With at least one lung pixel.

    Raises
    ------
    InputError
        A file cannot be read or holds labels of several organs, the shapes differ, or no pixel or
        every pixel is lung.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, values in (("left", [[1, 0, 0]]), ("right", [[0, 0, 255]])):
    ...         Image.fromarray(np.array(values, np.uint8)).save(f"{folder}/{name}.png")
    ...     read_mask([f"{folder}/left.png", f"{folder}/right.png"])
    array([[ True, False,  True]])
    """
    files = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not files:
        raise InputError("masks: expected at least one mask file. Received: none. Name the file of the mask.")
    partner = "the radiograph" if image_path is None else image_path
    parts: list[np.ndarray] = []
    for path in files:
        part = _read_part(path)
        if shape is None:
            shape, partner = part.shape, path
        if part.shape != tuple(shape):
            raise InputError(
                f"{path}: expected {shape[0]} x {shape[1]} pixels (rows x columns) like {partner}. "
                f"Received: {part.shape[0]} x {part.shape[1]}. Use the mask drawn on this very image."
            )
        parts.append(part)
    lungs = np.logical_or.reduce(parts)
    if not lungs.any():
        raise InputError(
            f"{', '.join(map(str, files))}: expected a mask with lungs in it. Received: an empty mask, "
            "no pixel above 0. Draw it again, or leave this case out."
        )
    if lungs.all():
        raise InputError(
            f"{', '.join(map(str, files))}: expected a mask with something beside the lungs. Received: one in which "
            "every pixel is lung. Draw it again, or leave this case out."
        )
    return lungs


def _read_part(path: Path) -> np.ndarray:
    """Read one file of a mask: bool (H, W)."""
    values = _as_float(_decode(path), path)
    if values.ndim == 3:
        values = values.max(axis=-1)
    highest = values.max()
    if 2 <= highest <= 10 and len(np.unique(values)) > 2:  # as programs for drawing export organs
        found = ", ".join(f"{label:g}" for label in np.unique(values))
        raise InputError(
            f"{path}: expected a mask of two values. Received: the labels {found}, of several organs perhaps. Make "
            "one mask of those that are lung, or a file for each lung."
        )
    return (values > 0) & (values >= highest / 2)


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


def _decode(path: Path) -> Image.Image:
    """Decode a file into an upright image: one channel of any depth, or "RGB"."""
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


def _as_float(image: Image.Image, path: Path) -> np.ndarray:
    """Return the pixels as float32, if they are all finite."""
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
