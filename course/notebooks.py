"""From a source in course/ to its notebooks: the solution, the exercise, and the one that nbgrader grades.

All three are made of the same cells. The solution loses the lines that delimit
what the student writes; in the exercise one line, `todo()`, stands for it; the
one for nbgrader keeps the delimiters, and has hidden tests. nbgrader's own
preprocessors make the exercise, so that it is what nbgrader would release.
"""

import copy
import functools
import re
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat

from lungseg.files import writing
from lungseg_course.updating.marks import marks_of, stamp

ROOT = Path(__file__).resolve().parents[1]
# In the order in which a student reads them: notebook 1 to 6.
NOTEBOOKS = (
    "Data_Generator/DataGenerator",
    "UNet_Arch/UNET_architecture",
    "Loss_Metrics/LossMetrics",
    "Train_UNET",
    "Predict_UNet",
    "Experiments",
)
Cells = Sequence[nbformat.NotebookNode]
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
STUB = "todo()"
ID = re.compile(r"[\w-]{1,64}", re.ASCII)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
# What nbgrader is to know of a cell, by its tag. grade_id and points come from the source.
ROLES = {
    "exercise": {"grade": False, "solution": True, "locked": False, "task": False},
    "check": {"grade": True, "solution": False, "locked": True, "task": False},
}
FIRST = {
    "check": "from lungseg_course.grading import check, points",
    # A student may have `answer`, as all questions called it in notebooks that were given out earlier. It is taken
    # away, so that a blank question after this one does not find it.
    "quiz": "from lungseg_course.grading import quiz, quiz_points\n"
    '{names} = globals().get("{names}", globals().pop("answer", None))',
}
HIDDEN = {
    "check": 'points("{number}", {names}, of={points})',
    "quiz": 'quiz_points("{number}", {names}, of={points})',
}


class SourceError(ValueError):
    """A source from which no notebook can be made. The message is one line."""


def read_source(source: Path) -> nbformat.NotebookNode:
    """Return the cells of a source, as they stand there, with all the metadata that nbgrader wants.

    Parameters
    ----------
    source : Path
        A `.py` file in jupytext's percent form.

    Raises
    ------
    SourceError
        If it has no code cells, delimiters that do not match, or an id twice.
    """
    notebook = copy.deepcopy(cells_of(source.read_text(encoding="utf-8")))
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        raise SourceError(f"{shown(source)}: expected cells that begin with `# %%`, found no code cell.")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    graded: set[str] = set()
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        own = cell.metadata.pop("id", "")
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.id = own if grade_id is None else "" if grade_id in graded else grade_id
        graded.add(grade_id)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            without_delimiters(cell.source, source)
        if "nbgrader" in cell.metadata:
            role = next((ROLES[tag] for tag in cell.metadata.get("tags", []) if tag in ROLES), {})
            cell.metadata.nbgrader = nbformat.from_dict({"schema_version": 3, **role, **cell.metadata.nbgrader})
    ids = [cell.id for cell in notebook.cells]
    for name in [cell.id for cell in notebook.cells if cell.id and "nbgrader" not in cell.metadata]:
        if not ID.fullmatch(name):
            raise SourceError(f"{shown(source)}: expected an id of letters, digits, - and _. Found: {name!r}.")
        if ids.count(name) > 1:
            raise SourceError(f"{shown(source)}: the id {name} is there twice. Take it out of the new one of the two.")
    return notebook


def build_solution(source: Path, name: str, first: Cells = ()) -> nbformat.NotebookNode:
    """Return the solution notebook of a source.

    Parameters
    ----------
    source : Path
    name : str
        The name of the notebook.
    first : sequence of cells
        What comes before the first code cell and stands in no source, see `first_cell`.
    """
    notebook = _with_first(read_source(source), first)
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type == "code":
            cell.source = without_delimiters(cell.source, source)
    return _finished(notebook, name)


def build_graded(source: Path, name: str, first: Cells = ()) -> nbformat.NotebookNode:
    """Return the instructor's notebook: with the solutions in their delimiters, and with hidden tests."""
    notebook = _with_first(read_source(source), first)
    for cell in notebook.cells:
        call = checking_call(cell)
        if call and "nbgrader" in cell.metadata:
            kind, number, names = call
            test = HIDDEN[kind].format(number=number, names=names, points=cell.metadata.nbgrader.get("points", 0))
            imports = FIRST[kind].format(names=names)
            cell.source = "\n".join(
                [
                    *("### BEGIN HIDDEN TESTS", imports, "### END HIDDEN TESTS"),
                    *(cell.source, "### BEGIN HIDDEN TESTS", test, "### END HIDDEN TESTS"),
                ]
            )
    return stamp(_finished(notebook, name), name)


def build_exercise(source: Path, name: str, first: Cells = ()) -> nbformat.NotebookNode:
    """Return the student's notebook, as nbgrader releases it."""
    # nbgrader takes a second to import.
    from nbgrader import preprocessors as steps
    from traitlets.config import Config

    notebook, resources = build_graded(source, name, first), dict[str, object]()
    settings = Config({"ClearSolutions": {"code_stub": {"python": STUB}}})
    for step in (
        steps.LockCells,
        steps.ClearSolutions,
        steps.ClearHiddenTests,
        steps.ClearOutput,
        steps.ComputeChecksums,
        steps.CheckCellMetadata,
    ):
        notebook, resources = step(config=settings).preprocess(notebook, resources)
    return stamp(_finished(notebook, name), name)


def solutions_of(source: Path) -> dict[str, str]:
    """Return the number of each exercise of a source → its solution."""
    found = {}
    for cell in read_source(source).cells:
        heading = re.match(r"# Exercise (\d\.\d+)\n", cell.source)
        if heading and "exercise" in cell.metadata.get("tags", []):
            found[heading.group(1)] = without_delimiters(cell.source[heading.end() :], source).strip("\n")
    return found


def without_delimiters(code: str, source: Path) -> str:
    """Return the code of a cell without the lines that delimit its solutions.

    Examples
    --------
    >>> without_delimiters("def two():\\n    ### BEGIN SOLUTION\\n    return 2\\n    ### END SOLUTION", Path("a.py"))
    'def two():\\n    return 2'
    """
    kept, inside = [], False
    for line in code.splitlines():
        if line.strip() in (BEGIN, END):
            if inside == (line.strip() == BEGIN):
                raise SourceError(f"{shown(source)}: `{line.strip()}` without its partner in a cell.")
            inside = not inside
        elif re.search(r"###\s*(BEGIN|END)\b", line):
            raise SourceError(f"{shown(source)}: a delimiter is left over, or misspelt: `{line.strip()}`.")
        else:
            kept.append(line)
    if inside:
        raise SourceError(f"{shown(source)}: `{BEGIN}` without its partner in a cell.")
    return "\n".join(kept)


def checking_call(cell: nbformat.NotebookNode) -> tuple[str, str, str] | None:
    """Return what the last line of a check cell calls, the number and the names, or None if it is something else.

    Examples
    --------
    >>> checking_call(nbformat.v4.new_code_cell('check("3.3", Dice, Jaccard)', metadata={"tags": ["check"]}))
    ('check', '3.3', 'Dice, Jaccard')
    """
    if cell.cell_type != "code" or "check" not in cell.metadata.get("tags", []):
        return None
    last = cell.source.rstrip().rpartition("\n")[2]
    call = re.fullmatch(r'(check|quiz)\("(\d\.\d+)", (\w+(?:, \w+)*)\)', last)
    return (call[1], call[2], call[3]) if call else None


# ---- Files ---------------------------------------------------------------------------------------


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path) as temporary:
        temporary.write_bytes(content)


def shown(path: Path) -> str:
    """Return a path as messages show it."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)


@functools.cache
def cells_of(text: str) -> nbformat.NotebookNode:
    """Return the cells of the text of a source, just as they stand there."""
    # Reading is slow, and each source is needed several times.
    return jupytext.reads(text, fmt="py:percent")


def _with_first(notebook: nbformat.NotebookNode, first: Cells) -> nbformat.NotebookNode:
    place = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells[place:place] = copy.deepcopy(list(first))
    return notebook


def _finished(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Give an id to each cell that has none: the mark of its text, which `cell_ids` then writes into the source."""
    for cell, mark in zip(notebook.cells, marks_of(name, notebook.cells), strict=True):
        cell.id = cell.id or mark
    nbformat.validate(notebook)
    return notebook
