"""The table, the confusion matrix and the summary of several classes, from cases whose network is one line."""

import json

import numpy as np
import pandas as pd
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import (
    dice_by_threshold,
    evaluate,
    measure_cases,
    read_evaluation,
    summarise,
    summary_text,
    write_evaluation,
)
from lungseg.evaluation.comparison import columns_of
from lungseg.preparation.recipe import Recipe
from lungseg.problems import Problem
from refusals import refusal
from several import BANDS, ORGANS, OVERLAPPING, organs, reader, save_several


@pytest.fixture
def cases(tmp_path):
    return save_several(tmp_path / "cases", ORGANS)


def test_a_perfect_network(cases):
    table = evaluate(reader(ORGANS), cases, batch_size=3)
    assert list(table.columns) == columns_of(ORGANS)
    assert (table["dice"] == 1).all()
    assert table["dice_heart"].isna().tolist() == [True, False, False, False]
    assert table["tp_left"].tolist() == [16, 24, 32, 32]
    assert table[["tp", "fp", "fn"]].dtypes.tolist() == [int] * 3


def test_a_network_that_is_one_row_too_low(cases):
    table = evaluate(reader(ORGANS, shift=1), cases)
    assert table["dice_left"].tolist() == pytest.approx([7 / 8] * 4)  # of eight rows, seven are right
    assert table["dice"].tolist() == pytest.approx([7 / 8] * 4)
    assert table["fn_right"].tolist() == [2, 3, 4, 4]
    assert table["hd95"].tolist() == [1] * 4


def test_ignored_pixels_count_nowhere(tmp_path):
    cases = save_several(tmp_path, ORGANS, ignore=True)

    def network(images):  # right above the last three rows, which are ignored, and wrong there
        right = reader(ORGANS)(images)
        right[:, -3:] = [0.1, 0.7, 0.1, 0.1]
        return right

    measured = measure_cases(network, cases)
    assert (measured.table["dice"] == 1).all()
    assert (measured.table["fp"] == 0).all()
    assert (measured.table["pixels"] == 13 * 16).all()
    assert measured.confusion.sum() == 4 * 13 * 16
    assert measured.calibration[0].sum() == 4 * 13 * 16 * 3  # each pixel once for each class
    assert not any(measured.masks[f"case_{i}"][-3:].any() for i in range(4))


def test_the_confusion_matrix_adds_up_over_the_cases(cases):
    measured = measure_cases(reader(ORGANS, shift=1), cases)
    heart = 3 + 4 + 4
    assert measured.confusion.tolist() == [
        [4 * 256 - 8 * (13 + 13 + heart) - 13 - 13 - heart, 13, 13, heart],
        [13, 7 * 13, 0, 0],
        [13, 0, 7 * 13, 0],
        [heart, 0, 0, 7 * heart],
    ]
    assert measured.problem == ORGANS
    pd.testing.assert_frame_equal(measured.table[columns_of(ORGANS)], evaluate(reader(ORGANS, shift=1), cases))
    assert "dice_cleaned" not in measured.table
    np.testing.assert_array_equal(measured.masks["case_2"], np.roll(organs(ORGANS, 2), 1, axis=0) == 1)


def test_classes_that_overlap(tmp_path):
    cases = save_several(tmp_path, OVERLAPPING)
    measured = measure_cases(reader(OVERLAPPING), cases, validation=cases[:1])
    assert measured.confusion is None
    assert (measured.table["dice"] == 1).all()
    assert set(measured.by_threshold[cases[0].resolve()]) == {1.0}
    assert evaluate(reader(OVERLAPPING), cases, threshold=0.97)["tp"].sum() == 0
    by_threshold = dice_by_threshold(reader(OVERLAPPING, shift=1), cases, thresholds=[0.05, 0.5])
    table = evaluate(reader(OVERLAPPING, shift=1), cases)
    np.testing.assert_allclose(by_threshold[:, 1], table["dice"])


def test_one_class_of_five_channels_has_the_columns_of_lungs(tmp_path):
    cases = save_several(tmp_path, BANDS)
    table = evaluate(reader(BANDS), cases)
    assert list(table.columns) == columns_of()
    assert (table["dice"] == 1).all()
    summary = summarise(table, BANDS)
    assert "two_components" not in summary
    assert "two parts" not in summary_text(summary)


def test_items_that_a_function_loads(cases):
    def load(item):
        array = np.load(cases[item[1]])
        return array[..., :3], array[..., 3:]

    items = [("first.png", 0), ("second.png", 1)]
    table = evaluate(reader(ORGANS), items, load=load, problem=ORGANS)
    assert table["case"].tolist() == ["first.png", "second.png"]
    assert (table["dice"] == 1).all()
    assert "load= needs to be told the classes" in refusal(evaluate, reader(ORGANS), items, load=load)


def test_millimetres_where_the_manifest_knows_them(cases):
    lines = ["case,pixel_height_mm,pixel_width_mm", "case_0,0.5,2", "case_1,3,2", "case_2,,", "case_3,,"]
    (cases[0].parent / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    table = evaluate(reader(ORGANS, shift=1), cases)
    assert list(table.columns) == columns_of(ORGANS, millimetres=True)
    assert table["hd95_mm"].tolist()[:2] == [0.5, 3]  # one row down
    assert table["hd95_mm_left"].isna().tolist() == [False, False, True, True]
    summary = summarise(table, ORGANS)
    assert (summary["hd95_mm"]["count"], summary["hd95_mm"]["mean"]) == (2, 1.75)
    assert summary["by_class"]["heart"]["hd95_mm"]["mean"] == 3  # in case 0 there is no heart
    assert summary_text(summary).splitlines()[-1] == "in millimetres, of 2 of 4 cases: HD95 1.8, ASSD " + (
        f"{summary['assd_mm']['mean']:.2f}"
    )


# --- the summary -----------------------------------------------------------------------------------------


def test_the_summary_by_class(cases):
    measured = measure_cases(reader(ORGANS, shift=1), cases)
    summary = summarise(measured.table, ORGANS, measured.confusion)
    heart = summary["by_class"]["heart"]
    assert (heart["count"], heart["scored"]) == (3, 3)
    assert heart["dice"]["mean"] == pytest.approx(7 / 8)
    assert heart["pooled_f1"] == pytest.approx(7 / 8)
    assert heart["hd95"]["worst_case"] == "case_1"
    assert list(summary["by_class"]) == ["left", "right", "heart"]
    assert summary["confusion"]["rows"] == ["background", "left", "right", "heart"]
    assert summary["confusion"]["shares"][3] == pytest.approx([1 / 8, 0, 0, 7 / 8])
    lines = summary_text(summary).splitlines()
    assert [line.split()[0] for line in lines if line][:5] == ["cases", "all", "left", "right", "heart"]
    assert "two parts" not in lines[0]


def test_a_class_that_is_nowhere(cases):
    some = evaluate(reader(ORGANS), cases[:1])
    summary = summarise(some, ORGANS, np.zeros((4, 4), int))
    assert summary["by_class"]["heart"]["dice"] is None
    assert summary["confusion"]["shares"][3] == [None] * 4
    json.dumps(summary, allow_nan=False)
    assert "heart          0  in no mask, true or predicted" in summary_text(summary)


def test_a_table_comes_back_as_it_was_written(cases, tmp_path):
    measured = measure_cases(reader(ORGANS, shift=1), cases)
    write_evaluation(measured.table, tmp_path, {"part": "test"}, ORGANS, measured.confusion)
    pd.testing.assert_frame_equal(read_evaluation(tmp_path), measured.table)
    written = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert written["confusion"]["pixels"] == measured.confusion.tolist()
    assert written["by_class"]["left"]["dice"]["mean"] == pytest.approx(7 / 8)


# --- what is refused -------------------------------------------------------------------------------------


def test_a_threshold_and_cleaning_that_make_no_sense(cases):
    assert "each pixel gets the most probable" in refusal(evaluate, reader(ORGANS), cases, threshold=0.3)
    assert "two. Received: left, right, heart" in refusal(evaluate, reader(ORGANS), cases, clean=True)
    assert "two. Received: left, right, heart" in refusal(measure_cases, reader(ORGANS), cases, clean=True)
    assert "the most probable one" in refusal(dice_by_threshold, reader(ORGANS), cases)


def test_cleaning_keeps_as_many_parts_as_the_recipe_of_the_cases_names(tmp_path):
    cases = save_several(tmp_path, OVERLAPPING)

    def network(images):  # right, and an island of the first class in a corner
        found = reader(OVERLAPPING)(images)
        found[:, -1, -1, 0] = 0.95
        return found

    assert evaluate(network, cases)["fp"].tolist() == [1] * 4
    recipe = Recipe("one part", components=1).described()
    (tmp_path / "recipe.json").write_text(json.dumps(recipe), encoding="utf-8")
    assert evaluate(network, cases, clean=True)["fp"].tolist() == [0] * 4
    table = measure_cases(network, cases).table
    assert (table["dice_cleaned"] == 1).all()
    assert (table["dice_raw"] < 1).all()


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (lambda images: images[..., 0], "4 probabilities a pixel"),
        (lambda images: images, "Its outputs should be background, left, right, heart"),
        (lambda images: np.full((*images.shape[:-1], 4), 0.5), "add up to 1 in each pixel. Received: sums from 2 to 2"),
        (lambda images: np.full((*images.shape[:-1], 4), 3.0), "lack a softmax"),
    ],
)
def test_networks_of_other_outputs(cases, network, says):
    assert says in refusal(evaluate, network, cases)


def test_cases_of_two_kinds_are_refused(cases, tmp_path):
    others = save_several(tmp_path / "others", Problem(channels=ORGANS.channels, classes=("a", "b", "c"), recipe="x"))
    with pytest.raises(InputError, match="a, b, c"):
        evaluate(reader(ORGANS), [*cases, *others])
