"""How the notebooks are built from their sources."""

import json
import re
import subprocess
import sys

import pytest

import build
import notebooks
from small_sources import ROOT, change_source, read, source_from

# ---- The course as it is ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.thorough  # and the first thing that `make test` looks at
def test_all_that_is_committed_is_up_to_date():
    result = subprocess.run(
        [sys.executable, ROOT / "course" / "build.py", "--check"], capture_output=True, text=True, cwd=ROOT / "tests"
    )
    assert (result.stdout, result.stderr, result.returncode) == (
        "6 exercise notebooks and their solutions are up to date.\n",
        "",
        0,
    )


@pytest.mark.slow
@pytest.mark.thorough
def test_building_does_not_load_tensorflow():
    code = "import sys, build; build.built(build.Course()); sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "course").returncode == 0


# ---- What is built ---------------------------------------------------------------------------


def test_a_source_gives_an_exercise_a_solution_and_an_entry_of_solutions_json(built):
    exercise, solution = read(built.root / "Train_UNET.ipynb"), read(built.root / "solutions" / "Train_UNET.ipynb")
    assert exercise.cells[1].source == '# Exercise 4.1\ndef twice(x):\n    """Return two times x."""\n    todo()'
    assert solution.cells[1].source == '# Exercise 4.1\ndef twice(x):\n    """Return two times x."""\n    return 2 * x'
    assert exercise.cells[4].source == "# Question 4.1\ntodo()"
    assert [cell.source for cell in exercise.cells[2::3]] == ['check("4.1", twice)', 'quiz("4.1", answer_4_1)']
    answers = json.loads(built.answers.read_text(encoding="utf-8"))
    assert list(answers) == ["1.1", "2.1", "3.1", "4.1", "5.1", "6.1"]
    assert answers["2.1"] == 'def twice(x):\n    """Return two times x."""\n    return 2 * x'


def test_the_six_exercise_notebooks_are_where_students_look_for_them(built):
    found = {path.relative_to(built.root).as_posix() for path in built.root.rglob("*.ipynb")}
    exercises = {
        "Data_Generator/DataGenerator.ipynb",
        "UNet_Arch/UNET_architecture.ipynb",
        "Loss_Metrics/LossMetrics.ipynb",
        "Train_UNET.ipynb",
        "Predict_UNet.ipynb",
        "Experiments.ipynb",
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


def ids(course, name="Train_UNET"):
    return [cell.id for cell in read(course.exercise(name)).cells]


def test_ids_are_written_into_the_source_once_and_stay_when_texts_change_and_cells_are_added(built):
    before = ids(built)
    assert before[1:3] == ["exercise_4_1", "check_4_1"]
    assert re.fullmatch("[0-9a-f]{12}", before[0])
    source = built.source("Train_UNET").read_text(encoding="utf-8")
    assert re.findall(r'^# %%.* id="(\w+)"$', source, re.MULTILINE) == [before[0], before[3]]
    change_source(built, "# # Counting", "# # Counting better")
    text = built.source("Train_UNET").read_text(encoding="utf-8")
    built.source("Train_UNET").write_text(f"# %%\ny = 0\n\n# %%\ny = 0\n\n{text}", encoding="utf-8")
    build.write(built)
    assert ids(built)[2:] == before
    assert len(set(ids(built))) == len(before) + 2
    solution = read(built.solution("Train_UNET"))
    assert [cell.id for cell in solution.cells] == ids(built)


def test_a_notebook_knows_the_text_of_its_cells_as_they_were_given_out(built):
    given = read(built.exercise("Train_UNET"))
    marks = given.metadata.lungseg["cells"]
    assert marks.keys() == set(ids(built))
    assert len(set(marks.values())) == len(marks)
    assert "lungseg" not in read(built.solution("Train_UNET")).metadata


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
