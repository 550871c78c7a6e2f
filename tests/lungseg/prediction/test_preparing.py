"""How the images of a run are prepared: as a function has loaded them, as its recipe says, or as nobody has said."""

import warnings

import numpy as np
import pytest

from lungseg import segment
from lungseg.prediction import predict
from lungseg.preparation import Recipe
from lungseg.problems import Problem
from predicting import QUIET
from predicting import predict as command
from radiographs import refusal, save
from stand_ins import channel_network, save_run, threshold_network

LAKES = Problem(("near", "far", "wide"), ("lake", "island"))
IMAGE = np.zeros((32, 32, 3))
IMAGE[4:12, 4:12, 0], IMAGE[20:28, 20:28, 1] = 0.75, 0.875


def loaded_run(folder, network, problem, **settings):
    return save_run(folder, network, problem, load="read_lake", preparation=None, **settings)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory):
    return loaded_run(tmp_path_factory.mktemp("runs") / "run", channel_network(), LAKES, assumed_recipe=None)


def test_an_image_as_load_gives_it_is_taken_as_it_is(lakes):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found = segment(lakes, IMAGE)
    assert np.array_equal(found, IMAGE[..., :2] > 0.5)


def test_other_numbers_are_none_that_load_gives(lakes):
    said = refusal(segment, lakes, (255 * IMAGE).astype(np.uint8))
    assert "Received: uint8 from 0 to 223" in said
    assert "load(item)[0]" in said
    recipe = segment(lakes, (255 * IMAGE).astype(np.uint8), recipe="colour")
    assert np.array_equal(recipe, segment(lakes, IMAGE))


def test_of_a_file_nobody_knows_how_load_would_read_it(lakes, tmp_path):
    said = refusal(segment, lakes, save(tmp_path / "lake.png", (255 * IMAGE).astype(np.uint8)))
    assert "settings.json: expected to know" in said
    assert "segment(run, read_lake(item)[0])" in said
    assert "--recipe colour" in said


def test_a_grey_image_of_load_is_neither_cropped_nor_stretched(tmp_path):
    run = loaded_run(tmp_path / "run", threshold_network(32), Problem(classes=("disc",)), assumed_recipe="lungs")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found = segment(run, IMAGE[..., 0] / 2)  # up to 0.375: stretched, it would be 1
    assert not found.any()
    assert np.array_equal(segment(run, IMAGE[..., 0]), IMAGE[..., 0] > 0.5)


# ---- What nobody has said -------------------------------------------------------------------------


def warned(function, *arguments, **settings):
    """Return what a function returns, and the warnings of an assumed recipe."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*arguments, **settings)
    return result, [warning for warning in caught if "the recipe lungs is assumed" in str(warning.message)]


def test_a_recipe_that_nobody_knows_is_assumed_with_one_word(tmp_path, bright_square):
    unknown = save_run(tmp_path / "run", threshold_network(), preparation=None, assumed_recipe="lungs")
    known = save_run(tmp_path / "known", threshold_network(), preparation={"low": 5.0, "high": 95.0, "crop": True})
    found, (warning,) = warned(segment, unknown, bright_square)
    assert "test_preparing" in warning.filename  # whoever called, and no line of the package
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert np.array_equal(found, segment(known, bright_square))
        assert np.array_equal(found, segment(unknown, bright_square, recipe="lungs"))
        segment(unknown, bright_square, recipe=Recipe("mine", low=1, high=99))
    file = save(tmp_path / "a.png", bright_square)
    assert len(warned(predict, file, tmp_path / "out", unknown, **QUIET)[1]) == 1
    result, _ = command(unknown, file, out=tmp_path / "out")
    assert result.output.count("Warning: ") == 1
    assert "--recipe" in next(line for line in result.output.splitlines() if line.startswith("Warning: "))
    result, _ = command(unknown, file, out=tmp_path / "out", options=["--recipe", "lungs"])
    assert "Warning" not in result.output


def test_without_any_word_of_the_preparation_it_is_refused(tmp_path, bright_square):
    unknown = save_run(tmp_path / "run", threshold_network())
    assert "settings.json: expected to know how the cases" in refusal(segment, unknown, bright_square)
    segment(unknown, bright_square, recipe="grey")


def test_a_run_keeps_the_numbers_of_its_recipe(tmp_path):
    numbers = Recipe("mine", stretch="values", low=100, high=200).described()
    run = save_run(tmp_path / "run", threshold_network(), Problem(recipe="mine"), preparation=numbers)
    ramp = np.tile(np.arange(0, 256, dtype=np.uint8), (64, 1))
    found = segment(run, ramp, tile=32)
    assert np.array_equal(found, ramp >= 150)
