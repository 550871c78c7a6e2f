"""A case as it is drawn, and what is said of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lungseg.cases import case_id, load_case
from lungseg.errors import InputError
from lungseg.plotting.classes import as_masks, as_picture, draw_masks, ignored_pixels
from lungseg.plotting.figure import NotebookFigure, panel_grid, show_title
from lungseg.plotting.legends import explain_masks
from lungseg.plotting.overlays import TRUTH, draw_image, draw_tint
from lungseg.problems import LUNGS, Problem, read_problem


class Shown(NamedTuple):
    """A case as it is drawn: image (H, W) or (H, W, 3), masks (H, W) or (H, W, K) of bool, its id, and the rest."""

    image: np.ndarray
    masks: np.ndarray
    name: str
    problem: Problem
    ignored: np.ndarray | None


def read_shown(case: str | Path | np.ndarray, problem: Problem | None) -> Shown:
    """Return image, masks and id of a case; an array has no id."""
    if isinstance(case, str | Path):
        problem = problem or read_problem(Path(case).parent)
        array, name = load_case(case, problem), case_id(case)
    else:
        problem, array, name = problem or LUNGS, np.asarray(case), ""
        layers = len(problem.channels) + len(problem.classes)
        if array.ndim != 3 or array.shape[-1] != layers:
            raise InputError(
                f"the case: expected a file, or an array of shape (H, W, {layers}). Received: shape {array.shape}. "
                "For an image and its mask there is `plot_overlay`."
            )
    image, masks = np.split(array, [len(problem.channels)], axis=-1)
    shown = as_masks(masks, "mask", problem=problem)
    return Shown(as_picture(image, problem), shown, name, problem, ignored_pixels(masks))


def covered(masks: np.ndarray | Sequence[np.ndarray], problem: Problem) -> str:
    """Return a sentence about how much of an image its masks cover, or of several images on average."""
    several = not isinstance(masks, np.ndarray)
    ending = "of the images on average." if several else "of the image."
    each_image = [masks] if isinstance(masks, np.ndarray) else masks
    share = 100 * np.mean([mask.mean(axis=(0, 1)) for mask in each_image], axis=0)
    if len(problem.classes) == 1:
        return f"The mask{'s cover' if several else ' covers'} {float(share):.0f} % {ending}"
    each = ", ".join(f"{name} {value:.0f} %" for name, value in zip(problem.classes, share, strict=True))
    return f"The masks cover {ending.removesuffix('.')}: {each}."


def listed(what: str, problem: Problem) -> str:
    """Return what is shown of several classes, with their names: masks of left, right and heart."""
    *most, last = problem.classes
    return f"{what} {', '.join(most)} and {last}"


def image_grid(
    images: Sequence[np.ndarray],
    truths: Sequence[np.ndarray] | None,
    predictions: Sequence[np.ndarray] | None,
    titles: Sequence[str],
    columns: int,
    note: str,
    problem: Problem,
    ignored: Sequence[np.ndarray | None] | None = None,
) -> NotebookFigure:
    """Make a figure with a panel for each image, and one legend for all."""
    height, width = images[0].shape[:2]
    figure, axes, panel = panel_grid(
        len(images), columns, height / width, header=note, footer=truths is not None or predictions is not None
    )
    for at, (ax, image, title) in enumerate(zip(axes, images, titles, strict=True)):
        draw_image(ax, image)
        truth = None if truths is None else truths[at]
        prediction = None if predictions is None else predictions[at]
        if prediction is None and truth is not None and truth.ndim == 2:
            draw_tint(ax, truth, TRUTH)
        draw_masks(ax, truth, prediction, problem, ignored[at] if ignored else None)
        show_title(ax, title, panel)
    some = any(one is not None for one in ignored or ())
    if truths is not None or predictions is not None:
        explain_masks(figure, truths is not None, predictions is not None, problem, some)
    return figure
