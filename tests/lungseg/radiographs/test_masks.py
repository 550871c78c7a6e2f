"""Files of masks: which of their pixels are lung."""

import numpy as np
import pytest
from PIL import Image

from lungseg.radiographs.masks import read_mask
from radiographs import refusal, save

LUNG = np.array([[0, 1, 1, 0], [0, 1, 0, 0]], dtype=bool)
INDEX = LUNG.astype(np.uint8)


def colour_palette():
    image = Image.fromarray(INDEX * 2, "P")
    image.putpalette([0, 0, 0, 255, 255, 255, 0, 0, 128])  # the lung is dark blue
    return image


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Image.fromarray(INDEX), id="0/1"),
        pytest.param(lambda: Image.fromarray(INDEX * 2), id="0/2"),
        pytest.param(lambda: Image.fromarray(INDEX * 255), id="0/255"),
        pytest.param(lambda: Image.fromarray(INDEX.astype(np.uint16) * 65535), id="16 bits"),
        pytest.param(lambda: Image.fromarray(LUNG), id="1 bit"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 255] * 3)), id="RGB"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 0, INDEX * 0, INDEX * 200])), id="blue"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 0 + 255] * 3 + [INDEX * 255])), id="RGBA"),
        pytest.param(colour_palette, id="palette"),
    ],
)
@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
def test_every_kind_of_mask_is_binary(tmp_path, make):
    make().save(tmp_path / "mask.png")
    read = read_mask(tmp_path / "mask.png")
    assert read.dtype == bool
    np.testing.assert_array_equal(read, LUNG)


def test_grey_edges_are_cut_at_half_the_maximum(tmp_path):
    save(tmp_path / "mask.png", np.array([[0, 60, 99, 100, 140, 200]], np.uint8))
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), [[0, 0, 0, 1, 1, 1]])


def test_left_and_right_are_joined_without_overflow(tmp_path):
    left = save(tmp_path / "left.png", np.array([[255, 255, 0, 0]], np.uint8))
    right = save(tmp_path / "right.png", np.array([[0, 1, 1, 0]], np.uint8))  # 255 + 1 is 0 in 8 bits
    np.testing.assert_array_equal(read_mask([left, right]), [[1, 1, 1, 0]])


def test_one_lung_may_be_missing_but_not_both(tmp_path):
    left = save(tmp_path / "left.png", INDEX)
    right = save(tmp_path / "right.png", INDEX * 0)
    np.testing.assert_array_equal(read_mask([left, right]), LUNG)
    message = refusal(read_mask, [right])
    assert "right.png" in message
    assert "empty mask" in message


def test_masks_of_two_shapes_are_both_named(tmp_path):
    left, right = save(tmp_path / "left.png", INDEX), save(tmp_path / "right.png", INDEX.T)
    message = refusal(read_mask, [left, right])
    assert all(part in message for part in ("left.png", "right.png", "2 x 4", "4 x 2"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[0, 1, 2], [0, 1, 3]], "the labels 0, 1, 2, 3, of several organs perhaps"),  # right lung, left lung, heart
        ([[0, 1, 2], [0, 1, 2]], "the labels 0, 1, 2"),
        ([[255, 255, 255], [255, 255, 255]], "every pixel is lung"),
    ],
)
def test_masks_that_would_be_misread(tmp_path, values, said):
    assert said in refusal(read_mask, save(tmp_path / "mask.png", np.array(values, np.uint8)))


def test_no_mask_file_at_all():
    assert "masks: expected at least one" in refusal(read_mask, [])
