"""The message of an exception in a line, without what libraries put around it."""

import re

from lungseg_course.engine.students_code import function_of_another_cell, students_line

LONGEST = 300  # characters of a message; what is longer lists tensors or files
_COLOURS = re.compile("\x1b\\[[0-9;]*m")
# What TensorFlow says of its own insides: nodes, devices, operations.
_INSIDES = re.compile(
    r"\{\{(?:function_)?node [^}]*\}\}\s*|\[\[.*?\]\]\s*|\s*\[Op:\w*\](?: name: ?\S*)?| for '\{\{node.*", re.DOTALL
)


def describe_error(error: BaseException) -> str:
    """Return the name and the message of an error in a line, and the student's own line where it happened."""
    message = " ".join(_INSIDES.sub("", _message(error)).split())
    if len(message) > LONGEST:
        message = f"{message[:LONGEST].rpartition(' ')[0]} ..."
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    place = students_line(error)
    other = function_of_another_cell(error)
    cell = f"of another cell, in `{other}`" if other else "of your cell"
    return f"{text}\nin line {place[0]} {cell}:  {place[1]}" if place else text


def _message(error: BaseException) -> str:
    """Return the part of a message that says what is wrong."""
    whole = _COLOURS.sub("", str(error)).partition("Arguments received by")[0]
    lines = [line.strip() for line in whole.splitlines() if line.strip()] or [""]
    if lines[0].startswith("Exception encountered when calling") and len(lines) > 1:
        return lines[2] if lines[1].endswith(":") and len(lines) > 2 else lines[1]
    if lines[0] == "in user code:":
        found = [line for line in lines if re.match(r"\w*(Error|Exception)\b.*: ", line)]
        return found[-1].partition(": ")[2] if found else lines[-1]
    if lines[0].startswith("Graph execution error"):
        nodes = [number for number, line in enumerate(lines) if "[[{{node" in line]
        return lines[nodes[0] - 1] if nodes and nodes[0] > 0 else lines[-1]
    if re.match(r"module '\S+' has no attribute '\w+'", lines[0]):  # NumPy tells its history after that
        return lines[0].partition("'. ")[0].rstrip(".'") + "'"
    return " ".join(lines)
