"""Areas of the two lungs, and which is which."""

import numpy as np
import pytest

from lungseg import InputError
from lungseg.masks.measuring import LungAreas, measure_lungs


def blocks(*boxes, shape=(12, 20)):
    """Return a mask of rectangles (top, bottom, left, right)."""
    mask = np.zeros(shape, bool)
    for top, bottom, left, right in boxes:
        mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize(
    ("boxes", "middle", "expected"),
    [
        ([], None, LungAreas(0, 0, 0, 0)),
        ([(1, 9, 2, 8), (2, 9, 12, 17)], None, LungAreas(83, 48, 35, 2)),
        ([(1, 9, 1, 5), (2, 9, 6, 9)], None, LungAreas(53, 32, 21, 2)),  # both in one half of a shifted image
        ([(1, 9, 2, 8), (2, 9, 12, 17), (0, 1, 19, 20)], None, LungAreas(84, 48, 36, 3)),  # the island goes left
        ([(1, 9, 2, 8), (2, 9, 12, 17), (11, 12, 0, 1)], None, LungAreas(84, 49, 35, 3)),
        ([(1, 9, 2, 8)], None, LungAreas(48, 48, 0, 1)),  # a single lung, on the patient's right
        ([(1, 9, 2, 8)], 1.0, LungAreas(48, 0, 48, 1)),  # and on the left, in an image that shows no more
        ([(2, 4, 4, 18)], None, LungAreas(28, 12, 16, 1)),  # two that touch: 6 columns and 8
        ([(2, 4, 4, 18), (11, 12, 0, 1)], None, LungAreas(29, 13, 16, 2)),  # a speck makes no second lung of them
        ([(2, 4, 4, 18), (11, 12, 0, 2)], None, LungAreas(30, 2, 28, 2)),  # two pixels of 28 are more than a twentieth
        ([(2, 4, 4, 8), (6, 8, 4, 8)], None, LungAreas(16, 8, 8, 2)),  # one above the other
        ([(1, 9, 2, 8), (2, 9, 12, 18), (11, 12, 9, 11)], None, LungAreas(92, 50, 42, 3)),  # as near to both
        # The box around one of them holds the other.
        ([(0, 11, 0, 4), (0, 1, 4, 20), (2, 10, 10, 18)], None, LungAreas(124, 60, 64, 2)),
    ],
)
def test_areas(boxes, middle, expected):
    assert measure_lungs(blocks(*boxes), middle) == expected


def test_lungs_that_lean_over_each_other_stay_apart():
    """By components, not by a column: the right lung reaches below the left one."""
    mask = blocks((0, 4, 10, 18), (6, 10, 2, 13))
    assert measure_lungs(mask) == LungAreas(76, 44, 32, 2)


def test_the_lung_that_begins_further_left_may_be_the_left_one():
    mask = blocks((0, 4, 8, 12), (5, 9, 6, 18))  # centres in columns 10 and 12
    assert measure_lungs(mask) == LungAreas(64, 16, 48, 2)


def test_a_side_is_that_of_the_centre_and_not_of_the_edge():
    mask = blocks((1, 9, 5, 10), (3, 11, 15, 20), (11, 12, 0, 20))  # the left one has a foot that reaches far out
    assert measure_lungs(mask) == LungAreas(100, 40, 60, 2)


def test_grey_levels_are_refused():
    with pytest.raises(InputError, match="0 and 1"):
        measure_lungs(np.full((4, 4), 0.3))
