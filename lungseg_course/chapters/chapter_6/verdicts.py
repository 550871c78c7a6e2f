"""Notebook 6, exercise 6.1: whether a difference is beyond chance."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_6.differences import interval_of, right
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.table import Case, look_at
from lungseg_course.engine.verdict import Wrong


def beyond(a, b) -> bool:
    _, low, high = right(a, b)
    return bool(low > 0 or high < 0)


def _each(verdict: Callable) -> Callable:
    """Return the function of several pairs that gives the verdict on each."""
    return lambda *pairs: [bool(verdict(a, b)) for a, b in pairs]


class Verdicts(Numbers):
    """Answers of yes and no, one for each pair of variants."""

    def read(self, result: Any) -> np.ndarray:
        for verdict in result:
            if not isinstance(verdict, (bool, np.bool_)):
                told = "nothing is returned" if verdict is None else "not True or False"
                raise Wrong(
                    told,
                    received=describe(verdict),
                    expected="True or False",
                    why="A function returns only what follows `return`." if verdict is None else "",
                    remedy="End with `return`, and a comparison behind it: `low > 0 or high < 0`.",
                )
        return np.array(result, dtype="float64")

    def show(self, value: np.ndarray, right: Any) -> tuple[str, str]:
        place = int(np.argmax(value != np.asarray(right)))
        return (
            f"{bool(value[place])} for {PAIRS[place]}",
            f"{bool(right[place])}",
        )


def overlap(a, b) -> bool:
    (_, low_a, high_a), (_, low_b, high_b) = interval_of(a), interval_of(b)
    return bool(low_a <= high_b and low_b <= high_a)


PAIRS = (
    "two variants of which b is clearly better, in each of 4 seeds",
    "two variants of which b is clearly worse, in each of 4 seeds",
    "two variants that differ by about 0.001, now this way and now that way",
    "two variants that differ by 0.04 on average, with 3 seeds that disagree",
    "two variants of which b is a little better in each of 5 seeds, while the seeds differ more than the variants",
    "two variants of which b is better by 0.0005, 0.0005 and 0.02 in 3 seeds: all on one side, and far apart",
    "two variants of which b is better by 0.012 and 0.013, and worse by 0.0005, in 3 seeds",
    "two variants of which b is worse by 0.001 on average, with 4 seeds that disagree",
    "two variants of which b is better by 0.003 on average, with 4 seeds that disagree widely",
)


def _pairs(rng) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make a pair of variants for each of `PAIRS`."""
    base = 0.86 + rng.uniform(0, 0.02)
    small = np.array([0.001, -0.0012, 0.0008, 0.0003])
    luck = np.array([0.03, -0.02, 0.0, 0.05, -0.04])
    steady = np.array([0.006, 0.0065, 0.0055, 0.006, 0.007])
    jitter = rng.permutation(small)
    swapped = luck[[1, 0, 3, 2]] + small / 4
    pairs = [
        (base - jitter, base + 0.05 + jitter[::-1]),
        (base + 0.05 - jitter, base + jitter[::-1]),
        (base + np.zeros(4), base + 0.0004 + 3 * rng.permutation(small)),
        (base + np.zeros(3), base + rng.permutation([0.16, -0.08, 0.04])),
        (base + luck, base + luck + rng.permutation(steady)),
        (base + np.zeros(3), base + rng.permutation([0.0005, 0.0005, 0.02])),
        (base + np.zeros(3), base + rng.permutation([-0.0005, 0.012, 0.013])),
        (base + np.zeros(4), base - 0.0014 + 2 * rng.permutation(small)),
        (base + luck[:4], base + 0.003 + swapped),
    ]
    return [(a.round(5), b.round(5)) for a, b in pairs]


def _run(answer: Callable, *pairs: tuple) -> list:
    return [answer(a.copy(), b.copy()) for a, b in pairs]


def _is_of_ranks(out) -> bool:
    """Whether no difference is beyond chance, but the clear one is with three times as many seeds."""
    a, b = (np.tile(scores, 3) for scores in out.args[0])
    try:
        return not out.value.any() and bool(out.answer(a, b))
    except Exception:
        return False


# fmt: off
LOOK_AT_THE_ENDS = "Ask whether 0 lies outside: `low > 0 or high < 0`."
VERDICTS = (
    When("a test of ranks", _is_of_ranks,
         "A test that asks only for ranks or signs, as that of Wilcoxon, has no p-value below 0.05 with 5 pairs or "
         "fewer, however far apart the variants are.", LOOK_AT_THE_ENDS),
    Gives("upside down", _each(lambda a, b: not beyond(a, b)), "With 0 inside of the interval, chance alone would do.",
          LOOK_AT_THE_ENDS),
    Gives("a difference downwards does not count", _each(lambda a, b: right(a, b)[1] > 0),
          "Where b is clearly worse, that is beyond chance, too: the whole interval lies below 0.", LOOK_AT_THE_ENDS),
    Gives("a difference upwards does not count", _each(lambda a, b: right(a, b)[2] < 0),
          "Where b is clearly better, the whole interval lies above 0.", LOOK_AT_THE_ENDS),
    Gives("never beyond chance", _each(lambda a, b: False),
          "It is False for each pair of variants. Is there an `and` for an `or`? The lower end cannot be above 0 while "
          "the upper one is below.", LOOK_AT_THE_ENDS),
    Gives("always beyond chance", _each(lambda a, b: True),
          "Two means of a few trainings are never quite equal; and the upper end lies above 0, or the lower one below, "
          "of every interval.", LOOK_AT_THE_ENDS),
    Gives("the pairs are torn apart", _each(lambda a, b: not overlap(a, b)),
          "The interval of each variant, or a test of two separate groups, holds the luck of the seeds. Pairs share "
          "it, and in their differences it is gone: two intervals may overlap although b is better with each seed.",
          "Look at the interval of the differences.", also=(_each(overlap),)),
    Gives("the scores are sorted", _each(lambda a, b: beyond(np.sort(a), np.sort(b))),
          "Then the lowest scores stand beside each other, of whichever seeds: the pairs are torn apart.",
          "Leave the scores in their order."),
    Gives("whether the two clouds touch", _each(lambda a, b: a.max() < b.min() or b.max() < a.min()),
          "Clouds that lie apart may do so by chance, with few seeds; and clouds that overlap may differ beyond "
          "chance, where b is better with each seed.", LOOK_AT_THE_ENDS,
          also=(_each(lambda a, b: a.max() < b.min()), _each(lambda a, b: a.max() >= b.min() and b.max() >= a.min()))),
    Gives("the two means are compared", _each(lambda a, b: b.mean() > a.mean()),
          "Of two means of a few trainings one is always higher.", LOOK_AT_THE_ENDS),
    *(Gives("a limit of one's own", _each(lambda a, b, limit=limit, sign=sign: sign(b.mean() - a.mean()) > limit),
            "How large a difference is, and whether chance could have made it, are two questions: with seeds that "
            "disagree, 0.04 may be nothing, and 0.006 much with seeds that agree.", LOOK_AT_THE_ENDS)
      for limit in (0.002, 0.005, 0.0065, 0.0075, 0.01, 0.03) for sign in (abs, float)),
    Gives("whether all seeds agree", _each(lambda a, b: np.all(b > a) or np.all(b < a)),
          "Three differences lie on one side by chance in one case of four.", LOOK_AT_THE_ENDS,
          also=(_each(lambda a, b: np.all(b > a)),)),
    Gives("the two ends have changed their signs", _each(lambda a, b: right(a, b)[2] > 0),
          "The upper end above 0 says only that b may be better.", LOOK_AT_THE_ENDS,
          also=(_each(lambda a, b: right(a, b)[1] < 0),)),
    Gives("the three numbers are taken in another order",
          _each(lambda a, b: right(a, b)[0] > 0 or right(a, b)[2] < 0),
          "`difference` returns the mean first. Who takes it for an end asks whether b is better, in the mean.",
          "Write `mean, low, high = difference(scores_a, scores_b)`."),
    Gives("the difference is compared with its spread",
          _each(lambda a, b: abs(np.mean(b - a)) > np.std(b - a, ddof=1)),
          "The standard deviation says how far single trainings spread.", LOOK_AT_THE_ENDS,
          also=(_each(lambda a, b: abs(np.mean(b - a)) > np.std(b - a)),)),
    Raises("the three numbers are compared with 0 at once", "TypeError: '[<>]=?' not supported.*'tuple'",
           "`difference` gives three numbers.", "Take them apart: `mean, low, high = difference(scores_a, scores_b)`.",
           expected="True or False"),
    Raises("the wrong number of names", "ValueError: unpack", "`difference` gives three numbers.",
           "Take them apart: `mean, low, high = difference(scores_a, scores_b)`.", expected="True or False"),
    Raises("one answer for all pairs", "ValueError: truth value",
           "A comparison of arrays has an answer for each pair, and `if`, `and` and `or` want a single one.",
           "Compare the ends of the interval, which are numbers.", expected="True or False"),
    Raises("a function in place of what it gives", "TypeError: '[<>]=?' not supported.*'function'",
           "Without parentheses, `difference` is the function itself.", "Call it: `difference(scores_a, scores_b)`.",
           expected="True or False"),
)
# fmt: on


@look_at(
    "beyond_chance",
    _each(beyond),
    VERDICTS,
    kind=Verdicts("the verdicts"),
    run=_run,
    place=1,
)
def look_verdict(rng):
    """Nine pairs of variants, of which three differ beyond chance."""
    yield Case(*_pairs(rng), tried="beyond_chance(scores_a, scores_b) with nine pairs of variants")
