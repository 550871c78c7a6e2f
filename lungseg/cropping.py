"""Finds the black borders of a radiograph, so that they can be cut off."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PIL import Image

from lungseg.errors import InputError


class CropBox(NamedTuple):
    """A rectangle of pixels: rows ``top`` to ``bottom - 1``, columns ``left`` to ``right - 1``."""

    top: int
    left: int
    bottom: int
    right: int

    def cut(self, array: np.ndarray) -> np.ndarray:
        """Return the part of ``array`` inside the box (a view, not a copy)."""
        return array[self.top : self.bottom, self.left : self.right]


def find_body(image: np.ndarray) -> CropBox:
    """Find the part of a radiograph that is not black border.

    The image is reduced to at most 512 pixels a side. What is brighter than the darkest pixels
    by 6 % of the grey range is lit, unless it has the one dark grey of a border that reaches the
    edge of the image. An opening with a square of 1 % of the side removes letters, lines and
    noise, and of the lit regions only those of at least 1 % of the image count. The box is
    their bounding box, rounded outwards: when in doubt, a little border stays.

    Parameters
    ----------
    image : ``(H, W)`` grey values of any scale, the bones bright

    Returns
    -------
    CropBox
        The whole image if it has no black border, or if no body can be told from it.

    Raises
    ------
    InputError
        The image is all-black or of one other value, or not a finite ``(H, W)`` array.

    Examples
    --------
    >>> film = np.zeros((60, 50))
    >>> film[10:55, 5:40] = 100
    >>> find_body(film)
    CropBox(top=10, left=5, bottom=55, right=40)
    """
    from scipy import ndimage

    check_radiograph(image)
    height, width = image.shape
    whole = CropBox(0, 0, height, width)
    shrink = max(1.0, max(height, width) / 512)
    rows, columns = max(1, round(height / shrink)), max(1, round(width / shrink))
    picture = Image.fromarray(np.ascontiguousarray(image, dtype=np.float32))
    lit = _lit(np.asarray(picture.resize((columns, rows), Image.Resampling.BOX)))
    side = max(1, round(0.01 * max(rows, columns)))
    # Of 0 and 1 the same as a binary opening, along one axis at a time and so three times as fast.
    labels, count = ndimage.label(ndimage.grey_opening(lit.view(np.uint8), (side, side), mode="constant"))
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    body = (labels > 0) & (areas >= 0.01 * lit.size)[labels]
    if body.mean() < 0.1:  # rather a bright mark than a body
        return whole
    in_rows, in_columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    return CropBox(
        math.floor(in_rows[0] * height / rows),
        math.floor(in_columns[0] * width / columns),
        math.ceil((in_rows[-1] + 1) * height / rows),
        math.ceil((in_columns[-1] + 1) * width / columns),
    )


def _lit(small: np.ndarray, tolerance: float = 0.06) -> np.ndarray:
    """Mark what is neither black nor of the one dark grey of a border.

    ``tolerance`` is a share of the range from the darkest to the bright pixels of the image.
    """
    from scipy import ndimage

    black, bright = np.percentile(small, (0.5, 90))
    near = tolerance * (bright - black)
    lit = small > black + near
    for line in (small[0], small[-1], small[:, 0], small[:, -1]):
        grey = np.median(line)
        flat = np.mean(np.abs(line - grey) <= near) > 0.6
        if flat and grey <= black + 0.4 * (bright - black):
            alike = np.pad(np.abs(small - grey) <= near, 1, constant_values=True)
            labels, _ = ndimage.label(alike)
            lit &= (labels != labels[0, 0])[1:-1, 1:-1]  # only what the edge of the image reaches
    return lit


def check_radiograph(image: np.ndarray) -> None:
    """Refuse what cannot be a radiograph: no (H, W) array, not finite, or of one value only."""
    if image.ndim != 2 or image.size == 0:
        raise InputError(f"image: expected grey values of shape (H, W). Received: shape {image.shape}.")
    lowest, highest = float(image.min()), float(image.max())
    if not math.isfinite(highest - lowest):
        raise InputError("image: expected finite grey values. Received: NaN or infinity. Export it again.")
    if lowest == highest:
        what = "an all-black image" if lowest == 0 else f"an image of the one grey value {lowest:g}"
        raise InputError(f"image: expected a radiograph. Received: {what}. Leave it out.")
