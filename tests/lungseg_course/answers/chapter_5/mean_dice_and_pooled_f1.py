"""Exercise 5.2: the mean of the images' scores, and the score of all their pixels."""

import numpy as np

from answers import Answers

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


def mean_by_hand(table):
    return sum(table.dice) / len(table)


def mean_of_pixels(table):
    return np.mean(2 * table.tp / (2 * table.tp + table.fp + table.fn))


def pooled_by_columns(table):
    sums = table[["tp", "fp", "fn"]].sum()
    return float(sums.tp / (sums.tp + 0.5 * (sums.fp + sums.fn)))


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


answers.right(mean_by_hand, pooled_by_columns)
answers.right(mean_of_pixels, pooled_by_loop)
answers.right(lambda table: np.float32(table["dice"].to_numpy().mean()), pooled_by_precision_and_recall)

answers.wrong("the pooled F1", 0)(pooled_f1, mean_dice)
wrong_mean("the pooled F1")(pooled_f1)
wrong_mean("the median")(lambda table: table["dice"].median())
wrong_mean("the sum")(lambda table: table["dice"].sum())
wrong_mean("the mean Jaccard")(lambda table: table["jaccard"].mean())
wrong_mean("no mean")(lambda table: table["dice"])
wrong_mean("in percent")(lambda table: 100 * table["dice"].mean())
wrong_mean("rounded")(lambda table: round(table["dice"].mean(), 2))
wrong_mean("one number too few")(lambda table: table["dice"].sum() / (len(table) - 1))
wrong_mean("nothing is returned")(lambda table: print(end=""))
wrong_mean("the brackets are missing")(lambda table: table["dice"].mean)

wrong_pooled("the mean of the images' own scores", 1 / 2)(mean_dice)


@wrong_pooled("Jaccard for Dice")
def pooled_without_twos(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return tp / (tp + fp + fn)


@wrong_pooled("brackets are missing")
def pooled_without_brackets(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / 2 * tp + fp + fn


@wrong_pooled("the factor 2 is missing below the line")
def pooled_one_two(table):
    tp, fp, fn = table["tp"].sum(), table["fp"].sum(), table["fn"].sum()
    return 2 * tp / (tp + fp + fn)


@wrong_pooled("precision")
def pooled_precision(table):
    return table["tp"].sum() / (table["tp"].sum() + table["fp"].sum())


@wrong_pooled("recall")
def pooled_recall(table):
    return table["tp"].sum() / (table["tp"].sum() + table["fn"].sum())


@wrong_pooled("the mean of the images' own scores")
def pooled_as_mean(table):
    return (2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])).mean()


@wrong_pooled("precision and recall averaged over the images")
def pooled_of_mean_shares(table):
    precision = (table["tp"] / (table["tp"] + table["fp"])).mean()
    recall = (table["tp"] / (table["tp"] + table["fn"])).mean()
    return 2 * precision * recall / (precision + recall)


@wrong_pooled("no sum")
def pooled_unsummed(table):
    return 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])


@wrong_pooled("the table that you were given is changed")
def pooled_with_a_new_column(table):
    table["twice"] = 2 * table["tp"]
    return table["twice"].sum() / (table["twice"].sum() + table["fp"].sum() + table["fn"].sum())


@wrong_pooled("the missed pixels are left out")
def pooled_without_missed(table):
    return 2 * table["tp"].sum() / (2 * table["tp"].sum() + table["fp"].sum())


@wrong_pooled("the surplus pixels are left out")
def pooled_without_surplus(table):
    return 2 * table["tp"].sum() / (2 * table["tp"].sum() + table["fn"].sum())


@wrong_pooled("there is no column 'TP'")
def pooled_of_capitals(table):
    return 2 * table["TP"].sum() / (2 * table["TP"].sum() + table["FP"].sum() + table["FN"].sum())


@wrong_pooled("the name `fp` is not known")
def pooled_misspelt(table):
    tp = table["tp"].sum()
    return 2 * tp / (2 * tp + fp + table["fn"].sum())  # noqa: F821
