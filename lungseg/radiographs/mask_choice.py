"""Finds the pixels of the labels that somebody has chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lungseg.radiographs.mask_levels import (
    MANY_VALUES,
    SEARCHED_SIDE,
    SHOWN,
    as_keys,
    as_vectors,
    count,
    filling,
    find_levels,
)
from lungseg.radiographs.mask_values import MOST_COLOURS

SOLID = 0.2  # of the pixels of an organ: so many are the first of a square that lies in it
NOISE = 12  # of 255: by how much JPEG moves the value of a whole area


def choose_labels(
    pixels: np.ndarray, chosen: Sequence[float | int], lossy: bool = False
) -> tuple[np.ndarray, list[bool]]:
    """Mark the pixels of the chosen labels.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)
    chosen : sequence of numbers
        Grey values, or colours as 0xRRGGBB. JPEG makes 169 or 172 of 170, and #fe0000 of #ff0000: these are found, too.
    lossy : bool
        Whether the file was compressed with losses.

    Returns
    -------
    lungs : numpy.ndarray of bool, shape (H, W)
        In a mask that was compressed with losses, or resampled, every pixel goes with the level that is most like it.
    found : list of bool
        Which of the labels the mask has.

    Examples
    --------
    >>> choose_labels(np.array([[0, 50, 100, 150]]), [50, 150, 200])
    (array([[False,  True, False,  True]]), [True, True, False])
    """
    labels, keys, blurred = own_labels(pixels, lossy)
    meant = [_meant(label, labels, pixels) if blurred and pixels.dtype == np.uint8 else label for label in chosen]
    return np.isin(keys, np.asarray(meant, dtype=np.float64)), [bool(np.any(labels == label)) for label in meant]


def own_labels(pixels: np.ndarray, lossy: bool) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return the labels of a mask, without edges and noise, and which of them each pixel has.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)
    lossy : bool
        See `choose_labels`.

    Returns
    -------
    labels : numpy.ndarray
        Sorted.
    keys : numpy.ndarray, shape (H, W)
    blurred : bool
        Whether there were edges or noise. If not, every value is a label.
    """
    keys = as_keys(pixels)
    known, counts = count(keys)
    if not (lossy or len(known) > MANY_VALUES) or len(known) > MOST_COLOURS:
        return known, keys, False
    if not lossy and is_map(keys, known, counts):
        return known, keys, False
    levels = find_levels(keys, known, counts, pixels.ndim == 3, lossy)
    if not 1 < len(levels) <= 10 * SHOWN:
        return known, keys, False
    apart = np.abs(as_vectors(known, pixels)[:, None] - as_vectors(levels, pixels)[None]).max(axis=-1)
    nearest = levels[np.argmin(apart, axis=1)]  # of each value that is there
    return levels, nearest[np.searchsorted(known, keys)], True


def is_map(keys: np.ndarray, known: np.ndarray, counts: np.ndarray) -> bool:
    """Tell whether most of the values fill areas, as many organs do, and not edges or noise."""
    found, squares = filling(keys)
    searched_share = max(1, max(keys.shape) // SEARCHED_SIDE) ** -2
    solid = squares > SOLID * searched_share * counts[np.searchsorted(known, found)]
    return 2 * int(solid.sum()) > len(known)


def _meant(label: float, labels: np.ndarray, pixels: np.ndarray) -> float:
    """Return the label of a mask that is the chosen one but for the noise of JPEG; the chosen one, if none is."""
    if label < 0 or np.any(labels == label):
        return label
    own = as_vectors(labels, pixels)
    apart = np.abs(own - as_vectors(np.array([int(label)]), pixels)).max(axis=-1)
    nearest = int(np.argmin(apart))
    to_others = np.abs(own - own[nearest]).max(axis=-1)
    to_others[nearest] = np.inf
    # Of labels that are alike, nobody knows which is meant; and a value that is not there is not the background.
    if apart[nearest] > min(NOISE, to_others.min() / 4) or own[nearest].max() <= NOISE:
        return label
    return float(labels[nearest])
