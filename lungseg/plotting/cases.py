"""Figures of cases and batches, and of an image with the outlines of its masks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lungseg.cases import case_group
from lungseg.errors import InputError, counted
from lungseg.masks.overlap import mean_dice
from lungseg.plotting.classes import as_masks, as_picture, draw_classes, draw_masks, guess_problem, ignored_pixels
from lungseg.plotting.figure import NotebookFigure, alt_text, check_count, panel_grid, show_title
from lungseg.plotting.legends import explain_masks, legend_handles
from lungseg.plotting.overlays import TRUTH, draw_contour, draw_image, draw_tint
from lungseg.plotting.shown import covered, image_grid, listed, read_shown
from lungseg.problems import LUNGS, Problem, problem_of


def plot_case(
    case: str | Path | np.ndarray, title: str | None = None, problem: Problem | None = None
) -> NotebookFigure:
    """Draw a case in three panels: the image, the lung mask, and one upon the other.

    Parameters
    ----------
    case : path, or array of shape (H, W, C + K)
        C image channels in [0, 1], then K masks in {0, 1}; one of each, unless `problem` says otherwise. An image of
        three channels and more is drawn in colour, from those called red, green and blue or else the first three.
    title : str, optional
        By default the id, the source and the diagnosis, if the case is a file.
    problem : Problem, optional
        Channels and classes; by default those that `cases.json` beside the file names.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the file or the array is not a case.

    Examples
    --------
    >>> case = np.zeros((32, 32, 2))
    >>> case[8:24, 8:24] = 1
    >>> alt_text(plot_case(case, title="a square lung"))
    'a square lung: image, lung mask and both, 32 x 32 pixels. The mask covers 25 % of the image.'
    """
    shown = read_shown(case, problem)
    problem, masks, name = shown.problem, shown.masks, shown.name
    if title is None and name:
        group = case_group(name)
        title = f"{name} · {group.source}, {group.diagnosis}" if problem.recipe == "lungs" else name
    height, width = masks.shape[:2]
    single = len(problem.classes) == 1
    figure, axes, panel = panel_grid(3, 3, height / width, header=title or "", footer=not single)
    draw_image(axes[0], shown.image)
    draw_image(axes[2], shown.image)
    if single:
        draw_image(axes[1], masks)
        draw_tint(axes[2], masks, TRUTH)
        draw_masks(axes[2], None, None, problem, shown.ignored)
        draw_contour(axes[2], masks, TRUTH, f"{problem.classes[0]} mask")
    else:
        draw_classes(axes[1], masks, problem)
        draw_masks(axes[2], masks, None, problem, shown.ignored)
        explain_masks(figure, True, False, problem, shown.ignored is not None)
    called = f"{problem.classes[0]} mask" if single else "masks"
    for ax, text in zip(axes, ("image", called, "both"), strict=True):
        show_title(ax, text, panel)
    figure.alt_text = (
        f"{title or 'A case'}: image, {called} and both, {height} x {width} pixels. {covered(masks, problem)}"
    )
    return figure


def plot_cases(
    cases: Sequence[str | Path | np.ndarray], columns: int = 4, limit: int = 12, problem: Problem | None = None
) -> NotebookFigure:
    """Draw several cases side by side, each with the outline of its lung mask.

    Parameters
    ----------
    cases : sequence of paths or of arrays (H, W, C + K)
        As for `plot_case`. Those beyond `limit` are not even read.
    columns : int
        Panels in a row.
    limit : int
        The largest number of panels. When there are more cases, a line above the panels says how many are shown.
    problem : Problem, optional
        As for `plot_case`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If there is no case, or one cannot be used.

    Examples
    --------
    >>> from lungseg.phantom.drawing import make_phantom
    >>> figure = plot_cases([make_phantom(i, size=32) for i in range(3)])
    >>> len(figure.axes)
    3
    """
    check_count(columns=columns, limit=limit)
    if isinstance(cases, str | Path) or len(cases) == 0:
        raise InputError(f"expected a list of cases, at least one. Received: {cases!r}. See `lungseg.list_cases`.")
    files = [case for case in cases[:limit] if isinstance(case, str | Path)]
    problem = problem or (problem_of(files) if files else LUNGS)
    drawn = [read_shown(case, problem) for case in cases[:limit]]
    masks = [one.masks for one in drawn]
    names = [one.name or f"case {number}" for number, one in enumerate(drawn, start=1)]
    note = f"the first {len(drawn)} of {len(cases)} cases" if len(cases) > len(drawn) else ""
    figure = image_grid(
        [one.image for one in drawn], masks, None, names, columns, note, problem, [one.ignored for one in drawn]
    )
    what = f"{problem.classes[0]} mask outlined" if len(problem.classes) == 1 else listed("masks of", problem)
    figure.alt_text = f"{counted(len(drawn), 'case')} with the {what}: {', '.join(names)}. {covered(masks, problem)}"
    return figure


def plot_batch(
    images: npt.ArrayLike,
    masks: npt.ArrayLike | None = None,
    predictions: npt.ArrayLike | None = None,
    columns: int = 4,
    limit: int = 16,
    problem: Problem | None = None,
) -> NotebookFigure:
    """Draw a batch, as the generator makes it: each image with the outline of its mask.

    Parameters
    ----------
    images : array_like, shape (B, H, W, C) or (B, H, W)
        In [0, 1]. Of three channels and more, three are drawn in colour.
    masks : array_like, shape (B, H, W, outputs), or the shape of the images, optional
        The true masks, in {0, 1}. Several classes may come with the background in front, as the generator gives them.
    predictions : array_like of the same shape, optional
        Predicted masks, or probabilities: from 0.5 on, a pixel counts as lung.
    columns, limit : int
        Panels in a row, and the largest number of panels.
    problem : Problem, optional
        Names channels and classes, and tells their colours. Without it masks that add up to 1 in each pixel are taken
        for classes that exclude each other, with the background in front.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the shapes differ or the values are out of range.

    Examples
    --------
    >>> images = np.zeros((2, 8, 8, 1))
    >>> images[:, 2:4, 2:4] = 1
    >>> alt_text(plot_batch(images, masks=images))
    'A batch of 2 images, 8 x 8 pixels. The true masks cover 6 % of the images on average.'
    """
    check_count(columns=columns, limit=limit)
    given = {"images": images, "masks": masks, "predictions": predictions}
    arrays = {name: np.asarray(array) for name, array in given.items() if array is not None}
    shape = arrays["images"].shape
    for name, array in arrays.items():
        channels = (arrays["masks"] if masks is not None else array).shape[3:] if name != "images" else array.shape[3:]
        same = array.shape[:3] == shape[:3] and array.ndim == len(shape) and array.shape[3:] == channels
        if not same or array.ndim not in (3, 4) or array.size == 0 or array.dtype.kind not in "fiub":
            raise InputError(
                f"{name}: expected a batch of shape (B, H, W, 1), the same for images, masks and predictions. "
                f"Received: shape {array.shape}, images {shape}. For a single image there is `plot_overlay`."
            )
    known = arrays.get("masks", arrays.get("predictions"))
    problem = problem or guess_problem(arrays["images"], known, batch=True)
    drawn = [as_picture(image, problem) for image in arrays["images"][:limit]]
    truths = [as_masks(m, "mask", problem=problem) for m in arrays["masks"][:limit]] if masks is not None else None
    found = None
    if predictions is not None:
        found = [as_masks(p, "prediction", problem=problem) for p in arrays["predictions"][:limit]]
    numbers = [str(number) for number in range(len(drawn))]
    note = f"the first {len(drawn)} of {shape[0]} images" if shape[0] > len(drawn) else ""
    ignored = [ignored_pixels(m) for m in arrays["masks"][:limit]] if masks is not None else None
    figure = image_grid(drawn, truths, found, numbers, columns, note, problem, ignored)
    covered = [
        f"{name} cover {100 * np.mean([m if m.ndim == 2 else m.any(axis=-1) for m in binary]):.0f} % of the images on "
        "average"
        for name, binary in (("true masks", truths), ("predictions", found))
        if binary is not None
    ]
    size = f"{counted(shape[0], 'image')}, {shape[1]} x {shape[2]} pixels{f'; {note} are shown' if note else ''}."
    figure.alt_text = f"A batch of {size}" + (f" The {', the '.join(covered)}." if covered else "")
    return figure


def plot_overlay(
    image: npt.ArrayLike,
    truth: npt.ArrayLike | None = None,
    prediction: npt.ArrayLike | None = None,
    title: str | None = None,
    ax: Axes | None = None,
    problem: Problem | None = None,
) -> NotebookFigure | None:
    """Draw an image with the outline of the true mask, of a predicted one, or of both.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, 1) or (H, W, C)
        In [0, 1].
    truth : array_like, shape (H, W) or (H, W, 1), or (H, W, K) for several classes, optional
        The true mask, in {0, 1}. Its outline is blue and wide; those of several classes are filled in their colours.
    prediction : array_like of the same shape, optional
        A predicted mask, or probabilities: from 0.5 on, a pixel counts as
        lung. Its outline is orange and thin, and drawn on top; those of several classes have the colour of the class.
    title : str, optional
    ax : matplotlib.axes.Axes, optional
        Where to draw, as a part of your own figure.
    problem : Problem, optional
        Names channels and classes, as for `plot_batch`.

    Returns
    -------
    matplotlib.figure.Figure or None
        A new figure; None if `ax` was given, whose figure you have already.

    Raises
    ------
    InputError
        If a shape differs or a value is out of range.

    Examples
    --------
    >>> mask = np.zeros((8, 8))
    >>> mask[2:6, 2:6] = 1
    >>> alt_text(plot_overlay(mask / 2, truth=mask, prediction=np.roll(mask, 1, axis=0), title="shifted"))
    'shifted: an image with the true outline and the predicted one, Dice 0.750.'
    """
    picture = as_picture(image, problem)
    masks = truth if truth is not None else prediction
    problem = problem or guess_problem(picture, None if masks is None else np.asarray(masks))
    mask = None if truth is None else as_masks(truth, "true mask", picture.shape[:2], problem)
    found = None if prediction is None else as_masks(prediction, "prediction", picture.shape[:2], problem)
    ignored = ignored_pixels(truth)
    if ax is not None:
        _draw_overlay(ax, picture, mask, found, title, problem, ignored)
        host = ax.figure.canvas.figure  # of a subfigure, the whole figure
        host.alt_text = f"{alt_text(host)} {_overlay_words(title, mask, found)}".strip()  # type: ignore[attr-defined]
        return None
    lines = title.count("\n") + 1 if title else 0
    figure, (own,), _ = panel_grid(1, 1, picture.shape[0] / picture.shape[1], lines, footer=True, largest=5)
    _draw_overlay(own, picture, mask, found, title, problem, ignored, hosted=False)
    if masks is not None and len(problem.classes) > 1:
        explain_masks(figure, mask is not None, found is not None, problem, ignored is not None)
    figure.alt_text = _overlay_words(title, mask, found)
    return figure


def _draw_overlay(
    ax: Axes,
    image: np.ndarray,
    truth: np.ndarray | None,
    prediction: np.ndarray | None,
    title: str | None,
    problem: Problem,
    ignored: np.ndarray | None,
    hosted: bool = True,
) -> None:
    """Draw image, outlines, title and legend into axes; that of several classes only into those of a user's figure."""
    draw_image(ax, image)
    lines = draw_masks(ax, truth, prediction, problem, ignored)
    if title:
        show_title(ax, title)
    if lines and len(problem.classes) == 1:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=2, frameon=False, fontsize=10)
    elif hosted and (truth is not None or prediction is not None):
        handles = legend_handles(truth is not None, prediction is not None, problem, ignored is not None)
        ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=3, frameon=False, fontsize=10)


def _overlay_words(title: str | None, truth: np.ndarray | None, prediction: np.ndarray | None) -> str:
    """Return the alternative text of an overlay."""
    title = " ".join((title or "Overlay").split())
    words = f"{title}: an image"
    if truth is not None and prediction is not None:
        dice = "" if "Dice" in title else f", Dice {mean_dice(truth, prediction):.3f}"
        return f"{words} with the true outline and the predicted one{dice}."
    if truth is not None:
        return f"{words} with the true outline."
    return f"{words} with the predicted outline." if prediction is not None else f"{words}."
