"""Notebook 3: two masks laid upon each other, in colours that tell which pixel is in which."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from lungseg.plotting.cases import plot_overlay
from lungseg.plotting.figure import WIDTH, NotebookFigure, bare, panel_grid, show_title

# In no mask, in A alone, in B alone, in both. The second and third are told apart by readers of any colour vision.
COLOURS = ("white", "#56b4e9", "#e69f00", "#444444")
MEANINGS = ("none", "only in A, the true mask", "only in B, the prediction", "in both")


def disc(row: float, column: float, radius: float, size: int = 64) -> np.ndarray:
    """Return a mask that is 1 inside a circle.

    Parameters
    ----------
    row, column, radius : float
        In pixels; the centre may lie anywhere.
    size : int
        Pixels a side.

    Returns
    -------
    numpy.ndarray, shape (size, size), float32

    Examples
    --------
    >>> disc(1, 1, 1, size=3)
    array([[1., 1., 1.],
           [1., 1., 1.],
           [1., 1., 1.]], dtype=float32)
    >>> int(disc(32, 32, 14).sum())
    665
    """
    rows, columns = np.ogrid[:size, :size]
    return ((rows - row) ** 2 + (columns - column) ** 2 < (radius + 0.5) ** 2).astype("float32")


def thin_line(size: int = 64) -> np.ndarray:
    """Return a mask of a line that is one pixel wide, like a catheter.

    Returns
    -------
    numpy.ndarray, shape (size, size), float32

    Examples
    --------
    >>> int(thin_line().sum())
    48
    """
    line = np.zeros((size, size), "float32")
    rows = np.arange(size // 8, size - size // 8)
    line[rows, size * 5 // 16 + rows // 3] = 1
    return line


def plot_overlaps(pairs: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> NotebookFigure:
    """Draw pairs of masks side by side: what is in both, and what in one of them.

    Parameters
    ----------
    pairs : dict of str → (array, array)
        Title → the true mask A and the predicted one B, of shape (H, W) or
        (H, W, 1), in {0, 1}. All of one size, and four at most in a row.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> plot_overlaps({"DSC 1.00": (disc(9, 9, 5), disc(9, 9, 5))}).alt_text
    'Two masks laid upon each other. DSC 1.00: 97 pixels in both, 0 only in A, 0 only in B.'
    """
    masks = {title: [np.squeeze(np.asarray(mask)) > 0.5 for mask in pair] for title, pair in pairs.items()}
    height, width = next(iter(masks.values()))[0].shape
    lines = max(title.count("\n") + 1 for title in masks)
    figure, axes, _ = panel_grid(len(masks), 4, height / width, title_lines=lines, footer=True, largest=2.9)
    words = []
    for ax, (title, (a, b)) in zip(axes, masks.items(), strict=True):
        ax.imshow(a + 2 * b, cmap=ListedColormap(COLOURS), vmin=0, vmax=3, interpolation="nearest")
        ax.spines[:].set_visible(True)  # white on a white page
        show_title(ax, title)
        counts = (a & b).sum(), (a & ~b).sum(), (b & ~a).sum()
        told = " ".join(title.split())
        words.append(f"{told}: {counts[0]} pixels in both, {counts[1]} only in A, {counts[2]} only in B")
    patches = [Patch(fc=colour, label=meaning) for colour, meaning in zip(COLOURS, MEANINGS, strict=True)][1:]
    room = {"borderaxespad": 0, "handlelength": 1, "columnspacing": 1, "frameon": False}
    figure.legend(handles=patches, loc="lower center", ncols=3, fontsize=9, **room)
    figure.alt_text = f"Two masks laid upon each other. {'; '.join(words)}."
    return figure


def plot_overlays(image: np.ndarray, truth: np.ndarray, predictions: Mapping[str, np.ndarray]) -> NotebookFigure:
    """Draw one image several times, with the true outline and a different predicted one each time.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        In [0, 1].
    truth : numpy.ndarray, shape (H, W)
        The true mask.
    predictions : dict of str → numpy.ndarray, shape (H, W)
        Title → a predicted mask.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> plot_overlays(disc(9, 9, 5), disc(9, 9, 5), {"moved": disc(9, 10, 5)}).alt_text
    'moved: an image with the true outline and the predicted one, Dice 0.887.'
    """
    figure = NotebookFigure(figsize=(WIDTH, 4), layout="constrained")
    axes = figure.subplots(1, len(predictions), squeeze=False)[0]
    for ax, (title, prediction) in zip(axes, predictions.items(), strict=True):
        plot_overlay(image, truth, prediction, title, ax=ax)
        bare(ax)
    return figure
