"""What comes out of an exercise: how it is read, compared and shown. Numbers here; a chapter may add its own kind."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lungseg_course.engine.describing import describe, describe_apart
from lungseg_course.engine.verdict import Wrong, as_array, expect_close


class Kind:
    """Results of any type, compared by `==`. The base of the other kinds, which override what they need."""

    def read(self, result: Any) -> Any:
        """Return what is compared, made of what the student's code returned; raise `Wrong` if that cannot be."""
        return result

    def distance(self, value: Any, other: Any) -> float:
        """Return how far a value is from that of a known mistake: infinity where they differ."""
        return 0 if value == other else np.inf

    def same(self, value: Any, right: Any) -> bool:
        """Whether a value is right."""
        return bool(self.distance(value, right) < np.inf)

    def show(self, value: Any, right: Any) -> tuple[str, str]:
        """Return the words for "It gave" and "Expected"."""
        return describe(value), describe(right)

    def unknown(self, value: Any, right: Any) -> Wrong:
        """Return what is said of a wrong value that no row knows."""
        received, expected = self.show(value, right)
        return Wrong("another result", received=received, expected=expected, remedy="Print each step.")


@dataclass(frozen=True)
class Numbers(Kind):
    """A number or an array of numbers.

    Parameters
    ----------
    what : str
        What the numbers are, for the messages: "the gigabytes".
    tolerance : float
        Relative and absolute.
    absolute : float, optional
        Another absolute tolerance: 0 for numbers that are very small.
    """

    what: str = "the result"
    tolerance: float = 1e-4
    absolute: float | None = None

    def read(self, result: Any) -> np.ndarray:
        return as_array(result, self.what)

    def distance(self, value: np.ndarray, other: Any) -> float:
        other = np.asarray(other, dtype="float64")
        absolute = self.tolerance if self.absolute is None else self.absolute
        if value.shape != other.shape or not np.allclose(
            value, other, rtol=self.tolerance, atol=absolute, equal_nan=True
        ):
            return np.inf
        return float(np.nan_to_num(np.abs(value - other)).max(initial=0))

    def show(self, value: np.ndarray, right: Any) -> tuple[str, str]:
        return describe_apart(value, np.asarray(right, dtype="float64"))

    def unknown(self, value: np.ndarray, right: Any) -> Wrong:
        try:
            expect_close(value, right, tolerance=self.tolerance, what=self.what, absolute=self.absolute)
        except Wrong as wrong:  # another shape, rounded, not a number
            return wrong
        return super().unknown(value, right)
