"""The sections of a report: each function returns a list of paragraphs, tables and figures in HTML."""

from typing import TYPE_CHECKING

import numpy as np

from lungseg.evaluation.evaluation import Evaluation
from lungseg.evaluation.statistics import (
    BINS,
    LEVEL,
    LUNG,
    PIXELS,
    PROBABILITY,
    RESAMPLES,
    Interval,
    bootstrap_interval,
    expected_calibration_error,
    limits_of_agreement,
)
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold
from lungseg.masks.cleaning import THRESHOLD
from lungseg.plotting.charts import plot_dice_by_group
from lungseg.plotting.gallery import draw_examples
from lungseg.report.figures import (
    plot_agreement,
    plot_dice_histogram,
    plot_reliability,
    plot_thresholds,
    signed,
)
from lungseg.report.numbers import (
    SCORES,
    choose_cases,
    effect_of_cleaning,
    groups_of,
    lung_areas,
    score_intervals,
)
from lungseg.report.page import data_table, figure_block, folded, paragraph

if TYPE_CHECKING:
    import pandas as pd

INTERVAL = f"{100 * LEVEL:g} % interval"


def headline_section(scores: dict[str, Interval], count: int) -> list[str]:
    """Return the table of all scores with their intervals."""
    rows = [
        [score.name, signed(scores[name].value, score.digits), _ends(scores[name], score.digits), score.meaning]
        for name, score in SCORES.items()
    ]
    table = data_table(
        f"Scores over {cases_text(count)}", ["score", "value", INTERVAL, "how to read it"], rows, text=(3,)
    )
    if count == 1:
        return [table, paragraph("Of a single case nothing can be said about others.")]
    return [
        table,
        paragraph(
            f"These are bootstrap intervals: {count:,} cases are drawn from the {count:,} with replacement, "
            f"{RESAMPLES:,} times; the interval lies between two quantiles of the results, which allow for their bias "
            "and skewness (BCa). It tells how far a figure might move with other cases of the same kind. It says "
            "nothing about another hospital or another "
            "training, and with fewer than about twenty cases it is too narrow."
        ),
    ]


def groups_section(table: "pd.DataFrame") -> list[str]:
    """Return the scores by group, and the Dice of each case."""
    rows = []
    for name, part in groups_of(table).items():
        scores = score_intervals(part)
        values = {key: signed(scores[key].value, score.digits) for key, score in SCORES.items()}
        first = values.pop("dice")
        rows.append([name, f"{len(part):,}", first, _ends(scores["dice"], 3), *values.values()])
    names = [score.name.removeprefix("mean ").replace(", pixels", "") for score in SCORES.values()]
    head = ["group", "cases", "mean Dice", INTERVAL, *names[1:]]
    return [
        data_table("Scores by group; HD95 and ASSD in pixels; the interval is of the mean Dice", head, rows),
        figure_block(
            plot_dice_by_group(table),
            "Each dot is a case. The grey box holds the middle half of the group, the bar in it is the median, and the "
            "lowest case is named." + (" Groups whose intervals overlap widely cannot be ranked." * (len(rows) > 1)),
        ),
    ]


def distribution_section(table: "pd.DataFrame") -> list[str]:
    """Return the histogram of the Dice."""
    return [
        figure_block(
            plot_dice_histogram(table["dice"]),
            "How many cases have which Dice. A tail on the left is what a mean hides: a few cases that failed.",
        )
    ]


def cleaning_section(table: "pd.DataFrame") -> list[str]:
    """Return Dice and HD95 with and without cleaning."""
    rows, words = [], []
    for score, name, digits in (("dice", "mean Dice", 4), ("hd95", "mean HD95, pixels", 2)):
        change = effect_of_cleaning(table, score)
        means = [signed(value, digits) for value in (change.before, change.after, change.difference.value)]
        counts = [f"{number:,}" for number in (change.better, change.worse, change.same)]
        rows.append([name, *means, _ends(change.difference, digits), *counts])
        low, high = change.difference[1:]
        words.append(f"of {SCORES[score].name.split(',')[0]} {'does not hold' if low > 0 or high < 0 else 'holds'} 0")
    verdict = f"Here, before rounding, that {words[0]}, and that {words[1]}." if len(table) > 1 else ""
    head = ["score", "as predicted", "cleaned", "difference", INTERVAL, "better", "worse", "the same"]
    return [
        data_table("Paired comparison: cleaned minus as predicted, case by case", head, rows),
        paragraph(
            "Cleaning keeps the two largest components of a prediction and fills their holes. A gain is a higher Dice "
            "or a lower HD95; the last three columns count cases. An interval that holds 0 leaves open whether "
            f"cleaning helps. {verdict}"
        ),
    ]


def area_section(table: "pd.DataFrame") -> list[str]:
    """Return how far predicted and true area of the lungs agree."""
    true, predicted = lung_areas(table)
    bias, low, high = limits_of_agreement(true, predicted)
    text = f"The predicted area differs from the true one by {signed(bias)} % of the image on average"
    text += f"{range_text(bootstrap_interval(predicted - true), 2)}; the true lungs cover {true.mean():.1f} %. "
    if np.isfinite(low):
        outside = int(((predicted - true < low) | (predicted - true > high)).sum())
        text += f"The 95 % limits of agreement are {signed(low)} and {signed(high)} %; {cases_text(outside)} "
        text += f"lie{'s' * (outside == 1)} outside."
    return [
        paragraph(text),
        figure_block(
            plot_agreement(true, predicted),
            "Bland–Altman plot. Each dot is a case. Above 0 the lungs were drawn too large, below 0 too small; the "
            "solid line is the mean difference"
            + (
                ", and about 95 % of the differences are to be expected between the dashed ones. A cloud that rises, "
                "falls or widens means that the error depends on the size of the lungs."
                if np.isfinite(low)
                else "."
            ),
        ),
    ]


def calibration_section(counts: np.ndarray) -> list[str]:
    """Return the reliability diagram, from a table of calibration."""
    doubtful = counts[:, 1:-1]
    share = doubtful[PIXELS].sum() / counts[PIXELS].sum()
    text = (
        f"The expected calibration error over all {int(counts[PIXELS].sum()):,} pixels is "
        f"{expected_calibration_error(counts):.4f}. Most pixels lie far from any border, which makes it smaller than "
        f"it would be at the outline. {100 * share:.1f} % of the pixels have a probability from {1 / BINS:g} to "
        f"{1 - 1 / BINS:g}"
    )
    text += f"; among them alone it is {expected_calibration_error(doubtful):.3f}." if share else "."
    rows = []
    for at in np.flatnonzero(counts[PIXELS]):
        pixels, lung, probability = counts[[PIXELS, LUNG, PROBABILITY], at]
        name = f"{at / BINS:.1f} to {(at + 1) / BINS:.1f}"
        rows.append([name, f"{int(pixels):,}", f"{probability / pixels:.3f}", f"{lung / pixels:.3f}"])
    head = ["probability", "pixels", "mean probability", "share of lung"]
    return [
        paragraph(text),
        figure_block(
            plot_reliability(counts),
            "Reliability diagram. Of the pixels with a probability of 0.7, seven in ten should be lung: then the "
            "points lie on the diagonal. Points below it promise too much lung, points above it too little. The bars "
            "count the pixels on a logarithmic scale. The probabilities are those of the network, before threshold "
            "and cleaning.",
        ),
        folded("The numbers of this figure", data_table("Calibration by interval of probability", head, rows)),
    ]


def threshold_section(run, dice: np.ndarray | str, clean: bool) -> list[str]:
    """Return the section, from the Dice of validation cases by threshold, or from why there is none."""
    if isinstance(dice, str):
        text = (
            f"{dice}, so there is no figure here. The threshold stays {THRESHOLD:g}: one chosen on the cases that are "
            "judged would make their scores look better than those of new cases."
        )
        return [paragraph(text)]
    best, used = choose_threshold(THRESHOLDS, dice), THRESHOLDS.index(THRESHOLD)
    means = dice.mean(axis=0)
    of_all = f"{len(dice):,} of the {len(run.split_ids['validation']):,} validation cases"
    text = f"On {of_all}{', with cleaned predictions,' if clean else ''} the mean Dice is "
    if best == used:
        text += f"highest at {THRESHOLD:g}, which is in use ({means[used]:.4f})."
    else:
        gain = bootstrap_interval(dice[:, best] - dice[:, used])
        text += (
            f"highest at {THRESHOLDS[best]:g} ({means[best]:.4f}); at {THRESHOLD:g} it is {means[used]:.4f}. The "
            f"threshold chosen there would be {THRESHOLDS[best]:g}, a gain of {signed(gain.value, 4)}"
            f"{range_text(gain, 4)}, which flatters a little, as the best of {len(THRESHOLDS)} was picked."
        )
    text += f" All other figures of this page use {THRESHOLD:g}. No case of the test part was used here."
    chose = "" if run.settings.get("keep") == "last" else " These cases also chose the epoch that was kept."
    rows = [[f"{threshold:g}", f"{mean:.4f}"] for threshold, mean in zip(THRESHOLDS, means, strict=True)]
    return [
        paragraph(text),
        figure_block(
            plot_thresholds(THRESHOLDS, dice),
            "Mean Dice of the validation cases, if pixels count as lung from this probability on. A flat curve means "
            f"that the threshold hardly matters.{chose}",
        ),
        folded("The numbers of this figure", data_table("By threshold", ["threshold", "mean Dice"], rows)),
    ]


def examples_section(run, measured: Evaluation, cases) -> list[str]:
    """Return the best, the median and the worst cases with their outlines."""
    typical, worst = choose_cases(measured.table)

    def draw(shown, columns):
        predictions = measured.masks or run.model
        return draw_examples(measured.table, cases, predictions, shown, columns, THRESHOLD, measured.clean)

    note = (
        "The true outline is blue and wide, the predicted one orange and thin. The patient's left is on the right, as "
        "radiologists look at images."
    )
    kinds = " and ".join(f"the {kind}" for kind, _ in typical)
    blocks = [
        paragraph(note),
        figure_block(draw(typical, 2), f"Of all cases {kinds} by Dice." if len(cases) > 1 else "The only case."),
    ]
    if worst:
        figure = draw([("", name) for _, name in worst], 4)
        figure.alt_text = f"The worst cases, the worst first. {figure.alt_text}"
        caption = (
            f"The {cases_text(len(worst))} with the lowest Dice, the worst first. Look at them before you trust a "
            "mean: is the network wrong, or the true mask?"
        )
        blocks.append(figure_block(figure, caption))
    return blocks


def _ends(interval: Interval, digits: int) -> str:
    if not np.isfinite(interval.low):
        return "one case only"
    return f"{signed(interval.low, digits)} to {signed(interval.high, digits)}"


def range_text(interval: Interval, digits: int) -> str:
    """Write an interval in brackets, for the end of a phrase; nothing if there is none."""
    return f" ({INTERVAL} {_ends(interval, digits)})" if np.isfinite(interval.low) else ""


def cases_text(number: int) -> str:
    """Write a number of cases: "1 case", "12 cases"."""
    return f"{number:,} case{'s' * (number != 1)}"
