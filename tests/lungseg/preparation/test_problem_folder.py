"""Cases of any problem: layouts by kinds of masks, each worked out by hand."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from lungseg.cases import load_case
from lungseg.masks.drawn import NEGATIVE
from lungseg.masks.outline import LINES
from lungseg.preparation import Recipe, problem_cases, read_manifest, recipe_of
from lungseg.problems import Problem, read_problem
from problem_sources import INDEX, coloured, image, images, masks_of, prepare, with_palette
from radiographs import chest, refusal, save, write_dicom

WHOLE = "0011 0011 2200 2202"  # as `INDEX` is
ROAD, WATER = (INDEX == 1).astype(np.uint8), (INDEX == 2).astype(np.uint8)
NUMBERS = ["road=1", "water=2"]


def rows_of(out):
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return {row["case"]: row for row in csv.DictReader(file)}


# ---- Layouts, by kinds of masks -----------------------------------------------------------------


def numbers(source):
    save(source / "masks" / "a.png", INDEX)


def other_numbers(source):
    save(source / "labels" / "a_label.png", np.array([0, 40, 250], np.uint8)[INDEX])


def numbers_of_16_bits(source):
    save(source / "masks" / "a.tif", np.array([0, 1, 60000], np.uint16)[INDEX])


def an_array(source):
    (source / "masks").mkdir()
    np.save(source / "masks" / "a.npy", INDEX.astype(np.int64))


def places_in_a_palette(source):
    with_palette(source / "masks" / "a.png")


def colours(source):
    save(source / "masks" / "a.png", coloured())


def folders(source):
    save(source / "masks" / "road" / "a.png", 255 * ROAD)
    save(source / "masks" / "water" / "a.png", WATER)


def folders_of_masks(source):
    save(source / "road masks" / "a.png", 255 * ROAD)
    save(source / "water_masks" / "a_mask.png", 255 * WATER)


def endings(source):
    save(source / "masks" / "a_road.png", 255 * ROAD)
    save(source / "masks" / "a_water.png", 255 * WATER)


def endings_beside_images(source):
    save(source / "images" / "a_road.png", 255 * ROAD)
    save(source / "images" / "a_water.png", 255 * WATER)


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


# ---- Images -------------------------------------------------------------------------------------


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


# ---- Tiles --------------------------------------------------------------------------------------


def test_tiles(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    picture, mask = image(3, (5, 4, 3)), np.arange(20, dtype=np.uint8).reshape(5, 4) % 3
    save(source / "images" / "a.png", picture)
    save(source / "masks" / "a.png", mask)
    report = prepare(source, out, None, tile=(2, 3), classes=NUMBERS)
    assert report.written == 6
    rebuilt = np.full((5, 4), -1)
    for name, geometry in read_manifest(out).items():
        case = load_case(out / f"{name}.npy")
        np.testing.assert_allclose(case[..., :3], geometry.crop.cut(picture) / 255, atol=1e-6)
        geometry.crop.cut(rebuilt)[:] = (case[..., 3:] * [1, 2]).sum(-1)
    np.testing.assert_array_equal(rebuilt, mask)
    assert sorted(read_manifest(out)) == [f"a_r{row}_c{column}" for row in range(3) for column in range(2)]
    assert prepare(source, out, None, tile=(2, 3), classes=NUMBERS).reused == 6


def test_the_contrast_of_a_tile_is_that_of_the_image(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    picture = np.arange(64, dtype=np.uint8).reshape(8, 8)
    save(source / "images" / "a.png", picture)
    save(source / "masks" / "a.png", picture % 2)
    prepare(source, out, None, tile=4, recipe="grey")
    low, high = np.percentile(picture, [0.5, 99.5])
    tile = load_case(out / "a_r1_c0.npy")[..., 0]
    np.testing.assert_allclose(tile, np.clip((picture[4:, :4] - low) / (high - low), 0, 1), atol=1e-5)


def test_tiles_that_are_ignored_altogether_are_left_out(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    index = INDEX.copy()
    index[:2, :2] = 9
    save(source / "masks" / "a.png", index)
    assert prepare(source, out, None, tile=2, classes=NUMBERS, ignore=9).written == 3
    assert not (out / "a_r0_c0.npy").exists()
    assert prepare(source, out, None, tile=2, classes=NUMBERS, ignore=9).reused == 3


def test_an_image_that_is_smaller_than_a_tile_is_named(tmp_path):
    source = images(tmp_path / "source", "a")
    numbers(source)
    assert "at least one tile, 5 x 5 pixels" in refusal(
        prepare, source, tmp_path / "out", None, tile=5, classes=NUMBERS
    )


# ---- Again --------------------------------------------------------------------------------------


def test_what_is_done_stays_and_what_has_changed_is_made_anew(tmp_path):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    assert prepare(source, out, classes=NUMBERS).written == 2
    save(source / "masks" / "b.png", INDEX.T.copy())
    again = prepare(source, out, classes=NUMBERS)
    assert (again.written, again.reused) == (1, 1)
    assert masks_of(out, "b") == "0022 0022 1100 1102"
    other = prepare(source, out, classes=["water=2", "road=1"], overwrite=True)
    assert (other.written, other.reused) == (2, 0)
    assert read_problem(out).classes == ("water", "road")


def test_cases_of_other_classes_are_not_mixed(tmp_path):
    for name, letter in (("first", "a"), ("second", "c")):
        images(tmp_path / name, letter)
        save(tmp_path / name / "masks" / f"{letter}.png", INDEX)
    out = tmp_path / "out"
    prepare(tmp_path / "first", out, classes=NUMBERS)
    said = refusal(prepare, tmp_path / "second", out, classes=["water=2", "road=1"])
    assert "by which 1 case in it was prepared, classes road=1 water=2. Received: classes water=2 road=1." in said
    assert prepare(tmp_path / "second", out, classes=NUMBERS).kept == 1
    assert prepare(tmp_path / "second", out, classes=["water=2", "road=1"], overwrite=True).kept == 0
    assert sorted(path.name for path in out.glob("*.npy")) == ["c.npy"]


def test_a_file_that_cannot_be_used_is_named_and_the_rest_is_done(tmp_path):
    source, out = images(tmp_path / "source", "abcde"), tmp_path / "out"
    for name in "abcd":
        save(source / "masks" / f"{name}.png", INDEX)
    save(source / "masks" / "a.png", np.array([0, 1, 7], np.uint8)[INDEX])
    save(source / "masks" / "b.png", INDEX[:2])
    (source / "images" / "c.png").write_bytes(b"no image")
    report = prepare(source, out, classes=NUMBERS)
    said = "\n".join(reason for _, reason in report.failed)
    assert (
        "a.png: expected values of road, water or background. Received: 7 (5 pixels). Name it (--class NAME=7)" in said
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


# ---- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "options", "said"),
    [
        (numbers, {}, '1 (in 1 file), 2 (in 1 file), beside 0. Name each, --class "NAME1=1" --class "NAME2=2" and'),
        (colours, {}, '#0000ff (in 1 file), #ff0000 (in 1 file), beside 0. Name each, --class "NAME1=#0000ff"'),
        (numbers, {"classes": ["road", "water"]}, '--class "road=1" --class "water=2"'),
        (numbers, {"classes": ["road=1", "water"]}, "class water: expected values"),
        (numbers, {"classes": ["road=1", "road=2"]}, "class road: expected it once"),
        (numbers, {"classes": ["road=1", "water=1"]}, "Received: 1, which is road, too"),
        (numbers, {"classes": ["road=1-3", "water=2"]}, "Received: 2, which is road, too"),
        (numbers, {"classes": ["road=one"]}, "Received: 'one'"),
        (numbers, {"classes": ["a/b=1"]}, "a/b"),
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


def test_a_recipe_that_crops_cuts_no_tiles(tmp_path):
    source = images(tmp_path / "source", "a")
    numbers(source)
    said = refusal(prepare, source, tmp_path / "out", None, tile=2, recipe="lungs", classes=NUMBERS)
    assert "a recipe that does not crop" in said


def test_smooth_masks_are_refused_in_one_line(tmp_path):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.png", np.arange(16, dtype=np.uint8).reshape(4, 4) * 16)
    said = refusal(prepare, source, tmp_path / "out", classes=["nucleus=255"])
    assert not (tmp_path / "out").exists()
    assert "and 7 more. Save masks without smoothing, or name ranges: --class NAME=128-255 --class background" in said
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


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    source, out = images(tmp_path / "source", "abc"), tmp_path / "out"
    for name in "abc":
        save(source / "masks" / f"{name}.png", INDEX)
    read = problem_cases.read_labels

    def interrupted(files, *others):
        if files[0].stem == "c":
            raise KeyboardInterrupt
        return read(files, *others)

    with monkeypatch.context() as patch:
        patch.setattr(problem_cases, "read_labels", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(source, out, classes=NUMBERS)
    report = prepare(source, out, classes=NUMBERS)
    assert (report.written, report.reused) == (1, 2)


def test_a_folder_of_lungs_becomes_one_of_another_problem_and_back(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    film, lungs = chest(60, 60)
    save(source / "images" / "a.png", film.astype(np.uint8))
    save(source / "masks" / "a.png", lungs.astype(np.uint8))
    prepare(source, out, 32, recipe="lungs")
    before = (out / "a.npy").read_bytes()
    assert not (out / "cases.json").exists()
    assert "recipe lungs. Received: recipe grey" in refusal(prepare, source, out, 32, recipe="grey", classes=["lung"])
    prepare(source, out, 32, recipe="grey", classes=["lung"], overwrite=True)
    assert read_problem(out).recipe == "grey"
    assert "recipe grey. Received: recipe lungs" in refusal(prepare, source, out, 32, recipe="lungs")
    assert prepare(source, out, 32, recipe="lungs", overwrite=True).written == 1
    assert (out / "a.npy").read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == ["a.npy", "manifest.csv", "overview.png"]


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


def test_an_image_that_fails_half_way_leaves_no_tiles(tmp_path):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)

    def not_the_last_of_b(piece):
        if np.array_equal(piece, image(1)[2:, 2:]):
            raise ValueError("too dark")
        return piece / 255

    recipe = Recipe("mine", ("red", "green", "blue"), function=not_the_last_of_b)
    report = prepare(source, out, None, tile=2, classes=NUMBERS, recipe=recipe)
    assert report.written == 4
    assert "ValueError: too dark" in report.failed[0][1]
    assert {path.stem[0] for path in out.glob("*.npy")} == {"a"}
