"""A kernel in this process, and a notebook that is open in it: cells are written, run, deleted and saved."""

import contextlib
import io
import json
import os
from dataclasses import dataclass
from types import ModuleType

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from lungseg_course.engine.notebook import cells
from lungseg_course.engine.notebook.unknown_names import explain_unknown_names

SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})


@dataclass
class _Cell:
    text: str
    count: int | None = None


class Kernel:
    """What a front end does with a kernel and the file of a notebook.

    Parameters
    ----------
    file : Path
        Of the notebook. The kernel knows it if JPY_SESSION_NAME is that.
    ids : bool
        Whether the front end tells the kernel the ids of cells, as JupyterLab does, and Colab does not.
    """

    saves = 0

    def __init__(self, file, ids=True):
        self.file, self.ids = file, ids
        self.cells: dict[str, _Cell] = {}
        if not file.exists():
            self.save()
        self.shell = InteractiveShell(config=SETTINGS, user_module=ModuleType("a_notebook"))
        self.watched = cells.watch(self.shell)
        explain_unknown_names(self.shell, self.watched)

    def write(self, cell, text):
        """Type into a cell; a new one stands below the others."""
        self.cells.setdefault(cell, _Cell(text)).text = text

    def run(self, cell, text=None):
        """Run a cell, perhaps with a new text; return what appears below it."""
        if text is not None:
            self.write(cell, text)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            result = self.shell.run_cell(self.cells[cell].text, store_history=True, cell_id=cell if self.ids else None)
        self.cells[cell].count = result.execution_count
        return printed.getvalue()

    def delete(self, cell):
        del self.cells[cell]

    def contents(self):
        """Return what stands in the notebook now, as it is saved."""
        code = [
            {"cell_type": "code", "id": name, "execution_count": cell.count, "source": cell.text, "outputs": []}
            for name, cell in self.cells.items()
        ]
        text = {"cell_type": "markdown", "id": "text", "source": ["# Title"]}
        return json.dumps({"cells": [text, *code], "nbformat": 4, "nbformat_minor": 5})

    def save(self, contents=None):
        self.file.write_text(contents or self.contents(), encoding="utf-8")
        Kernel.saves += 1
        os.utime(self.file, ns=(Kernel.saves * 10**9,) * 2)  # never twice the same time


IMPORT = "from lungseg_course import check, hand_in, quiz, todo"
RIGHT = "# Exercise 1.1\ndef double(n):\n    return 2 * n\n"
WRONG = "# Exercise 1.1\ndef double(n):\n    return 3 * n\n"
BROKEN = "# Exercise 1.1\ndef double(n)\n    return 2 * n\n"
BLANK = "# Exercise 1.1\ndef double(n):\n    todo()\n"
RENAMED = "# Exercise 1.1\ndef doubled(n):\n    return 3 * n\n"
STOPS = "# Exercise 1.1\nimport nothing_of_that_name\n\ndef double(n):\n    return 3 * n\n"
OWN = "def double(n):\n    return 2 * n"
HELPED = "# Exercise 1.1\ndef twice(n):\n    return 2 * n\n\ndef double(n):\n    return twice(n)\n"
CHECK = 'check("1.1", double)'


def play(kernel, *steps):
    """Do what a student does, a word for each step: `run one`, `write one`, `delete one`, `save`; texts follow."""
    kernel.run("import", IMPORT)
    for do, *rest in steps:
        getattr(kernel, do)(*rest)
    return kernel
