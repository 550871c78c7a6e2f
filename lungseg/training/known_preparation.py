"""What is known of how the cases of a training were prepared: a network wants new images to be prepared alike."""

from pathlib import Path
from typing import Any

from lungseg.cases import case_group, case_id
from lungseg.errors import InputError
from lungseg.files.untrusted import read_json
from lungseg.preparation.case import PREPARATION
from lungseg.preparation.manifest import read_rows
from lungseg.preparation.recipes import recipe_beside
from lungseg.problems import CASES_FILE, LUNGS
from lungseg.training.examples import Examples


def describe_preparation(examples: Examples) -> dict[str, Any]:
    """Return what `settings.json` is to tell of the preparation of the cases.

    It is known if `lungseg prepare` has left `recipe.json` beside them, `cases.json` names the recipe, `manifest.csv`
    lists them, or their names are those of the published sets or of phantoms. Else the recipe of lungs is assumed of
    cases with one channel, and `assumed_recipe` says so.

    Parameters
    ----------
    examples : Examples

    Returns
    -------
    dict
        `preparation`: the numbers of the recipe, or None; and `assumed_recipe`, if nothing is known.
    """
    problem = examples.problem
    paths = [] if examples.load else [Path(path) for part in examples.parts for path in part]
    if (said := recipe_beside(paths)) is not None:
        return {"preparation": said}
    if problem.recipe != LUNGS.recipe:
        return {"preparation": None}  # the recipe is part of the problem
    if examples.load is None and _all_known(paths):
        return {"preparation": PREPARATION}
    return {"preparation": None, "assumed_recipe": LUNGS.recipe if len(problem.channels) == 1 else None}


def _all_known(paths: list[Path]) -> bool:
    """Tell whether all cases were prepared by the recipe of lungs."""
    known: dict[Path, bool | set[str]] = {}
    for path in paths:
        folder = path.parent
        if folder not in known:
            known[folder] = _names_recipe(folder) or _listed(folder)
        listed = known[folder]
        if listed is True or (isinstance(listed, set) and path.stem in listed):
            continue
        if case_group(case_id(path)).source == "other":
            return False
    return True


def _names_recipe(folder: Path) -> bool:
    path = folder / CASES_FILE
    return path.is_file() and "recipe" in read_json(path)


def _listed(folder: Path) -> set[str]:
    """Return the cases that a manifest lists; one that cannot be read tells nothing."""
    try:
        return set(read_rows(folder))
    except InputError:
        return set()


def say_what_is_assumed(described: dict[str, Any]) -> list[str]:
    """Return a line about a preparation that is not known.

    Parameters
    ----------
    described : dict
        The settings of the training.

    Returns
    -------
    list of str

    Examples
    --------
    >>> say_what_is_assumed({"preparation": None, "assumed_recipe": "lungs"})[0][:49]
    'How these cases were prepared is not known: no ca'
    """
    if "assumed_recipe" not in described:
        return []
    unknown = (
        "How these cases were prepared is not known: no cases.json names a recipe, and `lungseg prepare` left no table."
    )
    assumed = described["assumed_recipe"]
    if assumed is None:
        return [f"{unknown} Image files cannot be segmented with this network before one is named."]
    return [f'{unknown} For image files that are segmented later, the recipe "{assumed}" is assumed.']
