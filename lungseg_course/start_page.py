"""The page that `lab` opens: the parts of the course in order, what of them is done, and what is next."""

import contextlib
import json
import re
from pathlib import Path
from urllib.parse import quote

from lungseg.files import write_text
from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.standings import standings
from lungseg_course.where import where_they_are

FILE = "Start.md"
TEXT = """\
# Lung segmentation with a U-Net

{what_next}

| | part | time | exercises | questions | |
|---:|---|---|---:|---:|---|
{rows}

A click on a part opens it. Run its cells from top to bottom, each with *Shift + Enter*; where `todo()` stands, you
write.

This page is the file `{file}` in the list on the left: whenever you open it, it tells what is done and what is next.
`make lab` opens it the next time. To stop for today, save, and choose *Shut Down* in the menu *File*.
"""
TIME = re.compile(r"(?:\*\*Time:\*\*|It takes) (?:about )?([^.,;:(]+)")


def write_start_page(root: Path, book: dict[str, dict]) -> None:
    """Write the start page of a student's folder, unless it says all this already.

    Parameters
    ----------
    root : Path
        The folder with the notebooks.
    book : dict
        What the student has done, as `lungseg_course.record` keeps it.
    """
    text = start_page(root, book)
    with contextlib.suppress(OSError):  # none is no reason to stop a student
        if not (root / FILE).is_file() or (root / FILE).read_text(encoding="utf-8") != text:
            write_text(root / FILE, text)


def refresh_start_page(root: Path, book: dict[str, dict]) -> None:
    """Bring the start page up to date, where there is one."""
    if (root / FILE).is_file():
        write_start_page(root, book)


def start_page(root: Path, book: dict[str, dict]) -> str:
    """Return the text of the start page.

    Parameters
    ----------
    root, book
        See `write_start_page`.
    """
    rows, what_next = [], ""
    places = where_they_are(root)
    for number, standing in zip(NOTEBOOKS, standings(book, places), strict=True):
        place = standing.notebook
        title, time = about(root / place)
        link = f"]({quote(place)})"
        begun = any(name.startswith(f"{number}.") for kind in ("exercises", "questions") for name in book[kind])
        state = "begun" if begun else ""
        if not standing.following:
            state = "done ✓"
        elif not what_next:
            state = "**← next**"
            how = f"begin with {standing.following}" if number != "1" else "begin here"
            how = f"go on with {standing.following}" if begun else how
            what_next = f"**Next: [{number}. {title}{link}**, {how}."
        exercises, questions = standing.in_words
        rows.append(f"| {number} | [{title}{link} | {time} | {exercises} | {questions} | {state} |")
    return TEXT.format(what_next=what_next or "**All done. Well done!**", rows="\n".join(rows), file=FILE)


def about(notebook: Path) -> tuple[str, str]:
    """Return the title of a notebook, and how long it takes, as its first cell says; the latter may be empty."""
    try:
        first = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = next("".join(cell["source"]) for cell in first if cell["cell_type"] == "markdown")
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        text = ""
    title = re.search(r"^# (?:\d\. )?(.+)$", text, re.MULTILINE)
    time = TIME.search(" ".join(text.split()))
    return title[1].strip().replace("|", "/") if title else notebook.stem, time[1] if time else ""
