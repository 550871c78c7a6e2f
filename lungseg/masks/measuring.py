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
    from scipy import ndimage

    mask = as_mask(mask)
    labels, count, inside = label_components(mask)
    areas = np.bincount(labels.ravel())[1:]
    largest = np.argsort(-areas, kind="stable")[:2]
    if count < 2 or areas[largest[1]] < SPECK * areas[largest[0]]:
        columns = mask.sum(axis=0)
        centres = np.arange(mask.shape[1]) + 0.5
        right = int(columns[centres < (mask.shape[1] / 2 if middle is None else middle)].sum())
        return LungAreas(int(columns.sum()), right, int(columns.sum()) - right, count)
    centres = np.zeros(count)
    for index, box in enumerate(ndimage.find_objects(labels)):
        columns = (labels[box] == index + 1).sum(axis=0)
        centres[index] = inside[1].start + box[1].start + columns @ np.arange(len(columns)) / areas[index]
    right_centre, left_centre = sorted(centres[largest])
    nearer_right = np.abs(centres - right_centre) <= np.abs(centres - left_centre)
    total, on_the_right = int(areas.sum()), int(areas[nearer_right].sum())
    if right_centre == left_centre:  # one above the other: neither is on a side
        on_the_right = total // 2
    return LungAreas(total, on_the_right, total - on_the_right, count)
