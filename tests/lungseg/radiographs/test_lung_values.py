"""The values of a mask that are lung, as somebody has chosen them."""

import numpy as np
import pytest

from lungseg.radiographs.masks import check_lung_values, examine_mask, read_mask
from painted_masks import (
    BLACK,
    BODY,
    BOTH,
    DARK_RED,
    GREEN,
    HEART,
    LEFT,
    RED,
    RIGHT,
    WHITE,
    painted,
    written,
)
from radiographs import refusal, save

CHOSEN = [
    (painted(body=170, heart=85), 255, BOTH, ()),
    (painted(body=170, heart=85), "255,85", BOTH | HEART, ()),
    (painted(right=150, left=200, heart=250), [150, 200], BOTH, ()),
    (painted(right=150, left=200, heart=250), "200", LEFT, ()),
    (painted(right=150, left=200, heart=250), (150, 201), RIGHT, ("201",)),
    (painted(0, right=0, left=0, heart=9, body=5), "0", ~BODY | (BOTH & ~HEART), ()),
    (painted(right=-1, left=-1, dtype=np.int32), [-1], BOTH, ()),
    (painted(right=0.5, left=0.5, heart=1, dtype=np.float32), 0.5, BOTH, ()),
    (painted(right=1000, left=1000, heart=3000, dtype=np.uint16), 1000, BOTH, ()),
    (painted(BLACK, right=RED, left=DARK_RED, heart=GREEN), "#ff0000,#800000", BOTH, ()),
    (painted(BLACK, right=RED, left=DARK_RED, heart=GREEN), ["#FF0000", "#0000ff"], RIGHT, ("#0000ff",)),
    (painted(BLACK, right=(150,) * 3, left=RED), "150", RIGHT, ()),
    (painted(right=150, heart=9), "#969696", RIGHT, ()),
    (painted(WHITE, right=RED, left=RED), "#ff0000", BOTH, ()),
]


@pytest.mark.parametrize(("picture", "values", "expected", "absent"), CHOSEN)
def test_chosen_values(tmp_path, picture, values, expected, absent):
    file = written(tmp_path, picture)
    np.testing.assert_array_equal(read_mask(file, lung_values=values), expected)
    assert examine_mask(file, lung_values=check_lung_values(values)).absent == absent


def test_values_that_no_mask_has(tmp_path):
    files = [save(tmp_path / "a.png", painted(heart=85)), save(tmp_path / "b.png", painted(right=9, left=9))]
    message = refusal(read_mask, files, None, None, 120, "150,#ff0000")
    assert "the lung values 150, #ff0000. Received: 0, 85, 255" in message
    assert examine_mask(files, lung_values=("85", "9", "7")).absent == ("7",)


@pytest.mark.parametrize("values", ["", "150,,200", "lung", "#ff00", [], [None], [True], float("nan"), "1e999"])
def test_values_that_are_none(values):
    assert "lung_values: expected" in refusal(check_lung_values, values)
