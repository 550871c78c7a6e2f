"""skips.png: an autoencoder beside a U-Net, and what a small map still knows of an outline."""

import numpy as np
from matplotlib.patches import Rectangle
from style import BLUE, GREY, INK, ORANGE, arrow, board, new_figure, put_image
from unet_shape import INPUT, read_unet

from lungseg.phantom import make_phantom
from lungseg.preparation import resize_image

CASE = 206


def sizes() -> list[int]:
    """The sizes of the maps in the U-Net of this course, from the image down."""
    from lungseg import build_unet

    down, _, _ = read_unet(build_unet(INPUT))
    return [stage.size[0] for stage in down[1:]]


def through(mask: np.ndarray, size: int) -> np.ndarray:
    """Keep of a mask one number for each cell of a small map, its share of lung, and enlarge that again."""
    return resize_image(resize_image(mask.astype("float32"), size), len(mask)) >= 0.5


def lost(mask: np.ndarray, size: int) -> tuple[float, float]:
    """Dice, and HD95 in pixels, of a mask that went through a small map, by lungseg."""
    from lungseg.evaluation import hd95, surface_distances
    from lungseg.losses import dice_coefficient

    back = through(mask, size)
    dice = dice_coefficient(mask[None, :, :, None], back[None, :, :, None], smooth=0)
    return float(dice[0, 0]), hd95(surface_distances(mask, back))


def sketch(ax, left: float, levels: int, skips: bool) -> tuple[float, float, float]:
    """Draw blocks that get smaller and larger again; return where the first and the last one stand."""
    count = 2 * levels + 1
    middle, step = 1.2, 0.28
    for number in range(count):
        level = min(number, count - 1 - number)
        height = 1.25 * 0.72**level
        x = left + number * step
        colour = BLUE if number <= levels else ORANGE
        ax.add_patch(Rectangle((x - 0.08, middle - height / 2), 0.16, height, fc=colour, ec=INK, lw=0.8, zorder=3))
        if skips and number < levels:
            end = left + (count - 1 - number) * step
            y = middle - height / 2 + 0.06
            arrow(ax, (x + 0.1, y), (end - 0.1, y), GREY, 1.3, linestyle=(0, (4, 2)), zorder=1)
    return left, left + (count - 1) * step, middle


def draw():
    case = make_phantom(CASE, size=INPUT[0])
    image, mask = case[..., 0], case[..., 1] > 0.5
    figure = new_figure(5.35)
    ax = board(figure)

    for left, name, words, out, skips in (
        (0.3, "autoencoder", "gives back the image it was given", image, False),
        (4.65, "U-Net", "answers another question: lung or not", mask, True),
    ):
        ax.text(left, 0.25, name, weight="bold", fontsize=11.5, va="center")
        offset = 1.35 if name == "autoencoder" else 0.65
        ax.text(left + offset, 0.25, words, fontsize=9.5, va="center")
        first, last, middle = sketch(ax, left + 1.2, 3, skips)
        put_image(ax, image, left, middle - 0.4, 0.8)
        put_image(ax, out, last + 0.4, middle - 0.4, 0.8)
        arrow(ax, (left + 0.83, middle), (first - 0.1, middle), INK, 1.2)
        arrow(ax, (last + 0.1, middle), (last + 0.37, middle), INK, 1.2)
    ax.text(0.3, 2.08, "All it knows about the image passes\nthrough the narrow middle.", fontsize=9.5, va="center")
    ax.text(4.65, 2.08, "Skips (dashed) lead past the middle: what\nthe first blocks saw at full size is still there.",
            fontsize=9.5, va="center")  # fmt: skip

    ax.plot([0.3, 8.7], [2.42, 2.42], color="#cccccc", lw=1)
    ax.text(0.3, 2.64, "Why that matters for an outline: a mask kept as one number a cell, and enlarged again",
            va="center", weight="bold", fontsize=9.5)  # fmt: skip
    side, step = 1.45, 1.7375
    for number, size in enumerate(sizes()):
        x = 0.3 + step * number
        dice, hd = lost(mask, size)
        put_image(ax, image, x, 3.1, side)
        for outline, colour, width in ((mask, BLUE, 3.2), (through(mask, size), ORANGE, 1.7)):
            extent = (x, x + side, 3.1, 3.1 + side)
            ax.contour(outline, [0.5], colors=colour, linewidths=width, extent=extent)
        ax.text(x + side / 2, 2.94, f"{size} × {size}", ha="center", va="center")
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nHD95 {hd:.1f} pixels"
        ax.text(x + side / 2, 4.62, words, ha="center", va="top", fontsize=9.5, linespacing=1.25)
    for x, colour, words in ((0.3, BLUE, "mask"), (1.35, ORANGE, "what comes back of it")):
        ax.plot([x, x + 0.25], [5.15, 5.15], color=colour, lw=3)
        ax.text(x + 0.33, 5.15, words, va="center", fontsize=9.5)
    return figure
