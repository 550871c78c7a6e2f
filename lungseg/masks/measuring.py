"""Measures a lung mask: the areas of the right and the left lung, and the number of its components."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lungseg.masks.cleaning import as_mask, label_components

SPECK = 0.05  # of the largest component: a smaller one is no lung


class LungAreas(NamedTuple):
    """Areas of a pair of lungs in pixels.

    Right and left are the patient's, who faces the reader: the right lung is on the left of the image.

    Attributes
    ----------
    lungs, right, left : int
        `lungs` is the sum of the other two.
    components : int
    """

    lungs: int
    right: int
    left: int
    components: int


def measure_lungs(mask: ArrayLike, middle: float | None = None) -> LungAreas:
    """Measure a mask of both lungs.

    The two largest components are the two lungs: the one whose centre lies further left in the
    image is the patient's right lung. Smaller components go with the nearer of the two. A mask of
    one component, a single lung or two that touch, is divided along the middle of the image; so is
    one whose second largest component is a speck, of less than a twentieth of the largest.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.
    middle : float, optional
        The column of the middle, where it is not that of the image because of a black border on one side.

    Returns
    -------
    LungAreas

    Raises
    ------
    InputError
        If the mask is not a binary image.

    Examples
    --------
    >>> measure_lungs([[1, 1, 0, 0, 1],
    ...                [1, 0, 0, 0, 1]])
    LungAreas(lungs=5, right=3, left=2, components=2)
    >>> measure_lungs([[1, 1, 1, 1, 0]], middle=1)
    LungAreas(lungs=4, right=1, left=3, components=1)
    """
    mask = as_mask(mask)
    labels, count, inside = label_components(mask)
    areas = np.bincount(labels.ravel())[1:]
    centres = _centres(labels, areas, inside[1].start)
    if centres is None:
        columns = mask.sum(axis=0)
        places = np.arange(mask.shape[1]) + 0.5
        right = int(columns[places < (mask.shape[1] / 2 if middle is None else middle)].sum())
        return LungAreas(int(columns.sum()), right, int(columns.sum()) - right, count)
    nearer_right = _nearer_right(centres, areas)
    total, on_the_right = int(areas.sum()), int(areas[nearer_right].sum())
    if nearer_right.all():  # one above the other: neither is on a side
        on_the_right = total // 2
    return LungAreas(total, on_the_right, total - on_the_right, count)


def split_lungs(mask: ArrayLike) -> tuple[np.ndarray, np.ndarray] | None:
    """Split a mask into the two lungs, as `measure_lungs` does, where there are two side by side.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Boolean, or numbers that are all 0 or 1.

    Returns
    -------
    right, left : numpy.ndarray of bool, shape (H, W)
        The patient's right lung is on the left of the image. None if there is but one lung, or two that touch.

    Raises
    ------
    InputError
        If the mask is not a binary image.

    Examples
    --------
    >>> right, left = split_lungs([[1, 1, 0, 0, 1]])
    >>> right.astype(int), left.astype(int)
    (array([[1, 1, 0, 0, 0]]), array([[0, 0, 0, 0, 1]]))
    """
    mask = as_mask(mask)
    labels, _, inside = label_components(mask)
    areas = np.bincount(labels.ravel())[1:]
    centres = _centres(labels, areas, inside[1].start)
    if centres is None or (nearer_right := _nearer_right(centres, areas)).all():
        return None
    right = np.zeros(mask.shape, bool)
    right[inside] = np.concatenate([[False], nearer_right])[labels]
    return right, mask & ~right


def _centres(labels: np.ndarray, areas: np.ndarray, first: int) -> np.ndarray | None:
    """Return the column of each component's centre; None if the two largest are not two lungs."""
    from scipy import ndimage

    largest = np.argsort(-areas, kind="stable")[:2]
    if len(areas) < 2 or areas[largest[1]] < SPECK * areas[largest[0]]:
        return None
    centres = np.zeros(len(areas))
    for index, box in enumerate(ndimage.find_objects(labels)):
        columns = (labels[box] == index + 1).sum(axis=0)
        centres[index] = first + box[1].start + columns @ np.arange(len(columns)) / areas[index]
    return centres


def _nearer_right(centres: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Mark the components that go with the patient's right lung; all, if the lungs are one above the other."""
    right, left = sorted(centres[np.argsort(-areas, kind="stable")[:2]])
    return np.abs(centres - right) <= np.abs(centres - left)
