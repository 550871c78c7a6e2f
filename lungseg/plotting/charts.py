"""Charts of an evaluation: the Dice of each case as a dot, by group or by class."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lungseg.errors import InputError
from lungseg.evaluation.summary import classes_of
from lungseg.plotting.figure import GREY, WIDTH, NotebookFigure, plain_chart
from lungseg.plotting.history import TRAIN
from lungseg.problems import Problem

if TYPE_CHECKING:
    import pandas as pd


def plot_dice_by_group(
    table: "pd.DataFrame",
    by: str | Sequence[str] = ("source", "diagnosis"),
    colours: Mapping[str, str] | None = None,
) -> NotebookFigure:
    """Draw the Dice of each case as a dot, a row for each group, over a box.

    The box reaches from the first to the third quartile: the middle half of the cases. The bar in it is the median.
    The case with the lowest Dice of each group is named.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluate`: a row a case, with columns `case` and `dice` and those of `by`.
    by : str or sequence of str
        The column or columns that make the groups.
    colours : mapping of str to str, optional
        Of the dots of a group, by its name.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the table is empty or lacks a column, or a Dice is not from 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": ["A_1", "A_2"], "source": ["other", "other"], "dice": [0.8, 0.9]})
    >>> figure = plot_dice_by_group(table, by=("source",))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['other\\n2 cases']
    """
    columns = [by] if isinstance(by, str) else list(by)
    check_table(table, ["case", "dice", *columns])
    groups = list(table.groupby(columns, observed=True))  # sorted by name
    lowest = float(table["dice"].min())
    span = max(1 - lowest, 0.02)
    left = max(0.0, lowest - 0.06 * span) if lowest > 0 else -0.02
    figure = NotebookFigure(figsize=(WIDTH, 0.85 + 0.95 * len(groups)), layout="constrained")
    ax = figure.subplots()
    plain_chart(ax, "Dice of a case")
    ax.grid(visible=False, axis="y")
    words, labels = [], []

    dot = 0.011 * (1 - left)  # about the diameter of a dot
    for row, (names, part) in enumerate(groups):
        values = part["dice"].to_numpy(dtype=float)
        first, median, third = np.percentile(values, [25, 50, 75])
        ax.barh(row, third - first, left=first, height=0.62, color="#dcdcdc", zorder=1)
        ax.vlines(median, row - 0.31, row + 0.31, color="black", lw=2, zorder=4)
        group = ", ".join(map(str, names))
        colour = (colours or {}).get(group, TRAIN)
        ax.scatter(values, row + swarm(values, dot), s=26, color=colour, alpha=0.65, lw=0, zorder=3)
        ax.text(1.02, row, f"median\n{median:.3f}", transform=ax.get_yaxis_transform(), va="center", fontsize=10)
        worst = part.iloc[int(values.argmin())]
        aside = "right" if worst["dice"] > 0.2 * left + 0.8 else "left"
        ax.text(
            worst["dice"], row + 0.34, worst["case"], fontsize=8.5, color=GREY, ha=aside, va="top", parse_math=False
        )
        count = f"{len(part)} case{'s' * (len(part) > 1)}"
        labels.append(f"{group}\n{count}")
        words.append(f"{group}: {count}, median {median:.3f}, lowest {worst['dice']:.3f} ({worst['case']}).")

    ax.set_yticks(range(len(groups)), labels, fontsize=10)
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(left, 1 + 0.01 * (1 - left)), ylim=(len(groups) - 0.45, -0.55))
    figure.alt_text = " ".join(["Dice of each case by group.", *words])
    return figure


def plot_dice_by_class(table: "pd.DataFrame", problem: Problem | None = None) -> NotebookFigure:
    """Draw the Dice of each class in each case as a dot, a row for each class, as `plot_dice_by_group` does.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluate`, of several classes.
    problem : Problem, optional
        Tells the colours of the classes.

    Returns
    -------
    matplotlib.figure.Figure
        Without a row for a class that no case has.

    Raises
    ------
    InputError
        If the table is empty or has no classes, or a Dice is not from 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": ["a", "b"], "dice": 0.8, "jaccard_left": 0.8, "dice_left": [0.7, 0.9]})
    >>> plot_dice_by_class(table).alt_text
    'Dice of each case by class. left: 2 cases, median 0.800, lowest 0.700 (a).'
    """
    import pandas as pd

    classes = classes_of(table)
    check_table(table, ["case", "dice", *(f"dice_{name}" for name in classes or ["<class>"])])
    parts = [table[["case"]].assign(dice=table[f"dice_{name}"], **{"class": name}).dropna() for name in classes]
    each = pd.concat(parts).astype({"class": pd.CategoricalDtype(classes)})
    figure = plot_dice_by_group(
        each, by="class", colours={name: problem.colour(name) for name in classes} if problem else None
    )
    figure.alt_text = figure.alt_text.replace("by group.", "by class.", 1)
    return figure


def check_table(table: "pd.DataFrame", columns: list[str]) -> None:
    """Check that a table is one of evaluated cases.

    Parameters
    ----------
    table : pandas.DataFrame
    columns : list of str
        The columns it should have; `dice` is one of them.

    Raises
    ------
    InputError
        If it is another thing, empty, without one of the columns, or a Dice is not from 0 to 1.
    """
    missing = [name for name in columns if name not in getattr(table, "columns", ())]
    if missing:
        raise InputError(
            f"the table: expected the columns {', '.join(columns)}. Received: a {type(table).__name__} without "
            f"{', '.join(missing)}. Make it with `lungseg.evaluate`, or read it with `read_evaluation`."
        )
    if len(table) == 0:
        raise InputError("the table: expected a row a case. Received: an empty table. Evaluate some cases.")
    wrong = table.loc[~table["dice"].between(0, 1)]  # NaN is not between
    if len(wrong):
        raise InputError(
            f"the table: expected a Dice from 0 to 1. Received: {wrong['dice'].iloc[0]} for {wrong['case'].iloc[0]}. "
            "Evaluate the cases again."
        )


def swarm(values: np.ndarray, diameter: float, height: float = 0.56) -> np.ndarray:
    """Return offsets that set dots of about the same value side by side.

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
    diameter : float
        Of a dot, in the unit of the values.
    height : float
        The largest distance between two offsets.

    Returns
    -------
    numpy.ndarray, shape (n,)

    Examples
    --------
    >>> swarm(np.array([0.90, 0.90, 0.70]), diameter=0.02).round(2).tolist()
    [-0.06, 0.06, 0.0]
    """
    bins = np.floor(values / diameter).astype(int)
    offsets = np.zeros(len(values))
    crowd = np.unique(bins, return_counts=True)[1].max()
    step = min(0.12, height / max(crowd - 1, 1))
    for one in np.unique(bins):
        members = np.flatnonzero(bins == one)
        offsets[members] = (np.arange(len(members)) - (len(members) - 1) / 2) * step
    return offsets
