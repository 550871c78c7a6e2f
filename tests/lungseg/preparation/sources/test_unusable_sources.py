"""Sources that cannot be used, and what to type."""

from pathlib import Path

import pytest

from lungseg.errors import InputError
from lungseg.preparation import find_radiographs
from radiographs import refusal
from raw_sources import pairs, prepare, touch


def test_two_masks_for_one_image(tmp_path):
    touch(tmp_path, ["images/a.png", "masks/reader 1/a.png", "masks/reader 2/a.png"])
    message = refusal(find_radiographs, tmp_path)
    assert "reader 1" in message
    assert "reader 2. Name the folder that is meant with --masks." in message
    assert pairs(tmp_path, masks="masks/reader 2") == {"a": ["masks/reader 2/a.png"]}
    assert pairs(tmp_path, masks=tmp_path / "masks/reader 1") == {"a": ["masks/reader 1/a.png"]}


def test_masks_for_two_images_of_one_name(tmp_path):
    touch(tmp_path, ["train/images/1.png", "val/images/1.png", "masks/1.png"])
    assert "train/images: expected one file for 1" in refusal(find_radiographs, tmp_path)


def test_folders_that_somebody_names(tmp_path, monkeypatch):
    touch(tmp_path, ["Bilder/a.png", "Masken/a.png", "images/old/a.png", "masks/old/a.png"])
    assert pairs(tmp_path, images="Bilder", masks="Masken") == {"a": ["Masken/a.png"]}
    monkeypatch.chdir(tmp_path.parent)
    source = Path(tmp_path.name)
    assert [one.image for one in find_radiographs(source, source / "Bilder", source / "Masken")] == [
        source / "Bilder/a.png"
    ]
    for name, remedy in {"absent": "check its name", tmp_path.parent: "Name a folder above both"}.items():
        message = refusal(find_radiographs, tmp_path, None, name)
        assert "--masks: expected a folder in" in message
        assert remedy in message


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "an empty folder"),
        (["images/a.png"], "Received: 1 image and no mask of lungs: images/ (1 .png). Put the masks"),
        (["images/a.png"], "If these are no chest X-rays, add --recipe colour or --recipe grey (in Python recipe"),
        (["masks/a.png"], "Received: 1 mask and no image: masks/ (1 .png). Put the images"),
        (["images/a.png", "masks/z.png"], "1 image and 1 mask, none of which match"),
        (["images/a.png", "masks/a.nii.gz"], "masks/ (1 .gz)"),
        (["images/a.png", "masks/heart/a.png"], "masks/heart/ (1 .png)"),
        (["a/b/c/notes.txt"], "a/b/c/ (1 .txt)"),
        (["archive.zip"], "Unpack the archive"),
        (["Images/a.png"], "no mask of lungs: Images/ (1 .png)"),
        (["cases/a.npy"], "prepared already"),
        (["cases/a.npy", "cases/manifest.csv", "cases/overview.png"], "prepared already"),
        (["a.png", "b.png"], "2 images and no mask of lungs: ./ (2 .png)"),
        (["images/a.png", "images/a.jpg", "masks/a.png"], "a.jpg and a.png"),
        (["images/a.png", "masks/a.png", "masks/a_mask.png"], "a.png and a_mask.png"),
        (["images/a.png", "masks/a.png", "masks/a.gif"], "a.gif and a.png"),
        (
            ["images/e\u0301.png", "images/\u00e9.png", "masks/\u00e9.png"],
            "e\u0301.png (in Unicode NFD) and \u00e9.png (in Unicode NFC). Re",
        ),
        (["images/a.png", "masks/a\nb.png"], "none of which match"),
    ],
)
def test_unusable_source_is_one_clear_line(tmp_path, names, said):
    (tmp_path / "raw").mkdir()
    touch(tmp_path / "raw", names)
    message = refusal(prepare, tmp_path / "raw", tmp_path / "out")
    assert message.startswith(str(tmp_path / "raw"))
    assert said in message
    assert not (tmp_path / "out").exists()


def test_a_source_that_is_no_folder(tmp_path):
    assert "no such folder" in refusal(find_radiographs, tmp_path / "absent")
    (tmp_path / "file").touch()
    assert "a file" in refusal(find_radiographs, tmp_path / "file")
    (tmp_path / "set.zip").touch()
    assert "Unpack the archive" in refusal(find_radiographs, tmp_path / "set.zip")
    touch(tmp_path, ["images/a.png", "masks/a.png"])
    assert "a file of this name" in refusal(prepare, tmp_path, tmp_path / "file")
    for name in ("images", "masks"):
        assert "Name the folder above it" in refusal(find_radiographs, tmp_path / name)


def test_layouts_are_listed_where_none_fits(tmp_path):
    with pytest.raises(InputError, match=r"CXR_png/ \+ masks/.*ManualMask/leftMask/.*mask/.*images/ \+ masks/"):
        find_radiographs(tmp_path)
