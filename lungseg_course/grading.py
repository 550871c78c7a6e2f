"""What the hidden tests of nbgrader import: points, and a check() that a blank does not stop.

nbgrader gives no points to a cell that ends in an error. A class of which one
method is still blank shall keep the points of the others, so here the blank is
told in words.
"""

from lungseg_course.engine import checking
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.checking import points
from lungseg_course.quizzing import quiz, quiz_points

__all__ = ["check", "points", "quiz", "quiz_points"]


def check(number: str, *answers) -> None:
    """Say the same as `lungseg_course.check`, and also of a blank, in place of stopping there."""
    try:
        checking.check(number, *answers)
    except NotAttempted as blank:
        print(blank)
