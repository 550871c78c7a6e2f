"""Says in words what is odd about a mask that somebody has drawn, as `plausibility` does of predictions."""

from __future__ import annotations

import numpy as np

from lungseg.masks.cleaning import clean_mask, label_components
from lungseg.masks.plausibility import NO_LUNGS, ONE_LUNG, RANGES, describe_mask, outside_ranges

NEGATIVE = "the mask touches all four corners: a negative?"
LINES = "the mask is of lines: an outline that is not filled?"
ALONG_EDGE = "the lungs run along an edge of the image"
HOLES = "there are holes in the lungs"
NOT_DARKER = "the image is not darker in the mask than beside it: does it belong to another image?"
MIRRORED = "the image is darker in the mirror image of the mask than in the mask: is one of them mirrored?"
MOVED = "the image is darker beside the mask than in it: is the mask moved, or of another image?"
HARDLY_GREY = "the image has hardly any greys"
# Measured on the true masks of 704 radiographs of two hospitals (benchmarks/mask_doubts.py), as those of RANGES are:
# lines are thinner than a square of 3 % of the image, and a lung is cut off by an edge along up to 0.24 of it.
LINE_WIDTH, LINE_SHARE = 0.03, 0.2
EDGE_SHARE = 0.3
HOLES_SHARE = 0.05
SPECK = 1 / 20  # of the other lung: no lung
DARKER = 0.5  # standard deviations; true masks have at least 0.6
FITS, STEP = 0.15, 1 / 8  # by so much darker elsewhere, as in 1 of those masks; how far elsewhere is
GREYS = 0.5  # of the pixels, between black and white


def doubt_mask(shares: np.ndarray) -> list[str]:
    """Say what is odd about a drawn mask; nothing, if it can be a pair of lungs.

    Parameters
    ----------
    shares : numpy.ndarray of float, shape (h, w)
        The share of lung in each pixel, without the black borders of the radiograph. In a mask that was reduced, a
        thin line leaves small shares, where it would have vanished from a mask of 0 and 1.

    Returns
    -------
    list of str

    Examples
    --------
    >>> doubt_mask(np.ones((64, 64)))
    ['the mask touches all four corners: a negative?']
    """
    if all(shares[row, column] >= 0.5 for row in (0, -1) for column in (0, -1)):
        return [NEGATIVE]
    drawn, mask = shares > 0, shares >= 0.5
    if drawn.any() and _thick(drawn).sum() < LINE_SHARE * drawn.sum():
        return [LINES]
    if not mask.any():
        return [NO_LUNGS]
    lungs = clean_mask(mask)
    pair = _apart(lungs)
    reasons = [ALONG_EDGE] * (_contact(mask) > EDGE_SHARE)
    found = describe_mask(pair)
    if not found or found["smaller"] < SPECK:
        reasons.append(ONE_LUNG)
    else:
        reasons += outside_ranges(found)
    if (mask & ~lungs).sum() > RANGES["pieces"].high * mask.sum():
        reasons.append(RANGES["pieces"].above)
    if (lungs & ~mask).sum() > HOLES_SHARE * mask.sum():
        reasons.append(HOLES)
    return reasons


def is_around(mask: np.ndarray) -> bool:
    """Tell whether a mask is most of the image and has all of its corners, as that of the background has.

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    bool

    Examples
    --------
    >>> middle = np.zeros((8, 8), bool)
    >>> middle[3:5, 3:5] = True
    >>> is_around(middle), is_around(~middle), is_around(middle | True)
    (False, True, False)
    """
    return bool(mask[:: len(mask) - 1 or 1, :: mask.shape[1] - 1 or 1].all() and 0.5 < mask.mean() < 1)


def doubt_image(image: np.ndarray, mask: np.ndarray) -> list[str]:
    """Say what is odd about a prepared radiograph, given its mask.

    Parameters
    ----------
    image : numpy.ndarray of float, shape (h, w)
        In [0, 1], the bones bright.
    mask : numpy.ndarray of bool, shape (h, w)

    Returns
    -------
    list of str

    Examples
    --------
    >>> lungs = np.zeros((64, 64), bool)
    >>> lungs[20:50, 10:25] = lungs[20:50, 40:55] = True
    >>> doubt_image(np.where(lungs, 0.2, 0.7), lungs), doubt_image(np.where(lungs, 0.7, 0.2), lungs)
    ([], ['the image is not darker in the mask than beside it: does it belong to another image?'])
    """
    from scipy import ndimage

    reasons = []
    if np.mean((image > 0) & (image < 1)) < GREYS:
        reasons.append(HARDLY_GREY)
    near, far = (2 * max(1, round(share * max(mask.shape))) + 1 for share in (0.01, 0.04))
    inside = ndimage.minimum_filter(mask, near)
    beside = ndimage.maximum_filter(mask, far) & ~ndimage.maximum_filter(mask, near)
    if not (inside.any() and beside.any()):
        return reasons
    # Air beside the body is darker than any lung, and would draw each mask towards it.
    image = np.maximum(image, np.median(image[inside]))
    here = _darker(image, inside, beside)
    mirrored = _darker(image, np.fliplr(inside), np.fliplr(beside))
    rows, columns = (round(side * STEP) for side in mask.shape)
    steps = [(row, column) for row in (-rows, 0, rows) for column in (-columns, 0, columns) if row or column]
    moved = max(_darker(image, *(np.roll(part, step, axis=(0, 1)) for part in (inside, beside))) for step in steps)
    if max(mirrored, moved) > max(here + FITS, DARKER):
        reasons.append(MIRRORED if mirrored > moved else MOVED)
    elif here < DARKER:
        reasons.append(NOT_DARKER)
    return reasons


def _darker(image: np.ndarray, inside: np.ndarray, beside: np.ndarray) -> float:
    """Return by how much an image is darker inside than beside, in standard deviations: of a bright film, few greys."""
    dark, bright = image[inside], image[beside]
    spread = np.sqrt((dark.var() + bright.var()) / 2 + 1e-4)  # 0.01 at least
    return float((bright.mean() - dark.mean()) / spread)


def _thick(mask: np.ndarray) -> np.ndarray:
    """Return what is left of a mask without its lines."""
    from scipy import ndimage

    side = max(2, round(LINE_WIDTH * max(mask.shape)))
    return ndimage.maximum_filter(ndimage.minimum_filter(mask, side, origin=-(side // 2)), side, origin=(side - 1) // 2)


def _contact(mask: np.ndarray) -> float:
    """Return the largest share of an edge of the image that the mask reaches."""
    rows, columns = (max(1, round(side / 100)) for side in mask.shape)
    edges = mask[:rows].any(0), mask[-rows:].any(0), mask[:, :columns].any(1), mask[:, -columns:].any(1)
    return max(float(edge.mean()) for edge in edges)


def _apart(lungs: np.ndarray) -> np.ndarray:
    """Cut two lungs that touch at the narrowest place of the middle third, if there is only one piece."""
    if label_components(lungs)[1] > 1:
        return lungs
    width = lungs.shape[1]
    third = lungs[:, width // 3 : width - width // 3].sum(axis=0)
    cut = lungs.copy()
    cut[:, width // 3 + int(np.argmin(third))] = False
    return cut
