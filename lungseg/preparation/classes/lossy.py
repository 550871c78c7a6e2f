"""Masks that JPEG has blurred and that hold several classes: each pixel goes with the nearest value that is named."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, counted
from lungseg.preparation.classes.table import Value
from lungseg.radiographs.mask_choice import NOISE
from lungseg.radiographs.mask_levels import as_keys, as_vectors, count

FAR = {1: 32, 3: 96}  # of 255: so far from all that are named, a grey, or a colour, is another one, or that of an edge
AREA = 4  # pixels: edges are narrower than that, and areas wider
THIN, FEW = 0.05, 0.001  # of the pixels of a class, and of all: so many may be edges between two others
AS_PNG = "JPEG blurs the edges of a mask, and a grey between two classes may be a third one: save masks as PNG."


def snap(pixels: np.ndarray, said: Sequence[Value], path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Give each pixel of a mask the nearest of the values that are named.

    A pixel in a line between two classes is their edge. Where JPEG has made of it the value of a third class, it goes
    with the one of the two whose value is nearer.

    Parameters
    ----------
    pixels : numpy.ndarray of uint8, shape (H, W) or (H, W, 3)
    said : sequence of Value
        Those of all classes, of the background, and of what is ignored.
    path : Path
        Which a message names.

    Returns
    -------
    values : numpy.ndarray, shape (n,)
        One for each of those that are named: itself, or the first one of a range; -1, if no pixel can have it.
    places : numpy.ndarray of int, shape (H, W)
        Which of them each pixel has.

    Raises
    ------
    InputError
        If the file has areas of other values, or if it cannot be told what is an edge, and what a class.

    Examples
    --------
    >>> pixels = np.array([[2, 120, 131, 250]], np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    >>> values, places = snap(pixels, [Value(0, 0), Value(127, 127), Value(200, 255)], Path("a.jpg"))
    >>> values, places[0, ::8]
    (array([  0., 127., 200.]), array([0, 1, 1, 2]))
    """
    coloured = pixels.ndim == 3
    keys = as_keys(pixels)
    known, _ = count(keys)
    lows, highs = (np.array([_vector(value, end, coloured) for value in said]) for end in ("first", "last"))
    _check_apart(said, lows, highs, path)
    own = as_vectors(known, pixels)
    apart = np.maximum(np.maximum(lows[:, None] - own, own - highs[:, None]).max(axis=-1), 0)  # (named, known)
    at = np.searchsorted(known, keys)
    places = apart.argmin(axis=0)[at]
    _check_named(said, keys, (apart.min(axis=0) > FAR[own.shape[1]])[at], coloured, path)
    middles = (lows + highs) / 2
    for place in range(len(said)):
        edges = _edges(place, places, middles)
        found, all_of_it = int(edges.sum()), int((places == place).sum())
        if found > THIN * all_of_it and found > FEW * places.size:
            raise InputError(
                f"{path}: expected areas of {said[place]}. Received: a JPEG in which {counted(found, 'pixel')} of "
                f"{all_of_it:,} near this value lie in a line between two other classes, as edges do. {AS_PNG}"
            )
        others = np.where(np.arange(len(said))[:, None] == place, np.inf, apart)
        places[edges] = others.argmin(axis=0)[at][edges]
    values = [-1 if low[0] < 0 else _key(low) for low in lows]
    return np.array(values), places


def values_of_areas(keys: np.ndarray, searched: np.ndarray, reach: float) -> list[float]:
    """Return values that have areas, wider than edges.

    Parameters
    ----------
    keys : numpy.ndarray, shape (H, W)
        Greys.
    searched : numpy.ndarray of bool, shape (H, W)
        The pixels to look at.
    reach : float
        So far from a value are those that noise makes of it.

    Returns
    -------
    list of float, sorted

    Examples
    --------
    >>> keys = np.array([[0, 40, 80, 120, 125, 121, 120, 122]]).repeat(8, axis=0)  # 40 and 80 are an edge
    >>> values_of_areas(keys, keys > 0, reach=10)
    [121.0]
    """
    from scipy import ndimage

    rest, square, found = searched.copy(), np.ones((AREA, AREA), bool), []
    while _has_square(rest):
        areas = ndimage.binary_opening(rest, square)
        values, counts = np.unique(keys[areas], return_counts=True)
        near = rest & (np.abs(keys.astype(float) - values[np.argmax(counts)]) <= reach)
        if _has_square(near):  # else an edge, smoothed over many pixels
            found.append(float(np.median(keys[ndimage.binary_opening(near, square)])))
        rest &= ~near
    return sorted(found)


def _has_square(marked: np.ndarray) -> bool:
    """Tell whether there is a square of marked pixels, which is told faster than where they are."""
    height, width = (side - AREA + 1 for side in marked.shape)
    if height < 1 or width < 1:
        return False
    lines = np.logical_and.reduce([marked[k : k + height] for k in range(AREA)])
    return bool(np.logical_and.reduce([lines[:, k : k + width] for k in range(AREA)]).any())


def _vector(value: Value, end: str, coloured: bool) -> list[float]:
    """Return an end of a named value as one number, or as red, green and blue; far off, if no pixel can have it."""
    number = getattr(value, end)
    if not value.colour:
        return [number] * (3 if coloured else 1)
    channels = list(bytes.fromhex(f"{int(number):06x}"))
    if coloured:
        return [float(channel) for channel in channels]
    return [float(channels[0])] if len(set(channels)) == 1 else [-1000.0]


def _key(vector: np.ndarray) -> float:
    """Return a value as a mask has it: a number, or a colour as 0xRRGGBB."""
    return float(vector[0]) if len(vector) == 1 else float(int(vector[0]) << 16 | int(vector[1]) << 8 | int(vector[2]))


def _check_apart(said: Sequence[Value], lows: np.ndarray, highs: np.ndarray, path: Path) -> None:
    """Refuse values that the noise of JPEG makes of one another; who names ranges says where they are cut."""
    for first, second in combinations(range(len(said)), 2):
        single = (lows[first] == highs[first]).all() and (lows[second] == highs[second]).all()
        if single and np.abs(lows[first] - lows[second]).max() <= 2 * NOISE:
            raise InputError(
                f"{path}: expected values that JPEG does not mix up, more than {2 * NOISE} apart. Received: "
                f"{said[first]} and {said[second]}. {AS_PNG}"
            )


def _check_named(said: Sequence[Value], keys: np.ndarray, far: np.ndarray, coloured: bool, path: Path) -> None:
    """Refuse areas of values that nobody has named."""
    from scipy import ndimage

    areas = ndimage.binary_opening(far, np.ones((AREA, AREA), bool))
    if not areas.any():
        return
    known, counts = count(keys[areas][None])
    most = known[int(np.argmax(counts))]
    shown = Value(int(most), int(most), colour=coloured)
    raise InputError(
        f"{path}: expected values near {', '.join(map(str, said[:-1]))} or {said[-1]}. Received: a JPEG with areas of "
        f"others, of {counted(int(areas.sum()), 'pixel')}, {shown} for example. Name these, too, or have them ignored "
        f"(--ignore {shown}). {AS_PNG}"
    )


def _edges(place: int, places: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """Mark the pixels of a class that lie in a line between two others, of whose values JPEG makes its own."""
    from scipy import ndimage

    mine, found = places == place, np.zeros(places.shape, bool)
    others = [k for k in range(len(middles)) if k != place and middles[k].min() >= 0]
    pairs = [pair for pair in combinations(others, 2) if _is_between(middles[place], *middles[list(pair)])]
    if not pairs or not mine.any():
        return found
    thin = mine & ~ndimage.binary_opening(mine, np.ones((3, 3), bool))
    near = {k: ndimage.binary_dilation(places == k, np.ones((5, 5), bool)) for pair in pairs for k in pair}
    for one, other in pairs:
        found |= thin & near[one] & near[other]
    return found


def _is_between(middle: np.ndarray, one: np.ndarray, other: np.ndarray) -> bool:
    """Tell whether a value lies on the way from one to another."""
    way = other - one
    share = float(np.clip(np.dot(middle - one, way) / max(np.dot(way, way), 1e-9), 0, 1))
    return 0 < share < 1 and float(np.abs(one + share * way - middle).max()) <= FAR[1]
