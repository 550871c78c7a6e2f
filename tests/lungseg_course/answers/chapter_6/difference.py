"""Exercise 6.1, first function: the difference of two variants, and its interval."""

import math
import statistics

import numpy as np
from scipy import stats

from answers import Answers
from answers.chapter_6.difference_given import beyond_chance, difference
from lungseg_course.experiments.statistics import mean_interval

answers = Answers("6.1")


answers.right(difference, beyond_chance)


def right(function):
    """Note a right `difference`, with the verdict that is right."""
    return answers.right(function, beyond_chance)


def wrong(cause, share=None):
    """Return a decorator: the difference has a mistake, the verdict is right."""
    return lambda function: answers.wrong(cause, share)(function, beyond_chance)


# ---- Right -----------------------------------------------------------------------------------


@right
def by_a_test(scores_a, scores_b):
    ends = stats.ttest_rel(scores_b, scores_a).confidence_interval()
    return [scores_b.mean() - scores_a.mean(), ends.low, ends.high]


@right
def by_the_standard_library(scores_a, scores_b):
    d = [float(b - a) for a, b in zip(scores_a, scores_b, strict=True)]
    mean, error = statistics.mean(d), statistics.stdev(d) / math.sqrt(len(d))
    t = stats.t.ppf(0.975, len(d) - 1)
    return mean, mean - t * error, mean + t * error


@right
def by_the_formula(scores_a, scores_b):
    d = scores_b - scores_a
    mean = d.sum() / d.size
    s = (((d - mean) ** 2).sum() / (d.size - 1)) ** 0.5
    t = stats.t(d.size - 1).ppf(0.975)
    return np.array([mean, mean - t * s / d.size**0.5, mean + t * s / d.size**0.5])


@right
def by_interval(scores_a, scores_b):
    d = scores_b - scores_a
    low, high = stats.t.interval(0.95, len(d) - 1, loc=np.mean(d), scale=stats.sem(d))
    return np.mean(d), low, high


@right
def by_isf_and_a_table_of_t(scores_a, scores_b):
    d = np.subtract(scores_b, scores_a)
    t = {7: 2.447, 8: 2.365}[len(d)]
    reach = t * d.std(ddof=1) / len(d) ** 0.5
    return np.mean(d), np.mean(d) - reach, np.mean(d) + reach


@right
def with_the_lower_quantile(scores_a, scores_b):
    d = scores_b - scores_a
    n = np.size(d)
    ends = np.mean(d) + stats.t.ppf([0.025, 0.975], n - 1) * np.sqrt(np.var(d, ddof=1) / n)
    return np.mean(d), *ends


@right
def with_pandas(scores_a, scores_b):
    import pandas as pd

    d = pd.Series(scores_b) - pd.Series(scores_a)
    reach = stats.t.isf(0.025, d.count() - 1) * d.sem()
    return d.mean(), d.mean() - reach, d.mean() + reach


# ---- Wrong: what is returned -------------------------------------------------------------------


@wrong("nothing is returned")
def prints(scores_a, scores_b):
    print(*difference(scores_a, scores_b))


@wrong("the mean difference alone")
def mean_alone(scores_a, scores_b):
    return (scores_b - scores_a).mean()


@wrong("two numbers in place of three")
def ends_alone(scores_a, scores_b):
    return difference(scores_a, scores_b)[1:]


@wrong("the result of a test in place of an interval")
def a_test(scores_a, scores_b):
    return stats.ttest_rel(scores_b, scores_a)


@wrong("the mean difference alone")
def p_value(scores_a, scores_b):
    return stats.ttest_rel(scores_b, scores_a).pvalue


@wrong("the differences of the pairs in place of their mean")
def all_differences(scores_a, scores_b):
    return scores_b - scores_a


@wrong("a number for each pair")
def interval_of_each(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * np.std(d, ddof=1) / np.sqrt(len(d))
    return d, d - reach, d + reach


@wrong("the parentheses of a call are missing")
def not_called(scores_a, scores_b):
    d = scores_b - scores_a
    return d.mean, d.min, d.max


@wrong("the scores that you were given are changed")
def in_place(scores_a, scores_b):
    scores_b -= scores_a
    return difference(0 * scores_b, scores_b)


@wrong("the scores that you were given are changed")
def sorts(scores_a, scores_b):
    before = difference(scores_a, scores_b)
    scores_a.sort()
    scores_b.sort()
    return before


@wrong("pairs of different seeds")
def in_two_orders(scores_a, scores_b):
    return difference(scores_a[::-1], scores_b)


@wrong("pairs of different seeds")
def b_is_sorted(scores_a, scores_b):
    return difference(scores_a, np.sort(scores_b))


@wrong("low, mean, high in place of mean, low, high")
def in_order(scores_a, scores_b):
    return sorted(difference(scores_a, scores_b))


@wrong("half the width in place of the ends")
def plus_minus(scores_a, scores_b):
    mean, _, high = difference(scores_a, scores_b)
    return mean, high - mean, high - mean


@wrong("two numbers in place of three")
def mean_and_reach(scores_a, scores_b):
    mean, _, high = difference(scores_a, scores_b)
    return mean, high - mean


@wrong("the package's answer, not yours", 0)
def by_the_package(scores_a, scores_b):
    return mean_interval(scores_b - scores_a)
