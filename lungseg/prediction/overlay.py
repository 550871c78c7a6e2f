"""Draws an image with the outlines of its predicted masks."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lungseg.masks.outline import displayed, draw_outline, draw_outlines, rgb_of
from lungseg.prediction.model import OpenModel
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.recipe import Window
from lungseg.preparation.resizing import resize_channels, resize_image, resize_mask

LARGEST_SIDE = 2048  # pixels: a screen shows no more
SMALL_SIDE = 512  # pixels: less is hard to see


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
    assert isinstance(geometry.low, float)  # a radiograph has one channel
    assert isinstance(geometry.high, float)
    return draw_outline(np.clip((image - geometry.low) / (geometry.high - geometry.low), 0, 1), mask)


def draw_classes(image: np.ndarray, masks: np.ndarray, geometry: Geometry, opened: OpenModel) -> Image.Image:
    """Draw an image of any problem, as its recipe shows it to the network, with the outline of each class.

    Parameters
    ----------
    image : numpy.ndarray, shape (H, W) or (H, W, C)
        In the numbers of its file.
    masks : numpy.ndarray of bool, shape (H, W) or (H, W, K)
    geometry : Geometry
        Of the prediction.
    opened : OpenModel
        It knows the recipe, and the colours of the classes.

    Returns
    -------
    PIL.Image.Image
        RGB, of at most 2048 pixels a side; each pixel of an image below 512 is drawn as several.
    """
    masks = masks.reshape(*masks.shape[:2], -1)
    shrink = max(image.shape[:2]) / LARGEST_SIDE
    if shrink > 1:
        height, width = (max(1, round(side / shrink)) for side in image.shape[:2])
        step = int(shrink)  # of an image many times as large as a screen, one pixel in a few will do
        image = resize_channels(image[::step, ::step], (height, width))
        smaller = [resize_mask(masks[::step, ::step, k], (height, width)) for k in range(masks.shape[-1])]
        masks = np.stack(smaller, axis=-1)
    small = opened.recipe.scale(image, Window(geometry.low, geometry.high))
    larger = max(1, SMALL_SIDE // max(image.shape[:2]))
    small, masks = (array.repeat(larger, axis=0).repeat(larger, axis=1) for array in (small, masks))
    outlines = [(masks[..., k], rgb_of(opened.problem.colour(name))) for k, name in enumerate(opened.problem.classes)]
    return draw_outlines(displayed(small, opened.problem.channels), outlines)
