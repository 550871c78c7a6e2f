"""Wrong: what is the matter with an answer, in words that help. And `trying`, which explains exceptions."""

import builtins
import linecache
import re
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import lungseg
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.describing import describe, describe_apart
from lungseg_course.engine.lines import WIDTH, in_lines

_COLOURS = re.compile("\x1b\\[[0-9;]*m")
_NOT_THE_STUDENTS = tuple(
    Path(str(folder)).resolve()
    for folder in (
        Path(lungseg.__file__).parent,
        Path(__file__).parents[1],
        *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")),
    )
)


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
    """

    def __init__(self, cause: str, *, received: str, expected: str, why: str = "", remedy: str = "", tried: str = ""):
        super().__init__(cause)
        self.cause, self.received, self.expected = cause, received, expected
        self.why, self.remedy, self.tried = why, remedy, tried

    def report(self) -> str:
        """Return the lines that the student reads, without the first one."""
        rows = {
            "I tried": self.tried,
            "It gave": self.received,
            "Expected": self.expected,
            "Mistake": f"{self.cause}. {self.why}".strip(),
            "Try": self.remedy,
        }
        return "\n".join(_row(label, text) for label, text in rows.items() if text)


def _row(label: str, text: str) -> str:
    indent = " " * 12
    return f"  {label:10}" + in_lines(text, WIDTH - len(indent)).replace("\n", f"\n{indent}")


@contextmanager
def trying(tried: str, explain: Callable[[Any], Wrong | None] | None = None) -> Iterator[None]:
    """Run the student's code; turn what goes wrong into a `Wrong` that says what was tried.

    Parameters
    ----------
    tried : str
        What is called, small and concrete.
    explain : callable, optional
        Is given the student's exception; returns a `Wrong` for it, or None
        where it knows nothing better than the general explanation.
    """
    try:
        yield
    except NotAttempted:
        raise
    except Wrong as wrong:
        wrong.tried = wrong.tried or tried
        raise
    except (Exception, SystemExit) as error:
        explained = (explain(error) if explain else None) or explain_error(error)
        explained.received = explained.received or describe_error(error)
        explained.tried = tried
        raise explained from None


def explain_error(error: BaseException) -> Wrong:
    """Say what an exception in the student's code usually means."""
    text = str(error)
    name = type(error).__name__
    cause, why, remedy = f"your code raised {name}", "", "Read the line above, and print the values in it."
    if isinstance(error, NameError) and (unknown := re.search(r"name '(\w+)' is not defined", text)):
        word = unknown.group(1)
        near = f" (Python has a function `{word.lower()}`.)" if hasattr(builtins, word.lower()) else ""
        cause = f"the name `{word}` is not known"
        why = f"It is misspelt, or the cell that defines it has not been run.{near}"
        remedy = f"Compare the spelling of `{word}`, and run the cells above from the top."
    elif isinstance(error, UnboundLocalError) and (unset := re.search(r"variable '(\w+)'", text)):
        word = unset.group(1)
        cause = f"`{word}` has no value yet"
        why = f"The line that gives `{word}` a value comes later, or was passed over by an `if` or an empty loop."
        remedy = f"Give `{word}` a value on each way through the function."
    elif isinstance(error, (TypeError, AttributeError)) and "NoneType" in text:
        cause = "something is None"
        why = "A function without `return` gives None, and so does a method that works in place, like `list.append`."
        remedy = "Look at what you return, and at what the functions that you call return."
    elif isinstance(error, TypeError) and re.search(r"argument|positional", text):
        cause = "the arguments do not fit"
        why = "A function was called with arguments that it does not have, or with too few."
        remedy = "Compare the names and the order of the arguments with the text of the exercise."
    elif isinstance(error, IndexError):
        cause, why = "an index is too large", "Python counts from 0, so the last place is the length minus 1."
        remedy = "Print the index and the length."
    elif isinstance(error, AttributeError):
        cause, why = "an attribute does not exist", text
        remedy = "Is it misspelt? Or is the object not what you think? Print its type."
    elif isinstance(error, RecursionError):
        cause, why = "the function calls itself without an end", "It uses its own name, perhaps by mistake."
        remedy = "Call the function that you were given instead."
    elif isinstance(error, ZeroDivisionError):
        cause, why = "a division by zero", "The denominator can be 0: an empty mask has no pixels."
        remedy = "Print the denominator. Dice needs its smoothing in the numerator and in the denominator."
    elif isinstance(error, SystemExit):
        cause, why, remedy = "the program is ended", "`exit()` ends more than a function.", "Use `return`."
    return Wrong(cause, received=describe_error(error), expected="no error", why=why, remedy=remedy)


def describe_error(error: BaseException) -> str:
    """Return the name and the message of an error in a line, and the student's own line where it happened."""
    message, *_ = _message(error).partition(" for '{{node")  # what follows is TensorFlow's name for a line
    text = f"{type(error).__name__}: {message[:300]}"
    place = students_line(error)
    return f"{text}\nin line {place[0]} of your cell:  {place[1]}" if place else text


def _message(error: BaseException) -> str:
    """Return the line of a message that says what is wrong. Keras and TensorFlow put others around it."""
    lines = [line.strip() for line in _COLOURS.sub("", str(error)).splitlines() if line.strip()] or [""]
    if lines[0].startswith("Exception encountered when calling") and len(lines) > 1:
        return lines[2] if lines[1].endswith(":") and len(lines) > 2 else lines[1]
    if lines[0] == "in user code:":
        found = [line for line in lines if re.match(r"\w*(Error|Exception)\b.*: ", line)]
        return found[-1].partition(": ")[2] if found else lines[-1]
    if lines[0].startswith("Graph execution error"):
        nodes = [number for number, line in enumerate(lines) if "[[{{node" in line]
        return lines[nodes[0] - 1] if nodes and nodes[0] > 0 else lines[-1]
    return lines[0]


def students_line(error: BaseException) -> tuple[int, str] | None:
    """Return the number and the text of the last line of the student's that an error passed through."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    # A function under @tf.function runs as a copy, and its lines stand in the message alone.
    places += [(name, int(line)) for name, line in re.findall(r'File "(.+?)", line (\d+), in ', str(error))]
    own = [(line, text) for name, line in places if line and is_the_students(name) and (text := _line(name, line))]
    return own[-1] if own else None


def _line(filename: str, number: int) -> str:
    return linecache.getline(filename, number).strip()


def is_the_students(filename: str) -> bool:
    """Whether a file, or a cell, holds the student's code, and none of Python, of a library or of this project."""
    path = Path(filename).resolve()
    return "__autograph_generated_file" not in filename and not any(map(path.is_relative_to, _NOT_THE_STUDENTS))


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
        )
    if type(result).__name__ == "KerasTensor":
        raise Wrong(
            "a symbolic tensor",
            received="a KerasTensor, which has a shape and no values yet",
            expected=f"{what}, as numbers",
            remedy="Call functions on the arrays that you were given, and do not make a `keras.Input` here.",
        )
    try:
        array = np.asarray(result)
        if array.dtype.kind not in "biuf":
            raise TypeError(array.dtype)
        return array.astype("float64")
    except (TypeError, ValueError):
        raise Wrong(
            "not a number or an array",
            received=f"{describe(result)}",
            expected=f"{what}, as numbers",
            remedy="Print the type of what you return.",
        ) from None


def expect_shape(array: np.ndarray, shape: tuple) -> None:
    """Raise `Wrong` unless the array has the shape."""
    if array.shape != tuple(shape):
        received, expected = map(shape_in_words, (array.shape, tuple(shape)))
        remedy = "Print the shape of each step."
        raise Wrong("the shape is another", received=received, expected=expected, remedy=remedy)


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
    received = dict(zip(("received", "expected"), describe_apart(array, expected), strict=True))
    if _is_rounded(array, expected):
        why = "The digits after the decimal point are lost."
        raise Wrong("rounded", **received, why=why, remedy="Round when you print, not when you compute.")
    cause = "not a number (nan)" if np.isnan(array).any() and not np.isnan(expected).any() else "another value"
    raise Wrong(cause, **received, remedy="Compute this example by hand, and print each step.")


def _is_rounded(array: np.ndarray, exact: np.ndarray) -> bool:
    if np.array_equal(array, np.round(array)):  # 0 and 1 come of many mistakes
        return False
    return any(np.allclose(array, np.round(exact, places), rtol=1e-6, atol=1e-9) for places in range(1, 7))
