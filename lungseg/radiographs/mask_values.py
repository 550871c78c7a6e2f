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

from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.radiographs.mask_levels import (
    ALIKE,
    MANY_VALUES,
    SEARCHED_SIDE,
    SHOWN,
    SQUARE,
    are_two_lungs,
    as_keys,
    as_vectors,
    brightness,
    count,
    find_levels,
    name_label,
    one_channel,
    searched,
)

BESIDE = 0.25  # of the range: further than that from background and lung, a value is neither
STRAY = 0.002  # of the lungs: from here on, pixels away from the outline that are neither are told
MOST_COLOURS = 100_000  # a mask in colour has no more, even as a JPEG
PICTURE = 0.25  # of the image: from here on, pixels that are neither background nor lung make it a picture

# What else may help who prepares images of anything, and has not said so.
OTHER_RECIPE = (
    "If these are no chest X-rays, add --recipe colour or --recipe grey (in Python recipe; docs/preparing.md)."
)


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
    if pixels.ndim == 3 and len(known) > MOST_COLOURS:
        raise _no_mask(path, known)
    levels = find_levels(keys, known, counts, pixels.ndim == 3, lossy)
    _check_labels(levels, keys, known, counts, pixels, path)
    low, high, top = _range(levels, known, counts, bright, pixels, path)
    lungs = bright >= (low + high) / 2
    if len(known) == 2:
        return lungs, False
    if pixels.ndim == 3:
        _check_other_colours(levels, keys, known, counts, lungs, pixels, path)
    unlike = (bright > low + ALIKE * (high - low)) & (bright < high - ALIKE * (high - low))
    many = len(known) > MANY_VALUES and unlike.mean() > 2 * PICTURE
    if many or away(unlike, lungs) > PICTURE * lungs.size:
        raise _no_mask(path, known)
    inside = lungs
    if len(levels) > 1 and not lossy and len(known) <= MANY_VALUES:  # nothing blurred: each value means something
        apart = np.abs(as_vectors(known, pixels)[:, None] - as_vectors(levels, pixels)[None]).max(axis=-1).min(axis=1)
        between, inside = np.isin(keys, known[apart > ALIKE * (top - low)]), bright >= high
    else:
        between = (bright > low + BESIDE * (high - low)) & (bright < high - BESIDE * (high - low))
    beyond = (bright < low - BESIDE * (high - low)) | (bright > top + BESIDE * (top - low))
    # At an edge, the noise of JPEG goes a little beyond both sides.
    odd = beyond.sum() > STRAY * lungs.sum() if lossy else beyond.any()
    return lungs, bool(odd or away(between, inside) > STRAY * lungs.sum())


# --------------------------------------------------------------------------- labels of several organs


def _check_labels(
    levels: np.ndarray, keys: np.ndarray, known: np.ndarray, counts: np.ndarray, pixels: np.ndarray, path: Path
) -> None:
    """Refuse labels of several organs, and pictures."""
    if len(levels) < 3:
        return
    if len(known) > MANY_VALUES:
        vectors, own = as_vectors(known, pixels), as_vectors(levels, pixels)
        near = np.abs(vectors[:, None] - own[None, :SHOWN]).max(axis=-1) <= ALIKE * np.ptp(vectors, axis=0).max()
        if len(levels) > SHOWN or counts[~near.any(axis=1)].sum() > PICTURE * keys.size:
            raise _no_mask(path, known)
    if len(levels) > 3 or not are_two_lungs(levels, keys, pixels):
        raise _several(path, levels, counts[np.isin(known, levels)], pixels)


# --------------------------------------------------------------------------- background and lung


def _range(
    levels: np.ndarray, known: np.ndarray, counts: np.ndarray, bright: np.ndarray, pixels: np.ndarray, path: Path
) -> tuple[float, float, float]:
    """Return the brightness of background and lung, and of the other lung, should it have another value."""
    own = np.sort(brightness(levels, pixels))
    values, known_bright = np.unique(brightness(known, pixels), return_inverse=True)
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
    shown = brightness(known, pixels) >= sum(ends) / 2
    vectors, found, areas = as_vectors(known[shown], pixels), known[shown], counts[shown]
    most = int(np.argmax(areas))
    scaled = vectors / np.maximum(vectors.max(axis=-1, keepdims=True), 1)  # an edge is a darker shade of it
    other = np.abs(scaled - scaled[most]).max(axis=-1) > BESIDE
    if areas[other].sum() > 0.1 * areas.sum():
        several = np.array([most, int(np.argmax(np.where(other, areas, 0)))])
        raise _several(path, found[several], areas[several], pixels)


def _check_other_colours(
    levels: np.ndarray,
    keys: np.ndarray,
    known: np.ndarray,
    counts: np.ndarray,
    lungs: np.ndarray,
    pixels: np.ndarray,
    path: Path,
) -> None:
    """Refuse areas of another colour among the lungs, which JPEG has blurred so that it is no level."""
    from scipy import ndimage

    own = levels[brightness(levels, pixels) >= brightness(levels, pixels).max() / 2] if len(levels) else levels
    if not len(own):
        return
    hues, ours = (
        vectors / np.maximum(vectors.max(-1, keepdims=True), 1)
        for vectors in (as_vectors(known, pixels), as_vectors(own, pixels))
    )
    other = known[(np.abs(hues[:, None] - ours[None]).max(axis=-1) > BESIDE).all(axis=1)]
    small, side = searched(keys)
    step = max(1, max(keys.shape) // SEARCHED_SIDE)
    areas = ndimage.binary_opening(np.isin(small, other) & lungs[::step, ::step], np.ones((side, side), bool))
    if areas.sum() * step * step > STRAY * lungs.sum():
        there, pixels_of = np.unique(small[areas], return_counts=True)
        shown = np.append(levels, there[np.argmax(pixels_of)])
        raise _several(path, shown, counts[np.searchsorted(known, shown)], pixels)


def away(pixels: np.ndarray, lungs: np.ndarray) -> int:
    """Count the pixels that do not lie at the outline of the lungs, or of another class.

    Parameters
    ----------
    pixels, lungs : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    int
    """
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
        f"{pixels_of}). Choose those that are lung with --lung-values (in Python lung_values); or keep several, each a "
        f"class of its own, with --class NAME=VALUE (in Python classes). {OTHER_RECIPE}"
    )


def _no_mask(path: Path, known: np.ndarray) -> InputError:
    """Return the error that says that this is no mask."""
    return InputError(
        f"{path}: expected a mask of two values. Received: a picture of {len(known)} values, as a radiograph or a map "
        "of many organs has. Name the mask, or choose the values that are lung with --lung-values (in Python "
        f"lung_values). {OTHER_RECIPE}"
    )
