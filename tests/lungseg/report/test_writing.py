"""Writing a report: the threshold is of the validation cases alone, and what cannot be written is refused."""

import re
import shutil

import numpy as np
import pytest

import lungseg.report.writing as writing_module
from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.evaluation.thresholds import THRESHOLDS


def test_other_test_cases_leave_the_threshold_alone(run, phantom_cases, tmp_path, write):
    """Spoil every test case: the section on the threshold stays the same, letter for letter."""
    spoilt = []
    for path in phantom_cases:
        copy = tmp_path / path.name
        shutil.copy(path, copy)
        if case_id(path) in run.split_ids["test"]:
            case = np.load(copy)
            case[..., 1] = case[..., 1][::-1, ::-1]
            np.save(copy, case)
        spoilt.append(copy)

    def threshold_section(cases):
        page = write(cases=list(cases[5:]), candidates=cases)
        return re.search(r"The effect of the threshold</h2>.*?</section>", page.source, re.DOTALL)[0]

    assert threshold_section(spoilt) == threshold_section(phantom_cases)


def test_the_threshold_that_would_be_chosen_is_named(phantom_cases, monkeypatch, write):
    dice = np.tile(0.9 - np.abs(np.array(THRESHOLDS) - 0.35) / 10, (3, 1))
    monkeypatch.setattr(writing_module, "dice_by_threshold", lambda *args, **settings: dice)
    page = write(candidates=phantom_cases)
    assert "On 3 of the 3 validation cases the mean Dice is highest at 0.35 (0.9000); at 0.5 it is 0.8850." in page.text
    assert "would be 0.35, a gain of 0.0150 (95 % interval 0.0150 to 0.0150)" in page.text
    assert "All other figures of this page use 0.5." in page.text


@pytest.mark.parametrize(
    ("split", "damaged", "says"),
    [
        ({}, False, "The run names no validation cases, so there is no figure"),
        ({"validation": ["elsewhere"]}, False, "None of the run's 1 validation cases is at hand"),
        ({"validation": ["damaged"]}, True, "validation cases cannot be used"),
    ],
)
def test_without_validation_cases_it_says_so(split, damaged, says, test_part, tmp_path, write):
    (tmp_path / "damaged.npy").write_bytes(b"half a ca")
    page = write(split_ids=split, candidates=[*test_part, tmp_path / "damaged.npy"] if damaged else test_part)
    assert says in page.text
    assert "The threshold stays 0.5" in page.text
    assert len(page.all("img")) == 6


def test_a_dice_that_is_not_that_of_the_prediction_is_found(tmp_path, write):
    with pytest.raises(InputError, match="the table says"):
        write(change=lambda table: table.assign(dice=0.999))
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(tmp_path, write):
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(InputError, match="cannot be written"):
        write()
