"""Training curves: loss, Dice, that of each class, and learning rate, epoch by epoch."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from lungseg.errors import InputError, counted
from lungseg.files.untrusted.run_files import read_history
from lungseg.plotting.figure import GREY, WIDTH, NotebookFigure, plain_chart
from lungseg.problems import PALETTE, Problem

if TYPE_CHECKING:
    import pandas as pd

# The two colours of the Okabe-Ito palette that are easiest to tell apart on white.
TRAIN, VALIDATION = "#0072B2", "#D55E00"
OF_CLASSES = "dice_"  # begins the names of columns: dice_heart, val_dice_heart


def plot_history(history: object, problem: Problem | None = None) -> NotebookFigure:
    """Draw training curves: loss, Dice with its best epoch, of several classes the Dice of each, and learning rate.

    The best epoch is the first one with the highest validation Dice: the one
    whose weights are kept. Dotted lines show where the learning rate dropped.

    Parameters
    ----------
    history : DataFrame, dict, path, or what has an attribute `history`
        A column for each of `loss`, `val_loss`, `dice`, `val_dice` and `learning_rate`, as far as they were logged, of
        several classes also `dice_<class>` and `val_dice_<class>`, and a row for each epoch. A path leads to a
        `history.csv` or to the run folder that holds it; a run, and what Keras' `fit` returns, will do as well. Epochs
        are counted from 1 in the figure, whatever the column `epoch` starts with.
    problem : Problem, optional
        Tells which classes there are, and their colours; by default that of a run. Without one, all columns count whose
        names begin with `dice_`, but losses.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for the loss, one for the Dice, one for the validation Dice of each class (of the training, where
        nothing was validated) and one for the learning rate; what was not logged has none.

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
    classes = _curves_of_classes(table, problem or getattr(history, "problem", None))
    epochs = table["epoch"].to_numpy()
    titles = {"loss": "loss", "dice": "Dice", OF_CLASSES: "Dice of each class", "learning_rate": "learning rate"}
    shown = [name for name in titles if name in table or f"val_{name}" in table or (name == OF_CLASSES and classes)]
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
        elif name == OF_CLASSES:
            for called, (column, colour) in classes.items():
                ax.plot(epochs, table[column], color=colour, lw=1.8, marker=marker, ms=3.5, label=called)
        else:
            if name in table:
                lonely = "o" if len(table) == 1 else None
                ax.plot(epochs, table[name], "--", color=TRAIN, lw=1.8, marker=lonely, label="training")
            if f"val_{name}" in table:
                values = table[f"val_{name}"]
                ax.plot(epochs, values, color=VALIDATION, lw=1.8, marker=marker, ms=3.5, label="validation")
        for epoch in drops:
            said = "lower learning rate" if ax is axes[0] and epoch == drops[0] else None  # once is enough
            ax.axvline(epoch - 0.5, color=GREY, lw=1, ls=":", zorder=1, gid="drop", label=said)
        _epoch_axis(ax, epochs)

    if "loss" in table:
        words.append(f"Loss from {table['loss'].iloc[0]:.3f} to {table['loss'].iloc[-1]:.3f}.")
    if "dice" in shown:
        words += _mark_best(axes[shown.index("dice")], table)
    if classes:
        last = [f"{called} {table[column].iloc[-1]:.3f}" for called, (column, _) in classes.items()]
        words.append(f"Dice of each class at the end: {', '.join(last)}.")
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


def _curves_of_classes(table: "pd.DataFrame", problem: Problem | None) -> dict[str, tuple[str, str]]:
    """Return for each of several classes the column with its Dice, and its colour."""
    logged = [str(column).removeprefix("val_") for column in table]
    logged = [name for name in logged if name.startswith(OF_CLASSES) and not name.endswith("loss")]
    names = problem.classes if problem else list(dict.fromkeys(name.removeprefix(OF_CLASSES) for name in logged))
    curves = {}
    for at, name in enumerate(names if len(names) > 1 else ()):
        columns = [column for column in (f"val_{OF_CLASSES}{name}", f"{OF_CLASSES}{name}") if column in table]
        if columns:
            curves[name] = (columns[0], problem.colour(name) if problem else PALETTE[at % len(PALETTE)])
    return curves


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
