"""Notebook 1: a black border cropped or left, and the percentiles that become black and white."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from lungseg.phantom.drawing import draw_radiograph
from lungseg.plotting.figure import NotebookFigure, bare, plain_chart
from lungseg.plotting.overlays import PREDICTION, TRUTH, draw_image
from lungseg.preparation import HIGH, LOW, CropBox, find_body, stretch_contrast
from lungseg_course.play.controls import Slider, Switch
from lungseg_course.play.playing import Play

FILM, SIZE = 6, 384  # a phantom with a black border, and little contrast
BINS = 64
# Of the panels in the figure. To have Matplotlib find it would take as long as all the rest of the drawing.
PLACE = {"left": 0.01, "right": 0.99, "top": 0.94, "bottom": 0.12, "wspace": 0.08, "hspace": 0.06}


def play_with_stretching() -> Play:
    """Return the figure of a radiograph before and after cropping and stretching, with controls.

    Examples
    --------
    >>> figure = play_with_stretching().still
    >>> figure.alt_text.partition(";")[0]
    'Contrast from the 5th to the 95th percentile, the border cropped'
    """
    return Play(
        draw,
        crop=Switch("crop the border", start=True),
        low=Slider("black: percentile", 0, 40, step=1, start=int(LOW)),
        high=Slider("white: percentile", 60, 100, step=1, start=int(HIGH)),
    )


@cache
def film() -> tuple[np.ndarray, CropBox]:
    """Return a radiograph (H, W) with grey values in [0, 1], and the box of the body in it."""
    picture, _ = draw_radiograph(FILM, size=SIZE)
    grey = picture / np.iinfo(picture.dtype).max
    return grey, find_body(grey)


def draw(crop: bool, low: int, high: int) -> NotebookFigure:
    """Draw the film and the case that becomes of it, each with the distribution of its grey values.

    Parameters
    ----------
    crop : bool
        Whether the border is cut off before the contrast is stretched.
    low, high : int
        The percentiles that become black and white.

    Returns
    -------
    matplotlib.figure.Figure
    """
    grey, box = film()
    kept = box.cut(grey) if crop else grey
    dark, bright = np.percentile(kept, (low, high))
    case = stretch_contrast(kept, low, high)
    lost = 100 * np.mean((case <= 0) | (case >= 1))
    figure = NotebookFigure(figsize=(10, 4.3))
    (before, after), (film_bars, case_bars) = figure.subplots(2, 2, height_ratios=(4, 1), gridspec_kw=PLACE)
    _draw_film(before, grey, box, crop)
    draw_image(after, case)
    after.set_title(f"the case: {lost:.0f} % of the pixels are all black or all white", fontsize=10)
    _draw_greys(film_bars, kept, "grey values that count")
    for value in (dark, bright):
        film_bars.axvline(value, color=PREDICTION, lw=1.8)
    _draw_greys(case_bars, case, "grey values of the case")
    figure.alt_text = (
        f"Contrast from the {low}th to the {high}th percentile, the border {'cropped' if crop else 'left'}; grey "
        f"values from {dark:.2f} to {bright:.2f} are stretched to 0 and 1. {lost:.0f} % of the pixels of the case are "
        "all black or all white."
    )
    return figure


def _draw_film(ax: Axes, grey: np.ndarray, box: CropBox, crop: bool) -> None:
    draw_image(ax, grey)
    ax.set_title("the film" + (", and what is kept of it" if crop else ", and all of it is kept"), fontsize=10)
    top, left, bottom, right = box if crop else (0, 0, *grey.shape)
    corners = [(left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1), (left, top)]
    ax.plot(*zip(*corners, strict=True), color=TRUTH, lw=2.5)
    bare(ax)


def _draw_greys(ax: Axes, image: np.ndarray, label: str) -> None:
    """Draw how often each grey value occurs; the commonest ones leave the chart."""
    plain_chart(ax, label)
    ax.spines["left"].set_visible(False)
    counts, edges = np.histogram(image, BINS, (0, 1))
    ax.bar(edges[:-1], counts, width=1 / BINS, align="edge", color=TRUTH)
    ax.set(xlim=(-0.01, 1.01), yticks=[], ylim=(0, 1.3 * np.sort(counts)[-4]))
