"""The curves of a training: their numbers, their words and their layout."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from drawings import assert_tidy, contours, history_table
from lungseg.errors import InputError
from lungseg.plotting import alt_text, plot_history
from lungseg.plotting.history import TRAIN, VALIDATION
from lungseg.problems import PALETTE, Problem


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
    legends = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in figure.axes[:2]]
    assert ["lower learning rate" in legend for legend in legends] == [True, False]
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


def of_classes():
    scores = {"dice_left": [0.5, 0.6, 0.7, 0.8, 0.9], "dice_heart": [0.1, 0.2, 0.3, 0.4, 0.5]}
    return history_table().assign(**scores, **{f"val_{name}": [x - 0.1 for x in scores[name]] for name in scores})


def test_several_classes_have_a_panel_with_a_curve_each():
    figure = plot_history(of_classes())
    assert [ax.get_title() for ax in figure.axes] == ["loss", "Dice", "Dice of each class", "learning rate"]
    for name, colour in zip(("left", "heart"), PALETTE, strict=False):
        (line,) = contours(figure.axes[2], colour)
        np.testing.assert_array_equal(line.get_ydata(), of_classes()[f"val_dice_{name}"])
        assert line.get_label() == name
    assert "Dice of each class at the end: left 0.800, heart 0.400." in alt_text(figure)
    assert len(figure.axes[1].lines) == 4  # training, validation, the star and the drop, as of one class
    assert_tidy(figure)


def test_a_run_tells_its_classes_and_their_colours():
    problem = Problem(classes=("left", "heart"), colours={"heart": "#123456"})
    table = of_classes().drop(columns=["val_dice_left", "val_dice_heart"]).assign(dice_loss=0.5)
    figure = plot_history(SimpleNamespace(history=table, problem=problem))
    (line,) = contours(figure.axes[2], "#123456")
    np.testing.assert_array_equal(line.get_ydata(), table["dice_heart"])  # of the training, as nothing was validated
    assert alt_text(plot_history(table, problem)) == alt_text(figure)


def test_a_loss_among_the_metrics_is_no_class():
    table = history_table().assign(dice_loss=0.5, dice_crossentropy_loss=0.5)
    assert [ax.get_title() for ax in plot_history(table).axes] == ["loss", "Dice", "learning rate"]


def test_curves_have_room():
    assert_tidy(plot_history(history_table()))
