"""dense_or_convolutional.gif: one answer for an image of one size, or one for each pixel of any image."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from style import BLUE, GREY, INK, ORANGE, PALE, SMALLEST, VERMILION, arrow, board, new_figure, pixels, put_image

from lungseg.phantom import make_phantom

CASE, SMALL, LARGE = 206, 64, 96
INCH = 1.0 / SMALL  # of a pixel
FILTERS = np.stack(
    [
        [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],  # edges between bright above and dark below
        [[1, 0, -1], [2, 0, -2], [1, 0, -1]],  # between bright on the left and dark on the right
        [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],  # dark above, bright below
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],  # dark on the left, bright on the right
    ],
    axis=-1,
)[:, :, None, :].astype("float32")  # (3, 3, 1, 4)


@dataclass
class Pass:
    """What both networks make of an image of one size."""

    image: np.ndarray  # (H, W)
    mask: np.ndarray  # (H, W)
    maps: np.ndarray  # (H, W, 4)
    numbers: int  # in the maps: what a dense head would have to weigh
    dense_weights: int | None  # None: the dense head refused
    pixel_weights: int
    answers: tuple[int, ...]  # the shape of what the fully convolutional network gives


@cache
def run() -> dict[int, Pass]:
    """Let Keras send both sizes through the same filters, and on to both heads, built for the small size."""
    from keras import layers, ops

    filters = layers.Conv2D(FILTERS.shape[-1], 3, padding="same", activation="relu", use_bias=False)
    filters.build((None, None, None, 1))
    filters.set_weights([FILTERS])
    dense, pixelwise = layers.Dense(1), layers.Conv2D(1, 1, activation="sigmoid")
    passes = {}
    for size in (SMALL, LARGE):
        case = make_phantom(CASE, size=size)
        maps = filters(case[None, ..., :1])  # (1, H, W, 4)
        flat = ops.reshape(maps, (1, -1))
        try:
            dense(flat)  # the first call builds it, with one weight for each number
            weights = count(dense)
        except ValueError:
            weights = None
        answers = tuple(pixelwise(maps).shape[1:3])
        numbers = int(flat.shape[1])
        passes[size] = Pass(
            case[..., 0], case[..., 1], ops.convert_to_numpy(maps)[0], numbers, weights,
            count(pixelwise), answers,
        )  # fmt: skip
    return passes


def count(layer) -> int:
    """How many weights a layer has, without its bias."""
    return int(np.prod(layer.kernel.shape))


def draw(found: Pass, first: Pass, seen: float):
    """Draw one frame.

    Parameters
    ----------
    found, first : Pass
        The size that is shown, and the size that the dense head was built for.
    seen : float
        How far the filters have come, from 0 to 1; above 1, the heads answer.
    """
    size = len(found.image)
    side = size * INCH
    done = seen > 1
    figure = new_figure(5.75)
    ax = board(figure)
    title = "An image of" if found is first else "The same patient, larger:"
    ax.text(0.25, 0.24, f"{title} {size} × {size} pixels", weight="bold", fontsize=11.5, va="center")

    left, middle, maps = 0.25, 1.3, 3.65
    put_image(ax, found.image, left, middle - side / 2, side)
    if not done:
        filter_frame(ax, left + 0.62 * side, middle - side / 2 + min(seen, 1) * size * INCH)
    # The four maps, at half the scale.
    for k in range(4):
        x, upper = maps + (k % 2) * side / 2, middle - side / 2 + (k // 2) * side / 2
        half = side / 2 - 0.03
        shown = np.full((size, size), np.nan)
        until = size if done else round(min(seen, 1) * size)
        shown[:until] = np.clip(found.maps[:until, :, k] / 1.5, 0, 1)
        ax.add_patch(Rectangle((x, upper), half, half, fc=PALE, ec="none", zorder=-1))
        put_image(ax, shown, x, upper, half)
    ax.text(2.72, middle - 0.12, "four filters of\n3 × 3 weights\n(blue frame,\ndrawn larger)", ha="center",
            va="bottom", fontsize=SMALLEST, color=GREY)  # fmt: skip
    arrow(ax, (left + side + 0.1, middle), (maps - 0.1, middle), BLUE)
    ax.text(2.72, middle + 0.12, "four maps", ha="center", va="top", fontsize=SMALLEST, color=GREY)

    ax.plot([0.25, 5.15], [2.3, 2.3], color="#cccccc", lw=1)
    ax.plot([2.7, 2.7], [2.42, 5.6], color="#cccccc", lw=1)
    for number, (name, x) in enumerate((("CNN, dense head", 1.4), ("fully convolutional", 4.0))):
        ax.text(x, 2.5, name, ha="center", va="center", weight="bold")
        head(ax, number, x, found, first, done)
        if done:
            answer(ax, number, x, found, side)
    return figure


def filter_frame(ax, x: float, y: float, side: float = 0.2) -> None:
    """Draw the frame of the filters around a pixel, on a white rim that shows on dark parts."""
    corner = (x - side / 2, y - side / 2)
    ax.add_patch(Rectangle(corner, side, side, fill=False, ec="white", lw=4.5, zorder=5))
    ax.add_patch(Rectangle(corner, side, side, fill=False, ec=BLUE, lw=2.6, zorder=6))


def head(ax, number: int, x: float, found: Pass, first: Pass, done: bool) -> None:
    """Draw the box that turns maps into answers."""
    refused = number == 0 and done and found.dense_weights is None
    colour = VERMILION if refused else INK
    ax.add_patch(FancyBboxPatch((x - 1.05, 2.7), 2.1, 0.9, boxstyle="round,pad=0,rounding_size=0.08",
                                fc="#fdf1ec" if refused else "#f6f6f6", ec=colour, lw=1.5))  # fmt: skip
    if refused:
        lines = f"dense layer:\n{found.numbers:,} numbers came,\nit has {first.dense_weights:,} weights"
    elif number == 0:
        size = len(first.image)
        lines = f"dense layer:\n{first.dense_weights:,} weights, for the\nnumbers of 4 maps of {size} × {size}"
    else:
        lines = f"1 × 1 convolution:\n{found.pixel_weights} weights, used\nanew at each pixel"
    ax.text(x, 3.15, lines, ha="center", va="center", fontsize=SMALLEST, color=colour, linespacing=1.2)


def answer(ax, number: int, x: float, found: Pass, side: float) -> None:
    """Draw what comes out."""
    if number == 0 and found.dense_weights is None:
        ax.plot([x - 0.15, x + 0.15], [4.05, 4.35], color=VERMILION, lw=4)
        ax.plot([x - 0.15, x + 0.15], [4.35, 4.05], color=VERMILION, lw=4)
        ax.text(x, 4.75, "an error,\nno answer", ha="center", va="center", color=VERMILION, weight="bold")
        return
    arrow(ax, (x, 3.66), (x, 3.93), BLUE)
    if number == 0:
        ax.add_patch(Circle((x, 4.15), 0.11, fc=ORANGE, ec=INK))
        ax.text(x, 4.4, "one answer\nfor the image:\nnormal or not?", ha="center", va="top", linespacing=1.2)
    else:
        high, wide = found.answers
        put_image(ax, found.mask, x - side / 2, 4.0, side)
        ax.text(x + 0.12, 3.8, f"{high} × {wide} answers", va="center", fontsize=SMALLEST)


def frames() -> tuple[list[np.ndarray], list[float]]:
    """The pictures, and how many seconds each of them stays."""
    passes = run()
    first = passes[SMALL]
    pictures, seconds = [], []
    for found in passes.values():
        for seen, stay in ((0.2, 1.0), (0.5, 1.0), (0.8, 1.0), (2, 5.0)):
            pictures.append(pixels(draw(found, first, seen), dpi=100))
            seconds.append(stay)
    return pictures, seconds
