"""How the images of a run are prepared: as its settings tell, as is assumed, or as its function `load` left them."""

from __future__ import annotations

import dataclasses

import numpy as np

from lungseg.errors import InputError, warn_caller
from lungseg.preparation.contrast import SLACK
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import find_recipe, recipe_from
from lungseg.problems import LUNGS, Problem
from lungseg.runs import SETTINGS, Run


def recipe_of_run(run: Run, problem: Problem, array: bool = False) -> Recipe:
    """Return the recipe by which the cases of a run were prepared; one that is only assumed, with a warning.

    Parameters
    ----------
    run : Run
    problem : Problem
    array : bool
        Whether an array is to be segmented: if a function loaded the cases, and nothing is said of files, it is taken
        as that function gives it.

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        If nobody knows.
    """
    where = run.folder / SETTINGS
    said, assumed, load = (run.settings.get(name) for name in ("preparation", "assumed_recipe", "load"))
    if said is not None:
        return recipe_from(said, where)
    if problem.recipe != LUNGS.recipe:
        return find_recipe(problem.recipe)
    if load and array:
        return as_loaded(problem)
    if isinstance(assumed, str):
        recipe = find_recipe(assumed)
        warn_caller(
            f"{where}: nobody knows how the cases of this training were prepared, and the recipe {assumed} is assumed. "
            f'Say recipe="{assumed}", or the right one (on the command line --recipe {assumed}); before the next '
            "training, name it in cases.json beside the cases."
        )
        return recipe
    name = {1: "grey", 3: "colour"}.get(len(problem.channels))
    if tuple(problem.classes) == tuple(LUNGS.classes):
        name = LUNGS.recipe
    say = f'recipe="{name}" (on the command line --recipe {name}) for example' if name else "with a Recipe of your own"
    if load:
        raise InputError(
            f"{where}: expected to know how a file becomes an image as the function {load} gave it to this training. "
            f"Received: no recipe. Read it yourself, segment(run, {load}(item)[0]); or say how it is prepared, {say}."
        )
    raise InputError(
        f"{where}: expected to know how the cases of this training were prepared. Received: no recipe. Say it, {say}; "
        "before the next training, name it in cases.json beside the cases."
    )


def as_loaded(problem: Problem) -> Recipe:
    """Return the recipe that takes an image as `load` gave it to the training: in [0, 1], and nothing is stretched.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Recipe

    Examples
    --------
    >>> recipe = as_loaded(Problem(channels=("near", "far"), classes=("lake",)))
    >>> recipe.prepare_image(np.full((2, 2, 2), 0.25))[0].max()
    np.float32(0.25)
    >>> recipe.prepare_image(np.full((2, 2, 2), 200))
    Traceback (most recent call last):
        ...
    lungseg.errors.InputError: image: expected it as `load` gives it, numbers from 0 to 1. Received: int64 from 200 to \
200. Pass load(item)[0], or say how it is to be prepared: recipe=...
    """
    lungs = find_recipe(LUNGS.recipe)
    return dataclasses.replace(
        lungs, name="as load gives it", channels=tuple(problem.channels), crop=False, function=_in_range
    )


def _in_range(image: np.ndarray) -> np.ndarray:
    """Return an image as it is, if its numbers are in [0, 1]."""
    low, high = float(image.min()), float(image.max())
    if not (low >= -SLACK and high <= 1 + SLACK):  # NaN fails both
        raise InputError(
            f"image: expected it as `load` gives it, numbers from 0 to 1. Received: {image.dtype} from {low:g} to "
            f"{high:g}. Pass load(item)[0], or say how it is to be prepared: recipe=..."
        )
    return image
