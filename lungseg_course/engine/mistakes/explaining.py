"""What an exception in the student's code usually means."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lungseg_course.engine.mistakes.error_text import describe_error
from lungseg_course.engine.mistakes.former_names import find_former
from lungseg_course.engine.mistakes.names_meant import explain_attribute, explain_name
from lungseg_course.engine.students_code import students_line
from lungseg_course.engine.surroundings import Asked
from lungseg_course.engine.verdict import Wrong


@dataclass(frozen=True)
class Known:
    """An exception that is known: its types, a pattern in its message, and words, with the groups of the pattern."""

    types: tuple[type[BaseException], ...]
    pattern: str
    cause: str
    why: str
    remedy: str
    named: bool = True  # whether the mistake itself is known, and not only what it led to


def _known(types: Any, pattern: str, cause: str, why: str, remedy: str, named: bool = True) -> Known:
    return Known(types if isinstance(types, tuple) else (types,), pattern, cause, why, remedy, named)


# fmt: off
KNOWN = (
    _known(SystemExit, "", "the program is ended",
           "`exit()`, `quit()` and their like end Python itself, with all that your notebook holds.", "Use `return`."),
    _known(Asked, "", "somebody is asked",
           "`input()` waits for someone to type, and nobody does that while your code is checked.",
           "Use what the function is given."),
    _known(UnboundLocalError, r"variable '(\w+)'", "`{0}` has no value yet",
           "The line that gives `{0}` a value comes later, or was passed over by an `if` or an empty loop.",
           "Give `{0}` a value on each way through the function."),
    _known((TypeError, AttributeError), "NoneType", "something is None",
           "A function without `return` gives None, and so does a method that works in place, like `list.append`.",
           "Look at what you return, and at what the functions that you call return.", named=False),
    _known(TypeError, r"'tuple' object is not callable", "something is called that is no function",
           "A tuple was called, perhaps the shape of an array: that is `x.shape`, without parentheses.",
           "Leave out the parentheses, or write square brackets to get one of its elements."),
    _known(TypeError, r"'(list|ndarray|dict|str|DataFrame|Series)' object is not callable",
           "something is called that is no function",
           "A value of type `{0}` was called. Parentheses call a function; square brackets get an element.",
           "Write square brackets."),
    _known(TypeError, r"'(\w+)' object is not callable", "something is called that is no function",
           "A value of type `{0}` was called. Perhaps a variable has the name of a function, such as `sum = 0`, or the "
           "sign between a number and a parenthesis is missing.", "Give the variable another name, or write the sign."),
    _known(TypeError, r"(builtin_function_or_method|function|method|type)' object is not subscriptable",
           "square brackets behind a function", "Square brackets get an element, and parentheses call a function.",
           "Write parentheses."),
    _known(TypeError, r"'(map|filter|zip|generator|dict_\w+)' object is not subscriptable|"
           r"type '(map|filter|zip|generator)' has no len",
           "elements that are only made when they are asked for",
           "Since Python 3, `map`, `filter` and `zip` give their elements one after the other, and hold none.",
           "Make a list of it first: `list(...)`."),
    _known(TypeError, r"list indices must be integers or slices, not tuple", "a list with two indices",
           "A list has one index. Arrays take several: `x[0, 1]`.", "Make an array of it first: `np.array(x)`."),
    _known(TypeError, r"(?:list indices must be|only integers|cannot be interpreted as an) .*(?:float)|"
           r"'float' object cannot be interpreted as an integer",
           "a number with a decimal point as an index or a count",
           "`/` gives such a number, even 4 / 2. Indices, lengths and sizes are whole numbers.",
           "Divide with `//`, or round with `int(...)`."),
    _known(TypeError, r"unsupported operand type\(s\) for \S+: '(?:list' and '(?:int|float|list)|(?:int|float)' and "
           r"'list)'|can only concatenate list|can't multiply sequence", "arithmetic with a list",
           "A list is no array: `+` joins two lists, `*` repeats one, and the rest is not for lists.",
           "Make an array of it first: `np.array(x)`."),
    _known(TypeError, r"can only concatenate str|must be str, not", "text and a number are added",
           "`+` joins text with text.", 'Write an f-string: `f"{{name}}: {{number}}"`.'),
    _known(TypeError, r"\b(?:zeros|ones|empty)\(\) takes|Cannot interpret '\d+' as a data type",
           "a shape without parentheses of its own", "The second argument is the type of the numbers: a shape is one "
           "argument.", "Write it as a tuple: `np.zeros((2, 3))`."),
    _known(TypeError, r"argument|positional", "the arguments do not fit",
           "A function was called with arguments that it does not have, or with too few.",
           "Compare the names and the order of the arguments with the text of the exercise.", named=False),
    _known(IndexError, "", "an index is too large", "Python counts from 0, so the last place is the length minus 1.",
           "Print the index and the length."),
    _known(ValueError, r"\b(max|min)\(\) (?:arg is an|iterable argument is) empty|"
           r"zero-size array to reduction operation (max|min)|attempt to get (argmax|argmin) of an empty",
           "the {0} of nothing", "The list or the array is empty, as it is for an empty mask.",
           "Ask first whether there is something in it, and say what is to come out where there is not."),
    _known(ValueError, "truth value of an array|truth value of a Series|truth value of a DataFrame",
           "one question to many numbers",
           "`if`, `and`, `or` and `not` ask for one true or false, and an array holds many.",
           "Write `&`, `|` and `~` between arrays and `np.where` for a choice; or make one of many with `.any()`, "
           "`.all()`.", named=False),
    _known(ValueError, r"could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))",
           "the shapes do not fit",
           "Numbers are combined one by one, so each axis must have the same length in both, or 1. These have {0} and "
           "{1}.", "Print the shapes of both.", named=False),
    _known(ValueError, r"not enough values to unpack|too many values to unpack",
           "another number of values than of names", "`a, b = ...` needs exactly two.",
           "Print what stands on the right of the `=`."),
    _known(KeyError, "", "a key that does not exist", "A dictionary or a table has nothing under this name.",
           "Print its keys, or the columns of the table."),
    _known(FileNotFoundError, "", "a file that is not there", "There is nothing at this path.",
           "Use the paths that your function is given, as they are."),
    _known(ModuleNotFoundError, r"No module named '([\w.]+)'", "`{0}` is not installed",
           "The exercises need nothing else than what the notebook imports.", "Do it without this library."),
    _known(RecursionError, "", "the function calls itself without an end", "It uses its own name, perhaps by mistake.",
           "Call the function that you were given instead."),
    _known(ZeroDivisionError, "", "a division by zero", "The denominator can be 0: an empty mask has no pixels.",
           "Print the denominator. Dice needs its smoothing in the numerator and in the denominator."),
    _known(MemoryError, "", "more memory than there is", "An array has far more elements than it should.",
           "Print the shapes of the arrays before they are made."),
)
# fmt: on


def explain_error(error: BaseException) -> Wrong:
    """Say what an exception in the student's code usually means."""
    place = students_line(error)
    special: tuple[Callable[[], Wrong | None], ...] = (
        lambda: find_former(error, place[1]) if place else None,
        lambda: explain_name(error) if isinstance(error, NameError) else None,
        lambda: _explain_known(error),
        lambda: explain_attribute(error) if isinstance(error, AttributeError) else None,
    )
    wrong = next(filter(None, (explain() for explain in special)), None) or Wrong(
        f"your code raised {type(error).__name__}",
        received="",
        expected="no error",
        remedy="Read the line above, and print the values in it.",
        named=False,
    )
    wrong.received = describe_error(error)
    return wrong


def _explain_known(error: BaseException) -> Wrong | None:
    for known in KNOWN:
        if isinstance(error, known.types) and (found := re.search(known.pattern, str(error), re.DOTALL)):
            groups = [group for group in found.groups() if group is not None]
            cause, why, remedy = (text.format(*groups) for text in (known.cause, known.why, known.remedy))
            return Wrong(cause, received="", expected="no error", why=why, remedy=remedy, named=known.named)
    return None
