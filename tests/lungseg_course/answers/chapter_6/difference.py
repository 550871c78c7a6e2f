"""Exercise 6.1, first function: the difference of two variants, and its interval."""

import math
import statistics

import numpy as np
from scipy import stats

from answers import Answers
from lungseg_course.experiments.statistics import mean_interval

answers = Answers("6.1")


def difference(scores_a, scores_b):
    d = scores_b - scores_a
    n = len(d)
    reach = stats.t.ppf(0.975, n - 1) * np.std(d, ddof=1) / np.sqrt(n)
    return d.mean(), d.mean() - reach, d.mean() + reach


def beyond_chance(scores_a, scores_b):
    _, low, high = difference(scores_a, scores_b)
    return low > 0 or high < 0


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
    t = {6: 2.571, 8: 2.365}[len(d)]
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


# ---- Wrong: the numbers ------------------------------------------------------------------------


@wrong("a minus b")
def the_other_way_round(scores_a, scores_b):
    return difference(scores_b, scores_a)


@wrong("the sign is lost")
def absolute(scores_a, scores_b):
    d = abs(scores_b - scores_a)
    return difference(0 * d, d)


@wrong("the spread is divided by n, not by n - 1")
def of_the_population(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * d.std() / np.sqrt(len(d))
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("the square root of n is missing")
def no_root(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("divided by n in place of its root")
def divided_by_n(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / len(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("1.96 in place of t")
def normal(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.norm.ppf(0.975) * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("n in place of n - 1 in t")
def degrees_of_n(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d)) * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("2.5 % too many on each side")
def one_sided(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.95, len(d) - 1) * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("the two ends have changed places")
def lower_quantile(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.025, len(d) - 1) * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("t is missing")
def one_standard_error(scores_a, scores_b):
    d = scores_b - scores_a
    return d.mean(), d.mean() - stats.sem(d), d.mean() + stats.sem(d)


@wrong("the standard deviation in place of an interval")
def one_standard_deviation(scores_a, scores_b):
    d = scores_b - scores_a
    return d.mean(), d.mean() - d.std(ddof=1), d.mean() + d.std(ddof=1)


@wrong("the smallest and the largest in place of an interval")
def smallest_and_largest(scores_a, scores_b):
    d = scores_b - scores_a
    return d.mean(), d.min(), d.max()


@wrong("the smallest and the largest in place of an interval")
def percentiles(scores_a, scores_b):
    d = scores_b - scores_a
    return d.mean(), *np.percentile(d, [2.5, 97.5])


@wrong("the pairs are torn apart")
def two_groups(scores_a, scores_b):
    ends = stats.ttest_ind(scores_b, scores_a).confidence_interval()
    return scores_b.mean() - scores_a.mean(), ends.low, ends.high


@wrong("the pairs are torn apart")
def two_groups_of_welch(scores_a, scores_b):
    ends = stats.ttest_ind(scores_b, scores_a, equal_var=False).confidence_interval()
    return scores_b.mean() - scores_a.mean(), ends.low, ends.high


@wrong("the ends of two intervals are subtracted")
def two_intervals(scores_a, scores_b):
    one, other = difference(0 * scores_a, scores_a), difference(0 * scores_b, scores_b)
    return tuple(b - a for a, b in zip(one, other, strict=True))


@wrong("the interval of one variant")
def of_b_alone(scores_a, scores_b):
    return difference(0 * scores_b, scores_b)


@wrong("the variance in place of the standard deviation")
def variance(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * np.var(d, ddof=1) / np.sqrt(len(d))
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("in percent")
def percent(scores_a, scores_b):
    return difference(100 * scores_a, 100 * scores_b)


@wrong("three decimals")
def rounded(scores_a, scores_b):
    return np.round(difference(scores_a, scores_b), 3)


@wrong("a share of a in place of the difference")
def relative(scores_a, scores_b):
    return difference(0 * scores_a, (scores_b - scores_a) / scores_a)


@wrong("a module is called like a function")
def calls_a_module(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats(0.975, len(d) - 1) * np.std(d, ddof=1) / np.sqrt(len(d))
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("`ddof` in the wrong place")
def ddof_of_the_mean(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, len(d) - 1) * np.std(d, ddof=1) / np.sqrt(len(d))
    return np.mean(d, ddof=1), np.mean(d) - reach, np.mean(d) + reach


@wrong("the name `n` is not known")
def unknown_n(scores_a, scores_b):
    d = scores_b - scores_a
    reach = stats.t.ppf(0.975, n - 1) * np.std(d, ddof=1) / np.sqrt(n)  # noqa: F821
    return d.mean(), d.mean() - reach, d.mean() + reach
