"""What settings.json tells of the preparation of cases: what is known, and what is assumed."""

import json
import shutil

import pytest

from lungseg import list_cases
from lungseg.preparation.case import PREPARATION
from lungseg.preparation.manifest import COLUMNS
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import find_recipe
from lungseg.problems import LUNGS, Problem, write_problem
from lungseg.splits import Split, split_cases
from lungseg.training.examples import Examples, look_at_examples
from lungseg.training.known_preparation import describe_preparation, say_what_is_assumed
from lungseg.training.network import find_network
from lungseg.training.settings import Settings, describe_run
from lungseg.training.telling import first_lines

KNOWN = {"preparation": PREPARATION}
ASSUMED = {"preparation": None, "assumed_recipe": "lungs"}


def told(paths, problem=LUNGS, load=None):
    return describe_preparation(Examples(Split(paths, [], []), problem, load, (8, 8), {}))


def manifest(folder, *names):
    rows = [",".join([name, *["1"] * (len(COLUMNS) - 1)]) for name in names]
    (folder / "manifest.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")


@pytest.mark.parametrize("name", ["CHNCXR_0001_0_mask", "MCUCXR_0001_1", "PHANTOM_0001_0"])
def test_names_of_the_published_sets_and_of_phantoms_are_known(name, tmp_path):
    assert told([tmp_path / f"{name}.npy"]) == KNOWN
    assert told([tmp_path / f"{name}.npy", tmp_path / "mine.npy"]) == ASSUMED


def test_cases_of_other_names_are_known_if_a_manifest_lists_them(tmp_path):
    assert told([tmp_path / "mine.npy"]) == ASSUMED
    manifest(tmp_path, "mine")
    assert told([tmp_path / "mine.npy"]) == KNOWN
    assert told([tmp_path / "mine.npy", tmp_path / "other.npy"]) == ASSUMED
    (tmp_path / "manifest.csv").write_text("no table")
    assert told([tmp_path / "mine.npy"]) == ASSUMED


def test_cases_json_names_the_recipe(tmp_path):
    colour = Problem(channels=("r", "g", "b"), classes=("cell",), recipe="colour")
    assert told([tmp_path / "1.npy"], colour) == {"preparation": None}
    write_problem(Problem(classes=("heart",)), tmp_path)
    assert told([tmp_path / "1.npy"], Problem(classes=("heart",))) == KNOWN
    (tmp_path / "cases.json").write_text('{"format": 1, "channels": ["grey"], "classes": ["heart"]}')
    assert told([tmp_path / "1.npy"], Problem(classes=("heart",))) == ASSUMED


def test_the_numbers_of_a_recipe_beside_the_cases_are_kept(tmp_path):
    colour = Problem(channels=("r", "g", "b"), classes=("cell",), recipe="colour")
    said = find_recipe("colour").described() | {"tiled": True}
    (tmp_path / "recipe.json").write_text(json.dumps(said))
    assert told([tmp_path / "1.npy"], colour) == {"preparation": said}
    assert told([tmp_path / "1.npy", tmp_path / "other" / "2.npy"], colour) == {"preparation": None}
    function = Recipe("mine", function=abs).described()  # not registered here: a training needs no more than its name
    (tmp_path / "recipe.json").write_text(json.dumps(function))
    assert told([tmp_path / "1.npy"], colour)["preparation"]["function"] == "abs"


def test_what_a_function_loads_is_not_known():
    def load(item):
        return item

    assert told([1], load=load) == ASSUMED
    assert told([1], Problem(channels=("a", "b")), load) == {"preparation": None, "assumed_recipe": None}
    assert told([1], Problem(recipe="mine"), load) == {"preparation": None}


def test_a_line_is_said_of_what_is_assumed(folder, tmp_path):
    for number, path in enumerate(list_cases(folder)):
        shutil.copy(path, tmp_path / f"patient_{number}.npy")
    examples = look_at_examples(split_cases(list_cases(tmp_path)))
    asked = Settings()
    described = describe_run(asked, examples, find_network(examples.size, {"filters": 1, "depth": 1}))
    assert {name: described[name] for name in ASSUMED} == ASSUMED
    lines = first_lines(asked, examples, described, 4, 0)
    assert [line for line in lines if 'the recipe "lungs" is assumed' in line] == say_what_is_assumed(described)
    assert say_what_is_assumed(KNOWN) == []
    assert "cannot be segmented" in say_what_is_assumed({"assumed_recipe": None})[0]
