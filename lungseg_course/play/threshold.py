"""Notebooks 3 and 5: the threshold that makes a mask of probabilities, and the Dice that comes of it."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from lungseg.masks.cleaning import THRESHOLD
from lungseg.masks.overlap import dice_of
from lungseg.plotting.figure import NotebookFigure, bare, plain_chart
from lungseg.plotting.overlays import PREDICTION, TRUTH, draw_image, draw_outlines
from lungseg_course.play.controls import Choice, Slider, Switch
from lungseg_course.play.playing import Play

THRESHOLDS = np.arange(1, 20) / 20  # 0.05 to 0.95


def play_with_threshold(examples: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Play:
    """Return the figure of a prediction, with a slider for its threshold and a switch for the outlines.

    Parameters
    ----------
    examples : dict of str → (image, truth, probability)
        Name → three arrays (H, W): the image in [0, 1], its true mask, and
        the probability of each pixel. If there are several, they can be chosen among.

    Examples
    --------
    >>> truth = np.zeros((16, 16))
    >>> truth[4:12, 4:12] = 1
    >>> play_with_threshold({"a square": (truth, truth, 0.6 * truth)}).still.alt_text.partition(".")[0]
    'a square, cut at the threshold 0'
    """
    curves = {name: dice_at(truth, probability) for name, (_, truth, probability) in examples.items()}
    choice = {"example": Choice("which", list(examples))} if len(examples) > 1 else {}
    return Play(
        partial(draw, examples, curves),
        **choice,
        threshold=Slider("threshold", float(THRESHOLDS[0]), float(THRESHOLDS[-1]), step=0.05, start=THRESHOLD),
        outlines=Switch("show the outlines"),
    )


def dice_at(truth: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return the Dice of the mask that each threshold makes.

    Parameters
    ----------
    truth, probability : numpy.ndarray, shape (H, W)

    Returns
    -------
    numpy.ndarray, shape (19,)
        For the thresholds 0.05, 0.10, … 0.95.

    Examples
    --------
    >>> [round(float(dice), 2) for dice in dice_at(np.array([[1, 1, 0]]), np.array([[0.9, 0.3, 0.5]]))[[0, 8, 12]]]
    [0.8, 0.5, 0.67]
    """
    return np.array([dice_of(np.asarray(truth) == 1, np.asarray(probability) >= threshold) for threshold in THRESHOLDS])


def draw(
    examples: Mapping[str, tuple],
    curves: Mapping[str, np.ndarray],
    threshold: float,
    outlines: bool,
    example: str | None = None,
) -> NotebookFigure:
    """Draw the probabilities, the mask that the threshold makes of them, and the Dice at every threshold.

    Parameters
    ----------
    examples, curves
        By name, as `play_with_threshold` makes them.
    threshold : float
    outlines : bool
        Whether to draw the outlines of both masks into the image.
    example : str, optional
        The first one, if none is named.

    Returns
    -------
    matplotlib.figure.Figure
    """
    name = example or next(iter(examples))
    image, truth, probability = map(np.asarray, examples[name])
    found = probability >= threshold
    dice = dice_of(truth == 1, found)
    figure = NotebookFigure(figsize=(10, 3.6), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    shown = left.imshow(probability, cmap="viridis", vmin=0, vmax=1)
    bare(left)
    left.set_title("probability of lung", fontsize=10)
    figure.colorbar(shown, ax=left, shrink=0.8)
    draw_image(middle, image)
    if outlines:
        middle.legend(
            handles=draw_outlines(middle, truth == 1, found),
            loc="upper center",
            bbox_to_anchor=(0.5, -0.01),
            ncols=2,
            frameon=False,
            fontsize=9,
        )
    middle.set_title(f"threshold {threshold:.2f}: Dice {dice:.3f}", fontsize=10)
    right.plot(THRESHOLDS, curves[name], color=TRUTH, lw=2)
    right.plot(threshold, dice, "o", ms=9, color=PREDICTION)
    right.set(xlim=(0, 1), ylim=(0, 1.02))
    plain_chart(right, "threshold", "Dice")
    best = int(np.argmax(curves[name]))
    figure.alt_text = (
        f"{name}, cut at the threshold {threshold:.2f}. The mask has {found.sum()} pixels, the true one "
        f"{int((truth == 1).sum())}; Dice {dice:.3f}. "
        f"{'The outlines of both are drawn into the image. ' if outlines else ''}"
        f"A curve of the Dice at each threshold: highest at {THRESHOLDS[best]:.2f}, with {curves[name][best]:.3f}."
    )
    return figure
