"""How the notebooks are built from their sources, and what the building refuses."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

import build
import notebooks
import rules
from lungseg_course.engine.exercises import Exercise, Question

ROOT = Path(__file__).resolve().parents[2]

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
answer = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={{"grade_id": "quiz_{n}_1", "points": 1}}
quiz("{n}.1", answer)
"""
SOURCE = f"{EXERCISE}\n{QUESTION}"
TABLE = "\n".join(f"| `{name}.ipynb` | text | 4 |" for name in notebooks.NOTEBOOKS) + "\n"


def chapter(n):
    """What the package knows of the exercises of the small course."""
    hints = ("Think.", "Think again.", "Multiply.")
    exercise = Exercise(f"{n}.1", "twice", ("twice",), (lambda answer, rng: None,), "Well done.", hints)
    return SimpleNamespace(EXERCISES=(exercise,), QUESTIONS=(Question(f"{n}.1", "b", {"a": "No.", "b": "Yes."}),))


@pytest.fixture
def course(tmp_path):
    """Five small sources with the table of their points, and nothing built."""
    small = build.Course(tmp_path, chapter)
    for n, name in enumerate(notebooks.NOTEBOOKS, start=1):
        small.source(name).parent.mkdir(parents=True, exist_ok=True)
        small.source(name).write_text(SOURCE.format(n=n), encoding="utf-8")
    small.instructors.write_text(TABLE, encoding="utf-8")
    return small


@pytest.fixture
def built(course):
    build.write(course)
    return course


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


# ---- The course as it is ---------------------------------------------------------------------


def test_all_that_is_committed_is_up_to_date():
    result = subprocess.run(
        [sys.executable, ROOT / "course" / "build.py", "--check"], capture_output=True, text=True, cwd=ROOT / "tests"
    )
    assert (result.stdout, result.stderr, result.returncode) == (
        "5 exercise notebooks and their solutions are up to date.\n",
        "",
        0,
    )


def test_building_does_not_load_tensorflow():
    code = "import sys, build; build.built(build.Course()); sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "course").returncode == 0


# ---- What is built ---------------------------------------------------------------------------


def test_a_source_gives_an_exercise_a_solution_and_an_entry_of_solutions_json(built):
    exercise, solution = read(built.root / "Train_UNET.ipynb"), read(built.root / "solutions" / "Train_UNET.ipynb")
    assert exercise.cells[1].source == '# Exercise 4.1\ndef twice(x):\n    """Return two times x."""\n    todo()'
    assert solution.cells[1].source == '# Exercise 4.1\ndef twice(x):\n    """Return two times x."""\n    return 2 * x'
    assert exercise.cells[4].source == "# Question 4.1\ntodo()"
    assert [cell.source for cell in exercise.cells[2::3]] == ['check("4.1", twice)', 'quiz("4.1", answer)']
    answers = json.loads(built.answers.read_text(encoding="utf-8"))
    assert list(answers) == ["1.1", "2.1", "3.1", "4.1", "5.1"]
    assert answers["2.1"] == 'def twice(x):\n    """Return two times x."""\n    return 2 * x'


def test_the_five_exercise_notebooks_are_where_students_look_for_them(built):
    found = {path.relative_to(built.root).as_posix() for path in built.root.rglob("*.ipynb")}
    exercises = {
        "Data_Generator/DataGenerator.ipynb",
        "UNet_Arch/UNET_architecture.ipynb",
        "Loss_Metrics/LossMetrics.ipynb",
        "Train_UNET.ipynb",
        "Predict_UNet.ipynb",
    }
    assert found == exercises | {f"solutions/{path}" for path in exercises}


def test_nbgrader_is_told_what_each_cell_is(built):
    cells = read(built.root / "Predict_UNet.ipynb").cells
    facts = [dict(cell.metadata.get("nbgrader", {})) for cell in cells]
    sums = [entry.pop("checksum", None) for entry in facts]
    assert facts[0] == {}
    answer = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False}
    check = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False}
    assert facts[1] == {**answer, "grade_id": "exercise_5_1", "cell_type": "code"}
    assert facts[2] == {**check, "grade_id": "check_5_1", "points": 3, "cell_type": "code"}
    assert facts[5] == {**check, "grade_id": "quiz_5_1", "points": 1, "cell_type": "code"}
    assert [len(checksum) for checksum in sums if checksum] == [32] * 4
    assert cells[2].metadata.editable is False  # a check is not to be changed
    assert "editable" not in cells[1].metadata


def test_solutions_have_no_blanks_no_delimiters_and_nothing_for_nbgrader(built):
    cells = read(built.root / "solutions" / "Train_UNET.ipynb").cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert not re.search(r"todo\(\)|###|lungseg_course\.grading", code)
    assert {key for cell in cells for key in cell.metadata} == {"tags"}


def test_the_same_source_gives_the_same_bytes(course):
    assert build.built(course) == build.built(course)


def test_a_second_build_writes_nothing(built):
    assert build.write(built) == ([], [])


def test_a_new_cell_leaves_the_ids_of_the_others(course):
    path = course.source("Train_UNET")
    before = [cell.id for cell in notebooks.build_exercise(path, "x").cells]
    path.write_text("# %%\ny = 0\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    after = [cell.id for cell in notebooks.build_exercise(path, "x").cells]
    assert len(set(before)) == len(before)
    assert after[1:] == before


def test_a_blank_stands_where_the_solution_stood(tmp_path):
    source = source_from(
        tmp_path,
        '# %% tags=["exercise"] nbgrader={"grade_id": "a"}\n'
        "# Exercise 1.1\nclass A:\n    def f(self):\n        ### BEGIN SOLUTION\n        return 1\n"
        "        ### END SOLUTION\n\n    def g(self):\n        x = 2\n        ### BEGIN SOLUTION\n"
        "        return x\n        ### END SOLUTION",
    )
    (cell,) = notebooks.build_exercise(source, "x").cells
    assert cell.source == (
        "# Exercise 1.1\nclass A:\n    def f(self):\n        todo()\n\n    def g(self):\n        x = 2\n        todo()"
    )


# ---- --check ---------------------------------------------------------------------------------


def check_says(course):
    return [*build.problems_in_sources(course), *build.outdated(course)]


def test_check_is_content_with_what_was_built(built):
    assert check_says(built) == []


def test_a_changed_source_is_named_with_all_that_it_gives(built):
    change_source(built, "return 2 * x", "return x + x")
    names = [complaint.partition(": ")[0] for complaint in check_says(built)]
    assert [name.rpartition("/")[2] for name in names] == ["Train_UNET.ipynb", "solutions.json"]
    assert "is out of date. Run `python course/build.py`." in check_says(built)[0]


def test_a_missing_notebook_is_named(built):
    (built.root / "Loss_Metrics" / "LossMetrics.ipynb").unlink()
    (complaint,) = check_says(built)
    assert "Loss_Metrics/LossMetrics.ipynb: is missing" in complaint


def test_a_notebook_without_a_source_is_named(built):
    (built.root / "solutions" / "Extra.ipynb").write_text("{}", encoding="utf-8")
    (complaint,) = check_says(built)
    assert "Extra.ipynb: has no source" in complaint


def test_a_solution_that_is_no_notebook_is_named(built):
    (built.root / "solutions" / "Train_UNET.ipynb").write_text("not json", encoding="utf-8")
    (complaint,) = check_says(built)
    assert "solutions/Train_UNET.ipynb: is not a notebook" in complaint


def test_an_executed_solution_is_named(built):
    edit(built.root / "solutions" / "Predict_UNet.ipynb", with_an_output)
    (complaint,) = check_says(built)
    assert re.search(r"solutions/Predict_UNet\.ipynb: cell \d+: has outputs", complaint)


@pytest.mark.parametrize("line", ["### BEGIN HIDDEN TESTS", "    ### END SOLUTION", "# BEGIN SOLUTION", "return 2 *"])
def test_a_spoilt_exercise_is_named(built, line):
    def spoil(notebook):
        notebook.cells[1].source += f"\n{line}"

    edit(built.root / "Train_UNET.ipynb", spoil)
    (complaint,) = check_says(built)
    assert "Train_UNET.ipynb: has cells that were changed" in complaint
    assert rules.problems_in_exercise(read(built.root / "Train_UNET.ipynb"))


def test_an_exercise_cell_that_gives_the_answer_away_is_found(built):
    notebook = read(built.root / "Train_UNET.ipynb")
    notebook.cells[1].source = notebook.cells[1].source.replace("todo()", "return 2 * x")
    assert rules.problems_in_exercise(notebook) == ["cell 1: has no `todo()`."]


def test_the_command_fails_with_the_line(built, capsys):
    (built.root / "Train_UNET.ipynb").unlink()
    assert build.main(["--check"], built) == 1
    assert "Train_UNET.ipynb: is missing" in capsys.readouterr().out


FIGURE = "figure = NotebookFigure()"
SEEN = "# %% [markdown]\n# *What you see:* nothing."
CHECK = '# %% tags=["check"] nbgrader={"grade_id": "check_4_1", "points": 3}\ncheck("4.1", twice)\n'


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (CHECK, "", "Exercise 4.1: no check right after"),
        (CHECK, f"# %%\nprint(1)\n\n{CHECK}", "Exercise 4.1: no check right after"),
        (', "points": 3', "", "Exercise 4.1: its check has no points"),
        (', "points": 3', ', "points": 0', "Exercise 4.1: its check has no points"),
        (', "points": 3', ', "points": 4', "the checks of its source add up to 5"),
        ('check("4.1", twice)', 'check("4.2", twice)', 'Exercise 4.1: expected `check("4.1", twice)`'),
        ('check("4.1", twice)', 'check("4.1", double)', 'Exercise 4.1: expected `check("4.1", twice)`'),
        ('check("4.1", twice)', 'check("4.1", twice)\nprint(1)', 'Exercise 4.1: expected `check("4.1", twice)`'),
        ("check_4_1", "check_4_2", "Exercise 4.1: expected the grade_id check_4_1. Found: check_4_2."),
        ('"exercise_4_1"', '"check_4_1"', "the grade_id check_4_1 is there twice"),
        ('"exercise_4_1"', '"4_1"', "Exercise 4.1: expected the grade_id exercise_4_1. Found: 4_1."),
        ("# Exercise 4.1\n", "", "the first line should be `# Exercise 1.1`"),
        ("# Exercise 4.1\n", "# Exercise 4.7\n", "expected each Exercise of lungseg_course.chapters.chapter_4 once"),
        ("### Exercise 4.1: twice", "### Twice", "Exercise 4.1: expected the heading"),
        (
            EXERCISE.format(n=4),
            "# %%\nx = 1\n",
            "Exercise of lungseg_course.chapters.chapter_4 once, in its order: 4.1. Fo",
        ),
        (QUESTION.format(n=4), "", "expected each Question of lungseg_course.chapters.chapter_4 once"),
        ("- **b)** Four.", "- **b)** Four.\n# - **c)** Five.", "Question 4.1: the text has the options a, b, c"),
        ("- **b)** Four.", "- **c)** Four.", "Question 4.1: the text has the options a, c; feedback: a, b."),
        ('answer = "b"', 'answer = "a"', 'Question 4.1: expected `answer = "b"`'),
        ("**Question 4.1.**", "**Question.**", "expected `**Question 4.1.**` in the text above it"),
        (
            'tags=["exercise"] nbgrader={"grade_id": "exercise_4_1"}',
            "",
            "a solution in a cell without the tag exercise",
        ),
        ("# # Counting", "# ![](images/u.png)", "an image without alternative text"),
        ("# # Counting", '# <img src="images/u.png">', "an image without alternative text"),
        ("# # Counting", '# <img src="images/u.png" alt="">', "an image without alternative text"),
        ("# # Counting", "# Look:\n\n# %%\nplt.show()\n\n# %% [markdown]\n# # On", "a figure without words"),
        ("# # Counting", f"# Look:\n\n# %%\nplt.show()\n\n{SEEN}", "cell 1: a figure without alternative text"),
        ("# # Counting", f"# Look:\n\n# %%\n{FIGURE}\n\n{SEEN}", "cell 1: a figure without alternative text"),
        ("return 2 * x", "return 2 *", "is not valid Python"),
    ],
)
def test_a_fault_in_a_source_is_named_and_nothing_is_written(course, capsys, old, new, complaint):
    change_source(course, old, new)
    assert build.main([], course) == 1
    told = capsys.readouterr().out
    assert complaint in told
    assert list(course.root.rglob("*.ipynb")) == []


def test_text_may_stand_between_an_answer_and_its_check_and_code_between_heading_and_answer(course):
    change_source(course, CHECK, f"# %% [markdown]\n# The check tries small numbers.\n\n{CHECK}")
    change_source(course, "### Exercise 4.1: twice", "### Exercise 4.1: twice\n\n# %%\nimport math")
    assert build.problems_in_sources(course) == []


@pytest.mark.parametrize("image", ["![The U](images/u.png)", '<img src="images/u.png" alt="The U">'])
def test_an_image_with_alternative_text_is_welcome(course, image):
    change_source(course, "# # Counting", f"# {image}")
    assert build.problems_in_sources(course) == []


@pytest.mark.parametrize("words", ['figure.alt_text = "A curve."', "plot_overlay(image, ax=figure.subplots())"])
def test_a_figure_with_alternative_text_is_welcome(course, words):
    change_source(course, "# # Counting", f"# Look:\n\n# %%\n{FIGURE}\n{words}\nfigure\n\n{SEEN}")
    assert build.problems_in_sources(course) == []


@pytest.mark.parametrize(
    "cell",
    [
        "# %%\n### BEGIN SOLUTION\nx = 1",
        "# %%\nx = 1\n### END SOLUTION",
        "# %%\n### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "# %%\n### BEGIN SOLUTIONS\nx = 1\n### END SOLUTIONS",
        "# %% [markdown]\n# Only text.",
    ],
)
def test_a_source_that_cannot_be_read_is_refused_in_one_line(tmp_path, cell):
    with pytest.raises(notebooks.SourceError) as caught:
        notebooks.read_source(source_from(tmp_path, cell))
    assert "source.py: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_table_for_instructors_must_name_each_notebook(course):
    course.instructors.write_text(TABLE.replace("Predict_UNet", "Predict"), encoding="utf-8")
    (complaint,) = build.problems_in_sources(course)
    assert "Predict_UNet.ipynb: the table says nothing, the checks of its source add up to 4" in complaint


# ---- Somebody's work -------------------------------------------------------------------------


def edit(path, change):
    notebook = read(path)
    change(notebook)
    nbformat.write(notebook, path)


def with_an_answer(notebook):
    notebook.cells[1].source = notebook.cells[1].source.replace("todo()", "return x * 2")


def with_a_note(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("Ask about this."))


def with_an_output(notebook):
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="0.97\n")]


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


# ---- A course for nbgrader -------------------------------------------------------------------


@pytest.fixture
def graded(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graded")
    assert build.main(["--nbgrader", str(folder)], course) == 0
    return folder


def test_the_assignment_is_flat(graded):
    found = sorted(path.relative_to(graded).as_posix() for path in graded.rglob("*") if path.is_file())
    names = ("DataGenerator", "LossMetrics", "Predict_UNet", "Train_UNET", "UNET_architecture")
    assert found == ["nbgrader_config.py", *(f"source/lungseg/{name}.ipynb" for name in names)]


def test_its_checks_have_hidden_tests_which_end_in_a_number(graded):
    cells = read(graded / "source" / "lungseg" / "Train_UNET.ipynb").cells
    assert cells[2].source.splitlines() == [
        "### BEGIN HIDDEN TESTS",
        "from lungseg_course.grading import check, points",
        "### END HIDDEN TESTS",
        'check("4.1", twice)',
        "### BEGIN HIDDEN TESTS",
        'points("4.1", twice, of=3)',
        "### END HIDDEN TESTS",
    ]
    assert cells[5].source.splitlines()[5] == 'quiz_points("4.1", globals().pop("answer"), of=1)'
    assert notebooks.BEGIN in cells[1].source


def test_the_settings_are_valid_and_stay_when_the_course_is_brought_up_to_date(course, graded):
    config = graded / "nbgrader_config.py"
    compile(config.read_text(encoding="utf-8"), config, "exec")
    config.write_text("# mine\n", encoding="utf-8")
    change_source(course, "# # Counting", "# # Counting better")
    assert build.main(["--nbgrader", str(graded)], course) == 0
    assert config.read_text(encoding="utf-8") == "# mine\n"
    assert "better" in (graded / "source" / "lungseg" / "Train_UNET.ipynb").read_text(encoding="utf-8")


def test_a_course_for_nbgrader_inside_this_one_is_refused(course, capsys):
    assert build.main(["--nbgrader", str(ROOT / "grading")], course) == 1
    assert "expected a folder outside" in capsys.readouterr().err
    assert not (ROOT / "grading").exists()
