"""Draws the outlines of masks into their image, as a picture to look at, and hatches what is ignored."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

ORANGE = (213, 94, 0)  # that of the predictions in the figures
IGNORED, LINES = (80, 80, 80), (225, 225, 225)  # what is ignored, and the lines of its hatching
HIDDEN = 0.75  # how much of the image the grey of what is ignored hides


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


def hatching(shape: tuple[int, int]) -> np.ndarray:
    """Return where the diagonal lines of a hatching lie, about thirty along the longer side.

    Parameters
    ----------
    shape : (int, int)
        Height and width.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)

    Examples
    --------
    >>> hatching((2, 8)).astype(int).tolist()
    [[1, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 1]]
    """
    step = max(4, round(max(shape) / 30))
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.asarray((rows + columns) % step < max(1, round(step / 5)))


def hatch(picture: Image.Image, ignored: np.ndarray) -> None:
    """Hatch the pixels of a picture that are ignored.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGB; it is changed.
    ignored : numpy.ndarray of bool, shape (H, W)
    """
    hidden = (255 * HIDDEN * ignored).astype(np.uint8)
    picture.paste(IGNORED, mask=Image.fromarray(hidden))
    picture.paste(LINES, mask=Image.fromarray((255 * (ignored & hatching(ignored.shape))).astype(np.uint8)))
