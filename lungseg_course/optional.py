"""What goes on with an optional exercise: with the student's own answer if there is a right one."""

from collections.abc import Callable
from typing import Any

from lungseg.errors import InputError
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.panel import show
from lungseg_course.references import reference_of


def own_or_package(number: str, *answers: Callable) -> Any:
    """Return what the cells below an optional exercise work with, and say whose it is.

    Whoever leaves the exercise out, or has it wrong, sees what comes after it all the same.

    Parameters
    ----------
    number : str
        Of the exercise, "1.4".
    *answers : functions
        What you wrote, without calling it.

    Returns
    -------
    function, or tuple of functions
        Yours, if `check` finds all of them right; those of the course otherwise.

    Raises
    ------
    InputError
        If there is no such exercise, it is not optional, or the number of answers is another.

    Examples
    --------
    >>> def augment(images, masks, seed):
    ...     return images, masks  # neither flipped nor brightened
    >>> own_or_package("1.4", augment) is augment
    Exercise 1.4 is not right yet: what follows is made with the `augment` of the course.
    False
    """
    exercise = find_exercise(number)
    if not exercise.optional:
        raise InputError(f"own_or_package expected the number of an optional exercise. Received: {number!r}.")
    *others, last = (f"`{name}`" for name in exercise.names)
    names = f"{', '.join(others)} and {last}" if others else last
    try:
        why = "is not right yet" if first_wrong(number, *answers) else ""
    except NotAttempted:
        why = "is not done"
    if why:
        show("note", f"Exercise {number} {why}:", f"what follows is made with the {names} of the course.")
        references = reference_of(number)
        answers = tuple(references[name] for name in exercise.names)
    else:
        show("right", f"What follows is made with your {names}.")
    return answers if len(answers) > 1 else answers[0]
