"""Notebook 5: what its checks say and count, beyond what all checks do."""

from types import SimpleNamespace

import pytest

from answers.chapter_5.keep_largest import none_forgotten, too_few_forgotten
from answers.chapter_5.mean_dice_and_pooled_f1 import pooled_f1
from lungseg_course import points
from lungseg_course.engine.checking import first_wrong


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
