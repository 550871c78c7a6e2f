"""What the hidden tests of nbgrader import: points, and a check() that a blank does not stop.

nbgrader gives no points to a cell that ends in an error. A class of which one
method is still blank shall keep the points of the others, so here the blank is
told in words. What is found is also published in a form that a program reads:
`course/grade.py` counts the mistakes of a class by it.
"""

import contextlib
import io
import sys
from typing import Any

from lungseg_course.engine import checking
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.exercises import find_exercise, find_question
from lungseg_course.engine.lines import in_lines
from lungseg_course.quizzing import letter_of, quiz
from lungseg_course.quizzing import quiz_points as _quiz_points
from lungseg_course.references import (
    exercises_before,
    names_of_exercises_used,
    reference_of,
    references_in_place,
)

__all__ = ["MIME", "check", "points", "quiz", "quiz_points"]

MIME = "application/vnd.lungseg.verdict+json"
BLANK = "not attempted"


def check(number: str, *answers) -> None:
    """Say the same as `lungseg_course.check`, and also of a blank, in place of stopping there."""
    try:
        checking.check(number, *answers)
    except NotAttempted as blank:
        print(blank)


def points(number: str, *answers, of: float) -> float:
    """Return the points that an answer is worth, as `lungseg_course.points` does, and publish the verdict.

    An answer that falls short, and uses that of an exercise before it, is looked
    at once more with the reference solutions in the place of what the student
    wrote there: one mistake costs the points of one exercise.
    """
    found = _mistakes(number, answers)
    used: set[str] = set()
    if any(found):
        before = exercises_before(number)
        used = names_of_exercises_used(answers, before)
    if used:
        references = {name: reference_of(before[name])[name] for name in used}
        with references_in_place(answers, references):
            again = _mistakes(number, answers)
        found, used = (again, used) if again.count(None) > found.count(None) else (found, set())
    worth = of * found.count(None) / len(found)
    if used:
        names = " and ".join(f"`{name}`" for name in sorted(used))
        told = "That it does not work here costs" if len(used) == 1 else "That they do not work here costs"
        print(
            in_lines(
                f"Graded with the reference solution of {names} in place of yours. {told} nothing a second time: "
                f"{worth:g} of {of:g} points."
            )
        )
    mistakes = [mistake for mistake in dict.fromkeys(found) if mistake is not None]
    _publish({"exercise": number, "points": worth, "of": of, "mistakes": mistakes, "references": sorted(used)})
    return worth


def quiz_points(number: str, answer: str | None = None, *, of: float) -> float:
    """Return the points of an answer, as `lungseg_course.quiz_points` does, and publish the verdict."""
    worth = _quiz_points(number, answer, of=of)
    letter = letter_of(answer)
    known = letter in find_question(number).feedback
    chosen = [] if worth else [f"answer {letter}" if known else BLANK]
    _publish({"question": number, "points": worth, "of": of, "mistakes": chosen, "references": []})
    return worth


def _mistakes(number: str, answers: tuple) -> list[str | None]:
    """Return for each look of an exercise the name of the mistake, None where there is none."""
    exercise = find_exercise(number)
    found: list[str | None] = []
    for look in exercise.looks:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                wrong = checking.verdict_of(look, exercise, answers, seed=1)
            found.append(wrong.cause if wrong else None)
        except NotAttempted:
            found.append(BLANK)
    return found


def _publish(verdict: dict[str, Any]) -> None:
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            shell.display_pub.publish(data={MIME: verdict}, metadata={})
