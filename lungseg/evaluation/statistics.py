"""Statistics of a set of cases: bootstrap intervals, limits of agreement, calibration of probabilities."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError

LEVEL, RESAMPLES = 0.95, 2000
BLOCK = 100  # resamples at a time, so that memory stays small with thousands of cases
BINS = 10
PIXELS, LUNG, PROBABILITY = range(3)  # the rows of a table of calibration


class Interval(NamedTuple):
    """A figure and the interval around it. The ends are NaN where one case gave the figure."""

    value: float
    low: float
    high: float


def bootstrap_interval(
    values: npt.ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Compute a statistic of some cases, and its bootstrap interval.

    As many cases as there are get drawn with replacement, and the statistic is computed from them;
    this is done `resamples` times. The interval is BCa (bias-corrected and accelerated): two quantiles
    of the results, chosen by how biased and how skewed they are. It answers: how different could the
    figure have been with other cases of the same kind? It knows nothing of cases of another kind
    (another hospital), nor of training anew. With fewer than about twenty cases it is too narrow.

    BCa is not defined if the statistic stays the same whichever case is left out, as that of equal
    cases does. The interval is then the middle 95 % of the results, which for equal cases has no width.

    Parameters
    ----------
    values : array_like, shape (n,) or (n, k)
        One finite number for each case, or k numbers, which stay together.
    statistic : callable
        Takes an array of shape (R, n) or (R, n, k) and the keyword `axis=1`; returns shape (R,).
    level : float
        The confidence level, between 0 and 1.
    resamples : int
        How often the cases are drawn.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    Interval
        The statistic of all cases; from a single case, an interval of NaN.

    Raises
    ------
    InputError
        If there are no cases, a number is not finite, or a setting is out of range.

    References
    ----------
    B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical Association
    82(397):171-185 (1987).

    Examples
    --------
    >>> bootstrap_interval([0.5, 0.5, 0.5])
    Interval(value=0.5, low=0.5, high=0.5)
    >>> interval = bootstrap_interval(np.arange(101))
    >>> interval.value, 43 < interval.low < 46, 54 < interval.high < 57
    (50.0, True, True)
    """
    values = np.asarray(values, dtype=float)
    if values.ndim not in (1, 2) or len(values) == 0 or not np.isfinite(values).all():
        raise InputError(
            "The bootstrap needs finite numbers of shape (n,) or (n, k), of one case or more. "
            f"Received: shape {values.shape}. Pass a column of the evaluation's table."
        )
    if not 0 < level < 1 or resamples < 1:
        raise InputError(
            "The bootstrap needs a level between 0 and 1, and at least one resample. "
            f"Received: level {level!r}, {resamples!r} resamples. Try 0.95 and 2000."
        )
    value = float(statistic(values[None], axis=1)[0])
    if len(values) == 1:
        return Interval(value, float("nan"), float("nan"))
    low, high = _bca(values, statistic, level, resamples, seed)
    return Interval(value, float(low), float(high))


def _bca(values: np.ndarray, statistic: Callable[..., Any], level: float, resamples: int, seed: int) -> np.ndarray:
    """Return the ends of the BCa interval, or of the percentile interval where BCa is not defined."""
    from scipy import stats

    def of_cases(index: np.ndarray, axis: int = -1) -> np.ndarray:
        """Compute the statistic from drawn cases, by their places: (..., n) to (...)."""
        drawn = values[index.reshape(-1, index.shape[-1])]  # (R, n) or (R, n, k)
        return np.reshape(statistic(drawn, axis=1), index.shape[:-1])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of results that are all the same
        result = stats.bootstrap(
            (np.arange(len(values)),),
            of_cases,
            n_resamples=resamples,
            batch=BLOCK,
            vectorized=True,
            confidence_level=level,
            method="BCa",
            rng=np.random.default_rng(seed),
        )
    ends = np.asarray(result.confidence_interval)
    if np.isfinite(ends).all():
        return ends
    return np.quantile(result.bootstrap_distribution, [(1 - level) / 2, (1 + level) / 2])


def pooled_f1(counts: npt.ArrayLike, axis: int = -2) -> np.ndarray:
    """F1 over the pixels of several cases together, as a statistic for `bootstrap_interval`.

    Parameters
    ----------
    counts : array_like, shape (..., n, 3)
        TP, FP and FN of each case.
    axis : int
        The axis of the cases.

    Returns
    -------
    numpy.ndarray, shape (...)
        2 TP / (2 TP + FP + FN) of the sums, and 1 where nothing is to be found and nothing was.

    Examples
    --------
    >>> float(pooled_f1([[3, 1, 0], [1, 0, 1]]))
    0.8
    """
    tp, fp, fn = np.moveaxis(np.asarray(counts, dtype=float).sum(axis=axis), -1, 0)
    total = 2 * tp + fp + fn
    return np.where(total > 0, 2 * tp / np.maximum(total, 1), 1.0)


class Agreement(NamedTuple):
    """The mean difference, and where about 95 % of the differences lie, all in the unit of the measurements."""

    bias: float
    low: float
    high: float


def limits_of_agreement(true: npt.ArrayLike, measured: npt.ArrayLike) -> Agreement:
    """Bias and 95 % limits of agreement, by Bland and Altman.

    A correlation is high whenever large things measure large, even if every measurement is wrong
    by the same amount. The differences tell what an error amounts to.

    Parameters
    ----------
    true, measured : array_like, shape (n,)
        Two measurements of each of n cases, in one unit.

    Returns
    -------
    Agreement
        `bias`: the mean of measured − true. `low`, `high`: bias ∓ 1.96 standard deviations of the
        differences (of the sample, with n − 1); NaN for a single case. If the differences are
        normally distributed, 95 % of them lie between the limits.

    Raises
    ------
    InputError
        If the shapes differ, there is no case, or a number is not finite.

    References
    ----------
    J. M. Bland and D. G. Altman, "Statistical methods for assessing agreement between two methods of
    clinical measurement", Lancet 327(8476):307-310 (1986).

    Examples
    --------
    >>> agreement = limits_of_agreement([10, 20, 30], [11, 22, 33])
    >>> agreement.bias, round(agreement.low, 2), round(agreement.high, 2)
    (2.0, 0.04, 3.96)
    """
    true, measured = np.asarray(true, dtype=float), np.asarray(measured, dtype=float)
    if true.shape != measured.shape or true.ndim != 1 or true.size == 0:
        raise InputError(
            "The agreement needs two measurements of each case, two arrays of shape (n,). "
            f"Received: {true.shape} and {measured.shape}. Pass two columns of one table."
        )
    difference = measured - true
    if not np.isfinite(difference).all():
        raise InputError("The agreement needs finite numbers. Received: NaN or infinity. Leave out what is missing.")
    bias = float(difference.mean())
    if len(difference) == 1:
        return Agreement(bias, float("nan"), float("nan"))
    reach = 1.96 * float(difference.std(ddof=1))
    return Agreement(bias, bias - reach, bias + reach)


def calibration_table(probability: npt.ArrayLike, truth: npt.ArrayLike, bins: int = BINS) -> np.ndarray:
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


def expected_calibration_error(table: npt.ArrayLike) -> float:
    """Mean distance between predicted probability and observed share of lung, over all pixels.

    In each interval, the mean probability is compared with the share of its pixels that are lung; intervals weigh as
    much as they have pixels. (Guo et al. compare the confidence in the predicted class with the accuracy; here, as
    usual with two classes, the probability of lung is compared with the share of lung.)

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
