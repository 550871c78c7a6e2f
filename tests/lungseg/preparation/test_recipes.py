"""How the numbers of a file become an image in [0, 1], and what of it is kept."""

import json

import numpy as np
import pytest

from lungseg.preparation.case import prepare_image
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.recipe import Recipe, Window
from lungseg.preparation.recipes import find_recipe, read_file, recipe_from, recipe_of, register_recipe
from radiographs import chest, refusal, save


@pytest.fixture(autouse=True)
def no_recipes_of_others(monkeypatch):
    monkeypatch.setattr("lungseg.preparation.recipes._REGISTERED", {})


# ---- The shipped ones ---------------------------------------------------------------------------


def test_lungs_are_prepared_as_ever():
    image, _ = chest(100, 90, (20, 5, 0, 10))
    prepared, geometry = find_recipe("lungs").prepare_image(image, (40, 30))
    before, as_before = prepare_image(image, (40, 30))
    assert prepared.tobytes() == before.tobytes()
    assert geometry == as_before
    assert geometry.crop != CropBox(0, 0, 120, 105)


def test_colour_of_each_type():
    colour = find_recipe("colour")
    for values, most in (
        (np.full((2, 2, 3), 51, np.uint8), 255),
        (np.full((2, 2, 3), 13107, np.uint16), 65535),
        (np.full((2, 2, 3), 0.2, np.float32), 1),
    ):
        assert colour.window(values) == (0, most)
        np.testing.assert_allclose(colour.prepare_image(values)[0], 0.2, atol=1e-6)


@pytest.mark.parametrize("values", [np.full((2, 2), -3, np.int16), np.array([[0.0, 900.5]])])
def test_numbers_that_do_not_say_what_is_white(values):
    said = refusal(find_recipe("colour").prepare_image, values)
    assert 'Recipe("mine", stretch="values"' in said
    assert refusal(find_recipe("colour").window, values) == said


def test_grey_goes_from_percentile_to_percentile_without_a_crop():
    image = np.zeros((20, 50))
    image[5:] = np.arange(750).reshape(15, 50)  # a quarter is black border
    prepared, geometry = find_recipe("grey").prepare_image(image)
    assert geometry.crop == CropBox(0, 0, 20, 50)
    assert geometry.high == np.percentile(image, 99.5)
    np.testing.assert_allclose(prepared, np.clip(image / geometry.high, 0, 1), atol=1e-6)


def test_one_value_only_is_refused_where_a_contrast_is_to_be_stretched():
    assert "7 in every pixel" in refusal(find_recipe("grey").prepare_image, np.full((4, 4), 7))


# ---- One of one's own ---------------------------------------------------------------------------


def test_a_window_of_values():
    recipe = Recipe("ct", stretch="values", low=-1000, high=1000)
    prepared, geometry = recipe.prepare_image(np.array([[-2000, -1000, 0, 500, 3000]]))
    assert prepared.tolist() == [[0, 0, 0.5, 0.75, 1]]
    assert (geometry.low, geometry.high) == (-1000, 1000)


def test_channels_together_and_each_by_itself():
    image = np.stack([np.arange(101.0), np.arange(101.0) * 10, np.full(101, 5.0)], axis=-1)[None]  # (1, 101, 3)
    together = Recipe("one", low=0, high=100).window(image)
    assert together == Window(0, 1000)
    each = Recipe("each", low=0, high=100, jointly=False)
    assert each.window(image) == Window((0, 0, 5), (100, 1000, 10))
    prepared, geometry = each.prepare_image(image)
    np.testing.assert_allclose(prepared[0, 50], [0.5, 0.5, 0], atol=1e-6)
    assert geometry.high == (100, 1000, 10)


def test_a_piece_is_scaled_as_the_whole():
    image = np.random.default_rng(0).integers(0, 4000, (30, 40, 2)).astype(np.uint16)
    for recipe in (Recipe("a", ("x", "y")), Recipe("b", ("x", "y"), jointly=False), find_recipe("colour")):
        whole = recipe.prepare_image(image)[0]
        piece = recipe.scale(image[5:9, 30:], recipe.window(image))
        np.testing.assert_array_equal(piece, whole[5:9, 30:])


def test_a_function_is_kept_by_its_name():
    def halved(image):
        return image / 510

    recipe = register_recipe(Recipe("mine", function=halved))
    assert find_recipe("mine") is recipe
    np.testing.assert_allclose(recipe.prepare_image(np.full((4, 4), 255))[0], 0.5)
    said = json.loads(json.dumps(recipe.described()))
    assert said["function"] == "halved"
    assert recipe_from(said, "settings.json") == recipe
    assert recipe_from(said | {"tiled": True}, "settings.json").tiled


def test_a_function_that_nobody_has_registered():
    said = Recipe("mine", function=np.tanh).described()
    text = refusal(recipe_from, said, "run/settings.json")
    assert text.startswith("run/settings.json: ")
    assert "register_recipe(Recipe('mine', function=tanh))" in text


@pytest.mark.parametrize(
    ("function", "received"),
    [
        (lambda image: image[:2], "shape (2, 4)"),
        (lambda image: image + 2, "2 to 2"),
        (lambda image: image * np.nan, "nan"),
    ],
)
def test_a_function_that_gives_something_else(function, received):
    said = refusal(Recipe("mine", function=function).prepare_image, np.zeros((4, 4)))
    assert said.startswith("recipe mine: ")
    assert received in said


def test_every_number_comes_back():
    for recipe in (
        find_recipe("lungs"),
        find_recipe("colour"),
        Recipe("s", ("red", "nir"), "values", low=0, high=1e4, components=3),
        Recipe("p", low=2, high=98, jointly=False, crop=True, lungs=True),
    ):
        assert recipe_from(json.loads(json.dumps(recipe.described())), "settings.json") == recipe


def test_the_numbers_of_a_run_count_not_those_of_a_newer_version():
    said = find_recipe("grey").described() | {"low": 2.0}
    assert recipe_from(said, "settings.json").low == 2


def test_what_older_runs_say_of_lungs():
    assert recipe_from({"low": 5.0, "high": 95.0, "crop": True}, "settings.json") == find_recipe("lungs")


@pytest.mark.parametrize(
    ("said", "received"),
    [
        ({"recipe": "a", "strech": "values"}, "strech"),
        ({"recipe": "a", "stretch": "log"}, "log"),
        ({"recipe": "a", "stretch": "values"}, "nothing and nothing"),
        ({"recipe": "a", "low": 95, "high": 5}, "95 and 5"),
        ({"recipe": "a", "low": 5, "high": 101}, "5 and 101"),
        ({"low": 1, "high": 2}, "none"),
        ({"recipe": 3}, "3"),
        ([1], "[1]"),
        ({"recipe": "a", "components": 0}, "0"),
    ],
)
def test_a_file_that_holds_no_recipe(said, received):
    text = refusal(recipe_from, said, "mine.json")
    assert "mine.json" in text or "recipe 'a'" in text
    assert f"Received: {received}" in text or repr(received) in text


def test_a_recipe_in_a_file(tmp_path):
    path = tmp_path / "ct.json"
    path.write_text('{"recipe": "ct", "stretch": "values", "low": -1000, "high": 400}')
    assert find_recipe(path) == find_recipe(str(path)) == Recipe("ct", stretch="values", low=-1000, high=400)


def test_names():
    assert "lungs, grey, colour" in refusal(find_recipe, "color")
    assert "'grey'" in refusal(register_recipe, Recipe("grey"))
    assert "str" in refusal(register_recipe, "grey")


# ---- Files and folders --------------------------------------------------------------------------


def test_the_channels_of_a_file(tmp_path):
    grey = save(tmp_path / "grey.png", np.array([[0, 255]], np.uint8))
    red = save(tmp_path / "red.png", np.array([[[255, 0, 0], [7, 7, 7]]], np.uint8))
    assert read_file(find_recipe("lungs"), red).values.tolist() == [[76, 7]]
    assert read_file(find_recipe("grey"), red).values.tolist() == [[76, 7]]
    assert read_file(find_recipe("colour"), grey).values.tolist() == [[[0] * 3, [255] * 3]]
    assert read_file(find_recipe("colour"), grey, channels=1).values.dtype == np.uint8
    assert "expected 5 channels. Received: 3" in refusal(read_file, find_recipe("colour"), red, 5)


def test_cases_tell_their_recipe(tmp_path):
    ours = tmp_path / "ours"
    ours.mkdir()
    assert recipe_of([ours / "a.npy"]) is None
    recipe = Recipe("ct", stretch="values", low=-1000, high=400)
    (ours / "recipe.json").write_text(json.dumps(recipe.described()))
    assert recipe_of([ours / "a.npy", ours / "b.npy"]) == recipe
    assert recipe_of([ours / "a.npy", tmp_path / "b.npy"]) is None
    assert recipe_of([]) is None
