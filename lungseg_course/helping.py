"""hint() in three levels, and solution() for who has tried."""

import json
from functools import cache
from pathlib import Path

from lungseg.errors import InputError
from lungseg_course import record
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.lines import in_lines


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
    print(in_lines(f"Hint {level} of 3 for exercise {number}: {exercise.hints[level - 1]}"))
    if level == 3:
        print(f'After a try of your own: solution("{number}")')


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
        print(
            f"Try exercise {number} first: write something, and let check look at it. The solution opens after "
            f'that.\nOr read a hint: hint("{number}"). Or: solution("{number}", i_give_up=True)'
        )
        return
    print(f"One solution of exercise {number}; others are just as right.\n\n{solution_text(number)}")


def solution_text(number: str) -> str:
    """Return the code of the solution of an exercise."""
    return _solutions()[number]


@cache
def _solutions() -> dict[str, str]:
    # Written by course/build.py from the sources of the notebooks.
    return json.loads((Path(__file__).parent / "solutions.json").read_text(encoding="utf-8"))
