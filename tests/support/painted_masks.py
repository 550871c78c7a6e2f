"""Masks in which each part has a value, or a colour: two lungs, the heart between them, the body around them."""

import numpy as np
from PIL import Image

from radiographs import save

RIGHT, LEFT, HEART, BODY = (np.zeros((60, 80), bool) for _ in range(4))
BODY[3:58, 5:75] = True
RIGHT[8:45, 12:32] = LEFT[8:42, 48:68] = True
HEART[25:45, 34:46] = True
BOTH = RIGHT | LEFT


def painted(background=0, body=None, heart=None, right=255, left=255, dtype=np.uint8):
    """A mask in which each part has a value, or a colour."""
    parts = [(BODY, body), (HEART, heart), (RIGHT, right), (LEFT, left)]
    picture = np.zeros((*BODY.shape, *np.shape(background)), dtype) + np.asarray(background, dtype)
    for part, value in parts:
        if value is not None:
            picture[part] = value
    return picture


RED, DARK_RED, GREEN, BLUE, BLACK, WHITE = (255, 0, 0), (128, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0), (255,) * 3


def reduced(factor=3, **values):
    """A mask that was drawn larger and reduced: with grey edges."""
    large = np.kron(painted(**values), np.ones((factor, factor), np.uint8))
    moved = np.roll(large, (1, 1), (0, 1))
    size = (moved.shape[1] // factor, moved.shape[0] // factor)
    return np.asarray(Image.fromarray(moved).resize(size, Image.Resampling.BOX))


def written(folder, picture):
    return save(folder / ("mask.tif" if picture.dtype.itemsize == 4 else "mask.png"), picture)


def with_pixels(picture, *values):
    """A few single pixels of other values."""
    for place, value in enumerate(values):
        picture[1, 2 + 5 * place] = value
    return picture


def soft(width):
    """A map of probabilities: no pixel is sure."""
    y, x = np.mgrid[:60, :80]
    bumps = [np.exp(-((y - 26) ** 2 + (x - middle) ** 2) / 2 / width**2) for middle in (22, 58)]
    return np.maximum(*bumps).astype(np.float32)


def palette(picture, *colours):
    image = Image.fromarray(picture, "P")
    image.putpalette([channel for colour in colours for channel in colour])
    return image
