"""hint() in three levels, and solution() for who has tried."""

import json
from functools import cache
from pathlib import Path

from lungseg.errors import InputError
from lungseg_course import record
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.lines import in_lines
from lungseg_course.engine.panel import code, prose, show


def hint(number: str, level: int | None = None) -> None:
    """Print a hint; each call gives a plainer one, up to the third.

    Parameters
    ----------
    number : str
        Of the exercise, "2.1".
    level : int, optional
        1, 2 or 3, to read one again.

    Raises
    ------
    InputError
        If there is no such exercise, or no such level.
    """
    exercise = find_exercise(number)
    if level is None:
        level = min(record.hints_given(exercise.number) + 1, 3)
    if level not in (1, 2, 3):
        raise InputError(f"hint expected level 1, 2 or 3. Received: {level!r}.")
    record.note_hint(exercise.number, level)
    title, text = f"Hint {level} of 3 for exercise {exercise.number}:", exercise.hints[level - 1]
    words, body = in_lines(f"{title} {text}"), f"<div>{prose(text)}</div>"
    if level == 3:
        last = f'After a try of your own: solution("{exercise.number}")'
        words, body = f"{words}\n{last}", f'{body}<div style="margin-top:6px">{prose(last)}</div>'
    show("hint", title, words=words, body=body)


def solution(number: str, i_give_up: bool = False) -> None:
    """Print the solution of an exercise, once you have tried it.

    Parameters
    ----------
    number : str
        Of the exercise, "2.1".
    i_give_up : bool
        True shows it without a try. Sometimes that is the wise thing to do.

    Raises
    ------
    InputError
        If there is no such exercise.
    """
    number = find_exercise(number).number
    if not i_give_up and not record.tried(number):
        title = f"Try exercise {number} first:"
        text = (
            "write something, and let check look at it. The solution opens after "
            f'that.\nOr read a hint: hint("{number}"). Or: solution("{number}", i_give_up=True)'
        )
        show("note", title, text, words=f"{title} {text}")
        return
    title, answer = f"One solution of exercise {number}; others are just as right.", solution_text(number)
    show("solution", title, words=f"{title}\n\n{answer}", body=f'<div style="margin-top:6px">{code(answer)}</div>')


def solution_text(number: str) -> str:
    """Return the code of the solution of an exercise."""
    return _solutions()[number]


@cache
def _solutions() -> dict[str, str]:
    # Written by course/build.py from the sources of the notebooks.
    return json.loads((Path(__file__).parent / "solutions.json").read_text(encoding="utf-8"))
