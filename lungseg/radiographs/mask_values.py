"""What the values of a mask mean: background, lung, or labels of several organs.

A file does not say what its values mean, so it has to be clear from the picture:

- Two values are background and lung: 0/1, 0/255, 1/2, 254/255, two colours. The larger value is lung; of two colours,
  the brighter one, if it is at least twice as bright.
- Grey edges, as resampling or JPEG leave them, are cut half-way between the two. A value counts as one of the mask's
  own, a *level*, only where it fills a square of 1 % of the image; so an edge is no level, nor is a single pixel.
- Two levels beside the background are both lungs, if each is in one piece, and the two lie side by side, are of
  similar size and do not touch: a file that tells the right lung from the left one.
- Any other mask of three or more levels has labels of several organs. It is refused, until somebody says which of them
  are lung. A picture of many greys is no mask but a radiograph, and is refused too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lungseg.errors import InputError

SEARCHED_SIDE = 512  # pixels: of larger masks every second, third … pixel is searched for levels
SQUARE = 0.01  # of the longer side: a value that fills such a square is a level
ALIKE, SAME = 0.08, 0.02  # of the range: how far JPEG's noise reaches from a level, and from another one as large
MANY_VALUES = 32  # a mask with more values than that has been resampled, or compressed with losses
SMALL_LABELS = 10  # whole numbers up to here are labels, each of them, however few pixels it has
BESIDE = 0.25  # of the range: further than that from background and lung, a value is neither
STRAY = 0.002  # of the lungs: from here on, pixels away from the outline that are neither are told
PICTURE = 0.25  # of the image: from here on, pixels that are neither background nor lung make it a picture
SHOWN = 8  # labels in a message


def find_lungs(pixels: np.ndarray, path: Path, lossy: bool = False) -> tuple[np.ndarray, bool]:
    """Tell which pixels of a mask are lung, by the rules above.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)
        Grey, or red, green and blue.
    path : Path
        What a message names.
    lossy : bool
        Whether the file was compressed with losses; a mask of many values is taken for one that was.

    Returns
    -------
    lungs : numpy.ndarray of bool, shape (H, W)
        All or none of it, if there is a single value.
    stray : bool
        Whether there are pixels that are neither background nor lung, nor at an edge between the two.

    Raises
    ------
    InputError
        If the mask has labels of several organs, or is no mask.

    Examples
    --------
    >>> find_lungs(np.array([[1, 1, 2, 2]]), Path("a.png"))
    (array([[False, False,  True,  True]]), False)
    """
    pixels = one_channel(pixels)
    keys = as_keys(pixels)
    known, counts = count(keys)
    bright = pixels if pixels.ndim == 2 else np.maximum.reduce([pixels[..., channel] for channel in range(3)])
    if pixels.dtype.kind in "if" and known[0] < -ALIKE * float(known[-1] - known[0]):
        raise InputError(
            f"{path}: expected a mask of 0 and above. Received: the values {_listed(known, counts, pixels)}. "
            "Choose those that are lung with --lung-values (in Python lung_values), or save the mask again."
        )
    if len(known) == 1:
        return bright > 0, False
    levels = _levels(keys, known, counts, pixels.ndim == 3, lossy)
    _check_labels(levels, keys, known, counts, pixels, path)
    low, high, top = _range(levels, known, counts, bright, pixels, path)
    lungs = bright >= (low + high) / 2
    if len(known) == 2:
        return lungs, False
    unlike = (bright > low + ALIKE * (high - low)) & (bright < high - ALIKE * (high - low))
    many = len(known) > MANY_VALUES and unlike.mean() > 2 * PICTURE
    if many or _away(unlike, lungs) > PICTURE * lungs.size:
        raise _no_mask(path, known)
    inside = lungs
    if len(levels) > 1 and not lossy and len(known) <= MANY_VALUES:  # nothing blurred: each value means something
        between, inside = ~np.isin(keys, levels), bright >= high
    else:
        between = (bright > low + BESIDE * (high - low)) & (bright < high - BESIDE * (high - low))
    beyond = (bright < low - BESIDE * (high - low)) | (bright > top + BESIDE * (top - low))
    return lungs, bool(beyond.any() or _away(between, inside) > STRAY * lungs.sum())


def choose_labels(
    pixels: np.ndarray, chosen: Sequence[float | int], lossy: bool = False
) -> tuple[np.ndarray, list[bool]]:
    """Mark the pixels of the chosen labels.

    Parameters
    ----------
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)
    chosen : sequence of numbers
        Grey values, or colours as 0xRRGGBB.
    lossy : bool
        See `find_lungs`.

    Returns
    -------
    lungs : numpy.ndarray of bool, shape (H, W)
        In a mask that was compressed with losses, every pixel goes with the level that is most like it.
    found : list of bool
        Which of the labels the mask has.

    Examples
    --------
    >>> choose_labels(np.array([[0, 50, 100, 150]]), [50, 150, 200])
    (array([[False,  True, False,  True]]), [True, True, False])
    """
    keys = as_keys(pixels)
    known, counts = count(keys)
    if lossy or len(known) > MANY_VALUES:
        levels = _levels(keys, known, counts, pixels.ndim == 3, lossy)
        if len(levels) > 1:
            vectors = _vectors(known, pixels)
            apart = np.abs(vectors[:, None] - _vectors(levels, pixels)[None]).max(axis=-1)
            nearest = levels[np.argmin(apart, axis=1)]  # of each value that is there
            keys = nearest[np.searchsorted(known, keys)]
            known = levels
    return np.isin(keys, np.asarray(chosen, dtype=np.float64)), [bool(np.any(known == label)) for label in chosen]


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


def _vectors(keys: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return grey values or colours as vectors: float (n, 1) or (n, 3)."""
    if pixels.ndim == 2:
        return np.asarray(keys, np.float64)[:, None]
    return np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=-1).astype(np.float64)


def _brightness(keys: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return the strongest channel of each."""
    return _vectors(keys, pixels).max(axis=-1)


# --------------------------------------------------------------------------- levels


def _levels(keys: np.ndarray, known: np.ndarray, counts: np.ndarray, colour: bool, lossy: bool) -> np.ndarray:
    """Return the values that are the mask's own, neither edges nor noise."""
    whole = not colour and np.array_equal(known, np.round(known))
    if len(known) == 2 or (whole and known[0] >= 0 and known[-1] <= SMALL_LABELS):
        return known
    small, side = _searched(keys)
    found, areas = np.unique(small[: 1 - side, : 1 - side][_squares(small, side)], return_counts=True)
    if min(keys.shape) < 16 and len(known) <= SHOWN:  # too small for squares
        found = np.union1d(found, known[counts >= max(2, keys.size / 10)])
    elif (lossy or len(known) > MANY_VALUES) and len(found) > 2:
        found = _without_noise(found, areas, colour)
    return found


def _searched(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Return a mask of every second, third … pixel, and the side of the squares to look for."""
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


def _without_noise(found: np.ndarray, areas: np.ndarray, colour: bool) -> np.ndarray:
    """Leave out the levels that differ from a much larger one by no more than JPEG's noise."""
    vectors = _vectors(found, np.empty((0, 0, 3) if colour else (0, 0)))
    span = np.ptp(vectors, axis=0).max()
    kept: list[int] = []
    for index in np.argsort(-areas, kind="stable"):
        apart = [np.abs(vectors[k] - vectors[index]).max() / span for k in kept]
        smaller = [areas[index] < areas[k] / 4 for k in kept]
        if not any(d <= (ALIKE if small else SAME) for d, small in zip(apart, smaller, strict=True)):
            kept.append(int(index))
    return found[sorted(kept)]


def _check_labels(
    levels: np.ndarray, keys: np.ndarray, known: np.ndarray, counts: np.ndarray, pixels: np.ndarray, path: Path
) -> None:
    """Refuse labels of several organs, and pictures."""
    if len(levels) < 3:
        return
    if len(known) > MANY_VALUES:
        vectors, own = _vectors(known, pixels), _vectors(levels, pixels)
        near = np.abs(vectors[:, None] - own[None, :SHOWN]).max(axis=-1) <= ALIKE * np.ptp(vectors, axis=0).max()
        if len(levels) > SHOWN or counts[~near.any(axis=1)].sum() > PICTURE * keys.size:
            raise _no_mask(path, known)
    if len(levels) > 3 or not _are_two_lungs(levels, keys, pixels):
        raise _several(path, levels, counts[np.isin(known, levels)], pixels)


def _are_two_lungs(levels: np.ndarray, keys: np.ndarray, pixels: np.ndarray) -> bool:
    """Tell whether the two brighter ones of three levels can be the two lungs."""
    from scipy import ndimage

    small, side = _searched(keys)
    square = np.ones((side, side), bool)
    pair = levels[np.argsort(_brightness(levels, pixels), kind="stable")][1:]  # without the background
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


# --------------------------------------------------------------------------- background and lung


def _range(
    levels: np.ndarray, known: np.ndarray, counts: np.ndarray, bright: np.ndarray, pixels: np.ndarray, path: Path
) -> tuple[float, float, float]:
    """Return the brightness of background and lung, and of the other lung, should it have another value."""
    own = np.sort(_brightness(levels, pixels))
    values, known_bright = np.unique(_brightness(known, pixels), return_inverse=True)
    shares = np.bincount(known_bright, weights=counts)
    if len(own) >= 2:
        low, high, top = own[0], own[1], own[-1]
    else:
        low = values[0]
        if len(own) and shares[values > own[0]].sum() >= shares[values < own[0]].sum():
            low = own[0]
        above = shares * (values > low)
        high = own[0] if len(own) and own[0] > low else values[-1]
        # Not the few brightest pixels of all, but what a part of the mask reaches.
        while 0 < above[values >= (low + high) / 2].sum() <= 0.02 * above.sum():
            high = values[values < (low + high) / 2][-1]
        top = high
        if pixels.ndim == 3:
            _check_one_colour(known, counts, (low, high), pixels, path)
    if pixels.ndim == 3 and low > high / 2:
        raise _several(path, levels if len(levels) else known, counts, pixels)
    return float(low), float(high), float(top)


def _check_one_colour(
    known: np.ndarray, counts: np.ndarray, ends: tuple[float, float], pixels: np.ndarray, path: Path
) -> None:
    """Refuse a mask without levels, if what is bright in it has several colours."""
    shown = _brightness(known, pixels) >= sum(ends) / 2
    vectors, found, areas = _vectors(known[shown], pixels), known[shown], counts[shown]
    most = int(np.argmax(areas))
    scaled = vectors / np.maximum(vectors.max(axis=-1, keepdims=True), 1)  # an edge is a darker shade of it
    other = np.abs(scaled - scaled[most]).max(axis=-1) > BESIDE
    if areas[other].sum() > 0.1 * areas.sum():
        several = np.array([most, int(np.argmax(np.where(other, areas, 0)))])
        raise _several(path, found[several], areas[several], pixels)


def _away(pixels: np.ndarray, lungs: np.ndarray) -> int:
    """Count the pixels that do not lie at the outline of the lungs."""
    from scipy import ndimage

    step = max(1, max(lungs.shape) // SEARCHED_SIDE)
    pixels, lungs = pixels[::step, ::step], lungs[::step, ::step]
    width = 2 * max(3, round(SQUARE * max(lungs.shape))) + 1
    outline = ndimage.maximum_filter(lungs, width) & ~ndimage.minimum_filter(lungs, width)
    return int((pixels & ~outline).sum()) * step * step


# --------------------------------------------------------------------------- messages


def _listed(labels: np.ndarray, counts: np.ndarray, pixels: np.ndarray) -> str:
    """Return labels and their pixels in words."""
    names = [name_label(label, pixels.ndim == 3) for label in labels[:SHOWN]]
    numbers = [str(number) for number in counts[:SHOWN]]
    more = [f"and {len(labels) - SHOWN} more"] if len(labels) > SHOWN else []
    return f"{', '.join(names + more)}, in {', '.join(numbers)} pixels"


def _several(path: Path, labels: np.ndarray, counts: np.ndarray, pixels: np.ndarray) -> InputError:
    """Return the error that says which labels a mask has."""
    listed, pixels_of = _listed(labels, counts, pixels).split(", in ")
    what = "colours" if pixels.ndim == 3 else "labels"
    return InputError(
        f"{path}: expected a mask of two values. Received: the {what} {listed}, of several organs perhaps (in "
        f"{pixels_of}). Choose those that are lung with --lung-values (in Python lung_values), or make one mask of "
        "them."
    )


def _no_mask(path: Path, known: np.ndarray) -> InputError:
    """Return the error that says that this is no mask."""
    return InputError(
        f"{path}: expected a mask of two values. Received: a picture of {len(known)} values, as a radiograph or a map "
        "of many organs has. Name the mask, or choose the values that are lung with --lung-values (in Python "
        "lung_values)."
    )
