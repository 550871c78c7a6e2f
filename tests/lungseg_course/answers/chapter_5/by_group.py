"""Exercise 5.3: the scores of each group of cases."""

import numpy as np
import pandas as pd

from answers import Answers

answers = Answers("5.3")


@answers.right
def by_group(table):
    groups = table.groupby(["source", "diagnosis"])
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))


@answers.right
def groups_as_columns(table):
    groups = table.groupby(["diagnosis", "source"], as_index=False)
    return groups.agg(worst=("dice", "min"), hd95=("hd95", "mean"), dice=("dice", "mean"), cases=("case", "count"))


@answers.right
def groups_joined(table):
    dice = table.groupby(["source", "diagnosis"])["dice"]
    return pd.DataFrame({"cases": dice.size(), "dice": dice.mean(), "worst": dice.min()}).sort_values("dice").round(3)


@answers.right
def groups_of_tuples(table):
    pairs = sorted(set(zip(table["source"], table["diagnosis"], strict=True)))
    parts = [table[(table["source"] == a) & (table["diagnosis"] == b)]["dice"] for a, b in pairs]
    columns = {"cases": map(len, parts), "dice": map(np.mean, parts), "worst": map(min, parts)}
    return pd.DataFrame(
        {name: list(values) for name, values in columns.items()}, index=pd.MultiIndex.from_tuples(pairs)
    )


@answers.right
def groups_of_a_column(table):
    return table.groupby(["source", "diagnosis"])["dice"].agg(cases="size", dice="mean", worst="min")


COLUMNS = {"cases": ("dice", "size"), "dice": ("dice", "mean"), "worst": ("dice", "min")}


def grouped(*by, **others):
    """Return an answer with other groups, or other columns."""
    return lambda table: table.groupby(list(by)).agg(**{**COLUMNS, **others})


def summed_up(change):
    """Return the answer of a student who makes the groups, and then does this to them."""
    return lambda table: change(table.groupby(["source", "diagnosis"]))


wrong = answers.wrong
wrong("`apply` in place of `agg`")(summed_up(lambda groups: groups.apply(**COLUMNS)))
wrong("grouped by source alone")(grouped("source"))
wrong("grouped by diagnosis alone")(grouped("diagnosis"))
wrong("column dice: the median", 1 / 2)(grouped("source", "diagnosis", dice=("dice", "median")))
wrong("there is no column 'diagnoses'")(grouped("source", "diagnoses"))
wrong("two names without a list")(lambda table: table.groupby("source", "diagnosis").agg(cases=("dice", "size")))
wrong("the groups are not summed up")(summed_up(lambda groups: groups))
wrong("not a table")(summed_up(lambda groups: groups["dice"].mean()))
wrong("not a table", 0)(summed_up(lambda groups: None))
wrong("a mean of names")(summed_up(lambda groups: groups.mean()))
wrong("the columns have other names")(summed_up(lambda groups: groups.agg({"dice": ["size", "mean", "min"]})))
wrong("the columns have other names")(lambda table: by_group(table).rename(columns={"dice": "mean", "worst": "min"}))
wrong("the column is not named")(summed_up(lambda groups: groups.agg(cases="size", dice="mean", worst="min")))
wrong("new names in a dictionary, or a pair turned round")(summed_up(lambda groups: groups.agg(COLUMNS)))
wrong("new names in a dictionary, or a pair turned round")(
    summed_up(lambda groups: groups.agg(**{name: pair[::-1] for name, pair in COLUMNS.items()}))
)
wrong("new names in a dictionary, or a pair turned round")(
    summed_up(lambda groups: groups["dice"].agg({"cases": "size", "dice": "mean", "worst": "min"}))
)
wrong("one label in place of two columns")(
    lambda table: table.assign(group=table["source"] + ", " + table["diagnosis"]).groupby("group").agg(**COLUMNS)
)
wrong("a list in a list")(lambda table: table.groupby([["source", "diagnosis"]]).agg(**COLUMNS))
wrong("pairs without a new name")(summed_up(lambda groups: groups.agg(("dice", "size"), ("dice", "mean"))))
wrong("`dice` without quotes")(summed_up(lambda groups: groups.agg(dice=(dice, "mean"))))  # noqa: F821
wrong("column worst: other numbers")(grouped("source", "diagnosis", worst=("dice", lambda dice: dice.quantile(0.25))))
wrong("pandas has no `lowest`")(grouped("source", "diagnosis", worst=("dice", "lowest")))
wrong("pandas has no `group_by`")(lambda table: table.group_by("source", "diagnosis").summarise(dice="mean"))
wrong("groups are missing")(lambda table: by_group(table).head(1))
wrong("the names of the groups are lost")(lambda table: by_group(table).reset_index(drop=True))


@wrong("a row for a group without cases")
def empty_groups_too(table):
    kinds = {column: table[column].astype("category") for column in ("source", "diagnosis")}
    groups = table.assign(**kinds).groupby(["source", "diagnosis"], observed=False)
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))


@wrong("a row for each case")
def a_row_for_each_case(table):
    dice = table.groupby(["source", "diagnosis"])["dice"]
    columns = {"cases": dice.transform("size"), "dice": dice.transform("mean"), "worst": dice.transform("min")}
    return table[["source", "diagnosis"]].assign(**columns)


@wrong("column worst: text in place of numbers")
def name_of_the_worst(table):
    worst = table.loc[table.groupby(["source", "diagnosis"])["dice"].idxmin(), "case"]
    return by_group(table).assign(worst=worst.to_numpy())


@wrong("the table that you were given is changed")
def group_column_added(table):
    table["group"] = table["source"] + table["diagnosis"]
    return by_group(table)
