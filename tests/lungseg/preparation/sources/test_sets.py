"""Several pairs of folders in one source."""

import pytest

from lungseg.preparation import find_radiographs
from lungseg.preparation.sources.layouts import scan
from radiographs import refusal
from raw_sources import pairs, touch


def test_pairs_of_folders_are_taken_together(tmp_path):
    touch(tmp_path, [f"{kind}/{what}/{kind}-1.png" for kind in ("COVID", "Normal") for what in ("images", "masks")])
    assert pairs(tmp_path) == {"COVID-1": ["COVID/masks/COVID-1.png"], "Normal-1": ["Normal/masks/Normal-1.png"]}
    assert scan(tmp_path).notes == ["images from COVID/images, Normal/images; masks from COVID/masks, Normal/masks"]


def test_names_of_the_course_stay_as_they_are(tmp_path):
    sets = {"Montgomery": "MCUCXR_0001_0", "Shenzhen": "CHNCXR_0001_0"}
    touch(tmp_path, [f"{folder}/{what}/{name}.png" for folder, name in sets.items() for what in ("CXR_png", "masks")])
    assert list(pairs(tmp_path)) == ["CHNCXR_0001_0", "MCUCXR_0001_0"]


@pytest.mark.parametrize("above", ["", "data/"])
def test_where_folders_share_a_name_cases_are_called_after_their_folder(tmp_path, above):
    for number, kind in enumerate(("COVID", "Viral Pneumonia")):
        touch(tmp_path, [f"{above}{kind}/images/1.png", f"{above}{kind}/masks/1.png"])
        (tmp_path / f"{above}{kind}/images/1.png").write_bytes(bytes([number]))
    touch(tmp_path, [f"{above}COVID/images/2.png", f"{above}COVID/masks/2.png"])
    assert list(pairs(tmp_path)) == ["COVID_1", "COVID_2", "Viral_Pneumonia_1"]
    assert "COVID_1 for one" in " ".join(scan(tmp_path).notes)


def test_one_radiograph_twice_is_refused(tmp_path):
    """In the training and in the test of a split, it would flatter the network."""
    touch(tmp_path, [f"{folder}/{what}/1.png" for folder in ("data", "copy of data") for what in ("images", "masks")])
    message = refusal(find_radiographs, tmp_path)
    assert "copy of data/images/1.png and " in message
    assert "the same" in message
    for number, folder in enumerate(("a", "b")):
        touch(tmp_path / "known", [f"{folder}/images/CHNCXR_0001_0.png", f"{folder}/masks/CHNCXR_0001_0.png"])
        (tmp_path / f"known/{folder}/images/CHNCXR_0001_0.png").write_bytes(bytes([number]))
    assert "CHNCXR_0001_0.png" in refusal(find_radiographs, tmp_path / "known")


def test_folders_whose_names_do_not_tell_cases_apart(tmp_path):
    for number, folder in enumerate(("a/b", "a b")):
        touch(tmp_path, [f"{folder}/images/1.png", f"{folder}/masks/1.png"])
        (tmp_path / f"{folder}/images/1.png").write_bytes(bytes([number]))
    assert "a_b_1" in refusal(find_radiographs, tmp_path)


def test_parts_of_a_split_are_named(tmp_path):
    touch(tmp_path, [f"{part}/{what}/{part}1.png" for part in ("train", "val", "test") for what in ("images", "masks")])
    assert list(pairs(tmp_path)) == ["test1", "train1", "val1"]
    assert "test, train, val are put together" in scan(tmp_path).notes[1]


def test_a_part_without_masks_is_reported(tmp_path):
    touch(tmp_path, ["train/images/a.png", "train/masks/a.png", "test/images/b.png"])
    assert scan(tmp_path).without_mask == ["b.png"]
