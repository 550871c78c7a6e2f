"""What a network looks at to decide about one pixel: how much its answer there moves when a pixel of the image does."""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from scipy import ndimage

from lungseg.plotting.figure import NotebookFigure, bare
from lungseg.plotting.overlays import PREDICTION, TRUTH, draw_image
from lungseg_course.play.controls import Slider
from lungseg_course.play.playing import Play

SHARE = 0.95  # of the influence lies within the frame


def influence(model: Any, image: np.ndarray, row: int, column: int) -> np.ndarray:
    """Return how much each pixel of an image moves the answer of a network at one pixel.

    Parameters
    ----------
    model : keras.Model
        From images (B, H, W, 1) to probabilities (B, H, W, 1).
    image : numpy.ndarray, shape (H, W)
    row, column : int
        The pixel of the answer.

    Returns
    -------
    numpy.ndarray, shape (H, W)
        The absolute value of the gradient. 0 where a pixel cannot be seen from there; and 0 everywhere if the network
        is so sure that nothing moves it.

    Examples
    --------
    >>> import keras
    >>> layer = keras.layers.Conv2D(1, 3, padding="same", kernel_initializer="ones")
    >>> blur = keras.Sequential([keras.Input((5, 5, 1)), layer])
    >>> influence(blur, np.ones((5, 5)), row=2, column=0).astype(int)
    array([[0, 0, 0, 0, 0],
           [1, 1, 0, 0, 0],
           [1, 1, 0, 0, 0],
           [1, 1, 0, 0, 0],
           [0, 0, 0, 0, 0]])
    """
    import keras

    batch = np.asarray(image, "float32")[None, ..., None]
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        pixels = tf.convert_to_tensor(batch)
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            answer = model(pixels, training=False)[0, row, column, 0]
        gradient = tape.gradient(answer, pixels)
    elif backend == "jax":
        import jax

        def answer_at(pixels):
            return model(pixels, training=False)[0, row, column, 0]

        gradient = jax.grad(answer_at)(batch)
    else:
        import torch

        pixels = torch.tensor(batch, device=keras.src.backend.torch.core.get_device(), requires_grad=True)
        (gradient,) = torch.autograd.grad(model(pixels, training=False)[0, row, column, 0], pixels)
    return np.abs(keras.ops.convert_to_numpy(gradient))[0, ..., 0]


def frame_of(seen: np.ndarray, row: int, column: int, share: float = SHARE) -> int:
    """Return how far a square around a pixel must reach to hold a share of the influence.

    Parameters
    ----------
    seen : numpy.ndarray, shape (H, W)
        As `influence` returns it; not 0 everywhere.
    row, column : int
    share : float

    Returns
    -------
    int
        Pixels from the centre to each side.

    Examples
    --------
    >>> seen = np.zeros((9, 9))
    >>> seen[3:6, 3:6] = 1
    >>> frame_of(seen, 4, 4), frame_of(seen, 4, 6)
    (1, 3)
    """
    rows, columns = np.indices(seen.shape)
    away = np.maximum(abs(rows - row), abs(columns - column))
    held = np.bincount(away.ravel(), seen.ravel()).cumsum()
    return int(np.searchsorted(held, share * held[-1] * (1 - 1e-9)))


def play_with_view(model: Any, image: np.ndarray) -> Play:
    """Return the figure of what a network looks at, with two sliders for the pixel about which it decides.

    It begins with a pixel of the border, where the network is least sure.

    Parameters
    ----------
    model : keras.Model
        From `look_into`.
    image : numpy.ndarray, shape (H, W)

    Examples
    --------
    >>> from lungseg import build_unet
    >>> network = build_unet((32, 32, 1), filters=4, depth=1)
    >>> figure = play_with_view(network, np.random.default_rng(0).random((32, 32))).still
    >>> figure.alt_text.partition(" (")[0]
    'What the network looks at to decide about one pixel'
    """
    probability = np.asarray(model(np.asarray(image, "float32")[None, ..., None], training=False))[0, ..., 0]
    row, column = np.unravel_index(np.argmin(np.abs(probability - 0.5)), probability.shape)
    height, width = image.shape
    return Play(
        partial(draw, model, image, probability),
        row=Slider("row, from the top", 0, height - 1, step=1, start=int(row)),
        column=Slider("column, from the left", 0, width - 1, step=1, start=int(column)),
    )


def draw(model: Any, image: np.ndarray, probability: np.ndarray, row: int, column: int) -> NotebookFigure:
    """Draw an image with a pixel and what the network looks at to decide about it.

    Parameters
    ----------
    model : keras.Model
    image, probability : numpy.ndarray, shape (H, W)
    row, column : int
        The pixel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    seen = influence(model, image, row, column)
    sure = probability[row, column]
    told = f"probability of lung {sure:.2f}"
    figure = NotebookFigure(figsize=(9, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_image(left, image)
    left.plot(column, row, "+", color=PREDICTION, ms=14, mew=2.5)
    left.set_title(f"the pixel (+): {told}", fontsize=10)
    where = f"(row {row}, column {column}; {told})"
    if not seen.any():
        right.axis("off")
        words = "The network is so sure here\nthat no pixel moves its answer.\n\nTry one nearer to the border."
        right.text(0.5, 0.5, words, ha="center", va="center", fontsize=11)
        figure.alt_text = f"What the network looks at to decide about one pixel {where}. {' '.join(words.split())}"
        return figure
    reach = frame_of(seen, row, column)
    # A pixel counts with its neighbours: single ones flicker.
    smooth = ndimage.gaussian_filter(seen, 1.0)
    right.imshow(np.sqrt(smooth / smooth.max()), cmap="magma", vmin=0, vmax=1)
    right.plot(column, row, "+", color=TRUTH, ms=14, mew=2.5)
    bare(right)
    side = 2 * reach + 1
    for ax in (left, right):
        _draw_frame(ax, row, column, reach, image.shape)
    right.set_title(f"what moves its answer: {SHARE:.0%} within {side} × {side} pixels", fontsize=10)
    figure.alt_text = (
        f"What the network looks at to decide about one pixel {where}: a cross in the image, and a map of how much "
        f"each pixel of the image moves the answer. A square of {side} × {side} pixels around it holds {SHARE:.0%}."
    )
    return figure


def _draw_frame(ax: Axes, row: int, column: int, reach: int, shape: tuple[int, int]) -> None:
    """Draw the square, as far as it lies in the image."""
    top, left = max(row - reach, 0) - 0.5, max(column - reach, 0) - 0.5
    bottom, right = min(row + reach, shape[0] - 1) + 0.5, min(column + reach, shape[1] - 1) + 0.5
    ax.add_patch(Rectangle((left, top), right - left, bottom - top, fill=False, ec=PREDICTION, lw=2))
