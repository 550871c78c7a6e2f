"""Curves read aloud, what is written down about a training, and where it is."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lungseg import split_cases
from lungseg.losses import dice_loss
from lungseg_course.training.describing import describe_training
from lungseg_course.training.folders import find_run_folder
from lungseg_course.training.reading import read_aloud, sentences

AT_ITS_LOWEST, JUMPED, OVER_FITS, LAST = (
    "no sign of over-fitting",
    "jumped up by",
    "now: over-fitting",
    "last epoch was",
)


@pytest.mark.parametrize(
    ("losses", "scores", "said", "not_said"),
    [
        ([0.5, 0.4, 0.3], [0.5, 0.6, 0.7], [AT_ITS_LOWEST, LAST, "number 3 of 3: val_dice 0.700"], [OVER_FITS]),
        ([0.5, 0.3, 0.32], [0.5, 0.7, 0.68], [AT_ITS_LOWEST, "number 2 of 3"], [LAST, JUMPED]),
        ([0.5, 0.3, 0.6], [0.5, 0.7, 0.4], [JUMPED, "by 100%"], [LAST, OVER_FITS, AT_ITS_LOWEST]),
        ([0.3, 0.4, 0.4, 0.45], [0.7, 0.6, 0.6, 0.6], [OVER_FITS, "For 3 epochs", "by 50%"], [JUMPED, LAST]),
        ([0.3], [0.7], [AT_ITS_LOWEST, "number 1 of 1", LAST, "a difference of +0.100"], [JUMPED]),
    ],
)
def test_what_curves_say(losses, scores, said, not_said, capsys):
    table = pd.DataFrame({"val_loss": losses, "val_dice": scores, "dice": np.array(scores) + 0.1})
    told = " ".join(sentences(table))
    assert [words for words in said if words not in told] == []
    assert [words for words in not_said if words in told] == []
    read_aloud(table)
    lines = capsys.readouterr().out
    assert " ".join(lines.split()) == told
    assert max(map(len, lines.splitlines())) <= 96


def student_unet():
    pass


student_unet.__module__ = "student_UNET_architecture"


def test_what_is_written_down_about_a_training(tmp_path):
    for n in range(12):
        np.save(tmp_path / f"PHANTOM_{n:04d}_0.npy", np.zeros((8, 12, 2), dtype="float32"))
    split = split_cases(sorted(tmp_path.iterdir()), seed=0)
    numbers = {"seed": 0, "epochs": 2, "batch_size": 8, "learning_rate": 0.002}
    model = SimpleNamespace(count_params=lambda: 42)
    parts = [student_unet, dice_loss]
    settings = describe_training(split, model, parts, dice_loss, **numbers, filters=16, depth=4, dropout=0.1)
    assert settings["cases"] == str(tmp_path.resolve())
    assert settings["count"] == {"train": 8, "validation": 2, "test": 2}
    assert settings["size"] == [8, 12]
    assert settings["code"] == {"student_unet": "student", "dice_loss": "lungseg"}
    assert settings["network"] == {"filters": 16, "depth": 4, "dropout": 0.1}
    assert numbers.items() <= settings.items()
    assert (settings["loss"], settings["parameters"], settings["split"]) == ("dice_loss", 42, "default")


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, "project/results/run"),
        ({"LUNGSEG_RUN": "results/mine"}, "project/results/mine"),
        ({"LUNGSEG_RUN": ""}, "project/results/run"),
        ({"LUNGSEG_COURSE": "{}/drive"}, "drive/results/run"),
        ({"LUNGSEG_RUN": "{}/far/away", "LUNGSEG_COURSE": "{}/drive"}, "far/away"),
    ],
)
def test_the_run_folder_is_found_from_any_folder_of_the_project(variables, found, tmp_path, monkeypatch):
    for name in ("LUNGSEG_RUN", "LUNGSEG_COURSE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    here = tmp_path / "project" / "my_course" / "Data_Generator"
    here.mkdir(parents=True)
    (tmp_path / "project" / "lungseg").mkdir()
    (tmp_path / "project" / "lungseg" / "__init__.py").touch()
    monkeypatch.chdir(here)
    assert find_run_folder(make=False) == tmp_path / found
    assert not (tmp_path / found).exists(), "who only looks makes nothing"
    assert find_run_folder() == tmp_path / found
    assert (tmp_path / found).is_dir()
    assert (tmp_path / found).is_dir()
