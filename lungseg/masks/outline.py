"""Draws the outlines of masks into their image, and hatches what is ignored; which channels and colours people see."""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

ORANGE = (213, 94, 0)  # that of the predictions in the figures
IGNORED, LINES = (80, 80, 80), (225, 225, 225)  # what is ignored, and the lines of its hatching
HIDDEN = 0.75  # how much of the image the grey of what is ignored hides


def display_channels(names: Sequence[str]) -> list[int]:
    """Choose the channels of an image that are shown: three as red, green and blue, or else the first as grey.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    list of int
        The places of those that are called red, green and blue; or else of the first three, or of the first.

    Examples
    --------
    >>> display_channels(["blue", "green", "red", "infrared"]), display_channels(["a", "b", "c", "d"])
    ([2, 1, 0], [0, 1, 2])
    >>> display_channels(["grey", "depth"])
    [0]
    """
    place = {name.lower(): at for at, name in enumerate(names)}
    if {"red", "green", "blue"} <= place.keys():
        return [place[name] for name in ("red", "green", "blue")]
    return [0, 1, 2] if len(names) >= 3 else [0]


def displayed(image: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return what people see of an image: the channels that `display_channels` chooses.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, C)
    names : sequence of str
        Those of its C channels.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)

    Examples
    --------
    >>> displayed(np.array([[[1, 2, 3]]]), ["blue", "green", "red"]).tolist()
    [[[3, 2, 1]]]
    """
    if image.ndim == 2:
        return image
    places = display_channels(names)
    return image[..., places] if len(places) == 3 else image[..., places[0]]


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour "#rrggbb", each from 0 to 255.

    Parameters
    ----------
    colour : str

    Returns
    -------
    (int, int, int)

    Examples
    --------
    >>> rgb_of("#d55e00") == ORANGE
    True
    """
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


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
