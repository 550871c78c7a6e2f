"""What goes on with an optional exercise: with the student's own answer if there is a right one."""

from collections.abc import Callable

from lungseg.errors import InputError
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.panel import show
from lungseg_course.references import reference_of


def own_or_package(number: str, answer: Callable) -> Callable:
    """Return what the cells below an optional exercise work with, and say whose it is.

    Whoever leaves the exercise out, or has it wrong, sees what comes after it all the same.

    Parameters
    ----------
    number : str
        Of the exercise, "1.4".
    answer : function
        What you wrote, without calling it.

    Returns
    -------
    function
        Yours, if `check` finds it right; that of the course otherwise.

    Raises
    ------
    InputError
        If there is no such exercise, or it is not optional.

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
    (name,) = exercise.names
    try:
        why = "is not right yet" if first_wrong(number, answer) else ""
    except NotAttempted:
        why = "is not done"
    if why:
        show("note", f"Exercise {number} {why}:", f"what follows is made with the `{name}` of the course.")
        return reference_of(number)[name]
    show("right", f"What follows is made with your `{name}`.")
    return answer
