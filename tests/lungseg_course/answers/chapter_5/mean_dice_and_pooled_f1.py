"""Exercise 5.2: the mean of the images' scores, and the score of all their pixels."""

import numpy as np

import lungseg
from answers import Answers
from lungseg.evaluation import f1_score

answers = Answers("5.2")


def mean_dice(table):
    return table["dice"].mean()


def pooled_f1(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / (2 * tp + fp + fn)


answers.right(mean_dice, pooled_f1)


def wrong_mean(cause, share=None):
    """Return a decorator: the mean has a mistake, the pooled F1 is right."""

    def note(mean):
        return answers.wrong(cause, share)(mean, pooled_f1)

    return note


def wrong_pooled(cause, share=None):
    """Return a decorator: the mean is right, the pooled F1 has a mistake."""

    def note(pooled):
        answers.wrong(cause, share)(mean_dice, pooled)
        return pooled

    return note


def mean_of_pixels(table):
    return np.mean(2 * table.tp / (2 * table.tp + table.fp + table.fn))


def pooled_by_loop(table):
    right = wrong = 0
    for _, row in table.iterrows():
        right += 2 * row["tp"]
        wrong += row["fp"] + row["fn"]
    return np.float32(right / (right + wrong))


def pooled_by_precision_and_recall(table):
    tp, fp, fn = (table[column].to_numpy().sum() for column in ("tp", "fp", "fn"))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return 2 / (1 / precision + 1 / recall)


answers.right(mean_of_pixels, pooled_by_loop)
answers.right(lambda table: np.float32(table["dice"].to_numpy().mean()), pooled_by_precision_and_recall)

answers.wrong("the pooled F1", 0)(pooled_f1, mean_dice)
wrong_mean("the median")(lambda table: table["dice"].median())
wrong_mean("the package's answer, not yours", 0)(lambda table: lungseg.evaluation.summarise(table)["dice"]["mean"])
wrong_pooled("the package's answer, not yours", 0)(lambda table: f1_score(*table[["tp", "fp", "fn"]].sum()))
wrong_mean("divided by a fixed number of cases")(lambda table: table["dice"].sum() / 48)
wrong_mean("a table in place of a column")(lambda table: table[["dice"]].mean())
wrong_mean("an axis of a column")(lambda table: table["dice"].mean(axis=1))
wrong_mean("the table is called")(lambda table: table("dice").mean())
wrong_pooled("the table has no `TP`")(lambda table: table.TP.sum() / table.FP.sum())
wrong_mean("a mean of names")(lambda table: table.mean())
wrong_mean("a number for each column")(lambda table: table.mean(numeric_only=True))
wrong_mean("nothing is returned")(lambda table: print(end=""))
wrong_mean("the parentheses of a call are missing")(lambda table: table["dice"].mean)

wrong_pooled("the mean of the images' own scores", 1 / 2)(mean_dice)


@wrong_pooled("Jaccard for Dice")
def pooled_without_twos(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return tp / (tp + fp + fn)


@wrong_pooled("the table that you were given is changed")
def pooled_with_a_new_column(table):
    table["twice"] = 2 * table["tp"]
    return table["twice"].sum() / (table["twice"].sum() + table["fp"].sum() + table["fn"].sum())


@wrong_mean("the table that you were given is changed")
def mean_of_what_is_left(table):
    table.drop(columns=["case", "source", "diagnosis"], inplace=True)
    return table.mean()["dice"]


@wrong_mean("the table that you were given is changed", 1 / 2)
def mean_of_the_sorted(table):
    table.sort_values("dice", inplace=True)
    return table["dice"].mean()


@wrong_pooled("there is no column 'TP'")
def pooled_of_capitals(table):
    return 2 * table["TP"].sum() / (2 * table["TP"].sum() + table["FP"].sum() + table["FN"].sum())


@wrong_pooled("the name `fp` is not known")
def pooled_misspelt(table):
    tp = table["tp"].sum()
    return 2 * tp / (2 * tp + fp + table["fn"].sum())  # noqa: F821


def left_out(rule):
    """Note the mean and the pooled F1 of the cases for which a rule holds: each leaves out those that failed."""
    wrong_mean("failures are left out")(lambda table: mean_dice(table[rule(table)]))
    wrong_pooled("failures are left out")(lambda table: pooled_f1(table[rule(table)]))


def within_the_whiskers(table):
    low, high = table["dice"].quantile([0.25, 0.75])
    return (table["dice"] > low - 1.5 * (high - low)) & (table["dice"] < high + 1.5 * (high - low))


def within_spreads(count):
    return lambda table: (table["dice"] - table["dice"].mean()).abs() < count * table["dice"].std()


left_out(within_spreads(2))
left_out(within_spreads(3))
left_out(within_the_whiskers)
left_out(lambda table: table["hd95"] < 50)
left_out(lambda table: table["tp"] > 60)
left_out(lambda table: table["components"] == 2)
for limit in (0, 0.35, 0.5, 0.7, 0.8):
    left_out(lambda table, limit=limit: table["dice"] > limit)
wrong_mean("failures are left out")(lambda table: table["dice"].nlargest(len(table) - 1).mean())
wrong_mean("one number too few")(lambda table: table["dice"].sum() / (len(table) - 1))
wrong_mean("cases are left out")(lambda table: table["dice"][table["components"] != 2].mean())
wrong_pooled("cases are left out")(lambda table: pooled_f1(table[table["source"] == "Shenzhen"]))
answers.right(lambda table: table["dice"][table["dice"] > -1].mean(), lambda table: pooled_f1(table.dropna()))
