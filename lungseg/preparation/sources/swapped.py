"""Tells where images lie in the place of masks, and masks in that of images."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.classes.mask_file import read_numbers
from lungseg.preparation.sources.tree import show
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_choice import is_map
from lungseg.radiographs.mask_levels import MANY_VALUES, as_keys, count, filling, find_levels
from lungseg.radiographs.mask_values import MOST_COLOURS

LOOKED_AT = 3  # images, and their masks: all of them must be the wrong way round
AREAS = 0.75  # of a mask, at least, lies in areas of one value
FLAT = 0.3  # of a mask that is a JPEG: so many pixels have the value of another one that is far off


def check_not_swapped(source: Path, found: Sequence[Any], max_megapixels: float = MAX_MEGAPIXELS) -> None:
    """Refuse a source whose images are masks, and whose masks are images.

    A mask has few values, or values that fill areas, as numbers of objects do; an image has many, all over it.

    Parameters
    ----------
    source : Path
        With which the message begins.
    found : sequence of Radiograph or Pair
        The first ones are looked at.
    max_megapixels : float
        Larger files are not looked at.

    Raises
    ------
    InputError
        If all of them are the wrong way round.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from PIL import Image
    >>> from lungseg.preparation.sources.layouts import Radiograph
    >>> photo, mask = (Path(tempfile.mkdtemp(), name) for name in ("photo.png", "mask.png"))
    >>> Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)).save(photo)
    >>> Image.fromarray(np.eye(64, dtype=np.uint8)).save(mask)
    >>> check_not_swapped(Path("raw"), [Radiograph("a", photo, (mask,))])
    >>> check_not_swapped(Path("raw"), [Radiograph("a", mask, (photo,))])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: raw: expected images and their masks. Received: them the other way round, it seems: ...
    """
    told = []
    for one in found[:LOOKED_AT]:
        image = _values(one.image, max_megapixels)
        masks = [_values(path, max_megapixels) for path in one.masks] if 0 < image <= MANY_VALUES else [0]
        if min(masks) >= 0:
            return
        told.append((image, masks))
    if not told:
        return
    one, (image, masks) = found[0], told[0]
    in_images, in_masks = (show(os.path.relpath(path.parent, source), 300) for path in (one.image, one.masks[0]))
    remedy = "Give each file the name of the other."
    if in_images != in_masks:
        remedy = f"Name the folders: --images {in_masks} --masks {in_images} (in Python images, masks), or rename them."
    raise InputError(
        f"{source}: expected images and their masks. Received: them the other way round, it seems: "
        f"{show(one.image.name)}, taken for an image, has {image} values, as a mask has; {show(one.masks[0].name)}, "
        f"taken for its mask, has {-min(masks)}, as a picture has. {remedy}"
    )


def _values(path: Path, max_megapixels: float) -> int:
    """Return how many values a file has: below 0, if they are those of a picture; 0, if it cannot be told."""
    with suppress(InputError):  # it is named when its turn comes
        numbers, _, lossy = read_numbers(path, max_megapixels)
        keys = as_keys(numbers)
        known, counts = count(keys)
        if len(known) <= MANY_VALUES:
            return len(known)
        if numbers.dtype.kind == "f" and known[0] >= 0 and known[-1] <= 1:
            return 0  # probabilities, perhaps
        if len(known) > MOST_COLOURS:
            return -len(known)
        if not lossy:
            areas = counts[np.isin(known, filling(keys)[0])].sum() > AREAS * keys.size  # with smooth edges
            return len(known) if areas or is_map(keys, known, counts) else -len(known)
        step = max(9, max(keys.shape) // 16)  # at least into the next block of 8 x 8 pixels
        if min(keys.shape) > step and (keys[step:, step:] == keys[:-step, :-step]).mean() > FLAT:
            return max(2, len(find_levels(keys, known, counts, numbers.ndim == 3, lossy)))
        return -len(known)
    return 0
