"""check(): whether an answer is right, or the first thing that is wrong with it, told to the student and kept."""

from lungseg_course import record
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.checking import find_wrong
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.notebook.staleness import outdated, remarks
from lungseg_course.engine.panel import show
from lungseg_course.engine.surroundings import Held, held_back
from lungseg_course.engine.telling import show_right, show_wrong


def check(number: str, *answers) -> None:
    """Say whether an answer is right, or what is the first thing wrong with it.

    A blank stops here, and with it "Run all". That of an optional exercise does not.

    Parameters
    ----------
    number : str
        "2.1" for the first exercise of notebook 2.
    *answers
        What you wrote: the function or the class itself, without calling it.

    Raises
    ------
    NotAttempted
        If there is still a `todo()` in it, and the exercise is not optional.
    InputError
        If there is no such exercise, or the number of answers is another.
    """
    exercise = find_exercise(number)
    heading, things = f"Exercise {exercise.number}", dict(zip(exercise.names, answers, strict=False))
    if old := outdated(heading, things):
        show("note", f"{heading}: not checked.", old)
        return
    held = Held()
    try:
        with held_back(held):
            wrong = find_wrong(exercise, answers)
    except NotAttempted:
        if not exercise.optional:
            raise
        show("note", f"{heading}, optional: not done.", "Run all goes on.")
        return
    finally:
        held.show()
    record.note_try(exercise.number, solved=wrong is None)
    if wrong is None:
        show_right(f"{heading}: correct.", exercise.praise, remarks(heading, things))
    else:
        show_wrong(f"{heading}: not right yet.", wrong, exercise.number, remarks(heading, things))
