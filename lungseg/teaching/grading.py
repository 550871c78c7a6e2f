"""What the hidden tests of nbgrader import: points, and a check() that a blank does not stop.

nbgrader gives no points to a cell that ends in an error. A class of which one
method is still blank shall keep the points of the others, so here the blank is
told in words.
"""

from lungseg.teaching import checking
from lungseg.teaching.blank import NotAttempted
from lungseg.teaching.checking import points
from lungseg.teaching.quizzing import quiz, quiz_points

__all__ = ["check", "points", "quiz", "quiz_points"]


def check(number: str, *answers) -> None:
    """Say the same as `lungseg.teaching.check`, and also of a blank, in place of stopping there."""
    try:
        checking.check(number, *answers)
    except NotAttempted as blank:
        print(blank)
