"""Large images, cut into tiles: each pixel is in one of them, as it was."""

import numpy as np

from lungseg.cases import load_case
from lungseg.preparation import Recipe, read_manifest
from problem_sources import INDEX, NUMBERS, image, images, numbers, prepare
from radiographs import refusal, save


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


def test_a_recipe_that_crops_cuts_no_tiles(tmp_path):
    source = images(tmp_path / "source", "a")
    numbers(source)
    said = refusal(prepare, source, tmp_path / "out", None, tile=2, recipe="lungs", classes=NUMBERS)
    assert "a recipe that does not crop" in said


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
