"""The trainings of a cross-validation: one for each fold, found again after an interruption; and --groups of one."""

import shutil

import keras
import pytest
from click.testing import CliRunner

import lungseg.training.folds
from lungseg import list_cases, split_cases, train
from lungseg.cli import main
from lungseg.training.folds import train_folds
from refusals import refusal
from trainings import SMALL, Interrupt, computing_eagerly, one_layer, same_weights


def two_by_two(name):
    """Two phantoms after each other are of one patient."""
    return (int(name.split("_")[1]) - 1) // 2


TWO_FOLDS = {**SMALL, "epochs": 1, "model": one_layer, "groups": two_by_two, "folds": 2}


@pytest.fixture(scope="module")
def lines():
    return []


@pytest.fixture(scope="module")
def interrupted(folder, tmp_path_factory, lines):
    """Two folds of an epoch each, interrupted in the second one, and gone on with."""
    run = tmp_path_factory.mktemp("folds") / "run"
    settings = {**TWO_FOLDS, "report": lines.append}

    class InTheSecondFold(Interrupt):
        def on_train_batch_end(self, batch, logs=None):
            if (run / "fold_2").exists():
                super().on_train_batch_end(batch, logs)

    with computing_eagerly():
        with pytest.raises(KeyboardInterrupt):
            train_folds(folder, run, callbacks=[InTheSecondFold(0, in_batch=0)], **settings)
        before = (run / "fold_1" / "best.keras").read_bytes()
        lines.clear()
        runs = train_folds(folder, run, **settings)
    assert (run / "fold_1" / "best.keras").read_bytes() == before
    return runs


@pytest.mark.slow
def test_finished_folds_are_found_again_and_the_interrupted_one_goes_on(interrupted, lines):
    first, second = interrupted
    assert [run.folder.name for run in interrupted] == ["fold_1", "fold_2"]
    assert any("fold_1: this training is finished" in line for line in lines)
    assert any(line.startswith("epoch   1/1") for line in lines)
    assert "The cases are of 6 groups, each in one part." in lines
    assert not same_weights(first, second)


@pytest.mark.slow
def test_each_fold_is_recorded_with_its_number_and_its_groups(interrupted, folder):
    cases = list_cases(folder)
    folds = split_cases(cases, folds=2, groups=two_by_two)
    assert [run.find_split(cases) for run in interrupted] == folds
    assert [run.settings["split"] for run in interrupted] == ["fold 1 of 2", "fold 2 of 2"]
    marks = {run.settings["groups"] for run in interrupted}
    assert len(marks) == 1
    assert marks.pop().startswith("6 groups, ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"folds": 3}, "with split 'fold 1 of 2'. Received: split 'fold 1 of 3'"),
        ({"groups": None}, "with groups '6 groups, "),
    ],
)
def test_another_cross_validation_does_not_go_on_with_it(interrupted, folder, other, told):
    assert told in refusal(train_folds, folder, interrupted[0].folder.parent, **{**TWO_FOLDS, **other})


def test_a_plain_training_goes_on_with_the_same_groups_only(finished, folder, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "run")
    assert finished.settings["groups"] is None
    text = refusal(train, folder, tmp_path / "run", groups=two_by_two, epochs=3, **SMALL)
    assert "with groups nothing. Received: groups '6 groups, " in text


def test_a_network_of_ones_own_is_built_for_each_fold(folder, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(lungseg.training.folds, "train", lambda *cases, **settings: given.append(settings["model"]))

    def build():
        return keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")])

    train_folds(folder, tmp_path, folds=3, model=build, report=lambda line: None, seed=4)
    assert len(set(map(id, given))) == 3
    assert len({model.get_weights()[0].tobytes() for model in given}) == 1  # those of the seed
    assert "expected a function that builds the network" in refusal(train_folds, folder, tmp_path, model=build())


def test_what_fits_no_fold_is_refused_before_anything_is_written(finished, folder, tmp_path):
    assert "split: expected none" in refusal(train_folds, folder, tmp_path / "run", split="gaal2020")
    assert "that of one training" in refusal(train_folds, folder, finished.folder)
    assert "that of the cases" in refusal(train_folds, list_cases(folder), folder)
    assert "at least 13 groups" in refusal(train_folds, folder, tmp_path / "run", folds=13)
    assert "from 2 upwards. Received: 1" in refusal(train_folds, folder, tmp_path / "run", folds=1)
    assert not (tmp_path / "run").exists()


def test_the_command_trains_folds(folder, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        lungseg.training.folds, "train_folds", lambda *given, **settings: asked.append((given, settings))
    )
    arguments = ["train", str(folder), str(tmp_path / "run"), "--folds", "3", "--groups", "^.......", "--epochs", "2"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert f"Next: lungseg evaluate {tmp_path / 'run'}" in result.output
    ((given, settings),) = asked
    assert given == (folder, tmp_path / "run", 3)
    assert (settings["groups"], settings["epochs"], settings["seed"]) == ("^.......", 2, 0)
    refused = CliRunner().invoke(main, [*arguments, "--split", "gaal2020"])
    assert refused.exit_code == 1
    assert "--folds: expected no --split" in refused.stderr
