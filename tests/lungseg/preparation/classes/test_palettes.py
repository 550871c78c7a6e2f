"""Palettes that programs have made of the values of a mask: what a number means then."""

import numpy as np
import pytest
from PIL import Image

from problem_sources import BLUE, INDEX, NUMBERS, RED, coloured, images, masks_of, prepare, with_palette
from radiographs import refusal

COLOURS = ["road=#ff0000", "water=#0000ff"]
WATER = np.where(INDEX == 2, INDEX, 0)
VOC = [0, 0, 0, *RED, *BLUE, 128, 128, 128]  # with a grey


def palette(index, colours):
    picture = Image.fromarray(index)
    picture.putpalette(colours)
    return picture


def quantized(index):
    return Image.fromarray(coloured(index)).quantize()  # black comes last


def written(tmp_path, pictures, kind):
    source = images(tmp_path / "source", "ab"[: len(pictures)])
    (source / "masks").mkdir()
    for name, picture in zip("ab", pictures, strict=False):
        picture.save(source / "masks" / f"{name}.{kind}")
    return source


@pytest.mark.parametrize(
    ("picture", "kind", "classes", "expected"),
    [
        (Image.fromarray(WATER), "gif", NUMBERS, "0000 0000 2200 2202"),  # Pillow stores 0 and 1
        (Image.fromarray(INDEX * 100), "gif", ["road=100", "water=200"], "0011 0011 2200 2202"),
        (palette(INDEX, [0, 0, 0, 2, 2, 2, 1, 1, 1]), "png", NUMBERS, "0022 0022 1100 1101"),
        (palette(INDEX, [0] * 3 + [5] * 6), "png", NUMBERS, "0011 0011 2200 2202"),
        (palette(INDEX, VOC), "png", NUMBERS, "0011 0011 2200 2202"),
        (palette(INDEX, VOC), "gif", NUMBERS, "0011 0011 2200 2202"),
        (palette(np.where(INDEX, 3, 0).astype(np.uint8), VOC), "png", ["road=3", "sky=128"], "0011 0011 1100 1101"),
        (palette(INDEX, [9, 9, 0, *RED, *BLUE, *[0] * 9]), "png", NUMBERS, "0011 0011 2200 2202"),
        (quantized(INDEX), "png", COLOURS, "0011 0011 2200 2202"),
        (quantized(INDEX), "gif", COLOURS, "0011 0011 2200 2202"),
        (quantized(INDEX), "png", ["road=0", "water=1", "background=2"], "0011 0011 2200 2202"),
    ],
)
def test_what_a_number_means(tmp_path, picture, kind, classes, expected):
    prepare(written(tmp_path, [picture], kind), tmp_path / "out", classes=classes)
    assert masks_of(tmp_path / "out") == expected


def test_black_is_the_background_of_one_class_at_any_place(tmp_path):
    source = written(tmp_path, [quantized(INDEX * (INDEX == 1))], "png")
    prepare(source, tmp_path / "out", classes=["road"])
    assert masks_of(tmp_path / "out", classes=1) == "0011 0011 0000 0000"


@pytest.mark.parametrize("kind", ["png", "gif"])
def test_colours_that_were_numbered_anew_are_no_numbers(tmp_path, kind):
    source = written(tmp_path, [quantized(INDEX)], kind)
    said = refusal(prepare, source, tmp_path / "out", classes=NUMBERS)
    assert "Received: #0000ff (5 pixels), #ff0000 (4 pixels). It is in colour, or has a palette without black" in said
    assert '--class "NAME=#0000ff"' in said
    assert '--class "NAME1=#0000ff"' in refusal(prepare, source, tmp_path / "out")


def test_palettes_that_differ(tmp_path):
    source, out = written(tmp_path, [quantized(INDEX), quantized(WATER)], "png"), tmp_path / "out"
    with_palette(source / "masks" / "a.png")
    palette(INDEX, [0, 0, 0, *BLUE, *RED]).save(source / "masks" / "b.png")
    said = refusal(prepare, source, out, classes=NUMBERS)
    assert "b.png: expected the palette that " in said
    assert "Received: #0000ff at place 1, in place of #ff0000. Name colours, --class" in said
    assert not out.exists()
    prepare(source, out, classes=COLOURS)
    assert [masks_of(out, name) for name in "ab"] == ["0011 0011 2200 2202", "0022 0022 1100 1101"]
    prepare(source, tmp_path / "one", classes=["object=1-255"])  # whatever their colours
    assert masks_of(tmp_path / "one", "b", classes=1) == "0011 0011 1100 1101"


def test_one_number_is_of_one_colour_too(tmp_path):
    pictures = [palette(INDEX // 2, [0, 0, 0, *colour]) for colour in (RED, BLUE)]
    source = written(tmp_path, pictures, "png")
    assert "#0000ff at place 1" in refusal(prepare, source, tmp_path / "out", classes=["road=1"])
    (source / "masks" / "b.png").write_bytes(b"no picture")
    assert prepare(source, tmp_path / "out", classes=["road=1"]).written == 1


def test_each_class_may_have_its_palette(tmp_path):
    source = images(tmp_path / "source", "a")
    for name, colour, index in (("road", RED, INDEX == 1), ("water", BLUE, INDEX == 2)):
        (source / "masks" / name).mkdir(parents=True)
        palette(index.astype(np.uint8), [0, 0, 0, *colour]).save(source / "masks" / name / "a.png")
    prepare(source, tmp_path / "out", classes=["road=1", "water=1"], overlapping=True)
    assert masks_of(tmp_path / "out") == "0011 0011 2200 2202"


def test_palettes_of_which_one_is_longer(tmp_path):
    source = written(tmp_path, [palette(INDEX, VOC), palette(INDEX, VOC[:9])], "png")
    assert prepare(source, tmp_path / "out", classes=NUMBERS).written == 2
