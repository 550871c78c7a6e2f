"""The chart of a comparison: a point for each training, and the mean of each variant with its interval."""

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from lungseg.plotting.figure import GREY, WIDTH, NotebookFigure, plain_chart
from lungseg_course.experiments.statistics import scores_of

if TYPE_CHECKING:
    import pandas as pd

POINT, MEAN = "#0072B2", "#000000"
NARROWEST = 0.02  # the Dice from the left to the right: a smaller range would make chance look large


def plot_comparison(table: "pd.DataFrame") -> NotebookFigure:
    """Draw what `compare` found.

    Parameters
    ----------
    table : DataFrame
        From `compare`.

    Returns
    -------
    NotebookFigure
        A row for each variant, the first one on top. Its `alt_text` has the numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"mean": 0.95, "low": 0.93, "high": 0.97, "seed 0": 0.94, "seed 1": 0.96}
    >>> plot_comparison(pd.DataFrame([row], index=["with skips"])).alt_text
    'Mean Dice of each variant. with skips: 0.9500, interval 0.9300 to 0.9700, 2 trainings from 0.9400 to 0.9600.'
    """
    figure = NotebookFigure(figsize=(0.8 * WIDTH, 1.1 + 0.52 * len(table)), layout="constrained")
    ax = figure.subplots()
    plain_chart(ax, "mean Dice of the validation cases")
    words = ["Mean Dice of each variant."]
    every = np.array([scores_of(table, str(name)) for name in table.index])  # (variants, seeds)
    if every.shape[1] > 1:
        ax.plot(every, np.arange(len(every)), color=GREY, lw=0.8, alpha=0.5, zorder=1)  # a line for each seed
    for place, (name, row) in enumerate(table.iterrows()):
        scores = every[place][np.isfinite(every[place])]
        ax.plot(scores, np.full(len(scores), place), "o", color=POINT, ms=6, alpha=0.75, mec="white", zorder=3)
        ax.plot([row["low"], row["high"]], [place + 0.22] * 2, color=MEAN, lw=2, solid_capstyle="butt")
        ax.plot(row["mean"], place + 0.22, "D", color=MEAN, ms=6)
        words.append(_in_words(str(name), row, scores))
    label = "trainings with the same seed" if len(table) > 1 else "one training"
    ax.plot([], [], "o-", color=GREY, mfc=POINT, mec=POINT, ms=6, lw=0.8 * (len(table) > 1), label=label)
    ax.plot([], [], "D-", color=MEAN, ms=6, lw=2, label="mean and 95 % interval")
    ax.set_yticks(range(len(table)), [textwrap.fill(str(name), 28) for name in table.index])
    ax.set_ylim(len(table) - 0.4, -0.6)
    low, high = ax.get_xlim()
    if high - low < NARROWEST:
        ax.set_xlim((low + high - NARROWEST) / 2, (low + high + NARROWEST) / 2)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7))
    ax.grid(axis="x", color="#dddddd", lw=0.8)
    ax.set_axisbelow(True)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9)
    figure.alt_text = " ".join(words)
    return figure


def _in_words(name: str, row: "pd.Series", scores: np.ndarray) -> str:
    if len(scores) == 0:
        return f"{name}: not trained yet."
    if len(scores) == 1:
        return f"{name}: {scores[0]:.4f}, one training."
    return (
        f"{name}: {row['mean']:.4f}, interval {row['low']:.4f} to {row['high']:.4f}, {len(scores)} trainings from "
        f"{scores.min():.4f} to {scores.max():.4f}."
    )
