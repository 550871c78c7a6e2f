"""A short notebook, and a class of students each of whom hands it in in another way."""

import sys

import nbformat

# A notebook of three exercises and two questions of the course that need neither Keras nor cases.
SOURCE = """\
# %% [markdown]
# # A short notebook

# %%
import numpy as np
from lungseg_course import check, quiz, todo

# %% tags=["exercise"] nbgrader={"grade_id": "exercise_1_1"}
# Exercise 1.1
def array_gigabytes(count, size, channels=2, bytes_per_number=4):
    ### BEGIN SOLUTION
    return count * size * size * channels * bytes_per_number / 1e9
    ### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "check_1_1", "points": 3}
check("1.1", array_gigabytes)

# %%
print(array_gigabytes(300, 128))

# %% tags=["exercise"] nbgrader={"grade_id": "question_1_1"}
# Question 1.1
### BEGIN SOLUTION
answer_1_1 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_1_1", "points": 1}
quiz("1.1", answer_1_1)

# %% tags=["exercise"] nbgrader={"grade_id": "exercise_3_4"}
# Exercise 3.4
def jaccard_from_dice(dice):
    ### BEGIN SOLUTION
    return dice / (2 - dice)
    ### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "check_3_4", "points": 2}
check("3.4", jaccard_from_dice)
"""

FULL = {"check_1_1": 3.0, "quiz_1_1": 1.0, "check_3_4": 2.0}
RIGHT = {
    "exercise_1_1": "def array_gigabytes(count, size, channels=2, bytes_per_number=4):\n"
    "    return count * size * size * channels * bytes_per_number / 1e9",
    "question_1_1": 'answer_1_1 = "c"',
    "exercise_3_4": "def jaccard_from_dice(dice):\n    return dice / (2 - dice)",
}
PLOTS = """
from IPython.display import display
from PIL import Image
for _ in range(50):
    display(Image.new("L", (8, 8)))
line = "x" * 99_999
for _ in range(400):
    print(line)
"""


def place_of(notebook, grade_id):
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(grade_id)


def answered(course, changes=()):
    """The released notebook with right answers, but for the cells that are named."""
    notebook = nbformat.read(course.folder / "release/lungseg/LossMetrics.ipynb", as_version=4)
    for grade_id, code in {**RIGHT, **dict(changes)}.items():
        if code is not None:
            notebook.cells[place_of(notebook, grade_id)].source = code
    return notebook


def wrong(course, folder):
    """D itself: worth nothing. And the wrong letter."""
    changes = {"exercise_3_4": "def jaccard_from_dice(dice):\n    return dice", "question_1_1": 'answer_1_1 = "b"'}
    nbformat.write(answered(course, changes), folder / "LossMetrics.ipynb")


def blank(course, folder):
    nbformat.write(answered(course, dict.fromkeys(RIGHT)), folder / "LossMetrics.ipynb")


def late(course, folder):
    nbformat.write(answered(course), folder / "LossMetrics.ipynb")
    (folder / "timestamp.txt").write_text("2026-03-03 14:30:00 UTC", encoding="utf-8")


def renamed(course, folder):
    """As a browser calls a second download, loose in the student's folder; an older blank copy lies beside it."""
    nbformat.write(answered(course, dict.fromkeys(RIGHT)), folder / "LossMetrics.ipynb")
    nbformat.write(answered(course), folder.parent / "LossMetrics (1).ipynb")


def deleted_check(course, folder):
    notebook = answered(course)
    del notebook.cells[place_of(notebook, "check_3_4")]
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def duplicated(course, folder):
    """The exercise twice, the blank one last; and its check twice, once above it."""
    notebook = answered(course)
    place = place_of(notebook, "exercise_3_4")
    blank = answered(course, {"exercise_3_4": None}).cells[place]
    check = notebook.cells[place_of(notebook, "check_3_4")]
    notebook.cells[place : place + 1] = [check, notebook.cells[place], blank]
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def ends_the_kernel(course, folder):
    """In three ways; the last one cannot be kept from happening."""
    notebook = answered(course, {"question_1_1": 'answer_1_1 = "c"\nexit()'})
    end = nbformat.v4.new_code_cell("import os\nos._exit(1)")
    kill = nbformat.v4.new_code_cell("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    place = place_of(notebook, "exercise_3_4")
    notebook.cells[place:place] = [end, kill]
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def endless(course, folder):
    """A loop in a cell, and one that cannot be interrupted."""
    notebook = answered(course)
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    loops = [nbformat.v4.new_code_cell(code) for code in ("while True: pass", stubborn)]
    place = place_of(notebook, "exercise_3_4")
    notebook.cells[place:place] = loops
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def noisy(course, folder):
    """40 MB of text, fifty pictures, and lines on stderr; and more memory than there is for a notebook."""
    function = (
        "def jaccard_from_dice(dice):\n    import sys\n    print('x', file=sys.stderr)\n    return dice / (2 - dice)"
    )
    question = f"try:\n    bytearray(7 * 10**9)\nexcept MemoryError:\n    {RIGHT['question_1_1']}"
    changes = {"exercise_3_4": function} | ({"question_1_1": question} if sys.platform == "linux" else {})
    notebook = answered(course, changes)
    notebook.cells.insert(place_of(notebook, "exercise_3_4"), nbformat.v4.new_code_cell(PLOTS))
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def crashing(course, folder):
    """A module that is not there, in the cell of an exercise."""
    code = f"import no_such_module\n{RIGHT['exercise_1_1']}"
    nbformat.write(answered(course, {"exercise_1_1": code}), folder / "LossMetrics.ipynb")


def unreadable(course, folder):
    """Cells that Python cannot read or cannot find a name in: what is below them works with the references."""
    changes = {
        "exercise_1_1": "def array_gigabytes(count:",
        "exercise_3_4": RIGHT["exercise_3_4"].replace("from", "of"),
    }
    notebook = answered(course, changes)
    notebook.cells[place_of(notebook, "question_1_1")].source += "\narray_gigabytes(1, 1)\ninput()"
    nbformat.write(notebook, folder / "LossMetrics.ipynb")


def damaged(course, folder):
    (folder / "LossMetrics.ipynb").write_text("<<<<<<< HEAD", encoding="utf-8")


def missing(course, folder):
    (folder / "notes.txt").write_text("I forgot the notebook", encoding="utf-8")


# Who hands in what; the points for it, None where there is nothing to grade; and words of what the teacher is told.
CLASS = {
    "right": (lambda course, folder: nbformat.write(answered(course), folder / "LossMetrics.ipynb"), {}, ()),
    "wrong": (wrong, {"check_3_4": 0, "quiz_1_1": 0}, ()),
    "blank": (blank, dict.fromkeys(FULL, 0), ()),
    "late": (late, {}, ()),
    "renamed": (renamed, {}, ("graded is LossMetrics (1).ipynb", "not lungseg/LossMetrics.ipynb")),
    "deleted": (deleted_check, {}, ("the check of exercise 3.4 was deleted, and is put back",)),
    "duplicated": (
        duplicated,
        {},
        ("exercise 3.4 is there 2 times: the last one with work", "3.4 is there 2 times: one"),
    ),
    "exit": (
        ends_the_kernel,
        {},
        ("question 1.1: SystemExit: exit() ends the cell", "cell 8: SystemExit", "cell 9: it has ended its kernel"),
    ),
    "endless": (endless, {}, ("it was stopped after 2 seconds of processor time",)),
    "noisy": (noisy, {}, ("what it printed or showed was cut",)),
    "crashing": (crashing, {"check_1_1": 0}, ("exercise 1.1: ModuleNotFoundError: No module named 'no_such_module'",)),
    "unreadable": (
        unreadable,
        {"check_1_1": 0, "check_3_4": 0},
        ("exercise 1.1: Python could not read the cell (line 1)\n", "question 1.1: it asks with `input()`"),
    ),
    "damaged": (damaged, None, ("LossMetrics.ipynb: cannot be read (no notebook)",)),
    "missing": (missing, None, ("LossMetrics: is missing",)),
}
