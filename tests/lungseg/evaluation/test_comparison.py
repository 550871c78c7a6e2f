"""A row of the table, counted by hand."""

import json

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import COLUMNS, evaluate_masks


def test_a_row_counted_by_hand():
    # Truth: a bar of 4. Prediction: the same bar shifted by one, and an island of 1 two rows below its end.
    truth, prediction = np.zeros((2, 5, 7))
    truth[1, 1:5] = 1
    prediction[1, 2:6] = 1
    prediction[3, 5] = 1
    row = evaluate_masks("data/CHNCXR_0317_1_mask.npy", truth, prediction)
    assert tuple(row) == COLUMNS
    assert (row["case"], row["source"], row["diagnosis"]) == ("CHNCXR_0317_1", "Shenzhen", "tuberculosis")
    assert (row["tp"], row["fp"], row["fn"], row["components"]) == (3, 2, 1, 2)
    assert row["dice"] == pytest.approx(6 / 9)
    assert row["jaccard"] == pytest.approx(3 / 6)
    # There: 1 0 0 0. Back: 0 0 0 1 and the island, whose nearest pixel is two rows up and one to the left.
    island = np.sqrt(5)
    assert row["assd"] == pytest.approx((1 + 1 + island) / 9)
    assert row["hd95"] == pytest.approx(1 + 0.8 * (island - 1))  # rank 0.95 * 4 = 3.8 of 0 0 0 1 island
    json.dumps(row)  # plain numbers only


@pytest.mark.parametrize(
    ("truth", "prediction", "overlap", "distance", "components"),
    [(0, 0, 1, 0, 0), (1, 1, 1, 0, 1), (0, 1, 0, 50, 1), (1, 0, 0, 50, 0)],
)
def test_empty_and_full_masks(truth, prediction, overlap, distance, components):
    row = evaluate_masks("x", np.full((30, 40), truth), np.full((30, 40), prediction))
    assert (row["dice"], row["jaccard"], row["hd95"], row["assd"]) == (overlap, overlap, distance, distance)
    assert row["components"] == components
    assert (row["source"], row["diagnosis"]) == ("other", "unknown")


def test_masks_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="same shape"):
        evaluate_masks("x", np.zeros((4, 4)), np.zeros((4, 5)))
    with pytest.raises(InputError, match="predicted mask"):
        evaluate_masks("x", np.zeros((4, 4)), np.full((4, 4), 0.3))
