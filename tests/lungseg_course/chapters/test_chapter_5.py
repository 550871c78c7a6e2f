"""Notebook 5: what its checks say and count, beyond what all checks do."""

from types import SimpleNamespace

import pytest

from answers.chapter_5.keep_largest import none_forgotten, too_few_forgotten
from answers.chapter_5.mean_dice_and_pooled_f1 import pooled_f1
from answers.chapter_5.predict_probability import predict_with_bar
from lungseg_course import check, points
from lungseg_course.engine.checking import first_wrong


def test_no_progress_bars_are_shown(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    first_wrong("5.1", predict_with_bar)  # what is loaded once is loaded
    capfd.readouterr()
    check("5.1", predict_with_bar)
    printed = capfd.readouterr()
    assert printed.out.startswith("Exercise 5.1: correct. ")
    assert printed.out.count("\n") <= 2
    assert printed.err == ""


def test_a_constant_does_not_earn_points():
    """Numbers that a student copies from the messages of check are others when points are given."""
    table = SimpleNamespace(seen=None)

    def copied(_):
        return table.seen

    table.seen = 0.0
    wrong = first_wrong("5.2", copied, pooled_f1)
    table.seen = float(wrong.expected)
    assert points("5.2", copied, pooled_f1, of=4) == 2


@pytest.mark.parametrize("answer", [none_forgotten, too_few_forgotten])
def test_none_are_counted_as_several(answer):
    assert "With 0 components, " in first_wrong("5.4", answer).why
