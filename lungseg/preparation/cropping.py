"""Finds the black borders of a radiograph, so that they can be cut off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from lungseg.errors import InputError

SEARCHED_SIDE = 512  # pixels: larger images are reduced to it before a body is looked for
BRIGHTER = 0.06  # than the darkest pixels, in shares of the grey range: from there on a pixel is lit
BORDER_SHARE = 0.6  # of an edge of the image that has one grey: from there on it is a border
BORDER_GREY = 0.4  # of the grey range: a border is not brighter
LARGEST = 1e30  # a grey value: sums of larger ones are too large for 32 bits
SMALLEST_PART, SMALLEST_BODY = 0.01, 0.1  # of the image


class CropBox(NamedTuple):
    """A rectangle of pixels: rows ``top`` to ``bottom - 1``, columns ``left`` to ``right - 1``.

    Attributes
    ----------
    top, left, bottom, right : int
    """

    top: int
    left: int
    bottom: int
    right: int

    def cut(self, array: np.ndarray) -> np.ndarray:
        """Return the part of an array inside the box.

        Parameters
        ----------
        array : numpy.ndarray, shape (H, W, ...)

        Returns
        -------
        numpy.ndarray, shape (bottom - top, right - left, ...)
            A view, not a copy.

        Examples
        --------
        >>> CropBox(top=1, left=0, bottom=2, right=2).cut(np.array([[1, 2, 3], [4, 5, 6]]))
        array([[4, 5]])
        """
        return array[self.top : self.bottom, self.left : self.right]


def find_body(image: np.ndarray) -> CropBox:
    """Find the part of a radiograph that is not black border.

    The image is reduced to at most 512 pixels a side. What is brighter than the darkest pixels
    by 6 % of the grey range is lit, unless it has the one dark grey of a border that reaches the
    edge of the image. A morphological opening with a square of 1 % of the side removes letters, lines
    and noise, and of the lit regions only those of at least 1 % of the image count. The result is
    their bounding box, rounded outwards: when in doubt, a little border stays.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale, the bones bright.

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
    >>> radiograph = np.zeros((60, 50))
    >>> radiograph[10:55, 5:40] = 100
    >>> find_body(radiograph)
    CropBox(top=10, left=5, bottom=55, right=40)
    """
    from scipy import ndimage

    check_radiograph(image)
    height, width = image.shape
    whole = CropBox(0, 0, height, width)
    shrink = max(1.0, max(height, width) / SEARCHED_SIDE)
    rows, columns = max(1, round(height / shrink)), max(1, round(width / shrink))
    picture = Image.fromarray(np.ascontiguousarray(image, dtype=np.float32))
    lit = _lit(np.asarray(picture.resize((columns, rows), Image.Resampling.BOX)))
    side = max(1, round(0.01 * max(rows, columns)))
    labels, _ = ndimage.label(open_with_square(lit, side))
    areas = np.bincount(labels.ravel())[1:]
    large = areas >= SMALLEST_PART * lit.size
    if areas[large].sum() < SMALLEST_BODY * lit.size:  # rather a bright mark than a body
        return whole
    boxes = [box for box, counts in zip(ndimage.find_objects(labels), large, strict=True) if counts]
    top, left = (min(box[axis].start for box in boxes) for axis in (0, 1))
    bottom, right = (max(box[axis].stop for box in boxes) for axis in (0, 1))
    return CropBox(
        math.floor(top * height / rows),
        math.floor(left * width / columns),
        math.ceil(bottom * height / rows),
        math.ceil(right * width / columns),
    )


def find_borders(image: np.ndarray) -> CropBox:
    """Find the part of an image of any number of channels that is not black border: of several, by their mean.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, C)

    Returns
    -------
    CropBox

    Raises
    ------
    InputError
        As `find_body` does.
    """
    return find_body(image if image.ndim == 2 else image.mean(axis=-1, dtype=np.float32))


def around(mask: np.ndarray, box: CropBox) -> CropBox:
    """Return the smallest box that holds another one and every pixel of a mask.

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (H, W)
    box : CropBox

    Returns
    -------
    CropBox

    Examples
    --------
    >>> around(np.array([[0, 0, 1], [0, 0, 0]], bool), CropBox(1, 0, 2, 2))
    CropBox(top=0, left=0, bottom=2, right=3)
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return box
    return CropBox(
        min(box.top, int(rows[0])),
        min(box.left, int(columns[0])),
        max(box.bottom, int(rows[-1]) + 1),
        max(box.right, int(columns[-1]) + 1),
    )


def open_with_square(mask: np.ndarray, side: int) -> np.ndarray:
    """Keep those pixels of a mask that lie in a square of `side` pixels, all of the mask: a morphological opening.

    The same as `scipy.ndimage.binary_opening` with that square; with the fastest opening of SciPy, preparing images of
    512 x 512 pixels takes a sixth longer (benchmarks/plain_or_clever.py).

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (H, W)
    side : int
        In pixels.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)

    Examples
    --------
    >>> open_with_square(np.array([[1, 1, 0, 1], [1, 1, 1, 0]], bool), 2).astype(int)
    array([[1, 1, 0, 0],
           [1, 1, 0, 0]])
    """
    rows, columns = mask.shape[0] - side + 1, mask.shape[1] - side + 1
    if rows < 1 or columns < 1:  # no square fits into it
        return np.zeros(mask.shape, bool)
    tall = np.logical_and.reduce([mask[k : k + rows] for k in range(side)])
    squares = np.logical_and.reduce([tall[:, k : k + columns] for k in range(side)])  # True at each top left corner
    wide, opened = np.zeros((rows, mask.shape[1]), bool), np.zeros(mask.shape, bool)
    for k in range(side):
        wide[:, k : k + columns] |= squares
    for k in range(side):
        opened[k : k + rows] |= wide
    return opened


def _lit(small: np.ndarray) -> np.ndarray:
    """Mark what is neither black nor of the one dark grey of a border."""
    from scipy import ndimage

    black, bright = percentiles(small, (0.5, 90))
    near = BRIGHTER * (bright - black)
    lit = small > black + near
    seen = set()
    for line in (small[0], small[-1], small[:, 0], small[:, -1]):
        grey = np.median(line)
        flat = np.mean(np.abs(line - grey) <= near) > BORDER_SHARE
        if flat and grey <= black + BORDER_GREY * (bright - black) and grey not in seen:
            seen.add(grey)
            alike = np.pad(np.abs(small - grey) <= near, 1, constant_values=True)
            labels, _ = ndimage.label(alike)
            lit &= (labels != labels[0, 0])[1:-1, 1:-1]  # only what the edge of the image reaches
    return lit


def percentiles(values: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Return what `numpy.percentile` does; of whole numbers from 0 to 255 by counting them.

    With `numpy.percentile`, preparing images of 512 x 512 pixels takes a tenth longer (benchmarks/plain_or_clever.py).

    Parameters
    ----------
    values : numpy.ndarray
        Of any shape and type.
    shares : sequence of float
        Percentiles from 0 to 100.

    Returns
    -------
    numpy.ndarray of float, as many as shares

    Examples
    --------
    >>> percentiles(np.array([3.0, 1.0, 2.0, 10.0]), (50, 100))
    array([ 2.5, 10. ])
    """
    if values.min() < 0 or values.max() > 255 or not np.array_equal(whole := values.astype(np.uint8), values):
        return np.percentile(values, shares)
    up_to = np.cumsum(np.bincount(whole.ravel()))  # how many values are not above 0, 1, 2 …
    place = (values.size - 1) * (np.asarray(shares) / 100)  # in the sorted values, perhaps between two of them
    below = np.floor(place)
    lower, upper = (np.searchsorted(up_to, np.minimum(p, values.size - 1), side="right") for p in (below, below + 1))
    return lower + (place - below) * (upper - lower)


def check_radiograph(image: np.ndarray) -> None:
    """Refuse what cannot be a radiograph.

    Parameters
    ----------
    image : numpy.ndarray

    Raises
    ------
    InputError
        If it is no (H, W) array, not finite, or of one value only.
    """
    if image.ndim != 2 or image.size == 0:
        raise InputError(f"image: expected grey values of shape (H, W). Received: shape {image.shape}.")
    lowest, highest = float(image.min()), float(image.max())
    if not math.isfinite(highest - lowest):
        raise InputError("image: expected finite grey values. Received: NaN or infinity. Export it again.")
    if max(-lowest, highest) > LARGEST:
        raise InputError(f"image: expected grey values. Received: values beyond {LARGEST:g}. Export it again.")
    if lowest == highest:
        what = "an all-black image" if lowest == 0 else f"an image of the one grey value {lowest:g}"
        raise InputError(f"image: expected a radiograph. Received: {what}. Export it again, or leave it out.")
