"""A row of the table, counted by hand."""

import json

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import COLUMNS, evaluate_masks
from lungseg.evaluation.comparison import columns_of
from lungseg.problems import Problem
from refusals import refusal


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


# --- several classes -------------------------------------------------------------------------------------

THREE = Problem(classes=("left", "right", "heart"))


@pytest.fixture
def by_hand():
    """A row of six pixels. Left: two, one of them found. Right: one, found with one beside it. No heart."""
    truth, prediction = np.zeros((2, 1, 6, 3))
    truth[0, [0, 1], 0] = truth[0, 3, 1] = 1
    prediction[0, 0, 0] = 1
    prediction[0, [3, 4], 1] = 1
    return truth, prediction


def test_several_classes_counted_by_hand(by_hand):
    row = evaluate_masks("a", *by_hand, THREE)
    assert list(row) == columns_of(THREE)
    for name in ("left", "right"):
        assert row[f"dice_{name}"] == pytest.approx(2 / 3)
        assert row[f"jaccard_{name}"] == pytest.approx(1 / 2)
        assert row[f"hd95_{name}"] == pytest.approx(0.95)  # of the distances 0 and 1
        assert row[f"assd_{name}"] == pytest.approx(1 / 3)
    assert (row["tp_left"], row["fp_left"], row["fn_left"]) == (1, 0, 1)
    assert (row["tp_right"], row["fp_right"], row["fn_right"]) == (1, 1, 0)
    assert (row["tp"], row["fp"], row["fn"], row["components"]) == (2, 1, 1, 2)
    assert all(np.isnan(row[f"{score}_heart"]) for score in ("dice", "jaccard", "hd95", "assd"))
    assert (row["tp_heart"], row["fp_heart"], row["fn_heart"]) == (0, 0, 0)
    assert (row["dice"], row["jaccard"]) == (pytest.approx(2 / 3), pytest.approx(1 / 2))  # of two classes, not three
    assert (row["hd95"], row["assd"]) == (pytest.approx(0.95), pytest.approx(1 / 3))


def test_a_class_that_is_only_predicted_scores_0(by_hand):
    truth, prediction = by_hand
    prediction[0, 5, 2] = 1
    row = evaluate_masks("a", truth, prediction, THREE)
    assert row["dice_heart"] == 0
    assert row["hd95_heart"] == pytest.approx(np.hypot(1, 6))
    assert row["dice"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_no_class_at_all_is_perfect_if_none_is_found():
    row = evaluate_masks("a", np.zeros((2, 2, 3)), np.zeros((2, 2, 3)), THREE)
    assert (row["dice"], row["jaccard"], row["hd95"], row["assd"]) == (1, 1, 0, 0)
    assert np.isnan(row["dice_left"])


def test_ignored_pixels_count_nowhere(by_hand):
    truth, prediction = by_hand
    truth[0, 4:] = -1  # also where "right" was found too much
    row = evaluate_masks("a", truth, prediction, THREE)
    assert (row["dice_right"], row["fp_right"], row["hd95_right"]) == (1, 0, 0)
    assert row["dice"] == pytest.approx((2 / 3 + 1) / 2)
    single = evaluate_masks("a", truth[..., 1], prediction[..., 1])
    assert (single["dice"], single["tp"], single["fp"], single["fn"], single["components"]) == (1, 1, 0, 0, 1)


def test_distances_in_millimetres_know_height_from_width(by_hand):
    row = evaluate_masks("a", *by_hand, THREE, spacing=(2.0, 0.5))
    assert list(row) == columns_of(THREE, millimetres=True)
    assert row["hd95"] == pytest.approx(0.95)
    assert row["hd95_mm"] == row["hd95_mm_left"] == pytest.approx(0.475)  # all of it is along the row
    assert row["assd_mm"] == pytest.approx(0.5 / 3)
    assert np.isnan(row["hd95_mm_heart"])
    truth, prediction = np.zeros((2, 5, 5))
    truth[0, 0] = prediction[3, 0] = 1  # three rows apart
    assert evaluate_masks("a", truth, prediction, spacing=(2.0, 0.5))["hd95_mm"] == 6
    assert evaluate_masks("a", truth.T, prediction.T, spacing=(2.0, 0.5))["hd95_mm"] == 1.5
    assert "hd95_mm" not in evaluate_masks("a", truth, prediction)


def test_masks_of_other_classes_are_refused(by_hand):
    truth, prediction = by_hand
    assert "(H, W, 3), one for each of left, right, heart" in refusal(
        evaluate_masks, "a", truth[..., 0], prediction, THREE
    )
    assert "predicted masks" in refusal(evaluate_masks, "a", truth, prediction[..., :2], THREE)
    odd = Problem(classes=("raw", "left"))
    assert "another name than 'raw'" in refusal(evaluate_masks, "a", truth[..., :2], prediction[..., :2], odd)
