"""Notebook 2: what depth and filters make of a U-Net: its sizes, its parameters, and how far it sees.

Nothing is built for it: a U-Net's numbers follow from a few formulas, and the tests compare them with the model.
"""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lungseg.phantom.drawing import make_phantom
from lungseg.plotting.figure import NotebookFigure
from lungseg.plotting.overlays import PREDICTION, draw_image
from lungseg_course.figures.blocks import Block, draw_blocks
from lungseg_course.play.controls import Choice, Slider
from lungseg_course.play.playing import Play

SIZE = 128  # pixels a side of the image
CHEST = 2  # the phantom in which the network looks
PLACE = {"left": 0.01, "right": 0.99, "top": 0.92, "bottom": 0.02, "wspace": 0.03}


def play_with_sizes() -> Play:
    """Return the figure of a U-Net and of what it sees, with controls.

    Examples
    --------
    >>> play_with_sizes().still.alt_text.partition(".")[0]
    'Depth 4 with 16 filters: 1,747,681 parameters'
    """
    return Play(
        draw,
        depth=Slider("depth", 1, 5, step=1, start=4),
        filters=Choice("filters", ("4", "8", "16", "32", "64"), start="16"),
    )


def blocks(depth: int, filters: int, size: int = SIZE) -> list[Block]:
    """Return the size and the channels of each block, from full size down and up again.

    Examples
    --------
    >>> [tuple(block) for block in blocks(depth=1, filters=4, size=32)]
    [(32, 32, 4), (16, 16, 8), (32, 32, 4)]
    """
    levels = [*range(depth + 1), *reversed(range(depth))]
    return [Block(size // 2**level, size // 2**level, filters * 2**level) for level in levels]


def parameters(depth: int, filters: int, channels: int = 1) -> int:
    """Return how many parameters `build_unet` has, those included that batch normalisation keeps of the training.

    Parameters
    ----------
    depth, filters : int
    channels : int
        Of the image.
    """
    total, comes_in = 0, channels
    for level in range(depth + 1):
        own = filters * 2**level
        total += _convolution(3, comes_in, own) + _convolution(3, own, own) + 4 * own
        comes_in = own
    for level in reversed(range(depth)):
        own = filters * 2**level
        # Up, then over what came up and what the skip brought; the latter has as many channels.
        total += _convolution(2, 2 * own, own) + _convolution(3, 2 * own, own) + 4 * own
    return total + _convolution(1, filters, 1)


def _convolution(kernel: int, comes_in: int, comes_out: int) -> int:
    return (kernel**2 * comes_in + 1) * comes_out


def view(depth: int) -> int:
    """Return the side of the square of pixels that one pixel of the bottleneck sees.

    Examples
    --------
    >>> [view(depth) for depth in (1, 2, 3, 4)]
    [11, 23, 47, 95]
    """
    side, step = 1, 1
    for level in range(depth + 1):
        for strides in (1 if level == 0 else 2, 1):  # the two convolutions of an encoder block
            side += 2 * step
            step *= strides
    return side


@cache
def chest() -> np.ndarray:
    return make_phantom(CHEST, size=SIZE)[..., 0]


def draw(depth: int, filters: int | str) -> NotebookFigure:
    """Draw the blocks of a U-Net, and the square that a pixel of its bottleneck sees.

    Parameters
    ----------
    depth : int
    filters : int, or str with a number

    Returns
    -------
    matplotlib.figure.Figure
    """
    filters = int(filters)
    total, side = parameters(depth, filters), view(depth)
    figure = NotebookFigure(figsize=(10, 4.2))
    bars, seen = figure.subplots(1, 2, width_ratios=(5, 2), gridspec_kw=PLACE)
    words = draw_blocks(bars, blocks(depth, filters))
    bars.set_title(f"depth {depth}, {filters} filters: {total:,} parameters")
    _draw_view(seen, side)
    bottleneck = SIZE // 2**depth
    figure.alt_text = (
        f"Depth {depth} with {filters} filters: {total:,} parameters. {words} Beside it a chest of {SIZE} × {SIZE} "
        f"pixels: one of the {bottleneck} × {bottleneck} pixels of the bottleneck sees a square of {side} × {side}."
    )
    return figure


def _draw_view(ax: Axes, side: int) -> None:
    draw_image(ax, chest())
    corner = (SIZE - side) / 2 - 0.5
    ax.add_patch(Rectangle((corner, corner), side, side, fill=False, ec=PREDICTION, lw=2.5))
    if side > SIZE:
        ax.set(xlim=(corner - 4, SIZE - corner + 3), ylim=(SIZE - corner + 3, corner - 4))
    ax.set_title(f"the bottleneck sees\n{side} × {side} pixels", fontsize=10)
