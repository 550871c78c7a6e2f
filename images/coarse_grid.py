"""coarse_grid.png: what a small map still knows of an outline."""

import numpy as np
from style import BLUE, ORANGE, SMALLEST, board, new_figure, put_image
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


def draw():
    case = make_phantom(CASE, size=INPUT[0])
    image, mask = case[..., 0], case[..., 1] > 0.5
    figure = new_figure(5.0)
    ax = board(figure)
    ax.text(0.25, 0.25, "A mask kept as one number a cell, and enlarged again", va="center", weight="bold")
    side, step = 1.5, 1.72
    for number, size in enumerate(sizes()):
        x, y = 0.25 + step * (number % 3), 0.75 + 2.25 * (number // 3)
        dice, hd = lost(mask, size)
        put_image(ax, image, x, y, side)
        for outline, colour, width in ((mask, BLUE, 3.2), (through(mask, size), ORANGE, 1.7)):
            ax.contour(outline, [0.5], colors=colour, linewidths=width, extent=(x, x + side, y, y + side))
        ax.text(x + side / 2, y - 0.13, f"{size} × {size} cells", ha="center", va="center", fontsize=SMALLEST)
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nHD95 {hd:.1f} pixels"
        ax.text(x + side / 2, y + side + 0.06, words, ha="center", va="top", fontsize=SMALLEST, linespacing=1.2)
    for y, colour, words in ((3.5, BLUE, "the mask"), (3.9, ORANGE, "what comes\nback of it")):
        ax.plot([3.75, 4.0], [y, y], color=colour, lw=3)
        ax.text(4.1, y, words, va="center", fontsize=SMALLEST, linespacing=1.2)
    return figure
