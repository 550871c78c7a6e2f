"""Notebook 5, exercise 5.2: the two ways to one number."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lungseg_course.chapters.chapter_5.left_out import some_cases, table_with_a_failure
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
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at


def _of_sums(sign: Callable) -> Callable:
    """Return the reference of a function of the sums of all TP, FP and FN."""
    return lambda table: sign(*(table[name].sum() for name in ("tp", "fp", "fn")))


def _scores(table):
    return 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])


def _of_mean_shares(table):
    precision = (table["tp"] / (table["tp"] + table["fp"])).mean()
    recall = (table["tp"] / (table["tp"] + table["fn"])).mean()
    return 2 * precision * recall / (precision + recall)


def _mean(table):
    return table["dice"].mean()


def _over_groups(score: Callable, by: list[str]) -> Callable:
    """Return the reference of a mean over groups: `score` makes a number of the table of each."""
    return lambda table: sum(score(group) for _, group in table.groupby(by)) / table[by].drop_duplicates().shape[0]


def _table(rng):
    """Make a table of 8 cases: 1, 2 and 5 of the three groups, and in two of them nothing was found."""
    table = made_up_table(rng, 8, (*GROUPS, GROUPS[1], *[GROUPS[2]] * 4)).sort_values("dice", ignore_index=True)
    table = table.iloc[[3, *range(3), *range(4, 8)]].reset_index(drop=True)  # the first is in the middle
    table.loc[[4, 6], ["tp", "dice", "jaccard"]] = 0
    return table


_pooled = _of_sums(lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fn))
SUM_FIRST = "Sum `tp`, `fp` and `fn` over all the images first, "
PERCENT = "Scores are shares here, from 0 to 1.", "Leave out the factor 100."
ROUNDED = "Round when you print, not when you calculate.", "Leave out `round`."
FN, FP = "FN is missing in the denominator.", "FP is missing in the denominator."


def _divided_by(out) -> int:
    """Return by which whole number the sum of the Dice was divided, 0 if by none."""
    count = out.args[0]["dice"].sum() / out.value if out.value.shape == () and out.value > 0 else 0.5
    return round(count) if abs(count - round(count)) < 1e-9 and not out.is_right else 0


def _of_groups(name: str, score: Callable, why: str, remedy: str) -> Gives:
    """Return the row of a mean over groups: by source, by diagnosis, or by both."""
    by_both, *others = (_over_groups(score, by) for by in (BY, ["source"], ["diagnosis"]))
    return Gives(name, by_both, why, remedy, also=others)


# fmt: off
NOT_CALLED = When("the parentheses of a call are missing", lambda out: callable(out.result),
                  "`.mean` and `.sum` without parentheses are the functions themselves.",
                  "Put `()` behind it, to call it.",
                  received=lambda out: f"a {type(out.result).__name__}", expected="a number")
OTHER_COLUMNS = (
    Raises("a mean of names", "TypeError: convert|does not support|numeric|reduction",
           "The table holds names, too, and names have no mean.", 'Choose a column: `table["dice"]`.',
           expected="a number"),
    Raises("the table is called", "TypeError: (DataFrame|Series)' object is not callable",
           "A column stands in square brackets, and has no parentheses of its own.", 'Write `table["dice"]`.',
           expected="a number"),
    Raises("an axis of a column", "ValueError: No axis named", "A column has one axis, and `.mean()` asks for none.",
           'Write `table["dice"].mean()`.', expected="a number"),
    Shape("a table in place of a column", (1,),
          'With two pairs of brackets, `table[["dice"]]` is a table of one column.', 'Write `table["dice"]`.'),
    When("a number for each column", lambda out: not out.is_right and out.value.shape[:1] > (1,),
         "The whole table was summed up, column by column; or one of the columns is not summed.",
         'Choose a column: `table["dice"]`, and sum each: `table["tp"].sum()`.',
         received=lambda out: counted(len(out.value), "number"), expected="a number"),
)
MEAN = (
    NOT_CALLED,
    Gives("the pooled F1", _pooled,
          "All the pixels in one pot: that is the other function.", "Take the mean of the column `dice`."),
    Gives("the median", lambda table: table["dice"].median(), "It is the case in the middle.", "Use `mean`."),
    _of_groups("the mean of the groups' means", _mean,
               "A group of one patient counts as much as a group of a hundred. Here each patient counts the same.",
               "Take the mean of the whole column, without groups."),
    Gives("the first case", lambda table: table["dice"].iloc[0], "", "Use `mean`."),
    Gives("the worst case", lambda table: table["dice"].min(), "", "Use `mean`."),
    Gives("the mean of another column", lambda table: table["hd95"].mean(), "", "Take the column `dice`.",
          also=(lambda table: table["assd"].mean(), lambda table: table["components"].mean())),
    Gives("the lowest and the highest are left out", lambda table: table["dice"].sort_values()[1:-1].mean(),
          "The worst cases are those that matter most.", "Take the mean of all cases."),
    Gives("1 - the mean", lambda table: 1 - _mean(table), "That would be a loss.", "Leave out the `1 -`."),
    Gives("the mean Jaccard, made a Dice", lambda table: 2 * table["jaccard"].mean() / (1 + table["jaccard"].mean()),
          "The Dice of a mean is not the mean of the Dice.", "Take the column `dice`."),
    Gives("large lungs count more", lambda table: np.average(table["dice"], weights=table["tp"] + table["fn"]),
          "Here each image counts the same, whatever its size.", "Take the mean without weights."),
    Gives("the spread", lambda table: table["dice"].std(), "`std` says how much the images differ.", "Use `mean`.",
          also=(lambda table: table["dice"].std(ddof=0),)),
    Gives("the sum", lambda table: table["dice"].sum(),
          "It grows with the number of cases.", "Divide it by the number of cases."),
    Gives("the mean Jaccard", lambda table: table["jaccard"].mean(), "", "Take the column `dice`."),
    Gives("one number too few", lambda table: table["dice"].sum() / (len(table) - 1),
          "", "Divide by the number of cases."),
    Gives("no mean", lambda table: table["dice"], "It is the whole column.", "Call `.mean()` of the column."),
    Gives("the best case", lambda table: table["dice"].max(), "", "Use `mean`."),
    Gives("in percent", lambda table: 100 * _mean(table), *PERCENT),
    Gives("rounded", lambda table: round(_mean(table), 2), *ROUNDED),
    some_cases(_mean),
    When("divided by a fixed number of cases", _divided_by,
         lambda out: f"The sum was divided by {out.found}, and here are {len(out.args[0])} cases.",
         "Ask for their number: `len(table)`; or use `mean`."),
    *(MISSING_COLUMN, NO_SUCH_NAME, CHANGED, *OTHER_COLUMNS),
)
POOLED = (
    NOT_CALLED,
    Gives("the mean of the images' own scores", lambda table: _scores(table).mean(),
          "A score of each image first, and then the mean: that is the other function.",
          SUM_FIRST + "then put them into the formula once."),
    _of_groups("the mean of the groups' scores", _pooled,
               "The pixels of each group went into a pot of their own. Here there is one pot for all.",
               SUM_FIRST + "without groups."),
    Gives("the median of the images' scores", lambda table: _scores(table).median(),
          "It is the score of one image.", SUM_FIRST + "then put them into the formula once."),
    Gives("precision and recall averaged over the images", _of_mean_shares,
          "A mean of each image's own precision and recall counts each image the same, however few pixels it has. All "
          "the pixels together have one precision and one recall.", SUM_FIRST + "and divide then."),
    Gives("no sum", _scores,
          "It is a score for each image, as the columns were not summed.", "Sum each of the three columns first."),
    *(replace(row, sign=_of_sums(row.sign)) for row in (
        Gives("Jaccard for Dice", lambda tp, fp, fn: tp / (tp + fp + fn),
              "Without the 2 it is the Jaccard index, which is lower.",
              "There is a factor 2 before TP, in the numerator and in the denominator."),
        Gives("the factor 2 is missing in the denominator", lambda tp, fp, fn: 2 * tp / (tp + fp + fn),
              "The result may even be above 1.", "In the denominator there is 2 TP, too."),
        Gives("the factor 2 is missing in the numerator", lambda tp, fp, fn: tp / (2 * tp + fp + fn),
              "", "In the numerator there is 2 TP, too."),
        Gives("the mean of precision and recall", lambda tp, fp, fn: (tp / (tp + fp) + tp / (tp + fn)) / 2,
              "F1 is their *harmonic* mean.", "Put the sums into 2 TP / (2 TP + FP + FN)."),
        Gives("FP times FN", lambda tp, fp, fn: 2 * tp / (2 * tp + fp * fn), "", "Add the two."),
        Gives("minus in place of plus", lambda tp, fp, fn: 2 * tp / (2 * tp - fp - fn), "", "Add FP and FN."),
        Gives("the surplus pixels count twice", lambda tp, fp, fn: 2 * tp / (2 * tp + 2 * fp + fn), "",
              "Only TP is doubled."),
        Gives("the missed pixels count twice", lambda tp, fp, fn: 2 * tp / (2 * tp + fp + 2 * fn), "",
              "Only TP is doubled."),
        Gives("precision", lambda tp, fp, fn: tp / (tp + fp), "What was missed does not count in it.", FN),
        Gives("recall", lambda tp, fp, fn: tp / (tp + fn), "What is too much does not count in it.", FP),
        Gives("the missed pixels are left out", lambda tp, fp, fn: 2 * tp / (2 * tp + fp),
              "What was missed must count, too.", FN),
        Gives("the surplus pixels are left out", lambda tp, fp, fn: 2 * tp / (2 * tp + fn),
              "What is too much must count, too.", FP),
        Gives("parentheses are missing", lambda tp, fp, fn: 2 * tp / 2 * tp + fp + fn,
              "Python divides first, and adds then.", "Put the denominator into parentheses."),
        Gives("parentheses around the whole denominator are missing", lambda tp, fp, fn: 2 * tp / (2 * tp) + fp + fn,
              "", "Put parentheses around it all."),
    )),
    Gives("in percent", lambda table: 100 * _pooled(table), *PERCENT),
    Gives("rounded", lambda table: round(_pooled(table), 2), *ROUNDED),
    some_cases(_pooled),
    *(MISSING_COLUMN, NO_SUCH_NAME, CHANGED, *OTHER_COLUMNS),
)
# fmt: on


@look_at("mean_dice", _mean, MEAN, kind=Numbers("the mean Dice", tolerance=1e-6))
def look_mean(rng):
    """The mean over images, whatever their size, and with those that failed."""
    yield Case(table_with_a_failure(rng), tried="mean_dice(table) with a table of 16 cases, of which one failed")
    yield Case(_table(rng), tried="mean_dice(table) with a table of 8 cases, in two of which nothing was found")


@look_at("pooled_f1", _pooled, POOLED, kind=Numbers("the pooled F1", tolerance=1e-6), place=1)
def look_pooled(rng):
    """All pixels in one pot, also those of the cases that failed."""
    yield Case(table_with_a_failure(rng), tried="pooled_f1(table) with a table of 16 cases, of which one failed")
    yield Case(_table(rng), tried="pooled_f1(table) with a table of 8 cases")
