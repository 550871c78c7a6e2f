"""An exercise as a table: cases with inputs that are drawn, the right reference, and a row for each known mistake.

A `Look` is a group of cases that is worth one share of the points. That of
exercise 3.4 might be::

    ROWS = (
        Gives("D itself", lambda dice: dice, "The two agree at 0 and 1 only.", "Divide by |A| + |B|."),
        Gives("upside down", lambda dice: (2 - dice) / dice, "It is larger than 1.", "Swap them."),
    )

    @look_at("jaccard_from_dice", lambda dice: dice / (2 - dice), ROWS)
    def look_jaccard(rng):
        yield Case(0.85)
        yield Case(rng.uniform(0.5, 0.7))

To add a mistake, add a row.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind, Numbers
from lungseg_course.engine.names_outside import blaming_names_of_the_notebook
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Row, first_fitting
from lungseg_course.engine.trying import trying
from lungseg_course.engine.verdict import Wrong


class Case:
    """Inputs to try, and what differs from the other cases of the look.

    Parameters
    ----------
    *args
        What the student's function is called with. Arrays, lists and tables are copied before.
    keywords : dict, optional
        Arguments that are passed by name.
    tried : str
        What the student reads behind "I tried"; by default the call, written out.
    right, rows, kind : optional
        In place of those of the look.
    """

    def __init__(
        self,
        *args: Any,
        keywords: dict | None = None,
        tried: str = "",
        right: Any = None,
        rows: Sequence[Row] | None = None,
        kind: Kind | None = None,
    ):
        self.args, self.keywords, self.tried = args, keywords or {}, tried
        self.right, self.rows, self.kind = right, rows, kind


@dataclass(frozen=True)
class Look:
    """A group of cases, which an answer must all pass to get one share of the points. `look_at` makes it.

    Parameters
    ----------
    cases : callable
        Takes a `numpy.random.Generator` and yields each `Case`. It may hold a
        context around them: a folder with files, random numbers put back.
    name : str
        Of the student's function or class, for the messages.
    right : callable or value
        The right reference, called as the student's function is; None where
        the rows alone decide.
    rows : sequence of Gives, Shape, When and Raises
        The mistakes that have names. See `first_fitting` for which is named.
    kind : Kind
        How results are read, compared and shown.
    run : callable, optional
        `run(answer, *args, **keywords)` makes what is looked at, where that is
        more than what the student's function returns.
    place : int
        Which of the answers of the exercise is looked at.
    instead : dict
        Names of the notebook that the answer must not use → the right ones.
    method : str
        Of a class: the method that must not use them.

    Examples
    --------
    >>> from lungseg_course.engine.rows import Gives
    >>> rows = [Gives("a sum", lambda a, b: a + b, "It adds.", "Use `*`.")]
    >>> look = Look(lambda rng: [Case(2, 5)], "times", lambda a, b: a * b, rows)
    >>> look(lambda a, b: a * b, rng=None)
    >>> look(lambda a, b: b + a, rng=None)
    Traceback (most recent call last):
    ...
    lungseg_course.engine.verdict.Wrong: a sum
    """

    cases: Callable[[np.random.Generator], Iterable[Case]]
    name: str
    right: Any = None
    rows: Sequence[Row] = ()
    kind: Kind = field(default_factory=Numbers)
    run: Callable | None = None
    place: int = 0
    instead: dict[str, str] = field(default_factory=dict)
    method: str = ""

    def __call__(self, *answers: Callable, rng: np.random.Generator) -> None:
        """Try the cases; raise `Wrong` at the first mistake."""
        cases = self.cases(rng)
        try:
            for case in cases:
                self._try(answers[self.place], case)
        finally:
            if hasattr(cases, "close"):  # a folder or the like is tidied up now, also after a mistake
                cases.close()

    def _try(self, answer: Callable, case: Case) -> None:
        right = self.right if case.right is None else case.right
        rows = self.rows if case.rows is None else case.rows
        out = Outcome(case.args, right, case.kind or self.kind, case.keywords)
        out.answer = answer

        def explain(error: BaseException) -> Wrong | None:
            out.error = error
            found = first_fitting(rows, out)
            return found.wrong(out) if found else None

        blamed = getattr(answer, self.method, None) if self.method else answer
        blaming = blaming_names_of_the_notebook(blamed, self.instead) if self.instead else nullcontext()
        with blaming, trying(case.tried or call_in_words(self.name, case), explain):
            run = self.run or _call
            out.result = run(answer, *out.given, **case.keywords)
            if (row := first_fitting(rows, out)) is not None:
                raise row.wrong(out)
            if not out.is_right:
                unknown = out.kind.unknown(out.value, out.right)
                unknown.named = False
                raise unknown


def look_at(name: str, right: Any = None, rows: Sequence[Row] = (), **settings: Any) -> Callable[[Callable], Look]:
    """Make a `Look` of the function that yields its cases. The settings are those of `Look`.

    Examples
    --------
    >>> from lungseg_course.engine.rows import Gives
    >>> @look_at("half", lambda x: x / 2, [Gives("doubled", lambda x: 2 * x)])
    ... def look_half(rng):
    ...     yield Case(rng.integers(3, 9))
    >>> look_half.name
    'half'
    """
    return lambda cases: Look(cases, name, right, rows, **settings)


def call_in_words(name: str, case: Case) -> str:
    """Write a call as the student would.

    Examples
    --------
    >>> call_in_words("f", Case(0.5, np.array([1, 2]), "a", keywords={"n": 3}))
    "f(0.5, np.array([1, 2]), 'a', n=3)"
    """
    words = [*map(_in_words, case.args), *(f"{key}={_in_words(value)}" for key, value in case.keywords.items())]
    return f"{name}({', '.join(words)})"


def _in_words(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= 12:
        return f"np.array({value.tolist()})"
    return f"{value:g}" if isinstance(value, float) else describe(value)


def _call(answer: Callable, *args: Any, **keywords: Any) -> Any:
    return answer(*args, **keywords)
