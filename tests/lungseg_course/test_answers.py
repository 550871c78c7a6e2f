"""The checks, given the answers of many students: each mistake gets its name, and other right answers pass."""

import random
import re

import keras
import numpy as np
import pytest

from answers import load_answers, runnable_rows
from lungseg_course import NotAttempted, check, points, todo
from lungseg_course.engine.checking import CHECKED, GRADED, first_wrong
from lungseg_course.engine.exercises import NOTEBOOKS, chapter, find_exercise
from lungseg_course.engine.sharing import sharing
from lungseg_course.engine.table import Look
from taking_looks import Noting, is_wrong_in_grading, seen_by

pytestmark = pytest.mark.slow
GIVEN = load_answers()
# The first right answer to each exercise, which `check` itself is given, and the others.
FIRST = {each.number: each.rights[0] for each in reversed(GIVEN) if each.rights}
RIGHT = [
    pytest.param(
        *(each.number, things, each.slow),
        id=f"{each.number}, right {k}",
        marks=[pytest.mark.thorough] if each.slow and k > 0 else [],
    )
    for each in GIVEN
    for k, things in enumerate(each.rights)
    if things is not FIRST[each.number]
]
NAMED = set()  # the mistakes that one answer stands for already
WRONG = []
for each in GIVEN:
    for k, (things, cause, share) in enumerate(each.wrongs):
        once_more = each.slow and (each.number, cause) in NAMED
        marks = [pytest.mark.thorough] if once_more else []
        WRONG.append(
            pytest.param(each.number, things, cause, share, each.slow, id=f"{each.number}: {cause} {k}", marks=marks)
        )
        NAMED.add((each.number, cause))
NUMBERS = sorted({each.number for each in GIVEN})


@pytest.mark.parametrize(("number", "answer", "cause", "share", "slow"), WRONG)
@sharing()
def test_a_mistake_gets_its_name(number, answer, cause, share, slow):
    looks = [Noting(look) for look in find_exercise(number).looks]
    *before, wrong = seen_by(looks, number, answer, CHECKED, up_to_a_mistake=True)
    assert wrong is not None, "taken for right"
    report = wrong.report()
    assert wrong.cause == cause, report
    for label in ("I tried", "It gave", "Expected", "Mistake", "Try"):
        assert re.search(rf"^  {label} +\S", report, re.MULTILINE), report
    assert max(map(len, report.splitlines())) <= 120, report
    failing, *after = looks[len(before) :]
    if share is not None:
        assert share < 1
        if before and share:  # those before have seen it as it is, and are not asked once more
            of_grading = before + seen_by([failing, *after], number, answer, GRADED)
            assert of_grading.count(None) / len(looks) == pytest.approx(share)
        else:
            assert points(number, *answer, of=6) == pytest.approx(6 * share)
    elif not slow and failing.has_drawn:
        assert is_wrong_in_grading(failing, number, answer), "worth all the points"


@pytest.mark.parametrize(("number", "answer", "slow"), RIGHT)
def test_a_right_answer_passes(number, answer, slow):
    wrong = first_wrong(number, *answer)
    assert wrong is None, wrong.report()
    if not slow:
        assert points(number, *answer, of=5) == 5


def blank(*args, **kwargs):
    # Exercise 9.9
    todo()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_blank_is_not_attempted(number, tmp_path, monkeypatch, capsys):
    own = next((each.blank for each in GIVEN if each.number == number and each.blank), None)
    answer = own or [blank] * len(find_exercise(number).names)
    monkeypatch.chdir(tmp_path)
    if find_exercise(number).optional:
        check(number, *answer)
        assert capsys.readouterr().out == f"Exercise {number}, optional: not done. Run all goes on.\n"
    else:
        with pytest.raises(NotAttempted, match=r"Exercise \d\.\d is not (done|written) yet"):
            check(number, *answer)
    assert points(number, *answer, of=3) == 0


def draw():
    """Numbers of the three kinds that a student's training depends on."""
    return random.random(), np.random.random(), np.asarray(keras.random.normal((3,))).tolist()  # noqa: NPY002


@pytest.mark.parametrize("number", NUMBERS)
def test_check_says_so_and_leaves_chance_alone(number, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    answer = FIRST[number]
    wrong = first_wrong(number, *answer)  # now what is loaded once is loaded
    assert wrong is None, wrong.report()
    keras.utils.set_random_seed(5)
    expected = draw()
    keras.utils.set_random_seed(5)
    capfd.readouterr()
    check(number, *answer)
    printed = capfd.readouterr()
    assert printed.out.startswith(f"Exercise {number}: correct. ")
    assert printed.out.count("\n") <= 2
    assert printed.err == ""
    assert draw() == expected
    assert points(number, *answer, of=5) == 5


def test_each_exercise_has_recorded_answers_or_rows_that_are_their_own():
    for exercise in (exercise for notebook in NOTEBOOKS for exercise in chapter(notebook).EXERCISES):
        looks = [look for look in exercise.looks if isinstance(look, Look)]
        assert exercise.number in NUMBERS or any(map(runnable_rows, looks))
