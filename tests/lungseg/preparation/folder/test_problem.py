"""Images of any problem become cases: channels, sizes, recipes, what lies beside the cases, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from lungseg.cases import load_case
from lungseg.masks.outline import LINES
from lungseg.preparation import Recipe, read_manifest, recipe_of
from lungseg.problems import Problem, read_problem
from problem_sources import (
    INDEX,
    NUMBERS,
    colours,
    endings,
    folders,
    image,
    images,
    masks_of,
    numbers,
    places_in_a_palette,
    prepare,
    rows_of,
)
from radiographs import refusal, save, write_dicom


def test_channels_of_an_array(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    bands = np.random.default_rng(0).integers(0, 10_000, (4, 4, 5)).astype(np.uint16)
    (source / "images").mkdir(parents=True)
    np.save(source / "images" / "a.npy", bands)
    save(source / "masks" / "a.png", INDEX)
    prepare(source, out, classes=NUMBERS, channels="red,green,blue,nir,swir")
    np.testing.assert_allclose(load_case(out / "a.npy")[..., :5], bands / 65535, atol=1e-6)
    assert read_problem(out).channels == ("red", "green", "blue", "nir", "swir")
    prepare(source, tmp_path / "unnamed", classes=NUMBERS)
    assert read_problem(tmp_path / "unnamed").channels[4] == "channel 5"
    assert "Received: 5" in refusal(prepare, source, tmp_path / "other", classes=NUMBERS, channels="red,green")


def test_grey_of_colours(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    numbers(source)
    prepare(source, out, classes=NUMBERS, recipe="grey")
    assert load_case(out / "a.npy").shape == (4, 4, 3)
    assert read_problem(out) == Problem(("grey",), ("road", "water"), recipe="grey")


def test_lungs_with_other_classes_are_cropped(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    film = np.zeros((60, 40), np.uint8)
    film[20:] = np.random.default_rng(0).integers(100, 200, (40, 40))
    save(source / "images" / "a.png", film)
    mask = np.zeros((60, 40), np.uint8)
    mask[10:30, 4:10], mask[30:50, 20:30] = 1, 2  # the first reaches into the border
    save(source / "masks" / "a.png", mask)
    prepare(source, out, 20, recipe="lungs", classes=["heart=1", "lung=2"])
    assert read_manifest(out)["a"].crop == (10, 0, 60, 40)
    assert load_case(out / "a.npy")[..., 1:].sum((0, 1)).tolist() == [8 * 3, 8 * 5]  # 50 rows become 20


def test_height_and_width(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    numbers(source)
    prepare(source, out, (2, 4), classes=NUMBERS)
    assert masks_of(out) == "0011 2202"  # where both have half of a pixel, the class has it
    assert read_manifest(out)["a"].size == (2, 4)


def test_the_size_of_a_pixel(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    (source / "images").mkdir(parents=True)
    write_dicom(source / "images" / "a.dcm", np.arange(16, dtype=np.uint8).reshape(4, 4), PixelSpacing=[0.2, 0.3])
    save(source / "images" / "b.png", image(0, (4, 4)))
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    prepare(source, out, 2, classes=NUMBERS, recipe="grey")
    rows = rows_of(out)
    assert [rows["a"]["pixel_height_mm"], rows["a"]["pixel_width_mm"]] == ["0.4", "0.6"]
    assert rows["b"]["pixel_height_mm"] == ""


def test_a_file_that_cannot_be_used_is_named_and_the_rest_is_done(tmp_path):
    source, out = images(tmp_path / "source", "abcde"), tmp_path / "out"
    for name in "abcd":
        save(source / "masks" / f"{name}.png", INDEX)
    save(source / "masks" / "a.png", np.array([0, 1, 7], np.uint8)[INDEX])
    save(source / "masks" / "b.png", INDEX[:2])
    (source / "images" / "c.png").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"^Left out: 3 images that failed \(the first: .*a\.png: expected values"):
        report = prepare(source, out, classes=NUMBERS)
    said = "\n".join(reason for _, reason in report.failed)
    assert (
        "a.png: expected values of road, water or background. Received: 7 (5 pixels). Name it, "
        '--class "NAME=7" (in Python classes={"NAME": 7}); or have it ignored, --ignore "7" (in Python ignore="7").'
        in said
    )
    assert "b.png: expected 4 x 4 pixels (rows x columns)" in said
    assert "c.png: expected" in said
    assert report.without_mask == ["e.png"]
    assert [path.name for path in out.glob("*.npy")] == ["d.npy"]


def test_what_lies_beside_the_cases(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    colours(source)
    prepare(source, out, classes=["road=#ff0000", "water=#0000ff"], colours={"water": "#56b4e9"})
    assert sorted(path.name for path in out.iterdir()) == [
        "a.npy",
        "cases.json",
        "manifest.csv",
        "overview.png",
        "recipe.json",
    ]
    assert json.loads((out / "cases.json").read_text()) == {
        "format": 1,
        "channels": ["red", "green", "blue"],
        "classes": ["road", "water"],
        "exclusive": True,
        "recipe": "colour",
        "colours": {"road": "#ff0000", "water": "#56b4e9"},
    }
    drawn = np.asarray(Image.open(out / "overview.png").convert("RGB")).reshape(-1, 3)
    for colour in ((255, 0, 0), (0x56, 0xB4, 0xE9)):
        assert (drawn == colour).all(-1).sum() > 100


def test_three_numbers_are_values_where_masks_have_numbers(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    numbers(source)
    prepare(source, out, classes={"land": (1, 2, 3)})
    assert masks_of(out, classes=1) == "0011 0011 1100 1101"


@pytest.mark.parametrize(
    ("write", "options", "said"),
    [
        (numbers, {}, '1 (in 1 file), 2 (in 1 file), beside 0. Name each, --class "NAME1=1" --class "NAME2=2" (in'),
        (colours, {}, '#0000ff (in 1 file), #ff0000 (in 1 file), beside 0. Name each, --class "NAME1=#0000ff"'),
        (numbers, {"classes": ["road", "water"]}, '--class "road=1" --class "water=2"'),
        (colours, {"classes": ["road", "water"]}, '(in Python classes={"road": "#0000ff", "water": "#ff0000"})'),
        (
            colours,
            {"classes": {"road": (255, 0, 0)}},
            '(255, 0, 0), and masks in colour. Write classes={"road": "#ff0000"}.',
        ),
        (places_in_a_palette, {"classes": {"road": [255, 0, 0]}}, 'Write classes={"road": "#ff0000"}.'),
        (colours, {"classes": {"road": "red"}}, """Received: 'red'. Write classes={"NAME": 1}, or"""),
        (colours, {"classes": ["road=red"]}, "Received: 'red'. Write NAME=1, NAME=1,2, "),
        (numbers, {"classes": ["road=1", "water"]}, "class water: expected values"),
        (numbers, {"classes": ["road=1", "road=2"]}, "class road: expected it once"),
        (numbers, {"classes": ["road=1", "water=1"]}, "Received: 1, which is road, too"),
        (numbers, {"classes": ["road=1-3", "water=2"]}, "Received: 2, which is road, too"),
        (numbers, {"classes": ["road=one"]}, "Received: 'one'"),
        (numbers, {"classes": ["a/b=1"]}, "begins with a letter or a digit. Received: 'a/b'. Choose another name."),
        (
            numbers,
            {"classes": ["road:1", "water:2"]},
            'Write --class "road=1" (in Python classes={"road": 1}).',
        ),
        (numbers, {"classes": {"road:1": 1}}, 'Write --class "road=1"'),
        (colours, {"classes": "road:#ff0000"}, 'Write --class "road=#ff0000"'),
        (numbers, {"classes": ["background=1"]}, "Received: 0 (7 pixels), 2 (5 pixels)"),
        (numbers, {"classes": NUMBERS, "ignore": 2}, "which is water, too"),
        (folders, {"classes": ["street"]}, "road, water, none for street"),
        (numbers, {"classes": NUMBERS, "tile": 2}, "size or tile. Received: both"),
        (numbers, {"classes": NUMBERS, "lung_values": 1}, "lung_values: expected with masks of lungs alone"),
        (numbers, {"classes": NUMBERS, "recipe": "color"}, "lungs, grey, colour"),
        (numbers, {"classes": NUMBERS, "colours": {"heart": "#ff0000"}}, "heart"),
        (numbers, {"classes": NUMBERS, "channels": "red,red,blue"}, "each name once"),
        (endings, {}, "--class"),
    ],
)
def test_refusals(tmp_path, write, options, said):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    write(source)
    assert said in refusal(prepare, source, out, **options)
    assert not out.exists()


def test_a_recipe_of_ones_own_is_kept_beside_the_cases(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    numbers(source)
    recipe = Recipe("half", ("red", "green", "blue"), stretch="values", low=0, high=510)
    prepare(source, out, classes=NUMBERS, recipe=recipe)
    np.testing.assert_allclose(load_case(out / "a.npy")[..., :3], image(0) / 510, atol=1e-6)
    assert recipe_of([out / "a.npy"]) == recipe
    prepare(source, tmp_path / "tiles", None, tile=2, classes=NUMBERS)
    assert recipe_of([tmp_path / "tiles" / "a_r0_c0.npy"]).tiled


def test_colours_of_dicom_are_not_read_as_three_channels(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    (source / "images").mkdir(parents=True)
    write_dicom(source / "images" / "a.dcm", image(0), kind="RGB")
    numbers(source)
    assert "DICOM in colour" in refusal(prepare, source, out, classes=NUMBERS)


def test_the_overview_hatches_what_is_ignored(tmp_path):
    source = tmp_path / "source"
    save(source / "images" / "a.png", np.full((32, 32, 3), (0, 0, 200), np.uint8))  # no grey anywhere
    mask = np.zeros((32, 32), np.uint8)
    mask[:8], mask[-4:, -4:] = 255, 1
    save(source / "masks" / "a.png", mask)
    hatched = {}
    for out, options in ((tmp_path / "some", {"ignore": 255}), (tmp_path / "none", {"classes": ["road=1", "sky=255"]})):
        prepare(source, out, 32, **{"classes": ["road=1"]} | options)
        picture = np.asarray(Image.open(out / "overview.png").convert("RGB"))
        hatched[out.name] = (picture == LINES).all(-1)
    top = 13 + 2 * 8  # of the picture of the case, which is 192 pixels high
    assert 0.1 < hatched["some"][top : top + 48, 8:200].mean() < 0.4
    assert not hatched["some"][top + 48 : top + 192].any()
    assert hatched["some"][:top].sum() > 50  # its legend
    assert not hatched["none"][top : top + 192].any()
    assert hatched["none"][:top].sum() < 20  # rims of letters are grey, too
