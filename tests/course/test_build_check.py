"""build.py --check: what the building refuses, and what is out of date."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

import build
import notebooks
import rules
from small_sources import (
    EXERCISE,
    QUESTION,
    TABLE,
    change_source,
    chapter,
    check_says,
    edit,
    read,
    source_from,
    with_an_output,
)


def test_check_is_content_with_what_was_built(built):
    assert check_says(built) == []


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--new-exercise", "3.2", "specificity"]])
def test_a_chapter_that_cannot_be_imported_is_one_line(course, monkeypatch, capsys, arguments):
    monkeypatch.setattr(build.exercises, "chapter", lambda notebook: [][int(notebook)])
    assert build.main(arguments, build.Course(course.root)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(r"chapter_\d cannot be imported. .*test_build_check\.py, line \d+: IndexError", line)


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
        ('answer_4_1 = "b"', 'answer_4_1 = "a"', 'Question 4.1: expected `answer_4_1 = "b"`'),
        ('answer_4_1 = "b"', 'answer = "b"', 'Question 4.1: expected `answer_4_1 = "b"`'),
        ('quiz("4.1", answer_4_1)', 'quiz("4.1", answer)', 'Question 4.1: expected `quiz("4.1", answer_4_1)`'),
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


def test_the_check_of_an_optional_exercise_has_no_points(course):
    def with_options(n):
        there = chapter(n)
        return SimpleNamespace(EXERCISES=(replace(there.EXERCISES[0], optional=n == "4"),), QUESTIONS=there.QUESTIONS)

    changed = build.Course(course.root, with_options)
    (complaint,) = build.problems_in_sources(changed)
    assert 'Exercise 4.1: it is optional, so its check should have `"points": 0`. Found: 3.' in complaint
    change_source(course, '"points": 3', '"points": 0')
    assert build.problems_in_sources(changed) == []


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


def test_a_cell_without_an_id_is_told_by_check_and_gets_one_when_it_is_built(built):
    change_source(built, "# %% [markdown] id=", "# %% [markdown]\n# New.\n\n# %% [markdown] id=")
    assert any("Train_UNET.py: 2 cells without an id. Run" in line for line in build.outdated(built))
    build.write(built)
    assert check_says(built) == []


@pytest.mark.parametrize(
    ("id", "complaint"),
    [("question_4_1", "the id question_4_1 is there twice"), ("4 1", "of letters, digits, - and _")],
)
def test_an_id_that_is_there_twice_or_is_none_is_refused(built, capsys, id, complaint):
    path = built.source("Train_UNET")
    path.write_text(f'# %% id="{id}"\ny = 0\n\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    for arguments in ([], ["--check"]):
        assert build.main(arguments, built) == 1
        assert complaint in capsys.readouterr().err


def test_the_table_for_instructors_must_name_each_notebook(course):
    course.instructors.write_text(TABLE.replace("Predict_UNet", "Predict"), encoding="utf-8")
    (complaint,) = build.problems_in_sources(course)
    assert "a row that begins with | `Predict_UNet.ipynb` |" in complaint


def test_the_table_for_instructors_follows_the_sources(built):
    change_source(built, '"points": 3', '"points": 5')
    assert any(line.startswith(str(built.instructors)) for line in build.outdated(built))
    build.write(built)
    assert "| `Train_UNET.ipynb` | 1 and 1 | 6 |" in built.instructors.read_text(encoding="utf-8")
