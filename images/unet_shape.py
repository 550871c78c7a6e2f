"""unet_shape.png: the U, with the sizes and channels of the network that `build_unet` makes."""

import itertools
import math
from dataclasses import dataclass

from matplotlib.patches import Rectangle
from style import BLUE, GREY, INK, ORANGE, SMALLEST, arrow, board, new_figure

INPUT = (128, 128, 1)


@dataclass
class Stage:
    """What comes out of one block: height, width and channels."""

    name: str
    size: tuple[int, int]
    channels: int


def stage(name: str, tensor) -> Stage:
    _, height, width, channels = tensor.shape
    return Stage(name, (height, width), channels)


def read_unet(model) -> tuple[list[Stage], list[Stage], dict[str, str]]:
    """Read the stages down, the stages up, and who is joined to whom, off a network.

    Returns
    -------
    down, up : list of Stage
        From the image to the bottleneck, and from the bottleneck to the mask.
    skips : dict
        The name of the block up, and of the block down whose output it takes in.
    """
    names = [layer.name for layer in model.layers]
    depth = max(int(name.split("_")[1]) for name in names if name.startswith("encoder_"))
    outputs = {name: model.get_layer(f"{name}_dropout").output for name in blocks(depth)}
    down = [stage("image", model.input)] + [stage(n, outputs[n]) for n in outputs if n.startswith("encoder")]
    up = [stage(n, outputs[n]) for n in outputs if n.startswith("decoder")] + [stage("mask", model.output)]
    skips = {}
    for block in up[:-1]:
        joined = model.get_layer(f"{block.name}_skip").input
        for name, tensor in outputs.items():
            if any(part is tensor for part in joined) and name.startswith("encoder"):
                skips[block.name] = name
    return down, up, skips


def blocks(depth: int) -> list[str]:
    return [f"encoder_{n}" for n in range(depth + 1)] + [f"decoder_{n}" for n in reversed(range(depth))]


def draw():
    from lungseg import build_unet

    model = build_unet(INPUT)
    down, up, skips = read_unet(model)
    bottleneck = down[-1]
    figure = new_figure(5.95)
    ax = board(figure)

    wide, _ = figure.get_size_inches()
    tops = [0.62 + 0.8 * level for level in range(len(down) - 1)]
    boxes = {}

    def box(what: Stage, x: float, y: float, colour: str):
        """Draw a block: as high as its maps are large, as wide as it has many channels."""
        height = 0.12 + 0.46 * math.log2(what.size[0]) / 7
        width = 0.045 * (1 + math.log2(what.channels)) if what.channels > 1 else 0.1
        ax.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, fc=colour, ec=INK, lw=0.9, zorder=3))
        ax.text(x, y - height / 2 - 0.04, f"{what.channels}", ha="center", va="bottom", weight="bold")
        boxes[what.name] = (x, y, width, height)

    for level, block in enumerate(down[1:]):
        x = wide / 2 if block is bottleneck else 0.95 + 0.34 * level
        box(block, x, tops[level], BLUE)
    for level, block in enumerate(reversed(up[:-1])):
        box(block, wide - 0.95 - 0.34 * level, tops[level], ORANGE)
    for what, x, name in ((down[0], 0.3, "radio-\ngraph"), (up[-1], wide - 0.3, "lung\nor not")):
        box(what, x, tops[0], "#bbbbbb")
        low = tops[0] + boxes[what.name][3] / 2 + 0.06
        ax.text(x, low, name, ha="center", va="top", fontsize=SMALLEST, linespacing=1.1)

    for block in down[1:]:
        x, y, width, height = boxes[block.name]
        size = f"{block.size[0]} × {block.size[1]}"
        if block is bottleneck:
            ax.text(x, y + height / 2 + 0.06, f"{size}\nbottleneck", ha="center", va="top", fontsize=SMALLEST)
        else:
            partner = next(name for name, source in skips.items() if source == block.name)
            px, _, p_width, _ = boxes[partner]
            ax.text(wide / 2, y - 0.06, size, ha="center", va="bottom", fontsize=SMALLEST)
            arrow(ax, (x + width / 2 + 0.05, y), (px - p_width / 2 - 0.05, y), GREY, linestyle=(0, (4, 2)))

    path = [b.name for b in down] + [b.name for b in up]
    for before, after in itertools.pairwise(path):
        (x0, y0, w0, h0), (x1, y1, w1, h1) = boxes[before], boxes[after]
        if y0 == y1:
            arrow(ax, (x0 + w0 / 2 + 0.04, y0), (x1 - w1 / 2 - 0.04, y1), INK)
        elif y1 > y0:  # down
            drop = 0 if after == bottleneck.name else 0.12
            arrow(ax, (x0, y0 + h0 / 2 + 0.04), (x1 - w1 / 2 - 0.05, y1 - drop), BLUE, 2.2,
                  connectionstyle="angle,angleA=90,angleB=0,rad=6")  # fmt: skip
        else:  # up
            rise = 0 if before == bottleneck.name else 0.12
            arrow(ax, (x0 + w0 / 2 + 0.05, y0 - rise), (x1, y1 + h1 / 2 + 0.04), ORANGE, 2.2,
                  connectionstyle="angle,angleA=0,angleB=90,rad=6")  # fmt: skip

    legend = [
        (BLUE, "-", "strided convolution: half the size, twice the channels"),
        (ORANGE, "-", "transposed convolution: twice the size, half the channels"),
        (GREY, (0, (4, 2)), "skip: joined to what comes up, by concatenation"),
    ]
    for number, (colour, dashes, words) in enumerate(legend):
        y = 4.72 + 0.25 * number
        arrow(ax, (0.2, y), (0.6, y), colour, 2.2, linestyle=dashes)
        ax.text(0.7, y, words, va="center", fontsize=SMALLEST)
    words = (
        "Above a block: its channels. In the middle: its size in pixels.\n"
        f"lungseg.build_unet({INPUT}): {model.count_params():,} parameters"
    )
    ax.text(0.2, 5.6, words, va="center", fontsize=SMALLEST, linespacing=1.3)
    return figure
