"""The folds of a cross-validation found again, and what their cases come to."""

import numpy as np
import pandas as pd
import pytest

from lungseg.evaluation.folds import find_folds, folds_text, is_cross_validation, summarise_folds
from lungseg.runs import write_json
from refusals import refusal


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 3):
        place = tmp_path / f"fold_{number}"
        place.mkdir()
        write_json(place / "settings.json", {"split": f"fold {number} of 3"})
        write_json(place / "state.json", {"epochs_done": 0, "finished": True})
    return tmp_path


def test_folds_are_found_in_order(folder):
    assert is_cross_validation(folder)
    assert [run.folder.name for run in find_folds(folder)] == ["fold_1", "fold_2", "fold_3"]
    (folder / "fold_2" / "state.json").unlink()  # as of folders that were tidied up for others
    assert len(find_folds(folder)) == 3


def test_a_run_folder_is_no_cross_validation(folder):
    assert not is_cross_validation(folder / "fold_1")
    assert not is_cross_validation(folder / "absent")
    write_json(folder / "settings.json", {})
    assert not is_cross_validation(folder)


def test_a_fold_that_is_missing_not_finished_or_of_another_training_is_named(folder):
    (folder / "fold_3" / "settings.json").rename(folder / "aside")
    assert "expected a run folder fold_3. Received: none" in refusal(find_folds, folder)
    (folder / "aside").rename(folder / "fold_3" / "settings.json")
    write_json(folder / "fold_2" / "state.json", {"epochs_done": 0, "finished": False})
    text = refusal(find_folds, folder)
    assert "fold_2: expected a finished training. Received: one that was interrupted" in text
    for split in ("fold 3 of 3", "fold 2 of 4", "own"):
        write_json(folder / "fold_2" / "settings.json", {"split": split})
        assert f"expected fold 2 of 3. Received: a training with the split '{split}'" in refusal(find_folds, folder)
    write_json(folder / "fold_1" / "settings.json", {})
    assert "fold 1 of several. Received: a training with the split 'default'" in refusal(find_folds, folder)


def test_mean_and_spread_by_hand():
    table = pd.DataFrame(
        {
            "case": list("abcde"),
            "fold": [2, 1, 1, 2, 2],
            "dice": [0.6, 0.9, 0.7, 0.6, 0.9],
            "jaccard": 0.5,
            "hd95": [3.0, 1, 2, 3, 6],
            "assd": 1.0,
            "dice_heart": [np.nan, 0.4, 0.6, np.nan, 0.8],
            "dice_raw": 0.0,
            "surface_dice": 0.0,
        }
    )
    found = summarise_folds(table).set_index("fold")
    assert found.columns.tolist() == ["cases", "dice", "jaccard", "hd95", "assd", "dice_heart"]
    assert found["cases"].tolist() == [2, 3, "", "", 5, ""]
    # Folds 0.8 and 0.7; all cases 3.7 / 5 = 0.74, squares of the differences 0.092.
    assert found["dice"].tolist() == pytest.approx([0.8, 0.7, 0.75, np.sqrt(0.005), 0.74, np.sqrt(0.092 / 4)])
    assert found["hd95"].tolist()[:3] == pytest.approx([1.5, 4, 2.75])
    assert found["dice_heart"].tolist()[:5] == pytest.approx([0.5, 0.8, 0.65, np.sqrt(0.045), 0.6])
    lines = folds_text(summarise_folds(table)).splitlines()
    assert lines[1].split() == ["fold", "1", "2", "0.800", "0.500", "1.5", "1.00"]
    assert lines[3].split() == ["mean", "of", "folds", "0.750", "0.500", "2.8", "1.00"]
