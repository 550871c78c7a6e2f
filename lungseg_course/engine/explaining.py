"""What an exception in the student's code usually means, and its message in a line."""

import builtins
import re

from lungseg_course.engine.students_code import students_line
from lungseg_course.engine.verdict import Wrong

_COLOURS = re.compile("\x1b\\[[0-9;]*m")


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
