"""Networks made of one line, and what one pass over the cases tells of them."""

import numpy as np
import pandas as pd
import pytest

from drawings import growing_cases, save_case
from lungseg.errors import InputError
from lungseg.evaluation import COLUMNS, evaluate, evaluate_masks, measure_cases
from lungseg.evaluation.packed_masks import PackedMasks
from lungseg.evaluation.thresholds import dice_by_threshold


def identity(images):
    """A perfect network for cases whose image is their mask."""
    return images


@pytest.fixture
def cases(tmp_path):
    return growing_cases(tmp_path)


@pytest.fixture
def untidy(tmp_path):
    """A case whose image has two lungs of 20 pixels, a hole and an island; one that is perfect."""
    truth = np.zeros((12, 12))
    truth[3:8, 1:5] = truth[3:8, 7:11] = 1
    image = truth.copy()
    image[5, 2], image[11, 11] = 0.4, 0.6
    return [save_case(tmp_path, "PHANTOM_0000_0", image, truth), save_case(tmp_path, "PHANTOM_0001_1", truth, truth)]


# --- evaluate --------------------------------------------------------------------------------------------


def test_one_row_a_case_in_the_order_given(cases):
    order = [cases[i] for i in (7, 2, 10, 0, 5)]
    table = evaluate(identity, order, batch_size=2)
    assert tuple(table.columns) == COLUMNS
    assert table["case"].tolist() == [path.stem for path in order]
    assert table["tp"].tolist() == [8, 3, 11, 1, 6]
    assert (table["dice"] == 1).all()


def test_the_batch_size_does_not_change_the_numbers(cases):
    def network(images):
        return np.clip(images * 0.4 + np.roll(images, 1, axis=2) * 0.6, 0, 1)

    one, four = (evaluate(network, cases, batch_size=size) for size in (1, 4))
    pd.testing.assert_frame_equal(one, four)
    assert one["fp"].sum() > 0


def test_probabilities_from_the_threshold_on_are_lung(tmp_path):
    path = save_case(tmp_path, "x", np.float32([[0.25, 0.5, 0.75, 1]]), np.ones((1, 4)))
    assert evaluate(identity, [path])["tp"].tolist() == [3]
    assert evaluate(identity, [path], threshold=0.75)["tp"].tolist() == [2]


def test_cleaning_is_on_request(untidy):
    as_it_is, cleaned = (evaluate(identity, untidy, clean=clean).iloc[0] for clean in (False, True))
    assert (as_it_is["components"], as_it_is["fp"], as_it_is["fn"]) == (3, 1, 1)
    assert (cleaned["components"], cleaned["fp"], cleaned["fn"], cleaned["dice"]) == (2, 0, 0, 1)


@pytest.mark.parametrize("way", [evaluate, measure_cases])
def test_progress_is_shown_on_request(cases, capsys, way):
    way(identity, cases[:2])
    assert capsys.readouterr().err == ""
    way(identity, cases[:2], progress=True)
    assert "2/2" in capsys.readouterr().err


@pytest.mark.parametrize("threshold", [0, 1, 128, float("nan")])
def test_a_threshold_lies_between_0_and_1(cases, threshold):
    with pytest.raises(InputError, match="threshold"):
        evaluate(identity, cases, threshold=threshold)


# --- measure_cases ---------------------------------------------------------------------------------------


def test_measured_by_hand(untidy):
    raw, cleaned = (measure_cases(identity, untidy, clean=clean) for clean in (False, True))
    first = raw.table.iloc[0]
    assert first["dice_raw"] == pytest.approx(2 * 39 / (39 + 1 + 40))
    assert first["dice"] == first["dice_raw"]
    assert first["dice_cleaned"] == 1
    assert first["hd95_cleaned"] == 0
    assert first["hd95_raw"] > 0
    assert (first["height"], first["width"], first["pixels"]) == (12, 12, 144)
    # Each lung has 14 border pixels, all of them right. Of the four neighbours of the hole one is on the border
    # already; the other three are one pixel from it. The island is far away.
    border = 28 + 28 + 3 + 1
    assert first["surface_dice"] == pytest.approx((border - 1) / border)
    assert cleaned.table["dice"].tolist() == [1, 1]
    assert cleaned.table["surface_dice"].tolist() == [1, 1]
    np.testing.assert_array_equal(raw.calibration, cleaned.calibration)
    assert raw.calibration[0].sum() == 2 * 144
    assert raw.calibration[:, 4] == pytest.approx([1, 1, 0.4])
    assert raw.calibration[:, 6] == pytest.approx([1, 0, 0.6])


@pytest.mark.parametrize("clean", [False, True])
def test_the_first_columns_are_those_of_evaluate(phantom_cases, clean):
    def network(images):
        return 1 - images

    table = evaluate(network, phantom_cases, clean=clean)
    pd.testing.assert_frame_equal(measure_cases(network, phantom_cases, clean).table[list(table.columns)], table)


@pytest.mark.parametrize("clean", [False, True])
def test_the_masks_that_are_kept_are_those_of_the_table(untidy, clean):
    evaluation = measure_cases(identity, untidy, clean)
    assert evaluation.cases == tuple(untidy)
    for path, row in zip(untidy, evaluation.table.to_dict("records"), strict=True):
        scores = evaluate_masks(path, np.load(path)[..., 1], evaluation.masks[row["case"]])
        assert scores == {name: row[name] for name in scores}


def test_the_dice_by_threshold_is_kept_of_validation_cases_alone(untidy, tmp_path):
    evaluation = measure_cases(identity, untidy, clean=True, validation=[untidy[0], tmp_path / "elsewhere.npy"])
    expected = dice_by_threshold(identity, untidy[:1], clean=True)
    assert {path: list(dice) for path, dice in evaluation.by_threshold.items()} == {
        untidy[0].resolve(): expected[0].tolist()
    }


def test_a_case_that_is_there_twice_is_refused(untidy):
    with pytest.raises(InputError, match=r"PHANTOM_0000_0.*2 times"):
        measure_cases(identity, [*untidy, untidy[0]])


def test_an_evaluation_can_be_taken_apart_as_before(untidy):
    evaluation = measure_cases(identity, untidy, clean=True)
    table, calibration, clean = evaluation
    assert (table is evaluation.table, calibration is evaluation.calibration, clean) == (True, True, True)


def test_masks_are_kept_in_little_memory():
    masks = PackedMasks()
    rng = np.random.default_rng(0)
    given = {"odd": rng.random((7, 9)) < 0.5, "empty": np.zeros((3, 5), dtype=bool), "full": np.ones((512, 512), bool)}
    for name, mask in given.items():
        masks.add(name, mask)
    assert list(masks) == list(given)
    for name, mask in given.items():
        assert masks[name].dtype == bool
        np.testing.assert_array_equal(masks[name], mask)
    assert len(masks._packed["full"][0]) < 1000
    with pytest.raises(KeyError):
        masks["another"]
