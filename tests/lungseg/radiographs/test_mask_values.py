"""What the values of a mask mean: lung, several organs, a picture that is no mask."""

import numpy as np
import pytest
from PIL import Image

from lungseg.radiographs.masks import examine_mask, read_mask
from painted_masks import (
    BLACK,
    BLUE,
    BODY,
    BOTH,
    DARK_RED,
    GREEN,
    HEART,
    RED,
    WHITE,
    painted,
    palette,
    reduced,
    soft,
    with_pixels,
    written,
)
from radiographs import refusal, save

TAKEN = {
    "0/1": painted(right=1, left=1),
    "0/255": painted(),
    "0/65535": painted(right=65535, left=65535, dtype=np.uint16),
    "0/1 in 16 bits": painted(right=1, left=1, dtype=np.uint16),
    "0/1 in 32 bits": painted(right=1, left=1, dtype=np.int32),
    "0.0/1.0": painted(right=1, left=1, dtype=np.float32),
    "1 bit": painted() > 0,
    "1 and 2: the background is not 0": painted(1, right=2, left=2),
    "1 and 255": painted(1),
    "254 and 255": painted(254),
    "0.25 and 0.5": painted(0.25, right=0.5, left=0.5, dtype=np.float32),
    "overshoot of a resampled float": with_pixels(painted(right=1, left=1, dtype=np.float32), -0.04, 1.04),
    "two lungs in two greys": painted(right=150, left=200),
    "two lungs, labels 1 and 2": painted(right=1, left=2),
    "two lungs above a background of 1": painted(1, right=2, left=3),
    "two lungs in two greys of 16 bits": painted(right=1000, left=2000, dtype=np.uint16),
    "one colour": painted(BLACK, right=RED, left=RED),
    "a dark colour": painted(BLACK, right=DARK_RED, left=DARK_RED),
    "a colour on a darker one": painted((68, 1, 84), right=(253, 231, 37), left=(253, 231, 37)),
    "two lungs in two colours": painted(BLACK, right=RED, left=BLUE),
    "two lungs in shades of a colour": painted(BLACK, right=RED, left=DARK_RED),
    "grey edges": reduced(),
    "grey edges, 0/100": reduced(right=100, left=100),
    "grey edges, two greys": reduced(right=150, left=200),
}


@pytest.mark.parametrize("picture", TAKEN.values(), ids=TAKEN)
def test_masks_that_are_taken(tmp_path, picture):
    file = written(tmp_path, picture)
    found = examine_mask(file)
    corners = 2 if len(np.unique(picture)) > 6 else 0  # of grey edges, which are a quarter lung
    assert np.count_nonzero(found.lungs[2:] != BOTH[2:]) <= corners
    assert not found.stray


@pytest.mark.parametrize("quality", [20, 40, 75, 95])
@pytest.mark.parametrize("colours", [(255, 255), (100, 100), (150, 200), (85, 170), (RED, RED), (BLUE, BLUE)], ids=str)
def test_a_jpeg_is_taken(tmp_path, quality, colours):
    picture = painted(BLACK if isinstance(colours[0], tuple) else 0, right=colours[0], left=colours[1])
    large = picture.repeat(4, axis=0).repeat(4, axis=1)
    found = examine_mask(save(tmp_path / "mask.jpg", large, quality=quality))
    assert np.mean(found.lungs != np.kron(BOTH, np.ones((4, 4), bool))) < 0.01
    assert not found.stray


LABELS = {
    "body 170, heart 85": (painted(body=170, heart=85), "0, 85, 170, 255", "950, 240, 2190, 1420"),
    "heart 250": (painted(right=150, left=200, heart=250), "0, 150, 200, 250", "3140, 740, 680, 240"),
    "50, 100, 150": (painted(right=50, left=100, heart=150), "0, 50, 100, 150", None),
    "1 and 11": (painted(right=1, left=1, heart=11), "0, 1, 11", "3140, 1420, 240"),
    "0 to 3": (painted(right=1, left=2, heart=3), "0, 1, 2, 3", None),
    "2 for a single pixel": (with_pixels(painted(right=1, left=1), 2), "0, 1, 2", "3379, 1420, 1"),
    "lungs and heart": (painted(heart=100), "0, 100, 255", None),
    "one lung and the heart": (painted(right=255, left=None, heart=100), "0, 100, 255", None),
    "body and lungs": (painted(body=100), "0, 100, 255", None),
    "two lungs that touch": (painted(right=100, left=200) + 100 * HEART.astype(np.uint8), "0, 100, 200", None),
    "16 bits": (painted(right=1000, left=1000, heart=3000, dtype=np.uint16), "0, 1000, 3000", None),
    "32 bits": (painted(right=70000, left=70000, heart=80000, dtype=np.int32), "0, 70000, 80000", None),
    "floats": (painted(right=0.5, left=0.5, heart=1, dtype=np.float32), "0, 0.5, 1", None),
    "negative": (painted(right=-1, left=-1, dtype=np.int32), "-1, 0", "1420, 3380"),
    "organs in colours": (painted(BLACK, right=RED, left=RED, heart=GREEN), "#000000, #00ff00, #ff0000", None),
    "one channel": (painted(BLACK, right=RED, left=RED, heart=(255, 90, 0)), "#000000, #ff0000, #ff5a00", None),
    "colours on white": (painted(WHITE, right=RED, left=RED), "#ff0000, #ffffff", "1420, 3380"),
    "with grey edges": (reduced(heart=100), "0, 100, 255", None),
    "a small one": (
        np.kron(np.array([[0, 85, 170, 255]], np.uint8), np.ones((4, 2), np.uint8)),
        "0, 85, 170, 255",
        "8, 8, 8, 8",
    ),
    "a small one in colours": (np.array([[BLACK, RED, GREEN]] * 2, np.uint8), "#000000, #00ff00, #ff0000", "2, 2, 2"),
}


@pytest.mark.parametrize(("picture", "labels", "pixels"), LABELS.values(), ids=LABELS)
def test_labels_of_several_organs_are_named(tmp_path, picture, labels, pixels):
    message = refusal(read_mask, written(tmp_path, picture))
    assert labels in message
    assert pixels is None or f"in {pixels}" in message
    assert "--lung-values" in message
    assert len(message) < 500


@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
def test_a_palette_of_organs(tmp_path):
    palette(painted(right=1, left=1, heart=2), BLACK, RED, GREEN).save(tmp_path / "mask.png")
    assert "#000000, #00ff00, #ff0000" in refusal(read_mask, tmp_path / "mask.png")
    for values in ("#ff0000", "1", [1], "#FF0000,1"):  # colours, or places in the palette
        np.testing.assert_array_equal(read_mask(tmp_path / "mask.png", lung_values=values), BOTH)


def test_a_jpeg_of_labels(tmp_path):
    file = save(tmp_path / "mask.jpg", np.kron(painted(body=170, heart=85), np.ones((4, 4), np.uint8)), quality=85)
    assert "the labels 0, 85, 170, 25" in refusal(read_mask, file)
    lungs = read_mask(file, lung_values=255)
    assert np.mean(lungs != np.kron(BOTH, np.ones((4, 4), bool))) < 0.01


@pytest.mark.parametrize("quality", [70, 95])
@pytest.mark.parametrize("other", [GREEN, BLUE, (255, 255, 0)], ids=str)
def test_a_narrow_organ_in_a_jpeg_in_colour(tmp_path, quality, other):
    picture = np.kron(painted(BLACK, right=RED, left=RED), np.ones((4, 4, 1), np.uint8))
    picture[200:216, 40:280] = other
    assert "the colours" in refusal(read_mask, save(tmp_path / "mask.jpg", picture, quality=quality))


@pytest.mark.parametrize("name", ["mask.jpg", "mask.png"])
def test_labels_that_hardly_differ_in_a_blurred_mask(tmp_path, name):
    large = np.kron(painted(right=200, left=202, heart=201), np.ones((4, 4), np.uint8))
    blurred = np.asarray(Image.fromarray(large).resize((240, 180), Image.Resampling.BILINEAR))
    assert "200, 201, 202" in refusal(
        read_mask, save(tmp_path / name, blurred, **({"quality": 95} if "j" in name else {}))
    )


def test_a_radiograph_is_no_mask(tmp_path):
    grey = np.random.default_rng([1]).integers(60, 200, BODY.shape).astype(np.uint8)
    for picture in (grey, np.where(BOTH, 255, grey), np.where(BODY, grey, 0), np.dstack([grey, grey, grey // 2])):
        assert "a picture of" in refusal(read_mask, save(tmp_path / "mask.png", picture.astype(np.uint8)))


@pytest.mark.parametrize("width", [4, 7])
def test_a_map_of_probabilities_is_cut_at_half_and_doubted(tmp_path, width):
    found = examine_mask(save(tmp_path / "mask.tif", soft(width)))
    np.testing.assert_array_equal(found.lungs, soft(width) >= 0.5)


@pytest.mark.parametrize("values", [[255], [255, 255], [30, 255]])
@pytest.mark.parametrize("right", [100, 9])
def test_single_bright_pixels_are_not_the_mask(tmp_path, values, right):
    found = examine_mask(save(tmp_path / "mask.png", with_pixels(painted(right=right, left=right), *values)))
    np.testing.assert_array_equal(found.lungs[2:], BOTH[2:])
    assert found.stray
    outline = np.where(np.pad(BOTH[1:-1, 1:-1], 1) & ~(np.roll(BOTH, 1, 0) & np.roll(BOTH, 1, 1)), right, 0)
    found = examine_mask(save(tmp_path / "line.png", with_pixels(outline.astype(np.uint8), *values)))
    np.testing.assert_array_equal(found.lungs[2:], (outline > 0)[2:])


@pytest.mark.parametrize("value", [60, 130, 200])
def test_thin_lines_of_another_value_are_told(tmp_path, value):
    picture = painted()
    picture[50:52, 5:75] = value
    assert examine_mask(save(tmp_path / "mask.png", picture)).stray


def test_what_is_drawn_in_black_on_nothing(tmp_path):
    opacity = np.where(BOTH, 255, 0).astype(np.uint8)
    Image.fromarray(np.dstack([opacity * 0] * 3 + [opacity])).save(tmp_path / "mask.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), BOTH)
