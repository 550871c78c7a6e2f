"""Where a student's notebooks lie: also one that was renamed, or moved to another folder, is known by its cells."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lungseg_course.engine.exercises import NOTEBOOKS

# The names that nbgrader has for cells: they stay when a notebook is renamed, copied or saved by another program.
NAME = re.compile(r"(?:exercise|check|question|quiz)_(\d)_\d+")
ENOUGH = 3  # a cell and its check may have been copied into a notebook of the student's own
NOT_HERE = {"backups", "solutions", "results", "my_course"}


def where_they_are(root: Path) -> dict[str, str]:
    """Return where the notebooks lie in a student's folder: path in the course → path there, if there is one.

    A notebook in its own place that nobody has begun gives way to one with another name that somebody has. Of several
    with other names, the one with most answers counts; of those, the one that was saved last.

    Parameters
    ----------
    root : Path

    Returns
    -------
    dict
        "Train_UNET.ipynb" → "my training.ipynb", both with slashes.
    """
    found: dict[str, list[tuple]] = {}
    for file in _elsewhere(root):
        notebook = _read(file)
        number = _number_of(notebook)
        if number in NOTEBOOKS:
            rank = (_answers(notebook), file.stat().st_mtime_ns)
            found.setdefault(NOTEBOOKS[number], []).append((*rank, file.relative_to(root).as_posix()))
    here = {path: path for path in NOTEBOOKS.values() if (root / path).is_file()}
    for path, others in found.items():
        if path not in here or (max(others)[0] and not _begun(_read(root / path))):
            here[path] = max(others)[-1]
    return here


def _elsewhere(root: Path) -> Iterator[Path]:
    """Yield the notebooks that have other names than those of the course."""
    known = {root / path for path in NOTEBOOKS.values()}
    for path in sorted([*root.glob("*.ipynb"), *root.glob("*/*.ipynb")]):
        folder = path.parent.name if path.parent != root else ""
        if path not in known and folder not in NOT_HERE and not folder.startswith("."):
            yield path


def _read(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook; none, if it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [cell for cell in cells if isinstance(cell.get("metadata"), dict)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _key(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id", ""))


def _number_of(cells: list[dict[str, Any]]) -> str:
    """Return of which notebook of the course these are the cells, "" if of none."""
    keys = {_key(cell) for cell in cells}
    numbers = Counter(match[1] for match in map(NAME.fullmatch, keys) if match)
    number, count = max(numbers.items(), key=lambda item: item[1], default=("", 0))
    return number if count >= ENOUGH else ""


def _answers(cells: list[dict[str, Any]]) -> int:
    blanks = (cell for cell in cells if "exercise" in cell["metadata"].get("tags", []))
    return sum("todo()" not in "".join(cell.get("source", "")) for cell in blanks)


def _begun(cells: list[dict[str, Any]]) -> bool:
    return bool(_answers(cells)) or any(cell.get("outputs") for cell in cells)
