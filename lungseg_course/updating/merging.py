"""A notebook that somebody has worked in, and a newer one of the course: the newer one, with all that was written."""

import copy
import hashlib
import re
from collections import defaultdict

import nbformat

from lungseg_course.engine.blank import answer_name
from lungseg_course.updating.marks import LIKE_IT, key_of, mark_text, marks_of

Cell = nbformat.NotebookNode
AT_THE_TOP = "\0"  # the key of what stands before all cells of the course


def merge(new: nbformat.NotebookNode, worked: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the notebook of the course with the work of a student.

    Text and checks are those of the course, in its order; answers and cells of the student's own stay, those below the
    cell that they followed. Of a cell that both have changed, one version becomes a note below the other: of an
    exercise the course's new blank, of anything else what the student wrote. Outputs stay with cells whose text stays.

    Parameters
    ----------
    new, worked : notebook
        As the course gives it now; as the student has it, perhaps from an older version of the course.
    name : str
        "Train_UNET".
    """
    worked = copy.deepcopy(worked)
    before = _Before(name, worked, new)
    found, own = _sort(new, before)
    cells = own[AT_THE_TOP]
    for cell, mark in zip(new.cells, marks_of(name, new.cells), strict=True):
        key = key_of(cell)
        cells += _together(copy.deepcopy(cell), found.get(key), mark, before)
        cells += own[key]
    merged = copy.deepcopy(new)
    merged.cells = _with_ids(cells)
    merged.metadata = nbformat.from_dict({**new.metadata, **worked.metadata, "lungseg": new.metadata.lungseg})
    nbformat.validate(merged)
    return merged


class _Before:
    """What the student's notebook was like when it was given out."""

    def __init__(self, name: str, worked: nbformat.NotebookNode, new: nbformat.NotebookNode):
        self.name, self.cells = name, worked.cells
        self.marks = dict(worked.metadata.get("lungseg", {}).get("cells", {}))
        ids = {key_of(cell) for cell in new.cells}
        if not self.marks:  # of the first version, where the id of a cell was the mark of its text
            self.marks = {
                key_of(cell): cell.id
                for cell in reversed(worked.cells)
                if "id" in cell and ("nbgrader" in cell.metadata or cell.id in ids or self._has(cell, cell.id))
            }

    def _has(self, cell: Cell, mark: str | None) -> bool:
        return any(mark == mark_text(self.name, cell, place) for place in range(1, LIKE_IT + 1))

    def is_as_given(self, cell: Cell) -> bool:
        """Whether the text of a cell is what the course had given."""
        return self._has(cell, self.marks.get(key_of(cell)))


def _sort(new: nbformat.NotebookNode, before: _Before) -> tuple[dict[str, Cell], dict[str, list[Cell]]]:
    """Tell the cells of the course from those of the student's own.

    Returns
    -------
    dict
        Key of a cell of the course → that cell in the student's notebook.
    dict
        Key of a cell of the course → what follows it there and is not of the course.
    """
    course = {key_of(cell): cell for cell in new.cells}
    known = {key_of(cell) for cell in before.cells}
    # A front end may have lost the ids: then the text tells.
    by_text = {(cell.cell_type, cell.source): key for key, cell in course.items() if key not in known}
    found: dict[str, Cell] = {}
    own: dict[str, list[Cell]] = defaultdict(list)
    last = AT_THE_TOP
    for cell in before.cells:
        key = key_of(cell)
        if key not in course and (cell.cell_type, cell.source) in by_text:
            key = by_text.pop((cell.cell_type, cell.source))
        if key in course:
            last = key
            cell = _of_type(cell, course[key].cell_type)
            other = found.get(key)
            if other is None:
                found[key] = cell
                continue
            if before.is_as_given(other):  # a copy was filled in, and not the cell itself
                found[key], cell = cell, other
            if cell.source != found[key].source and not before.is_as_given(cell):
                own[last].append(_own(cell))
        elif key not in before.marks:
            own[last].append(cell)
        elif not before.is_as_given(cell):  # the course has it no longer, and the student has changed it
            own[last].append(_note("The course has this cell no longer. You had written:", cell))
    return found, own


def _together(new: Cell, worked: Cell | None, mark: str, before: _Before) -> list[Cell]:
    """Return a cell of the course as it is now, with the student's work in it, and perhaps a note below."""
    if worked is None:
        return [new]
    tags = new.metadata.get("tags", [])
    given = before.marks.get(key_of(worked))
    same_given = given == mark
    text, notes = new.source, []
    if worked.source != new.source and not before.is_as_given(worked):
        if "exercise" in tags:
            text = _answer(worked)
            if given and not same_given:
                notes = [_note("The course has changed this exercise. Its blank is now:", new)]
        elif same_given and "check" not in tags:
            text = worked.source
        else:
            notes = [_note("The course has changed the cell above. You had written:", worked)]
            if same_given:
                notes = [_note("The check above is that of the course again. You had written:", worked)]
    if text == worked.source and new.cell_type == "code":
        new.outputs, new.execution_count = worked.outputs, worked.execution_count
    if "attachments" in worked:
        new.attachments = worked.attachments
    new.source = text
    new.metadata = nbformat.from_dict({**_metadata_of_its_own(worked), **new.metadata})
    return [new, *notes]


def _answer(cell: Cell) -> str:
    """Return the text of an answer; that to a question under the name that it has today."""
    question = re.match(r"# Question (\d\.\d+)\n", cell.source)
    return re.sub("^answer(?= *=)", answer_name(question[1]), cell.source, flags=re.M) if question else cell.source


def _of_type(cell: Cell, kind: str) -> Cell:
    """Return a cell of the course as the course has it: a slip of the M key makes text of an answer."""
    if cell.cell_type == kind:
        return cell
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(cell.source, metadata=cell.metadata, id=cell.get("id"))


def _own(cell: Cell) -> Cell:
    """Return a copy of a cell of the course as one of the student's own, which nbgrader does not know."""
    cell.metadata = _metadata_of_its_own(cell)
    return cell


def _metadata_of_its_own(cell: Cell) -> nbformat.NotebookNode:
    taken = ("nbgrader", "tags", "editable", "deletable") if "nbgrader" in cell.metadata else ()
    return nbformat.from_dict({name: value for name, value in cell.metadata.items() if name not in taken})


def _note(words: str, cell: Cell) -> Cell:
    """Return a cell of text that shows another one; it is not run."""
    fence = "````" if "```" in cell.source else "```"
    shown = f"{fence}python\n{cell.source}\n{fence}" if cell.cell_type == "code" else cell.source
    note = nbformat.v4.new_markdown_cell(f"**Note.** {words}\n\n{shown}")
    note.id = hashlib.sha256(note.source.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if "attachments" in cell:
        note.attachments = cell.attachments
    return note


def _with_ids(cells: list[Cell]) -> list[Cell]:
    """Give an id to cells that have none, or that of another one."""
    taken: set[str] = set()
    for place, cell in enumerate(cells):
        text = f"{place}\n{cell.cell_type}\n{cell.source}"
        while cell.get("id") in (None, *taken):
            text = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            cell.id = text[:12]
        taken.add(cell.id)
    return cells
