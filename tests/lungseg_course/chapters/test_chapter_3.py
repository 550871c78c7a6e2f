"""Notebook 3: what its checks do besides giving each mistake its name."""

import re

import numpy as np
import pytest

from answers.chapter_3 import coefficient_tensors_wrong, loss_wrong, metric_in_keras_wrong
from answers.chapter_3.formula import dice_coefficient
from answers.chapter_3.loss_right import dice_loss
from answers.chapter_3.metric_right import Dice
from lungseg_course import check, points
from lungseg_course.engine.checking import first_wrong, verdict_of
from lungseg_course.engine.exercises import find_exercise


def test_numbers_copied_from_the_messages_are_worth_nothing():
    """Other inputs are tried for points than check shows."""
    report = first_wrong("3.4", lambda dice: dice).report()
    assert "0.8" in report
    copied = {0.8: 2 / 3, 1.0: 1.0, 0.0: 0.0}
    assert points("3.4", lambda dice: copied[dice], of=4) == 0


@pytest.mark.slow
def test_many_checks_in_a_row_make_no_noise(caplog, capfd):
    """TensorFlow warns from the fifth function on that it has to prepare anew."""
    for _ in range(6):
        assert first_wrong("3.2", dice_loss) is None
        assert first_wrong("3.3", Dice) is None
    printed = capfd.readouterr()
    assert (printed.out, printed.err, caplog.text) == ("", "", "")


@pytest.mark.parametrize("cause", ["NumPy in place of `keras.ops`", "no gradient", "numbers of different types"])
def test_a_wrong_answer_makes_no_noise(cause, tmp_path, monkeypatch, capfd):
    answer = coefficient_tensors_wrong.answers.with_mistake(cause)
    monkeypatch.chdir(tmp_path)
    first_wrong("3.1", answer)
    capfd.readouterr()
    check("3.1", answer)
    printed = capfd.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("Exercise 3.1: not right yet.")
    assert f"Mistake   {cause}" in printed.out


def test_a_function_of_numpy_in_a_cell_above_is_named(cell):
    above = cell("def dice(a, b):\n    return np.sum(np.array(a) * np.array(b), axis=(1, 2, 3))", np=np)
    source = "def dice_coefficient(y_true, y_pred, smooth=1.0):\n    return dice(y_true, y_pred)"
    exercise = find_exercise("3.1")
    wrong = verdict_of(exercise.looks[-1], exercise, (cell(source, **above)["dice_coefficient"],), seed=0)
    assert wrong.cause == "NumPy in place of `keras.ops`"
    assert wrong.remedy.startswith("`dice` of a cell above works with NumPy only.")


def test_the_masks_that_are_handed_over_stay_as_they_are():
    given = []

    def keeps(y_true, y_pred, smooth=1.0):
        given.append((y_true, np.array(y_true)))
        return dice_coefficient(y_true, y_pred, smooth)

    assert first_wrong("3.1", lambda *args, **kwargs: 1 - keeps(*args, **kwargs)) is not None
    assert all(np.array_equal(tensor, copy) for tensor, copy in given)


def test_the_students_own_metric_stays_as_it_is():
    metric = Dice()
    metric.update_state(np.ones((1, 2, 2, 1)), np.ones((1, 2, 2, 1)))
    assert first_wrong("3.3", metric).cause == "an object in place of the class"
    assert float(metric.result()) == 1


def test_the_students_own_line_of_a_loss_is_shown():
    answer = loss_wrong.answers.with_mistake("the name `dice_coeficient` is not known")
    assert "of your cell:  return 1 - dice_coeficient(y_true, y_pred)" in first_wrong("3.2", answer).received


def test_the_students_own_line_of_a_metric_is_shown():
    received = first_wrong("3.3", metric_in_keras_wrong.answers.with_mistake("`self` is missing")).received
    assert re.search(
        r"in line \d+ of your cell:  values = dice_coefficient\(y_true, cut\(y_pred, threshold\)", received
    )
