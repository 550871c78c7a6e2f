"""dense_or_convolutional.gif: one answer for an image of one size, or one for each pixel of any image."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from style import BLUE, GREY, INK, ORANGE, PALE, VERMILION, arrow, board, new_figure, pixels, put_image

from lungseg.phantom import make_phantom

CASE, SMALL, LARGE = 206, 64, 96
INCH = 1.12 / SMALL  # of a pixel
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
    figure = new_figure(5.15)
    ax = board(figure)
    title = "An image of" if found is first else "The same patient, larger:"
    ax.text(0.3, 0.24, f"{title} {size} × {size} pixels", weight="bold", fontsize=12, va="center")
    ax.text(8.7, 0.24, "the blue frame: four filters of 3 × 3 weights (drawn larger)",
            fontsize=8.5, color=GREY, va="center", ha="right")  # fmt: skip

    rows = (("CNN with a dense head", 0.78), ("fully convolutional network", 3.0))
    for number, (name, top) in enumerate(rows):
        middle = top + 0.84
        ax.text(0.3, top - 0.16, name, va="center", fontsize=10.5, weight="bold")
        put_image(ax, found.image, 0.3, middle - side / 2, side)
        row = min(seen, 1) * size
        if not done:
            filter_frame(ax, 0.3 + 0.62 * side, middle - side / 2 + row * INCH)
        # The four maps, at half the scale.
        for k in range(4):
            left, upper = 2.5 + (k % 2) * side / 2, middle - side / 2 + (k // 2) * side / 2
            half = side / 2 - 0.03
            shown = np.full((size, size), np.nan)
            until = size if done else round(row)
            shown[:until] = np.clip(found.maps[:until, :, k] / 1.5, 0, 1)
            ax.add_patch(Rectangle((left, upper), half, half, fc=PALE, ec="none", zorder=-1))
            put_image(ax, shown, left, upper, half)
        arrow(ax, (0.3 + side + 0.08, middle), (2.42, middle), BLUE)
        arrow(ax, (2.5 + side + 0.08, middle), (4.55, middle), BLUE)
        head(ax, number, middle, found, first, done)
        if done:
            answer(ax, number, middle, found, side)
    ax.plot([0.3, 8.7], [2.67, 2.67], color="#cccccc", lw=1)
    return figure


def filter_frame(ax, x: float, y: float, side: float = 0.2) -> None:
    """Draw the frame of the filters around a pixel, on a white rim that shows on dark parts."""
    corner = (x - side / 2, y - side / 2)
    ax.add_patch(Rectangle(corner, side, side, fill=False, ec="white", lw=4.5, zorder=5))
    ax.add_patch(Rectangle(corner, side, side, fill=False, ec=BLUE, lw=2.6, zorder=6))


def head(ax, number: int, middle: float, found: Pass, first: Pass, done: bool) -> None:
    """Draw the box that turns maps into answers."""
    refused = number == 0 and done and found.dense_weights is None
    colour = VERMILION if refused else INK
    ax.add_patch(FancyBboxPatch((4.68, middle - 0.5), 1.9, 1.0, boxstyle="round,pad=0,rounding_size=0.08",
                                fc="#fdf1ec" if refused else "#f6f6f6", ec=colour, lw=1.5))  # fmt: skip
    if refused:
        lines = f"dense layer:\n{found.numbers:,} numbers came,\nit has {first.dense_weights:,}\nweights"
    elif number == 0:
        size = len(first.image)
        lines = f"dense layer:\n{first.dense_weights:,} weights,\none for each number\nof maps of {size} × {size}"
    else:
        lines = f"1 × 1 convolution:\n{found.pixel_weights} weights, used\nanew at each pixel"
    ax.text(5.63, middle, lines, ha="center", va="center", fontsize=9.5, color=colour, linespacing=1.2)


def answer(ax, number: int, middle: float, found: Pass, side: float) -> None:
    """Draw what comes out."""
    if number == 0 and found.dense_weights is None:
        ax.plot([6.75, 7.0], [middle - 0.13, middle + 0.13], color=VERMILION, lw=4)
        ax.plot([6.75, 7.0], [middle + 0.13, middle - 0.13], color=VERMILION, lw=4)
        ax.text(7.15, middle, "an error,\nno answer", va="center", color=VERMILION, weight="bold")
        return
    arrow(ax, (6.66, middle), (6.98, middle), BLUE)
    if number == 0:
        ax.add_patch(Circle((7.15, middle), 0.11, fc=ORANGE, ec=INK))
        ax.text(7.35, middle, "one answer\nfor the image:\nnormal or not?", va="center", fontsize=9.5, linespacing=1.2)
    else:
        put_image(ax, found.mask, 7.08, middle - side / 2, side)
        high, wide = found.answers
        ax.text(7.08, middle - side / 2 - 0.12, f"{high} × {wide} answers", va="center", fontsize=9.5)


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
