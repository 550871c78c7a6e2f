"""Which masks belong to which image, and of which class they are: by the names of folders and files alone."""

import pytest

from lungseg.preparation.sources.class_layouts import scan_classes
from radiographs import refusal
from raw_sources import touch

# The files; the classes that are named; the case, and its masks with their classes.
LAYOUTS = {
    "one file": (["images/a.png", "masks/a.png"], [], "a", {"": "masks/a.png"}),
    "habits": (["Imgs/A b.JPG", "Ground Truth/a_B_mask.bmp"], [], "A b", {"": "Ground Truth/a_B_mask.bmp"}),
    "arrays": (["images/a.npy", "labels/a_label.npy"], [], "a", {"": "labels/a_label.npy"}),
    "words beside": (["train_images/a.png", "train_masks/a.png"], [], "a", {"": "train_masks/a.png"}),
    "parts below": (["images/train/a.png", "masks/train/a.png"], [], "a", {"": "masks/train/a.png"}),
    "parts above": (["set 1/images/a.png", "set 1/masks/a.png"], [], "a", {"": "set 1/masks/a.png"}),
    "masks beside images of any name": (["photos/a.png", "masks/a.png"], [], "a", {"": "masks/a.png"}),
    "together": (["a.png", "a_mask.png"], [], "a", {"": "a_mask.png"}),
    "folders": (
        ["images/a.png", "masks/edge/a.png", "masks/nucleus/a.png"],
        [],
        "a",
        {"edge": "masks/edge/a.png", "nucleus": "masks/nucleus/a.png"},
    ),
    "folders, in the order in which they are named": (
        ["images/a.png", "masks/edge/a.png", "masks/nucleus/a.png"],
        ["nucleus", "Edge"],
        "a",
        {"nucleus": "masks/nucleus/a.png", "Edge": "masks/edge/a.png"},
    ),
    "folders below parts": (
        ["images/north/a.png", "masks/north/road/a.png"],
        [],
        "a",
        {"road": "masks/north/road/a.png"},
    ),
    "parts below folders": (
        ["images/north/a.png", "masks/road/north/a.png"],
        [],
        "a",
        {"road": "masks/road/north/a.png"},
    ),
    "PASCAL VOC": (
        ["JPEGImages/a.jpg", "SegmentationClass/a.png", "SegmentationObject/a.png", "Annotations/a.xml"],
        [],
        "a",
        {"": "SegmentationClass/a.png"},
    ),
    "organs": (
        ["JPG/1.png", "masks/heart/1.gif", "masks/left lung/1.gif", "masks/right lung/1.gif"],
        [],
        "1",
        {"heart": "masks/heart/1.gif", "left lung": "masks/left lung/1.gif", "right lung": "masks/right lung/1.gif"},
    ),
    "endings": (
        ["images/a.png", "masks/a_road.png", "masks/a-Water.png"],
        ["road", "water"],
        "a",
        {"road": "masks/a_road.png", "water": "masks/a-Water.png"},
    ),
    "one ending within another": (
        ["images/a.png", "masks/a_cell.png", "masks/a_dead_cell.png"],
        ["cell", "dead cell"],
        "a",
        {"cell": "masks/a_cell.png", "dead cell": "masks/a_dead_cell.png"},
    ),
    "endings, together": (["a.png", "a_road.png"], ["road"], "a", {"road": "a_road.png"}),
    "left and right as classes": (
        ["images/a.png", "masks/a_left.png", "masks/a_right.png"],
        ["left", "right"],
        "a",
        {"left": "masks/a_left.png", "right": "masks/a_right.png"},
    ),
}
LITTER = [".DS_Store", "._a.png", "Thumbs.db", "notes.txt", ".hidden/a.png", "__MACOSX/a.png"]


@pytest.mark.parametrize(("names", "classes", "case", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(tmp_path, names, classes, case, expected):
    touch(tmp_path, names)
    for folder in {(tmp_path / name).parent for name in names}:
        touch(folder, LITTER)
    found = scan_classes(tmp_path, classes, each_its_file=bool(classes))
    (pair,) = found.radiographs
    assert pair.case == case
    assert pair.image == tmp_path / names[0]
    assert dict(zip(pair.parts, (str(path.relative_to(tmp_path)) for path in pair.masks), strict=True)) == expected
    assert found.classes == tuple(name for name in expected if name)
    assert not found.without_image + found.without_mask


def test_names_that_folders_share(tmp_path):
    touch(tmp_path, [f"{place}/{kind}/1.png" for place in ("north", "south") for kind in ("images", "masks")])
    (tmp_path / "north/images/1.png").write_bytes(b"another image")
    assert [pair.case for pair in scan_classes(tmp_path).radiographs] == ["north_1", "south_1"]


def test_cases_are_no_images(tmp_path):
    touch(
        tmp_path,
        ["photos/a.npy", "masks/a.png", "cases/a.npy", "cases/cases.json", "older/a.npy", "older/manifest.csv"],
    )
    (pair,) = scan_classes(tmp_path).radiographs
    assert pair.image == tmp_path / "photos" / "a.npy"


def test_folders_that_somebody_names(tmp_path):
    touch(tmp_path, ["x/1.png", "y/road/1.png", "y/water/1.png", "images/2.png"])
    (pair,) = scan_classes(tmp_path, images="x", masks="y").radiographs
    assert (pair.case, pair.parts) == ("1", ("road", "water"))


def test_what_has_no_partner_is_named(tmp_path):
    touch(tmp_path, ["images/a.png", "images/b.png", "masks/road/a.png", "masks/road/c.png"])
    found = scan_classes(tmp_path)
    assert (found.without_mask, found.without_image) == (["b.png"], ["c.png"])


@pytest.mark.parametrize(
    ("names", "classes", "said"),
    [
        ([], [], "an empty folder"),
        (["images/a.png"], [], "images/ (1 .png)"),
        (["images/a.png", "masks/b.png"], [], "1 image and 1 mask, none of which match"),
        (["images/a.png", "images/a.jpg", "masks/a.png"], [], "a.jpg and a.png"),
        (["images/a.png", "masks/a.png", "masks/a_mask.png"], [], "a.png and a_mask.png"),
        (["images/a.png", "masks/a_left.png", "masks/a_right.png"], [], "--class CLASS"),
        (["images/a.png", "masks/road/a.png", "masks/predictions.csv", "masks/a.png"], [], "predictions.csv"),
        (["all.zip"], [], "Unpack the archive"),
    ],
)
def test_refusals(tmp_path, names, classes, said):
    touch(tmp_path, names)
    message = refusal(scan_classes, tmp_path, classes, bool(classes))
    assert message.startswith(str(tmp_path))
    assert said in message
