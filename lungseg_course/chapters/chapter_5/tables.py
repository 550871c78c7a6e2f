"""Notebook 5: tables of made-up cases, and what often goes wrong with a table."""

from collections.abc import Sequence

import numpy as np

from lungseg_course.engine.rows import Raises, When

GROUPS = (("Montgomery", "normal"), ("Shenzhen", "normal"), ("Shenzhen", "tuberculosis"))
BY = ["source", "diagnosis"]


def _what_changed(out) -> str:
    before, after = out.args[0], out.given[0]
    if not before.columns.equals(after.columns):
        return f"afterwards it has the columns {', '.join(map(str, after.columns))}"
    return "afterwards its rows " + ("hold other values" if before.index.equals(after.index) else "are others")


# fmt: off
MISSING_COLUMN = Raises(
    lambda out: f"there is no column {out.error}", "KeyError",
    "A name that is not among the columns is a KeyError; capitals count.", "Print `table.columns`.",
    expected="the columns source, diagnosis, dice, hd95, tp, fp, fn and others")
NO_SUCH_NAME = Raises(
    lambda out: f"the table has no `{out.found[1]}`", r"AttributeError: 'DataFrame' object has no attribute '(\w+)'",
    "There is neither a column nor a method of that name; capitals count.", "Print `table.columns`.",
    expected="the columns source, diagnosis, dice, hd95, tp, fp, fn and others")
CHANGED = When(
    "the table that you were given is changed", lambda out: out.changed,
    "`table[...] = ...`, and methods with `inplace=True`, work on the caller's own table.",
    "Keep intermediate results in variables of your own.",
    received=_what_changed,
    expected="the table as it was")
# fmt: on


def made_up_table(rng: np.random.Generator, count: int, groups: Sequence[tuple[str, str]]):
    """Make a table as `lungseg.evaluate` gives it, of made-up cases that belong to the groups in turn."""
    import pandas as pd

    tp = rng.integers(100, 3000, size=count)
    fp, fn = rng.integers(5, 400, size=count), rng.integers(5, 900, size=count)
    return pd.DataFrame(
        {
            "case": [f"CASE_{k:04d}" for k in range(count)],
            "source": [groups[k % len(groups)][0] for k in range(count)],
            "diagnosis": [groups[k % len(groups)][1] for k in range(count)],
            "dice": 2 * tp / (2 * tp + fp + fn),
            "jaccard": tp / (tp + fp + fn),
            "hd95": rng.uniform(2, 30, size=count),
            "assd": rng.uniform(0.5, 4, size=count),
            "components": rng.integers(1, 5, size=count),
            **{"tp": tp, "fp": fp, "fn": fn},
        }
    )
