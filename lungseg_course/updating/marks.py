"""What a notebook knows of itself as it was given out, so that one can tell later what somebody has done in it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import nbformat

ONLY_RUN = "has been run, and holds outputs"
LIKE_IT = 9  # cells with the same text in a notebook, at most


def fingerprint(notebook: nbformat.NotebookNode) -> str:
    """Return a sum over the text of all cells. What a front end adds when it saves a notebook does not change it."""
    text = "\0".join(f"{cell.cell_type}\n{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def mark_text(name: str, cell: nbformat.NotebookNode, place: int = 1) -> str:
    """Return a short text that differs if the text of a cell does.

    Parameters
    ----------
    name : str
        Of the notebook, as "Train_UNET".
    cell : notebook cell
    place : int
        Counted from 1 among the cells of the notebook with this text.
    """
    text = f"{name}\n{cell.cell_type}\n{cell.source}\n{place}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def marks_of(name: str, cells: list[nbformat.NotebookNode]) -> Iterator[str]:
    """Yield the mark of each cell of a notebook."""
    seen: dict[tuple[str, str], int] = {}
    for cell in cells:
        text = (cell.cell_type, cell.source)
        seen[text] = seen.get(text, 0) + 1
        yield mark_text(name, cell, seen[text])


def key_of(cell: nbformat.NotebookNode) -> str:
    """Return by what a cell of the course is known: the name that nbgrader has for it, or its id; "" without either."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "")


def stamp(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Write into a notebook what it is like when it is given out."""
    marks = {key_of(cell): mark for cell, mark in zip(notebook.cells, marks_of(name, notebook.cells), strict=True)}
    notebook.metadata["lungseg"] = nbformat.from_dict({"built": fingerprint(notebook), "cells": marks})
    return notebook


def has_run(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell holds outputs, or the count of a run."""
    return cell.cell_type == "code" and bool(cell.outputs or cell.execution_count is not None)


def work_in(path: Path) -> str | None:
    """Say what somebody has done in a built notebook; None if nothing, or if there is no file.

    The notebook knows the fingerprint of what was built. Another text of any
    cell is work, and so are outputs. A notebook without a fingerprint was not
    built here: it is somebody's.
    """
    if not path.is_file():
        return None
    try:
        return work_in_notebook(nbformat.read(path, as_version=4))
    except (ValueError, AttributeError, nbformat.ValidationError):
        return "is not a notebook"


def work_in_notebook(notebook: nbformat.NotebookNode) -> str | None:
    """Say what somebody has done in a built notebook, see `work_in`."""
    built = notebook.metadata.get("lungseg", {}).get("built")
    if built is None:
        return "was not built from the sources"
    if built != fingerprint(notebook):
        return "has cells that were changed"
    if any(has_run(cell) for cell in notebook.cells):
        return ONLY_RUN
    return None
