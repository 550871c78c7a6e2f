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
def groups_by_loop(table):
    rows = []
    for (source, diagnosis), group in table.groupby(["source", "diagnosis"]):
        scores = sorted(group["dice"])
        row = {"cases": len(scores), "dice": sum(scores) / len(scores), "worst": scores[0]}
        rows.append({"source": source, "diagnosis": diagnosis, **row})
    return pd.DataFrame(rows[::-1])


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


def grouped(*by, dice="mean"):
    return lambda table: table.groupby(list(by)).agg(cases=("dice", "size"), dice=("dice", dice), worst=("dice", "min"))


answers.wrong("grouped by source alone")(grouped("source"))
answers.wrong("grouped by diagnosis alone")(grouped("diagnosis"))
answers.wrong("column dice: the median", 1 / 2)(grouped("source", "diagnosis", dice="median"))


@answers.wrong("the groups are not summed up")
def only_grouped(table):
    return table.groupby(["source", "diagnosis"])


@answers.wrong("not a table")
def one_number_a_group(table):
    return table.groupby(["source", "diagnosis"])["dice"].mean()


@answers.wrong("not a table", 0)
def groups_without_return(table):
    by_group(table)


@answers.wrong("the columns have other names")
def two_levels_of_names(table):
    return table.groupby(["source", "diagnosis"]).agg({"dice": ["size", "mean", "min"]})


@answers.wrong("the columns have other names")
def other_names(table):
    return by_group(table).rename(columns={"dice": "mean", "worst": "min"})


@answers.wrong("a row for a group without cases")
def empty_groups_too(table):
    kinds = {column: table[column].astype("category") for column in ("source", "diagnosis")}
    groups = table.assign(**kinds).groupby(["source", "diagnosis"], observed=False)
    return groups.agg(cases=("dice", "size"), dice=("dice", "mean"), worst=("dice", "min"))


@answers.wrong("groups are missing")
def first_group_only(table):
    return by_group(table).head(1)


@answers.wrong("a row for each case")
def a_row_for_each_case(table):
    dice = table.groupby(["source", "diagnosis"])["dice"]
    columns = {"cases": dice.transform("size"), "dice": dice.transform("mean"), "worst": dice.transform("min")}
    return table[["source", "diagnosis"]].assign(**columns)


@answers.wrong("column worst: text in place of numbers")
def name_of_the_worst(table):
    worst = table.loc[table.groupby(["source", "diagnosis"])["dice"].idxmin(), "case"]
    return by_group(table).assign(worst=worst.to_numpy())


@answers.wrong("the table that you were given is changed")
def group_column_added(table):
    table["group"] = table["source"] + table["diagnosis"]
    return by_group(table)


@answers.wrong("there is no column 'diagnoses'")
def a_column_that_is_not(table):
    return table.groupby(["source", "diagnoses"]).agg(cases=("dice", "size"))


@answers.wrong("two names without a list")
def grouped_without_a_list(table):
    return table.groupby("source", "diagnosis").agg(cases=("dice", "size"))


@answers.wrong("a mean of names")
def mean_of_everything(table):
    return table.groupby(["source", "diagnosis"]).mean()


@answers.wrong("the names of the groups are lost")
def groups_without_names(table):
    return by_group(table).reset_index(drop=True)


@answers.wrong("the columns have other names")
def described(table):
    return table.groupby(["source", "diagnosis"])[["dice", "hd95"]].describe()


@answers.wrong("new names in a dictionary, or a pair turned round")
def names_in_a_dictionary(table):
    groups = table.groupby(["source", "diagnosis"])
    return groups.agg({"cases": ("dice", "size"), "dice": ("dice", "mean"), "worst": ("dice", "min")})


@answers.wrong("new names in a dictionary, or a pair turned round")
def pairs_turned_round(table):
    groups = table.groupby(["source", "diagnosis"])
    return groups.agg(cases=("size", "dice"), dice=("mean", "dice"), worst=("min", "dice"))


@answers.wrong("the column is not named")
def no_column(table):
    return table.groupby(["source", "diagnosis"]).agg(cases="size", dice="mean", worst="min")
