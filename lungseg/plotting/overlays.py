"""Draws images and the outlines of masks into axes, and checks both beforehand."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lungseg.errors import InputError
from lungseg.masks.cleaning import THRESHOLD, as_mask
from lungseg.masks.outline import HIDDEN, IGNORED, LINES, hatching
from lungseg.plotting.figure import bare

# From the palette of M. Okabe and K. Ito, "Color universal design" (2008): readers of any colour
# vision tell these two apart, and both stand out on grey.
TRUTH, PREDICTION = "#56B4E9", "#D55E00"
MISTAKEN = 0.45  # opacity of what is missed or added
DENSE, FINEST = 8, 0.5  # points of an outline for each pixel of height and width; of a longer one, lines are thinner
HATCHED = 480  # pixels: the side to which a mask is enlarged, at least, to be hatched


def as_image(image: npt.ArrayLike, name: str = "image") -> np.ndarray:
    """Return an image as an array (H, W), or say why it cannot be drawn.

    Parameters
    ----------
    image : array_like, shape (H, W) or (H, W, 1)
        In [0, 1].
    name : str
        What the message calls it.

    Returns
    -------
    numpy.ndarray, shape (H, W)

    Raises
    ------
    InputError
        If it has another shape or values out of range.

    Examples
    --------
    >>> as_image(np.zeros((4, 5, 1))).shape
    (4, 5)
    """
    array = _plane(image, name)
    low, high = array.min(), array.max()
    if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN fails both comparisons
        raise InputError(
            f"{name}: expected values from 0 to 1. Received: {low:.4g} to {high:.4g}. "
            "Divide by the largest possible value (255 for 8 bits), or load the image with `lungseg.load_case`."
        )
    return array


def as_binary(mask: npt.ArrayLike, name: str, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Return a mask as a boolean array (H, W), or say why it cannot be drawn.

    Parameters
    ----------
    mask : array_like, shape (H, W) or (H, W, 1)
        Boolean, or 0 and 1.
    name : str
        What the message calls it. A "prediction" may hold probabilities: from 0.5 on, a pixel counts as lung.
    shape : tuple of int, optional
        The shape (H, W) it should have.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)

    Raises
    ------
    InputError
        If it has another shape or other values.

    Examples
    --------
    >>> as_binary([[0.2, 0.5]], "prediction")
    array([[False,  True]])
    """
    array = _plane(mask, name)
    if shape is not None and array.shape != shape:
        raise InputError(f"{name}: expected the shape of the image, {shape}. Received: {array.shape}. Resize it.")
    if name != "prediction" or array.dtype == bool:
        return as_mask(array, name)
    return as_image(array, name) >= THRESHOLD


def _plane(values: npt.ArrayLike, name: str) -> np.ndarray:
    """Return values of shape (H, W) or (H, W, 1) as an array (H, W)."""
    array = np.asarray(values)
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "fiub":
        raise InputError(
            f"{name}: expected numbers of shape (H, W) or (H, W, 1). Received: {array.dtype} of shape {array.shape}. "
            "Pass one image at a time; a batch goes to `plot_batch`."
        )
    return array.astype(np.float32) if array.dtype == np.float16 else array


def draw_image(ax: Axes, image: np.ndarray) -> None:
    """Draw an image from black to white, or in colour, the first row on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    image : numpy.ndarray, shape (H, W), or (H, W, 3) for red, green and blue
        In [0, 1].
    """
    ax.imshow(image, cmap="gray", vmin=0, vmax=1, origin="upper")
    bare(ax)


def draw_tint(ax: Axes, mask: np.ndarray, colour: str, opacity: float = 0.18) -> None:
    """Draw a translucent colour over the pixels of a mask.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    mask : numpy.ndarray of bool, shape (H, W)
    colour : str
    opacity : float
        From 0 to 1, which hides the image.
    """
    from matplotlib.colors import to_rgba

    tint = np.zeros((*mask.shape, 4))  # (H, W, 4)
    tint[mask] = to_rgba(colour, opacity)
    ax.imshow(tint, origin="upper", interpolation="nearest")


def draw_ignored(ax: Axes, ignored: np.ndarray) -> None:
    """Hatch the pixels that are ignored, in grey: no image looks like it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    ignored : numpy.ndarray of bool, shape (H, W)
    """
    height, width = ignored.shape
    finer = max(1, round(HATCHED / max(ignored.shape)))  # or the lines would be as wide as the pixels
    large = ignored.repeat(finer, axis=0).repeat(finer, axis=1)
    tint = np.zeros((*large.shape, 4))
    tint[large] = (*(value / 255 for value in IGNORED), HIDDEN)
    tint[large & hatching(large.shape)] = (*(value / 255 for value in LINES), 1)
    ax.imshow(tint, origin="upper", interpolation="nearest", extent=(-0.5, width - 0.5, height - 0.5, -0.5))


def draw_contour(ax: Axes, mask: np.ndarray, colour: str, label: str, width: float = 1.8, edge: bool = False) -> Line2D:
    """Draw the outline of a mask, along the edges of its pixels.

    All parts of the outline make one line, interrupted by NaN, so that it
    gets one entry in the legend. An empty mask has no outline; its label says so.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    mask : numpy.ndarray of bool, shape (H, W)
    colour, label : str
    width : float
        Of the line, in points; less, if it is very long.
    edge : bool
        Line it with black, so that it stands out on its own colour.

    Returns
    -------
    matplotlib.lines.Line2D
        x and y in pixels; (0, 0) is the centre of the first one.
    """
    if not mask.any():
        label = f"{label} (empty)"
    height, width_ = mask.shape
    x, y = outline_points(mask)
    width = max(min(width, FINEST), width * min(1, DENSE * (height + width_) / max(1, len(x))))  # or specks hide all
    (line,) = ax.plot(x, y, color=colour, lw=width, label=label, solid_joinstyle="round")
    if edge and width >= 1:  # of specks, the edges would hide all
        from matplotlib.patheffects import withStroke

        line.set_path_effects([withStroke(linewidth=width + 1.6, foreground="black")])
    ax.set(xlim=(-0.5, width_ - 0.5), ylim=(height - 0.5, -0.5))
    return line


def outline_points(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of the outline of a mask, its parts separated by NaN.

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    x, y : numpy.ndarray, shape (n,)
        In pixels; (0, 0) is the centre of the first one. Empty for an empty mask.

    Examples
    --------
    >>> x, y = outline_points(np.array([[False, True]]))
    >>> float(np.nanmin(x)), float(np.nanmax(x))
    (0.5, 1.5)
    """
    from skimage.measure import find_contours

    # A rim of zeros closes the outlines of lungs that touch the edge of the image.
    parts = find_contours(np.pad(mask, 1).astype(float), 0.5, fully_connected="high")
    points = np.concatenate([np.r_[part - 1, [[np.nan, np.nan]]] for part in parts] or [np.empty((0, 2))])
    return points[:, 1], points[:, 0]


def draw_outlines(ax: Axes, truth: np.ndarray | None, prediction: np.ndarray | None) -> list[Line2D]:
    """Draw the outlines of one mask or two; the true one is wider, so that it shows under the predicted one.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    truth, prediction : numpy.ndarray of bool, shape (H, W), or None

    Returns
    -------
    list of matplotlib.lines.Line2D
    """
    lines = []
    if truth is not None:
        lines.append(draw_contour(ax, truth, TRUTH, "true mask", width=3.4 if prediction is not None else 1.6))
    if prediction is not None:
        lines.append(draw_contour(ax, prediction, PREDICTION, "prediction", width=1.6))
    return lines


def draw_mistakes(ax: Axes, truth: np.ndarray, prediction: np.ndarray) -> None:
    """Tint what a prediction has missed in the colour of the truth, and what it has added in its own.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    truth, prediction : numpy.ndarray of bool, shape (H, W)
    """
    draw_tint(ax, truth & ~prediction, TRUTH, MISTAKEN)
    draw_tint(ax, prediction & ~truth, PREDICTION, MISTAKEN)
