"""Notebook 5, exercise 5.3: what is looked at in the groups."""

import numpy as np

from lungseg_course.chapters.chapter_5.tables import expect_untouched, explain_missing_column, made_up_table
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, describe, expect_close, trying

GROUPS = (("Montgomery", "normal"), ("Shenzhen", "normal"), ("Shenzhen", "tuberculosis"))
COLUMNS = ("cases", "dice", "worst")
ROUNDED = 6e-4  # whoever rounds to three decimals is welcome


def look_groups(by_group, rng) -> None:
    """A row for each source with each diagnosis, with the three columns."""
    table = _groups_table(rng)
    with _trying_groups(len(table)):
        rows = _rows(by_group(table.copy()))
        keys = list(zip(rows["source"], rows["diagnosis"], strict=True))
        expected = f"{len(GROUPS)} rows: {', '.join(' '.join(group) for group in GROUPS)}"
        if len(keys) == len(table) > len(set(keys)):
            raise Wrong(
                "a row for each case",
                received=f"{len(keys)} rows",
                expected=expected,
                why="`transform` gives each case the number of its group.",
                remedy="Use `groupby` with `agg`, which gives one row for each group.",
            )
        empty = sorted(" ".join(map(str, key)) for key in keys if key not in GROUPS)
        if empty:
            raise Wrong(
                "a row for a group without cases",
                received=f"a row for {empty[0]}",
                expected=expected,
                why="No case belongs to it, so there is nothing to say about it.",
                remedy='`table.groupby(["source", "diagnosis"])` makes groups of what is there.',
            )
        missing = [" ".join(group) for group in GROUPS if group not in keys]
        if missing or len(keys) != len(GROUPS):
            raise Wrong(
                "groups are missing" if missing else "a group comes twice",
                received=counted(len(keys), "row") + (f", none for {missing[0]}" if missing else ""),
                expected=expected,
                remedy='Group by both columns at once: `groupby(["source", "diagnosis"])`.',
            )


def look_group_numbers(by_group, rng) -> None:
    """The number of cases, the mean Dice and the lowest Dice of each group."""
    table = _groups_table(rng)
    with _trying_groups(len(table)):
        own = table.copy()
        rows = _rows(by_group(own)).set_index(["source", "diagnosis"])
        groups = table.groupby(["source", "diagnosis"])
        dice = groups["dice"]
        order = list(dice.groups)
        if not set(order) <= set(rows.index):
            raise Wrong(
                "groups are missing",
                received=counted(len(rows), "row"),
                expected=f"{len(GROUPS)} rows, one for each source with each diagnosis",
                remedy='Group by both columns at once: `groupby(["source", "diagnosis"])`.',
            )
        rows = rows.loc[order]
        pooled = groups[["tp", "fp", "fn"]].sum()
        known = {
            "cases": {
                "the number of all the cases": (
                    [len(table)] * len(order),
                    "Each group has its own number.",
                    "Count within the group: `size`.",
                ),
                "the number of different values": (dice.nunique(), "Two cases may have the same Dice.", "Use `size`."),
                "a sum in place of a number of cases": (dice.sum(), "", "Count the cases: `size`."),
            },
            "dice": {
                "the median": (dice.median(), "It is the case in the middle of the group.", "Use `mean`."),
                "the sum": (dice.sum(), "It grows with the number of cases.", "Use `mean`."),
                "the pooled F1 of the group": (
                    2 * pooled["tp"] / (2 * pooled["tp"] + pooled["fp"] + pooled["fn"]),
                    "Here each patient is to count the same.",
                    "Take the mean of the column `dice`.",
                ),
                "the mean Jaccard": (groups["jaccard"].mean(), "", "Take the column `dice`."),
                "the spread": (dice.std(), "`std` says how much the cases differ.", "Use `mean`."),
                "the mean of all the cases": (
                    [table["dice"].mean()] * len(order),
                    "",
                    "Take the mean within the group.",
                ),
            },
            "worst": {
                "the best, not the worst": (dice.max(), "Of a Dice, *low* is bad.", "Use `min`."),
                "the largest HD95": (groups["hd95"].max(), "", "Take the lowest value of the column `dice`."),
                "the first case of the group": (
                    dice.first(),
                    "The first one in the list need not be the lowest.",
                    "Use `min`.",
                ),
                "the row of the worst case": (dice.idxmin(), "`idxmin` says where it is.", "Use `min` for its Dice."),
                "the lowest of all the cases": (
                    [table["dice"].min()] * len(order),
                    "",
                    "Take the lowest within the group.",
                ),
            },
        }
        expected = {"cases": dice.size(), "dice": dice.mean(), "worst": dice.min()}
        for column in COLUMNS:
            mistakes = {
                f"column {column}: {name}": (np.asarray(value, dtype="float64"), why, remedy)
                for name, (value, why, remedy) in known[column].items()
            }
            if rows[column].dtype.kind not in "biuf" and not _numbers(rows[column]):
                raise Wrong(
                    f"column {column}: text in place of numbers",
                    received=str(rows[column].tolist())[:80],
                    expected="a number for each group",
                    remedy="Take the numbers of the column `dice`.",
                )
            values = rows[column].astype("float64").to_numpy()
            expect_close(values, expected[column].to_numpy(), mistakes, ROUNDED, f"the column {column}")
        expect_untouched(own, table)


def _trying_groups(count: int):
    groups = ", ".join(" ".join(group) for group in GROUPS)
    return trying(f"by_group(table) with {count} cases: {groups}", _explain)


def _explain(error: Exception) -> Wrong | None:
    text = str(error)
    if "Label(s)" in text:  # of pandas
        return Wrong(
            "new names in a dictionary, or a pair turned round",
            received="",
            expected="a column for each new name",
            why="In a dictionary `agg` looks for columns of these names. And in a pair the column comes first, then "
            "what is made of it.",
            remedy='Write the new name before an equals sign: `agg(cases=("dice", "size"), ...)`.',
        )
    if isinstance(error, TypeError) and "Must provide 'func'" in text:
        return Wrong(
            "the column is not named",
            received="",
            expected="a column for each new name",
            why="`agg` has to know of which column the size, the mean or the minimum is wanted.",
            remedy='Give each new name a pair: `agg(cases=("dice", "size"), ...)`.',
        )
    if "level name" in text:
        return Wrong(
            "two names without a list",
            received="",
            expected="a row for each source with each diagnosis",
            why="Without square brackets the second name is taken for another argument of `groupby`.",
            remedy='Write `groupby(["source", "diagnosis"])`.',
        )
    if isinstance(error, TypeError) and ("does not support" in text or "agg function failed" in text):
        return Wrong(
            "a mean of names",
            received="",
            expected="a mean of the column dice",
            why="Without saying which column, all of them are summed up, the names of the cases too.",
            remedy='Say it for each new column: `agg(dice=("dice", "mean"), ...)`.',
        )
    return explain_missing_column(error)


def _groups_table(rng):
    table = made_up_table(rng, 12, (*GROUPS, GROUPS[2], GROUPS[1], GROUPS[2]))
    table.loc[5, ["dice"]] = table.loc[2, "dice"]  # two cases of one group with the same Dice
    return table


def _rows(result):
    """Return the student's table with source and diagnosis as columns."""
    import pandas as pd

    if not isinstance(result, pd.DataFrame):
        unfinished = "GroupBy" in type(result).__name__
        raise Wrong(
            "the groups are not summed up" if unfinished else "not a table",
            received=describe(result) if result is None else f"a {type(result).__name__}",
            expected=f"a DataFrame with the columns {', '.join(COLUMNS)}",
            why="`groupby` only sorts the rows into groups."
            if unfinished
            else ("Without `return` a function gives None." if result is None else ""),
            remedy="Call `.agg(...)` of the groups." if unfinished else "Return what `agg` gives.",
        )
    # Names of columns that agg was given as a dict of lists have two levels.
    missing = [name for name in COLUMNS if name not in result.columns or result.columns.nlevels > 1]
    if missing:
        raise Wrong(
            "the columns have other names",
            received=f"the columns {', '.join(map(str, result.columns[:4]))}"
            + (f" and {len(result.columns) - 4} more" if len(result.columns) > 4 else ""),
            expected=f"the columns {', '.join(COLUMNS)}",
            why="In `agg`, the name of a new column stands before the equals sign.",
            remedy='For instance `agg(cases=("dice", "size"), ...)`.',
        )
    lacking = [name for name in ("source", "diagnosis") if name not in (*result.columns, *result.index.names)]
    if lacking and result.index.nlevels == 2:
        result = result.rename_axis(["source", "diagnosis"])
    elif lacking:
        there = "nothing" if len(lacking) == 2 else f"{({'source', 'diagnosis'} - set(lacking)).pop()} alone"
        if len(lacking) == 2 and len(result) == len(GROUPS):
            raise Wrong(
                "the names of the groups are lost",
                received=f"{len(result)} rows, without the source and the diagnosis",
                expected=f"{len(GROUPS)} rows, with source and diagnosis",
                why="`reset_index(drop=True)` throws them away; so does `as_index=False` without the columns.",
                remedy="Leave the result of `agg` as it is.",
            )
        raise Wrong(
            f"grouped by {there}",
            received=f"{counted(len(result), 'row')}, without the {' and the '.join(lacking)}",
            expected=f"{len(GROUPS)} rows, with source and diagnosis",
            why="A group of patients who do badly hides in a larger one.",
            remedy='Group by a list of two columns: `groupby(["source", "diagnosis"])`.',
        )
    names = [name for name in result.index.names if name in ("source", "diagnosis")]
    return result.reset_index(level=names) if names else result


def _numbers(column) -> bool:
    try:
        column.astype("float64")
    except (TypeError, ValueError):
        return False
    return True
