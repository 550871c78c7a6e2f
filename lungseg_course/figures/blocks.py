"""Notebook 2: a U-Net as a row of bars, each as high as its image and as wide as it has channels."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from lungseg.plotting.figure import GREY, NotebookFigure

DOWN, UP = "tab:blue", "tab:orange"


class Block(NamedTuple):
    """What comes out of one block.

    Attributes
    ----------
    height, width : int
        In pixels.
    channels : int
    """

    height: int
    width: int
    channels: int


def blocks_of(model: Any) -> list[Block]:
    """Read the blocks off a U-Net: as long as the height stays the same, it is one block.

    Parameters
    ----------
    model : keras.Model
        Made of layers, for images of one size.

    Returns
    -------
    list of Block
        From full size to the bottleneck, and back.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> [tuple(block) for block in blocks_of(build_unet((32, 16, 1), filters=4, depth=1))]
    [(32, 16, 4), (16, 8, 8), (32, 16, 4)]
    """
    found: list[Block] = []
    for layer in model.layers[1:-1]:  # without the input and the output
        block = Block(*layer.output.shape[1:])
        if not found or found[-1].height != block.height:
            found.append(block)
        elif block.channels > 1:
            found[-1] = block  # what the block puts out in the end
    return found


def plot_network(model: Any) -> NotebookFigure:
    """Draw the blocks of a U-Net, from left to right, with a dashed arrow for each skip.

    Parameters
    ----------
    model : keras.Model
        For images of one size. One that is a class of its own does not show what its layers put out; the package's
        is drawn then, and the title says so.

    Returns
    -------
    matplotlib.figure.Figure
    """
    title = "compression (blue), decompression (orange), skip connections (dashed)"
    if not getattr(model, "inputs", None):
        from lungseg import build_unet

        model, title = build_unet((128, 128, 1)), f"The package's U-Net: {title}"
    figure = NotebookFigure(figsize=(10, 4.2), layout="constrained")
    ax = figure.subplots()
    ax.set_title(title)
    figure.alt_text = draw_blocks(ax, blocks_of(model))
    return figure


def draw_blocks(ax: Axes, blocks: Sequence[Block]) -> str:
    """Draw the blocks of a U-Net into axes, and return what is drawn in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    blocks : sequence of Block
        An odd number: the bottleneck is in the middle.

    Returns
    -------
    str
    """
    depth, full = len(blocks) // 2, blocks[0].height
    for place, (height, width, channels) in enumerate(blocks):
        level = depth - abs(depth - place)
        colour = DOWN if place <= depth else UP
        ax.bar(place, height, width=0.15 + 0.1 * level, bottom=-height / 2, color=colour)
        words = f"{height}×{width}\n{channels}"
        ax.text(place, -0.56 * full, words, ha="center", va="top", fontsize=10 if depth < 5 else 8)
        if place < depth:
            begin, end = (place + 0.25, 0.45 * height), (2 * depth - place - 0.25, 0.45 * height)
            ax.annotate("", xy=end, xytext=begin, arrowprops={"arrowstyle": "->", "color": GREY, "linestyle": "--"})
    ax.set(xlim=(-0.6, 2 * depth + 0.6), ylim=(-0.8 * full, 0.6 * full))
    ax.axis("off")
    steps = ", ".join(f"{block.height} × {block.width} with {block.channels} channels" for block in blocks)
    return f"The U-Net as {len(blocks)} bars: {steps}. Dashed arrows join the bars of equal height."
