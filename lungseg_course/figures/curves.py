"""Notebook 3: one number for each value of another, as curves."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lungseg.plotting.figure import NotebookFigure, bare, plain_chart

STYLES = ("-", "--", ":", "-.")
PLACES = (0, 0.25, 0.5, 0.75, 1)  # of a curve, for its words


def plot_curves(x: np.ndarray, curves: Mapping[str, Any], xlabel: str, ylabel: str) -> NotebookFigure:
    """Draw curves over the same axis.

    Parameters
    ----------
    x : numpy.ndarray, shape (N,)
    curves : dict of str → array_like, shape (N,)
        Name → values.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> x = np.linspace(0, 1, 5)
    >>> plot_curves(x, {"square": x**2}, "a number", "its square").alt_text
    'its square, over a number from 0 to 1. At 0, 0.25, 0.5, 0.75 and 1: square 0.00, 0.06, 0.25, 0.56, 1.00.'
    """
    figure = NotebookFigure(figsize=(6, 3.4), layout="constrained")
    ax = figure.subplots()
    for style, (name, values) in zip(STYLES, curves.items(), strict=False):
        ax.plot(x, values, style, label=name, lw=2)
    plain_chart(ax, xlabel, ylabel)
    ax.legend()
    at = [round(share * (len(x) - 1)) for share in PLACES]
    places = [f"{x[place]:g}" for place in at]
    told = "; ".join(f"{name} {', '.join(f'{values[place]:.2f}' for place in at)}" for name, values in curves.items())
    figure.alt_text = (
        f"{ylabel}, over {xlabel} from {x[0]:g} to {x[-1]:g}. At {', '.join(places[:-1])} and {places[-1]}: {told}."
    )
    return figure


def plot_constant_answers(masks: Mapping[str, np.ndarray], losses: Mapping[str, Callable]) -> NotebookFigure:
    """Draw masks, and the losses of a network that answers with the same probability for every pixel.

    Parameters
    ----------
    masks : dict of str → numpy.ndarray, shape (1, H, W, 1)
        What it shows → the true mask, a batch of one.
    losses : dict of str → callable
        Name → a loss that takes a batch of masks and one of predictions, and gives a number or one for each image.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> mask = np.zeros((1, 8, 8, 1), "float32")
    >>> mask[:, :4] = 1
    >>> def squared_error(y_true, y_pred):
    ...     return (y_true - y_pred) ** 2
    >>> plot_constant_answers({"half": mask}, {"error": squared_error}).alt_text.rpartition(". ")[2]
    'half, 50.0 % of the pixels: error is lowest, 0.25, at p = 0.50.'
    """
    constants = np.linspace(0.001, 0.999, 101)
    figure = NotebookFigure(figsize=(9, 3 * len(masks)), layout="constrained")
    axes = figure.subplots(len(masks), 2, width_ratios=(1, 2.2), squeeze=False)
    words = []
    for (left, right), (what, mask) in zip(axes, masks.items(), strict=True):
        left.imshow(mask[0, ..., 0], cmap="gray", vmin=0, vmax=1)
        bare(left)
        left.set_title(f"{what}: {mask.mean():.1%} of the pixels", fontsize=10)
        lowest = []
        for style, (name, loss) in zip(STYLES, losses.items(), strict=False):
            values = [float(np.mean(loss(mask, np.full_like(mask, p)))) for p in constants]
            best = int(np.argmin(values))
            (line,) = right.plot(constants, values, style, label=name, lw=2)
            right.plot(constants[best], values[best], "o", color=line.get_color(), clip_on=False)
            lowest.append(f"{name} is lowest, {values[best]:.2f}, at p = {constants[best]:.2f}")
        right.set(ylim=(0, 2), xlim=(0, 1))
        plain_chart(right, "the same probability p for all pixels", "loss")
        right.set_title("; ".join(lowest), fontsize=10)
        right.legend(loc="upper center")
        words.append(f"{what}, {100 * mask.mean():.1f} % of the pixels: {'; '.join(lowest)}")
    figure.alt_text = f"Masks, and losses of the same probability p for every pixel. {'. '.join(words)}."
    return figure
