"""Notebook 6, exercise 6.1: the difference of two variants, and its interval."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_6.any_number import fixed_count, fixed_factor, t_factor
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at

THREE = "three numbers: the mean difference, and the two ends of its interval"


def t_share(degrees: float) -> float:
    from scipy import stats

    return float(stats.t.cdf(0.975, degrees))


def t_density(degrees: float) -> float:
    from scipy import stats

    return float(stats.t.pdf(0.975, degrees))


def interval_of(values, factor: Callable[[int], float] = lambda n: t_factor(n - 1), ddof: int = 1, root: float = 0.5):
    """Return the mean of some values and the ends of its interval; the settings are there to get it wrong."""
    n = len(values)
    reach = factor(n) * np.std(values, ddof=ddof) / n**root
    return np.array([np.mean(values), np.mean(values) - reach, np.mean(values) + reach])


def right(a, b):
    return interval_of(b - a)


def _with(**changed: Any) -> Callable:
    """Return the wrong reference that goes wrong in one step."""
    return lambda a, b: interval_of(b - a, **changed)


def _around_the_mean(reach: Callable) -> Callable:
    """Return the wrong reference whose interval has another half-width."""
    return lambda a, b: np.mean(b - a) + reach(a, b) * np.array([0, -1, 1])


def _errors(a, b) -> np.ndarray:
    """Return the squared standard errors of both means."""
    return np.array([a.var(ddof=1), b.var(ddof=1)]) / len(a)


def _welch(a, b) -> float:
    errors = _errors(a, b)
    degrees = errors.sum() ** 2 / (errors**2).sum() * (len(a) - 1)
    return t_factor(degrees) * errors.sum() ** 0.5


def _ends_of_both(a, b, crosswise: bool):
    (mean_a, low_a, high_a), (mean_b, low_b, high_b) = interval_of(a), interval_of(b)
    ends = (low_b - high_a, high_b - low_a) if crosswise else (low_b - low_a, high_b - high_a)
    return np.array([mean_b - mean_a, *ends])


def _picked(*places: int) -> Callable:
    """Return the reference that gives the three numbers in another order."""
    return lambda a, b: right(a, b)[list(places)]


def _half_the_width(a, b) -> np.ndarray:
    mean, _, high = right(a, b)
    return np.array([mean, high - mean, high - mean])


def _changed(out) -> str | None:
    for name, before, after in zip(("scores_a", "scores_b"), out.args, out.given, strict=True):
        if not np.array_equal(before, after):
            return name
    return None


# fmt: off
CALLED = (
    Raises("a list in place of an array", r"TypeError: unsupported operand type\(s\) for -: 'list' and 'list'",
           "Lists cannot be subtracted, arrays can, number by number.",
           "Leave the arrays that you are given as they are: `scores_b - scores_a`.", expected=THREE),
    Raises("a module is called like a function", "TypeError: 'module' object is not callable",
           "`stats.t` has a method for each question.", "Write `stats.t.ppf(0.975, n - 1)`.", expected=THREE),
    Raises("the degrees of freedom are missing", "TypeError: missing .*'df'", "t depends on how many pairs there are.",
           "Write `stats.t.ppf(0.975, n - 1)`.", expected=THREE),
    Raises("`ddof` in the wrong place", "TypeError: ddof", "`np.mean` has no `ddof`, `np.std` has.",
           "Write `np.std(differences, ddof=1)`.", expected=THREE),
    Raises("one answer for all pairs", "ValueError: truth value",
           "A comparison of arrays has an answer for each pair, and `if` wants a single one.",
           "Compare numbers: the ends of the interval.", expected=THREE),
)
CHANGED = When("the scores that you were given are changed", _changed,
               "`-=`, `.sort()` and the like work on the caller's own array.",
               "Make a new array: `differences = scores_b - scores_a`.",
               received=lambda out: f"afterwards `{out.found}` holds other numbers", expected="the scores as they were")
SHAPES = (
    When("the parentheses of a call are missing", lambda out: _uncalled(out.result),
         "`.mean` without parentheses is the function itself.", "Put `()` behind it, to call it.",
         received="a function among the numbers", expected=THREE),
    When("the result of a test in place of an interval", lambda out: type(out.result).__name__ == "TtestResult",
         "A test gives a statistic and a p-value: how surprising such a difference is, not how large.",
         "Build the interval from the mean and the spread of the differences.",
         received="a TtestResult", expected=THREE),
    Shape("the mean difference alone", (), "One number does not say how far chance may have moved it.",
          "Return the mean, and the two ends of the interval."),
    Shape("two numbers in place of three", (2,), "A mean and a half-width, or the two ends alone: one of the three is "
          "missing.", "Return `mean, low, high`."),
    When("the differences of the pairs in place of their mean",
         lambda out: out.value.shape == out.args[0].shape and np.allclose(np.sort(out.value),
                                                                         np.sort(out.args[1] - out.args[0])),
         "There is one for each seed. The interval is that of their mean.",
         "Take the mean of them, and its interval.", expected=THREE),
    When("the arguments of `ppf` have changed places",
         lambda out: out.value.shape == (3,) and np.isfinite(out.value).tolist() == [True, False, False],
         "The share comes first, then the degrees of freedom: no share is larger than 1.",
         "Write `stats.t.ppf(0.975, n - 1)`."),
    Shape("a number for each pair", lambda a, b: [(len(a),), (3, len(a)), (len(a), 3)],
          "The spread is one number for all pairs together.", "Use `np.mean` and `np.std` of the differences."),
)
FIXED_N = When("n is fixed", fixed_count,
               lambda out: f"It is {out.found} here, for 4 pairs as for {2 * len(out.args[0])}.",
               "Count the pairs: `n = len(differences)`.")
ONE_T = When("t is the same for any number of pairs", fixed_factor,
             lambda out: f"It is {out.found:.4g} here, for 4 pairs as for {2 * len(out.args[0])}. The fewer there are, "
                         "the larger t has to be.",
             "Write `stats.t.ppf(0.975, n - 1)`, where n is the number of pairs.")
STEPS = (
    Gives("a minus b", lambda a, b: right(b, a), "Where b is better, the difference should be above 0.",
          "Subtract the other way round: `scores_b - scores_a`.",
          also=(lambda a, b: right(b, a)[[0, 2, 1]], lambda a, b: interval_of(a - b, ddof=0),
                lambda a, b: np.array([np.mean(a - b), *right(a, b)[1:]]))),
    Gives("the scores are sorted", lambda a, b: right(np.sort(a), np.sort(b)),
          "Then the lowest scores stand beside each other, of whichever seeds, and no longer those of the same one.",
          "Leave the scores in their order."),
    Gives("pairs of different seeds", lambda a, b: right(a[::-1], b),
          "One of the two was put into another order. The mean is the same, and what a seed does to both no longer "
          "cancels in the differences.", "Subtract as they stand: `scores_b - scores_a`.",
          also=(lambda a, b: right(np.roll(a, 1), b), lambda a, b: right(np.roll(a, -1), b),
                lambda a, b: right(np.sort(a), b), lambda a, b: right(a, np.sort(b)))),
    Gives("the sign is lost", lambda a, b: interval_of(np.abs(b - a)),
          "With `abs`, worse looks like better, and chance never looks like 0.", "Leave `abs` out.",
          also=(lambda a, b: interval_of(np.abs(b - a), ddof=0), lambda a, b: np.abs(right(a, b)),
                lambda a, b: np.abs(np.mean(b - a)) + (right(a, b) - np.mean(b - a)))),
    Gives("the spread is divided by n, not by n - 1", _with(ddof=0),
          "`np.std` and an array's `.std()` divide by n unless told otherwise. Of a few trainings that is too little.",
          "Write `np.std(differences, ddof=1)`.",
          also=(_with(ddof=0, root=0), _with(ddof=0, root=1), _with(ddof=0, factor=lambda n: t_factor(n)),
                _with(ddof=0, factor=lambda n: t_factor(n - 1, 0.95)), _with(ddof=0, factor=lambda n: t_factor(1e9)),
                _with(ddof=0, factor=lambda n: 1.0))),
    Gives("the root of n - 1 in place of that of n", _with(factor=lambda n: t_factor(n - 1) * (n / (n - 1)) ** 0.5),
          "n - 1 is in the standard deviation already, with `ddof=1`, and in t.", "Divide by `np.sqrt(n)`.",
          also=(_with(factor=lambda n: t_factor(n) * (n / (n - 1)) ** 0.5),)),
    Gives("the square root of n is missing", _with(root=0),
          "That is how far single trainings spread. Their mean is steadier, the more there are.",
          "Divide the standard deviation by `np.sqrt(n)`."),
    Gives("divided by n in place of its root", _with(root=1),
          "Four times as many trainings halve the interval, they do not quarter it.", "Divide by `np.sqrt(n)`."),
    Gives("multiplied by the root of n", _with(root=-0.5), "More trainings would make it less certain.",
          "Divide by `np.sqrt(n)`."),
    Gives("1.96 in place of t", _with(factor=lambda n: t_factor(1e9)),
          "1.96 is for a spread that is known exactly. From a few trainings it is a guess itself, and t is larger.",
          "Take `stats.t.ppf(0.975, n - 1)`.", also=(_with(factor=lambda n: 2.0),)),
    Gives("n in place of n - 1 in t", _with(factor=lambda n: t_factor(n)),
          "One of the n differences is used up by their mean.", "Write `stats.t.ppf(0.975, n - 1)`.",
          also=(_with(factor=lambda n: t_factor(n - 2 or 0.1)),)),
    Gives("`cdf` in place of `ppf`", _with(factor=lambda n: t_share(n - 1)),
          "It answers the question the other way round: which share lies below 0.975.",
          "Write `stats.t.ppf(0.975, n - 1)`.", also=(_with(factor=lambda n: t_density(n - 1)),)),
    Gives("both variants are counted", _with(factor=lambda n: t_factor(2 * n - 1) / 2**0.5),
          "There are n differences, one for each pair, and not twice as many.", "Take `len(differences)`.",
          also=(_with(factor=lambda n: t_factor(2 * n - 2) / 2**0.5), _with(factor=lambda n: t_factor(2 * n - 2)),
                _with(factor=lambda n: t_factor(2 * n - 1)))),
    Gives("2.5 % too many on each side", _with(factor=lambda n: t_factor(n - 1, 0.95)),
          "With 0.95, 5 % lie outside on each side, 10 % together.", "Write `stats.t.ppf(0.975, n - 1)`.",
          also=(_with(factor=lambda n: t_factor(n, 0.95)), _with(factor=lambda n: t_factor(n - 1, 0.95), root=0))),
    Gives("too few outside", _with(factor=lambda n: t_factor(n - 1, 0.995)),
          "That is the interval of 99 %.", "Write `stats.t.ppf(0.975, n - 1)`."),
    Gives("the two ends have changed places", _picked(0, 2, 1),
          "t at 0.025 is below 0; or plus and minus are swapped.", "The lower end is the mean minus, the upper plus."),
    Gives("low, mean, high in place of mean, low, high", _picked(1, 0, 2), "", "Return the mean first.",
          also=(_picked(1, 2, 0),)),
    Gives("half the width in place of the ends", _half_the_width,
          "It says how far the ends are from the mean, not where they are.", "Return `mean - reach, mean + reach`."),
    Gives("t is missing", _with(factor=lambda n: 1.0),
          "The mean ± one standard error holds the truth in about two of three cases at best.",
          "Multiply by `stats.t.ppf(0.975, n - 1)`."),
    Gives("the standard deviation in place of an interval", _with(factor=lambda n: 1.0, root=0),
          "It says how far single trainings spread, not how far off their mean may be.",
          "Divide it by the root of n, and multiply it by t.",
          also=(_with(factor=lambda n: 1.96, root=0), _with(factor=lambda n: 2.0, root=0),
                _with(factor=lambda n: 1.0, root=0, ddof=0), _with(factor=lambda n: 1.96, root=0, ddof=0),
                _with(factor=lambda n: 2.0, root=0, ddof=0))),
    Gives("the smallest and the largest in place of an interval",
          lambda a, b: np.array([np.mean(b - a), np.min(b - a), np.max(b - a)]),
          "They drift apart with more trainings; an interval of the mean draws together.",
          "Compute it from the standard deviation.",
          also=(lambda a, b: np.array([np.mean(b - a), *np.percentile(b - a, [2.5, 97.5])]),)),
    Gives("the median in place of the mean", lambda a, b: right(a, b) + np.median(b - a) - np.mean(b - a),
          "", "Use `np.mean`.", also=(lambda a, b: np.array([np.median(b - a), *right(a, b)[1:]]),)),
    Gives("the pairs are torn apart", _around_the_mean(_welch),
          "The spread of a and that of b are both in it, although a seed may be kind to both. Here pairs were trained "
          "with the same seed.", "Take the differences first, seed by seed, then their standard deviation.",
          also=(_around_the_mean(lambda a, b: t_factor(2 * len(a) - 2) * _errors(a, b).sum() ** 0.5),
                _around_the_mean(lambda a, b: t_factor(len(a) - 1) * _errors(a, b).sum() ** 0.5),
                _around_the_mean(lambda a, b: 1.96 * _errors(a, b).sum() ** 0.5))),
    Gives("the ends of two intervals are subtracted", partial(_ends_of_both, crosswise=False),
          "An interval of each variant does not make one of their difference.",
          "Take the differences first, seed by seed, then their interval.",
          also=(partial(_ends_of_both, crosswise=True),)),
    Gives("the interval of one variant", lambda a, b: interval_of(b), "It is that of b alone.",
          "Begin with `differences = scores_b - scores_a`.",
          also=(lambda a, b: interval_of(a), lambda a, b: np.array([np.mean(b - a), *interval_of(b)[1:]]),
                lambda a, b: np.array([np.mean(b - a), *interval_of(a)[1:]]))),
    Gives("the spread of one variant", _around_the_mean(lambda a, b: interval_of(b)[2] - b.mean()),
          "The mean is that of the differences, and the spread is that of one variant's scores.",
          "Take the standard deviation of the differences.",
          also=(_around_the_mean(lambda a, b: interval_of(a)[2] - a.mean()),)),
    Gives("an interval around 0", lambda a, b: np.array([np.mean(b - a), *(right(a, b)[1:] - np.mean(b - a))]),
          "It should lie around the mean difference.", "Add the mean to both ends."),
    Gives("the variance in place of the standard deviation",
          _around_the_mean(lambda a, b: t_factor(len(a) - 1) * np.var(b - a, ddof=1) / len(a) ** 0.5),
          "It is the square of it.", "Use `np.std(differences, ddof=1)`.",
          also=(_around_the_mean(lambda a, b: t_factor(len(a) - 1) * np.var(b - a, ddof=1) / len(a)),
                _around_the_mean(lambda a, b: t_factor(len(a) - 1) * np.var(b - a) / len(a) ** 0.5))),
    Gives("a share of a in place of the difference", lambda a, b: interval_of((b - a) / a),
          "Scores are differences of Dice here, not percent of the first one.", "Leave out the division."),
    Gives("in percent", lambda a, b: 100 * right(a, b), "The scores are shares, from 0 to 1.", "Leave out the 100."),
    Gives("the sum in place of the mean", lambda a, b: right(a, b) * len(a), "", "Divide by the number of pairs.",
          also=(lambda a, b: np.array([np.sum(b - a), *right(a, b)[1:]]),)),
    Gives("three decimals", lambda a, b: np.round(right(a, b), 3), "Differences are small here: rounded, they are "
          "gone.", "Round when you print, not when you compute.", also=(lambda a, b: np.round(right(a, b), 2),)),
)
# fmt: on


def _uncalled(result: Any) -> bool:
    parts = result if isinstance(result, (tuple, list)) else [result]
    return any(callable(part) for part in parts)


KIND = Numbers("mean, low and high", tolerance=1e-6, absolute=1e-5)


def _scores(rng, n: int, step: float, spread: float = 0.004) -> tuple[np.ndarray, np.ndarray]:
    """Make the scores of two variants, to four decimals: b is better by about `step`, and a seed is kind to both."""
    luck = rng.normal(0, 0.006, n)
    a = 0.93 + luck + rng.normal(0, spread, n)
    b = 0.93 + luck + step + rng.normal(0, spread, n)
    return a.round(4), b.round(4)


def _odd_enough(rng, n: int, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Make scores at which mistakes differ: the mean is not the median, and no difference has lost its sign."""
    while True:
        a, b = _scores(rng, n, step)
        d = b - a
        signs = (d < 0).any() and (d > 0).any() and np.mean(d) * step > 0
        if signs and min(abs(np.mean(d) - np.median(d)), abs(a.std() - b.std())) > 5e-4:
            return a, b


ROWS = (*SHAPES, CHANGED, FIXED_N, ONE_T, *STEPS, *CALLED)
# Where b is worse, who has lost the sign gets what a minus b is; and who has subtracted a minus b has been told before.
WORSE = tuple(row for row in ROWS if row.name != "a minus b")


@look_at("difference", right, ROWS, kind=KIND)
def look_difference(rng):
    """Seven pairs, then eight: the factor t differs. (With few pairs, some mistakes come to the same numbers.)"""
    yield Case(*_odd_enough(rng, 7, 0.003), tried="difference(scores_a, scores_b) with the scores of 7 seeds")
    tried = "difference(scores_a, scores_b) with the scores of 8 seeds, where b is worse"
    yield Case(*_odd_enough(rng, 8, -0.003), tried=tried, rows=WORSE)
