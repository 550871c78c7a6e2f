"""The curves of a training and the dots of an evaluation: their numbers, their words and their layout."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from drawings import assert_tidy, contours, group_table, history_table
from lungseg.errors import InputError
from lungseg.plotting import alt_text, plot_dice_by_group, plot_gallery, plot_history
from lungseg.plotting.charts import TRAIN, VALIDATION, swarm

# Training curves


def star(figure):
    (line,) = [line for ax in figure.axes for line in ax.lines if line.get_marker() == "*"]
    return line.get_xdata()[0], line.get_ydata()[0]


def drops(ax):
    return [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "drop"]


def test_the_curves_are_those_of_the_history():
    table = history_table()
    loss, dice, rate = plot_history(table).axes
    for ax, name in ((loss, "loss"), (dice, "dice")):
        (training,) = contours(ax, TRAIN)
        validation = contours(ax, VALIDATION)[0]
        np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4, 5])
        np.testing.assert_array_equal(training.get_ydata(), table[name])
        np.testing.assert_array_equal(validation.get_ydata(), table[f"val_{name}"])
    np.testing.assert_array_equal(rate.lines[0].get_ydata(), table["learning_rate"])


def test_the_best_epoch_is_the_first_of_equals_and_drops_are_marked():
    figure = plot_history(history_table())
    assert star(figure) == (3, 0.82)
    assert [drops(ax) for ax in figure.axes] == [[3.5]] * 3  # between the third and the fourth epoch
    assert alt_text(figure) == (
        "Training curves over 5 epochs. Loss from 1.000 to 0.350. Best validation Dice 0.820 in epoch 3. "
        "The learning rate dropped in epoch 4."
    )


def test_a_learning_rate_that_falls_steadily_has_no_drops():
    table = history_table().assign(learning_rate=[1, 0.5, 0.25, 0.125, 0.0625])
    assert [drops(ax) for ax in plot_history(table).axes] == [[], [], []]


def test_histories_come_in_many_forms(tmp_path):
    table = history_table()
    table.to_csv(tmp_path / "history.csv", index=False)
    forms = [
        tmp_path,
        str(tmp_path / "history.csv"),
        table.assign(epoch=table["epoch"] + 1),  # counted from 1 already
        table.drop(columns="epoch"),
        table.to_dict("list"),
        SimpleNamespace(history=table),  # a run
        SimpleNamespace(history=table.drop(columns="epoch").to_dict("list")),  # what fit returns
        pd.concat([table.iloc[:3].assign(val_dice=0.99), table.iloc[1:], table.iloc[:1]]),  # went on from epoch 1
    ]
    assert {alt_text(plot_history(form)) for form in forms} == {alt_text(plot_history(table))}


def test_a_history_may_be_short_of_columns_epochs_or_numbers():
    assert [ax.get_title() for ax in plot_history({"loss": [1.0, 0.5]}).axes] == ["loss"]
    assert star(plot_history(history_table().iloc[:1])) == (1, 0.4)
    assert star(plot_history({"dice": [0.3, 0.6, 0.5]})) == (2, 0.6)
    diverged = history_table().assign(val_dice=np.nan, learning_rate=np.nan)
    figure = plot_history(diverged)
    assert [ax.get_title() for ax in figure.axes] == ["loss", "Dice"]
    assert "Best" not in alt_text(figure)
    assert star(plot_history(history_table().assign(val_dice=[np.nan, 0.2, 0.7, np.nan, 0.1]))) == (3, 0.7)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "no such file"),
        ("", "a row for each epoch. Received: none"),
        ("epoch,loss\n", "a row for each epoch. Received: none"),
        ("epoch,accuracy\n0,1\n", "Received: 1 epoch with epoch, accuracy"),
        ("epoch,loss\n0,low\n", "expected numbers of loss. Received: 'low'"),
    ],
)
def test_a_history_that_is_none(tmp_path, content, complaint):
    path = tmp_path / "history.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=complaint) as error:
        plot_history(path)
    assert str(path) in str(error.value)


# Dice by group


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


def test_charts_have_room():
    assert_tidy(plot_history(history_table()))
    rng = np.random.default_rng([11])
    groups = [(f"a source with a name {i}", "tuberculosis") for i in range(4)]
    rows = [(f"CASE_{i}_{source}", source, diagnosis) for source, diagnosis in groups for i in range(60)]
    table = pd.DataFrame(rows, columns=["case", "source", "diagnosis"]).assign(dice=rng.uniform(0.8, 1, 240))
    assert_tidy(plot_dice_by_group(table))
