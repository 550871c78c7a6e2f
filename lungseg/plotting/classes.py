"""Images of several channels and masks of several classes: checked, and drawn into axes with a colour a class."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lungseg.errors import InputError
from lungseg.masks.outline import display_channels
from lungseg.plotting.overlays import (
    as_binary,
    as_image,
    draw_contour,
    draw_ignored,
    draw_outlines,
    draw_tint,
)
from lungseg.problems import LUNGS, Problem

FILLED = 0.5  # opacity of the true masks of several classes, on which the predicted outlines lie
PALE = 0.3  # of what a prediction adds to them


def as_picture(image: npt.ArrayLike, problem: Problem | None = None, name: str = "image") -> np.ndarray:
    """Return an image as it can be drawn, grey or in colour, or say why it cannot.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, 1) or (H, W, C)
        In [0, 1].
    problem : Problem, optional
        Names the C channels. Without one, an image has one channel or three.
    name : str
        What the message calls it.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)

    Raises
    ------
    InputError
        If it has another shape or values out of range.

    Examples
    --------
    >>> as_picture(np.zeros((4, 5, 3))).shape, as_picture(np.zeros((4, 5, 1))).shape
    ((4, 5, 3), (4, 5))
    """
    array = np.asarray(image)
    names = ("red", "green", "blue") if problem is None or len(problem.channels) == 1 else problem.channels
    if array.ndim != 3 or array.shape[-1] != len(names):
        return as_image(array, name)
    shown = [as_image(array[..., at], name) for at in display_channels(names)]
    return shown[0] if len(shown) == 1 else np.clip(np.stack(shown, axis=-1), 0, 1)


def as_masks(
    masks: npt.ArrayLike, name: str, shape: tuple[int, ...] | None = None, problem: Problem = LUNGS
) -> np.ndarray:
    """Return the masks of an image as they can be drawn, or say why they cannot.

    Parameters
    ----------
    masks : array_like, shape (H, W) or (H, W, 1); for several classes (H, W, K), or (H, W, K + 1) with the background
        Boolean, or 0 and 1; -1 where a pixel is to be ignored, which is in no mask.
    name : str
        What the message calls them. A "prediction" may hold probabilities.
    shape : tuple of int, optional
        The shape (H, W) they should have.
    problem : Problem

    Returns
    -------
    numpy.ndarray of bool, shape (H, W), or (H, W, K) for several classes

    Raises
    ------
    InputError
        If they have another shape or other values.

    Examples
    --------
    >>> sides = Problem(classes=("left", "right"))
    >>> as_masks([[[0.2, 0.3, 0.5]]], "prediction", problem=sides).tolist()
    [[[False, True]]]
    """
    array, count = np.asarray(masks), len(problem.classes)
    if array.dtype.kind in "if":
        array = np.where(array == -1, 0, array)
    if array.ndim == 3 and array.shape[-1] == count + 1 and problem.exclusive:
        found = array.argmax(axis=-1)[..., None] == np.arange(1, count + 1)
        array = found if name == "prediction" else array[..., 1:]
    if count == 1:
        return as_binary(array, name, shape)
    if array.ndim != 3 or array.shape[-1] != count:
        raise InputError(
            f"{name}: expected a mask for each of {', '.join(problem.classes)}, shape (H, W, {count}). "
            f"Received: shape {array.shape}. Name the classes with problem=."
        )
    return np.stack([as_binary(array[..., k], name, shape) for k in range(count)], axis=-1)


def ignored_pixels(masks: npt.ArrayLike | None) -> np.ndarray | None:
    """Return which pixels are to be ignored: -1 in the true masks; None if there are none.

    Parameters
    ----------
    masks : array_like, shape (H, W) or (H, W, K), or None

    Returns
    -------
    numpy.ndarray of bool, shape (H, W), or None
    """
    array = np.asarray(masks)
    if masks is None or array.dtype.kind not in "if" or not (array == -1).any():
        return None
    return array == -1 if array.ndim == 2 else (array == -1).any(axis=-1)


def guess_problem(images: np.ndarray, masks: np.ndarray | None, batch: bool = False) -> Problem:
    """Return a problem for arrays of which nothing else is known.

    Parameters
    ----------
    images : numpy.ndarray, shape (H, W, C) or (H, W)
    masks : numpy.ndarray, shape (H, W, M) or (H, W), or None
        True or predicted ones. If they add up to 1 in each pixel, the first of them is the background.
    batch : bool
        Whether both have an axis of images in front.

    Returns
    -------
    Problem
        With classes called "class 1", "class 2" and so on.

    Examples
    --------
    >>> guess_problem(np.zeros((4, 4, 3)), np.full((4, 4, 3), 1 / 3)).classes
    ('class 1', 'class 2')
    """
    full = 4 if batch else 3
    channels = images.shape[-1] if images.ndim == full else 1
    count = masks.shape[-1] if masks is not None and masks.ndim == full else 1
    exclusive = True
    if masks is not None and count > 1:
        known = masks[(masks != -1).any(axis=-1)]
        exclusive = bool(np.allclose(known.sum(axis=-1), 1, atol=0.01))
        count -= exclusive
    return Problem(
        channels=[f"channel {at}" for at in range(1, channels + 1)],
        classes=[f"class {at}" for at in range(1, count + 1)],
        exclusive=exclusive,
        recipe="",
    )


def draw_masks(
    ax: Axes,
    truth: np.ndarray | None,
    prediction: np.ndarray | None,
    problem: Problem = LUNGS,
    ignored: np.ndarray | None = None,
) -> list[Line2D]:
    """Draw true and predicted masks into an image: of one class two outlines, of several each in its colour.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Which shows the image.
    truth, prediction : numpy.ndarray of bool, shape (H, W) or (H, W, K), or None
        From `as_masks`. Of several classes the true masks are filled and the predicted ones outlined.
    problem : Problem
    ignored : numpy.ndarray of bool, shape (H, W), optional
        Pixels that are hatched.

    Returns
    -------
    list of matplotlib.lines.Line2D
        The outlines of one class; of several, those of the predictions, the largest mask first, below the others.
    """
    if ignored is not None:
        draw_ignored(ax, ignored)
    if len(problem.classes) == 1:
        return draw_outlines(ax, truth, prediction)
    lines = []
    for at, name in enumerate(problem.classes):
        if truth is not None:
            draw_tint(ax, truth[..., at], problem.colour(name), FILLED)
            # On a coloured image a translucent colour is hard to name: its rim shows it as it is.
            draw_contour(ax, truth[..., at], problem.colour(name), name, width=1.2)
    if prediction is not None:
        covered = prediction.sum(axis=(0, 1))
        for at in np.argsort(
            -covered, kind="stable"
        ):  # a nucleus above the cytoplasm around it, which ends where it does
            name = problem.classes[at]
            lines.append(draw_contour(ax, prediction[..., at], problem.colour(name), name, width=1.6, edge=True))
    return lines


def draw_added(ax: Axes, truth: np.ndarray, prediction: np.ndarray, problem: Problem) -> None:
    """Tint what a prediction has added to each of several classes, pale in its colour: an outline has no inside.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    truth, prediction : numpy.ndarray of bool, shape (H, W, K)
    problem : Problem
    """
    for at, name in enumerate(problem.classes):
        draw_tint(ax, prediction[..., at] & ~truth[..., at], problem.colour(name), PALE)


def draw_classes(ax: Axes, masks: np.ndarray, problem: Problem) -> None:
    """Draw the masks of several classes alone, each in its colour on black; where they overlap, mixed.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    masks : numpy.ndarray of bool, shape (H, W, K)
    problem : Problem
    """
    ax.imshow(np.zeros(masks.shape[:2]), cmap="gray", vmin=0, vmax=1, origin="upper")
    for at, name in enumerate(problem.classes):
        draw_tint(ax, masks[..., at], problem.colour(name), 1.0 if problem.exclusive else 0.6)
