"""The charts of a report: distribution, agreement, calibration, threshold. Each carries its alternative text."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lungseg.errors import InputError, counted
from lungseg.evaluation.statistics import LUNG, PIXELS, PROBABILITY, expected_calibration_error, limits_of_agreement
from lungseg.evaluation.thresholds import choose_threshold
from lungseg.masks.cleaning import THRESHOLD
from lungseg.plotting.figure import GREY, NotebookFigure, plain_chart
from lungseg.plotting.history import TRAIN, VALIDATION

SIZE = (8.0, 3.8)  # inches


def plot_dice_histogram(dice: npt.ArrayLike) -> NotebookFigure:
    """Draw how many cases have which Dice, with mean and median.

    Parameters
    ----------
    dice : array_like, shape (n,)
        From 0 to 1, at least one.

    Returns
    -------
    NotebookFigure

    Raises
    ------
    InputError
        If there is no Dice, or one is not from 0 to 1.

    Examples
    --------
    >>> plot_dice_histogram([0.9, 0.9, 0.6]).alt_text
    'Histogram of the Dice of 3 cases, from 0.600 to 0.900: mean 0.800, median 0.900.'
    """
    dice = np.asarray(dice, dtype=float)
    if dice.ndim != 1 or dice.size == 0 or not ((dice >= 0) & (dice <= 1)).all():
        raise InputError(f"expected Dice from 0 to 1, at least one. Received: shape {dice.shape}. Evaluate some cases.")
    figure, ax = _chart("Dice of a case", "cases")
    # About thirty bars, of a width that is easily read, and 1 is the right end of the last one.
    width = next(w for w in (0.002, 0.005, 0.01, 0.02, 0.05) if w == 0.05 or (1 - dice.min()) / w <= 30)
    count = max(5, int(np.ceil((1 - dice.min()) / width + 1e-9)))
    ax.hist(dice, bins=(1 - width * np.arange(count, -1, -1)).tolist(), color=TRAIN, edgecolor="white", lw=0.8)
    ax.axvline(dice.mean(), color=VALIDATION, lw=2, label=f"mean {dice.mean():.3f}")
    ax.axvline(np.median(dice), color="black", lw=2, ls="--", label=f"median {np.median(dice):.3f}")
    ax.locator_params(axis="y", integer=True)
    ax.set_xlim(right=1)
    ax.legend(loc="upper left", frameon=True, edgecolor="none")
    figure.alt_text = (
        f"Histogram of the Dice of {cases_text(len(dice))}, from {dice.min():.3f} to {dice.max():.3f}: "
        f"mean {dice.mean():.3f}, median {np.median(dice):.3f}."
    )
    return figure


def plot_agreement(true: npt.ArrayLike, predicted: npt.ArrayLike, what: str = "lung") -> NotebookFigure:
    """Draw predicted − true area of each case over the mean of both, with bias and limits of agreement.

    Parameters
    ----------
    true, predicted : array_like, shape (n,)
        Areas of the lungs in percent of the image.
    what : str
        The class.

    Returns
    -------
    NotebookFigure

    Raises
    ------
    InputError
        If the shapes differ, there is no case, or a number is not finite.

    Examples
    --------
    >>> plot_agreement([10, 20, 30], [11, 22, 33]).alt_text
    'Predicted minus true lung area of 3 cases: bias 2.00 % of the image, limits of agreement 0.04 to 3.96 %.'
    """
    bias, low, high = limits_of_agreement(true, predicted)
    true, predicted = np.asarray(true, dtype=float), np.asarray(predicted, dtype=float)
    figure, ax = _chart("mean of true and predicted area, % of the image", "predicted − true, % of the image")
    ax.axhline(0, color=GREY, lw=1)
    ax.scatter((true + predicted) / 2, predicted - true, s=26, color=TRAIN, alpha=0.65, lw=0, zorder=3)
    ax.axhline(bias, color=VALIDATION, lw=2, label=f"bias {signed(bias)}")
    if np.isfinite(low):
        ax.axhline(high, color=VALIDATION, lw=2, ls="--", label=f"limits {signed(low)} to {signed(high)}")
        ax.axhline(low, color=VALIDATION, lw=2, ls="--")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)  # beside the dots, not on them
    limits = f", limits of agreement {signed(low)} to {signed(high)} %." if np.isfinite(low) else "."
    title = f"Predicted minus true {what} area of {cases_text(len(true))}"
    figure.alt_text = f"{title}: bias {signed(bias)} % of the image{limits}"
    return figure


def plot_reliability(table: npt.ArrayLike, what: str = "lung") -> NotebookFigure:
    """Draw the observed share of lung over the predicted probability, above the number of pixels.

    Parameters
    ----------
    table : array_like, shape (3, bins)
        From `lungseg.evaluation.statistics.calibration_table`, summed over the cases.
    what : str
        The class.

    Returns
    -------
    NotebookFigure

    Raises
    ------
    InputError
        If the table has no pixel.

    Examples
    --------
    >>> plot_reliability([[10, 10], [3, 10], [2, 9]]).alt_text[:57]
    'Reliability diagram over 20 pixels: expected calibration '
    """
    table = np.asarray(table, dtype=float)
    used = np.flatnonzero(table[PIXELS])
    if used.size == 0:
        raise InputError("expected a table of calibration with pixels. Received: an empty one. Evaluate some cases.")
    pixels = table[PIXELS, used]
    predicted, observed = table[PROBABILITY, used] / pixels, table[LUNG, used] / pixels
    error = expected_calibration_error(table)
    figure = NotebookFigure(figsize=(SIZE[0], 5.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.1))
    plain_chart(upper, ylabel=f"observed share of {what}")
    upper.plot([0, 1], [0, 1], "--", color=GREY, lw=1.5, label="perfect calibration")
    upper.plot(predicted, observed, "o-", color=TRAIN, lw=1.8, ms=6, label="this network", clip_on=False)
    upper.set(xlim=(0, 1), ylim=(0, 1))
    upper.legend(loc="upper left", frameon=True, edgecolor="none")
    plain_chart(lower, f"predicted probability of {what}", "pixels")
    bins = table.shape[1]
    lower.bar((np.arange(bins) + 0.5) / bins, table[PIXELS], width=0.9 / bins, color=TRAIN, log=True)
    points = "; ".join(f"at {p:.2f} {o:.2f}" for p, o in zip(predicted, observed, strict=True))
    figure.alt_text = (
        f"Reliability diagram over {int(pixels.sum()):,} pixels: expected calibration error {error:.4f}. "
        f"Observed share of {what} by mean predicted probability: {points}."
    )
    return figure


def plot_thresholds(thresholds: Sequence[float], dice: npt.ArrayLike) -> NotebookFigure:
    """Draw the mean Dice of the validation cases over the threshold, and mark the best one.

    Parameters
    ----------
    thresholds : sequence of float
    dice : array_like, shape (cases, thresholds)
        From `lungseg.evaluation.thresholds.dice_by_threshold`.

    Returns
    -------
    NotebookFigure

    Raises
    ------
    InputError
        If there is no case, or another number of thresholds.

    Examples
    --------
    >>> plot_thresholds([0.3, 0.5, 0.7], [[0.9, 0.8, 0.6], [0.5, 0.8, 0.6]]).alt_text
    'Mean Dice of 2 validation cases by threshold: 0.3 0.700, 0.5 0.800, 0.7 0.600. The highest is at 0.5.'
    """
    dice = np.asarray(dice, dtype=float)
    best = choose_threshold(thresholds, dice)
    means = np.mean(dice, axis=0)
    figure, ax = _chart("threshold", "mean Dice, validation cases")
    ax.plot(thresholds, means, "o-", color=VALIDATION, lw=1.8, ms=4)
    label = f"highest: {means[best]:.4f} at {thresholds[best]:g}"
    ax.plot(thresholds[best], means[best], "*", ms=16, color=VALIDATION, mec="white", label=label, zorder=5)
    ax.axvline(THRESHOLD, color=GREY, lw=1.5, ls="--", label=f"in use: {THRESHOLD:g}")
    ax.legend(loc="lower center", frameon=True, edgecolor="none")
    points = ", ".join(f"{threshold:g} {mean:.3f}" for threshold, mean in zip(thresholds, means, strict=True))
    figure.alt_text = (
        f"Mean Dice of {len(dice)} validation case{'s' * (len(dice) != 1)} by threshold: {points}. "
        f"The highest is at {thresholds[best]:g}."
    )
    return figure


def signed(value: float, digits: int = 2) -> str:
    """Write a number with `digits` decimal places, a true minus sign, and zero without a sign.

    Examples
    --------
    >>> signed(-0.126), signed(-0.001)
    ('−0.13', '0.00')
    """
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def _chart(xlabel: str, ylabel: str) -> tuple[NotebookFigure, Axes]:
    """Make a figure of one chart."""
    figure = NotebookFigure(figsize=SIZE, layout="constrained")
    ax = figure.subplots()
    plain_chart(ax, xlabel, ylabel)
    return figure, ax


def cases_text(number: int) -> str:
    """Write a number of cases: "1 case", "12 cases"."""
    return counted(number, "case")
