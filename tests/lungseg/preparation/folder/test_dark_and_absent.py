"""What `prepare` says of dark images and of classes that no mask has, and how overview.png draws cases."""

import json

import numpy as np
import pytest
from PIL import Image

from lungseg.preparation import Recipe
from lungseg.preparation.folder import overview
from problem_sources import INDEX, images, prepare
from radiographs import refusal, save


def twelve_bits(source):
    save(source / "images" / "a.tif", np.random.default_rng(0).integers(0, 4095, (8, 8)).astype(np.uint16))
    save(source / "masks" / "a.png", np.eye(8, dtype=np.uint8))
    return source


def test_a_recipe_for_images_that_use_little_of_the_range(tmp_path):
    source = twelve_bits(tmp_path / "source")
    (said,) = [note for note in prepare(source, tmp_path / "out", 8, classes=["one"]).notes if "%" in note]
    assert said.startswith("1 image uses 6.2 % of the range of their type, up to ")
    recipe = said[said.index("{") : said.index("}") + 1]
    assert json.loads(recipe)["channels"] == ["red", "green", "blue"]
    (tmp_path / "mine.json").write_text(recipe)
    bright = prepare(source, tmp_path / "bright", 8, recipe=tmp_path / "mine.json", classes=["one"])
    assert not any("%" in note for note in bright.notes)
    assert np.load(tmp_path / "bright" / "a.npy")[..., :3].max() == 1
    own = Recipe("wide", ("grey",), "values", 0, 65_535)
    notes = prepare(source, tmp_path / "tiles", None, tile=4, recipe=own, classes=["one"]).notes
    assert any(note.startswith("1 image uses 6.2 % of the range of the recipe, up to ") for note in notes)


def test_dark_cases_are_drawn_bright(tmp_path):
    prepare(twelve_bits(tmp_path / "source"), tmp_path / "out", 8, classes=["one"])
    drawn = np.asarray(Image.open(tmp_path / "out" / "overview.png").convert("L"))
    top = drawn.shape[0] - overview.SIDE - 3 * overview.LINE - overview.GAP
    assert drawn[top : top + overview.SIDE, overview.GAP : overview.GAP + overview.SIDE].mean() > 60


@pytest.mark.parametrize("shape", [(6, 8), (8, 4)])
def test_the_overview_keeps_proportions(tmp_path, shape):
    source = tmp_path / "source"
    save(source / "images" / "a.png", np.full((*shape, 3), 100, np.uint8))
    save(source / "masks" / "a.png", np.eye(*shape, dtype=np.uint8))
    prepare(source, tmp_path / "out", shape, classes=["one"])
    drawn = (np.asarray(Image.open(tmp_path / "out" / "overview.png").convert("RGB")) == 100).all(-1)
    height, width = drawn.any(axis=1).sum(), drawn.any(axis=0).sum()
    assert height / width == pytest.approx(shape[0] / shape[1], rel=0.06)
    assert len(drawn) - height <= 4 * overview.LINE + 3 * overview.GAP  # text, and no empty band


def test_the_overview_writes_all_letters(tmp_path):
    source = tmp_path / "source"
    sheets = {}
    for name in ("Kafer", "Käfer", "Ka\N{COMBINING DIAERESIS}fer", "Ka?fer"):
        source, out = images(tmp_path / name / "source", [name]), tmp_path / name / "out"
        save(source / "masks" / f"{name}.png", INDEX)
        prepare(source, out, classes=["road=1", "water=2"])
        sheets[name] = (out / "overview.png").read_bytes()
    assert sheets["Käfer"] == sheets["Ka\N{COMBINING DIAERESIS}fer"]
    assert len(set(sheets.values())) == 3


def test_long_names_are_cut_in_the_overview():
    font = overview._font()
    assert overview._fitting("W" * 90, font).endswith("WWW...")
    assert font.getlength(overview._fitting("W" * 90, font)) <= overview.SIDE
    assert overview._two_lines(f"{'a ' * 60}", font)[1]


def test_a_class_that_no_mask_has_is_not_called_in_order(tmp_path):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.png", INDEX)
    said = prepare(source, tmp_path / "out", classes=["road=1", "water=2", "wall=7"]).summary()
    assert "none of the masks has wall" in said
    assert "No mask is odd" not in said
    assert "No mask is odd" in prepare(source, tmp_path / "two", classes=["road=1", "water=2"]).summary()


def test_messages_show_the_way(tmp_path):
    source = images(tmp_path / "source", "a")
    (source / "masks").mkdir()
    assert "masks/, which is empty" in refusal(prepare, source, tmp_path / "out")
    (source / "masks" / "a.png").write_bytes(b"no image")
    said = refusal(prepare, source, tmp_path / "out", classes=["road=1"])
    assert "masks/a.png: expected PNG, JPEG, TIFF, GIF, BMP or .npy." in said
    said = refusal(prepare, source, tmp_path / "out", classes=["road=1", "road=2-4"])
    assert 'Write its values behind one another: "road=1,2-4".' in said


def test_images_that_are_transparent_are_told(tmp_path):
    for alpha, times in ((128, 1), (255, 0)):
        source = tmp_path / f"source {alpha}"
        save(source / "images" / "a.png", np.full((4, 4, 4), (200, 100, 50, alpha), np.uint8))
        save(source / "masks" / "a.png", INDEX)
        report = prepare(source, tmp_path / f"out {alpha}", classes=["road=1", "water=2"])
        assert sum(note.startswith("1 image partly transparent: laid on black") for note in report.notes) == times
