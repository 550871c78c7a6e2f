"""segment(): a mask at the file's own size, from models, runs and folders."""

import numpy as np
import pytest

from lungseg import InputError, build_unet, segment
from lungseg.masks.overlap import dice_of
from lungseg.prediction import open_model, open_network, predict_probability
from lungseg.problems import LUNGS
from radiographs import save
from stand_ins import threshold_network


def grey_noise(height, width):
    """A background in which the crop finds no border."""
    return np.random.default_rng(0).integers(90, 110, (height, width)).astype(np.uint8)


def test_the_mask_has_the_size_of_the_file_and_lies_where_the_object_is(tmp_path, bright_square):
    mask = segment(threshold_network(), save(tmp_path / "square.png", bright_square))
    assert mask.dtype == bool
    assert mask.shape == (60, 100)
    truth = bright_square == 200
    assert dice_of(mask, truth) > 0.9


def test_cleaning_keeps_two_components_and_fills_holes(tmp_path):
    image = grey_noise(64, 64)
    image[8:40, 4:24] = image[8:40, 36:60] = image[50:58, 30:34] = 200
    image[20:24, 10:14] = 100
    file = save(tmp_path / "three.png", image)
    model = threshold_network(64)
    assert segment(model, file)[54, 32]
    assert not segment(model, file)[22, 12]
    cleaned = segment(model, file, clean=True)
    assert not cleaned[54, 32]
    assert cleaned[22, 12]


def test_a_network_of_any_size_is_used_at_256(tmp_path, bright_square):
    file = save(tmp_path / "square.png", bright_square)
    probability, geometry = predict_probability(build_unet((None, None, 1), filters=2, depth=2), file)
    assert probability.shape == geometry.size == (256, 256)


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="dict"):
        open_model({})
    with pytest.raises(InputError, match="lungseg train"):
        open_model(tmp_path)
    with pytest.raises(InputError, match="repeats the grey channel three times"):
        open_network(build_unet((32, 32, 3), filters=2, depth=2), problem=LUNGS)


@pytest.mark.parametrize("threshold", [0, 1, 50, -0.1, float("nan"), None, True, "0.5"])
def test_a_threshold_is_a_probability(tmp_path, bright_square, threshold):
    with pytest.raises(InputError, match="between 0 and 1"):
        segment(threshold_network(), save(tmp_path / "a.png", bright_square), threshold=threshold)
