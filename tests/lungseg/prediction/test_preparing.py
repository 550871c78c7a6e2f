"""How the images of a run are prepared: those that a function loaded are taken as it gives them."""

import warnings

import numpy as np
import pytest

from lungseg import segment
from lungseg.problems import Problem
from lungseg.runs import write_json
from radiographs import refusal, save
from stand_ins import channel_network, threshold_network

LAKES = Problem(("near", "far", "wide"), ("lake", "island"))
IMAGE = np.zeros((32, 32, 3))
IMAGE[4:12, 4:12, 0], IMAGE[20:28, 20:28, 1] = 0.75, 0.875


def loaded_run(folder, network, problem, **settings):
    folder.mkdir()
    network.save(folder / "best.keras")
    said = {"problem": problem.described(), "size": [32, 32], "load": "read_lake", "preparation": None}
    write_json(folder / "settings.json", said | settings)
    return folder


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
