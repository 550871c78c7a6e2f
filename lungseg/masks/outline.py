"""Draws the outlines of masks into their image, as a picture to look at."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

ORANGE = (213, 94, 0)  # that of the predictions in the figures


def draw_outline(image: np.ndarray, mask: np.ndarray) -> Image.Image:
    """Draw an image with the outline of a mask, one pixel wide or 1/400 of the longer side.

    The outline lies inside the mask, so that none of it is lost beyond the edge of the image.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        In [0, 1]; 0 is black.
    mask : numpy.ndarray of bool, shape (H, W)

    Returns
    -------
    PIL.Image.Image
        RGB, of the same size.

    Examples
    --------
    >>> image = np.tile(np.linspace(0, 1, 64), (64, 1))
    >>> picture = draw_outline(image, image > 0.65)
    >>> picture.size, picture.getpixel((50, 30)), picture.getpixel((41, 30))
    ((64, 64), (202, 202, 202), (213, 94, 0))
    """
    return draw_outlines(image, [(mask, ORANGE)])


def draw_outlines(image: np.ndarray, masks: Iterable[tuple[np.ndarray, tuple[int, int, int]]]) -> Image.Image:
    """Draw an image with the outlines of several masks, see `draw_outline`; the later ones lie on top.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, 3)
        In [0, 1]; 0 is black.
    masks : iterable of (numpy.ndarray of bool, (int, int, int))
        Each of shape (H, W), with the colour of its outline.

    Returns
    -------
    PIL.Image.Image
        RGB, of the same size.

    Examples
    --------
    >>> picture = draw_outlines(np.zeros((4, 4, 3)), [(np.eye(4) > 0, (0, 0, 255))])
    >>> picture.getpixel((1, 1)), picture.getpixel((1, 2))
    ((0, 0, 255), (0, 0, 0))
    """
    from scipy import ndimage

    picture = (255 * image).astype(np.uint8)
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=-1)  # (H, W, 3)
    width = max(1, round(max(image.shape[:2]) / 400))
    for mask, colour in masks:
        outline = mask & ~ndimage.binary_erosion(mask, np.ones((3, 3), bool), iterations=width)
        picture[outline] = colour
    return Image.fromarray(picture)
