"""Figures of cases and batches, and of an image with the outlines of its masks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lungseg.cases import case_group, case_id, load_case
from lungseg.errors import InputError, counted
from lungseg.masks.overlap import dice_of
from lungseg.plotting.figure import NotebookFigure, alt_text, check_count, panel_grid, show_title
from lungseg.plotting.overlays import (
    TRUTH,
    as_binary,
    as_image,
    draw_contour,
    draw_image,
    draw_legend,
    draw_outlines,
    draw_tint,
)


def plot_case(case: str | Path | np.ndarray, title: str | None = None) -> NotebookFigure:
    """Draw a case in three panels: the image, the lung mask, and one upon the other.

    Parameters
    ----------
    case : path, or array of shape (H, W, 2)
        `[..., 0]` the image in [0, 1], `[..., 1]` the mask in {0, 1}.
    title : str, optional
        By default the id, the source and the diagnosis, if the case is a file.

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
    image, mask, name = _read(case)
    if title is None and name:
        group = case_group(name)
        title = f"{name} · {group.source}, {group.diagnosis}"
    height, width = image.shape
    figure, axes, panel = panel_grid(3, 3, height / width, header=title or "")
    draw_image(axes[0], image)
    draw_image(axes[1], mask)
    draw_image(axes[2], image)
    draw_tint(axes[2], mask, TRUTH)
    draw_contour(axes[2], mask, TRUTH, "lung mask")
    for ax, text in zip(axes, ("image", "lung mask", "both"), strict=True):
        show_title(ax, text, panel)
    figure.alt_text = (
        f"{title or 'A case'}: image, lung mask and both, {height} x {width} pixels. "
        f"The mask covers {100 * mask.mean():.0f} % of the image."
    )
    return figure


def plot_cases(cases: Sequence[str | Path | np.ndarray], columns: int = 4, limit: int = 12) -> NotebookFigure:
    """Draw several cases side by side, each with the outline of its lung mask.

    Parameters
    ----------
    cases : sequence of paths or of arrays (H, W, 2)
        Those beyond `limit` are not even read.
    columns : int
        Panels in a row.
    limit : int
        The largest number of panels. When there are more cases, a line above the panels says how many are shown.

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
    drawn = [_read(case) for case in cases[:limit]]
    images, masks = [image for image, _, _ in drawn], [mask for _, mask, _ in drawn]
    names = [name or f"case {number}" for number, (_, _, name) in enumerate(drawn, start=1)]
    note = f"the first {len(drawn)} of {len(cases)} cases" if len(cases) > len(drawn) else ""
    figure = _image_grid(images, masks, None, names, columns, note)
    figure.alt_text = (
        f"{counted(len(drawn), 'case')} with the lung mask outlined: {', '.join(names)}. "
        f"The masks cover {100 * np.mean([mask.mean() for mask in masks]):.0f} % of the images on average."
    )
    return figure


def plot_batch(
    images: npt.ArrayLike,
    masks: npt.ArrayLike | None = None,
    predictions: npt.ArrayLike | None = None,
    columns: int = 4,
    limit: int = 16,
) -> NotebookFigure:
    """Draw a batch, as the generator makes it: each image with the outline of its mask.

    Parameters
    ----------
    images : array_like, shape (B, H, W, 1) or (B, H, W)
        In [0, 1].
    masks : array_like of the same shape, optional
        The true masks, in {0, 1}.
    predictions : array_like of the same shape, optional
        Predicted masks, or probabilities: from 0.5 on, a pixel counts as lung.
    columns, limit : int
        Panels in a row, and the largest number of panels.

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
        if array.shape != shape or array.ndim not in (3, 4) or array.size == 0 or array.shape[3:] not in ((), (1,)):
            raise InputError(
                f"{name}: expected a batch of shape (B, H, W, 1), the same for images, masks and predictions. "
                f"Received: shape {array.shape}, images {shape}. For a single image there is `plot_overlay`."
            )
    drawn = [as_image(image) for image in arrays["images"][:limit]]
    truths = [as_binary(mask, "mask") for mask in arrays["masks"][:limit]] if masks is not None else None
    found = [as_binary(p, "prediction") for p in arrays["predictions"][:limit]] if predictions is not None else None
    numbers = [str(number) for number in range(len(drawn))]
    note = f"the first {len(drawn)} of {shape[0]} images" if shape[0] > len(drawn) else ""
    figure = _image_grid(drawn, truths, found, numbers, columns, note)
    covered = [
        f"{name} cover {100 * np.mean(binary):.0f} % of the images on average"
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
) -> NotebookFigure | None:
    """Draw an image with the outline of the true mask, of a predicted one, or of both.

    Parameters
    ----------
    image : array_like, shape (H, W) or (H, W, 1)
        In [0, 1].
    truth : array_like of the same shape, optional
        The true mask, in {0, 1}. Its outline is blue and wide.
    prediction : array_like of the same shape, optional
        A predicted mask, or probabilities: from 0.5 on, a pixel counts as
        lung. Its outline is orange and thin, and drawn on top.
    title : str, optional
    ax : matplotlib.axes.Axes, optional
        Where to draw, as a part of your own figure.

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
    picture = as_image(image)
    mask = None if truth is None else as_binary(truth, "true mask", picture.shape)
    found = None if prediction is None else as_binary(prediction, "prediction", picture.shape)
    if ax is not None:
        _draw_overlay(ax, picture, mask, found, title)
        host = ax.figure.canvas.figure  # of a subfigure, the whole figure
        host.alt_text = f"{alt_text(host)} {_overlay_words(title, mask, found)}".strip()  # type: ignore[attr-defined]
        return None
    lines = title.count("\n") + 1 if title else 0
    figure, (own,), _ = panel_grid(1, 1, picture.shape[0] / picture.shape[1], lines, footer=True, largest=5)
    _draw_overlay(own, picture, mask, found, title)
    figure.alt_text = _overlay_words(title, mask, found)
    return figure


def _draw_overlay(
    ax: Axes, image: np.ndarray, truth: np.ndarray | None, prediction: np.ndarray | None, title: str | None
) -> None:
    """Draw image, outlines, title and legend into axes."""
    draw_image(ax, image)
    lines = draw_outlines(ax, truth, prediction)
    if title:
        show_title(ax, title)
    if lines:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=2, frameon=False, fontsize=10)


def _overlay_words(title: str | None, truth: np.ndarray | None, prediction: np.ndarray | None) -> str:
    """Return the alternative text of an overlay."""
    title = " ".join((title or "Overlay").split())
    words = f"{title}: an image"
    if truth is not None and prediction is not None:
        dice = "" if "Dice" in title else f", Dice {dice_of(truth, prediction):.3f}"
        return f"{words} with the true outline and the predicted one{dice}."
    if truth is not None:
        return f"{words} with the true outline."
    return f"{words} with the predicted outline." if prediction is not None else f"{words}."


def _image_grid(
    images: Sequence[np.ndarray],
    truths: Sequence[np.ndarray] | None,
    predictions: Sequence[np.ndarray] | None,
    titles: Sequence[str],
    columns: int,
    note: str,
) -> NotebookFigure:
    """Make a figure with a panel for each image, and one legend for all."""
    height, width = images[0].shape
    figure, axes, panel = panel_grid(
        len(images), columns, height / width, header=note, footer=truths is not None or predictions is not None
    )
    for at, (ax, image, title) in enumerate(zip(axes, images, titles, strict=True)):
        draw_image(ax, image)
        truth = None if truths is None else truths[at]
        prediction = None if predictions is None else predictions[at]
        if prediction is None and truth is not None:
            draw_tint(ax, truth, TRUTH)
        draw_outlines(ax, truth, prediction)
        show_title(ax, title, panel)
    draw_legend(figure, truth=truths is not None, prediction=predictions is not None)
    return figure


def _read(case: str | Path | np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Return image, mask (bool) and id of a case; an array has no id."""
    if isinstance(case, str | Path):
        array, name = load_case(case), case_id(case)
    else:
        array, name = np.asarray(case), ""
        if array.ndim != 3 or array.shape[-1] != 2:
            raise InputError(
                f"the case: expected a file, or an array of shape (H, W, 2). Received: shape {array.shape}. "
                "For an image and its mask there is `plot_overlay`."
            )
    return as_image(array[..., 0]), as_binary(array[..., 1], "mask"), name
