"""A right answer to exercise 6.1, for the parts that are not wrong."""

import numpy as np
from scipy import stats


def difference(scores_a, scores_b):
    d = scores_b - scores_a
    n = len(d)
    reach = stats.t.ppf(0.975, n - 1) * np.std(d, ddof=1) / np.sqrt(n)
    return d.mean(), d.mean() - reach, d.mean() + reach


def beyond_chance(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low > 0 or high < 0
