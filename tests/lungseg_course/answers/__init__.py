"""What students answer to the exercises: right, and wrong in all the ways that a check knows by name.

A module holds answers to one exercise, or a part of them:

    answers = Answers("3.4")

    @answers.right
    def _(dice):
        return dice / (2 - dice)

    @answers.wrong("D itself", 0)
    def _(dice):
        return dice

`test_answers` gives them all to the checks.
"""

import importlib
import pkgutil

import numpy as np

from lungseg_course.engine.rows import Gives
from lungseg_course.engine.table import Look


class Answers:
    """Answers to one exercise.

    Parameters
    ----------
    number : str
        The exercise, as "3.4".
    slow : bool
        Points are asked for only where they are told, as a check takes its time.

    Attributes
    ----------
    rights : list of tuple
        Right answers: the functions or classes of each.
    wrongs : list of tuple
        Wrong answers: the functions or classes, the name of the mistake, and the share of the points or None.
    blank : tuple or None
        The exercise not attempted, where that is not simply a function that calls `todo`.
    """

    def __init__(self, number: str, slow: bool = False):
        self.number, self.slow = number, slow
        self.rights, self.wrongs, self.blank = [], [], None

    def right(self, *things):
        """Note a right answer. Returns it, or the first of its parts."""
        self.rights.append(things)
        return things[0]

    def wrong(self, cause: str, share: float | None = None):
        """Return a function that notes a wrong answer: the name of its mistake, and the share of the points it gets."""

        def note(*things):
            self.wrongs.append((things, cause, share))
            return things[0]

        return note

    def with_mistake(self, cause: str):
        """Return the first answer with a mistake: a function or class."""
        return next(things[0] for things, name, _ in self.wrongs if name == cause)


def load_answers() -> list[Answers]:
    """Import all the modules here, and return what they hold, sorted by exercise."""
    names = [module.name for module in pkgutil.walk_packages(__path__, f"{__name__}.") if not module.ispkg]
    found = [getattr(importlib.import_module(name), "answers", None) for name in names]
    return sorted((each for each in found if each is not None), key=lambda each: each.number)


def runnable_rows(look: Look) -> list[Gives]:
    """Return the rows whose wrong reference can be checked as an answer is, those of single cases included."""
    if look.run is not None:
        return []
    of_cases = [row for case in look.cases(np.random.default_rng(0)) for row in case.rows or ()]
    found = {row.name: row for row in (*of_cases, *look.rows) if isinstance(row, Gives)}
    return [row for row in found.values() if row.runnable and callable(row.sign)]
