"""nbgrader: the course it is given, and three students who get the points and the words that they should."""

import ast
import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from nbgrader.preprocessors import IgnorePattern
from nbgrader.utils import determine_grade
from traitlets.config import Config

import build
import notebooks
import rules
from grading import CONFIG

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]

COURSE = build.Course()
FLAT = {name.rpartition("/")[2]: name for name in notebooks.NOTEBOOKS}
# What one student has wrong, in two notebooks: the line of the solution and what stands there instead, the check that
# sees it, its points, and the name of the mistake.
MISTAKES = {
    "DataGenerator": (
        "return math.ceil(len(self.cases) / self.batch_size)",
        "return len(self.cases) // self.batch_size",
        *("check_1_3", 5.0, "rounded down"),  # one of six looks, of 6 points
    ),
    "LossMetrics": (
        'ops.cast(y_pred >= self.threshold, "float32")',
        "ops.round(y_pred)",
        *("check_3_3", 3.0, "the threshold is always 0.5"),  # two of five looks, of 5 points
    ),
}
NOISE = """\
import sys, warnings
warnings.warn("I am careful")
print("a note to myself", file=sys.stderr)
"""


def source_of(flat):
    return notebooks.read_source(COURSE.source(FLAT[flat]))


def points_in(flat):
    """The points of each check of a notebook, as its source tells."""
    cells = [cell for cell in source_of(flat).cells if "check" in cell.metadata.get("tags", [])]
    return {cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points) for cell in cells}


# ---- What students hand in -------------------------------------------------------------------


def all_right(code, flat):
    return notebooks.without_delimiters(code, COURSE.source(FLAT[flat]))


def one_wrong(code, flat):
    right, wrong, *_ = MISTAKES[flat]
    return all_right(code, flat).replace(right, wrong)


def with_noise(code):
    """The solution with a warning and a line on stderr in front of it, each time it is called."""

    def make_noise(line):
        return "".join(f"{line.group(1)}{noise}\n" for noise in NOISE.splitlines())

    code = re.sub(rf"^( *){notebooks.BEGIN}\n", make_noise, code, flags=re.MULTILINE)
    return re.sub(rf"^ *{notebooks.END}(\n|\Z)", "", code, flags=re.MULTILINE)


def right_but_noisy(code, flat):
    """The solution, with the noise in these two notebooks: it is the same in all of them."""
    return with_noise(code) if flat in ("UNET_architecture", "Predict_UNet") else all_right(code, flat)


STUDENTS = {"right": right_but_noisy, "wrong": one_wrong, "blank": None}
HANDED_IN = {  # each notebook once with right answers, but for one
    "right": tuple(flat for flat in FLAT if flat not in MISTAKES),
    "wrong": tuple(MISTAKES),
    "blank": ("UNET_architecture",),
}


def hand_in(course, student):
    """Fill in the released notebooks as a student would, and put them where nbgrader collects."""
    folder = course / "submitted" / student / "lungseg"
    folder.mkdir(parents=True)
    for flat in HANDED_IN[student]:
        notebook = nbformat.read(course / "release" / "lungseg" / f"{flat}.ipynb", as_version=4)
        before = [cell.source for cell in notebook.cells]
        sources = {cell.id: cell.source for cell in source_of(flat).cells}  # the first cell of the notebook is in none
        for cell in notebook.cells:
            if STUDENTS[student] and "exercise" in cell.metadata.get("tags", []):
                cell.source = STUDENTS[student](sources[cell.metadata.nbgrader.grade_id], flat)
        changed = sum(cell.source != text for cell, text in zip(notebook.cells, before, strict=True))
        assert changed == (0 if student == "blank" else len(points_in(flat)))
        nbformat.write(notebook, folder / f"{flat}.ipynb")


def run(course, *command):
    dropped = ("LUNGSEG_DATA", "LUNGSEG_RUN", "LUNGSEG_FAST")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {
        "LUNGSEG_CACHE": str(course.parent / "cache"),
        # nbgrader starts another program, alembic, by its name.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=course, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The course for nbgrader, with the assignment generated."""
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    assert build.main(["--nbgrader", str(folder)]) == 0
    run(folder, "-m", "nbgrader", "generate_assignment", "lungseg")
    yield folder
    shutil.rmtree(folder.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def graded(released):
    """The course, with what the students handed in graded."""
    for student in STUDENTS:
        hand_in(released, student)
    before = written_by_notebooks()
    run(released, ROOT / "course" / "grade.py", released, "--jobs", "1")
    assert written_by_notebooks() == before
    return released


def written_by_notebooks():
    """What notebooks leave in a course: nothing of it may appear in this one."""
    folders = ("results", "Data_Generator", "UNet_Arch", "Loss_Metrics")
    return {path for folder in folders for path in (ROOT / folder).rglob("*")} | set(ROOT.glob(".lungseg*"))


def grades_of(course, student):
    """Notebook → check → points, as they stand in nbgrader's database."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("lungseg", student)
        return {book.name: {grade.name: grade.score for grade in book.grades} for book in submission.notebooks}


# ---- What they get ---------------------------------------------------------------------------


def test_what_nbgrader_releases_are_the_exercise_notebooks(released):
    for flat, name in FLAT.items():
        release = nbformat.read(released / "release" / "lungseg" / f"{flat}.ipynb", as_version=4)
        exercise = nbformat.read(COURSE.exercise(name), as_version=4)
        assert [(cell.cell_type, cell.source, cell.metadata) for cell in release.cells] == [
            (cell.cell_type, cell.source, cell.metadata) for cell in exercise.cells
        ]


@pytest.mark.thorough
def test_right_answers_get_all_the_points_and_warnings_cost_nothing(graded):
    grades = grades_of(graded, "right")
    assert {flat: grades[flat] for flat in HANDED_IN["right"]} == {flat: points_in(flat) for flat in HANDED_IN["right"]}


@pytest.mark.thorough
def test_blank_notebooks_get_none_and_notebooks_that_are_missing_neither(graded):
    assert grades_of(graded, "blank") == {flat: dict.fromkeys(points_in(flat), 0.0) for flat in FLAT}


@pytest.mark.thorough
def test_a_wrong_answer_costs_the_points_of_what_is_wrong(graded):
    expected = {flat: {**points_in(flat), check: share} for flat, (_, _, check, share, _) in MISTAKES.items()}
    grades = grades_of(graded, "wrong")
    assert {flat: grades[flat] for flat in HANDED_IN["wrong"]} == expected


@pytest.mark.thorough
def test_grades_csv_tells_the_totals(graded):
    total = sum(rules.points_of(source_of(flat)) for flat in FLAT)
    right, handed_in = (sum(rules.points_of(source_of(flat)) for flat in HANDED_IN[who]) for who in ("right", "wrong"))
    lost = sum(points_in(flat)[check] - points for flat, (_, _, check, points, _) in MISTAKES.items())
    with open(graded / "grades.csv", encoding="utf-8", newline="") as file:
        told = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert told == {"right": (right, total), "blank": (0, total), "wrong": (handed_in - lost, total)}


def feedback(course, student, flat):
    return (course / "feedback" / student / "lungseg" / f"{flat}.html").read_text(encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("flat", HANDED_IN["wrong"])
def test_feedback_names_the_mistake(graded, flat):
    text = BeautifulSoup(feedback(graded, "wrong", flat), "html.parser").get_text(" ")
    assert re.search(rf"Mistake\s+{re.escape(MISTAKES[flat][4])}\.", text)


@pytest.mark.thorough
@pytest.mark.parametrize("flat", HANDED_IN["blank"])
def test_feedback_on_a_blank_names_the_exercise(graded, flat):
    text = feedback(graded, "blank", flat)
    numbers = re.findall(r"^# (Exercise|Question) (\d\.\d)$", "\n".join(c.source for c in source_of(flat).cells), re.M)
    for kind, number in numbers:
        assert f"{kind} {number} is not " in text or f"{kind} {number}, optional: not done." in text


@pytest.mark.thorough
@pytest.mark.parametrize("student", STUDENTS)
def test_what_the_notebooks_wrote_stays_out_of_the_feedback(graded, student):
    files = [path for path in (graded / "feedback" / student).rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == sorted(f"{flat}.html" for flat in HANDED_IN[student])


# ---- The hidden tests ------------------------------------------------------------------------


def graded_cell(flat, grade_id):
    cells = notebooks.build_graded(COURSE.source(FLAT[flat]), FLAT[flat]).cells
    return next(cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def value_of(code, names):
    """Run a cell as a notebook does, and return the value of its last line."""
    *lines, last = ast.parse(code).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.fixture
def course_package(tmp_path, monkeypatch):
    """What the notebooks import first; progress is kept in a folder of the test."""
    import lungseg_course

    monkeypatch.chdir(tmp_path)
    return {name: getattr(lungseg_course, name) for name in ("check", "quiz", "todo")}


def test_a_blank_method_keeps_the_points_of_the_others(course_package, capsys):
    from answers.chapter_1.generator_given import given_with_blanks

    names = course_package | {"DataGenerator": given_with_blanks("on_epoch_end")}
    value = value_of(graded_cell("DataGenerator", "check_1_3"), names)
    assert 0 < value < 6
    assert "`todo()`" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["answer_1_1", "answer"])  # the latter in notebooks that were given out earlier
def test_a_blank_question_does_not_find_the_answer_to_the_one_before(course_package, capsys, name):
    names = course_package | {name: "c"}
    assert value_of(graded_cell("DataGenerator", "quiz_1_1"), names) == 1.0
    assert value_of(graded_cell("DataGenerator", "quiz_1_6"), names) == 0.0
    assert 'Question 1.6: write  answer_1_6 = "a"' in capsys.readouterr().out


def test_the_own_name_of_an_answer_counts(course_package):
    names = course_package | {"answer_1_1": "c", "answer": "a"}
    assert value_of(graded_cell("DataGenerator", "quiz_1_1"), names) == 1.0
    assert "answer" not in names


def test_each_check_gives_a_plain_number_for_the_points(course_package):
    for flat in FLAT:
        for grade_id, most in points_in(flat).items():
            if grade_id.startswith("quiz"):
                value = value_of(graded_cell(flat, grade_id), course_package | {"answer": "no such option"})
                assert (type(value), value) == (float, 0.0)
                assert f"of={most:g})" in graded_cell(flat, grade_id)


def test_stderr_would_cost_all_points_and_the_settings_take_it_out(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["nbgrader", "autograde", "lungseg"])
    monkeypatch.setenv("LUNGSEG_FAST", "0")  # the settings change the environment
    monkeypatch.setenv("LUNGSEG_RUN", "run")
    facts = {"grade": True, "solution": False, "points": 3}
    cell = nbformat.v4.new_code_cell("points()", metadata={"nbgrader": facts})
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="\na warning\nof two lines"),
        nbformat.v4.new_output("execute_result", data={"text/plain": "1.5"}),
    ]
    assert determine_grade(cell) == (0, 3)
    settings = Config()
    exec(CONFIG, {"get_config": lambda: settings})
    assert (os.environ["LUNGSEG_FAST"], os.environ.get("LUNGSEG_RUN")) == ("0", None)
    step = IgnorePattern(config=settings)
    assert step.enabled
    step.preprocess_cell(cell, {}, 0)
    assert determine_grade(cell) == (1.5, 3)


@pytest.mark.parametrize(
    ("command", "fast", "run", "timeout"),
    [
        (["nbgrader", "autograde", "lungseg"], "1", None, 120),
        (["jupyter-lab"], None, "results/mine", 1800),  # a student's server, which reads such files, too
    ],
)
def test_only_grading_runs_small(monkeypatch, command, fast, run, timeout):
    monkeypatch.setattr(sys, "argv", command)
    monkeypatch.setenv("LUNGSEG_FAST", "")  # so that it is put back afterwards, whatever the settings do
    monkeypatch.delenv("LUNGSEG_FAST")
    monkeypatch.setenv("LUNGSEG_RUN", "results/mine")
    config = Config()
    exec(compile(CONFIG, "nbgrader_config.py", "exec"), {"get_config": lambda: config})
    assert os.environ.get("LUNGSEG_FAST") == fast
    assert os.environ.get("LUNGSEG_RUN") == run
    assert config.Execute.timeout == timeout
