"""Phantoms with three classes: right lung, left lung and heart, exclusive or overlapping."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lungseg.cases import list_cases, load_case
from lungseg.errors import InputError
from lungseg.phantom import draw_radiograph, make_phantom, phantom_id, write_phantoms, write_raw_phantoms
from lungseg.phantom.anatomy import make_patient
from lungseg.phantom.canvas import Canvas
from lungseg.phantom.organs import organ_masks
from lungseg.phantom.rendering import lung_mask
from lungseg.problems import LUNGS, read_problem

COUNT = 10
ORGANS = ("right lung", "left lung", "heart")


@pytest.fixture(scope="module")
def sets():
    return {
        classes: np.stack([make_phantom(index, 5, 64, classes) for index in range(COUNT)])
        for classes in ("lungs", "thorax", "overlapping")
    }


def masks_of(cases):
    return np.moveaxis(cases[..., 1:] == 1, -1, 0)


def span(mask):
    columns = np.flatnonzero(mask.any(axis=0))
    return columns[-1] - columns[0] + 1


def test_the_picture_is_the_same_whatever_has_a_mask(sets):
    for classes, channels in (("lungs", 2), ("thorax", 4), ("overlapping", 4)):
        assert sets[classes].shape == (COUNT, 64, 64, channels)
        assert sets[classes].dtype == np.float32
        assert sets[classes][..., 0].tobytes() == sets["lungs"][..., 0].tobytes()
        assert set(np.unique(sets[classes][..., 1:])) == {0.0, 1.0}


def test_right_and_left_lung_are_the_lungs_and_the_heart_takes_nothing_from_them(sets):
    right, left, heart = masks_of(sets["thorax"])
    np.testing.assert_array_equal(right | left, masks_of(sets["lungs"])[0])
    assert not (right & left).any()
    assert not (heart & (right | left)).any()


def test_the_right_lung_is_on_the_left_and_the_heart_between_the_lungs(sets):
    for case in sets["thorax"]:
        (right, left, heart), across = np.moveaxis(case[..., 1:] == 1, -1, 0), np.arange(64)
        middles = [(mask.sum(axis=0) * across).sum() / mask.sum() for mask in (right, heart, left)]
        assert middles == sorted(middles)
        assert ndimage.label(heart, np.ones((3, 3)))[1] == 1
        rows = np.flatnonzero(heart.any(axis=1))
        lungs = np.flatnonzero((right | left).any(axis=1))
        assert lungs[0] + 0.2 * len(lungs) < rows[0] < rows[-1] <= lungs[-1], "below the apices, above the angles"
        # Between its lungs there is heart, and no gap of background.
        row = int(rows[len(rows) // 2])
        inner = np.flatnonzero(right[row])[-1], np.flatnonzero(left[row])[0]
        assert heart[row, inner[0] + 1 : inner[1]].all()


def test_the_cardiothoracic_ratio_is_that_of_people_and_varies():
    ratios = []
    for index in range(80):
        canvas = Canvas(make_patient(index, seed=11), 64)
        masks = organ_masks(canvas, lung_mask(canvas) > 0.5, "thorax")
        ratios.append(span(masks[..., 2]) / span(masks[..., :2].any(-1)))
    assert 0.4 < np.mean(ratios) < 0.55
    assert 0.05 < np.std(ratios) < 0.15
    assert min(ratios) > 0.15
    assert max(ratios) < 0.85
    assert 0.1 < np.mean(np.array(ratios) > 0.5) < 0.6, "some hearts are enlarged"


def test_where_classes_overlap_the_lungs_go_on_behind_the_heart(sets):
    right, left, heart = masks_of(sets["overlapping"])
    seen_right, seen_left, seen_heart = masks_of(sets["thorax"])
    np.testing.assert_array_equal(heart, seen_heart)
    for whole, seen in ((right, seen_right), (left, seen_left)):
        assert not (seen & ~whole).any()
        np.testing.assert_array_equal(whole & ~heart, seen)
    assert not (right & left).any()
    hidden = (left & heart).sum(axis=(1, 2))
    assert (hidden > 0).all()
    assert hidden.mean() > 2 * (right & heart).sum(axis=(1, 2)).mean(), "more of the left lung is behind the heart"


def test_a_heart_is_the_same_at_every_size():
    small, large = (make_phantom(7, 0, size, "thorax")[..., 3] for size in (64, 256))
    shrunk = large.reshape(64, 4, 64, 4).mean((1, 3)) > 0.5
    assert 2 * (shrunk & (small == 1)).sum() / (shrunk.sum() + small.sum()) > 0.95


def test_a_radiograph_has_its_masks_inside_the_border():
    for classes in ("thorax", "overlapping"):
        for index in range(6):
            image, lungs = draw_radiograph(index, 1, 64)
            same, masks = draw_radiograph(index, 1, 64, classes)
            np.testing.assert_array_equal(image, same)
            assert (masks.shape, masks.dtype) == ((64, 64, 3), bool)
            seen = masks[..., :2].any(-1) & ~masks[..., 2]
            np.testing.assert_array_equal(seen, lungs)


@pytest.mark.parametrize("classes", ["thorax", "overlapping"])
def test_cases_and_what_they_show(tmp_path, classes):
    paths = write_phantoms(tmp_path, count=2, size=32, seed=9, classes=classes)
    problem = read_problem(tmp_path)
    assert (problem.channels, problem.classes, problem.recipe) == (("grey",), ORGANS, "lungs")
    assert problem.exclusive == (classes == "thorax")
    assert list_cases(tmp_path) == paths
    for index, path in enumerate(paths):
        np.testing.assert_array_equal(load_case(path), make_phantom(index, 9, 32, classes))
    write_phantoms(tmp_path, count=3, size=32, seed=9, classes=classes)  # again, and more of them


def test_lungs_need_no_description(tmp_path):
    write_phantoms(tmp_path, count=1, size=32)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"]
    assert read_problem(tmp_path) == LUNGS


@pytest.mark.parametrize(("first", "second"), [("lungs", "thorax"), ("thorax", "lungs"), ("thorax", "overlapping")])
def test_phantoms_with_other_masks_are_not_mixed(tmp_path, first, second):
    write_phantoms(tmp_path, count=1, size=32, classes=first)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError, match=r"expected .* phantoms .*Received: .*Choose another folder\.$"):
        write_phantoms(tmp_path, count=1, size=32, classes=second)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_raw_masks_hold_the_number_of_the_class_and_show_its_colour(tmp_path):
    write_raw_phantoms(tmp_path / "lungs", count=2, size=64, seed=1)
    for index, path in enumerate(write_raw_phantoms(tmp_path / "thorax", count=2, size=64, seed=1, classes="thorax")):
        assert path.read_bytes() == (tmp_path / "lungs" / "images" / path.name).read_bytes()
        masks = draw_radiograph(index, 1, 64, "thorax")[1]
        with Image.open(tmp_path / "thorax" / "masks" / path.name) as picture:
            labels, shown = np.asarray(picture), np.asarray(picture.convert("RGB"))
        np.testing.assert_array_equal(labels, masks.argmax(-1) + masks.any(-1))
        assert {tuple(colour) for colour in shown[masks[..., 2]].tolist()} == {(0xD5, 0x5E, 0x00)}
        assert not shown[~masks.any(-1)].any()


def test_raw_masks_that_overlap_have_a_folder_each(tmp_path):
    write_raw_phantoms(tmp_path, count=1, size=64, seed=1, classes="overlapping")
    name, masks = f"{phantom_id(0, 1)}.png", draw_radiograph(0, 1, 64, "overlapping")[1]
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png")}
    assert files == {f"images/{name}", *(f"masks/{organ}/{name}" for organ in ORGANS)}
    for place, organ in enumerate(ORGANS):
        with Image.open(tmp_path / "masks" / organ / name) as picture:
            np.testing.assert_array_equal(np.asarray(picture), masks[..., place] * 255)


@pytest.mark.parametrize(("first", "second"), [("thorax", "overlapping"), ("overlapping", "lungs")])
def test_raw_masks_of_two_kinds_are_not_mixed(tmp_path, first, second):
    write_raw_phantoms(tmp_path, count=1, size=32, classes=first)
    before = sorted(tmp_path.rglob("*.png"))
    with pytest.raises(InputError, match=r"masks: expected an empty folder.*Choose another folder\.$"):
        write_raw_phantoms(tmp_path, count=1, size=32, classes=second)
    assert sorted(tmp_path.rglob("*.png")) == before


@pytest.mark.parametrize(
    "call",
    [
        lambda: make_phantom(0, 0, 32, "heart"),
        lambda: draw_radiograph(0, 0, 32, ("right lung", "heart")),
        lambda: write_phantoms("never_made", 1, 32, classes=3),
        lambda: write_raw_phantoms("never_made", 1, 32, classes="Thorax"),
    ],
)
def test_classes_that_no_phantom_has_are_named(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^classes: expected one of lungs, thorax, overlapping\. Received: .*\.$"):
        call()
    assert list(tmp_path.iterdir()) == []
