"""Notebook 5: two networks on the same cases, in a table and in a figure."""

from typing import TYPE_CHECKING

from lungseg.evaluation.statistics import bootstrap_interval
from lungseg.plotting.figure import GREY, NotebookFigure, plain_chart
from lungseg.plotting.overlays import PREDICTION, TRUTH

if TYPE_CHECKING:
    import pandas as pd


def both_networks(yours: "pd.DataFrame", theirs: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for each of two networks, and one for the difference, case by case.

    Parameters
    ----------
    yours, theirs : pandas.DataFrame
        From `lungseg.evaluate`, of the same cases in the same order.

    Returns
    -------
    pandas.DataFrame
        With `mean Dice` and the ends of its 95 % interval, `lowest Dice`, and `mean HD95` in pixels.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": ["a", "b", "c"], "dice": [0.9, 0.8, 0.7], "hd95": [1.0, 2.0, 3.0]})
    >>> both_networks(table, table.assign(dice=table["dice"] + 0.1)).round(2)["mean Dice"].to_dict()
    {'yours': 0.8, 'the shipped one': 0.9, 'yours - shipped': -0.1}
    """
    import pandas as pd

    columns = ["dice", "hd95"]
    difference = yours[columns].reset_index(drop=True) - theirs[columns].reset_index(drop=True)
    summed = {}
    for name, table in {"yours": yours, "the shipped one": theirs, "yours - shipped": difference}.items():
        dice = bootstrap_interval(table["dice"])
        summed[name] = {
            "mean Dice": dice.value,
            "from": dice.low,
            "to": dice.high,
            "lowest Dice": table["dice"].min(),
            "mean HD95": table["hd95"].mean(),
        }
    return pd.DataFrame(summed).T


def plot_both_networks(yours: "pd.DataFrame", theirs: "pd.DataFrame") -> NotebookFigure:
    """Draw the Dice of two networks, a dot for each case.

    Parameters
    ----------
    yours, theirs : pandas.DataFrame
        From `lungseg.evaluate`, of the same cases in the same order.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": ["a", "b"], "diagnosis": ["normal"] * 2, "dice": [0.9, 0.8]})
    >>> plot_both_networks(table, table.assign(dice=[0.8, 0.7])).alt_text
    'The Dice of 2 cases by two networks, from 0.700 to 0.900: your network is ahead in 2 of them.'
    """
    figure = NotebookFigure(figsize=(5.4, 5), layout="constrained")
    ax = figure.subplots()
    x, y = theirs["dice"].to_numpy(), yours["dice"].to_numpy()
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    ends = low - 0.04 * (high - low) - 1e-3, high + 0.04 * (high - low) + 1e-3
    ax.plot(ends, ends, color=GREY, lw=1, ls="--")
    kinds = {"normal": (TRUTH, "o"), "tuberculosis": (PREDICTION, "^")}
    for kind in dict.fromkeys(yours["diagnosis"]):
        colour, marker = kinds.get(kind, (GREY, "s"))
        of_kind = (yours["diagnosis"] == kind).to_numpy()
        ax.plot(x[of_kind], y[of_kind], marker, color=colour, mec="white", ms=8, label=kind)
    ax.set(xlim=ends, ylim=ends, aspect="equal")
    plain_chart(ax, "Dice of the shipped network", "Dice of your network")
    ax.text(0.03, 0.97, "yours is better", transform=ax.transAxes, va="top", color=GREY)
    ax.text(0.97, 0.03, "the shipped one is better", transform=ax.transAxes, ha="right", color=GREY)
    ax.legend(loc="center left")
    figure.alt_text = (
        f"The Dice of {len(x)} cases by two networks, from {low:.3f} to {high:.3f}: "
        f"your network is ahead in {(y > x).sum()} of them."
    )
    return figure
