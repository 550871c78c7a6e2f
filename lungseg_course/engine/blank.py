"""todo(): the blank of an exercise. It is valid Python, and says which exercise it belongs to."""

import linecache
import re
import sys

from lungseg_course.engine.panel import show_in_place_of_traceback

_NUMBER = re.compile(r"\b(Exercise|Question) (\d\.\d+)\b")


def answer_name(number: str) -> str:
    """Return the name that the answer to a question has in the notebook: `answer_1_2` for "1.2"."""
    return f"answer_{number.replace('.', '_')}"


class NotAttempted(NotImplementedError):
    """A blank that is still to be filled in. Jupyter shows its message alone, without the calls that led to it."""

    def _render_traceback_(self) -> list[str]:
        return show_in_place_of_traceback(self, str(self))


def todo():
    """Stand where the student's code is to be written.

    Raises
    ------
    NotAttempted
        Always. The message names the exercise, which is read from the comment
        `# Exercise 1.2` in the same cell, and the function that was called.
    """
    frame = sys._getframe(1)
    found = _NUMBER.search("".join(linecache.getlines(frame.f_code.co_filename)))
    # Without `<locals>`, `<listcomp>`, `<lambda>`: the names that the student has given.
    name = ".".join(part for part in frame.f_code.co_qualname.split(".") if not part.startswith("<"))
    if found is None:
        what = f"`{name}`" if name else "This cell"
        raise NotAttempted(f"{what} is not written yet: put your code in place of `todo()`, and run the cell again.")
    kind, number = found.groups()
    if kind == "Question":
        raise NotAttempted(
            f'Question {number} is not answered yet: put  {answer_name(number)} = "a"  (or "b", ...) in place of '
            "`todo()`, and run the cell again."
        )
    what = f"`{name}`" if name else "this cell"
    raise NotAttempted(
        f"Exercise {number} is not done yet: {what} still has its `todo()`. Put your code in its place, run that "
        f'cell, then this one. Stuck? hint("{number}")'
    )
