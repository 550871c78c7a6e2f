"""What is evaluated: a run with the cases that it has not seen, or a network with those that are named."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from lungseg.cases import case_id
from lungseg.evaluation import evaluate
from lungseg.evaluation.subject import open_subject, prepared_otherwise
from lungseg.preparation.recipes import find_recipe
from lungseg.runs import Run, write_json
from refusals import refusal
from several import ORGANS, OVERLAPPING, reader, save_several


@pytest.fixture
def cases(tmp_path):
    return save_several(tmp_path / "cases", ORGANS, count=6)


@pytest.fixture
def run(cases, tmp_path):
    """A run folder whose test part is cases 4 and 5; only its network is a function."""
    folder = tmp_path / "run"
    folder.mkdir()
    names = [case_id(path) for path in cases]
    problem = {"problem": ORGANS.described()}
    write_json(folder / "settings.json", {"cases": str(cases[0].parent), **problem})
    write_json(folder / "split.json", {"train": names[:3], "validation": names[3:4], "test": names[4:]})
    run = Run(folder)
    run.model = reader(ORGANS)
    return run


def names_of(table):
    return table["case"].tolist()


def test_a_run_knows_its_test_cases(run):
    assert names_of(evaluate(run)) == ["case_4", "case_5"]


def test_a_run_may_be_a_path(run, monkeypatch):
    monkeypatch.setattr("lungseg.evaluation.subject.load_run", lambda folder: run)
    for folder in (run.folder, str(run.folder)):
        assert names_of(evaluate(folder)) == ["case_4", "case_5"]


def test_cases_are_one_path_or_several_or_a_folder(run, cases, tmp_path):
    assert names_of(evaluate(run, cases[:2])) == ["case_0", "case_1"]
    assert names_of(evaluate(run, [str(cases[1])])) == ["case_1"]
    assert names_of(evaluate(run, cases[1])) == ["case_1"]
    assert names_of(evaluate(run.model, str(cases[0].parent))) == [f"case_{i}" for i in range(6)]
    # Of a folder, a run takes what it has not seen.
    shutil.copy(cases[0], cases[0].with_name("new.npy"))
    assert names_of(evaluate(run, cases[0].parent)) == ["case_4", "case_5", "new"]


def test_cases_of_other_classes_are_refused(run, tmp_path):
    others = save_several(tmp_path / "others", OVERLAPPING)
    said = refusal(evaluate, run, others)
    assert "and the exclusive classes left, right, heart. Received: the channels" in said


def test_channels_in_another_order_are_refused(run, tmp_path):
    turned = replace(ORGANS, channels=ORGANS.channels[::-1])
    said = refusal(evaluate, run, save_several(tmp_path / "others", turned))
    assert f"the channels {', '.join(ORGANS.channels)} and" in said
    assert f"Received: the channels {', '.join(turned.channels)} and" in said


def test_another_preparation_is_told(run, cases, tmp_path):
    grey, stretched = find_recipe("grey").described(), find_recipe("lungs").described()
    run.settings["preparation"] = grey
    write_json(cases[0].parent / "recipe.json", grey)
    assert prepared_otherwise(run, cases) == ""
    write_json(cases[0].parent / "recipe.json", stretched)
    with pytest.warns(UserWarning, match="percentiles 5 and 95. The network expects: borders kept"):
        evaluate(run)
    run.settings["preparation"] = None  # nobody knows
    assert prepared_otherwise(run, cases) == ""


def test_no_case_at_all_is_said(run):
    assert "at least one" in refusal(evaluate, run, [])


def test_what_is_missing_is_said(run, cases):
    assert "evaluate expected the cases" in refusal(evaluate, reader(ORGANS))
    write_json(run.folder / "settings.json", {"problem": ORGANS.described()})
    assert "evaluate(run, cases)" in refusal(evaluate, Run(run.folder))
    assert "run folder" in refusal(evaluate, run.folder.with_name("elsewhere"), cases)


@pytest.mark.parametrize(
    ("wrong", "received"),
    [
        (5, "5"),
        ([["a.npy"], ["b.npy"]], "one with ['a.npy'] in it"),
        ({"a.npy": 1}, "a dict of 1 entry"),
        (np.zeros((2, 8, 8, 3)), "an array of shape (2, 8, 8, 3)"),
    ],
)
def test_what_is_no_list_of_paths_is_refused(run, wrong, received):
    for model in (run, run.model):
        said = refusal(evaluate, model, wrong)
        assert f"evaluate expected a list of the paths of cases. Received: {received}." in said


def test_items_are_loaded_for_a_run_without_naming_classes(run):
    def load(number):
        array = np.load(f"{run.settings['cases']}/case_{number}.npy")
        return array[..., :3], array[..., 3:]

    assert open_subject(run, [4, 5], load).problem == ORGANS
    assert names_of(evaluate(run, [4, 5], load=load)) == ["4", "5"]
