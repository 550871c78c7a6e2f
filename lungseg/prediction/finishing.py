"""From probabilities to masks of the size of the file; whether these are cleaned."""

from __future__ import annotations

import numpy as np

from lungseg.arguments import true_or_false
from lungseg.errors import InputError, quote
from lungseg.masks.cleaning import THRESHOLD
from lungseg.prediction.model import OpenModel
from lungseg.preparation.geometry import Geometry
from lungseg.problems import Problem


def masks_of(probability: np.ndarray, geometry: Geometry, problem: Problem, threshold: float = THRESHOLD) -> np.ndarray:
    """Return the masks at the size of the file: probabilities are enlarged, and then decided upon.

    One output is enlarged at a time, so that an image of many classes needs no more memory than one of two.

    Parameters
    ----------
    probability : numpy.ndarray, shape (h, w) of one class, (h, w, outputs) of several
    geometry : Geometry
        Of the image.
    problem : Problem
    threshold : float
        Not for a softmax.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W) of one class, (H, W, K) of several

    Examples
    --------
    >>> from lungseg.preparation.cropping import CropBox
    >>> probability = np.array([[[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]])  # background, left, right
    >>> masks = masks_of(probability, Geometry(1, 2, CropBox(0, 0, 1, 2), (1, 2)), Problem(classes=("left", "right")))
    >>> masks.tolist()
    [[[True, False], [False, False]]]
    """
    if probability.ndim == 2:
        return geometry.to_original(probability, threshold)
    masks = np.zeros((geometry.height, geometry.width, len(problem.classes)), bool)
    if not problem.softmax:
        for k in range(len(problem.classes)):
            masks[..., k] = geometry.to_original(probability[..., k], threshold)
        return masks
    highest = geometry.to_original(probability[..., 0], None)  # of the background; outside the crop box all are 0
    label = np.zeros(highest.shape, np.uint8)
    for output in range(1, problem.outputs):
        value = geometry.to_original(probability[..., output], None)
        label[value > highest] = output
        np.maximum(highest, value, out=highest)
    for k in range(len(problem.classes)):
        masks[..., k] = label == k + 1
    return masks


def check_cleaning(clean: bool | None, opened: OpenModel) -> bool:
    """Return whether masks are cleaned; None leaves it to the recipe.

    Parameters
    ----------
    clean : bool or None
    opened : OpenModel

    Returns
    -------
    bool

    Raises
    ------
    InputError
        If they shall be, and nobody says how many components to keep.
    """
    if clean is not None:
        clean = true_or_false(clean, "segment", "clean")
    if clean and opened.components is None:
        raise InputError(
            "clean: expected a recipe that says how many components a mask has, as a pair of lungs has two. Received: "
            f"{quote(opened.recipe.name)} and the classes {', '.join(opened.problem.classes)}. Leave cleaning out "
            "(clean=False; on the command line --no-clean), or make a recipe with components=1, for example."
        )
    return opened.components is not None if clean is None else bool(clean)
