"""course/grade.py: a class, each of whom hands in something else, and gets exactly the points for it."""

import contextlib
import csv
import io
import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

import grade
import notebooks
from grader import gradebooks, whole_class
from grader.tables import what_went_wrong
from grading import CONFIG
from odd_hand_ins import CLASS, FULL, SOURCE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Non-unique cell id"),  # of a student who has copied cells
]


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
