"""JPEG masks of several classes: no class is lost, no edge becomes one, and what cannot be told is refused."""

import re

import numpy as np
import pytest
from PIL import Image

from problem_sources import image, masks_of, prepare
from radiographs import refusal, save

CLASSES = {"nucleus": 127, "cytoplasm": 254}


def cells(side=96):
    """Three cells, 2, each with a nucleus, 1, too small to be free of noise."""
    rows, columns = np.mgrid[:side, :side]
    index = np.zeros((side, side), np.uint8)
    for row, column in ((22, 25), (50, 70), (75, 30)):
        apart = np.hypot(rows - row, columns - column)
        index[apart < 14], index[apart < 6] = 2, 1
    return index


def source_of(folder, pixels, **options):
    save(folder / "images" / "a.png", image(0, (*pixels.shape[:2], 3)))
    save(folder / "masks" / "a.jpg", pixels, **options)
    return folder


def found_in(out):
    masks = np.load(out / "a.npy")[..., 3:]
    return (masks * [1, 2]).sum(-1)


@pytest.mark.parametrize("quality", [95, 75])
@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ((0, 127, 254), CLASSES),
        ((0, 100, 200), {"nucleus": 100, "cytoplasm": 200}),
        ((0, 127, 254), {"nucleus": "64-190", "cytoplasm": "191-255", "background": "0-63"}),
        ((250, 127, 4), {"nucleus": 127, "cytoplasm": 4, "background": 250}),
    ],
)
def test_every_class_is_kept(tmp_path, values, classes, quality):
    source = source_of(tmp_path / "source", np.array(values, np.uint8)[cells()], quality=quality)
    report = prepare(source, tmp_path / "out", 96, classes=classes)
    assert (found_in(tmp_path / "out") != cells()).mean() < 0.001
    assert "masks of 1 image are JPEG, which blurs edges: each pixel has" in report.summary()


def test_small_areas_of_colours_are_kept(tmp_path):
    colours = np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8)
    source = source_of(tmp_path / "source", colours[cells()], quality=75)  # which halves the resolution of colours
    prepare(source, tmp_path / "out", 96, classes={"nucleus": "#ff0000", "cytoplasm": "#0000ff"})
    for number in (1, 2):
        found, true = found_in(tmp_path / "out") == number, cells() == number
        assert 2 * (found & true).sum() > 0.95 * (found.sum() + true.sum())


def test_a_class_that_is_absent_gets_no_pixels_of_edges(tmp_path):
    index = cells()
    index[index == 1] = 2
    source = source_of(tmp_path / "source", np.array([0, 127, 254], np.uint8)[index], quality=75)
    report = prepare(source, tmp_path / "out", 96, classes=CLASSES)
    assert set(np.unique(found_in(tmp_path / "out"))) == {0, 2}
    assert "none of the masks has nucleus" in report.notes


def test_smoothed_edges_that_look_like_a_class_are_refused(tmp_path):
    smooth = Image.fromarray(np.array([0, 127, 254], np.uint8)[cells()])
    smooth = np.asarray(smooth.resize((72, 72), 3).resize((96, 96), 3))
    source = source_of(tmp_path / "source", smooth, quality=90)
    said = refusal(prepare, source, tmp_path / "out", 96, classes=CLASSES)
    assert "expected areas of 127. Received: a JPEG in which" in said
    assert "lie in a line between two other classes, as edges do" in said
    assert "save masks as PNG" in said


def test_areas_that_nobody_has_named_are_refused(tmp_path):
    source = source_of(tmp_path / "source", np.array([0, 127, 254], np.uint8)[cells()], quality=90)
    said = refusal(prepare, source, tmp_path / "out", 96, classes={"nucleus": 60, "cytoplasm": 254})
    assert "expected values near 0, 60 or 254. Received: a JPEG with areas of others" in said
    assert re.search(r"\b12\d for example", said)


def test_values_that_jpeg_mixes_up_are_refused(tmp_path):
    source = source_of(tmp_path / "source", cells(), quality=95)
    said = refusal(prepare, source, tmp_path / "out", 96, classes={"nucleus": 1, "cytoplasm": 2})
    assert "more than 24 apart. Received: 0 and 1." in said


def test_masks_of_one_class_need_no_second_value(tmp_path):
    whole = np.where(cells() > 0, 255, 0).astype(np.uint8)
    for place, classes in enumerate((["cell"], ["cell=255"])):
        source = source_of(tmp_path / f"source {place}", whole, quality=75)
        prepare(source, tmp_path / f"out {place}", 96, classes=classes)
        np.testing.assert_array_equal(np.load(tmp_path / f"out {place}" / "a.npy")[..., 3], cells() > 0)


@pytest.mark.parametrize(
    ("side", "quality", "said"),
    [
        (96, 95, "Received: 127 (in 1 file), 254 (in 1 file), beside 0. Name each"),
        (96, 75, 'name each, --class "NAME1=127" --class "NAME2=254" (in Python classes={'),
    ],
)
def test_a_third_value_is_not_lost_where_one_class_is_named(tmp_path, side, quality, said):
    pixels = np.array([0, 127, 254], np.uint8)[cells(side)]
    source = source_of(tmp_path / "source", pixels, quality=quality)
    assert said in refusal(prepare, source, tmp_path / "out", side, classes=["cell"])
    prepare(source, tmp_path / "out", side, classes=["cell=127,254"])
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "a.npy")[..., 3], cells() > 0)


def test_the_advice_is_of_a_mask_that_has_the_third_value(tmp_path):
    source = source_of(tmp_path / "source", np.array([0, 127, 254], np.uint8)[cells()], quality=75)
    save(source / "images" / "0.png", image(1, (96, 96, 3)))
    save(source / "masks" / "0.jpg", np.array([0, 254, 254], np.uint8)[cells()], quality=75)
    said = refusal(prepare, source, tmp_path / "out", 96, classes=["cell"])
    assert "a.jpg: expected a value for each class" in said
    assert "NAME1=127" in said


def test_smoothed_masks_of_several_classes_have_a_way_out(tmp_path):
    for place, values in enumerate(((0, 127, 254), ((0, 0, 0), (255, 0, 0), (0, 0, 255)))):
        source = tmp_path / f"source {place}"
        smooth = np.asarray(
            Image.fromarray(np.array(values, np.uint8)[cells()]).resize((72, 72), 3).resize((96, 96), 3)
        )
        save(source / "images" / "a.png", image(0, (96, 96, 3)))
        save(source / "masks" / "a.png", smooth)
        for classes in (["cell"], ["nucleus=127", "cytoplasm=254"] if place == 0 else None):
            said = refusal(prepare, source, tmp_path / "out", 96, classes=classes)
            assert "save these as JPEG of quality 95 and name all values" in said
    source = source_of(tmp_path / "JPEG", smooth, quality=95)
    prepare(source, tmp_path / "out", 96, classes={"nucleus": "#ff0000", "cytoplasm": "#0000ff"})
    assert (found_in(tmp_path / "out") == cells()).mean() > 0.97


# ---- Smoothed masks of one class, as PNG --------------------------------------------------------


@pytest.mark.parametrize(
    ("classes", "cut"), [(["cell"], 127.5), (None, 127.5), (["cell=255"], 127.5), (["cell=200-255"], 200)]
)
def test_grey_edges_are_cut(tmp_path, classes, cut):
    smooth = Image.fromarray(np.where(cells() > 0, 255, 0).astype(np.uint8))
    smooth = np.asarray(smooth.resize((48, 48), 1).resize((96, 96), 2))
    source = tmp_path / "source"
    save(source / "images" / "a.png", image(0, (96, 96, 3)))
    save(source / "masks" / "a.png", smooth)
    report = prepare(source, tmp_path / "out", 96, classes=classes)
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "a.npy")[..., 3], smooth >= cut)
    assert f"masks of 1 image have grey edges, as smoothing leaves: cut at {cut:g}" in report.notes


def test_other_values_are_no_edges(tmp_path):
    source = tmp_path / "source"
    mask = np.where(cells() > 0, 255, 0).astype(np.uint8)
    mask[2:9, 50:57] = 90  # an area by itself
    save(source / "images" / "a.png", image(0, (96, 96, 3)))
    save(source / "masks" / "a.png", mask)
    for classes in (["cell=255"], ["cell=128-255"], ["cell"]):
        assert "90 (" in refusal(prepare, source, tmp_path / "out", 96, classes=classes)
    mask[2:9, 50:57] = np.arange(7, 56).reshape(7, 7)  # specks, far from any edge
    save(source / "masks" / "a.png", mask)
    for classes in (["cell=255"], ["cell=128-255"], ["cell"]):
        refusal(prepare, source, tmp_path / "out", 96, classes=classes)
    prepare(source, tmp_path / "named", 96, classes=["cell=255", "speck=1-99"])
    assert masks_of(tmp_path / "named").count("1") > 1000
