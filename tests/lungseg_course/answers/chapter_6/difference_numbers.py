"""Exercise 6.1, first function, with wrong numbers."""

import numpy as np
from scipy import stats

from answers import Answers
from answers.chapter_6.difference_given import beyond_chance, difference

answers = Answers("6.1")


def wrong(cause, share=None):
    """Return a decorator: the difference has a mistake, the verdict is right."""
    return lambda function: answers.wrong(cause, share)(function, beyond_chance)


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


@wrong("t is the same for any number of pairs")
def t_of_five_pairs(scores_a, scores_b):
    d = scores_b - scores_a
    reach = 2.78 * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("t is the same for any number of pairs")
def t_of_seven_pairs(scores_a, scores_b):
    d = scores_b - scores_a
    reach = 2.447 * stats.sem(d)
    return d.mean(), d.mean() - reach, d.mean() + reach


@wrong("the scores are sorted")
def of_sorted_scores(scores_a, scores_b):
    return difference(np.sort(scores_a), np.sort(scores_b))


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


def with_steps(t, s, root):
    """Return the interval with a factor, a spread and a root of one's own, each a function of the differences."""

    def difference(scores_a, scores_b):
        d = scores_b - scores_a
        reach = t(len(d)) * s(d) / root(len(d))
        return d.mean(), d.mean() - reach, d.mean() + reach

    return difference


def t_of(share=0.975, less=1):
    return lambda n: stats.t.ppf(share, n - less)


def spread(d):
    return d.std(ddof=1)


ROOT = "the root of n - 1 in place of that of n"
wrong(ROOT)(with_steps(t_of(), spread, lambda n: np.sqrt(n - 1)))
wrong(ROOT)(with_steps(t_of(less=0), spread, lambda n: np.sqrt(n - 1)))
answers.right(with_steps(t_of(), np.std, lambda n: np.sqrt(n - 1)), beyond_chance)  # twice 1 less, in another place
BY_N = "the spread is divided by n, not by n - 1"
wrong(BY_N)(with_steps(t_of(less=0), np.std, np.sqrt))
wrong(BY_N)(with_steps(t_of(0.95), np.std, np.sqrt))
wrong(BY_N)(with_steps(t_of(), np.std, lambda n: 1))
wrong("2.5 % too many on each side")(with_steps(t_of(0.95, less=0), spread, np.sqrt))
wrong("`cdf` in place of `ppf`")(with_steps(lambda n: stats.t.cdf(0.975, n - 1), spread, np.sqrt))
wrong("`cdf` in place of `ppf`")(with_steps(lambda n: stats.t.pdf(0.975, n - 1), spread, np.sqrt))
wrong("the arguments of `ppf` have changed places")(with_steps(lambda n: stats.t.ppf(n - 1, 0.975), spread, np.sqrt))
wrong("the degrees of freedom are missing")(with_steps(lambda n: stats.t.ppf(0.975), spread, np.sqrt))
wrong("both variants are counted")(
    with_steps(lambda n: stats.t.ppf(0.975, 2 * n - 1), spread, lambda n: np.sqrt(2 * n))
)


@wrong("a minus b")
def the_other_way_round_and_divided_by_n(scores_a, scores_b):
    return with_steps(t_of(), np.std, np.sqrt)(scores_b, scores_a)


@wrong("the sign is lost")
def absolute_mean(scores_a, scores_b):
    mean, low, high = difference(scores_a, scores_b)
    return abs(mean), abs(mean) - (mean - low), abs(mean) + (high - mean)


for fixed in (3, 5, 6, 7, 8):
    wrong("n is fixed")(with_steps(t_of(), spread, lambda _, n=fixed: np.sqrt(n)))
    wrong("n is fixed")(with_steps(lambda _, n=fixed: stats.t.ppf(0.975, n - 1), spread, lambda _, n=fixed: np.sqrt(n)))
    wrong("t is the same for any number of pairs")(
        with_steps(lambda _, n=fixed: stats.t.ppf(0.975, n - 1), spread, np.sqrt)
    )
