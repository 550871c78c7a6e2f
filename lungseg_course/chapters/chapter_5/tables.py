"""Notebook 5: tables of made-up cases, and what often goes wrong with a table."""

from lungseg_course.engine.verdict import Wrong


def made_up_table(rng, count: int, groups=(("Shenzhen", "normal"),)):
    """Make a table as `lungseg.evaluate` gives it, of made-up cases."""
    import pandas as pd

    tp = rng.integers(100, 3000, size=count)
    fp, fn = rng.integers(5, 400, size=count), rng.integers(5, 900, size=count)
    rows = pd.DataFrame(
        {
            "case": [f"CASE_{k:04d}" for k in range(count)],
            "source": [groups[k % len(groups)][0] for k in range(count)],
            "diagnosis": [groups[k % len(groups)][1] for k in range(count)],
            "dice": 2 * tp / (2 * tp + fp + fn),
            "jaccard": tp / (tp + fp + fn),
            "hd95": rng.uniform(2, 30, size=count),
            "assd": rng.uniform(0.5, 4, size=count),
            "components": rng.integers(1, 5, size=count),
            "tp": tp,
            "fp": fp,
            "fn": fn,
        }
    )
    return rows


def explain_missing_column(error: Exception) -> Wrong | None:
    """Name the column that is not there; None for other errors."""
    if not isinstance(error, KeyError):
        return None
    return Wrong(
        f"there is no column {error}",
        received="",
        expected="the columns source, diagnosis, dice, hd95, tp, fp, fn and others",
        why="A name that is not among the columns is a KeyError; capitals count.",
        remedy="Print `table.columns`.",
    )


def expect_untouched(table, before) -> None:
    """Raise `Wrong` if the student's function has changed the table that it was given."""
    if table.equals(before) and list(table.columns) == list(before.columns):
        return
    raise Wrong(
        "the table that you were given is changed",
        received=f"afterwards it has the columns {', '.join(map(str, table.columns))}",
        expected="the table as it was",
        why="`table[...] = ...`, and methods with `inplace=True`, work on the caller's own table.",
        remedy="Keep intermediate results in variables of your own.",
    )
