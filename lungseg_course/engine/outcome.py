"""What came out of a case, for the rows of a table to look at."""

import copy
from functools import cached_property
from typing import Any

import numpy as np

from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.verdict import Wrong


class Outcome:
    """What came out of a case, for the rows to look at.

    Attributes
    ----------
    args : tuple
    kwargs : dict
        The inputs, as they were before the call.
    given : tuple
        The copies of `args` that the student's code was given; perhaps changed now.
    answer : callable or None
        What the student wrote, for a row that tries it once more.
    result : object
        What came out.
    value : object
        The same, as the kind of results reads it: an array, for numbers.
    right : object
        What should have come out; None where the rows alone decide.
    is_right : bool
    changed : bool
        Whether the student's code changed an array, a list or a table that it was given.
    error : Exception or None
        What was raised in place of a result.
    distances : dict
        How far what came out is from the value of each mistake that was asked, by the `id` of its row.
    found : object
        What the row that fits has found: the match of a pattern in the text of
        an error, or what the function of a `When` returned.
    """

    def __init__(self, args: tuple, reference: Any, kind: Kind, kwargs: dict | None = None):
        self.args, self.kwargs, self.reference, self.kind = args, kwargs or {}, reference, kind
        self.given = tuple(map(_copied, args))
        self.answer: Any = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.found: Any = None
        self.distances: dict[int, float] = {}

    def at_inputs(self, reference: Any) -> Any:
        """Return a value as it is, and what a function gives for the inputs of this case."""
        return reference(*self.args, **self.kwargs) if callable(reference) else reference

    @cached_property
    def value(self) -> Any:
        return self.kind.read(self.result)

    @cached_property
    def right(self) -> Any:
        return self.at_inputs(self.reference)

    @cached_property
    def is_right(self) -> bool:
        return self.reference is None or self.kind.same(self.value, self.right)

    @property
    def changed(self) -> bool:
        return not all(map(_equal, self.args, self.given))

    def in_words(self) -> tuple[str, str]:
        """Return the words for "It gave" and "Expected", as the kind of results has them."""
        if self.reference is None:
            return describe(self.result), ""
        try:
            return self.kind.show(self.value, self.right)
        except Wrong as wrong:  # nothing that could be compared
            return wrong.received, wrong.expected


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if hasattr(one, "equals"):  # a table of pandas, whose columns are compared too
        return one.equals(other)
    return not isinstance(one, (list, dict, set)) or one == other


def _copied(value: Any) -> Any:
    is_table = hasattr(value, "iloc")
    return copy.copy(value) if is_table or isinstance(value, (np.ndarray, list, dict, set)) else value
