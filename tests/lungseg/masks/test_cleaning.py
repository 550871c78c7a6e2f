"""Small masks, tidied by hand."""

import re

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.masks.cleaning import as_mask, clean_mask, count_components
from refusals import refusal


def picture(text):
    return np.array([[c == "#" for c in line.strip()] for line in text.strip().splitlines()])


def test_keeps_the_two_largest_and_fills_their_holes():
    before = picture(
        """
        ###...##..
        #.#...##.#
        ###...##..
        ..........
        #.........
        """
    )
    after = picture(
        """
        ###...##..
        ###...##..
        ###...##..
        ..........
        ..........
        """
    )
    kept = before.copy()
    np.testing.assert_array_equal(clean_mask(before), after)
    np.testing.assert_array_equal(before, kept)  # the argument is left alone


def test_pixels_that_touch_at_a_corner_are_one_component():
    diagonal = np.eye(4)
    assert count_components(diagonal) == 1
    np.testing.assert_array_equal(clean_mask(diagonal, components=1), diagonal == 1)


def test_a_bay_that_opens_to_the_border_is_not_a_hole():
    bay = picture(
        """
        ####
        #..#
        #.##
        """
    )
    np.testing.assert_array_equal(clean_mask(bay), bay)


def test_a_closed_ring_holds_at_its_corners():
    ring = picture(
        """
        .#.
        #.#
        .#.
        """
    )
    assert clean_mask(ring).sum() == 5


def test_an_island_in_a_hole_is_swallowed_and_does_not_take_a_place():
    mask = picture(
        """
        #####..#
        #...#...
        #.#.#...
        #...#..#
        #####..#
        """
    )
    cleaned = clean_mask(mask)
    assert cleaned[:, :5].all()
    assert cleaned[3:, 7].all()
    assert not cleaned[0, 7]


def test_size_counts_before_holes_are_filled():
    mask = picture(
        """
        ###.###
        #.#.###
        ###.###
        """
    )
    np.testing.assert_array_equal(clean_mask(mask, components=1)[1], [0, 0, 0, 0, 1, 1, 1])


def test_two_components_that_embrace_stay_apart():
    mask = picture(
        """
        .......
        .####..
        .#.....
        .#.##..
        .#..##.
        .#...#.
        ..####.
        """
    )
    mask[6, 2] = mask[6, 5] = False
    np.testing.assert_array_equal(clean_mask(mask), mask)


@pytest.mark.parametrize(("components", "left"), [(1, 4), (2, 7), (3, 9), (4, 10), (9, 10)])
def test_number_of_components(components, left):
    mask = np.zeros((9, 4))
    for row, length in [(0, 2), (2, 4), (4, 1), (6, 3)]:
        mask[row, :length] = 1
    assert count_components(mask) == 4
    assert clean_mask(mask, components).sum() == left


def test_of_equal_components_the_upper_ones_stay():
    mask = np.zeros((5, 3))
    mask[::2] = 1
    np.testing.assert_array_equal(clean_mask(mask).any(axis=1), [1, 0, 1, 0, 0])


def test_empty_and_full_stay_as_they_are():
    assert not clean_mask(np.zeros((4, 5))).any()
    assert clean_mask(np.ones((4, 5))).all()
    assert count_components(np.zeros((4, 5))) == 0
    assert count_components(np.ones((4, 5))) == 1


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_any_type_of_number_will_do(dtype):
    mask = as_mask(np.array([[0, 1]], dtype=dtype))
    assert mask.dtype == bool
    assert mask.tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("mask", "says"),
    [
        (np.array([[0, 255]], np.uint8), "values from 0 to 255"),
        (np.array([[0.0, 0.7]]), "values from 0 to 0.7"),
        (np.array([[0.0, np.nan]]), "Threshold"),
        (np.zeros((4, 4, 1)), r"shape \(4, 4, 1\)"),
        (np.zeros((0, 4)), r"shape \(0, 4\)"),
        (np.array([["0", "1"]]), "type <U1"),
    ],
)
def test_what_is_not_a_mask_is_refused(mask, says):
    for function in (clean_mask, count_components):
        assert re.search(says, refusal(function, mask))


@pytest.mark.parametrize("components", [0, -1, 1.5, True, "two"])
def test_number_of_components_is_checked(components):
    with pytest.raises(InputError, match="1 or more"):
        clean_mask(np.ones((3, 3)), components)
