"""Notebook 5, exercise 5.2: what is looked at in the two ways to one number."""

from lungseg_course.chapters.chapter_5.tables import expect_untouched, explain_missing_column, made_up_table
from lungseg_course.engine.verdict import Wrong, expect_close, trying

PER_CENT = ("Scores are shares here, from 0 to 1.", "Leave out the factor 100.")


def look_mean(mean_dice, pooled_f1, rng) -> None:
    """The mean over images, whatever their size."""
    table = made_up_table(rng, 6)
    with trying("mean_dice(table) with a table of 6 cases", explain_missing_column):
        expected = table["dice"].mean()
        mistakes = {
            "the pooled F1": (
                _pooled(table),
                "All the pixels in one pot: that is the other function.",
                "Take the mean of the column `dice`.",
            ),
            "the median": (table["dice"].median(), "It is the case in the middle.", "Use `mean`."),
            "the sum": (table["dice"].sum(), "It grows with the number of cases.", "Divide it by the number of cases."),
            "the mean Jaccard": (table["jaccard"].mean(), "", "Take the column `dice`."),
            "one number too few": (table["dice"].sum() / (len(table) - 1), "", "Divide by the number of cases."),
            "no mean": (table["dice"].to_numpy(), "It is the whole column.", "Call `.mean()` of the column."),
            "the best case": (table["dice"].max(), "", "Use `mean`."),
            "in percent": (100 * expected, *PER_CENT),
            "rounded": (round(expected, 2), "Round when you print, not when you calculate.", "Leave out `round`."),
        }
        _on_a_copy(mean_dice, table, expected, mistakes, "the mean Dice")


def look_pooled(mean_dice, pooled_f1, rng) -> None:
    """All pixels in one pot."""
    table = made_up_table(rng, 6)
    tp, fp, fn = (table[name].sum() for name in ("tp", "fp", "fn"))
    with trying("pooled_f1(table) with a table of 6 cases", explain_missing_column):
        each = 2 * table["tp"] / (2 * table["tp"] + table["fp"] + table["fn"])
        precision = (table["tp"] / (table["tp"] + table["fp"])).mean()
        recall = (table["tp"] / (table["tp"] + table["fn"])).mean()
        expected = _pooled(table)
        mistakes = {
            "the mean of the images' own scores": (
                each.mean(),
                "A score of each image first, and then the mean: that is the other function.",
                "Sum `tp`, `fp` and `fn` over all the images first, then put them into the formula once.",
            ),
            "precision and recall averaged over the images": (
                2 * precision * recall / (precision + recall),
                "A mean of each image's own precision and recall counts each image the same, however few pixels it "
                "has. All the pixels together have one precision and one recall.",
                "Sum `tp`, `fp` and `fn` over all the images first, and divide then.",
            ),
            "no sum": (
                each.to_numpy(),
                "It is a score for each image, as the columns were not summed.",
                "Sum each of the three columns first.",
            ),
            "Jaccard for Dice": (
                tp / (tp + fp + fn),
                "Without the 2 it is the Jaccard index, which is lower.",
                "There is a factor 2 before TP, above and below the line.",
            ),
            "the factor 2 is missing below the line": (
                2 * tp / (tp + fp + fn),
                "The result may even be above 1.",
                "Below the line there is 2 TP, too.",
            ),
            "the factor 2 is missing above the line": (
                tp / (2 * tp + fp + fn),
                "",
                "Above the line there is 2 TP, too.",
            ),
            "precision": (tp / (tp + fp), "What was missed does not count in it.", "Below the line, FN is missing."),
            "recall": (tp / (tp + fn), "What is too much does not count in it.", "Below the line, FP is missing."),
            "the missed pixels are left out": (
                2 * tp / (2 * tp + fp),
                "What was missed must count, too.",
                "Below the line, FN is missing.",
            ),
            "the surplus pixels are left out": (
                2 * tp / (2 * tp + fn),
                "What is too much must count, too.",
                "Below the line, FP is missing.",
            ),
            "brackets are missing": (
                2 * tp / 2 * tp + fp + fn,
                "Python divides first, and adds then.",
                "Put what stands below the line into brackets.",
            ),
            "brackets around the lower sum are missing": (
                2 * tp / (2 * tp) + fp + fn,
                "",
                "Put brackets around it all.",
            ),
            "in percent": (100 * expected, *PER_CENT),
            "rounded": (round(expected, 2), "Round when you print, not when you calculate.", "Leave out `round`."),
        }
        _on_a_copy(pooled_f1, table, expected, mistakes, "the pooled F1")


def _on_a_copy(function, table, expected, mistakes, what: str) -> None:
    own = table.copy()
    result = function(own)
    if callable(result):
        raise Wrong(
            "the brackets are missing",
            received=f"a {type(result).__name__}",
            expected=what,
            why="`.mean` and `.sum` without brackets are the functions themselves.",
            remedy="Put `()` behind it, to call it.",
        )
    expect_close(result, expected, mistakes, tolerance=1e-6, what=what)
    expect_untouched(own, table)


def _pooled(table) -> float:
    tp, fp, fn = (table[name].sum() for name in ("tp", "fp", "fn"))
    return 2 * tp / (2 * tp + fp + fn)
