"""Two masks, pixel by pixel."""

import numpy as np
import pytest

from lungseg.masks.overlap import Overlap, count_overlap, dice_of, f1_score


@pytest.mark.parametrize(
    ("truth", "prediction", "counts", "dice"),
    [
        ([1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 0], (2, 1, 2), 4 / 7),
        ([1, 1, 0], [1, 1, 0], (2, 0, 0), 1.0),
        ([1, 0, 0], [0, 1, 1], (0, 2, 1), 0.0),
        ([0, 0, 0], [0, 1, 0], (0, 1, 0), 0.0),
        ([0, 1, 0], [0, 0, 0], (0, 0, 1), 0.0),
        ([1, 1, 1, 0], [1, 1, 0, 1], (2, 1, 1), 2 / 3),
        ([0, 0, 0], [0, 0, 0], (0, 0, 0), 1.0),
    ],
)
def test_counts_and_dice(truth, prediction, counts, dice):
    masks = np.array(truth, bool), np.array(prediction, bool)
    assert count_overlap(*masks) == Overlap(*counts)
    assert f1_score(*counts) == dice_of(*masks) == pytest.approx(dice)
