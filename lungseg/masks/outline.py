"""Draws the outline of a mask into its image, as a picture to look at."""

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
    from scipy import ndimage

    picture = np.repeat((255 * image).astype(np.uint8)[:, :, None], 3, axis=-1)  # (H, W, 3)
    width = max(1, round(max(image.shape) / 400))
    outline = mask & ~ndimage.binary_erosion(mask, np.ones((3, 3), bool), iterations=width)
    picture[outline] = ORANGE
    return Image.fromarray(picture)
