"""Each wrong reference in a table, given to the check as a student's answer, gets its own name."""

import pytest

from answers import load_answers, runnable_rows
from lungseg_course.engine.checking import CHECKED
from lungseg_course.engine.exercises import NOTEBOOKS, chapter, find_exercise
from lungseg_course.engine.sharing import sharing
from lungseg_course.engine.table import Look
from taking_looks import Noting, is_wrong_in_grading, seen_by

pytestmark = pytest.mark.slow
GIVEN = load_answers()
RIGHT = {each.number: each.rights[0] for each in GIVEN if each.rights}
SLOW = {each.number for each in GIVEN if each.slow}
ROWS = {  # once, where several looks have a row
    (exercise.number, look.place, sign): pytest.param(
        exercise.number, look.place, sign, row.name, id=f"{exercise.number}, look {k}: {row.name} {way}"
    )
    for notebook in NOTEBOOKS
    for exercise in chapter(notebook).EXERCISES
    for k, look in enumerate(exercise.looks)
    if isinstance(look, Look)
    for row in runnable_rows(look)
    for way, sign in enumerate((row.sign, *row.also))
}


@pytest.mark.parametrize(("number", "place", "mistake", "name"), ROWS.values())
@sharing()
def test_a_row_names_its_own_mistake(number, place, mistake, name):
    answer = list(RIGHT.get(number, (mistake,)))  # a new exercise has no recorded answers yet
    answer[place] = mistake
    looks = [Noting(look) for look in find_exercise(number).looks]
    *before, wrong = seen_by(looks, number, answer, CHECKED, up_to_a_mistake=True)
    assert wrong is not None, "taken for right"
    assert wrong.cause == name, wrong.report()
    failing = looks[len(before)]
    if number not in SLOW and failing.has_drawn:
        assert is_wrong_in_grading(failing, number, answer), "worth all the points"
