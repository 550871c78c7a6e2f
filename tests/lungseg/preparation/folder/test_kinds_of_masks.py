"""Masks of several classes in every form in which people keep them, each worked out by hand."""

import numpy as np
import pytest

from lungseg.cases import load_case
from lungseg.masks.drawn import NEGATIVE
from lungseg.problems import read_problem
from problem_sources import (
    INDEX,
    NUMBERS,
    ROAD,
    WATER,
    an_array,
    coloured,
    colours,
    endings,
    endings_beside_images,
    folders,
    folders_of_masks,
    image,
    images,
    masks_of,
    numbers,
    numbers_of_16_bits,
    other_numbers,
    places_in_a_palette,
    prepare,
    rows_of,
)
from radiographs import refusal, save

WHOLE = "0011 0011 2200 2202"  # as `INDEX` is


KINDS = [
    (numbers, NUMBERS),
    (numbers, {"road": 1, "water": (2,)}),
    (numbers, ["road=1", "water=2-9"]),
    (other_numbers, ["road=40", "water=250"]),
    (numbers_of_16_bits, ["road=1", "water=60000"]),
    (an_array, NUMBERS),
    (places_in_a_palette, NUMBERS),
    (places_in_a_palette, ["road=#ff0000", "water=#0000ff"]),
    (places_in_a_palette, ["road=1", "water=#0000ff"]),
    (colours, ["road=#FF0000", "water=#0000ff"]),
    (folders, None),
    (folders, ["road", "water"]),
    (folders_of_masks, None),
    (endings, ["road", "water"]),
    (endings_beside_images, ["road", "water"]),
]


@pytest.mark.parametrize(
    ("write", "classes"), KINDS, ids=[f"{write.__name__}-{place}" for place, (write, _) in enumerate(KINDS)]
)
def test_layouts_and_masks(tmp_path, write, classes):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    write(source)
    report = prepare(source, out, classes=classes)
    assert (report.written, report.failed) == (1, [])
    case = load_case(out / "a.npy")
    np.testing.assert_allclose(case[..., :3], image(0) / 255, atol=1e-6)
    assert masks_of(out) == WHOLE
    problem = read_problem(out)
    assert (problem.channels, problem.classes) == (("red", "green", "blue"), ("road", "water"))
    assert (problem.recipe, problem.exclusive) == ("colour", True)
    assert rows_of(out)["a"]["pixels_road"] == "4"
    assert rows_of(out)["a"]["pixels_water"] == "5"


@pytest.mark.parametrize(
    ("value", "classes", "name"),
    [(255, None, "object"), (1, ["nucleus"], "nucleus"), (7, "nucleus", "nucleus"), (9, ["nucleus=1-9"], "nucleus")],
)
def test_one_class(tmp_path, value, classes, name):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    save(source / "masks" / "a.png", value * ROAD)
    prepare(source, out, classes=classes)
    assert masks_of(out, classes=1) == "0011 0011 0000 0000"
    assert read_problem(out).classes == (name,)


def test_an_image_without_any_object_is_a_case_too(tmp_path):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    save(source / "masks" / "a.png", 255 * ROAD)
    save(source / "masks" / "b.png", 0 * ROAD)
    report = prepare(source, out)
    assert report.written == 2
    assert report.doubts == {"no pixel has a class": ["b.png"]}


def test_what_is_ignored(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    index = INDEX.copy()
    index[0] = 255
    save(source / "masks" / "a.png", index)
    prepare(source, out, classes=NUMBERS, ignore=255)
    assert masks_of(out) == "xxxx 0011 2200 2202"
    assert rows_of(out)["a"]["pixels_ignored"] == "4"


def test_background_of_another_value(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    save(source / "masks" / "a.png", np.array([9, 1, 0], np.uint8)[INDEX])
    prepare(source, out, classes=["road=1", "water=0", "background=9"])
    assert masks_of(out) == WHOLE


def test_classes_that_overlap(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    save(source / "masks" / "road" / "a.png", ROAD)
    save(source / "masks" / "wet" / "a.png", np.maximum(WATER, np.eye(4, dtype=np.uint8)[::-1]))
    said = refusal(prepare, source, out)
    assert "2 pixels that are road and wet" in said
    assert "--overlapping" in said
    prepare(source, out, overlapping=True)
    assert masks_of(out) == "001+ 00+1 2200 2202"
    assert not read_problem(out).exclusive


def test_a_number_may_stand_for_two_classes_that_overlap(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    save(source / "masks" / "a.png", np.array([0, 1, 3], np.uint8)[INDEX])
    prepare(source, out, classes=["road=1,3", "wet=3"], overlapping=True)
    assert masks_of(out) == "0011 0011 ++00 ++0+"


def test_an_image_without_a_file_for_a_class_has_none_of_it(tmp_path):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    folders(source)
    save(source / "masks" / "road" / "b.png", ROAD)
    report = prepare(source, out)
    assert masks_of(out, "b") == "0011 0011 0000 0000"
    assert "1 image without a file for water: taken to have none of it" in report.notes


def test_folders_that_nobody_has_named(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    folders(source)
    report = prepare(source, out, classes=["water"])
    assert masks_of(out, classes=1) == "0000 0000 1100 1101"
    assert "classes that nobody has named, left out: road" in report.notes


def test_jpeg_moves_colours_a_little(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    index = INDEX.repeat(32, 0).repeat(32, 1)
    save(source / "images" / "a.png", image(0, (128, 128, 3)))
    save(source / "masks" / "a.jpg", coloured(index), quality=90, subsampling=0)
    prepare(source, out, 128, classes=["road=#ff0000", "water=#0000ff"])
    masks = load_case(out / "a.npy")[..., 3:]
    assert (masks.argmax(-1) + masks.any(-1) == index).mean() > 0.99


def test_smooth_masks_are_refused_in_one_line(tmp_path):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.png", np.arange(16, dtype=np.uint8).reshape(4, 4) * 16)
    said = refusal(prepare, source, tmp_path / "out", classes=["nucleus=255"])
    assert not (tmp_path / "out").exists()
    assert 'and 7 more. Save masks without smoothing, or name ranges: --class "NAME=128-255" --class' in said
    prepare(source, tmp_path / "out", classes=["nucleus=128-255", "background=0-127"])
    assert masks_of(tmp_path / "out", classes=1) == "0000 0000 1111 1111"


@pytest.mark.parametrize(
    ("kind", "what"), [("png", "edges that were"), ("jpg", "the noise of JPEG, and edges that were")]
)
def test_smooth_edges_have_words_of_their_own(tmp_path, kind, what):
    source = tmp_path / "source"
    rows, columns = np.mgrid[-32:32, -32:32]
    for name, column in (("a", -15), ("b", 15)):  # discs too small to be areas, as JPEG has them
        smooth = np.clip(5.5 - np.hypot(rows, columns - column), 0, 1.5) / 1.5
        smooth += np.clip(4 - np.hypot(rows - 20, columns), 0, 3) / 3
        save(source / "images" / f"{name}.png", image(0, (64, 64, 3)))
        grey = (255 * np.clip(smooth, 0, 1) * (1 - 0.1 * np.cos(rows))).clip(0, 255).astype(np.uint8)
        save(source / "masks" / f"{name}.{kind}", grey, **({"quality": 75} if kind == "jpg" else {}))
    for classes in (None, ["nucleus"], ["nucleus=255"]):
        said = refusal(prepare, source, tmp_path / "out", classes=classes)
        assert f"These are {what} smoothed: say where they are cut, --class " in said
    prepare(source, tmp_path / "out", classes=["nucleus=128-255", "background=0-127"])


def test_pictures_among_the_masks_are_called_so(tmp_path):
    source = tmp_path / "source"
    for seed, folder in enumerate(("images", "masks")):
        save(source / folder / "a.png", image(seed, (64, 64)))
    for classes in (None, ["nucleus"], ["nucleus=255"]):
        said = refusal(prepare, source, tmp_path / "out", classes=classes)
        assert "So many, all over it, are those of a picture: name the folder that holds the masks (--masks)." in said
    report = prepare(source, tmp_path / "out", classes=["nucleus=1-255", "background=0"])
    assert report.doubts == {NEGATIVE: ["a.png"]}
    save(source / "images" / "a.png", np.where(image(0, (64, 64)) > 99, 255, 0).astype(np.uint8))
    save(source / "masks" / "a.png", np.full((64, 64), 255, np.uint8))
    report = prepare(source, tmp_path / "full", classes=["nucleus=255"])
    assert report.doubts == {"every pixel is nucleus": ["a.png"], "the image has two values: is it a mask?": ["a.png"]}
