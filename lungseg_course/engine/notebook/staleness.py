"""Whether what is to be checked is what stands in the cell: a kernel keeps the version before a change."""

import json
import re

from lungseg_course.engine.notebook.cell_text import assigned, defined, goes_on_from, has_heading, parts, twice
from lungseg_course.engine.notebook.cells import Cells, Run, file_state, watched


def outdated(heading: str, things: dict[str, object]) -> str | None:
    """Say why what is to be checked is not what stands in the cell; None if it is, or if that cannot be known.

    Parameters
    ----------
    heading : str
        "Exercise 1.2" or "Question 1.2": the comment by which its cell is known.
    things : dict
        Name → what it stands for.
    """
    cells = watched()
    for name, thing in things.items():
        run = cells.origin(name, thing) if cells else None
        if cells and run:
            later = _last_run(cells, run, name, heading)
            why = _not_from(later, name, heading) if later else _not_as_saved(cells, run, name, heading)
            if why:
                return why
    return None


def answer_to_another(heading: str, answer) -> str | None:
    """Say whose answer it is, where all of them are called `answer` and that of this question is still missing."""
    cells = watched()
    run = cells.origin("answer", answer) if cells else None
    other = re.search(r"^# (Question \d\.\d+)$", run.text, re.MULTILINE) if run else None
    if other is None or other[1] == heading:
        return None
    return (
        f"It is not answered yet: `answer` is that to {other[1].lower()}. Write it into the cell above, and run that."
    )


def remarks(heading: str, things: dict[str, object]) -> str:
    """Say what a student may not be aware of: two definitions, one of which counts. Empty if there is nothing."""
    cells = watched()
    told = [
        _two_definitions(cells, run, name, heading)
        for name, thing in things.items()
        if cells and (run := cells.origin(name, thing))
    ]
    return "".join(f"  ({remark})\n" for remark in told if remark)


def last_run_in_words(run: Run, name: str) -> str | None:
    """Say why a cell, as it was run, did not define a name. None if it did, or if that cannot be known."""
    if run.unread:
        return f"Python could not read it ({run.unread})"
    names = assigned(run.text)
    if names is None or any(sign in run.text for sign in ("%%", "%run", "import *", "exec(")):
        return None
    if name in names:
        return f"it stopped with {run.stopped} before it came to `{name}`" if run.stopped else None
    others = [node.name for node in defined(run.text)] or sorted(each for each in names if each.startswith("answer"))
    return f"it defined `{others[-1]}`, not `{name}`" if others else f"`{name}` was not in it"


def _last_run(cells: Cells, run: Run, name: str, heading: str) -> Run | None:
    """Return the run after which a name should stand for something newer than it got in an earlier run."""
    later = [each for each in cells.runs if each.count > run.count]
    same = [each for each in later if cells.tells_ids and each.cell == run.cell]
    # By its heading alone a cell may be a copy, in which another name is no mistake.
    headed = [each for each in later if has_heading(each.text, heading)][-1:]
    failed = [each for each in headed if each.unread or (each.stopped and name in (assigned(each.text) or ()))]
    return max([*same, *failed], key=lambda each: each.count, default=None)


def _not_from(later: Run, name: str, heading: str) -> str | None:
    reason = last_run_in_words(later, name)
    if reason is None:
        return None
    return (
        f"When the cell of {heading.lower()} was last run, {reason}. So `{name}` is still what it was before that: "
        "mend the cell, run it, then this one."
    )


def _not_as_saved(cells: Cells, run: Run, name: str, heading: str) -> str | None:
    """Compare a run with the file of the notebook, if that was saved since."""
    if run.saved is None or file_state(cells.file) in (run.saved, None):
        return None
    saved = _code_cells(cells)
    if parts(run.text, name) <= {part for _, _, text in saved for part in parts(text, name)}:
        return None  # perhaps in another cell: it may have been split or moved
    by_id = [each for each in saved if run.cell and each[0] == run.cell]
    there = by_id or [each for each in saved if has_heading(each[2], heading) and has_heading(run.text, heading)]
    if len(there) == 1 and there[0][1] == run.count:
        # The number beside the cell is that of this run, so the text was saved after it.
        return (
            f"The cell of `{name}` has changed since it was run. What Python knows is the version before your change: "
            "run that cell, then this one."
        )
    known = {(cell, count) for cell, count, _ in saved}
    is_this_notebook = any(each.cell and (each.cell, each.count) in known for each in cells.runs)
    if is_this_notebook and run.cell and not by_id:
        return (
            f"The cell of `{name}` is no longer in the notebook; `{name}` is in Python's memory only, and gone after a "
            "restart. Bring the cell back, or write it again; run it, then this one."
        )
    return None


def _code_cells(cells: Cells) -> list[tuple[str | None, int | None, str]]:
    """Return id, number and text of each code cell, as they are in the file of the notebook."""
    try:
        notebook = json.loads(cells.file.read_text(encoding="utf-8")) if cells.file else {}
        return [
            (cell.get("id"), cell.get("execution_count"), "".join(cell["source"]))
            for cell in notebook["cells"]
            if cell["cell_type"] == "code"
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # in the middle of being written, or something else


def _two_definitions(cells: Cells, run: Run, name: str, heading: str) -> str | None:
    doubled = twice(run.text, name)
    if doubled:
        label, lines = doubled
        return f"Your cell defines `{label}` in lines {' and '.join(map(str, lines))}. The last one counts."
    if not cells.tells_ids or name not in [node.name for node in defined(run.text)] or goes_on_from(run.text, name):
        return None
    before = [each for each in cells.runs if each.count < run.count and has_heading(each.text, heading)]
    others = [each for each in before[-1:] if each.cell != run.cell and name in (assigned(each.text) or ())]
    if not others or "todo()" in others[-1].text:
        return None
    return f"Two cells define `{name}`. The one that was run last counts."
