"""What went wrong in a cell, in words for teacher and student: without Python's insides, and without places of ours."""

import os
import re
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lungseg_course.engine.panel import HINT
from lungseg_course.grading import WITH_REFERENCE

# The last one is what Python 3.13 says of a bracket that is not closed.
UNREADABLE = ("SyntaxError", "IndentationError", "TabError", "_IncompleteInputError")
CANNOT_READ = "Python could not read the cell"
NO_INPUT = "it asks with `input()`, and nobody answers while it is graded"
_COLOURS = re.compile("\x1b\\[[0-9;]*m")
_HINT = re.compile(rf'^ *\(A hint: .*\)\n?|<div class="{HINT}".*?</div>', re.MULTILINE)
_HIDDEN = re.compile(r"^ *### (?:BEGIN|END) HIDDEN TESTS\n?", re.MULTILINE)
# Of this environment and this course; the longest first, as some lie in others.
LIBRARIES = sorted(
    {
        *(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib")),
        sys.prefix,
        str(Path(__file__).parents[2]),
    },
    key=len,
    reverse=True,
)


def error_in_words(name: str, message: str) -> str:
    """Return what a teacher reads of an error.

    Examples
    --------
    >>> error_in_words("SyntaxError", "invalid syntax (3691147527.py, line 7)")
    'Python could not read the cell (line 7)'
    """
    if name in UNREADABLE:
        line = re.search(r"\(\d+\.py, line (\d+)\)$", message)
        return f"{CANNOT_READ} (line {line[1]})" if line else f"{CANNOT_READ} or a file: {message[:100]}"
    if name == "StdinNotImplementedError":
        return NO_INPUT
    return f"{name}: {message[:100]}"


def mistake_in_words(cell: NotebookNode | None, check: NotebookNode) -> str:
    """Return the name of what kept a check from looking at an answer.

    Parameters
    ----------
    cell : notebook cell or None
        That of the answer.
    check : notebook cell
        It ended in an error.
    """
    outputs = cell.get("outputs", []) if cell is not None else []
    of_the_cell = [output.ename for output in outputs if output.output_type == "error"]
    if of_the_cell:
        return CANNOT_READ if of_the_cell[0] in UNREADABLE else f"its cell ended in {of_the_cell[0]}"
    error = next(output for output in check.outputs if output.output_type == "error")
    unknown = re.match(r"name '(\w+)' is not defined", error.evalue)
    return f"the name `{unknown[1]}` is not known" if unknown else f"it ended in {error.ename}"


def without_our_places(text: str, folders: Mapping[str, str]) -> str:
    """Return a text without places on the computer that grades: given folders by another name, libraries by none."""
    for folder, name in folders.items():
        text = text.replace(f"{folder}{os.sep}", f"{name}/").replace(folder, name)
    for folder in LIBRARIES:
        text = text.replace(f"{folder}{os.sep}", "")
    return text


def without_hints(text: str) -> str:
    """Return a text, or the HTML of a panel, without the lines that offer a hint, which a page cannot give."""
    return _HINT.sub("", text)


def traceback_in_short(output: NotebookNode) -> str:
    """Return a traceback without what happened in libraries; the student's own lines and the message are left."""
    blocks = "\n".join(output.traceback).split("\n\n")
    kept = [block for block in blocks if not _is_of_a_library(_COLOURS.sub("", block))]
    if output.ename == "StdinNotImplementedError":
        kept[-1] = f"{output.ename}: {NO_INPUT}"
    return "\n\n".join(kept)


def _is_of_a_library(block: str) -> bool:
    return block.startswith("File ") and any(folder in block.partition("\n")[0] for folder in LIBRARIES)


def check_in_words(cell: NotebookNode) -> None:
    """Leave out of a check what is of no use on a page, and say first why an answer has its points."""
    cell.source = _HIDDEN.sub("", cell.source)
    outputs = cell.get("outputs", [])
    why = [each for each in outputs if each.get("data", {}).get("text/plain", "").startswith(WITH_REFERENCE)]
    if why:
        others = [each for each in outputs if each not in why]
        cell.outputs = [*why, new_output("stream", text="With your own:\n"), *others]
