"""strides.png: a strided convolution down and a transposed convolution up, step by step."""

import numpy as np
from matplotlib.patches import Rectangle
from style import BLUE, GREY, ORANGE, PALE, SMALLEST, arrow, board, new_figure

IMAGE = np.array([[1, 0, 2, 1], [0, 3, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]], "float32")
DOWN = np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]], "float32")
UP = np.array([[1, 2], [0, 1]], "float32")
STRIDE = 2
# With padding "same", 4 pixels, a filter of 3 and a stride of 2 need one row of zeros: below, and one to the right.
PADDING = ((0, 1), (0, 1))
CELL = 0.235  # inches


def down_and_up() -> tuple[np.ndarray, np.ndarray]:
    """Let Keras halve the image, and double what came out."""
    from keras import layers, ops

    halve = layers.Conv2D(1, DOWN.shape, strides=STRIDE, padding="same", use_bias=False)
    double = layers.Conv2DTranspose(1, UP.shape, strides=STRIDE, padding="same", use_bias=False)
    image = IMAGE[None, :, :, None]
    for layer, weights in ((halve, DOWN), (double, UP)):
        layer.build((None, None, None, 1))
        layer.set_weights([weights[:, :, None, None]])
    small = halve(image)
    return tuple(ops.convert_to_numpy(tensor)[0, :, :, 0] for tensor in (small, double(small)))


def window(row: int, column: int) -> np.ndarray:
    """The part of the image, with zeros beyond its edge, that one number of the small map is made of."""
    top, left = STRIDE * row, STRIDE * column
    return np.pad(IMAGE, PADDING)[top : top + DOWN.shape[0], left : left + DOWN.shape[1]]


def grid(ax, left: float, top: float, values: np.ndarray, known=None, outside=None, face: str = "white") -> None:
    """Draw numbers in cells; those that are not known yet stay empty, those outside the image are grey."""
    for (row, column), value in np.ndenumerate(values):
        corner = (left + column * CELL, top + row * CELL)
        shown = known is None or known[row, column]
        colour = face if shown and (outside is None or not outside[row, column]) else PALE
        ax.add_patch(Rectangle(corner, CELL, CELL, fc=colour, ec=GREY, lw=0.7))
        if shown:
            x, y = corner[0] + CELL / 2, corner[1] + CELL / 2
            ax.text(x, y, f"{value:g}", ha="center", va="center", fontsize=SMALLEST)


def frame(ax, x: float, y: float, row: int, column: int, size: tuple[int, int], colour: str) -> None:
    """Draw a thick frame around cells."""
    corner = (x + column * CELL, y + row * CELL)
    ax.add_patch(Rectangle(corner, size[1] * CELL, size[0] * CELL, fill=False, ec=colour, lw=3, zorder=5))


def draw():
    small, large = down_and_up()
    figure = new_figure(8.15)
    ax = board(figure)
    steps = [(row, column) for row in range(small.shape[0]) for column in range(small.shape[1])]

    ax.text(0.25, 0.25, "Down: a strided convolution", weight="bold", color=BLUE, fontsize=11.5, va="center")
    words = "The filter moves two pixels at a time. Each number\nthat comes out is a sum of products."
    ax.text(0.25, 0.62, words, fontsize=SMALLEST, va="center", linespacing=1.25)
    ax.text(4.3, 0.13, "filter", fontsize=SMALLEST, va="center", color=GREY)
    grid(ax, 4.3, 0.23, DOWN, face="#d6e9f5")
    outside = np.pad(np.zeros_like(IMAGE, bool), PADDING, constant_values=True)
    for number, (row, column) in enumerate(steps):
        x, y = 0.25 + 2.6 * (number % 2), 1.2 + 1.48 * (number // 2)
        ax.text(x, y - 0.1, f"step {number + 1}", fontsize=SMALLEST, va="center", color=GREY)
        grid(ax, x, y, np.pad(IMAGE, PADDING), outside=outside)
        frame(ax, x, y, STRIDE * row, STRIDE * column, DOWN.shape, BLUE)
        done = np.arange(small.size).reshape(small.shape) <= number
        out_x, out_y = x + 7 * CELL, y + 1.5 * CELL
        arrow(ax, (x + 5.2 * CELL, y + 2.5 * CELL), (out_x - 0.05, y + 2.5 * CELL), BLUE, 2)
        grid(ax, out_x, out_y, small, known=done)
        frame(ax, out_x, out_y, row, column, (1, 1), BLUE)
    ax.text(0.25, 4.0, "Grey: zeros beyond the edge (padding).", fontsize=SMALLEST, va="center", color=GREY)
    ax.plot([0.25, 5.15], [4.2, 4.2], color="#cccccc", lw=1)

    ax.text(0.25, 4.42, "Up: a transposed convolution", weight="bold", color="#9a6a00", fontsize=11.5, va="center")
    words = "Each number lays down a copy of the filter,\nmultiplied by it, two pixels from the last one."
    ax.text(0.25, 4.79, words, fontsize=SMALLEST, va="center", linespacing=1.25)
    ax.text(4.3, 4.42, "filter", fontsize=SMALLEST, va="center", color=GREY)
    grid(ax, 4.3, 4.52, UP, face="#fbe7bd")
    for number, (row, column) in enumerate(steps):
        x, y = 0.25 + 2.6 * (number % 2), 5.32 + 1.27 * (number // 2)
        ax.text(x, y - 0.1, f"step {number + 1}", fontsize=SMALLEST, va="center", color=GREY)
        grid(ax, x, y + CELL, small)
        frame(ax, x, y + CELL, row, column, (1, 1), ORANGE)
        done = np.arange(small.size).reshape(small.shape) <= number
        known = np.kron(done, np.ones(UP.shape, bool))
        out_x = x + 3.2 * CELL
        arrow(ax, (x + 2.2 * CELL, y + 2 * CELL), (out_x - 0.05, y + 2 * CELL), ORANGE, 2)
        grid(ax, out_x, y, large, known=known)
        frame(ax, out_x, y, STRIDE * row, STRIDE * column, UP.shape, ORANGE)
    words = "The size is back; the values of the image are not.\nA network learns the filters that serve its purpose."
    ax.text(0.25, 7.85, words, fontsize=SMALLEST, va="center", linespacing=1.25)
    return figure
