"""One radiograph and its lung masks become a case, and a predicted mask finds its way back."""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from lungseg.errors import InputError

COMMON_FORMATS = "8- or 16-bit PNG, JPEG or TIFF"
_WIDE_MODES = ("I", "F")  # and "I;16" with its byte orders: one channel of more than 8 bits


class CropBox(NamedTuple):
    """A rectangle of pixels: rows ``top`` to ``bottom - 1``, columns ``left`` to ``right - 1``."""

    top: int
    left: int
    bottom: int
    right: int

    def cut(self, array: np.ndarray) -> np.ndarray:
        """Return the part of ``array`` inside the box (a view, not a copy)."""
        return array[self.top : self.bottom, self.left : self.right]


# --------------------------------------------------------------------------- reading


def _open(path: Path) -> Image.Image:
    """Decode one image file completely and turn it upright."""
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path}: the file is empty; expected {COMMON_FORMATS}. Copy it again.")
        with Image.open(path) as image:
            frames = getattr(image, "n_frames", 1)
            if frames > 1 and image.format != "MPO":  # MPO: a JPEG with a preview behind it
                raise InputError(
                    f"{path}: expected one image in the file. Received: {frames} frames. "
                    "Save the one you need in a file of its own."
                )
            image.load()
            white_is_zero = image.format == "TIFF" and image.tag_v2.get(262) == 0
            upright = ImageOps.exif_transpose(image)
            if white_is_zero and upright.mode.startswith("I;16"):  # Pillow turns only 8 bits
                upright = Image.fromarray(65535 - np.asarray(upright).astype(np.uint16))
            return upright
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file. Check the name and the folder.") from None
    except Exception as fault:  # decoders raise whatever they like on a broken file
        reason = " ".join(str(fault).split()) or type(fault).__name__
        raise InputError(
            f"{path}: expected a readable image ({COMMON_FORMATS}). Received: {reason}. "
            "Copy the file again, or leave it out."
        ) from None


def _is_wide(image: Image.Image) -> bool:
    return image.mode in _WIDE_MODES or image.mode.startswith("I;16")


def _opaque(image: Image.Image) -> Image.Image:
    """Return an 8-bit image as "L" or "RGB", what is transparent as black."""
    if image.mode in ("1", "L"):
        return image.convert("L")
    if "A" in image.getbands() or "a" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image).convert("RGB")
    return image.convert("RGB")


def _checked(array: np.ndarray, path: Path) -> np.ndarray:
    array = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(array).all():
        raise InputError(
            f"{path}: expected finite grey values. Received: {np.sum(~np.isfinite(array))} pixels "
            "that are NaN or infinite. Export the file again."
        )
    return array


def read_image(path: str | os.PathLike) -> np.ndarray:
    """Read a radiograph as grey values.

    PNG, JPEG and TIFF are read, grey (8 bits, 16 bits, floating point) or colour (RGB, CMYK,
    palette), which becomes its luma. Transparent pixels count as black, and the
    orientation that a camera notes in EXIF is carried out.

    Parameters
    ----------
    path : path of the file

    Returns
    -------
    numpy.ndarray
        float32 ``(H, W)`` in the file's own scale: 0..255, or 0..65535 for 16 bits.

    Raises
    ------
    InputError
        The file is missing, empty, cut short, no image, or holds several images.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Image.new("RGB", (4, 3), (9, 9, 9)).save(f"{folder}/film.png")
    ...     read_image(f"{folder}/film.png").shape
    (3, 4)
    """
    path = Path(path)
    image = _open(path)
    if not _is_wide(image):
        image = _opaque(image).convert("L")
    return _checked(np.asarray(image), path)


def read_mask(
    paths: str | os.PathLike | Sequence[str | os.PathLike],
    shape: tuple[int, int] | None = None,
    image_path: str | os.PathLike | None = None,
) -> np.ndarray:
    """Read a lung mask from one file, or from several that are joined (left and right lung).

    In each file a pixel is lung where it reaches half of the file's largest value, so that 0/1,
    0/255 and 16-bit masks are all read alike, and grey edges become sharp. Of a coloured pixel
    its strongest channel counts. Files are joined by a logical OR: adding 8-bit masks would
    overflow where they overlap.

    Parameters
    ----------
    paths : one path, or several
    shape : the ``(H, W)`` of the radiograph, if the mask must fit one
    image_path : the radiograph's file, to be named if the mask does not fit

    Returns
    -------
    numpy.ndarray
        bool ``(H, W)``, with at least one lung pixel.

    Raises
    ------
    InputError
        A file cannot be read, the shapes differ, or no pixel is lung.
    """
    files = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not files:
        raise InputError("masks: expected at least one mask file. Received: none.")
    lungs, partner = None, image_path if image_path is not None else "the radiograph"
    for path in files:
        image = _open(path)
        array = np.asarray(image if _is_wide(image) else _opaque(image))
        if array.ndim == 3:
            array = array.max(axis=-1)
        array = _checked(array, path)
        if shape is not None and array.shape != tuple(shape):
            raise InputError(
                f"{path}: expected a mask of {shape[0]} x {shape[1]} pixels (rows x columns), the shape of "
                f"{partner}. Received: {array.shape[0]} x {array.shape[1]}. Use the mask drawn on this file."
            )
        part = (array > 0) & (array >= array.max() / 2)
        lungs = part if lungs is None else lungs | part
        shape, partner = lungs.shape, (image_path if image_path is not None else path)
    if not lungs.any():
        names = ", ".join(map(str, files))
        raise InputError(f"{names}: expected a mask with lung in it. Received: no pixel above 0.")
    return lungs


# --------------------------------------------------------------------------- crop, contrast, size


def find_body(image: np.ndarray) -> CropBox:
    from scipy import ndimage

    height, width = image.shape
    darkest, brightest = float(image.min()), float(image.max())
    if darkest == brightest:
        raise InputError(f"expected a radiograph. Received: every pixel has the value {darkest:g}.")
    shrink = max(1.0, max(height, width) / 512)
    rows, columns = max(1, round(height / shrink)), max(1, round(width / shrink))
    small = resize_image(image, (rows, columns))
    low, high = np.percentile(small, (0.5, 90))
    if low == high:
        return CropBox(0, 0, height, width)
    lit = small > low + 0.06 * (high - low)
    reach = max(1, round(0.01 * max(rows, columns)))
    lit = ndimage.binary_opening(np.pad(lit, reach, mode="edge"), np.ones((reach, reach)))[
        reach:-reach, reach:-reach
    ]
    labels, count = ndimage.label(lit)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    large = np.isin(labels, 1 + np.flatnonzero(areas >= 0.01 * lit.size))
    if not large.any():
        return CropBox(0, 0, height, width)
    in_rows, in_columns = np.flatnonzero(large.any(axis=1)), np.flatnonzero(large.any(axis=0))
    return CropBox(
        math.floor(in_rows[0] * height / rows),
        math.floor(in_columns[0] * width / columns),
        math.ceil((in_rows[-1] + 1) * height / rows),
        math.ceil((in_columns[-1] + 1) * width / columns),
    )


def _window(image: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Return the grey values at two percentiles, or the extremes where these coincide."""
    step = max(1, math.isqrt(image.size // 1_000_000))  # a million pixels tell the percentiles
    bottom, top = map(float, np.percentile(image[::step, ::step], (low, high)))
    if bottom == top:
        bottom, top = float(image.min()), float(image.max())
    if bottom == top:
        raise InputError(f"expected a radiograph. Received: every pixel has the value {bottom:g}.")
    return bottom, top


def stretch_contrast(image: np.ndarray, low: float = 5.0, high: float = 95.0) -> np.ndarray:
    bottom, top = _window(image, low, high)
    return _stretch(image, bottom, top)


def _stretch(image: np.ndarray, bottom: float, top: float) -> np.ndarray:
    stretched = (np.asarray(image, dtype=np.float32) - np.float32(bottom)) / np.float32(top - bottom)
    return np.clip(stretched, 0, 1, out=stretched)


def _height_width(size: int | tuple[int, int]) -> tuple[int, int]:
    try:
        pair = (size, size) if not isinstance(size, Sequence) else tuple(size)
        height, width = (operator.index(side) for side in pair)
        if min(height, width) < 1 or isinstance(size, bool):
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"size: expected a whole number of pixels above 0, or (height, width). Received: {size!r}."
        ) from None
    return height, width


def _resample(array: np.ndarray, size: tuple[int, int], how: Image.Resampling) -> np.ndarray:
    if array.shape == size:
        return np.array(array, dtype=np.float32)
    picture = Image.fromarray(np.ascontiguousarray(array, dtype=np.float32))
    return np.array(picture.resize((size[1], size[0]), how))


def resize_image(image: np.ndarray, size: int | tuple[int, int]) -> np.ndarray:
    return _resample(image, _height_width(size), Image.Resampling.BILINEAR)


def resize_mask(mask: np.ndarray, size: int | tuple[int, int]) -> np.ndarray:
    return _resample(mask, _height_width(size), Image.Resampling.BOX) >= 0.5


# --------------------------------------------------------------------------- there and back


@dataclass(frozen=True)
class Geometry:
    height: int
    width: int
    crop: CropBox
    size: tuple[int, int]
    low: float = 0.0
    high: float = 1.0

    def to_original(self, prediction: np.ndarray, threshold: float | None = 0.5) -> np.ndarray:
        prediction = np.asarray(prediction)
        if prediction.ndim == 3 and prediction.shape[-1] == 1:
            prediction = prediction[..., 0]
        if prediction.shape != self.size:
            raise InputError(
                f"prediction: expected the shape {self.size}. Received: {prediction.shape}. "
                "Pass the geometry that belongs to this prediction."
            )
        if prediction.dtype.kind in "biu":
            prediction = prediction > 0
        inside = (self.crop.bottom - self.crop.top, self.crop.right - self.crop.left)
        values = _resample(prediction, inside, Image.Resampling.BILINEAR)
        original = np.zeros((self.height, self.width), np.float32 if threshold is None else bool)
        self.crop.cut(original)[...] = values if threshold is None else values >= threshold
        return original


def prepare_image(
    image: np.ndarray, size: int | tuple[int, int], crop: bool | CropBox = True
) -> tuple[np.ndarray, Geometry]:
    size = _height_width(size)
    height, width = image.shape
    if isinstance(crop, CropBox):
        box = crop
    else:
        box = find_body(image) if crop else CropBox(0, 0, height, width)
    body = box.cut(image)
    low, high = _window(body, 5.0, 95.0)
    prepared = resize_image(_stretch(body, low, high), size)
    return np.clip(prepared, 0, 1), Geometry(height, width, box, size, low, high)


def prepare_case(
    image_path: str | os.PathLike,
    mask_paths: str | os.PathLike | Sequence[str | os.PathLike],
    size: int | tuple[int, int],
) -> tuple[np.ndarray, Geometry]:
    image = read_image(image_path)
    mask = read_mask(mask_paths, image.shape, image_path)
    try:
        box = find_body(image)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = CropBox(
            min(box.top, int(rows[0])),
            min(box.left, int(columns[0])),
            max(box.bottom, int(rows[-1]) + 1),
            max(box.right, int(columns[-1]) + 1),
        )
        prepared, geometry = prepare_image(image, size, crop=box)
    except InputError as fault:
        raise InputError(f"{image_path}: {fault}") from None
    small = resize_mask(box.cut(mask), geometry.size)
    return np.stack([prepared, small], axis=-1).astype(np.float32), geometry
