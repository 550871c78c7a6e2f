"""A figure of a training that is going on: the curves so far, and two cases with their outlines."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lungseg.errors import InputError
from lungseg.masks.overlap import mean_dice
from lungseg.plotting.classes import as_masks, as_picture, draw_masks, guess_problem, ignored_pixels
from lungseg.plotting.figure import WIDTH, NotebookFigure, plain_chart, show_title
from lungseg.plotting.history import TRAIN, VALIDATION
from lungseg.plotting.legends import legend_handles
from lungseg.plotting.overlays import PREDICTION, TRUTH, draw_contour, draw_image, outline_points
from lungseg.problems import Problem

HEIGHT = 3.05  # inches
CHART = (2.3, 1.9)  # width and height in inches, without the numbers at the axes
SCORES = {"loss": "loss", "dice": "Dice"}


class TrainingFigure(NotebookFigure):
    """Loss and Dice of both parts so far, beside cases with the true outline and the one that is predicted now.

    It is made once, and `redraw` draws into it after each epoch: the axes stay where they are, so that the eye can
    follow, and only lines change, which takes little time.

    Parameters
    ----------
    epochs : int
        How many there will be at most.
    images, truths : sequence of array_like, each of shape (H, W)
        Of one case or two: images in [0, 1], and true masks in {0, 1}. With several channels or classes (H, W, C) and
        (H, W, K).
    names : sequence of str
        What the cases are called.
    problem : Problem, optional
        Names channels and classes, and tells their colours.

    Attributes
    ----------
    alt_text : str
        See `NotebookFigure`.

    Raises
    ------
    InputError
        If there are other numbers of images, masks and names, or more than two; if a shape or a value cannot be drawn.

    Examples
    --------
    >>> mask = np.zeros((32, 32))
    >>> mask[8:24, 8:24] = 1
    >>> figure = TrainingFigure(12, [mask / 2], [mask], ["a square lung"])
    >>> figure.redraw({"loss": [0.5], "dice": [0.6], "val_loss": [0.4], "val_dice": [0.7]}, [mask])
    >>> figure.alt_text[:60]
    'Training after epoch 1 of 12. Loss: training 0.500, validati'
    """

    def __init__(
        self,
        epochs: int,
        images: Sequence[Any],
        truths: Sequence[Any],
        names: Sequence[str],
        problem: Problem | None = None,
    ):
        super().__init__(figsize=(WIDTH, HEIGHT))
        if not len(images) == len(truths) == len(names) <= 2:
            raise InputError(
                f"the figure: expected up to two cases, each with its mask and its name. Received: {len(images)} "
                f"images, {len(truths)} masks and {len(names)} names. Pass as many of each."
            )
        self.epochs, self.names = epochs, list(names)
        given = problem
        if problem is None and len(truths):
            problem = guess_problem(np.asarray(images[0]), np.asarray(truths[0]))
        self.problem = problem or Problem()
        self._lines: dict[str, Line2D] = {}
        self._charts: dict[str, Axes] = {}
        for place, name in enumerate(SCORES):
            ax = self._box(0.45 + place * (CHART[0] + 0.45), 0.7, *CHART)
            self._charts[name] = self._chart(ax, name)
        self._star = self._charts["dice"].plot([], [], "*", ms=13, color=VALIDATION, mec="white", zorder=5)[0]
        self._cases: list[Axes] = []
        self._truths: list[np.ndarray] = []
        self._outlines: list[list[Line2D]] = []  # of each case, one for each class
        for place, (image, truth, name) in enumerate(zip(images, truths, names, strict=True)):
            picture = as_picture(image, given)
            ax = self._box(5.75 + place * 2.13, 0.42, 2.05, 2.05)
            draw_image(ax, picture)
            masks = as_masks(truth, "true mask", picture.shape[:2], self.problem)
            self._truths.append(masks)
            nothing = np.zeros(masks.shape, bool)
            if masks.ndim == 2:
                draw_contour(ax, masks, TRUTH, "true mask", width=3.4)
                self._outlines.append([draw_contour(ax, nothing, PREDICTION, "prediction", width=1.6)])
            else:
                self._outlines.append(draw_masks(ax, masks, nothing, self.problem, ignored_pixels(truth)))
            self._cases.append(ax)
            show_title(ax, name, 2.05)
        self._legends()
        self.redraw({}, None)

    def redraw(self, history: Mapping[str, Sequence[float]], predictions: Sequence[Any] | np.ndarray | None) -> None:
        """Draw what has been reached.

        Parameters
        ----------
        history : dict
            A number for each epoch so far, under `loss`, `val_loss`, `dice` and `val_dice`, as far as they are there.
        predictions : sequence of array_like, each of shape (H, W), or None
            Predicted masks, or probabilities; None if there are none. Of several classes (H, W, outputs).
        """
        done = max(map(len, history.values()), default=0)
        for name, line in self._lines.items():
            values = list(history.get(name, ()))
            line.set_data(range(1, len(values) + 1), values)
        losses = [value for name in ("loss", "val_loss") for value in history.get(name, ())]
        finite = [value for value in losses if np.isfinite(value)]
        self._charts["loss"].set_ylim(min([0, *finite]), 1.08 * max(finite, default=1) or 1)
        words = [f"Training after epoch {done} of {self.epochs}." if done else "Before the training.", *_words(history)]
        words += self._mark_best(np.asarray(history.get("val_dice", ()), dtype=float))
        for place, name in enumerate(self.names):
            words.append(self._show_case(place, name, None if predictions is None else predictions[place]))
        self.alt_text = " ".join(words)

    def _mark_best(self, scores: np.ndarray) -> list[str]:
        """Mark the epoch whose network is kept; return a sentence about it."""
        if not np.isfinite(scores).any():
            return []
        best = int(np.nanargmax(scores))
        self._star.set_data([best + 1], [scores[best]])
        self._charts["dice"].set_title(f"Dice · best {scores[best]:.3f}, epoch {best + 1}", fontsize=10)
        return [f"Best validation Dice {scores[best]:.3f} in epoch {best + 1}."]

    def _show_case(self, place: int, name: str, prediction: object) -> str:
        """Draw the outline of a prediction over a case; return a sentence about it."""
        truth = self._truths[place]
        if prediction is None:
            for line in self._outlines[place]:
                line.set_data([], [])
            show_title(self._cases[place], name, 2.05)
            return f"{name}, with the true outline."
        found = as_masks(prediction, "prediction", truth.shape[:2], self.problem)  # type: ignore[arg-type]
        each = found[..., None] if found.ndim == 2 else found  # (H, W, K)
        for at, line in enumerate(self._outlines[place]):
            line.set_data(*outline_points(each[..., at]))
        dice = mean_dice(truth, found)
        show_title(self._cases[place], f"{name}\nDice {dice:.3f}", 2.05)
        return f"{name}: predicted outline beside the true one, Dice {dice:.3f}."

    def _box(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Make axes at a place in inches."""
        return self.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))

    def _chart(self, ax: Axes, name: str) -> Axes:
        """Prepare the axes of a score, with a line for each part."""
        from matplotlib.ticker import MaxNLocator

        plain_chart(ax, "epoch")
        ax.set_title(SCORES[name], fontsize=10)
        ax.tick_params(labelsize=9)
        ax.set(xlim=(0.5, self.epochs + 0.5), ylim=(0, 1))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, min_n_ticks=1))
        (self._lines[name],) = ax.plot([], [], "--", marker="o", ms=3, color=TRAIN, lw=1.6)
        (self._lines[f"val_{name}"],) = ax.plot([], [], marker="o", ms=3, color=VALIDATION, lw=1.6)
        return ax

    def _legends(self) -> None:
        """Explain the lines, once for both charts, and once for both cases."""
        parts = [Line2D([], [], ls="--", color=TRAIN, lw=1.8), Line2D([], [], color=VALIDATION, lw=1.8)]
        masks = [Line2D([], [], color=TRUTH, lw=3.4), Line2D([], [], color=PREDICTION, lw=1.8)]
        rows = [(parts, ["training", "validation"], 2.97)]
        middle = 5.75 + (len(self.names) * 2.13 - 0.08) / 2
        if self.names and len(self.problem.classes) == 1:
            rows.append((masks, ["true outline", "predicted"], middle))
        elif self.names:
            classes = legend_handles(True, False, self.problem)[:6]
            rows.append((classes, [str(handle.get_label()) for handle in classes], middle))
        for lines, labels, middle in rows:
            place = (middle / WIDTH, 0.0)
            self.legend(
                lines,
                labels,
                loc="lower center",
                bbox_to_anchor=place,
                ncols=min(3, len(lines)),
                frameon=False,
                borderaxespad=0.2,
                fontsize=9,
            )


def _words(history: Mapping[str, Sequence[float]]) -> list[str]:
    """Return sentences with the last numbers of both parts."""
    sentences = []
    for name, title in SCORES.items():
        told = [
            f"{part} {history[column][-1]:.3f}"
            for part, column in (("training", name), ("validation", f"val_{name}"))
            if history.get(column)
        ]
        if told:
            sentences.append(f"{title[0].upper()}{title[1:]}: {', '.join(told)}.")
    return sentences
