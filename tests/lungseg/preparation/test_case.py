"""Contrast and size of one radiograph, and the case that is made from it and its masks."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.preparation.case import prepare_case, prepare_image
from lungseg.preparation.contrast import stretch_contrast
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.resizing import resize_image, resize_mask
from radiographs import chest, refusal, save

# ---- Contrast -----------------------------------------------------------------------------------


def test_percentiles_become_0_and_1():
    stretched = stretch_contrast(np.arange(101.0).reshape(1, 101))
    assert stretched.dtype == np.float32
    np.testing.assert_allclose(stretched[0, [0, 5, 50, 95, 100]], [0, 0, 0.5, 1, 1], atol=1e-6)


def test_contrast_does_not_depend_on_the_scale():
    image = chest()[0]
    np.testing.assert_allclose(stretch_contrast(image), stretch_contrast(image * 257 + 9), atol=1e-5)


def test_a_few_enormous_values_are_clipped_without_a_word(recwarn):
    image = np.full((30, 40), 1e-12, np.float32)
    image[:, 20:] = 2e-12
    image[3, 3], image[4, 4] = 1e29, -1e29
    stretched = stretch_contrast(image)
    assert (stretched[3, 3], stretched[4, 4]) == (1, 0)
    np.testing.assert_array_equal(stretched[10], [0] * 20 + [1] * 20)
    assert not recwarn.list


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


# ---- Radiographs that are none ------------------------------------------------------------------


def bordered(inside, shape=(80, 70)):
    """A black border around an area of these values."""
    image = np.zeros(shape, np.asarray(inside).dtype)
    image[10:70, 10:60] = inside
    return image


HALF = np.indices((60, 50)).sum(axis=0) % 2
NO_RADIOGRAPH = {
    "one value": (bordered(200.0), "one grey value inside the black border"),
    "one value of 12 bits": (bordered(np.uint16(4095)), "one grey value inside the black border"),
    "one value everywhere": (np.full((80, 70), 9.0), "one grey value 9"),
    "values that 32 bits cannot tell apart": (1e9 + np.arange(5600.0).reshape(80, 70) / 5600, "too alike"),
    "values that hardly differ": (np.float64(1e-60) * np.arange(5600).reshape(80, 70), "too alike"),
    "not a number": (np.full((80, 70), np.nan), "NaN or infinity"),
    "infinite": (bordered(np.inf), "NaN or infinity"),
    "too large": (1e200 * np.arange(5600.0).reshape(80, 70), "values beyond 1e+30"),
    "nothing": (np.zeros((0, 4)), "shape"),
}


@pytest.mark.parametrize(("image", "said"), NO_RADIOGRAPH.values(), ids=NO_RADIOGRAPH)
@pytest.mark.filterwarnings("error")
def test_what_cannot_be_stretched_is_refused(image, said):
    assert said in refusal(prepare_image, image, 64)
    assert "Received: " in refusal(stretch_contrast, image if "black" not in said else image[10:70, 10:60])


ODD_SHAPES = {
    "one column": np.arange(100.0)[:, None],
    "one row": np.arange(100.0)[None],
    "very wide": np.tile(np.arange(5000.0), (3, 1)),
    "very tall": np.tile(np.arange(5000.0)[:, None], (1, 2)),
    "smaller than the case": np.arange(12.0).reshape(3, 4),
    "two values": bordered(200.0 * HALF),
    "one value but for a pixel": np.pad([[200.0]], 30, constant_values=190),
    "very large values": np.linspace(0, 9e29, 1200, dtype=np.float32).reshape(40, 30),
    "negative": -np.arange(1200.0).reshape(40, 30),
}


@pytest.mark.parametrize("image", ODD_SHAPES.values(), ids=ODD_SHAPES)
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1, 16, (7, 300)])
def test_what_can_be_stretched_is_never_nan(image, size):
    prepared, _ = prepare_image(image, size)
    assert np.isfinite(prepared).all()
    assert prepared.min() >= 0
    assert prepared.max() <= 1
    if size != 1:
        assert prepared.min() < prepared.max()


def test_one_value_inside_a_border_names_the_file(make_case, tmp_path):
    message = refusal(make_case, bordered(200), bordered(True), 64)
    assert message.startswith(f"{tmp_path / 'a.png'}: expected a radiograph")
    assert "one grey value inside the black border" in message


def test_lines_that_vanish_at_the_size_of_the_case(make_case, tmp_path):
    image, lungs = chest(600, 500)
    line = lungs & ~(np.roll(lungs, 1, 0) & np.roll(lungs, 1, 1) & np.roll(lungs, -1, 0) & np.roll(lungs, -1, 1))
    message = refusal(make_case, image, line, 16)
    assert message.startswith(f"{tmp_path / 'a_mask.png'}: expected a mask that is still there at 16 x 16 pixels")
    assert "lines perhaps" in message


def test_labels_can_be_chosen(make_case, tmp_path):
    image, lungs = chest()
    save(tmp_path / "labels.png", np.where(lungs, 7, 3).astype(np.uint8))
    whole = make_case(image, lungs, 32)[0]
    case, _ = prepare_case(tmp_path / "a.png", tmp_path / "labels.png", 32, lung_values=7)
    np.testing.assert_array_equal(case, whole)


def test_input_is_left_as_it_was():
    image = chest(border=(30, 0, 0, 0))[0]
    before = image.copy()
    prepare_image(image, image.shape)
    np.testing.assert_array_equal(image, before)
