"""The dots of an evaluation: their numbers, their words and their layout."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from drawings import assert_tidy, group_table
from lungseg.errors import InputError
from lungseg.evaluation import evaluate
from lungseg.plotting import alt_text, plot_dice_by_class, plot_dice_by_group, plot_gallery
from lungseg.plotting.charts import swarm
from refusals import refusal
from several import BANDS, ORGANS, reader, save_several


def test_each_case_is_a_dot_in_the_row_of_its_group():
    figure = plot_dice_by_group(group_table())
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Montgomery, normal\n3 cases",
        "Shenzhen, tuberculosis\n1 case",
    ]
    first, second = (dots.get_offsets() for dots in ax.collections if isinstance(dots, PathCollection))
    np.testing.assert_allclose(first[:, 0], [0.9, 0.8, 0.96])
    np.testing.assert_allclose(second, [[0.7, 1]])
    assert np.all(np.abs(first[:, 1]) < 0.3)
    box = ax.patches[0]
    assert (box.get_x(), box.get_x() + box.get_width()) == pytest.approx((0.85, 0.93))  # quartiles of 0.8, 0.9, 0.96
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["median\n0.900", "MCUCXR_0002_0", "median\n0.700", "CHNCXR_0001_1"]
    left, right = ax.get_xlim()
    assert left < 0.7
    assert right > 1
    assert alt_text(figure) == (
        "Dice of each case by group. Montgomery, normal: 3 cases, median 0.900, lowest 0.800 (MCUCXR_0002_0). "
        "Shenzhen, tuberculosis: 1 case, median 0.700, lowest 0.700 (CHNCXR_0001_1)."
    )


@pytest.mark.parametrize("dice", [[0.0], [1.0], [1.0, 1.0], [0.0, 1.0], [0.999, 1.0]])
def test_dots_stay_inside_the_chart(dice):
    table = pd.DataFrame({"case": [f"c{i}" for i in range(len(dice))], "source": "other", "dice": dice})
    figure = plot_dice_by_group(table, by="source")
    left, right = figure.axes[0].get_xlim()
    assert left < min(dice)
    assert max(dice) < right
    assert_tidy(figure)


def test_a_crowd_of_dots_spreads_over_its_row_and_no_further():
    values = np.round(np.random.default_rng([7]).uniform(0.95, 0.97, 60), 3)
    offsets = swarm(values, diameter=0.005)
    assert np.abs(offsets).max() <= 0.28
    assert len(set(zip(values, offsets, strict=True))) == 60  # no two in one place
    np.testing.assert_array_equal(swarm(np.array([0.5, 0.7, 0.9]), 0.01), [0, 0, 0])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (group_table().drop(columns="dice"), "a DataFrame without dice"),
        (group_table().iloc[:0], "an empty table"),
        (group_table().assign(dice=[0.5, np.nan, 0.5, 0.5]), "Received: nan for MCUCXR_0002_0"),
        (group_table().assign(dice=[0.5, 0.5, 0.5, 97]), "Received: 97.0 for CHNCXR_0001_1"),
        ([1, 2], "a list without case"),
    ],
)
def test_tables_that_cannot_be_drawn(table, complaint):
    with pytest.raises(InputError, match=complaint):
        plot_dice_by_group(table)
    with pytest.raises(InputError, match="Received"):
        plot_gallery(table, [], lambda images: images)


def test_the_dice_by_class_in_the_order_of_the_classes(tmp_path):
    paths = save_several(tmp_path, ORGANS)
    figure = plot_dice_by_class(evaluate(reader(ORGANS, shift=1), paths))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["left\n4 cases", "right\n4 cases", "heart\n3 cases"]
    assert alt_text(figure).startswith("Dice of each case by class. left: 4 cases, median 0.875")
    assert "<class>" in refusal(plot_dice_by_class, evaluate(reader(BANDS), save_several(tmp_path / "b", BANDS)))


def test_charts_have_room():
    rng = np.random.default_rng([11])
    groups = [(f"a source with a name {i}", "tuberculosis") for i in range(4)]
    rows = [(f"CASE_{i}_{source}", source, diagnosis) for source, diagnosis in groups for i in range(60)]
    table = pd.DataFrame(rows, columns=["case", "source", "diagnosis"]).assign(dice=rng.uniform(0.8, 1, 240))
    assert_tidy(plot_dice_by_group(table))
