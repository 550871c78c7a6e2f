"""The rows of a table of mistakes: each says how a mistake is recognised, what it is called, why, and what to try.

There are four::

    Gives("D itself", lambda dice: dice, "The two agree at 0 and 1 only.", "Divide by |A| + |B|."),
    Shape("the channel axis is missing", (3, 4, 6), "An index takes an axis away.", "Slice with `0:1`."),
    When("a dictionary", lambda out: isinstance(out.result, dict), "Keras wants a pair.", "Return two arrays."),
    Raises("a list has no shape", AttributeError, "'list' .* 'shape'", "Arrays have one.", "Use `np.stack`."),

`Gives` holds a wrong reference: the student's function as it is with this
mistake. `lungseg_course.engine.table` tries the cases, and `first_fitting` says
which row is named.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.students_code import students_line
from lungseg_course.engine.verdict import Wrong, shape_in_words

Words = str | Callable[[Outcome], str]  # of a message: fixed, or made of what came out


@dataclass(frozen=True)
class Row:
    """A mistake. The four kinds of rows are below.

    Parameters
    ----------
    name : str or callable
        A few words, which the student reads behind "Mistake".
    sign : object
        How it is recognised; see the four kinds.
    why : str or callable
        A sentence or two: how this mistake leads to what came out. This and
        all other words may be a function of the `Outcome` that returns them.
    remedy : str or callable
        One thing to try.
    received, expected : str or callable
        Other words for "It gave" and "Expected" than those of the kind of results.
    """

    name: Words
    sign: Any
    why: Words = ""
    remedy: Words = ""
    _: KW_ONLY
    received: Words = ""
    expected: Words = ""

    def fits(self, out: Outcome) -> bool:
        """Whether this is the mistake that was made."""
        raise NotImplementedError

    def wrong(self, out: Outcome) -> Wrong:
        """Return what the student is told."""
        return self._told(out, *out.in_words())

    def _told(self, out: Outcome, received: str, expected: str) -> Wrong:
        """Return the `Wrong`, with these words where the row has none of its own."""

        def said(words: Words) -> str:
            return words(out) if callable(words) else words

        return Wrong(
            said(self.name),
            received=said(self.received) or received,
            expected=said(self.expected) or expected,
            why=said(self.why),
            remedy=said(self.remedy),
        )


@dataclass(frozen=True)
class Gives(Row):
    """A wrong reference: `sign` is a function of the student's inputs; or the value itself.

    A reference that divides by zero leads to no value.

    Parameters
    ----------
    also : sequence
        Other ways to make the same mistake.
    runnable : bool
        Whether a function in `sign` may be checked as an answer, which a test
        does to see that it gets its own name.

    Examples
    --------
    >>> from lungseg_course.engine.kinds import Numbers
    >>> out = Outcome((0.8,), lambda dice: dice / (2 - dice), Numbers())
    >>> out.result = 0.4
    >>> row = Gives("half of D", lambda dice: dice / 2, "That is the numerator alone.", "Divide it.")
    >>> row.fits(out)
    True
    >>> print(row.wrong(out).report())
      It gave   0.4
      Expected  0.6667
      Mistake   half of D. That is the numerator alone.
      Try       Divide it.
    """

    also: Sequence = ()
    runnable: bool = True

    def fits(self, out: Outcome) -> bool:
        return not out.is_right and self.distance(out) < np.inf

    def distance(self, out: Outcome) -> float:
        """Return how far what came out is from the value of this mistake, infinity if they differ."""
        if id(self) not in out.distances:
            out.distances[id(self)] = min(self._distance_to(sign, out) for sign in (self.sign, *self.also))
        return out.distances[id(self)]

    @staticmethod
    def _distance_to(sign: Any, out: Outcome) -> float:
        try:
            return out.kind.distance(out.value, out.at_inputs(sign))
        except ArithmeticError:
            return np.inf


@dataclass(frozen=True)
class Shape(Row):
    """A wrong shape: `sign` is a tuple, a list of them, or a function of the student's inputs that returns such.

    Examples
    --------
    >>> from lungseg_course.engine.kinds import Numbers
    >>> out = Outcome((3,), lambda count: np.zeros(count), Numbers())
    >>> out.result = np.zeros((3, 1))
    >>> row = Shape("an axis too many", lambda count: (count, 1), "", "Index it.")
    >>> row.fits(out), row.wrong(out).received, row.wrong(out).expected
    (True, 'shape (3, 1)', 'shape (3,)')
    """

    def fits(self, out: Outcome) -> bool:
        if out.is_right:
            return False
        shapes = out.at_inputs(self.sign)
        return out.value.shape in (shapes if isinstance(shapes, list) else [shapes])

    def wrong(self, out: Outcome) -> Wrong:
        shapes = out.value.shape, np.shape(out.right)
        return self._told(out, *map(shape_in_words, shapes))


@dataclass(frozen=True)
class When(Row):
    """Something about what came out: `sign` is a function of the `Outcome`, true where this mistake was made.

    It is asked of right results, too: whoever changes what belongs to the
    caller may return the right numbers. What the function returns is
    `out.found`, for words: "which names come twice?" and not only "do any?".

    Parameters
    ----------
    of : callable, optional
        A function of the `Outcome`: the sign is given what it returns, and is
        not asked where that is None. For families of rows, with `functools.partial`.

    Examples
    --------
    >>> from lungseg_course.engine.kinds import Kind
    >>> out = Outcome(([2, 1],), sorted, Kind())
    >>> out.given[0].sort()
    >>> out.result = [1, 2]
    >>> out.is_right, When("the list is changed", lambda out: out.changed).fits(out)
    (True, True)
    >>> When("too few", lambda result: len(result) < 3, of=lambda out: out.result).fits(out)
    True
    """

    _: KW_ONLY
    of: Callable[[Outcome], Any] = lambda out: out

    def fits(self, out: Outcome) -> bool:
        subject = self.of(out)
        out.found = subject is not None and self.sign(subject)
        return bool(out.found)


@dataclass(frozen=True)
class Raises(Row):
    r"""An exception in the student's code: `sign` is its name and a pattern in its text, as Python prints them.

    "TypeError|ValueError: not iterable|has no len" is one of two types with
    one of two texts, "ZeroDivisionError" has any text, "Exception: truth value"
    is of any type. `out.found` is the match, for words.

    Parameters
    ----------
    line : str
        A pattern in the student's own line where it was raised.
    when : callable, optional
        What must be true of the `Outcome` besides.
    of : callable, optional
        A function of the `Outcome`: `when` is given what it returns, and is
        not asked where that is None. For families of rows, with `functools.partial`.

    Examples
    --------
    >>> from lungseg_course.engine.kinds import Numbers
    >>> out = Outcome((1,), None, Numbers())
    >>> out.error = TypeError("unsupported operand type(s) for ^: 'float' and 'int'")
    >>> row = Raises("`^` is not a power", r"TypeError: for \^", "It combines bits.", "Write 3**2.")
    >>> row.fits(out), Raises("a name", "NameError|KeyError").fits(out)
    (True, False)
    """

    sign: str
    _: KW_ONLY
    line: str = ""
    when: Callable[[Any], Any] | None = None
    of: Callable[[Outcome], Any] = lambda out: out

    def fits(self, out: Outcome) -> bool:
        if out.error is None:
            return False
        kinds, _, pattern = self.sign.partition(": ")
        if {kind.__name__ for kind in type(out.error).__mro__}.isdisjoint(kinds.split("|")):
            return False
        out.found = re.search(pattern, str(out.error), re.MULTILINE)
        if out.found is None:
            return False
        if self.when is not None and ((subject := self.of(out)) is None or not self.when(subject)):
            return False
        return not self.line or bool(re.search(self.line, (students_line(out.error) or (0, ""))[1]))

    def wrong(self, out: Outcome) -> Wrong:
        return self._told(out, "", "no error")  # `trying` fills in the error


def first_fitting(rows: Sequence[Row], out: Outcome) -> Row | None:
    """Return the row that names the mistake: the first that fits; of several `Gives` that fit, the nearest.

    Of an exception, only `Raises` rows are asked; of a result, only the others.

    Examples
    --------
    >>> from lungseg_course.engine.kinds import Numbers
    >>> out = Outcome((2.0,), 1, Numbers())
    >>> out.result = 4.0
    >>> rows = Gives("times 2", lambda x: x * 2.0001), Gives("squared", lambda x: x**2), When("all", lambda out: True)
    >>> first_fitting(rows, out).name
    'squared'
    """
    rows = [row for row in rows if isinstance(row, Raises) == (out.error is not None)]
    for row in rows:
        if isinstance(row, Gives) and row.fits(out):
            near = [other for other in rows if isinstance(other, Gives) and other.fits(out)]
            return min(near, key=lambda other: round(other.distance(out), 6))
        if row.fits(out):
            return row
    return None
