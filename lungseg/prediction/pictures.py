"""Masks as PNG files: 0 and 255 for one class, or for each of several that overlap; numbers and a palette otherwise."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.files import writing
from lungseg.masks.outline import rgb_of
from lungseg.problems import Problem


def pictures_of(masks: np.ndarray, problem: Problem) -> list[Image.Image]:
    """Return masks as pictures.

    Parameters
    ----------
    masks : numpy.ndarray of bool, shape (H, W) or (H, W, K)
    problem : Problem

    Returns
    -------
    list of PIL.Image.Image
        Of exclusive classes one, with a palette: 0 is the background, and k the k-th class. Otherwise one for each
        class, grey: 0, and 255 where the class is.

    Examples
    --------
    >>> masks = np.array([[[False, True], [True, False], [False, False]]])
    >>> (index,) = pictures_of(masks, Problem(classes=("left", "right"), colours={"right": "#0000ff"}))
    >>> np.asarray(index).tolist(), index.convert("RGB").getpixel((0, 0))
    ([[2, 1, 0]], (0, 0, 255))
    """
    if not problem.softmax:
        each = np.moveaxis(masks, -1, 0) if masks.ndim == 3 else masks[None]
        return [Image.fromarray(mask.astype(np.uint8) * 255) for mask in each]
    labels = np.zeros(masks.shape[:2], np.uint8)
    for k in range(masks.shape[-1]):
        labels[masks[..., k]] = k + 1
    picture = Image.fromarray(labels)
    picture.putpalette([0, 0, 0, *(part for name in problem.classes for part in rgb_of(problem.colour(name)))])
    return [picture]


def save_png(picture: Image.Image, target: Path) -> None:
    """Write a picture whole or not at all.

    Parameters
    ----------
    picture : PIL.Image.Image
    target : Path

    Raises
    ------
    InputError
        If its name is that of a folder, or too long for the disk.
    OSError
        If it cannot be written for another reason.
    """
    if target.is_dir():
        raise InputError(f"{target}: expected a free name. Received: a folder. Remove it, or name another --out.")
    try:
        with writing(target) as temporary:
            picture.save(temporary, format="PNG", compress_level=3)  # twice as fast as by default
    except OSError as fault:
        if fault.errno == errno.ENAMETOOLONG:
            raise InputError(
                f"{target}: this name is too long for the disk. Give the image a shorter one, or name another --out."
            ) from None
        raise
