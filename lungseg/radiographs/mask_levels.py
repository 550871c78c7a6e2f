"""The values of a mask that are its own, neither edges nor noise: its levels."""

from __future__ import annotations

import numpy as np
from PIL import Image

SEARCHED_SIDE = 512  # pixels: of larger masks every second, third … pixel is searched for levels
SQUARE = 0.01  # of the longer side: a value that fills such a square is a level
ALIKE, SAME = 0.08, 0.02  # of the range: how far JPEG's noise reaches from a level, and from another one as large
MANY_VALUES = 32  # a mask with more values than that has been resampled, or compressed with losses
SMALL_LABELS = 10  # whole numbers up to here are labels, each of them, however few pixels it has
SHOWN = 8  # labels in a message


# --------------------------------------------------------------------------- values


def one_channel(pixels: np.ndarray) -> np.ndarray:
    """Return a picture in colour as grey, if none of its pixels has a colour.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)
    """
    if pixels.ndim == 3 and np.array_equal(pixels[..., 0], pixels[..., 1]):
        return pixels[..., 0] if np.array_equal(pixels[..., 1], pixels[..., 2]) else pixels
    return pixels


def as_keys(pixels: np.ndarray) -> np.ndarray:
    """Return one number for each pixel: its grey value, or its colour as 0xRRGGBB.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)

    Returns
    -------
    numpy.ndarray, shape (H, W)

    Examples
    --------
    >>> hex(as_keys(np.array([[[255, 128, 0]]], np.uint8))[0, 0])
    '0xff8000'
    """
    if pixels.ndim == 2:
        return pixels
    if pixels.dtype == np.uint16:
        pixels = pixels >> 8
    keys = pixels[..., 0].astype(np.int32)
    for channel in (1, 2):
        keys <<= 8
        keys |= pixels[..., channel]
    return keys


def count(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the values that there are, sorted, and how many pixels have each.

    Parameters
    ----------
    keys : numpy.ndarray, shape (H, W)

    Returns
    -------
    values, counts : numpy.ndarray

    Examples
    --------
    >>> count(np.array([[0.5, 0.5, 0.0], [0.5, 2.0, 2.0]]))
    (array([0. , 0.5, 2. ]), array([1, 3, 2]))
    """
    if keys.dtype not in (np.uint8, np.uint16):
        line = keys.ravel()
        starts = np.concatenate([[0], np.flatnonzero(line[1:] != line[:-1]) + 1])  # of runs of one value
        known, runs = np.unique(line[starts], return_inverse=True)
        return known, np.bincount(runs, weights=np.diff(starts, append=line.size)).astype(np.int64)
    if keys.dtype == np.uint8 and keys.size:
        counts = np.array(Image.fromarray(keys).histogram())  # which is several times faster than bincount
        return np.flatnonzero(counts), counts[counts > 0]
    total = np.zeros(np.iinfo(keys.dtype).max + 1, np.int64)
    for first in range(0, len(keys), 256):  # bincount needs eight bytes for each pixel
        total += np.bincount(keys[first : first + 256].ravel(), minlength=len(total))
    known = np.flatnonzero(total)
    return known, total[known]


def name_label(label: float, colour: bool) -> str:
    """Return a label as a message and `--lung-values` have it.

    Parameters
    ----------
    label : float
    colour : bool

    Returns
    -------
    str

    Examples
    --------
    >>> name_label(255.0, colour=False), name_label(255, colour=True)
    ('255', '#0000ff')
    """
    return f"#{int(label):06x}" if colour else f"{label:.10g}"


def as_vectors(keys: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return grey values or colours as vectors: float (n, 1) or (n, 3).

    Parameters
    ----------
    keys : numpy.ndarray, shape (n,)
    pixels : numpy.ndarray
        Those of the mask: their shape tells whether keys are colours.

    Returns
    -------
    numpy.ndarray of float, shape (n, 1) or (n, 3)
    """
    if pixels.ndim == 2:
        return np.asarray(keys, np.float64)[:, None]
    return np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=-1).astype(np.float64)


def brightness(keys: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return the strongest channel of each.

    Parameters
    ----------
    keys : numpy.ndarray, shape (n,)
    pixels : numpy.ndarray
        See `as_vectors`.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
    """
    return as_vectors(keys, pixels).max(axis=-1)


# --------------------------------------------------------------------------- levels


def find_levels(keys: np.ndarray, known: np.ndarray, counts: np.ndarray, colour: bool, lossy: bool) -> np.ndarray:
    """Return the values that are the mask's own, neither edges nor noise.

    Parameters
    ----------
    keys : numpy.ndarray, shape (H, W)
    known, counts : numpy.ndarray
        From `count`.
    colour : bool
        Whether keys are colours.
    lossy : bool
        Whether the file was compressed with losses.

    Returns
    -------
    numpy.ndarray, sorted
    """
    whole = not colour and np.array_equal(known, np.round(known))
    if len(known) == 2 or (whole and known[0] >= 0 and known[-1] <= SMALL_LABELS):
        return known
    small, side = searched(keys)
    found, areas = filling(keys)
    if min(keys.shape) < 16 and len(known) <= SHOWN:  # too small for squares
        found = np.union1d(found, known[counts >= max(2, keys.size / 10)])
    elif (lossy or len(known) > MANY_VALUES) and len(found) > 2:
        wide = 5 * side  # noise and the ends of soft edges are narrower
        thick = np.zeros(0, found.dtype)
        if min(small.shape) >= wide:
            thick = np.unique(small[: 1 - wide, : 1 - wide][_squares(small, wide)])
        found = _without_noise(found, areas, np.isin(found, thick), colour)
    return found


def filling(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the values that fill a square, sorted, and how many squares each fills.

    Parameters
    ----------
    keys : numpy.ndarray, shape (H, W)

    Returns
    -------
    values, counts : numpy.ndarray

    Examples
    --------
    >>> filling(np.array([[0, 0, 5, 7], [0, 0, 5, 7]]))
    (array([0]), array([1]))
    """
    small, side = searched(keys)
    return np.unique(small[: 1 - side, : 1 - side][_squares(small, side)], return_counts=True)


def searched(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Return a mask of every second, third … pixel, and the side of the squares to look for.

    Parameters
    ----------
    keys : numpy.ndarray, shape (H, W)

    Returns
    -------
    numpy.ndarray, int
    """
    step = max(1, max(keys.shape) // SEARCHED_SIDE)
    small = keys[::step, ::step]
    return small, 2 if min(small.shape) < 32 else max(3, round(SQUARE * max(small.shape)))


def _squares(keys: np.ndarray, side: int) -> np.ndarray:
    """Mark the top left pixel of every square of one value."""
    rows, columns = (max(0, length - side + 1) for length in keys.shape)
    across, down = keys[:, 1:] == keys[:, :-1], keys[1:] == keys[:-1]
    lines = np.logical_and.reduce([across[:, k : k + columns] for k in range(side - 1)])
    squares = np.logical_and.reduce([lines[k : k + rows] for k in range(side)])
    return squares & np.logical_and.reduce([down[k : k + rows, :columns] for k in range(side - 1)])


def _without_noise(found: np.ndarray, areas: np.ndarray, thick: np.ndarray, colour: bool) -> np.ndarray:
    """Leave out thin levels that differ from a larger one by no more than JPEG's noise, or hardly from another."""
    vectors = as_vectors(found, np.empty((0, 0, 3) if colour else (0, 0)))
    span = np.ptp(vectors, axis=0).max()
    kept: list[int] = []
    for index in np.lexsort((-areas, ~thick)):
        apart = [np.abs(vectors[k] - vectors[index]).max() / span for k in kept]
        smaller = [areas[index] < areas[k] / 4 for k in kept]
        if thick[index] or not any(d <= (ALIKE if small else SAME) for d, small in zip(apart, smaller, strict=True)):
            kept.append(int(index))
    return found[sorted(kept)]


def are_two_lungs(levels: np.ndarray, keys: np.ndarray, pixels: np.ndarray) -> bool:
    """Tell whether the two brighter ones of three levels can be the two lungs.

    Parameters
    ----------
    levels : numpy.ndarray of three
    keys : numpy.ndarray, shape (H, W)
    pixels : numpy.ndarray
        See `as_vectors`.

    Returns
    -------
    bool
    """
    from scipy import ndimage

    small, side = searched(keys)
    square = np.ones((side, side), bool)
    pair = levels[np.argsort(brightness(levels, pixels), kind="stable")][1:]  # without the background
    parts = []
    for level in pair:
        core = ndimage.binary_opening(small == level, square)  # without edges on the way to another level
        labels, pieces = ndimage.label(core, np.ones((3, 3), bool))
        if not pieces or np.bincount(labels.ravel())[1:].max() < 0.9 * core.sum():
            return False
        parts.append(core)
    first, second = parts
    if (ndimage.binary_dilation(first, np.ones((3, 3), bool), iterations=side + 1) & second).any():
        return False
    boxes = [[np.flatnonzero(part.any(axis=axis)) for axis in (1, 0)] for part in parts]  # rows and columns
    tall, wide = ([int(np.ptp(box[axis])) + 1 for box in boxes] for axis in (0, 1))
    rows, columns = (
        min(int(box[axis][-1]) for box in boxes) - max(int(box[axis][0]) for box in boxes) + 1 for axis in (0, 1)
    )
    areas = [part.sum() for part in parts]
    return columns < 0.25 * min(wide) and rows > 0.4 * max(tall) and min(areas) > 0.2 * max(areas)
