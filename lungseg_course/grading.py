"""What the hidden tests of nbgrader import: points, and a check() that a blank does not stop.

nbgrader gives no points to a cell that ends in an error. A class of which one
method is still blank shall keep the points of the others, so here the blank is
told in words. What is found is also published in a form that a program reads:
`course/grade.py` counts the mistakes of a class by it.
"""

import sys
from collections.abc import Iterable
from typing import Any

from lungseg_course.checking import check as _check
from lungseg_course.engine import checking
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.exercises import find_exercise, find_question
from lungseg_course.engine.panel import show, title_and_text
from lungseg_course.engine.trying import DoesNotEnd
from lungseg_course.engine.verdict import Wrong
from lungseg_course.quizzing import letter_of, quiz
from lungseg_course.quizzing import quiz_points as _quiz_points
from lungseg_course.references import (
    exercises_before,
    names_of_exercises_used,
    names_replaced,
    notebook_names,
    reference_of,
)

__all__ = ["MIME", "check", "points", "quiz", "quiz_points"]

MIME = "application/vnd.lungseg.verdict+json"
BLANK = "not attempted"
WITH_REFERENCE = "Graded with the reference solution of"  # begins what is said of it


def check(number: str, *answers) -> None:
    """Say the same as `lungseg_course.check`, and also of a blank, in place of stopping there."""
    try:
        _check(number, *answers)
    except NotAttempted as blank:
        show("note", *title_and_text(str(blank)), words=str(blank))


def points(number: str, *answers, of: float) -> float:
    """Return the points that an answer is worth, as `lungseg_course.points` does, and publish the verdict.

    An answer that falls short, and uses that of an exercise before it, is looked
    at once more with the reference solutions in the place of what the student
    wrote there: one mistake costs the points of one exercise. One that does not
    come to an end is replaced for good, or each cell below would wait for it.
    """
    found = checking.verdicts(number, *answers)
    used: set[str] = set()
    if any(found):
        before = exercises_before(number)
        used = names_of_exercises_used(answers, before)
    if used:
        references = {name: reference_of(before[name])[name] for name in used}
        with names_replaced(answers, references):
            again = checking.verdicts(number, *answers)
        found, used = (again, used) if again.count(None) > found.count(None) else (found, set())
    worth = of * found.count(None) / len(found)
    if used:
        it, costs = ("it does", "costs") if len(used) == 1 else ("they do", "cost")
        show(
            "note",
            f"{WITH_REFERENCE} {_listed(used)} in place of yours:",
            f"that {it} not work {costs} nothing a second time. {worth:g} of {of:g} points.",
        )
    if any(isinstance(verdict, DoesNotEnd) for verdict in found):
        notebook_names(answers[0]).update(reference_of(number))
        names = _listed(find_exercise(number).names)
        show(
            "note", f"The cells below work with the reference solution of {names},", "as yours does not come to an end."
        )
    # First those that are known by name, and not only by what they led to.
    told = sorted((verdict for verdict in found if verdict is not None), key=_is_nameless)
    mistakes = [_name_of(verdict) for verdict in told]
    verdict = {"exercise": number, "points": worth, "of": of}
    _publish(verdict | {"mistakes": list(dict.fromkeys(mistakes)), "references": sorted(used)})
    return worth


def quiz_points(number: str, answer: str | None = None, *, of: float) -> float:
    """Return the points of an answer, as `lungseg_course.quiz_points` does, and publish the verdict."""
    worth = _quiz_points(number, answer, of=of)
    letter = letter_of(answer)
    known = letter in find_question(number).feedback
    chosen = [] if worth else [f"answer {letter}" if known else BLANK]
    _publish({"question": number, "points": worth, "of": of, "mistakes": chosen, "references": []})
    return worth


def _name_of(verdict: Wrong | NotAttempted) -> str:
    return verdict.cause if isinstance(verdict, Wrong) else BLANK


def _is_nameless(verdict: Wrong | NotAttempted) -> bool:
    return isinstance(verdict, Wrong) and not verdict.named


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))


def _publish(verdict: dict[str, Any]) -> None:
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            shell.display_pub.publish(data={MIME: verdict}, metadata={})
