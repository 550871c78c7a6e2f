"""real_cases.png: how good the network is on 142 radiographs that it has not learned from, a dot for each of them."""

import numpy as np
from style import BLUE, GREY, INK, ORANGE, SMALLEST, board, new_figure

GROUPS = [(source, diagnosis) for source in ("Montgomery", "Shenzhen") for diagnosis in ("normal", "tuberculosis")]
SCORES = {
    "dice": ("Dice coefficient (1 is best)", (0.815, 1.0), "{:.3f}"),
    "hd95": ("outline error, HD95, in pixels of 256 × 256 (0 is best)", (0.0, 37.0), "{:.1f}"),
}


def table():
    """Return the evaluation that comes with the package, a row for each case."""
    from lungseg.evaluation import read_evaluation
    from lungseg.runs import PretrainedRun

    return read_evaluation(PretrainedRun().folder)


def group(rows, source: str, diagnosis: str):
    """Return the rows of a hospital and a diagnosis."""
    return rows[(rows["source"] == source) & (rows["diagnosis"] == diagnosis)]


def intervals(rows, score: str) -> list:
    """Return for each group the mean and its bootstrap 95 % interval."""
    from lungseg.evaluation import bootstrap_interval

    return [bootstrap_interval(group(rows, *names)[score]) for names in GROUPS]


def spread(values: np.ndarray, width: float) -> np.ndarray:
    """Return how far each dot stands from the middle of its row, so that dots of nearly the same value lie apart."""
    places = np.zeros(len(values))
    for rank, at in enumerate(np.argsort(values, kind="stable")):
        places[at] = (rank * 0.618) % 1 - 0.5  # the golden ratio: neighbours never get the same place
    return width * places


def draw():
    rows = table()
    figure = new_figure(6.0)
    ax = board(figure)
    wide, high = figure.get_size_inches()
    ax.text(0.2, 0.22, f"{len(rows)} test radiographs: a dot for each", va="center", weight="bold", fontsize=11)
    for number, (score, (title, limits, shape)) in enumerate(SCORES.items()):
        top = 0.5 + 2.7 * number
        ax.text(0.2, top + 0.1, title, va="center", fontsize=SMALLEST, weight="bold")
        chart = figure.add_axes([1.4 / wide, 1 - (top + 2.15) / high, 2.85 / wide, 1.9 / high])
        chart.set(xlim=limits, ylim=(3.5, -0.5), yticks=[])
        chart.spines[["top", "right", "left"]].set_visible(False)
        chart.tick_params(labelsize=SMALLEST)
        chart.grid(axis="x", color="#e4e4e4", lw=0.8)
        chart.set_axisbelow(True)
        for row, (names, mean) in enumerate(zip(GROUPS, intervals(rows, score), strict=True)):
            values = group(rows, *names)[score].to_numpy()
            colour = BLUE if names[0] == "Montgomery" else ORANGE
            chart.plot(values, row + spread(values, 0.5), "o", ms=3.4, color=colour, alpha=0.55, mec="none")
            chart.plot([mean.low, mean.high], [row, row], color=INK, lw=2.4, solid_capstyle="butt")
            chart.plot(mean.value, row, "d", ms=6, color="white", mec=INK, mew=1.4)
            y = top + 0.25 + 1.9 * (row + 0.5) / 4
            ax.text(0.2, y, f"{names[0]}\n{names[1]} ({len(values)})", va="center", fontsize=SMALLEST, linespacing=1.15)
            interval = f"{shape.format(mean.low)} to {shape.format(mean.high)}"
            ax.text(5.25, y, f"$\\bf{{{shape.format(mean.value)}}}$\n{interval}", va="center", ha="right",
                    fontsize=SMALLEST, linespacing=1.15)  # fmt: skip
    ax.plot(0.3, 5.82, "d", ms=6, color="white", mec=INK, mew=1.4)
    words = "mean, and its 95 % interval (numbers on the right)"
    ax.text(0.45, 5.82, words, va="center", fontsize=SMALLEST, color=GREY)
    return figure
