"""What the pictures share: colours, fonts, and how they are saved.

Each picture has a white background of its own, so that it reads the same on a
light page and on a dark one.
"""

from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image

from lungseg.files import writing

# From the palette of M. Okabe and K. Ito: readers of any colour vision tell these apart.
BLUE, ORANGE, GREEN, VERMILION, SKY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9"
INK, GREY, PALE = "#1a1a1a", "#6b6b6b", "#ececec"

# Narrow, with large letters: on a phone, where a page has 368 pixels for a picture, the smallest letters are still
# 9 pixels high (`tests/test_images.py`).
WIDTH = 5.4  # inches
DPI = 140
SMALLEST = 9.6  # points, of letters

# The font comes with Matplotlib, so the pictures do not depend on what a computer has installed.
FONT = {"font.family": "DejaVu Sans", "font.size": 10, "text.color": INK}


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure on white; sizes in inches."""
    return Figure(figsize=(width, height), facecolor="white")


def panel(figure: Figure, left: float, top: float, width: float, height: float):
    """Add axes without frame or ticks; all numbers in inches, from the upper left corner."""
    wide, high = figure.get_size_inches()
    ax = figure.add_axes([left / wide, 1 - (top + height) / high, width / wide, height / high])
    ax.axis("off")
    return ax


def board(figure: Figure):
    """Add axes over the whole figure, in inches, with (0, 0) in the upper left corner."""
    wide, high = figure.get_size_inches()
    ax = panel(figure, 0, 0, wide, high)
    ax.set(xlim=(0, wide), ylim=(high, 0))
    return ax


def show_image(ax, image: np.ndarray) -> None:
    """Draw an image in [0, 1], black to white."""
    ax.imshow(image, cmap="gray", vmin=0, vmax=1)


def put_image(ax, image: np.ndarray, left: float, top: float, side: float) -> None:
    """Draw a square image in [0, 1] on a board, under what is drawn there; NaN stays empty."""
    limits = ax.get_xlim(), ax.get_ylim()
    extent = (left, left + side, top + side, top)
    ax.imshow(image, cmap="gray", vmin=0, vmax=1, extent=extent, aspect="auto", zorder=0)
    ax.set(xlim=limits[0], ylim=limits[1])


def tint(ax, mask: np.ndarray, colour: str, alpha: float = 0.4) -> None:
    """Lay a translucent colour over a mask."""
    layer = np.zeros((*mask.shape, 4))  # (H, W, 4)
    layer[np.asarray(mask, bool)] = to_rgba(colour, alpha)
    ax.imshow(layer, interpolation="nearest")


def arrow(ax, start, end, colour: str = GREY, width: float = 1.6, **options) -> None:
    """Draw an arrow from start to end."""
    style = {"arrowstyle": "-|>", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12}
    ax.annotate("", xy=end, xytext=start, arrowprops={**style, **options})


def pixels(figure: Figure, dpi: int = DPI) -> np.ndarray:
    """Return a figure as an array (H, W, 3) uint8."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def save_png(picture: np.ndarray, path: Path) -> None:
    """Save a picture (H, W, 3) as PNG, without date and versions."""
    with writing(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG", optimize=True)


def save_gif(frames: list[np.ndarray], seconds: list[float], path: Path, colours: int = 64) -> None:
    """Save frames (H, W, 3) as an animation that starts again for ever, all of them in one palette."""
    sheet = Image.fromarray(np.concatenate(frames)).quantize(colours, method=Image.Quantize.MAXCOVERAGE)
    pictures = [Image.fromarray(frame).quantize(palette=sheet, dither=Image.Dither.NONE) for frame in frames]
    milliseconds = [round(1000 * s) for s in seconds]
    with writing(path) as temporary:
        pictures[0].save(
            temporary, format="GIF", save_all=True, append_images=pictures[1:], duration=milliseconds, loop=0
        )


def in_this_style():
    """Return a context in which figures have the pictures' font."""
    return rc_context(FONT)
