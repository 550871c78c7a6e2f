"""Contrast and size of one radiograph, and the case that is made from it and its masks."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.preparation.case import prepare_case, prepare_image, resize_image, resize_mask, stretch_contrast
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry
from radiographs import chest, refusal, save

# ---- Contrast -----------------------------------------------------------------------------------


def test_percentiles_become_0_and_1():
    stretched = stretch_contrast(np.arange(101.0).reshape(1, 101))
    assert stretched.dtype == np.float32
    np.testing.assert_allclose(stretched[0, [0, 5, 50, 95, 100]], [0, 0, 0.5, 1, 1], atol=1e-6)


def test_contrast_does_not_depend_on_the_scale():
    image = chest()[0]
    np.testing.assert_allclose(stretch_contrast(image), stretch_contrast(image * 257 + 9), atol=1e-5)


def test_image_with_one_prevailing_value_falls_back_to_its_range():
    image = np.full((10, 10), 255.0)
    image[0, :4] = (5, 55, 130, 205)  # 96 % saturated
    np.testing.assert_allclose(stretch_contrast(image)[0, :5], [0, 0.2, 0.5, 0.8, 1])


@pytest.mark.parametrize(("low", "high"), [(95, 5), (5, 5), (-1, 50), (5, 101)])
def test_wrong_percentiles(low, high):
    assert "percentiles" in refusal(stretch_contrast, chest()[0], low, high)


# ---- Size ---------------------------------------------------------------------------------------


def test_resize_is_antialiased_and_keeps_the_range():
    stripes = np.tile(np.array([0.0, 1.0]), (64, 32))  # finer than the new pixels
    small = resize_image(stripes, 8)
    assert small.dtype == np.float32
    np.testing.assert_allclose(small[:, 1:-1], 0.5, atol=0.02)
    large = resize_image(np.eye(4), (9, 13))
    assert large.shape == (9, 13)
    assert large.min() >= 0
    assert large.max() <= 1


def test_resized_mask_is_decided_by_area():
    mask = np.zeros((4, 8), bool)
    mask[:2, 0] = True  # 2 of 4 pixels in its block
    mask[0, 2] = True  # 1 of 4
    mask[2:, 5:8] = True  # 2 and 4 of 4
    resized = resize_mask(mask, (2, 4))
    assert resized.dtype == bool
    np.testing.assert_array_equal(resized, [[1, 0, 0, 0], [0, 0, 1, 1]])


@pytest.mark.parametrize("size", [0, -4, 2.5, "64", (64,), (64, 64, 1), (64, 0), None, True])
def test_wrong_size(size):
    assert "size: expected" in refusal(resize_image, chest()[0], size)


# ---- The whole case -----------------------------------------------------------------------------


@pytest.fixture
def make_case(tmp_path):
    """Return a function that writes an image and its mask, and makes a case of them."""

    def make(image, mask, size):
        files = save(tmp_path / "a.png", image.astype(np.uint8)), save(tmp_path / "a_mask.png", mask)
        return prepare_case(*files, size)

    return make


def test_case_has_the_fixed_format(make_case):
    case, geometry = make_case(*chest(border=(30, 0, 0, 20)), 64)
    assert case.dtype == np.float32
    assert case.shape == (64, 64, 2)
    assert case[..., 0].min() == 0
    assert case[..., 0].max() == 1
    assert set(np.unique(case[..., 1])) == {0, 1}
    assert geometry == Geometry(150, 120, CropBox(30, 0, 150, 100), (64, 64), geometry.low, geometry.high)


def test_image_and_mask_are_cropped_alike(make_case):
    case, _ = make_case(*chest(128, 128, (40, 10, 20, 30)), 128)  # the body keeps its size: nothing is interpolated
    np.testing.assert_array_equal(case[..., 1], chest(128, 128)[1])
    np.testing.assert_array_equal(case[..., 0] < 0.5, chest(128, 128)[1])


@pytest.mark.parametrize(
    ("row", "column", "box"),
    [
        (25, 60, (25, 20, 150, 120)),
        (60, 12, (30, 12, 150, 120)),
        (155, 60, (30, 20, 156, 120)),
        (60, 125, (30, 20, 150, 126)),
    ],
    ids=["above", "left", "below", "right"],
)
def test_mask_in_the_border_widens_the_crop(make_case, row, column, box):
    image, lungs = chest(border=(30, 20, 10, 15))
    lungs[row, column] = True
    assert make_case(image, lungs, 64)[1].crop == CropBox(*box)


def test_crop_can_be_left_out():
    image = chest(border=(30, 0, 0, 0))[0]
    assert prepare_image(image, 32, crop=False)[1].crop == CropBox(0, 0, 150, 100)


def test_all_black_file_is_named(make_case, tmp_path):
    with pytest.raises(InputError, match="all-black") as raised:
        make_case(np.zeros((9, 9)), np.eye(9) > 0, 32)
    assert str(raised.value).startswith(str(tmp_path / "a.png"))


def test_mask_of_another_shape_than_the_image(make_case):
    message = refusal(make_case, chest()[0], chest(60, 50)[1], 32)
    assert all(part in message for part in ("a.png", "a_mask.png", "120 x 100", "60 x 50"))


def test_input_is_left_as_it_was():
    image = chest(border=(30, 0, 0, 0))[0]
    before = image.copy()
    prepare_image(image, image.shape)
    np.testing.assert_array_equal(image, before)
