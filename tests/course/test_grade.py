"""course/grade.py: a class, each of whom hands in something else, and gets exactly the points for it."""

import contextlib
import csv
import io
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

import grade
import notebooks
from grader import gradebooks, whole_class
from grader.tables import what_went_wrong
from grading import CONFIG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Non-unique cell id"),  # of a student who has copied cells
]

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
line = "x" * 999
for _ in range(100_000):
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
    """100 MB of text, fifty pictures, and lines on stderr; and more memory than there is for a notebook."""
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


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course for nbgrader with one short notebook, released, and a class that has handed in."""
    folder = tmp_path_factory.mktemp("class")
    source = folder / "LossMetrics.py"
    source.write_text(SOURCE, encoding="utf-8")
    built = notebooks.build_graded(source, "LossMetrics")
    notebooks.write_whole(folder / "course/source/lungseg/LossMetrics.ipynb", notebooks.notebook_bytes(built))
    limits = "\nc.RunWithLimits.cell_seconds = c.RunWithLimits.lost_seconds = 2\nc.RunWithLimits.idle_seconds = 3\n"
    (folder / "course/nbgrader_config.py").write_text(CONFIG + limits, encoding="utf-8")
    course = whole_class.NbgraderCourse(folder / "course")
    for student, (hand_in, *_) in CLASS.items():
        place = course.folder / "submitted" / student / "lungseg"
        place.mkdir(parents=True)
        hand_in(course, place)
    with Gradebook(gradebooks.url(course.gradebook)) as book:
        book.update_or_create_assignment("lungseg", duedate="2026-03-01 12:00:00 UTC")
    return course


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """What the command says of that class, and its exit status."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = grade.main([str(course.folder), "--jobs", "2"])
    return status, said.getvalue()


def points_of(course, student):
    with Gradebook(gradebooks.url(course.gradebook)) as book:
        submission = book.find_submission("lungseg", student)
        return {each.name: each.score for notebook in submission.notebooks for each in notebook.grades}


@pytest.mark.parametrize("student", [student for student, (_, points, _) in CLASS.items() if points is not None])
def test_each_gets_exactly_the_points(course, graded, student):
    assert points_of(course, student) == {**FULL, **CLASS[student][1]}


def told_of(student, text):
    """The lines under a student's name in what is to be looked at."""
    _, _, notes = text.partition("To look at:\n")
    found = re.search(rf"^{student}\n((?:  .*\n)+)", notes, re.MULTILINE)
    return found.group(1) if found else ""


@pytest.mark.parametrize("student", CLASS)
def test_what_is_odd_about_a_hand_in_is_told(graded, student):
    told = told_of(student, graded[1])
    assert bool(told) == bool(CLASS[student][2]), told
    for words in CLASS[student][2]:
        assert words in told


def test_a_student_without_a_notebook_makes_it_an_error(course, graded):
    assert graded[0] == 1
    assert re.search(r"^missing +- +0 +not graded$", graded[1], re.MULTILINE)


def test_the_table_has_a_column_for_each_part_and_tells_who_was_late(course, graded):
    assert re.search(r"^student +LossMetrics +points +late$", graded[1], re.MULTILINE)
    assert re.search(r"^wrong +3 +3$", graded[1], re.MULTILINE)
    assert re.search(r"^late +6 +6 +2 d 2 h$", graded[1], re.MULTILINE)
    with open(course.folder / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(CLASS)
    told = {student: (float(row["LossMetrics"]), float(row["score"]), row["late"]) for student, row in rows.items()}
    assert told["wrong"] == (3, 3, "")
    assert told["late"] == (6, 6, "2 d 2 h")
    assert {row["max_score"] for row in rows.values()} == {"6"}


def test_the_mistakes_of_the_class_are_counted_by_their_names(course, graded):
    with open(course.folder / "mistakes.csv", encoding="utf-8", newline="") as file:
        counted = [tuple(row.values()) for row in csv.DictReader(file)]
    assert counted == [
        ("exercise", "1.1", "Python could not read the cell", "1", "unreadable"),
        ("exercise", "1.1", "its cell ended in ModuleNotFoundError", "1", "crashing"),
        ("exercise", "1.1", "not attempted", "1", "blank"),
        ("question", "1.1", "answer b", "1", "wrong"),
        ("question", "1.1", "not attempted", "1", "blank"),
        ("exercise", "3.4", "D itself", "1", "wrong"),
        ("exercise", "3.4", "not attempted", "1", "blank"),
        ("exercise", "3.4", "the name `jaccard_from_dice` is not known", "1", "unreadable"),
    ]
    assert "Exercise 3.4, Jaccard from Dice: 9 of 12 right\n    1 × D itself (wrong)" in graded[1]


def test_one_mistake_of_a_student_counts_once():
    verdict = {"exercise": "1.1", "points": 0, "of": 3, "mistakes": ["gibibytes", "another value"], "references": []}
    (item,) = what_went_wrong({name: {"parts": {"LossMetrics": {"verdicts": [verdict]}}} for name in ("ada", "bob")})
    assert item.mistakes == {"gibibytes": ["ada", "bob"]}


@pytest.mark.parametrize(("unreadable", "status"), [([], 0), (["LossMetrics"], 1)])
def test_a_notebook_that_cannot_be_read_makes_it_an_error(course, graded, capsys, monkeypatch, unreadable, status):
    report = {**course.report_of("right"), "unreadable": unreadable}
    monkeypatch.setattr(course, "reports", lambda: {"right": report})
    rows = grade.rows_of
    monkeypatch.setattr(grade, "rows_of", lambda *each: [row for row in rows(*each) if row.student == "right"])
    monkeypatch.setattr(grade, "write_tables", lambda *each: None)
    assert grade.tell(course) == status
    assert capsys.readouterr().err == "right: LossMetrics cannot be read. Ask for it once more.\n" * status


def test_nothing_is_left_but_what_belongs_to_the_students(course, graded):
    for step, suffix in (("autograded", ".ipynb"), ("feedback", ".html")):
        found = {path.relative_to(course.folder / step) for path in (course.folder / step).rglob("*.*")}
        expected = {
            Path(student, "lungseg", f"LossMetrics{suffix}")
            for student, (_, points, _) in CLASS.items()
            if points is not None
        }
        assert {path for path in found if path.suffix == suffix} == expected
        assert {path.suffix for path in found} <= {suffix, ".txt"}
    assert not (course.folder / "grading/work").exists()


@pytest.fixture
def entered_by_hand(course, graded):
    """Points that a teacher has entered; they are taken back afterwards."""

    def enter(points):
        with Gradebook(gradebooks.url(course.gradebook)) as book:
            book.find_grade("check_3_4", "LossMetrics", "lungseg", "wrong").manual_score = points
            book.db.commit()

    enter(1.5)
    yield
    enter(None)
    grade.main([str(course.folder), "--student", "wrong"])  # writes grades.csv as it was


def test_what_was_graded_stays_and_so_does_what_a_teacher_has_entered(course, entered_by_hand, capsys):
    arguments = [str(course.folder), "--student", "wrong", "--jobs", "1"]
    grade.main(arguments)
    assert "wrong: graded before, and nothing has changed" in capsys.readouterr().out
    grade.main([*arguments, "--force"])
    assert re.search(r"^wrong +4\.5 +4\.5$", capsys.readouterr().out, re.MULTILINE)
    page = (course.folder / "feedback/wrong/lungseg/LossMetrics.html").read_text(encoding="utf-8")
    assert "<title>LossMetrics: 4.5 of 6 points</title>" in page


def test_what_cannot_be_graded_is_said(tmp_path, course, capsys):
    assert grade.main([str(tmp_path)]) == 2
    assert "expected a course for nbgrader" in capsys.readouterr().err
    assert grade.main([str(course.folder), "--student", "nobody"]) == 2
    assert "no folder submitted/nobody" in capsys.readouterr().err
