"""What counts as the same code."""

import linecache
import sys
from types import ModuleType

import pytest

from lungseg_course.training.code_mark import mark_code

CELLS = """
PATIENCE = 6


def watch(what):
    return {"monitor": what}


class Layer:
    def call(self):
        return watch("loss")


def make_callbacks(folder):
    return watch("val_dice"), PATIENCE, Layer
"""


@pytest.fixture
def mark(monkeypatch):
    """The mark of make_callbacks in a notebook with these cells."""

    def mark(cells):
        notebook, file = ModuleType("notebook_on_trial"), f"<cells {len(linecache.cache)}>"
        monkeypatch.setitem(sys.modules, "notebook_on_trial", notebook)
        linecache.cache[file] = (len(cells), None, cells.splitlines(keepends=True), file)
        exec(compile(cells, file, "exec"), vars(notebook))
        return mark_code([notebook.make_callbacks])

    return mark


def test_the_same_cells_have_the_same_mark(mark):
    assert mark(CELLS) == mark(f"import os\n\nOTHER = 3\n{CELLS}") != None  # noqa: E711


@pytest.mark.parametrize("old_and_new", [("val_dice", "dice"), ("6", "7"), ('{"monitor"', '{"moni"'), ('"loss"', "1")])
def test_another_helper_class_or_constant_is_other_code(mark, old_and_new):
    assert mark(CELLS) != mark(CELLS.replace(*old_and_new))
