"""skips.png: an autoencoder beside a U-Net."""

from matplotlib.patches import Rectangle
from style import BLUE, GREY, INK, ORANGE, SMALLEST, arrow, board, new_figure, put_image
from unet_shape import INPUT

from lungseg.phantom import make_phantom

CASE = 206


def sketch(ax, left: float, middle: float, levels: int, skips: bool) -> float:
    """Draw blocks that get smaller and larger again; return where the last one stands."""
    count = 2 * levels + 1
    step = 0.36
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
    return left + (count - 1) * step


def draw():
    case = make_phantom(CASE, size=INPUT[0])
    image, mask = case[..., 0], case[..., 1]
    figure = new_figure(4.3)
    ax = board(figure)
    for top, name, task, below, out, skips in (
        (0.0, "autoencoder", "gives back the image it was given",
         "All it knows about the image passes the narrow middle.", image, False),
        (2.15, "U-Net", "answers another question: lung or not",
         "Dashed: skips. What was seen at full size is still there.", mask, True),
    ):  # fmt: skip
        middle = top + 1.12
        ax.text(0.25, top + 0.25, name, weight="bold", fontsize=11.5, va="center")
        ax.text(5.15, top + 0.25, task, va="center", ha="right", fontsize=SMALLEST)
        first = 1.62
        last = sketch(ax, first, middle, 3, skips)
        put_image(ax, image, 0.25, middle - 0.45, 0.9)
        put_image(ax, out, 4.25, middle - 0.45, 0.9)
        arrow(ax, (1.2, middle), (first - 0.11, middle), INK, 1.2)
        arrow(ax, (last + 0.11, middle), (4.2, middle), INK, 1.2)
        ax.text(0.25, top + 1.88, below, fontsize=SMALLEST, va="center")
    ax.plot([0.25, 5.15], [2.13, 2.13], color="#cccccc", lw=1)
    return figure
