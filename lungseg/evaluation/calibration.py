"""Whether a probability means what it says: of the pixels with 70 %, are 70 % lung?"""

import numpy as np

from lungseg.errors import InputError

BINS = 10
PIXELS, LUNG, PROBABILITY = range(3)  # the rows of a table of calibration


def calibration_table(probability, truth, bins: int = BINS) -> np.ndarray:
    """Count the pixels of an image by their predicted probability.

    Tables of several images add up to the table of the set, so no more than one image need be in memory.

    Parameters
    ----------
    probability : array_like, shape (H, W)
        The predicted probability of lung, from 0 to 1.
    truth : array_like of the same shape
        The true mask: boolean, or 0 and 1.
    bins : int
        Intervals of equal width from 0 to 1. A probability at a border belongs to the upper one.

    Returns
    -------
    numpy.ndarray of float64, shape (3, bins)
        For each interval: how many pixels, how many of them are lung, and the sum of their probabilities.

    Raises
    ------
    InputError
        If the shapes differ, or there is no interval.

    Examples
    --------
    >>> calibration_table([[0.1, 0.4, 0.9, 1.0]], [[0, 1, 1, 1]], bins=2).round(1)
    array([[2. , 2. ],
           [1. , 2. ],
           [0.5, 1.9]])
    """
    probability, truth = np.asarray(probability), np.asarray(truth)
    if probability.shape != truth.shape or bins < 1:
        raise InputError(
            "Calibration needs a probability and a truth for each pixel, and one bin or more. "
            f"Received: shapes {probability.shape} and {truth.shape}, {bins!r} bins."
        )
    probability = np.clip(probability.ravel().astype(np.float64), 0, 1)
    place = np.minimum((probability * bins).astype(int), bins - 1)  # 1.0 belongs to the last one
    weights = None, truth.ravel() == 1, probability
    return np.array([np.bincount(place, weight, minlength=bins) for weight in weights], dtype=float)


def expected_calibration_error(table) -> float:
    """Mean distance between predicted probability and observed share of lung, over all pixels.

    In each interval, the mean probability is compared with the share of its pixels that are lung;
    intervals weigh as much as they have pixels. (Guo et al. compare the confidence in the predicted
    class with the accuracy; here, as usual with two classes, the probability of lung is compared with
    the share of lung.)

    Parameters
    ----------
    table : array_like, shape (3, bins)
        From `calibration_table`, or a sum of such tables; or some of its columns.

    Returns
    -------
    float
        From 0, which is best, to 1; NaN if the table has no pixel.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On calibration of modern neural networks", ICML,
    PMLR 70:1321-1330 (2017).

    Examples
    --------
    Ten pixels at 0.2, of which three are lung, and ten at 0.9, all of which are:

    >>> round(expected_calibration_error([[10, 10], [3, 10], [2, 9]]), 3)
    0.1
    """
    pixels, lung, probability = np.asarray(table, dtype=float)
    total = pixels.sum()
    return float(np.abs(lung - probability).sum() / total) if total else float("nan")
