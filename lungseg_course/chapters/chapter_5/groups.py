"""Notebook 5, exercise 5.3: the scores of each group."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_5.tables import (
    BY,
    CHANGED,
    GROUPS,
    MISSING_COLUMN,
    NO_SUCH_NAME,
    made_up_table,
)
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Row, When
from lungseg_course.engine.table import Case, look_at

IN_WORDS = ", ".join(" ".join(group) for group in GROUPS)
TRIED = f"by_group(table) with 12 cases: {IN_WORDS}"
MEANT = {"cases": "the number of cases in the group", "dice": "their mean Dice", "worst": "their lowest Dice"}
COLUMNS = tuple(MEANT)
ROUNDED = 6e-4  # whoever rounds to three decimals is welcome


@dataclass(frozen=True)
class Column(Numbers):
    """A column of such a table, in the order of the groups."""

    tolerance: float = ROUNDED
    column: str = ""

    def read(self, result) -> np.ndarray:
        import pandas as pd

        return super().read(pd.to_numeric(_column_of(result, self.column), errors="coerce").astype("float64"))

    def distance(self, value: np.ndarray, other) -> float:
        return super().distance(value, other[self.column] if hasattr(other, "columns") else other)


def _by_group(table, cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min")):
    return table.groupby(BY).agg(cases=cases, dice=dice, worst=worst)


def _with(**changed: tuple[str, str]) -> Callable:
    """Return the wrong reference whose column is made of another one, or in another way."""
    return partial(_by_group, **changed)


def _pooled(table):
    sums = table.groupby(BY)[["tp", "fp", "fn"]].sum()
    return _by_group(table).assign(dice=2 * sums["tp"] / (2 * sums["tp"] + sums["fp"] + sums["fn"]))


def _is_table(result) -> bool:
    import pandas as pd

    return isinstance(result, pd.DataFrame)


def _lacking(result) -> list[str]:
    """Return which of source and diagnosis the table does not tell. Two levels without names are taken for them."""
    lacking = [name for name in BY if name not in (*result.columns, *result.index.names)]
    return [] if result.index.nlevels == 2 else lacking


def _with_names(result):
    """Return the table with source and diagnosis as columns."""
    if not _lacking(result) and set(BY) - {*result.columns, *result.index.names}:
        result = result.rename_axis(BY)
    names = [name for name in result.index.names if name in BY]
    return result.reset_index(level=names) if names else result


def _column_of(result, name: str):
    return _with_names(result).set_index(BY).loc[list(GROUPS), name]


def _keys(out: Outcome) -> list[tuple]:
    table = _with_names(out.result)
    return list(zip(table["source"], table["diagnosis"], strict=True))


def _joined(result) -> bool:
    """Whether each label of the table holds a source and a diagnosis."""
    labels = list(map(str, result.index if result.index.dtype.kind not in "iu" else result.iloc[:, 0]))
    return all(any(source in label and diagnosis in label for source, diagnosis in GROUPS) for label in labels)


def _grouped_by(out: Outcome) -> str:
    return "grouped by nothing" if len(out.found) == 2 else f"grouped by {(set(BY) - set(out.found)).pop()} alone"


def _columns(out: Outcome) -> str:
    names = out.result.columns
    return f"the columns {', '.join(map(str, names[:4]))}" + (f" and {len(names) - 4} more" if len(names) > 4 else "")


# fmt: off
BOTH = 'Group by both columns at once: `groupby(["source", "diagnosis"])`.'
ROWS, WITH_NAMES = f"{len(GROUPS)} rows: {IN_WORDS}", f"{len(GROUPS)} rows, with source and diagnosis"
NEW_NAME = "a column for each new name"
NO_TABLE: dict[str, Any] = {
    "received": lambda out: "None" if out.result is None else f"a {type(out.result).__name__}",
    "expected": f"a DataFrame with the columns {', '.join(COLUMNS)}"}
READING: tuple[Row, ...] = (
    When("the groups are not summed up", lambda out: "GroupBy" in type(out.result).__name__,
         "`groupby` only sorts the rows into groups.", "Call `.agg(...)` of the groups.", **NO_TABLE),
    When("not a table", lambda out: not _is_table(out.result),
         lambda out: "Without `return` a function gives None." if out.result is None else "",
         "Return what `agg` gives.", **NO_TABLE),
    # Names of columns that agg was given as a dict of lists have two levels.
    When("the columns have other names",
         lambda out: out.result.columns.nlevels > 1 or not {*COLUMNS} <= {*out.result.columns},
         "In `agg`, the name of a new column stands before the equals sign.",
         'For instance `agg(cases=("dice", "size"), ...)`.',
         received=_columns, expected=f"the columns {', '.join(COLUMNS)}"),
    When("one label in place of two columns", lambda out: _lacking(out.result) == BY and _joined(out.result),
         "Source and diagnosis were put together into one text.", BOTH,
         received="a label for each group", expected=WITH_NAMES),
    When("the names of the groups are lost", lambda out: _lacking(out.result) == BY and len(out.result) == len(GROUPS),
         "`reset_index(drop=True)` throws them away; so does `as_index=False` without the columns.",
         "Leave the result of `agg` as it is.",
         received=f"{len(GROUPS)} rows, without the source and the diagnosis", expected=WITH_NAMES),
    When(_grouped_by, lambda out: _lacking(out.result), "A group of patients who do badly hides in a larger one.",
         'Group by a list of two columns: `groupby(["source", "diagnosis"])`.',
         received=lambda out: f"{counted(len(out.result), 'row')}, without the {' and the '.join(out.found)}",
         expected=WITH_NAMES),
    Raises("new names in a dictionary, or a pair turned round", r"Exception: Label\(s\)",  # of pandas
           "In a dictionary `agg` looks for columns of these names. And in a pair the column comes first, then what is "
           "made of it.",
           'Write the new name before an equals sign: `agg(cases=("dice", "size"), ...)`.', expected=NEW_NAME),
    Raises("new names in a dictionary, or a pair turned round", "SpecificationError",
           "pandas took new names in a dictionary up to version 0.25, and no longer.",
           'Write the new name before an equals sign: `groups.agg(cases=("dice", "size"), ...)`.', expected=NEW_NAME),
    Raises(lambda out: f"`{out.found[1]}` without quotes",
           "NameError: name '(case|cases|dice|worst|source|diagnosis|size|mean|hd95)'",
           "Without quotes Python looks for a variable of that name.", 'Write `cases=("dice", "size")`.',
           expected=NEW_NAME),
    Raises("pairs without a new name", r"AttributeError: GroupBy' object has no attribute '(\w+)'",
           "A pair alone is taken for two ways of summing up.", 'Write `agg(cases=("dice", "size"), ...)`.',
           expected=NEW_NAME, when=lambda out: out.found[1] in out.args[0].columns),
    Raises(lambda out: f"pandas has no `{out.found[1]}`", r"AttributeError: GroupBy' object has no attribute '(\w+)'",
           "In quotes stands how a column is summed up.", 'Use "size", "mean" and "min".', expected=NEW_NAME),
    Raises(lambda out: f"pandas has no `{out.found[1]}`",
           "AttributeError: DataFrame' object has no attribute '(group_by|groupBy|summari[sz]e|Groupby)'",
           "It has another name here than in other languages.", "The two steps are `groupby` and `agg`.",
           expected=NEW_NAME),
    Raises("a list in a list", "ValueError: Grouper", "One pair of square brackets is enough for the two names.", BOTH,
           expected="a row for each source with each diagnosis"),
    Raises("the column is not named", "TypeError: Must provide 'func'",
           "`agg` has to know of which column the size, the mean or the minimum is wanted.",
           'Give each new name a pair: `agg(cases=("dice", "size"), ...)`.', expected=NEW_NAME),
    Raises("`apply` in place of `agg`", r"TypeError: apply\(\) missing 1 required positional argument",
           "`apply` takes one function, which is given each group. New columns are made by `agg`.",
           'Write `agg` for it: `agg(cases=("dice", "size"), ...)`.', expected=NEW_NAME),
    Raises("two names without a list", "Exception: level name",
           "Without square brackets the second name is taken for another argument of `groupby`.",
           'Write `groupby(["source", "diagnosis"])`.', expected="a row for each source with each diagnosis"),
    Raises("a mean of names", "TypeError: does not support|agg function failed",
           "Without saying which column, all of them are summed up, the names of the cases too.",
           'Say it for each new column: `agg(dice=("dice", "mean"), ...)`.', expected="a mean of the column dice"),
    MISSING_COLUMN,
    NO_SUCH_NAME,
)
MISSING = When("groups are missing", lambda out: [" ".join(group) for group in GROUPS if group not in _keys(out)],
               "", BOTH, expected=ROWS,
               received=lambda out: f"{counted(len(out.result), 'row')}, none for {out.found[0]}")
GROUP_ROWS = (
    When("a row for each case", lambda out: len(_keys(out)) == len(out.args[0]) > len(set(_keys(out))),
         "`transform` gives each case the number of its group.",
         "Use `groupby` with `agg`, which gives one row for each group.",
         received=lambda out: f"{len(out.result)} rows", expected=ROWS),
    When("a row for a group without cases",
         lambda out: sorted(" ".join(map(str, key)) for key in _keys(out) if key not in GROUPS),
         "No case belongs to it, so there is nothing to say about it.",
         '`table.groupby(["source", "diagnosis"])` makes groups of what is there.',
         received=lambda out: f"a row for {out.found[0]}", expected=ROWS),
    MISSING,
    When("a group comes twice", lambda out: len(out.result) != len(GROUPS),
         "", BOTH, received=lambda out: counted(len(out.result), "row"), expected=ROWS),
)
OF_COLUMNS = {
    "cases": (
        Gives("the number of all the cases", lambda table: _by_group(table).assign(cases=len(table)),
              "Each group has its own number.", "Count within the group: `size`."),
        Gives("the number of different values", _with(cases=("dice", "nunique")),
              "Two cases may have the same Dice.", "Use `size`."),
        Gives("the share of the cases",
              lambda table: _by_group(table).assign(cases=lambda groups: groups["cases"] / len(table)),
              "", "Count within the group: `size`."),
        Gives("always 1", lambda table: _by_group(table).assign(cases=1),
              "A group has one source.", "Count the cases: `size`."),
        Gives("a sum in place of a number of cases", _with(cases=("dice", "sum")), "", "Count the cases: `size`."),
    ),
    "dice": (
        Gives("the median", _with(dice=("dice", "median")),
              "It is the case in the middle of the group.", "Use `mean`."),
        Gives("the sum", _with(dice=("dice", "sum")), "It grows with the number of cases.", "Use `mean`."),
        Gives("the pooled F1 of the group", _pooled,
              "Here each patient is to count the same.", "Take the mean of the column `dice`."),
        Gives("the mean Jaccard", _with(dice=("jaccard", "mean")), "", "Take the column `dice`."),
        Gives("the lowest Dice", _with(dice=("dice", "min")), "", "Use `mean`."),
        Gives("in percent", lambda table: _by_group(table).assign(dice=lambda groups: 100 * groups["dice"]),
              "", "Leave the Dice between 0 and 1."),
        Gives("the spread", _with(dice=("dice", "std")), "`std` says how much the cases differ.", "Use `mean`."),
        Gives("the mean of all the cases", lambda table: _by_group(table).assign(dice=table["dice"].mean()),
              "", "Take the mean within the group."),
    ),
    "worst": (
        Gives("the best, not the worst", _with(worst=("dice", "max")), "Of a Dice, *low* is bad.", "Use `min`."),
        Gives("the largest HD95", _with(worst=("hd95", "max")), "", "Take the lowest value of the column `dice`."),
        Gives("the mean, not the worst", _with(worst=("dice", "mean")), "", "Use `min`."),
        Gives("the lowest of another column", _with(worst=("hd95", "min")), "", "Take the column `dice`.",
              also=(_with(worst=("jaccard", "min")),)),
        Gives("1 - the worst", lambda table: _by_group(table).assign(worst=lambda groups: 1 - groups["worst"]),
              "", "Leave out the `1 -`."),
        Gives("the first case of the group", _with(worst=("dice", "first")),
              "The first one in the list need not be the lowest.", "Use `min`."),
        Gives("the row of the worst case", _with(worst=("dice", "idxmin")),
              "`idxmin` says where it is.", "Use `min` for its Dice."),
        Gives("the lowest of all the cases", lambda table: _by_group(table).assign(worst=table["dice"].min()),
              "", "Take the lowest within the group."),
    ),
}


def _rows_of(column: str) -> tuple[Row, ...]:
    """Return the rows of the values in a column."""
    text = When("text in place of numbers",
                lambda out: any(isinstance(value, str) for value in _column_of(out.result, column)),
                "", "Take the numbers of the column `dice`.",
                received=lambda out: str(_column_of(out.result, column).tolist())[:80],
                expected="a number for each group")
    other = When("other numbers", lambda out: not out.is_right, f"Here it should be {MEANT[column]}.",
                 f'Write `{column}=("dice", ...)` in `agg`, with "size", "mean" or "min".')
    rows = (replace(row, name=f"column {column}: {row.name}") for row in (text, *OF_COLUMNS[column], other))
    return (*READING, MISSING, *rows, CHANGED)
# fmt: on


def _groups_table(rng: np.random.Generator):
    table = made_up_table(rng, 12, (*GROUPS, GROUPS[2], GROUPS[1], GROUPS[2]))
    table.loc[5, ["dice"]] = table.loc[2, "dice"]  # two cases of one group with the same Dice
    return table


@look_at("by_group", rows=(*READING, *GROUP_ROWS))
def look_groups(rng):
    """A row for each source with each diagnosis, with the three columns."""
    yield Case(_groups_table(rng), tried=TRIED)


@look_at("by_group")
def look_group_numbers(rng):
    """The number of cases, the mean Dice and the lowest Dice of each group."""
    table = _groups_table(rng)
    for column in COLUMNS:
        kind = Column(f"the column {column}", column=column)
        yield Case(table, tried=TRIED, right=_by_group(table)[column].to_numpy(), rows=_rows_of(column), kind=kind)
