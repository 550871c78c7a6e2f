"""The values of a mask that are lung, as somebody has chosen them."""

import numpy as np
import pytest
from PIL import Image

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


IN_JPEG = {  # the mask and its quality, the chosen values, what is lung
    "grey": (painted(right=170, left=255, heart=85), 50, "170,255", BOTH),
    "grey, poor": (painted(right=150, left=200, heart=250), 20, [150, 200], BOTH),
    "dark": (painted(right=113, left=113, heart=50), 30, 113, BOTH),
    "red": (painted(BLACK, right=RED, left=RED, heart=GREEN), 75, "#ff0000", BOTH),
    "two colours": (painted(BLACK, right=(255, 255, 0), left=(0, 255, 255), heart=RED), 50, "#ffff00,#00ffff", BOTH),
    "a value beside it": (painted(right=170, left=100, heart=200), 90, 170, RIGHT),
}


@pytest.mark.parametrize(("picture", "quality", "values", "expected"), IN_JPEG.values(), ids=IN_JPEG)
@pytest.mark.parametrize("suffix", [".jpg", ".png"])  # a JPEG that somebody has saved as PNG is as noisy
def test_chosen_values_in_a_jpeg(tmp_path, picture, quality, values, expected, suffix):
    """JPEG makes 169 of 170, and #fe0000 of #ff0000."""
    file = tmp_path / "mask.jpg"
    enlarged, lungs = (
        np.roll(np.kron(part, np.ones((4, 4, 1)[: part.ndim], part.dtype)), (3, 5), (0, 1))  # across JPEG's blocks
        for part in (picture, expected)
    )
    Image.fromarray(enlarged).save(file, quality=quality)
    if suffix == ".png":
        file = save(tmp_path / "mask.png", np.asarray(Image.open(file)))
    found = examine_mask(file, lung_values=check_lung_values(values))
    assert found.absent == ()
    assert np.mean(found.lungs != lungs) < 0.02


@pytest.mark.parametrize("values", ["150", "5", "250", "#ff00ff", "#050500"])
def test_values_that_a_jpeg_has_not(tmp_path, values):
    """Neither what is far from all labels, nor the background with its noise."""
    file = tmp_path / "mask.jpg"
    Image.fromarray(np.kron(painted(right=170, left=170, heart=85), np.ones((4, 4), np.uint8))).save(file)
    message = refusal(read_mask, file, None, None, 120, values)
    assert f"the lung values {values}. Received: 0, 85, 170. " in message


def test_small_organs_of_many_are_not_the_lungs(tmp_path):
    """More values than a JPEG leaves out of account, and each of them is a label."""
    picture = np.kron(painted(right=10, left=14), np.ones((4, 4), np.uint8))
    for number in range(48):
        picture[5 * (number // 4) :][:5, 80 * (number % 4) :][:, :80] = 20 + number
    picture[200:202, 100:200] = 11
    file = save(tmp_path / "mask.png", picture)
    np.testing.assert_array_equal(read_mask(file, lung_values="10,14"), np.isin(picture, [10, 14]))


def test_values_that_no_mask_has(tmp_path):
    files = [save(tmp_path / "a.png", painted(heart=85)), save(tmp_path / "b.png", painted(right=9, left=9))]
    message = refusal(read_mask, files, None, None, 120, "150,#ff0000")
    assert "the lung values 150, #ff0000. Received: 0, 85, 255" in message
    assert examine_mask(files, lung_values=("85", "9", "7")).absent == ("7",)


@pytest.mark.parametrize(
    "values", ["", "150,,200", "lung", "#ff00", [], [None], [True], float("nan"), "1e999", 1j, object()]
)
def test_values_that_are_none(values):
    assert "lung_values: expected" in refusal(check_lung_values, values)
