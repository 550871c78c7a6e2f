"""Notebook 5, exercise 5.2: scores of only some of the cases, and a table in which rules that drop cases show."""

from collections.abc import Callable, Iterator

import numpy as np

from lungseg_course.chapters.chapter_5.tables import GROUPS, made_up_table
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import When


def table_with_a_failure(rng):
    """Make a table of 16 good cases but one: so far off that each usual rule would call it an outlier."""
    table = made_up_table(rng, 16, GROUPS)
    wrong = rng.permutation(np.arange(80, 240, 10))  # at even distances: no other case stands apart
    tp, fp = rng.integers(2300, 2500, 16), rng.integers(20, 60, 16)
    fn = wrong - fp
    failed = int(rng.integers(1, 15))
    tp[failed], fp[failed], fn[failed] = 60, 1200, 2400  # not 0: else a rule and a wrong number of cases look the same
    table = table.assign(tp=tp, fp=fp, fn=fn, dice=2 * tp / (2 * tp + fp + fn), jaccard=tp / (tp + fp + fn))
    table.loc[[0, 15], "components"] = 2  # whatever was drawn, some cases are as they should be
    table.loc[failed, ["hd95", "assd", "components"]] = 95.0, 30.0, 6
    return table


def _kept_by_rules(table) -> Iterator:
    """Yield what is left of a table by the rules that come to mind, as a mask of its rows."""
    places = table["dice"].rank(method="first")
    for low in range(1, len(table)):
        for high in range(len(table) - low):
            yield (places > low) & (places <= len(table) - high)
    for column in table.columns.drop("case"):
        for limit in table[column].unique():
            yield from (table[column] == limit, table[column] != limit)
            yield from (table[column] < limit, table[column] > limit)


def _left_out(score: Callable, out) -> tuple[bool, int] | None:
    """Return whether the worst case is among those that were left out, and how many are; None if it is not that."""
    if out.is_right or out.value.shape != ():
        return None
    table = out.args[0]
    for kept in _kept_by_rules(table):
        if kept.any() and np.isclose(score(table[kept]), out.value, rtol=1e-8, atol=0):
            return not kept[table["dice"].idxmin()], int((~kept).sum())
    return None


def some_cases(score: Callable) -> When:
    """Return the row of a score of some of the cases; `score` makes the right one of a table."""
    return When(
        lambda out: "failures are left out" if out.found[0] else "cases are left out",
        lambda out: _left_out(score, out),
        lambda out: (
            f"{counted(out.found[1], 'case')} of {len(out.args[0])} {'is' if out.found[1] == 1 else 'are'} left out"
            + (": a lung that was missed is the worst case of all, and no outlier." if out.found[0] else ".")
        ),
        "Use the whole table, whatever its values.",
    )
