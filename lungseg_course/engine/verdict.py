"""Wrong: what is the matter with an answer, in words that help. And the comparison of numbers and shapes."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from lungseg_course.engine.describing import describe, describe_apart
from lungseg_course.engine.lines import WIDTH, in_lines


class Wrong(Exception):
    """The first thing that is wrong with an answer.

    Parameters
    ----------
    cause : str
        The name of the mistake, a few words: "whole-batch Dice".
    received, expected : str
        What came out, and what should have.
    why : str
        A sentence or two: how this mistake leads to what came out.
    remedy : str
        One thing to try.
    tried : str
        What was called, small and concrete. `trying` fills it in.
    named : bool
        Whether the mistake itself is known; otherwise only what it led to is, and the code may tell more.
    """

    def __init__(
        self,
        cause: str,
        *,
        received: str,
        expected: str,
        why: str = "",
        remedy: str = "",
        tried: str = "",
        named: bool = True,
    ):
        super().__init__(cause)
        self.cause, self.received, self.expected = cause, received, expected
        self.why, self.remedy, self.tried = why, remedy, tried
        self.named = named

    def report(self) -> str:
        """Return the lines that the student reads, without the first one."""
        return "\n".join(_row(label, text) for label, text in self.rows().items())

    def rows(self) -> dict[str, str]:
        """Return what the student reads: label → text."""
        texts = {
            "I tried": self.tried,
            "It gave": self.received,
            "Expected": self.expected,
            "Mistake": f"{self.cause}. {self.why}".strip(),
            "Try": self.remedy,
        }
        return {label: text for label, text in texts.items() if text}


def _row(label: str, text: str) -> str:
    indent = " " * 12
    return f"  {label:10}" + in_lines(text, WIDTH - len(indent)).replace("\n", f"\n{indent}")


def as_array(result, what: str = "the result") -> np.ndarray:
    """Return the numbers that a student's function gave.

    Raises
    ------
    Wrong
        If it gave None, or something that holds no numbers.
    """
    if result is None:
        raise Wrong(
            "nothing is returned",
            received="None",
            expected=f"{what}, as numbers",
            why="A function returns only what follows `return`.",
            remedy="End the function with `return` and the result.",
            named=False,
        )
    if type(result).__name__ == "KerasTensor":
        raise Wrong(
            "a symbolic tensor",
            received="a KerasTensor, which has a shape and no values yet",
            expected=f"{what}, as numbers",
            remedy="Call functions on the arrays that you were given, and do not make a `keras.Input` here.",
        )
    try:
        array = np.asarray(float(result) if isinstance(result, (Fraction, Decimal)) else result)
        if array.dtype.kind not in "biuf":
            raise TypeError(array.dtype)
        return array.astype("float64")
    except (TypeError, ValueError):
        raise Wrong(
            "not a number or an array",
            received=f"{describe(result)}",
            expected=f"{what}, as numbers",
            remedy="Print the type of what you return.",
            named=False,
        ) from None


def expect_shape(array: np.ndarray, shape: tuple) -> None:
    """Raise `Wrong` unless the array has the shape."""
    if array.shape != tuple(shape):
        received, expected = map(shape_in_words, (array.shape, tuple(shape)))
        remedy = "Print the shape of each step."
        raise Wrong("the shape is another", received=received, expected=expected, remedy=remedy, named=False)


def shape_in_words(shape: tuple) -> str:
    """Return how a shape is called in a message."""
    return f"shape {shape}" if shape else "a single number, shape ()"


def expect_close(
    result, expected, tolerance: float = 1e-4, what: str = "the result", absolute: float | None = None
) -> None:
    """Raise `Wrong` unless the numbers agree.

    Parameters
    ----------
    result : number or array
        What the student's code gave.
    expected : number or array
    tolerance : float
        Relative and absolute.
    what : str
        What the number is, for the messages.
    absolute : float, optional
        Another absolute tolerance: 0 for numbers that are very small.
    """
    array, expected = as_array(result, what), np.asarray(expected, dtype="float64")
    absolute = tolerance if absolute is None else absolute
    expect_shape(array, expected.shape)
    if np.allclose(array, expected, rtol=tolerance, atol=absolute, equal_nan=True):
        return
    received, right = describe_apart(array, expected)
    if _is_rounded(array, expected):
        why = "The digits after the decimal point are lost."
        remedy = "Round when you print, not when you compute."
        raise Wrong("rounded", received=received, expected=right, why=why, remedy=remedy)
    cause = "not a number (nan)" if np.isnan(array).any() and not np.isnan(expected).any() else "another value"
    remedy = "Compute this example by hand, and print each step."
    raise Wrong(cause, received=received, expected=right, remedy=remedy, named=False)


def _is_rounded(array: np.ndarray, exact: np.ndarray) -> bool:
    if np.array_equal(array, np.round(array)):  # 0 and 1 come of many mistakes
        return False
    return any(np.allclose(array, np.round(exact, places), rtol=1e-6, atol=1e-9) for places in range(1, 7))
