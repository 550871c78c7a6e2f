"""The black borders of a radiograph: found to the pixel, and never a part of the body with them."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lungseg.preparation.case import prepare_image
from lungseg.preparation.contrast import stretch_contrast
from lungseg.preparation.cropping import CropBox, find_body, open_with_square, percentiles
from radiographs import chest, refusal


def noisy(image):
    return np.clip(image + np.random.default_rng([1]).normal(0, 2, image.shape), 0, 255)


@pytest.mark.parametrize("border", [(0, 0, 0, 0), (40, 0, 70, 0), (0, 60, 0, 50), (40, 60, 70, 50)])
@pytest.mark.parametrize("change", [lambda image: image, noisy, lambda image: image * 257])
@pytest.mark.parametrize("level", [0, 20])
def test_border_is_found_to_the_pixel(border, change, level):
    image, _ = chest(240, 200, border, level)
    top, left, bottom, right = border
    assert find_body(change(image)) == CropBox(top, left, top + 240, left + 200)
    assert image.shape == (top + 240 + bottom, left + 200 + right)


@pytest.mark.parametrize(("border", "box"), [(79, (79, 85, 779, 686)), (83, (83, 90, 785, 690))])
def test_in_a_reduced_image_the_box_is_rounded_outwards(border, box):
    image, _ = chest(700, 600, (border, border + 7, border + 3, border + 5))
    assert find_body(image) == CropBox(*box)  # rounding a side the other way would cut a row or a column of the body
    assert box[0] <= border < border + 700 <= box[2]
    assert box[1] <= border + 7 < border + 607 <= box[3]


def test_letters_and_lines_in_the_border_are_cut_off():
    image, _ = chest(240, 200, (40, 60, 70, 50))
    image[8:20, 10:13] = image[17:20, 10:18] = 255  # an L
    image[330:344, 250:265] = 255  # a solid marker
    image[100:103, :60] = image[5:300, 280] = 200  # a line from the body to the edge, and a ruler
    assert find_body(image) == CropBox(40, 60, 280, 260)


@pytest.mark.parametrize("level", [25, 60])
def test_grey_border_around_a_film_with_black_air(level):
    image, _ = chest(240, 200)
    image[:60, :40] = image[:60, -40:] = 0
    image[-20:] = 60  # a dark part of the body that is not all of an edge of the image
    image[-20:, 30:] = 180
    box = find_body(np.pad(image, ((30, 40), (50, 60)), constant_values=level))
    assert box == CropBox(30, 50, 270, 250)


@pytest.mark.parametrize("turns", range(4))
def test_a_grey_border_on_one_side_only(turns):
    image, _ = chest(240, 200)
    image[:60, :40] = image[:60, -40:] = 0  # air: the border is not the darkest there is
    padded = np.rot90(np.pad(image, ((0, 40), (0, 0)), constant_values=25), turns)
    box = [(0, 0, 240, 200), (0, 0, 200, 240), (40, 0, 280, 200), (0, 40, 200, 280)][turns]
    assert find_body(padded) == CropBox(*box)


@pytest.mark.parametrize(("marked", "found"), [(0.3, True), (0.45, False)])
def test_a_grey_border_is_one_grey_along_most_of_an_edge(marked, found):
    image, _ = chest(240, 200)
    image[:60, :40] = 0  # air: the border is not the darkest there is
    image = np.pad(image, 40, constant_values=25)
    for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
        edge[: round(marked * len(edge))] = 255  # a thin frame that somebody drew
    assert find_body(image) == (CropBox(40, 40, 280, 240) if found else CropBox(0, 0, 320, 280))


def test_tilted_border_never_cuts_the_lungs():
    body, lungs = chest(400, 400)
    image = np.asarray(Image.fromarray(np.pad(body, 60)).rotate(3, Image.Resampling.BILINEAR))
    lungs = np.asarray(Image.fromarray(np.pad(lungs, 60)).rotate(3))
    box = find_body(image)
    assert box.cut(lungs).sum() == lungs.sum()
    assert min(box.top, box.left, 520 - box.bottom, 520 - box.right) > 40


def test_black_lungs_and_black_air_are_no_border():
    image, lungs = chest()
    image[lungs] = 0
    image[:40, :15] = image[:40, -15:] = 0  # air above the shoulders
    assert find_body(image) == CropBox(0, 0, *image.shape)


@pytest.mark.parametrize(("side", "box"), [(15, (0, 0, 100, 100)), (33, (20, 20, 53, 53))])
def test_a_mere_bright_spot_is_no_body(side, box):
    image = np.zeros((100, 100))
    image[20 : 20 + side, 20 : 20 + side] = 200
    assert find_body(image) == CropBox(*box)


@pytest.mark.parametrize(("side", "grey", "counts"), [(15, 200, True), (8, 200, False), (15, 20, True), (15, 8, False)])
def test_a_part_beside_the_body_counts_unless_it_is_small_or_faint(side, grey, counts):
    image = np.zeros((100, 100))
    image[:60, :60] = 200
    image[80 : 80 + side, 80 : 80 + side] = grey
    assert find_body(image) == (CropBox(0, 0, 95, 95) if counts else CropBox(0, 0, 60, 60))


@pytest.mark.parametrize("shape", [(1, 512), (2, 400), (400, 2), (1200, 1), (1, 1200)])
def test_a_strip_too_thin_to_look_for_a_body_stays_whole(shape):
    strip = np.random.default_rng(0).random(shape) * 100
    assert find_body(strip) == CropBox(0, 0, *shape)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((20, 20)), "all-black"),
        (np.full((20, 20), 255.0), "one grey value 255"),
        (np.full((20, 20), np.nan), "NaN"),
        (np.zeros((20, 20, 3)), "(20, 20, 3)"),
        (np.zeros((0, 20)), "(0, 20)"),
    ],
)
@pytest.mark.parametrize("function", [find_body, stretch_contrast, lambda image: prepare_image(image, 8)])
def test_no_radiograph(image, said, function):
    assert said in refusal(function, image)


# ---- What is faster than the library's, and the same ---------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 7, 500])
def test_percentiles_by_counting_are_those_of_numpy(size):
    rng = np.random.default_rng(size)
    for values in (
        rng.integers(0, 256, size).astype(np.float32),
        rng.integers(100, 103, (size, 3), dtype=np.uint8),  # many equal ones
        rng.integers(0, 65536, size),
        rng.normal(100, 20, size),
        -rng.integers(0, 256, size),
    ):
        for shares in ((5.0, 95.0), (0.5, 90), (0, 100), (37,)):
            np.testing.assert_allclose(percentiles(values, shares), np.percentile(values, shares), rtol=1e-14)


def test_an_opening_is_that_of_scipy():
    rng = np.random.default_rng(0)
    for side in range(1, 7):
        mask = ndimage.binary_dilation(rng.random((side + 9, side + 20)) < 0.1)
        expected = ndimage.binary_opening(mask, np.ones((side, side)))
        np.testing.assert_array_equal(open_with_square(mask, side), expected)
    for shape in ((1, 9), (9, 2), (3, 3)):
        mask = np.ones(shape, bool)
        np.testing.assert_array_equal(open_with_square(mask, 3), ndimage.binary_opening(mask, np.ones((3, 3))))
