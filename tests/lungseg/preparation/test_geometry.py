"""From the size of the network to the pixels of the radiograph."""

import dataclasses

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.masks.overlap import dice_of
from lungseg.preparation.case import prepare_image, resize_mask
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry
from radiographs import chest


@pytest.mark.parametrize("size", [64, 256, (96, 80)])
def test_mask_returns_to_its_original_pixels(size):
    image, lungs = chest(300, 260, (50, 0, 25, 40))
    _, geometry = prepare_image(image, size)
    back = geometry.to_original(resize_mask(geometry.crop.cut(lungs), size))
    assert back.dtype == bool
    assert back.shape == lungs.shape
    assert dice_of(back, lungs) > (0.97 if size == 64 else 0.985)


def test_probabilities_return_too():
    geometry = Geometry(4, 4, CropBox(0, 1, 4, 3), (2, 2))
    prediction = np.array([[0.2, 0.6], [0.2, 0.6]])
    back = geometry.to_original(prediction[..., None], threshold=None)
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, np.tile([0, 0.2, 0.6, 0], (4, 1)), atol=1e-6)
    np.testing.assert_array_equal(geometry.to_original(prediction), np.tile([0, 0, 1, 0], (4, 1)))
    np.testing.assert_array_equal(geometry.to_original(prediction, 0.1), np.tile([0, 1, 1, 0], (4, 1)))
    np.testing.assert_array_equal(geometry.to_original(np.full((2, 2), 0.5)), np.tile([0, 1, 1, 0], (4, 1)))


def test_a_geometry_does_not_change():
    geometry = Geometry(4, 4, CropBox(0, 0, 4, 4), (2, 2))
    assert (geometry.low, geometry.high) == (0, 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        geometry.height = 5


def test_a_large_radiograph_has_no_seams(monkeypatch):
    geometry = Geometry(70, 40, CropBox(3, 5, 67, 40), (16, 16))
    prediction = np.random.default_rng(0).random((16, 16)).astype(np.float32)
    whole = geometry.to_original(prediction, threshold=None)
    monkeypatch.setattr("lungseg.preparation.geometry.ROWS_AT_A_TIME", 10)
    np.testing.assert_allclose(geometry.to_original(prediction, threshold=None), whole, atol=1e-6)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64])
def test_integer_masks_of_any_scale_return(dtype):
    geometry = Geometry(3, 8, CropBox(0, 0, 2, 8), (2, 2))
    mask = (np.array([[0, 1], [0, 1]]) * (1 if dtype is bool else 255)).astype(dtype)
    half = [0, 0, 0, 0, 1, 1, 1, 1]
    np.testing.assert_array_equal(geometry.to_original(mask), [half, half, [0] * 8])


def test_prediction_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"expected shape \(2, 2\).*\(3, 3\)"):
        Geometry(4, 4, CropBox(0, 0, 4, 4), (2, 2)).to_original(np.zeros((3, 3)))
