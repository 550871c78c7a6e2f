"""Draws the outline of a mask into its radiograph, as a picture to look at."""

import numpy as np
from PIL import Image

from lungseg.preparation.case import Geometry, resize_image, resize_mask

ORANGE = (213, 94, 0)  # that of the predictions in the figures
LARGEST_SIDE = 2048  # pixels: a screen shows no more


def draw_overlay(image: np.ndarray, mask: np.ndarray, geometry: Geometry) -> Image.Image:
    """Draw a radiograph, in the contrast that the network saw, with the outline of a mask.

    The patient's right lung is on the left of the picture. A radiograph of more than 2048 pixels
    a side is reduced to them.

    Parameters
    ----------
    image : ``(H, W)`` grey values of any scale
    mask : bool ``(H, W)``
    geometry : of the prediction, for the grey values that become black and white

    Returns
    -------
    PIL.Image.Image
        RGB.

    Examples
    --------
    >>> from lungseg.preparation.case import prepare_image
    >>> film = np.tile(np.arange(64.0), (64, 1))
    >>> picture = draw_overlay(film, film > 40, prepare_image(film, 32)[1])
    >>> picture.size, picture.getpixel((50, 30)), picture.getpixel((41, 30))
    ((64, 64), (206, 206, 206), (213, 94, 0))
    """
    from scipy import ndimage

    shrink = max(1.0, max(image.shape) / LARGEST_SIDE)
    size = tuple(max(1, round(side / shrink)) for side in image.shape)
    if shrink > 1:
        image, mask = resize_image(image, size), resize_mask(mask, size)
    grey = np.clip((image - geometry.low) / (geometry.high - geometry.low), 0, 1)
    picture = np.repeat((255 * grey).astype(np.uint8)[:, :, None], 3, axis=-1)  # (h, w, 3)
    # Inside the lung, so that no outline is lost beyond the edge of the image.
    width = max(1, round(max(size) / 400))
    outline = mask & ~ndimage.binary_erosion(mask, np.ones((3, 3), bool), iterations=width)
    picture[outline] = ORANGE
    return Image.fromarray(picture)
