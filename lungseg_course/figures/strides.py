"""Notebook 2: what a convolution with a stride leaves of an image."""

from typing import Any

import numpy as np

from lungseg.plotting.figure import NotebookFigure, panel_grid, show_title
from lungseg.plotting.overlays import draw_image


def plot_strides(image: np.ndarray, convolved: dict[int, Any]) -> NotebookFigure:
    """Draw an image and what convolutions with different strides made of it, all equally large.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W, 1)
        In [0, 1].
    convolved : dict of int → array or tensor, shape (1, H', W', 1)
        Stride → the result. Zero is grey; what is at or beyond -2 is black, and from 2 on white.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> plot_strides(np.zeros((8, 6, 1)), {2: np.zeros((1, 4, 3, 1))}).alt_text
    'An image of 8 × 6 pixels; the same convolved with stride 2, 4 × 3 values, drawn equally large.'
    """
    height, width = image.shape[:2]
    figure, axes, panel = panel_grid(1 + len(convolved), 3, height / width, title_lines=2, largest=3.2)
    draw_image(axes[0], image[..., 0])
    show_title(axes[0], f"image\n{height} × {width}", panel)
    words = [f"An image of {height} × {width} pixels"]
    for ax, (strides, result) in zip(axes[1:], convolved.items(), strict=True):
        values = np.asarray(result)[0, ..., 0]
        size = f"{values.shape[0]} × {values.shape[1]}"
        draw_image(ax, np.clip(values / 4 + 0.5, 0, 1))
        show_title(ax, f"stride {strides}\n{size}", panel)
        words.append(f"the same convolved with stride {strides}, {size} values")
    figure.alt_text = f"{'; '.join(words)}, drawn equally large."
    return figure
