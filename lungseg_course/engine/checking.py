"""The first thing that is wrong with an answer; and points(), its share, for grading."""

import contextlib
import operator
import warnings
from collections.abc import Iterator

import numpy as np

from lungseg.errors import InputError
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.describing import describe
from lungseg_course.engine.exercises import Exercise, exercise_of, find_exercise
from lungseg_course.engine.lines import counted
from lungseg_course.engine.mistakes.habits import changed_default, defaults_of, find_habit
from lungseg_course.engine.mistakes.package_answer import NotOwn, own_work
from lungseg_course.engine.sharing import once, sharing
from lungseg_course.engine.surroundings import held_back
from lungseg_course.engine.time_limit import TimeLimit
from lungseg_course.engine.trying import trying
from lungseg_course.engine.verdict import Wrong

# Of CPU time, for each further look at an answer that once did not come to an end. The other looks may be content.
SECONDS_MORE = 1.0
CHECKED, GRADED = 0, 1  # seeds of the inputs that are tried
_stopped: tuple = ()  # the answers that the latest check had to stop


def first_wrong(number: str, *answers, seed: int = CHECKED) -> Wrong | None:
    """Return the first thing that is wrong with an answer, or None if it is right, for the inputs of a seed."""
    with held_back():
        return find_wrong(find_exercise(number), answers, seed)


@sharing()
def find_wrong(exercise: Exercise, answers: tuple, seed: int = CHECKED) -> Wrong | None:
    """Return the same of an exercise, with the answers as they are: what they print is the caller's to hold back."""
    global _stopped
    with TimeLimit() as limit:
        for look in exercise.looks:
            wrong = verdict_of(look, exercise, answers, seed)
            if wrong is not None:
                _stopped = answers if limit.stopped else ()
                return wrong
    return None


def points(number: str, *answers, of: float) -> float:
    """Return the points that an answer is worth, with a share for each part that is right.

    Other inputs are tried than `check` tries, so that numbers copied from its
    messages are worth nothing.

    Parameters
    ----------
    number : str
        Of the exercise, "2.1".
    *answers
        As for `check`.
    of : float
        The points of the whole exercise.
    """
    found = verdicts(number, *answers)
    return of * found.count(None) / len(found)


@sharing()
def verdicts(number: str, *answers) -> list[Wrong | NotAttempted | None]:
    """Take each look at an answer, with other inputs than `check`; return what is wrong, None where nothing is."""
    exercise = find_exercise(number)
    found: list[Wrong | NotAttempted | None] = []
    was_stopped = len(answers) == len(_stopped) and all(map(operator.is_, answers, _stopped))
    limit = TimeLimit(SECONDS_MORE if was_stopped else None)
    for look in exercise.looks:
        try:
            with held_back(), limit:
                found.append(verdict_of(look, exercise, answers, GRADED))
        except NotAttempted as blank:
            found.append(blank)
        if isinstance(found[-1], NotOwn):
            return [found[-1]] * len(exercise.looks)
        if was_stopped or limit.stopped:
            was_stopped = True
            limit.allow(SECONDS_MORE)
    return found


def verdict_of(look, exercise: Exercise, answers: tuple, seed: int) -> Wrong | None:
    """Take one look at the answers; return what is wrong, or None."""
    if len(answers) != len(exercise.names):
        call = f'check("{exercise.number}", {", ".join(exercise.names)})'
        raise InputError(
            f"Exercise {exercise.number}: name what you wrote, without calling it: {call}. Received: "
            f"{counted(len(answers), 'answer')}."
        )
    names = ", ".join(exercise.names)
    defaults = [once(defaults_of, answer) for answer in answers]  # of before the first look
    try:
        for name, answer in zip(exercise.names, answers, strict=True):
            _expect_callable(name, answer)
        with trying(names), own_work(exercise.names, answers, exercise.in_the_package), _quietly():
            look(*answers, rng=np.random.default_rng(seed))
    except Wrong as wrong:
        return _passed_for_another(wrong, exercise, answers) or _as_the_code_tells(wrong, answers, defaults)
    return None


def _passed_for_another(wrong: Wrong, exercise: Exercise, answers: tuple) -> Wrong | None:
    """Return what is said of a mistake without a name, where the answer is that to another exercise; None otherwise."""
    for name, answer in zip(exercise.names, answers, strict=True):
        passed = getattr(answer, "__name__", "")
        if type(wrong) is Wrong and not wrong.named and passed != name and (other := exercise_of(passed)):
            return Wrong(
                "the answer to another exercise",
                received=f"`{passed}`, the answer to exercise {other.number}",
                expected=f"`{name}`",
                why=f"`{passed}` was passed where `{name}` belongs.",
                remedy=f'Write  check("{exercise.number}", {", ".join(exercise.names)})',
                tried=wrong.tried,
            )
    return None


def _as_the_code_tells(wrong: Wrong, answers: tuple, defaults: list) -> Wrong:
    """Return a mistake that stands in the code, where what came out has no name, or another default has led to it."""
    if type(wrong) is not Wrong:  # whose work it is, or that it does not end
        return wrong
    for answer, before in zip(answers, defaults, strict=True):
        if found := changed_default(before, answer, wrong) or (None if wrong.named else find_habit(answer, wrong)):
            return found
    return wrong


def _expect_callable(name: str, answer) -> None:
    is_model = any(kind.__name__ == "Layer" for kind in type(answer).__mro__)  # which can be called, too
    if callable(answer) and not is_model:
        return
    if isinstance(answer, str):
        why, remedy = "The name is in quotes.", f"Write it without quotes: {name}"
    else:
        why = "It looks like the result of a call."
        remedy = f"Pass the function itself: `{name}`, without parentheses after it."
    raise Wrong(
        "not a function",
        received=describe(answer),
        expected=f"the function or class `{name}`",
        why=why,
        remedy=remedy,
        tried=f"to call {name}",
    )


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Hold back the warnings of the small, odd inputs that checks try."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
