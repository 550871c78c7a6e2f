"""The values of a report, for the template `report.html.jinja`, which puts them into words and escapes them."""

import base64
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from lungseg.evaluation import statistics
from lungseg.evaluation.evaluation import Evaluation
from lungseg.evaluation.selection import seen_in_training, seen_text
from lungseg.evaluation.statistics import BINS, LUNG, PIXELS, PROBABILITY
from lungseg.evaluation.surface import TOLERANCE
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold
from lungseg.masks.cleaning import THRESHOLD
from lungseg.plotting.charts import plot_dice_by_class, plot_dice_by_group
from lungseg.plotting.confusion import plot_confusion
from lungseg.plotting.figure import alt_text, as_png
from lungseg.plotting.gallery import draw_examples, with_something
from lungseg.prediction.outcome import known_components
from lungseg.report import figures
from lungseg.report.classes import areas_by_class, confusion_rows, scores_by_class, words_of
from lungseg.report.facts import describe, run_name
from lungseg.report.figures import cases_text, signed
from lungseg.report.numbers import (
    SCORES,
    choose_cases,
    count_stray,
    effect_of_cleaning,
    groups_of,
    lung_areas,
    score_intervals,
    scores_for,
)
from lungseg.runs import Run

if TYPE_CHECKING:
    import pandas as pd

TEMPLATE = "report.html.jinja"


def render_page(run: Run, measured: Evaluation, cases: Sequence[str | Path], dice: np.ndarray | str) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    run, measured, cases
        As `write_report` takes them.
    dice : numpy.ndarray of shape (validation cases, thresholds), or str
        The Dice of the validation cases by threshold, or why there is none.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If the cases are not those of the table.
    """
    table, problem = measured.table, measured.problem
    several, words = len(problem.classes) > 1, words_of(problem, known_components(problem, cases))
    shown = scores_for(table, problem)
    scores = score_intervals(table, shown)
    typical, worst = choose_cases(table)
    values = {
        "run": run_name(run),
        "count": len(table),
        "mean_dice": scores["dice"],
        "warning": seen_text(seen_in_training(run, table["case"])),
        "facts": describe(run, measured, cases),
        "clean": measured.clean,
        "scores": [
            (score.name, signed(scores[key].value, score.digits), _ends(scores[key], score.digits), score.meaning)
            for key, score in shown.items()
        ],
        "group_scores": [score.name.removeprefix("mean ").split(",")[0] for score in SCORES.values()][1:],
        "groups": _group_rows(table) if problem.recipe == "lungs" else None,
        "words": words,
        "lungs": words["all"] == "the lungs",
        "classes": [(name, problem.colour(name)) for name in problem.classes] if several else [],
        "by_class_scores": scores_by_class(measured, _ends) if several else None,
        "confusion": None if measured.confusion is None else confusion_rows(measured),
        "outputs": problem.names_of_outputs,
        "softmax": problem.softmax,
        "cleaning": _cleaning(table) if "dice_cleaned" in table else None,
        "area": areas_by_class(measured, _ends) if several else _area(table),
        "calibration": _calibration(measured.calibration),
        "threshold": dice if isinstance(dice, str) else _threshold(run, dice),
        "typical": [kind for kind, _ in typical],
        "worst": len(worst),
        "stray": count_stray(table),
        "held": len(with_something(table)),
    }
    predictions = measured.masks or run.model
    draw = partial(draw_examples, table, cases, predictions, threshold=THRESHOLD, clean=measured.clean)
    drawn = {
        "dice": figures.plot_dice_histogram(table["dice"]),
        "calibration": figures.plot_reliability(measured.calibration, words["one"]),
        "typical": draw(typical, columns=2),
    }
    if problem.recipe == "lungs":
        drawn["groups"] = plot_dice_by_group(table)
    if several:
        drawn["by_class"] = plot_dice_by_class(table, problem)
    else:
        drawn["area"] = figures.plot_agreement(*lung_areas(table), words["one"])
    if measured.confusion is not None:
        drawn["confusion"] = plot_confusion(measured.confusion, problem.names_of_outputs)
    if worst:
        drawn["worst"] = draw([("", name) for _, name in worst], columns=4)
    if not isinstance(dice, str):
        drawn["threshold"] = figures.plot_thresholds(THRESHOLDS, dice)
    pictures = {name: _picture(figure) for name, figure in drawn.items()}
    return _environment().get_template(TEMPLATE).render(values, pictures=pictures).lstrip()


def _environment() -> Environment:
    """Return what renders the template: every value is escaped, and a missing one is an error."""
    found = Environment(
        loader=PackageLoader("lungseg.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"signed": signed, "cases": cases_text, "within": _within, "thousands": "{:,}".format}
    found.globals |= {"level": statistics.LEVEL, "resamples": statistics.RESAMPLES}
    found.globals |= {"in_use": THRESHOLD, "tolerance": TOLERANCE}
    return found


def _picture(figure: Figure) -> dict[str, Any]:
    """Return a figure as the template embeds it: size, alternative text, and PNG as base64."""
    width, height = (round(100 * inches) for inches in figure.get_size_inches())
    png = base64.b64encode(as_png(figure)).decode("ascii")
    return {"width": width, "height": height, "alt": alt_text(figure), "png": png}


def _group_rows(table: "pd.DataFrame") -> list[list[str]]:
    """Return the scores of each group; the interval is that of the mean Dice."""
    rows = []
    for name, part in groups_of(table).items():
        first, *others = (signed(score.value_of(part), score.digits) for score in SCORES.values())
        dice = statistics.bootstrap_interval(part["dice"])
        rows.append([name, f"{len(part):,}", first, _ends(dice, SCORES["dice"].digits), *others])
    return rows


def _cleaning(table: "pd.DataFrame") -> dict[str, Any]:
    """Return scores with and without cleaning, and of each whether the interval of its difference holds 0."""
    found: dict[str, Any] = {"rows": []}
    for score, name, digits in (("dice", "mean Dice", 4), ("hd95", "mean HD95, pixels", 2)):
        change = effect_of_cleaning(table, score)
        means = [signed(value, digits) for value in (change.before, change.after, change.difference.value)]
        counts = [f"{number:,}" for number in (change.better, change.worse, change.same)]
        found["rows"].append([name, *means, _ends(change.difference, digits), *counts])
        low, high = change.difference[1:]
        found[score] = "does not hold" if low > 0 or high < 0 else "holds"
    return found


def _area(table: "pd.DataFrame") -> dict[str, Any]:
    """Return how far predicted and true area of the lungs agree, in percent of the image."""
    true, predicted = lung_areas(table)
    difference = predicted - true
    bias, low, high = statistics.limits_of_agreement(true, predicted)
    return {
        "true": true.mean(),
        "bias": bias,
        "low": low,
        "high": high,
        "interval": statistics.bootstrap_interval(difference),
        "outside": int(((difference < low) | (difference > high)).sum()),
    }


def _calibration(counts: np.ndarray) -> dict[str, Any]:
    """Return the numbers of the reliability diagram, from a table of calibration (3, bins)."""
    doubtful = counts[:, 1:-1]
    rows = []
    for at in np.flatnonzero(counts[PIXELS]):
        pixels, lung, probability = counts[[PIXELS, LUNG, PROBABILITY], at]
        name = f"{at / BINS:.1f} to {(at + 1) / BINS:.1f}"
        rows.append([name, f"{int(pixels):,}", f"{probability / pixels:.3f}", f"{lung / pixels:.3f}"])
    return {
        "rows": rows,
        "pixels": int(counts[PIXELS].sum()),
        "error": statistics.expected_calibration_error(counts),
        "low": 1 / BINS,
        "share": doubtful[PIXELS].sum() / counts[PIXELS].sum(),
        "doubtful": statistics.expected_calibration_error(doubtful),
    }


def _threshold(run: Run, dice: np.ndarray) -> dict[str, Any]:
    """Return which threshold the validation cases would choose, from their Dice (cases, thresholds)."""
    best, used = choose_threshold(THRESHOLDS, dice), THRESHOLDS.index(THRESHOLD)
    means = dice.mean(axis=0)
    return {
        "rows": [[f"{threshold:g}", f"{mean:.4f}"] for threshold, mean in zip(THRESHOLDS, means, strict=True)],
        "count": len(dice),
        "known": len(run.split_ids["validation"]),
        "best": THRESHOLDS[best],
        "highest": means[best],
        "mean": means[used],
        "gain": statistics.bootstrap_interval(dice[:, best] - dice[:, used]),
        "chose": run.settings.get("keep") != "last",
    }


def _ends(interval: statistics.Interval, digits: int) -> str:
    if not np.isfinite(interval.low):
        return "one case only"
    return f"{signed(interval.low, digits)} to {signed(interval.high, digits)}"


def _within(interval: statistics.Interval, digits: int) -> str:
    """Write an interval in parentheses, for the end of a phrase; nothing if there is none."""
    return f" ({100 * statistics.LEVEL:g} % interval {_ends(interval, digits)})" if np.isfinite(interval.low) else ""
