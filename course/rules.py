"""What must hold for a source, and for what is built from it. Each rule returns its complaints, a line each."""

import ast
import re
from collections.abc import Callable, Sequence

import nbformat
from notebooks import BEGIN, STUB, checking_call

from lungseg_course.engine import exercises
from lungseg_course.engine.blank import answer_name
from lungseg_course.updating.marks import has_run

IMAGE_WITHOUT_ALT = re.compile(r"!\[\s*\]|<img(?![^>]*\balt=\"[^\"]+\")[^>]*>")
DRAWS = re.compile(r"\bplt\.(?!rcParams)|\bplot_\w+\(|\.imshow\(|\bNotebookFigure\(|\bpicture\(|\bplay_with_\w+\(")
SHOWS = re.compile(r"\b(plt|pyplot)\.show\(")
DESCRIBES = re.compile(r"\.alt_text = |\bplot_\w+\(")
OPTION = re.compile(r"^- \*\*([a-z])\)\*\*", re.MULTILINE)
POINTS_ROW = r"^\| *`{}\.ipynb` *\|.*\|$"
# First line of an exercise cell, the grade_ids of it and of its check, and what the check calls.
KINDS = {
    "Exercise": ("exercise_{}", "check_{}", "check"),
    "Question": ("question_{}", "quiz_{}", "quiz"),
}


def problems_in_source(
    source: nbformat.NotebookNode, notebook: str, chapter: Callable = exercises.chapter
) -> list[str]:
    """Return what is wrong with a source.

    Parameters
    ----------
    source : notebook
        As `notebooks.read_source` returns it.
    notebook : str
        "1" to "6"; its exercises and questions must be those of `chapter(notebook)`.
    chapter : callable
        Returns something with EXERCISES and QUESTIONS.
    """
    module = chapter(notebook)
    tables = {
        "Exercise": {item.number: item for item in module.EXERCISES},
        "Question": {item.number: item for item in module.QUESTIONS},
    }
    problems = [*_pictures(source), *_answers(source, tables)]
    for kind, table in tables.items():
        there = [number for found, number in _headings(source) if found == kind]
        if there != list(table):
            problems.append(
                f"expected each {kind} of lungseg_course.chapters.chapter_{notebook} once, in its order: "
                f"{', '.join(table) or 'none'}. Found: {', '.join(there) or 'none'}."
            )
    return problems


def problems_in_built(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what a built notebook must not have: outputs, delimiters, hidden tests, faulty code."""
    problems = []
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if has_run(cell):
            problems.append(f"cell {place}: has outputs. Build it again, and do not commit executed notebooks.")
        if re.search(r"###\s*(BEGIN|END)\b|(BEGIN|END) (SOLUTION|HIDDEN)|lungseg_course\.grading", cell.source):
            problems.append(f"cell {place}: holds a delimiter or a hidden test.")
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            problems.append(f"cell {place}: line {error.lineno} is not valid Python: {error.msg}.")
    return problems


def problems_in_exercise(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what an exercise notebook must not have, a cell without its blank included."""
    problems = problems_in_built(notebook)
    for place, cell in enumerate(notebook.cells):
        if "exercise" in cell.metadata.get("tags", []) and STUB not in cell.source:
            problems.append(f"cell {place}: has no `{STUB}`.")
    return problems


def points_of(source: nbformat.NotebookNode) -> int | float:
    """Return what all the checks of a source are worth together."""
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source.cells)


def with_points(text: str, sources: dict[str, nbformat.NotebookNode]) -> str:
    """Return the page for instructors with the exercises, questions and points of each notebook as they are.

    Parameters
    ----------
    text : str
        Markdown with a row for each notebook.
    sources : dict
        Name of a notebook → its source.
    """
    for name, source in sources.items():
        kinds = [kind for kind, _ in _headings(source)]
        row = f"| `{name}.ipynb` | {kinds.count('Exercise')} and {kinds.count('Question')} | {points_of(source)} |"
        text = re.sub(POINTS_ROW.format(re.escape(name)), row, text, flags=re.MULTILINE)
    return text


def problems_in_table(names: Sequence[str], text: str) -> list[str]:
    """Say which notebooks have no row in the table for instructors."""
    return [
        f"expected a row that begins with | `{name}.ipynb` | in the table of points."
        for name in names
        if not re.search(POINTS_ROW.format(re.escape(name)), text, re.MULTILINE)
    ]


def _pictures(source: nbformat.NotebookNode) -> list[str]:
    problems = []
    for place, cell in enumerate(source.cells):
        if cell.cell_type == "markdown" and (image := IMAGE_WITHOUT_ALT.search(cell.source)):
            problems.append(f"cell {place}: an image without alternative text: {image.group()}")
        if cell.cell_type != "code":
            continue
        if SHOWS.search(cell.source) or ("NotebookFigure(" in cell.source and not DESCRIBES.search(cell.source)):
            problems.append(
                f"cell {place}: a figure without alternative text: make a `NotebookFigure`, give it an `alt_text`, "
                "and let its name be the last line, in place of `plt.show()`."
            )
        if DRAWS.search(cell.source):
            after = source.cells[place + 1].source if place + 1 < len(source.cells) else ""
            if "What you see" not in after:
                problems.append(f"cell {place}: a figure without words: expected `*What you see:* ...` right after it.")
    return problems


def _headings(source: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return kind and number of each exercise cell, as its first line tells."""
    found = []
    for cell in source.cells:
        if "exercise" in cell.metadata.get("tags", []):
            first = re.match(r"# (Exercise|Question) (\d\.\d+)$", cell.source.partition("\n")[0])
            found.append((first[1], first[2]) if first else ("", ""))
    return found


def _answers(source: nbformat.NotebookNode, tables: dict[str, dict]) -> list[str]:
    """Look at each exercise cell with the text before it and the check after it."""
    problems, ids = [], []
    headings = iter(_headings(source))
    code = [place for place, cell in enumerate(source.cells) if cell.cell_type == "code"]
    text = ""  # since the last check
    for place, cell in enumerate(source.cells):
        tags, facts = cell.metadata.get("tags", []), cell.metadata.get("nbgrader", {})
        ids += [facts.grade_id] if "grade_id" in facts else []
        before = [source.cells[other] for other in code if other < place][-1:]
        after = [source.cells[other] for other in code if other > place][:1] or [nbformat.v4.new_code_cell()]
        if cell.cell_type == "markdown":
            text += f"{cell.source}\n\n"
        elif "check" in tags:
            text = ""
            if not any("exercise" in other.metadata.get("tags", []) for other in before):
                problems.append(f"cell {place}: a check without an answer right before it.")
        elif "exercise" not in tags:
            if BEGIN in cell.source:
                problems.append(f"cell {place}: a solution in a cell without the tag exercise.")
        else:
            kind, number = next(headings)
            if not kind:
                problems.append(f"cell {place}: the first line should be `# Exercise 1.1` or `# Question 1.1`.")
                continue
            item = tables[kind].get(number)
            found = _pair(kind, number, cell, after[0], item)
            found += _heading(number, text) if kind == "Exercise" else _quiz(number, cell, text, item)
            problems += [f"{kind} {number}: {problem}" for problem in found]
    problems += [f"the grade_id {name} is there twice." for name in sorted({n for n in ids if ids.count(n) > 1})]
    return problems


def _heading(number: str, text: str) -> list[str]:
    there = re.search(rf"^#+ Exercise {re.escape(number)}\b", text, re.MULTILINE)
    return [] if there else [f"expected the heading `### Exercise {number}: ...` in the text above it."]


def _pair(kind: str, number: str, cell, after, item) -> list[str]:
    """Look at an exercise cell and the next code cell, which should be its check."""
    problems = []
    own, of_check, function = KINDS[kind]
    if BEGIN not in cell.source:
        problems.append(f"no `{BEGIN}` in its cell.")
    if "check" not in after.metadata.get("tags", []):
        return [*problems, "no check right after the answer."]
    for which, pattern in ((cell, own), (after, of_check)):
        expected = pattern.format(number.replace(".", "_"))
        there = which.metadata.get("nbgrader", {}).get("grade_id")
        if there != expected:
            problems.append(f"expected the grade_id {expected}. Found: {there}.")
    points = after.metadata.get("nbgrader", {}).get("points", 0)
    if getattr(item, "optional", False):
        if points:
            problems.append(f'it is optional, so its check should have `"points": 0`. Found: {points}.')
    elif not points > 0:
        problems.append("its check has no points.")
    names = answer_name(number) if kind == "Question" else ", ".join(item.names) if item else None
    expected = f'{function}("{number}", {names or "..."})'
    call = checking_call(after)
    if call is None or call[:2] != (function, number) or (names and call[2] != names):
        problems.append(f"expected `{expected}` in the last line of its check.")
    return problems


def _quiz(number: str, cell, text: str, question) -> list[str]:
    """Compare the options that the text gives, and the right one, with what the package says."""
    problems = []
    asked = text.rpartition(f"**Question {number}.**")[2] if f"**Question {number}.**" in text else None
    if asked is None:
        return [f"expected `**Question {number}.**` in the text above it."]
    if question is None:
        return []
    options = OPTION.findall(asked)
    if options != list(question.feedback):
        problems.append(f"the text has the options {', '.join(options)}; feedback: {', '.join(question.feedback)}.")
    right = f'{answer_name(number)} = "{question.right}"'
    if right not in cell.source.splitlines():
        problems.append(f"expected `{right}`, as lungseg_course says.")
    return problems
