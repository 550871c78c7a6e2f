"""Draws every picture of this folder anew: `make figures`, or `python images/draw.py`."""

import importlib
import sys
from pathlib import Path

import numpy as np

IMAGES = Path(__file__).resolve().parent
sys.path.insert(0, str(IMAGES))

from style import in_this_style, pixels, save_gif, save_png  # noqa: E402

from lungseg.environment import tidy_imports  # noqa: E402

tidy_imports()  # before Keras: it keeps TensorFlow's notices quiet

PICTURES = [
    "result",
    "real_cases",
    "chest",
    "preparation",
    "unet_shape",
    "skips",
    "coarse_grid",
    "strides",
    "dice_overlap",
    "batch_or_image",
]
ANIMATIONS = ["dense_or_convolutional"]


def draw(name: str) -> np.ndarray:
    """Return a picture as an array (H, W, 3) uint8."""
    with in_this_style():
        return pixels(importlib.import_module(name).draw())


def animate(name: str) -> tuple[list[np.ndarray], list[float]]:
    """Return the frames of an animation, and how many seconds each of them stays."""
    with in_this_style():
        return importlib.import_module(name).frames()


def draw_all(folder: Path = IMAGES) -> list[Path]:
    """Draw everything into a folder and return the files."""
    files = []
    for name in PICTURES:
        files.append(folder / f"{name}.png")
        save_png(draw(name), files[-1])
    for name in ANIMATIONS:
        files.append(folder / f"{name}.gif")
        save_gif(*animate(name), files[-1])
    return files


if __name__ == "__main__":
    for file in draw_all():
        print(f"{file.relative_to(IMAGES.parent)}  {file.stat().st_size / 1000:.0f} kB")
