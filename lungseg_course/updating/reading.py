"""A notebook as a student has it, also one that git has left in two versions."""

import re
from collections.abc import Sequence
from pathlib import Path

import nbformat

from lungseg.errors import InputError, one_line
from lungseg_course.updating.marks import work_in_notebook

CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
MARKER = re.compile(r"^(<{7}|\|{7}|={7}|>{7})( .*)?$")


def read_notebook(path: Path, versions: Sequence[str] = ()) -> nbformat.NotebookNode:
    """Read a notebook; of one with the marks of a conflict, the version in which more was done.

    Parameters
    ----------
    path : Path
    versions : sequence of str
        Both versions as git has put them aside, if it has; otherwise they are read off the marks.

    Raises
    ------
    InputError
        If it is no notebook.
    """
    notebooks = [_parsed(text) for text in versions]
    if not any(notebooks):
        text = _text_of(path)
        sides = both_sides(text) if CONFLICT.search(text) else [text]
        notebooks = [_parsed(side) for side in sides]
        if len(sides) > 1:  # which version of the course their texts are of cannot be told
            for notebook in filter(None, notebooks):
                notebook.metadata.get("lungseg", {}).pop("cells", None)
    found = [notebook for notebook in notebooks if notebook is not None]
    if not found:
        raise InputError(
            f"{path}: expected a notebook. Received: a file that JupyterLab could not open, either. Put it aside under "
            "another name, and do the same again for a new one; or take one from the folder `backups`."
        )
    return max(found, key=_work)


def is_conflict(path: Path) -> bool:
    """Whether a file has the marks of a conflict that git leaves."""
    return bool(CONFLICT.search(_text_of(path)))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{path}: cannot be read ({one_line(error)}).") from None


def both_sides(text: str) -> list[str]:
    """Return the two versions of a file that git could not merge.

    Examples
    --------
    >>> both_sides("a\\n<<<<<<< HEAD\\nb\\n=======\\nc\\n>>>>>>> theirs\\nd")
    ['a\\nb\\nd', 'a\\nc\\nd']
    """
    sides: tuple[list[str], list[str]] = ([], [])
    now: tuple[int, ...] = (0, 1)
    for line in text.split("\n"):
        marker = MARKER.match(line.rstrip("\r"))
        if marker:
            now = {"<": (0,), "|": (), "=": (1,), ">": (0, 1)}[marker[1][0]]
            continue
        for side in now:
            sides[side].append(line)
    return ["\n".join(side) for side in sides]


def _parsed(text: str) -> nbformat.NotebookNode | None:
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError):
        return None
    return notebook


def _work(notebook: nbformat.NotebookNode) -> tuple[bool, int]:
    """Return how much was done in a notebook: whether anything, and in how many exercises."""
    blanks = [cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])]
    return work_in_notebook(notebook) is not None, sum("todo()" not in cell.source for cell in blanks)
