"""A student's notebook made ready: each graded cell once, in its place, and with what nbgrader is to know of it."""

import copy
import uuid

import nbformat

from grader.collecting import grade_id


def mend(notebook: nbformat.NotebookNode, release: nbformat.NotebookNode) -> list[str]:
    """Give a notebook the graded cells of the released one, each once and in its place.

    What students wrote stays as it is. Of an exercise's cell that is there
    several times, as after splitting or copying it, the last one with work in
    it counts; earlier ones are run as they are, in case it needs them. Checks
    have to stand under what they check.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed.
    release : NotebookNode
        The notebook as students got it.

    Returns
    -------
    list of str
        What was done, a line each.
    """
    known = {each: cell for cell in release.cells if (each := grade_id(cell)) is not None}
    notes: list[str] = []
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and grade_id(cell) not in known:
            del cell.metadata["nbgrader"]
    above = ""  # the exercise that a check stands under
    before = None  # the cell of the course that comes before
    for each, released in known.items():
        if _is_exercise(released):
            above = each
            _keep_one_exercise(notebook, each, released, notes)
        else:
            _keep_one_check(notebook, each, released, _place(notebook, above), _place(notebook, before or ""), notes)
        if _place(notebook, each) is not None:
            before = each
            _as_released(notebook.cells[_place(notebook, each)], released)
        else:
            notes.append(f"the cell of {in_words(each)} is missing")
    _give_ids(notebook)
    return notes


def in_words(each: str) -> str:
    """Return how a cell is called in a message.

    Examples
    --------
    >>> in_words("check_3_1"), in_words("question_3_2")
    ('the check of exercise 3.1', 'question 3.2')
    """
    kind, *number = each.split("_")
    words = {
        "exercise": "exercise {}",
        "question": "question {}",
        "check": "the check of exercise {}",
        "quiz": "the check of question {}",
    }
    return words.get(kind, each).format(".".join(number))


def _is_exercise(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.nbgrader.get("solution"))


def _place(notebook: nbformat.NotebookNode, each: str) -> int | None:
    places = _places(notebook, each)
    return places[-1] if places else None


def _places(notebook: nbformat.NotebookNode, each: str) -> list[int]:
    return [place for place, cell in enumerate(notebook.cells) if grade_id(cell) == each]


def _keep_one_exercise(notebook, each: str, released, notes: list[str]) -> None:
    places = _places(notebook, each)
    if len(places) < 2:
        return
    worked = [place for place in places if notebook.cells[place].source.strip() != released.source.strip()]
    kept = (worked or places)[-1]
    for place in reversed(places):
        if place in worked and place != kept:
            del notebook.cells[place].metadata["nbgrader"]
        elif place != kept:
            del notebook.cells[place]
    which = "the last one with work in it counts" if worked else "one of them is dropped"
    notes.append(f"{in_words(each)} is there {len(places)} times: {which}")


def _keep_one_check(notebook, each: str, released, above: int | None, before: int | None, notes: list[str]) -> None:
    places = _places(notebook, each)
    under = [place for place in places if above is None or place > above]
    if len(places) == 1 and under:
        return
    kept = notebook.cells[under[0]] if under else copy.deepcopy(released)
    if not places:
        notes.append(f"{in_words(each)} was deleted, and is put back")
    elif len(places) > 1:
        notes.append(f"{in_words(each)} is there {len(places)} times: one counts")
    else:
        notes.append(f"{in_words(each)} stood above its cell, and is moved under it")
    target = under[0] if under else 1 + max((place for place in (above, before) if place is not None), default=-1)
    for place in reversed(places):
        if notebook.cells[place] is not kept:
            del notebook.cells[place]
            target -= place < target
    if not under:
        notebook.cells.insert(target, kept)


def _as_released(cell: nbformat.NotebookNode, released: nbformat.NotebookNode) -> None:
    cell.metadata = copy.deepcopy(released.metadata)
    if cell.cell_type != released.cell_type:
        cell.cell_type = released.cell_type
        cell.pop("attachments", None)
        cell.outputs, cell.execution_count = [], None


def _give_ids(notebook: nbformat.NotebookNode) -> None:
    """Give each cell an id of its own, as the format wants it; copies have the same."""
    seen = set()
    notebook.nbformat, notebook.nbformat_minor = 4, max(5, notebook.nbformat_minor)
    for cell in notebook.cells:
        if cell.get("id") in seen or not cell.get("id"):
            cell["id"] = uuid.uuid4().hex[:12]
        seen.add(cell["id"])
