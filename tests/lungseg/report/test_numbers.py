"""The statistics of the report, against numbers worked out by hand and against SciPy."""

import numpy as np
import pandas as pd
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import evaluate, summarise
from lungseg.evaluation.evaluation import measure_cases
from lungseg.evaluation.thresholds import THRESHOLDS, choose_threshold, dice_by_threshold, validation_cases
from lungseg.report.figures import plot_agreement, plot_dice_histogram, plot_reliability, plot_thresholds, signed
from lungseg.report.numbers import choose_cases, effect_of_cleaning, groups_of, lung_areas, score_intervals


def save_case(folder, name, mask, image=None):
    mask = np.asarray(mask, dtype=np.float32)
    path = folder / f"{name}.npy"
    np.save(path, np.stack([mask if image is None else np.float32(image), mask], axis=-1))
    return path


def identity(images):
    return images


# --- thresholds ------------------------------------------------------------------------------------------


def test_dice_by_threshold_by_hand(tmp_path):
    path = save_case(tmp_path, "a", [[0, 1, 1, 0]], [[0.2, 0.4, 0.8, 0.6]])
    dice = dice_by_threshold(identity, [path], [0.1, 0.3, 0.5, 0.7, 0.9])
    assert dice[0] == pytest.approx([4 / 6, 4 / 5, 2 / 4, 2 / 3, 0])


def test_at_one_half_it_is_the_dice_of_the_evaluation(phantom_cases):
    for clean in (False, True):
        dice = dice_by_threshold(lambda images: 1 - images, phantom_cases, clean=clean)
        assert dice.shape == (10, len(THRESHOLDS))
        expected = evaluate(lambda images: 1 - images, phantom_cases, clean=clean)["dice"]
        np.testing.assert_allclose(dice[:, THRESHOLDS.index(0.5)], expected)


def test_each_case_is_predicted_once_for_all_thresholds(phantom_cases):
    seen = []

    def network(images):
        seen.append(len(images))
        return images

    dice_by_threshold(network, phantom_cases)
    assert seen == [8, 8]  # ten cases, and the filling of the last batch


def test_the_best_threshold_and_ties():
    assert choose_threshold([0.3, 0.5, 0.7], np.array([[0.9, 0.8, 0.7]])) == 0
    assert choose_threshold([0.3, 0.4, 0.6], np.array([[0.8, 0.8, 0.7]])) == 1
    for wrong in (np.empty((0, 3)), np.ones(3), np.ones((2, 2))):
        with pytest.raises(InputError, match="3 thresholds"):
            choose_threshold([0.3, 0.5, 0.7], wrong)


def test_only_validation_cases_choose():
    split = {"train": ["a"], "validation": ["b", "c"], "test": ["c", "d"]}
    assert validation_cases(split, [f"{name}.npy" for name in "abcde"]) == ["b.npy"]
    assert validation_cases({}, ["a.npy"]) == []


# --- the table -------------------------------------------------------------------------------------------


@pytest.fixture
def untidy(tmp_path):
    """A case whose image has two lungs of 20 pixels, a hole and an island; one that is perfect."""
    truth = np.zeros((12, 12))
    truth[3:8, 1:5] = truth[3:8, 7:11] = 1
    image = truth.copy()
    image[5, 2], image[11, 11] = 0.4, 0.6
    return [save_case(tmp_path, "PHANTOM_0000_0", truth, image), save_case(tmp_path, "PHANTOM_0001_1", truth)]


def test_measured_by_hand(untidy):
    raw, cleaned = (measure_cases(identity, untidy, clean=clean) for clean in (False, True))
    first = raw.table.iloc[0]
    assert first["dice_raw"] == pytest.approx(2 * 39 / (39 + 1 + 40))
    assert first["dice"] == first["dice_raw"]
    assert first["dice_cleaned"] == 1
    assert first["hd95_cleaned"] == 0
    assert first["hd95_raw"] > 0
    assert first["pixels"] == 144
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


def test_a_case_that_is_there_twice_is_refused(untidy):
    with pytest.raises(InputError, match=r"PHANTOM_0000_0.*2 times"):
        measure_cases(identity, [*untidy, untidy[0]])


def test_areas_in_percent_of_each_image():
    table = pd.DataFrame({"tp": [20, 5], "fp": [10, 0], "fn": [0, 5], "pixels": [100, 50]})
    true, predicted = lung_areas(table)
    assert true.tolist() == [20, 20]
    assert predicted.tolist() == [30, 10]


def test_headline_values_are_those_of_the_summary(phantom_cases):
    table = measure_cases(lambda images: 1 - images, phantom_cases).table
    scores, summary = score_intervals(table), summarise(table)
    assert scores["dice"].value == pytest.approx(summary["dice"]["mean"])
    assert scores["median"].value == pytest.approx(summary["dice"]["median"])
    for name in ("jaccard", "hd95", "assd"):
        assert scores[name].value == pytest.approx(summary[name]["mean"])
    assert scores["pooled_f1"].value == pytest.approx(summary["pooled_f1"])
    assert all(low <= value <= high for value, low, high in scores.values())


def test_the_effect_of_cleaning_is_paired(untidy):
    table = measure_cases(identity, untidy).table
    change = effect_of_cleaning(table, "dice")
    assert (change.before, change.after) == (pytest.approx((0.975 + 1) / 2), 1)
    assert change.difference.value == pytest.approx(0.0125)
    assert (change.difference.low, change.difference.high) == pytest.approx((0, 0.025))
    assert (change.better, change.worse, change.same) == (1, 0, 1)
    assert effect_of_cleaning(table, "hd95").better == 1  # less is better


def test_groups():
    table = pd.DataFrame({"source": ["A", "A", "B"], "diagnosis": ["normal", "ill", "ill"]})
    sizes = {name: len(part) for name, part in groups_of(table).items()}
    # All of B are ill, and all the normal ones are of A: said already.
    assert sizes == {"all cases": 3, "A": 2, "B": 1, "ill": 2, "normal": 1, "A, ill": 1}
    assert list(groups_of(table[table["source"] == "A"])) == ["all cases", "ill", "normal"]
    assert list(groups_of(table.assign(diagnosis=["unknown"] * 3))) == ["all cases", "A", "B"]


def test_cases_to_look_at_are_never_shown_twice():
    for count in range(1, 40):
        table = pd.DataFrame({"case": [f"{i:02d}" for i in range(count)], "dice": np.linspace(0.5, 0.9, count)})
        typical, worst = choose_cases(table)
        names = [name for _, name in typical + worst]
        assert len(set(names)) == len(names)
        assert len(worst) == min(12, count // 2)
        assert [name for _, name in worst] == sorted(name for _, name in worst)  # the worst first
        assert typical[0] == ("best" if count > 1 else "only", f"{count - 1:02d}")


# --- figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dice", [[1.0], [0.0, 1.0], [0.97, 0.971], np.linspace(0.2, 0.9, 50)])
def test_every_case_is_in_the_histogram(dice):
    bars = plot_dice_histogram(dice).axes[0].patches
    assert sum(bar.get_height() for bar in bars) == len(dice)
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(1)


def test_a_dice_that_is_none_is_refused():
    for wrong in ([], [1.2], [np.nan]):
        with pytest.raises(InputError, match="from 0 to 1"):
            plot_dice_histogram(wrong)


def test_the_agreement_of_one_case_has_no_limits():
    assert plot_agreement([20], [21]).alt_text == (
        "Predicted minus true lung area of 1 case: bias 1.00 % of the image."
    )


def test_the_reliability_diagram_leaves_empty_intervals_out():
    table = np.zeros((3, 10))
    table[:, 2], table[:, 9] = [10, 3, 2], [10, 10, 9]
    figure = plot_reliability(table)
    _, points = figure.axes[0].lines
    assert points.get_xydata() == pytest.approx(np.array([[0.2, 0.3], [0.9, 1.0]]))
    assert "error 0.1000" in figure.alt_text
    with pytest.raises(InputError, match="empty"):
        plot_reliability(np.zeros((3, 10)))


def test_the_best_threshold_is_marked():
    figure = plot_thresholds([0.3, 0.5, 0.7], np.array([[0.9, 0.8, 0.6], [0.9, 0.8, 0.6]]))
    assert figure.axes[0].lines[1].get_xydata().tolist() == [[0.3, pytest.approx(0.9)]]


def test_numbers_are_written_with_a_minus_and_zero_without():
    assert [signed(-1.25, 1), signed(-0.0004, 3), signed(2, 0)] == ["−1.2", "0.000", "2"]
