"""A cell that checks what no cell has defined yet: a sentence that says which one to run, in place of a traceback."""

import ast
import contextlib
import re

import IPython

from lungseg_course.engine.blank import answer_name
from lungseg_course.engine.notebook.cell_text import has_heading
from lungseg_course.engine.notebook.cells import Cells, watch, watched
from lungseg_course.engine.notebook.staleness import last_run_in_words
from lungseg_course.engine.panel import show_in_place_of_traceback

KINDS = {"check": "Exercise", "quiz": "Question", "hand_in": None}
OF_THE_COURSE = {*KINDS, "hint", "solution", "progress", "use", "todo", "begin_training"}


def follow_this_notebook() -> None:
    """Follow which cells are run, if this is a notebook and is not followed yet."""
    shell = IPython.get_ipython()
    if hasattr(shell, "events") and watched() is None:
        explain_unknown_names(shell, watch(shell))


def explain_unknown_names(shell, cells: Cells) -> None:
    """Let a notebook say more of a NameError in a cell that calls `check` or its like."""

    def show(shell, kind, error, traceback, tb_offset=None):
        # IPython does away with a handler that fails, and says so under the student's cell.
        with contextlib.suppress(Exception):
            words = unknown_name_in_words(cells, error.name)
            if words:
                error._render_traceback_ = lambda: show_in_place_of_traceback(error, words)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    if not shell.custom_exceptions:  # of somebody else
        shell.set_custom_exc((NameError,), show)


def unknown_name_in_words(cells: Cells, name: str) -> str | None:
    """Say which cell to run, where `check` or its like is unknown, or is handed what is; and what else is meant."""
    if name in OF_THE_COURSE:
        return (
            f"`{name}` is not known yet. After a start or a restart of the kernel, run all the cells above this one, "
            "from the top."
        )
    for node in ast.walk(ast.parse(cells.running)):
        if question := _question_answered_without_quotes(node, name):
            return (
                f"`{name}` is not known. The letter of an answer belongs in quotes: write  {answer_name(question)} = "
                f'"{name.lower()}"  in the cell of question {question}, and run it.'
            )
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in KINDS:
            continue
        if any(isinstance(given, ast.Name) and given.id == name for given in node.args):
            kind, first = KINDS[node.func.id], node.args[0]
            number = first.value if isinstance(first, ast.Constant) else None
            return _what_to_run(cells, name, f"{kind} {number}" if kind and isinstance(number, str) else "")
    return None


def _question_answered_without_quotes(node: ast.AST, letter: str) -> str:
    """Return the number of the question in `answer_1_2 = b` and `quiz("1.2", b)`; empty if it is neither."""
    if len(letter) > 1:
        return ""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == letter:
        found = re.fullmatch(r"answer_(\d)_(\d)", ast.unparse(node.targets[0]))
        return ".".join(found.groups()) if found else ""
    found = re.fullmatch(rf"quiz\('(\d\.\d)', {letter}\)", ast.unparse(node)) if isinstance(node, ast.Call) else None
    return found[1] if found else ""


def _what_to_run(cells: Cells, name: str, heading: str) -> str:
    its_cell = f"the cell of {heading.lower()}" if heading else "its cell"
    runs = [run for run in cells.runs if heading and has_heading(run.text, heading)]
    if runs and runs[-1].stopped == "NotAttempted":
        return f"`{name}` is not known: {its_cell} still has its `todo()`. Put your own in its place, and run it first."
    reason = last_run_in_words(runs[-1], name) if runs else None
    if reason:
        return f"`{name}` is not known: when {its_cell} was last run, {reason}. Mend that cell, run it, then this one."
    return (
        f"`{name}` is not known yet: run {its_cell} first. After a restart of the kernel that means all the cells "
        "above this one, from the top."
    )
