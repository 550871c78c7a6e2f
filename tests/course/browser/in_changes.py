"""What stands in a cell is not what Python knows: changed and not run, not readable, deleted, after a restart.

make test-browser
"""

import time

import nbformat
import pytest

from lungseg_course.updating.copies import update
from lungseg_course.updating.marks import key_of
from student_page import fill_in, words

NOTEBOOK = "Data_Generator/DataGenerator.ipynb"
EDITED = "return count * size * size * channels * bytes_per_number / 1e9"
OUTDATED = (
    "Exercise 1.1: not checked. The cell of `array_gigabytes` has changed since it was run. What Python knows is the "
    "version before your change: run that cell, then this one."
)
UNREAD = (
    "Exercise 1.1: not checked. When the cell of exercise 1.1 was last run, Python could not read it (line 4: invalid "
    "syntax). So `array_gigabytes` is still what it was before that: mend the cell, run it, then this one."
)
GONE = (
    "Exercise 1.4: not checked. The cell of `augment` is no longer in the notebook; `augment` is in Python's memory "
    "only, and gone after a restart. Bring the cell back, or write it again; run it, then this one."
)
NO_IMPORT = (
    "`check` is not known yet. After a start or a restart of the kernel, run all the cells above this one, from the "
    "top."
)
NOT_KNOWN = (
    "`read_batch` is not known yet: run the cell of exercise 1.2 first. After a restart of the kernel that means all "
    "the cells above this one, from the top."
)


def prepare(course):
    """All is answered. JupyterLab keeps the cells of exercises and checks from being deleted; not all programs do."""
    fill_in(course, NOTEBOOK, {})
    notebook = nbformat.read(course / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if key_of(cell) in ("exercise_1_4", "check_1_4"):
            del cell.metadata["deletable"]
    nbformat.write(notebook, course / NOTEBOOK)


@pytest.fixture
def imports(page):
    """The first cells are run, in a new kernel."""
    page.restart()
    page.run(page.cell("import os"))
    page.run(page.cell("import numpy"))


def test_a_cell_that_was_changed_and_not_run(page, course, imports):
    exercise, check = page.cell("# Exercise 1.1"), page.cell('check("1.1"')
    page.run(exercise)
    assert page.run(check).startswith("Exercise 1.1: correct.")
    line = page.code(exercise).split("\n")[-1].strip()
    page.replace_line(exercise, line, "return 0  # not yet")
    assert page.run(check).startswith("Exercise 1.1: correct."), "nobody can know"
    page.save(course / NOTEBOOK)
    said = page.run(check)
    page.photograph("changed and not run")
    assert words(said) == words(OUTDATED)
    page.run(exercise)
    assert page.run(check).startswith("Exercise 1.1: not right yet.")
    page.replace_line(exercise, "return 0  # not yet", EDITED)


def test_a_cell_that_python_cannot_read(page, imports):
    exercise, check = page.cell("# Exercise 1.1"), page.cell('check("1.1"')
    page.run(exercise)
    line = page.code(exercise).split("\n")[-1].strip()
    page.replace_line(exercise, line, "return count size")
    assert "SyntaxError: invalid syntax" in page.run(exercise)
    said = page.run(check)
    page.photograph("not readable")
    assert words(said) == words(UNREAD)
    page.replace_line(exercise, "return count size", EDITED)
    page.run(exercise)
    assert page.run(check).startswith("Exercise 1.1: correct.")


def test_a_cell_of_an_exercise_that_was_deleted_and_its_check(page, project, course, imports):
    exercise, check = page.cell("# Exercise 1.4"), page.cell('check("1.4"')
    page.run(exercise)
    page.delete(exercise)
    page.save(course / NOTEBOOK)
    said = page.run(check)
    page.photograph("deleted exercise")
    assert words(said) == words(GONE)

    page.delete(check)
    page.save(course / NOTEBOOK)
    update(root=project)
    page.reload(lambda: page.cells('check("1.4"'))
    page.show(page.cell('check("1.4"'))
    page.photograph("deleted, updated")
    assert "todo()" in page.code(page.cell("# Exercise 1.4"))


def test_jupyterlab_does_not_delete_what_is_checked(page):
    for start in ("# Exercise 1.3", 'check("1.3"'):
        page.press_d_twice(page.cell(start))
    time.sleep(1)
    assert page.cell("# Exercise 1.3")
    assert page.cell('check("1.3"')


def test_a_restart_and_then_the_check_alone(page):
    page.restart()
    said = page.run(page.cell('check("1.2"'))
    page.photograph("restart, no import")
    assert words(said) == words(f"{NO_IMPORT} Stopped here.")
    page.run(page.cell("import os"))
    said = page.run(page.cell('check("1.2"'))
    page.photograph("restart, check alone")
    assert words(said) == words(f"{NOT_KNOWN} Stopped here.")
