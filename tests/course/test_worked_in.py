"""Notebooks in which somebody has worked stay as they are."""

import re

import nbformat
import pytest

import build
from small_sources import change_source, check_says, edit, with_an_output


def with_an_answer(notebook):
    notebook.cells[1].source = notebook.cells[1].source.replace("todo()", "return x * 2")


def with_a_note(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("Ask about this."))


def with_a_count(notebook):
    notebook.cells[1].execution_count = 1


def with_a_cell_less(notebook):
    del notebook.cells[0]


WORK = [with_an_answer, with_a_note, with_an_output, with_a_count, with_a_cell_less]


@pytest.mark.parametrize("change", WORK)
def test_a_notebook_that_someone_has_worked_in_stays(built, capsys, change):
    path = built.root / "Train_UNET.ipynb"
    edit(path, change)
    worked = path.read_bytes()
    change_source(built, "# # Counting", "# # Counting better")
    assert build.main([], built) == 1
    assert path.read_bytes() == worked
    told = capsys.readouterr().out
    assert re.search(r"^\S*Train_UNET\.ipynb: has .*so it stays as it is\. With --force", told, re.MULTILINE)
    assert "Counting better" in (built.root / "solutions" / "Train_UNET.ipynb").read_text(encoding="utf-8")
    assert any("--force" in line for line in check_says(built))


@pytest.mark.parametrize("change", WORK)
def test_force_writes_it_anew(built, change):
    path = built.root / "Train_UNET.ipynb"
    expected = path.read_bytes()
    edit(path, change)
    assert build.main(["--force"], built) == 0
    assert path.read_bytes() == expected


@pytest.mark.parametrize("content", ["not json", "<<<<<<< HEAD\n{}", '{"cells": [], "metadata": {}, "nbformat": 4}'])
def test_a_file_of_somebody_elses_stays_too(built, content):
    path = built.root / "Predict_UNet.ipynb"
    path.write_text(content, encoding="utf-8")
    changed, (line,) = build.write(built)
    assert changed == []
    assert "Predict_UNet.ipynb: " in line
    assert path.read_text(encoding="utf-8") == content


def test_a_notebook_that_was_only_opened_and_saved_is_no_work(built):
    def save_as_jupyterlab_does(notebook):
        notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
        notebook.metadata.language_info.version = "3.12.4"
        for cell in notebook.cells:
            cell.metadata.setdefault("editable", True)

    path = built.root / "Train_UNET.ipynb"
    edit(path, save_as_jupyterlab_does)
    change_source(built, "# # Counting", "# # Counting better")
    assert build.main([], built) == 0
    assert "Counting better" in path.read_text(encoding="utf-8")


def test_an_older_notebook_that_nobody_touched_is_brought_up_to_date(built):
    change_source(built, "return 2 * x", "return 2 * x  # twice")
    change_source(built, "# # Counting", "# # Counting better")
    changed, left = build.write(built)
    assert left == []
    assert [path.name for path in changed] == ["Train_UNET.ipynb", "Train_UNET.ipynb", "solutions.json"]
