"""What should be said of images that can be predicted, and perhaps should not be as they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lungseg.errors import InputError, counted
from lungseg.prediction.loaded import Prediction
from lungseg.prediction.model import OpenModel
from lungseg.preparation.manifest import read_rows

MUCH_SMALLER = 8  # times in area, in comparison with the cases of the training
GRID = 200  # pixels a side that tell whether an image is grey


class Remark(NamedTuple):
    """What is odd about an image.

    Attributes
    ----------
    smaller : float
        How many times its sides are made smaller, if that is much more than of the cases of the training, and nobody
        has asked for it; else 0.
    grey : bool
        Whether it is grey, and the network takes colours.
    """

    smaller: float
    grey: bool


def remark_on(prediction: Prediction, opened: OpenModel) -> Remark:
    """Return what is odd about an image. Nothing is about radiographs: those are large, and grey.

    Parameters
    ----------
    prediction : Prediction
    opened : OpenModel
        By which it was made.

    Returns
    -------
    Remark
    """
    if opened.recipe.lungs:
        return Remark(0, False)
    crop, (height, width) = prediction.geometry.crop, prediction.geometry.size
    reduced = (crop.bottom - crop.top) * (crop.right - crop.left) / (height * width)
    much = not (opened.tiled or opened.resized) and reduced > MUCH_SMALLER
    much = much and reduced > MUCH_SMALLER * _reduced_in_training(opened.cases)
    return Remark(float(np.sqrt(reduced)) if much else 0, _is_grey(prediction.radiograph.values))


def remark_lines(remarks: Mapping[str, Remark]) -> list[str]:
    """Return the lines about the images of a run.

    Parameters
    ----------
    remarks : mapping
        By the name of the image.

    Returns
    -------
    list of str

    Examples
    --------
    >>> remark_lines({"slide.png": Remark(31.25, False), "cell.png": Remark(0, False)})
    ['slide.png is made smaller by a factor of 31, and details are lost. If the network was trained at its resolution, \
--tile (in Python tile=) keeps it.']
    >>> remark_lines({"a.png": Remark(0, True), "b.png": Remark(0, True)})
    ['2 images are grey, and the network takes colours. Was it trained on such images?']
    """
    lines = []
    smaller = {name: remark.smaller for name, remark in remarks.items() if remark.smaller}
    grey = [name for name, remark in remarks.items() if remark.grey]
    if smaller:
        name, factor = max(smaller.items(), key=lambda item: item[1])
        who = f"{name} is" if len(smaller) == 1 else f"{counted(len(smaller), 'image')} are"
        upto, its = ("", "its") if len(smaller) == 1 else ("up to ", "their")
        lines.append(
            f"{who} made smaller by a factor of {upto}{factor:.0f}, and details are lost. If the network was trained "
            f"at {its} resolution, --tile (in Python tile=) keeps it."
        )
    if grey:
        who = f"{grey[0]} is" if len(grey) == 1 else f"{counted(len(grey), 'image')} are"
        lines.append(f"{who} grey, and the network takes colours. Was it trained on such images?")
    return lines


def _is_grey(values: np.ndarray) -> bool:
    """Tell whether all of three channels are the same, by a grid of pixels."""
    if values.ndim != 3 or values.shape[2] != 3:
        return False
    rows, columns = (max(1, side // GRID) for side in values.shape[:2])
    some = values[::rows, ::columns]
    return bool((some == some[..., :1]).all()) and bool((values == values[..., :1]).all())


@lru_cache
def _reduced_in_training(folder: str | None) -> float:
    """Return how many times the files of the cases were larger than they, in area; 1 if nobody knows."""
    try:
        rows = read_rows(Path(folder)).values() if folder else ()
        areas = []
        for row in rows:
            top, left, bottom, right = (int(row[side]) for side in ("top", "left", "bottom", "right"))
            height, _, width = row["size"].partition("x")
            areas.append((bottom - top) * (right - left) / (int(height) * int(width or height)))
    except (InputError, ValueError, KeyError, ZeroDivisionError, OSError):  # of no use here, and no reason to stop
        return 1.0
    return float(np.median(areas)) if areas else 1.0
