"""From the probabilities of a case to its masks: pixels to be ignored, the threshold, cleaning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.errors import InputError
from lungseg.masks.cleaning import THRESHOLD, clean_mask, clean_masks
from lungseg.preparation.recipes import recipe_of
from lungseg.problems import Problem


def without_ignored(truth: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make background of the pixels that are to be ignored, in the truth and in the prediction.

    Parameters
    ----------
    truth, probability : numpy.ndarray
        As `lungseg.prediction.predict_cases` gives them.

    Returns
    -------
    truth, probability : numpy.ndarray of the same shapes

    Examples
    --------
    >>> without_ignored(np.array([[1, -1]]), np.array([[0.75, 0.75]]))[1].tolist()
    [[0.75, 0.0]]
    """
    ignored = truth == -1
    if not ignored.any():
        return truth, probability
    everywhere = ignored if truth.ndim == 2 else ignored.any(axis=-1, keepdims=True)  # in all masks, or in none
    return np.where(ignored, 0, truth), np.where(everywhere, 0, probability)


def known_components(problem: Problem, cases: Sequence[Any] = ()) -> int | None:
    """Return how many components a mask should have: two of a pair of lungs; None if nobody has said.

    Parameters
    ----------
    problem : Problem
    cases : sequence of paths
        Beside which `recipe.json` may tell; others than paths do not count.

    Returns
    -------
    int or None

    Examples
    --------
    >>> known_components(Problem()), known_components(Problem(classes=("nucleus",), recipe="grey"))
    (2, None)
    """
    if problem.recipe == "lungs":
        return 2 if len(problem.classes) == 1 else None
    try:
        recipe = recipe_of([case for case in cases if isinstance(case, str | Path)])
    except InputError:  # a function that is known elsewhere: nobody needs it here
        return None
    return None if recipe is None else recipe.components


def components_to_keep(problem: Problem, cases: Sequence[Any] = ()) -> int:
    """Return how many components cleaning keeps of a mask.

    Parameters
    ----------
    problem, cases
        As for `known_components`.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If nobody has said how many there are.
    """
    found = known_components(problem, cases)
    if found is None:
        raise InputError(
            "clean: expected masks with a known number of components, as a pair of lungs has two. "
            f"Received: {', '.join(problem.classes)}, by the recipe {problem.recipe!r}. Leave cleaning out, or prepare "
            "the cases by a recipe that names `components`."
        )
    return found


def tidy(masks: np.ndarray, components: int, problem: Problem) -> np.ndarray:
    """Keep the largest components of each predicted mask, and fill their holes.

    Parameters
    ----------
    masks : numpy.ndarray of bool, shape (H, W) or (H, W, K)
    components : int
        How many to keep of each class.
    problem : Problem

    Returns
    -------
    numpy.ndarray of bool of the same shape
    """
    if masks.ndim == 2:
        return clean_mask(masks, components)
    return clean_masks(masks, components, problem.exclusive)


def predicted(probability: np.ndarray, problem: Problem, threshold: float = THRESHOLD) -> np.ndarray:
    """Return the masks that probabilities mean.

    Parameters
    ----------
    probability : numpy.ndarray, shape (H, W) or (H, W, outputs)
        As `lungseg.prediction.predict_cases` gives it.
    problem : Problem
    threshold : float
        Not for classes that share a softmax.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W) or (H, W, K)
    """
    return probability >= threshold if probability.ndim == 2 else problem.masks(probability, threshold)
