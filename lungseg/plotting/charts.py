"""Charts of numbers: training curves, and the Dice of each case by group."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from lungseg.errors import InputError, counted
from lungseg.plotting.figure import GREY, WIDTH, NotebookFigure, plain_chart
from lungseg.untrusted.run_files import read_history

if TYPE_CHECKING:
    import pandas as pd

# The two colours of the Okabe-Ito palette that are easiest to tell apart on white.
TRAIN, VALIDATION = "#0072B2", "#D55E00"


def plot_history(history: object) -> NotebookFigure:
    """Draw training curves: loss, Dice with its best epoch, and learning rate.

    The best epoch is the first one with the highest validation Dice: the one
    whose weights are kept. Dotted lines show where the learning rate dropped.

    Parameters
    ----------
    history : DataFrame, dict, path, or what has an attribute `history`
        A column for each of `loss`, `val_loss`, `dice`, `val_dice` and `learning_rate`, as far as they were logged,
        and a row for each epoch. A path leads to a `history.csv` or to the run folder that holds it; a run, and what
        Keras' `fit` returns, will do as well. Epochs are counted from 1 in the figure, whatever the column `epoch`
        starts with.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for the loss, one for the Dice and one for the learning rate; what was not logged has none.

    Raises
    ------
    InputError
        If there is no such file, no epoch, or neither a loss nor a Dice.

    Examples
    --------
    >>> figure = plot_history({"loss": [0.9, 0.5, 0.4], "dice": [0.6, 0.8, 0.9], "val_dice": [0.5, 0.8, 0.7]})
    >>> [ax.get_title() for ax in figure.axes]
    ['loss', 'Dice']
    """
    table = _read_history(history)
    epochs = table["epoch"].to_numpy()
    titles = {"loss": "loss", "dice": "Dice", "learning_rate": "learning rate"}
    shown = [name for name in titles if name in table or f"val_{name}" in table]
    ratios = [0.75 if name == "learning_rate" else 1 for name in shown]
    figure = NotebookFigure(
        figsize=(WIDTH if len(shown) > 1 else WIDTH / 2, 3.4), layout=ConstrainedLayoutEngine(wspace=0.04)
    )
    axes = np.atleast_1d(figure.subplots(1, len(shown), width_ratios=ratios))
    words = [f"Training curves over {len(table)} epoch{'s' * (len(table) > 1)}."]
    marker = "o" if len(table) <= 30 else None
    drops = _drops(table)

    for ax, name in zip(axes, shown, strict=True):
        plain_chart(ax, "epoch")
        ax.set_title(titles[name], fontsize=11)
        if name == "learning_rate":
            ax.step(epochs, table[name], where="mid", color=GREY, lw=1.8, marker=marker, ms=3.5)
            _rate_axis(ax, table[name])
        else:
            if name in table:
                lonely = "o" if len(table) == 1 else None
                ax.plot(epochs, table[name], "--", color=TRAIN, lw=1.8, marker=lonely, label="training")
            if f"val_{name}" in table:
                values = table[f"val_{name}"]
                ax.plot(epochs, values, color=VALIDATION, lw=1.8, marker=marker, ms=3.5, label="validation")
        for epoch in drops:
            ax.axvline(epoch - 0.5, color=GREY, lw=1, ls=":", zorder=1, gid="drop")
        _epoch_axis(ax, epochs)

    if "loss" in table:
        words.append(f"Loss from {table['loss'].iloc[0]:.3f} to {table['loss'].iloc[-1]:.3f}.")
    if "dice" in shown:
        words += _mark_best(axes[shown.index("dice")], table)
    for ax, name in zip(axes, shown, strict=True):
        if name != "learning_rate":
            ax.legend(fontsize=9, loc="best", frameon=True, edgecolor="none")
    if drops:
        words.append(f"The learning rate dropped in epoch {', '.join(map(str, drops))}.")
    figure.alt_text = " ".join(words)
    return figure


def _read_history(history: object) -> "pd.DataFrame":
    """Return a history as a table of floats, sorted by an epoch that counts from 1."""
    import pandas as pd

    name = "the history"
    if isinstance(history, str | Path):
        path = Path(history)
        path = path / "history.csv" if path.is_dir() else path
        name = str(path)
        history = read_history(path)
    history = getattr(history, "history", history)
    try:
        table = pd.DataFrame(history).astype(float)
    except (ValueError, TypeError):
        raise InputError(
            f"{name}: expected a column of numbers for each of loss, dice, val_dice … "
            f"Received: {type(history).__name__}. Pass history.csv of a run folder."
        ) from None
    if len(table) == 0 or not {"loss", "dice", "val_loss", "val_dice"} & set(table.columns):
        raise InputError(
            f"{name}: expected epochs with a loss or a dice. Received: {counted(len(table), 'epoch')} with "
            f"{', '.join(map(str, table.columns)) or 'no column'}. Train for an epoch first."
        )
    if "learning_rate" in table and table["learning_rate"].isna().all():
        table = table.drop(columns="learning_rate")
    if "epoch" in table:
        # A training that went on may have logged an epoch twice: the later row counts.
        table = table.drop_duplicates("epoch", keep="last").sort_values("epoch", ignore_index=True)
        return table.assign(epoch=(table["epoch"] - table["epoch"].iloc[0] + 1).astype(int))
    return table.assign(epoch=np.arange(1, len(table) + 1))


def _drops(table: "pd.DataFrame") -> list[int]:
    """Return the epochs that started with a learning rate clearly lower than before; none if it falls steadily."""
    if "learning_rate" not in table:
        return []
    rates = table["learning_rate"].to_numpy()
    if np.count_nonzero(np.diff(rates)) > max(1, len(rates) / 3):
        return []
    return [int(table["epoch"].iloc[i]) for i in range(1, len(rates)) if rates[i] < 0.8 * rates[i - 1]]


def _mark_best(ax: Axes, table: "pd.DataFrame") -> list[str]:
    """Mark the best epoch with a star; return a sentence that names it."""
    column, name = ("val_dice", "validation Dice") if "val_dice" in table else ("dice", "training Dice")
    values = table[column].to_numpy()
    if np.isnan(values).all():
        return []
    at = int(np.nanargmax(values))
    epoch, value = int(table["epoch"].iloc[at]), values[at]
    ax.plot(
        epoch,
        value,
        "*",
        ms=15,
        color=VALIDATION if column == "val_dice" else TRAIN,
        mec="white",
        zorder=5,
        label=f"best: {value:.3f} in epoch {epoch}",
    )
    return [f"Best {name} {value:.3f} in epoch {epoch}."]


def _epoch_axis(ax: Axes, epochs: np.ndarray) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    ax.set_xlim(epochs[0] - 0.6, epochs[-1] + 0.6)


def _rate_axis(ax: Axes, rates: "pd.Series") -> None:
    """Show rates on a scale of powers of ten if they span much, and in plain digits."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    if rates.min() > 0 and rates.max() / rates.min() > 3:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        ax.set_ylim(0, 1.15 * rates.max() or 1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))


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
