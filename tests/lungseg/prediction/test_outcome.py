"""Masks from probabilities: ignored pixels, thresholds, cleaning."""

import numpy as np
import pytest

from lungseg.prediction.outcome import components_to_keep, known_components, predicted, tidy, without_ignored
from lungseg.problems import LUNGS, Problem
from refusals import refusal

SIDES = Problem(classes=("left", "right"))
BOTH = Problem(classes=("cell", "nucleus"), exclusive=False)


def test_each_kind_of_classes():
    assert predicted(np.array([[0.4, 0.5]]), LUNGS).tolist() == [[False, True]]
    assert predicted(np.array([[0.4, 0.5]]), LUNGS, threshold=0.4).tolist() == [[True, True]]
    assert predicted(np.array([[[0.4, 0.35, 0.25]]]), SIDES).tolist() == [[[False, False]]]
    assert predicted(np.array([[[0.3, 0.35, 0.35]]]), SIDES).tolist() == [[[True, False]]]
    assert predicted(np.array([[[0.6, 0.7]]]), BOTH).tolist() == [[[True, True]]]


def test_ignored_pixels_become_background():
    truth, probability = np.array([[[1, 0], [-1, -1]]]), np.full((1, 2, 3), 1 / 3)
    clear, rest = without_ignored(truth, probability)
    assert clear.tolist() == [[[1, 0], [0, 0]]]
    assert rest[0, 1].tolist() == [0, 0, 0]
    assert not predicted(rest, SIDES)[0, 1].any()
    assert without_ignored(clear, probability)[1] is probability  # no copy where nothing is to be done


def test_of_each_class_the_largest_part_is_kept():
    masks = np.zeros((5, 8, 2), bool)
    masks[1:4, 0:3, 0] = masks[4, 7, 0] = True  # an island
    masks[2, 1, 0] = False  # a hole, in which the other class lies
    masks[2, 1, 1] = masks[0:2, 5:8, 1] = True
    exclusive, free = tidy(masks, 1, SIDES), tidy(masks, 1, BOTH)
    assert exclusive.sum(axis=(0, 1)).tolist() == [8, 6]  # the island is gone, and the smaller part of the other
    assert free.sum(axis=(0, 1)).tolist() == [9, 6]
    assert not exclusive.all(axis=-1).any()


@pytest.mark.parametrize("problem", [SIDES, Problem(classes=("nucleus",), recipe="grey")])
def test_how_many_parts_a_mask_has_is_known_of_lungs(problem):
    assert (known_components(LUNGS), components_to_keep(LUNGS)) == (2, 2)
    assert known_components(problem) is None
    assert "Leave cleaning out" in refusal(components_to_keep, problem)
