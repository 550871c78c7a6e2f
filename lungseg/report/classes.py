"""What a report says of several classes: scores of each, which is taken for which, areas."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lungseg.evaluation import statistics
from lungseg.evaluation.confusion import normalised
from lungseg.evaluation.evaluation import Evaluation
from lungseg.evaluation.statistics import Interval
from lungseg.evaluation.summary import summarise
from lungseg.problems import Problem
from lungseg.report.figures import signed
from lungseg.report.numbers import lung_areas

INTERVAL = f"{100 * statistics.LEVEL:g} % interval"
WITH_IT, ONLY_PREDICTED = "cases with it", "only predicted"
HEADS = ("class", WITH_IT, ONLY_PREDICTED, "mean Dice", INTERVAL, "median Dice", "Jaccard", "HD95", "ASSD", "pooled F1")
DIGITS = {"jaccard": 3, "hd95": 1, "assd": 2}


def words_of(problem: Problem, components: int | None = None) -> dict[str, str]:
    """Return how a page calls what was segmented.

    Parameters
    ----------
    problem : Problem
    components : int, optional
        How many cleaning keeps; two of lungs.

    Returns
    -------
    dict
        `title`; `one`, the class, and `all` of it; `file`, what the images were; what cleaning leaves, after "keeps"
        (`kept`) and as what is kept (`are_kept`).

    Examples
    --------
    >>> words_of(Problem())["all"], words_of(Problem(classes=("nucleus",), recipe="colour"))["all"]
    ('the lungs', 'nucleus')
    """
    if problem.recipe == "lungs" and tuple(problem.classes) == ("lung",):
        words = {"title": "Lung segmentation", "one": "lung", "all": "the lungs", "file": "radiograph"}
    else:
        one = problem.classes[0] if len(problem.classes) == 1 else "the class"
        words = {"title": "Segmentation", "one": one, "all": one, "file": "file"}
    many = {None: "two", 2: "two", 3: "three"}.get(components, str(components))
    if components == 1:
        return words | {"kept": "the largest component", "are_kept": "the largest component is kept and its holes"}
    kept = f"the {many} largest components"
    return words | {"kept": kept, "are_kept": f"{kept} are kept and their holes"}


def scores_by_class(measured: Evaluation, ends: Callable[[Interval, int], str]) -> dict[str, Any]:
    """Return the head and the rows of the table of classes.

    Parameters
    ----------
    measured : Evaluation
        Of several classes.
    ends : callable
        Writes the ends of an interval.

    Returns
    -------
    dict
        `head`, and `rows` of text.
    """
    table, millimetres = measured.table, measured.table.get("hd95_mm")
    in_mm = [score for score in ("hd95_mm", "assd_mm") if millimetres is not None and millimetres.notna().any()]
    rows = []
    for name, scores in summarise(table, measured.problem)["by_class"].items():
        dice = scores["dice"]
        if dice is None:
            rows.append([name, f"{scores['count']:,}", "0", *["–"] * (len(HEADS) - 3 + len(in_mm))])
            continue
        interval = statistics.bootstrap_interval(table[f"dice_{name}"].dropna().to_numpy(dtype=float))
        means = [signed(scores[score]["mean"], digits) for score, digits in DIGITS.items()]
        counts = [f"{scores['count']:,}", f"{scores['scored'] - scores['count']:,}"]
        row = [name, *counts, signed(dice["mean"], 3), ends(interval, 3), signed(dice["median"], 3)]
        row += [*means, signed(scores["pooled_f1"], 3)]
        rows.append(row + [signed(scores[score]["mean"], 2) if scores[score] else "–" for score in in_mm])
    return {"head": [*HEADS, *(f"{score[:-3].upper()}, mm" for score in in_mm)], "rows": rows}


def confusion_rows(measured: Evaluation) -> dict[str, list[list[str]]]:
    """Return the rows of the confusion matrix, in pixels and as shares of the true class.

    Parameters
    ----------
    measured : Evaluation
        Of classes that exclude each other.

    Returns
    -------
    dict
        `pixels` and `shares`: rows of text, each with the name of the true class in front.
    """
    assert measured.confusion is not None
    shares = normalised(measured.confusion)
    names = measured.problem.names_of_outputs
    return {
        "pixels": [[name, *(f"{n:,}" for n in row)] for name, row in zip(names, measured.confusion, strict=True)],
        "shares": [
            [name, *("–" if np.isnan(share) else f"{share:.4f}" for share in row)]
            for name, row in zip(names, shares, strict=True)
        ],
    }


def areas_by_class(measured: Evaluation, ends: Callable[[Interval, int], str]) -> list[list[str]]:
    """Return how far predicted and true area of each class agree, in percent of the image.

    Parameters
    ----------
    measured, ends
        As for `scores_by_class`.

    Returns
    -------
    list of rows of text
        Class, mean true area, mean difference with its interval, limits of agreement.
    """
    rows = []
    for name in measured.problem.classes:
        true, predicted = lung_areas(measured.table, name)
        bias, low, high = statistics.limits_of_agreement(true, predicted)
        interval = statistics.bootstrap_interval(predicted - true)
        limits = f"{signed(low)} to {signed(high)}" if np.isfinite(low) else "one case only"
        rows.append([name, f"{true.mean():.2f}", signed(bias), ends(interval, 2), limits])
    return rows
