"""How sure a figure is: intervals by drawing the cases again and again (the bootstrap)."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lungseg.errors import InputError

LEVEL, RESAMPLES = 0.95, 2000
BLOCK = 100  # resamples at a time, so that memory stays small with thousands of cases


class Interval(NamedTuple):
    """A figure and the interval around it. The ends are NaN where one case gave the figure."""

    value: float
    low: float
    high: float


def bootstrap_interval(
    values, statistic: Callable = np.mean, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Compute a statistic of some cases, and its bootstrap interval by the percentile method.

    As many cases as there are get drawn with replacement, and the statistic is computed from them;
    this is done `resamples` times. The interval holds the middle 95 % of the results. It answers:
    how different could the figure have been with other cases of the same kind? It knows nothing of
    cases of another kind (another hospital), nor of training anew. With fewer than about twenty
    cases it is too narrow.

    Parameters
    ----------
    values : array_like, shape (n,) or (n, k)
        One finite number for each case, or k numbers, which stay together.
    statistic : callable
        Takes an array of shape (R, n) or (R, n, k) and the keyword `axis=1`; returns shape (R,).
    level : float
        The share of the results inside the interval, between 0 and 1.
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
    B. Efron and R. J. Tibshirani, "An introduction to the bootstrap", Chapman & Hall (1993), chapter 13.

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
    count = len(values)
    value = float(statistic(values[None], axis=1)[0])
    if count == 1:
        return Interval(value, float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    results = []
    for start in range(0, resamples, BLOCK):
        drawn = rng.integers(count, size=(min(BLOCK, resamples - start), count))  # (R, n)
        results.append(statistic(values[drawn], axis=1))
    low, high = np.quantile(np.concatenate(results), [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def pooled_f1(counts, axis: int = -2) -> np.ndarray:
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
