"""The recipes by their names: those of the package, and those that a user registers."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lungseg.errors import InputError, quote
from lungseg.files.untrusted import read_json
from lungseg.files.untrusted.fields import check_fields
from lungseg.files.untrusted.run_files import RECIPE as FIELDS
from lungseg.preparation.contrast import HIGH, LOW
from lungseg.preparation.manifest import read_rows
from lungseg.preparation.recipe import Recipe
from lungseg.radiographs.channels import read_channels
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.reading import read_radiograph

RECIPE = "recipe.json"  # beside the cases
FORMER = {"low", "high", "crop"}  # what settings.json of older runs says of the recipe for lungs, and no more

_SHIPPED = {
    "lungs": Recipe("lungs", low=LOW, high=HIGH, crop=True, components=2, lungs=True),
    "grey": Recipe("grey"),
    "colour": Recipe("colour", channels=("red", "green", "blue"), stretch="type"),
}
_REGISTERED: dict[str, Recipe] = {}


def register_recipe(recipe: Recipe) -> Recipe:
    """Make a recipe of your own known by its name, to `prepare`, `train` and `segment`.

    Recipes of numbers alone need no registration to be used again: a run folder holds them. Those with a function do,
    in each process that prepares or predicts.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    Recipe
        The same.

    Raises
    ------
    InputError
        If it is none, or is called like one of the package's.

    Examples
    --------
    >>> register_recipe(Recipe("inverted", function=lambda image: 1 - image / 255)).name
    'inverted'
    """
    if not isinstance(recipe, Recipe):
        raise InputError(f"register_recipe expected a Recipe. Received: {type(recipe).__name__}.")
    if recipe.name in _SHIPPED:
        raise InputError(
            f"register_recipe expected a name of your own. Received: {quote(recipe.name)}. Choose another."
        )
    _REGISTERED[recipe.name] = recipe
    return recipe


def find_recipe(name: str | Path | Recipe) -> Recipe:
    """Return a recipe by its name; a recipe is returned as it is.

    Parameters
    ----------
    name : str, Path or Recipe
        Or a file `NAME.json` with the settings of a `Recipe`, whose name stands as "recipe".

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        If there is none of this name, or the file holds none.

    Examples
    --------
    >>> find_recipe("colour").channels
    ('red', 'green', 'blue')
    """
    if isinstance(name, Recipe):
        return name
    if str(name).endswith(".json"):
        return recipe_from(read_json(name), name)
    known = _SHIPPED | _REGISTERED
    if str(name) not in known:
        raise InputError(
            f"recipe: expected {', '.join(known)}, or one of your own. Received: {quote(str(name))}. Correct the name, "
            "or name a file NAME.json with its numbers, or register yours with register_recipe."
        )
    return known[str(name)]


def recipe_from(said: Mapping[str, Any], where: str | Path) -> Recipe:
    """Return the recipe that `Recipe.described` has described, with the numbers that stand there.

    Parameters
    ----------
    said : mapping
        The recipe of an older run, ``{"low": 5.0, "high": 95.0, "crop": True}``, is that for lungs.
    where : str or Path
        The file that it was read from, with which a message begins.

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        If it holds something else; or if the recipe is a function, and none of its name is registered.

    Examples
    --------
    >>> recipe_from({"low": 5.0, "high": 95.0, "crop": True}, "settings.json").name
    'lungs'
    """
    if not isinstance(said, Mapping):
        raise InputError(f"{where}: expected a recipe. Received: {quote(said)}. Prepare and train again.")
    if set(said) == FORMER:
        check_fields(said, FIELDS, where, "Prepare and train again.")
        return dataclasses.replace(_SHIPPED["lungs"], **said)
    unknown = sorted(set(said) - set(FIELDS))
    if unknown:
        raise InputError(
            f"{where}: expected of a recipe {', '.join(FIELDS)}. Received: {quote(unknown[0])}. Correct it."
        )
    check_fields(said, FIELDS, where, "Correct it; or prepare and train again.", needed=("recipe",))
    if said.get("function"):
        known = _REGISTERED.get(said["recipe"])
        if known is None or known.function is None:
            raise InputError(
                f"{where}: expected the recipe {quote(said['recipe'])} to be registered, for it is a function of "
                f"your own, {said['function']}. Received: none of that name. Register it first, in Python: "
                f"register_recipe(Recipe({said['recipe']!r}, function={said['function']}))."
            )
        return dataclasses.replace(known, tiled=bool(said.get("tiled")))
    names = [field.name for field in dataclasses.fields(Recipe)[1:-1]]
    return Recipe(said["recipe"], **{name: said[name] for name in names if name in said})


def recipe_in_words(said: Mapping[str, Any]) -> str:
    """Return what a recipe does, as a report says it.

    Parameters
    ----------
    said : mapping
        As a run folder keeps it; of a function, which need not be registered, the name.

    Returns
    -------
    str

    Examples
    --------
    >>> recipe_in_words({"low": 5.0, "high": 95.0, "crop": True})
    'black borders cropped, contrast stretched between the percentiles 5 and 95'
    >>> recipe_in_words(find_recipe("colour").described())
    'borders kept, numbers from 0 to the largest of their type'
    """
    borders = "black borders cropped" if said.get("crop") else "borders kept"
    low, high = said.get("low"), said.get("high")
    if said.get("function"):
        numbers = f"numbers as the function {quote(said['function'])} makes them"
    elif said.get("stretch") == "type" or low is None or high is None:
        numbers = "numbers from 0 to the largest of their type"
    elif said.get("stretch") == "values":
        numbers = f"numbers from {low:g} to {high:g}"
    else:
        numbers = f"contrast stretched between the percentiles {low:g} and {high:g}"
    return f"{borders}, {numbers}"


def recipe_of(cases: Sequence[str | Path]) -> Recipe | None:
    """Return the recipe by which cases were prepared, if that is known.

    `lungseg prepare` leaves it beside the cases: the manifest of the lungs' recipe, or `recipe.json` of another one.

    Parameters
    ----------
    cases : sequence of paths

    Returns
    -------
    Recipe or None
        None if the cases come from elsewhere, as an archive or phantoms do, or from folders that do not agree.

    Raises
    ------
    InputError
        If the recipe is a function that is not registered, or the file that names it is damaged.

    Examples
    --------
    >>> recipe_of(["cases_of_somebody/a.npy"]) is None
    True
    """
    said = recipe_beside(cases)
    if said is not None:
        return recipe_from(said, Path(cases[0]).parent / RECIPE)
    folders = {Path(case).parent for case in cases}
    lungs = bool(folders) and all(read_rows(folder) and not (folder / RECIPE).exists() for folder in folders)
    return find_recipe("lungs") if lungs else None


def recipe_beside(cases: Sequence[str | Path]) -> dict[str, Any] | None:
    """Return the recipe in `recipe.json` beside cases as it stands there: a run folder keeps it.

    Parameters
    ----------
    cases : sequence of paths

    Returns
    -------
    dict or None
        None without such a file in each folder, or if they differ. A function is told by its name, registered or not.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    found = []
    for folder in sorted({Path(case).parent for case in cases}):
        path = folder / RECIPE
        if not path.exists():
            return None
        said = read_json(path)
        check_fields(said, FIELDS, path, "Prepare the cases again.", needed=("recipe",))
        found.append(said)
    return found[0] if found and all(said == found[0] for said in found) else None


def read_file(
    recipe: Recipe, path: str | os.PathLike[str], channels: int | None = None, max_megapixels: float = MAX_MEGAPIXELS
) -> RadiographImage:
    """Read an image file as a recipe takes it, before it is cropped, stretched and resized.

    Parameters
    ----------
    recipe : Recipe
    path : str or Path
        Anything that :func:`lungseg.radiographs.read_channels` reads.
    channels : int, optional
        How many channels the image is to have; those of the recipe, if it is not said.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    RadiographImage
        Its `values`, of shape (H, W) or (H, W, C), are for `Recipe.prepare_image`.

    Raises
    ------
    InputError
        If the file is no image, or has another number of channels.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp(), "field.npy")
    >>> np.save(path, np.zeros((8, 8, 3), np.uint8))
    >>> read_file(find_recipe("colour"), path).values.shape, read_file(find_recipe("grey"), path).values.shape
    ((8, 8, 3), (8, 8))
    """
    wanted = len(recipe.channels) if channels is None else channels
    if wanted == 1 and recipe.lungs:  # in 32 bits, in which the percentiles of a chest X-ray have always been taken
        return read_radiograph(path, max_megapixels)
    return read_channels(path, wanted, max_megapixels)
