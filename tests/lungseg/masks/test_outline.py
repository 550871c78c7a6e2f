"""The outline of a mask in its image, and which channels and colours are shown."""

import numpy as np
import pytest

from lungseg.masks.outline import ORANGE, displayed, draw_outline, rgb_of


@pytest.mark.parametrize(("size", "width"), [((60, 40), 1), ((300, 599), 1), ((300, 1000), 2), ((1200, 300), 3)])
def test_the_outline_lies_inside_and_is_as_wide_as_the_image_is_large(size, width):
    mask = np.zeros(size, bool)
    mask[10:40, 8:30] = True
    picture = np.asarray(draw_outline(np.full(size, 0.5), mask))
    outline = (picture == ORANGE).all(axis=-1)
    expected = mask.copy()
    expected[10 + width : 40 - width, 8 + width : 30 - width] = False
    np.testing.assert_array_equal(outline, expected)
    assert (picture[~outline] == 127).all()


def test_a_mask_that_reaches_the_edge_has_its_outline_there():
    picture = np.asarray(draw_outline(np.ones((5, 4)), np.ones((5, 4), bool)))
    assert picture.shape == (5, 4, 3)
    assert (picture[0] == ORANGE).all()
    assert (picture[2, 1] == 255).all()


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["infrared", "Blue", "green", "red"], [3, 2, 1]),
        (["a", "b", "c", "d"], [0, 1, 2]),
        (["grey", "depth"], 0),
        (["grey"], 0),
    ],
)
def test_people_see_red_green_and_blue_where_they_are_named_and_else_the_first_channels(names, shown):
    image = np.arange(6.0)[:, None, None] + np.arange(len(names)) / 10
    np.testing.assert_array_equal(displayed(image, names), image[..., shown])
    assert displayed(image[..., 0], names).shape == (6, 1)


def test_colours_in_numbers():
    assert rgb_of("#01A0ff") == (1, 160, 255)
