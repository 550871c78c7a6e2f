"""Draws a radiograph with the outline of its predicted mask."""

import numpy as np
from PIL import Image

from lungseg.masks.outline import draw_outline
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.resizing import resize_image, resize_mask

LARGEST_SIDE = 2048  # pixels: a screen shows no more


def draw_overlay(image: np.ndarray, mask: np.ndarray, geometry: Geometry) -> Image.Image:
    """Draw a radiograph, in the contrast that the network saw, with the outline of a mask.

    The patient's right lung is on the left of the picture.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W)
        Grey values of any scale.
    mask : numpy.ndarray of bool, shape (H, W)
    geometry : Geometry
        Of the prediction: it holds the grey values that become black and white.

    Returns
    -------
    PIL.Image.Image
        RGB. A radiograph of more than 2048 pixels a side is reduced to them.

    Examples
    --------
    >>> from lungseg.preparation.case import prepare_image
    >>> radiograph = np.tile(np.arange(64.0), (64, 1))
    >>> picture = draw_overlay(radiograph, radiograph > 40, prepare_image(radiograph, 32)[1])
    >>> picture.size, picture.getpixel((50, 30)), picture.getpixel((41, 30))
    ((64, 64), (206, 206, 206), (213, 94, 0))
    """
    shrink = max(1.0, max(image.shape) / LARGEST_SIDE)
    if shrink > 1:
        height, width = (max(1, round(side / shrink)) for side in image.shape)
        image, mask = resize_image(image, (height, width)), resize_mask(mask, (height, width))
    low, high = np.asarray(geometry.low), np.asarray(geometry.high)
    return draw_outline(np.clip((image - low) / (high - low), 0, 1), mask)
