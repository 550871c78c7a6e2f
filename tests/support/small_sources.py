"""Six small sources of notebooks, with the table of their points."""

from pathlib import Path
from types import SimpleNamespace

import nbformat

import build
import notebooks
from lungseg_course.engine.exercises import Exercise, Question

ROOT = Path(__file__).resolve().parents[2]
TRAIN = "Train_UNET.ipynb"

EXERCISE = '''\
# %% [markdown]
# # Counting
# ### Exercise {n}.1: twice

# %% tags=["exercise"] nbgrader={{"grade_id": "exercise_{n}_1"}}
# Exercise {n}.1
def twice(x):
    """Return two times x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["check"] nbgrader={{"grade_id": "check_{n}_1", "points": 3}}
check("{n}.1", twice)
'''
QUESTION = """\
# %% [markdown]
# **Question {n}.1.** How many are two and two?
#
# - **a)** Three.
# - **b)** Four.

# %% tags=["exercise"] nbgrader={{"grade_id": "question_{n}_1"}}
# Question {n}.1
### BEGIN SOLUTION
answer_{n}_1 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={{"grade_id": "quiz_{n}_1", "points": 1}}
quiz("{n}.1", answer_{n}_1)
"""
SOURCE = f"{EXERCISE}\n{QUESTION}"
TABLE = "\n".join(f"| `{name}.ipynb` | 1 and 1 | 4 |" for name in notebooks.NOTEBOOKS) + "\n"


def chapter(n):
    """What the package knows of the exercises of the small course."""
    hints = ("Think.", "Think again.", "Multiply.")
    exercise = Exercise(f"{n}.1", "twice", ("twice",), (lambda answer, rng: None,), "Well done.", hints)
    return SimpleNamespace(EXERCISES=(exercise,), QUESTIONS=(Question(f"{n}.1", "b", {"a": "No.", "b": "Yes."}),))


def read(path):
    return nbformat.read(path, as_version=4)


def change_source(course, old, new, name="Train_UNET"):
    path = course.source(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def source_from(tmp_path, *cells):
    path = tmp_path / "source.py"
    path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
    return path


def check_says(course):
    return [*build.problems_in_sources(course), *build.outdated(course)]


def edit(path, change):
    notebook = read(path)
    change(notebook)
    nbformat.write(notebook, path)


def with_an_output(notebook):
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="0.97\n")]


def answer(notebook):
    notebook.cells[1].source = notebook.cells[1].source.replace("todo()", "return x * 2")
