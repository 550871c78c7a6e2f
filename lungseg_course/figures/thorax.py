"""Notebook 6: right lung, left lung and heart, and the cardiothoracic ratio that is measured of them."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lungseg.phantom.organs import COLOURS
from lungseg.plotting.figure import GREY, NotebookFigure, bare, plain_chart, show_title
from lungseg.plotting.overlays import draw_image

ENLARGED = 0.5  # a ratio above it
HEART = "#d55e00"


def plot_ratios(
    images: np.ndarray, truth: np.ndarray, found: np.ndarray, ratio: Callable[[np.ndarray], float]
) -> NotebookFigure:
    """Draw the first chest with its true masks and with those found, and the ratios of all of them.

    Parameters
    ----------
    images : numpy.ndarray, (N, H, W, 1)
        In [0, 1].
    truth, found : numpy.ndarray of bool, (N, H, W, 3)
        Right lung, left lung and heart.
    ratio : callable
        From masks (H, W, 3) to the cardiothoracic ratio, nan where there is none.

    Returns
    -------
    matplotlib.figure.Figure
    """
    true_ratios, ratios = (np.array([ratio(masks) for masks in each], dtype=float) for each in (truth, found))
    figure = NotebookFigure(figsize=(10, 3.9), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1, 1.15))
    for ax, masks, name, value in (
        (left, truth[0], "the true masks", true_ratios[0]),
        (middle, found[0], "those of the network", ratios[0]),
    ):
        draw_image(ax, images[0, ..., 0])
        draw_organs(ax, masks)
        show_title(ax, f"{name}: {_in_words(value)}")
    right.plot([0.2, 0.9], [0.2, 0.9], color=GREY, lw=1)
    for line in (right.axhline, right.axvline):
        line(ENLARGED, color=GREY, lw=1, ls=":")
    right.plot(true_ratios, ratios, "o", color=HEART, ms=4, alpha=0.7)
    plain_chart(right, "ratio of the true masks", "ratio of the network's masks")
    show_title(right, "all of them")
    handles = [Line2D([], [], color=colour, lw=5, label=name) for name, colour in COLOURS.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=9)
    figure.alt_text = (
        "A chest with right lung, left lung and heart in colour, and on them two lines from end to end: the width of "
        "the heart and that of the thorax. Cardiothoracic ratio of the true masks "
        f"{_in_words(true_ratios[0])}, of the network's {_in_words(ratios[0])}. {_all_in_words(true_ratios, ratios)}"
    )
    return figure


def draw_organs(ax: Axes, masks: np.ndarray) -> None:
    """Draw the masks (H, W, 3) of the thorax in colour, and the widths that are compared as lines."""
    for mask, colour in zip(np.moveaxis(masks, -1, 0), COLOURS.values(), strict=True):
        rgb = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        ax.imshow(np.dstack([np.broadcast_to(rgb, (*mask.shape, 3)), 0.45 * mask]), interpolation="nearest")
    for mask in (masks[..., 2], masks[..., 0] | masks[..., 1]):
        rows, columns = np.nonzero(mask)
        if len(columns):
            first, last = columns.min(), columns.max()
            row = rows[(columns == first) | (columns == last)].mean()
            ax.plot([first - 0.5, last + 0.5], [row, row], color="white", lw=2, marker="|", ms=11, mew=2)
    bare(ax)


def _in_words(ratio: float) -> str:
    return f"{ratio:.2f}" if np.isfinite(ratio) else "none"


def _all_in_words(true: np.ndarray, found: np.ndarray) -> str:
    both = np.isfinite(true) & np.isfinite(found)
    if not both.any():
        return f"Of {len(true)} chests, none has a ratio in the masks of the network."
    off = np.abs(found - true)[both]
    return (
        f"In a chart of {both.sum()} chests the network's ratio is off by {off.mean():.3f} on average and by "
        f"{off.max():.3f} at most; the true ones lie between {true[both].min():.2f} and {true[both].max():.2f}."
    )
