"""The ids of cells in a source: by them the notebook of a student is brought up to date, also where a text has changed.

An exercise, a question and a check are known by the name that nbgrader has for them. Every other cell has an id in its
first line, `# %% id="..."`, which stays whatever becomes of the cell. Whoever writes a new cell leaves it out:
`build.py` puts one there.
"""

import re
from pathlib import Path

from notebooks import SourceError, cells_of, shown, write_whole

from lungseg_course.updating.marks import marks_of

FIRST_LINE = re.compile(r"# %%(\s|$)")


def without_id(source: Path) -> int:
    """Return how many cells of a source have no id."""
    cells = cells_of(source.read_text(encoding="utf-8")).cells
    return sum(not _has_id(cell) for cell in cells)


def give_ids(source: Path, name: str) -> bool:
    """Write an id into each cell of a source that has none. Return whether there was one.

    Parameters
    ----------
    source : Path
    name : str
        Of the notebook.
    """
    text = source.read_text(encoding="utf-8")
    cells, lines = cells_of(text).cells, text.splitlines()
    first = [place for place, line in enumerate(lines) if FIRST_LINE.match(line)]
    if len(first) != len(cells):
        raise SourceError(f"{shown(source)}: expected each cell to begin with `# %%`, also the first one.")
    for place, cell, mark in zip(first, cells, marks_of(name, cells), strict=True):
        if not _has_id(cell):
            lines[place] = f'{lines[place].rstrip()} id="{mark}"'
    changed = "\n".join(lines) + "\n"
    if changed == text:
        return False
    write_whole(source, changed.encode("utf-8"))
    return True


def _has_id(cell) -> bool:
    return "id" in cell.metadata or "grade_id" in cell.metadata.get("nbgrader", {})
