"""Compares two masks pixel by pixel: true positives, false positives and false negatives, and their Dice."""

from typing import NamedTuple

import numpy as np


class Overlap(NamedTuple):
    """Pixels of two masks.

    Attributes
    ----------
    tp : int
        True positives: lung in both masks.
    fp : int
        False positives: lung in the prediction only.
    fn : int
        False negatives: lung in the true mask only.
    """

    tp: int
    fp: int
    fn: int


def count_overlap(truth: np.ndarray, prediction: np.ndarray) -> Overlap:
    """Count the pixels that two masks share, and those that only one of them has.

    Parameters
    ----------
    truth, prediction : numpy.ndarray of bool, both of one shape

    Returns
    -------
    Overlap

    Examples
    --------
    >>> count_overlap(np.array([True, True, True, False]), np.array([False, True, True, True]))
    Overlap(tp=2, fp=1, fn=1)
    """
    tp = int(np.count_nonzero(truth & prediction))
    return Overlap(tp, int(np.count_nonzero(prediction)) - tp, int(np.count_nonzero(truth)) - tp)


def f1_score(tp: int, fp: int, fn: int) -> float:
    """Return 2 TP / (2 TP + FP + FN), and 1 where there is nothing to find and nothing found.

    Of one image it is the Dice coefficient [1]_; of all pixels of a set, the pooled F1.

    Parameters
    ----------
    tp, fp, fn : int
        True positives, false positives and false negatives.

    Returns
    -------
    float
        From 0 to 1.

    References
    ----------
    .. [1] L. R. Dice, "Measures of the amount of ecologic association between species",
       Ecology 26(3):297-302 (1945).

    Examples
    --------
    >>> f1_score(tp=3, fp=1, fn=1), f1_score(0, 0, 0)
    (0.75, 1.0)
    """
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0


def dice_of(truth: np.ndarray, prediction: np.ndarray) -> float:
    """Return the Dice coefficient of two masks, and 1 if both are empty.

    Parameters
    ----------
    truth, prediction : numpy.ndarray of bool, both of one shape

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> dice_of(np.array([True, True, True]), np.array([True, False, False]))
    0.5
    """
    return f1_score(*count_overlap(truth, prediction))


def mean_dice(truth: np.ndarray, prediction: np.ndarray) -> float:
    """Return the mean Dice over the classes that one of two masks has; 1 if there is none.

    Parameters
    ----------
    truth, prediction : numpy.ndarray of bool, both of shape (H, W) or (H, W, K)
        Of one class, or a mask for each of several.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> truth = np.array([[[True, False, False]]])
    >>> mean_dice(truth, np.array([[[True, True, False]]]))
    0.5
    """
    if truth.ndim == 2:
        return dice_of(truth, prediction)
    there = np.flatnonzero((truth | prediction).any(axis=(0, 1)))
    return float(np.mean([dice_of(truth[..., k], prediction[..., k]) for k in there])) if there.size else 1.0
