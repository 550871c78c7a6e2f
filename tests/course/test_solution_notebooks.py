"""The notebooks beside their solutions, read and not run."""

import json
import re

import pytest

from notebooks import NOTEBOOKS
from running_courses import ROOT, filled_in, read

pytestmark = pytest.mark.slow


@pytest.fixture(params=NOTEBOOKS)
def solution(request):
    return read(ROOT / "solutions" / f"{request.param}.ipynb")


@pytest.fixture(params=NOTEBOOKS)
def exercise(request):
    return read(ROOT / f"{request.param}.ipynb")


def test_exercise_and_solution_differ_in_the_answers_alone_so_that_one_filled_in_is_the_other():
    for name in NOTEBOOKS:
        pairs = zip(read(ROOT / f"{name}.ipynb").cells, read(ROOT / "solutions" / f"{name}.ipynb").cells, strict=True)
        for cell, answer in pairs:
            assert (cell.source != answer.source) == ("exercise" in cell.metadata.get("tags", []))
        filled, solution = filled_in(name), read(ROOT / "solutions" / f"{name}.ipynb")
        assert [cell.source for cell in filled.cells] == [cell.source for cell in solution.cells]


def test_each_notebook_has_exercises_and_questions(exercise):
    first_lines = [cell.source.partition("\n")[0] for cell in exercise.cells if cell.cell_type == "code"]
    assert any(line.startswith("# Exercise ") for line in first_lines)
    assert any(line.startswith("# Question ") for line in first_lines)


def test_the_course_which_keeps_tensorflow_quiet_is_imported_before_it(solution):
    code = "\n".join(cell.source for cell in solution.cells if cell.cell_type == "code")
    first = re.search(r"^(?:import|from) (lungseg\w*|keras|tensorflow)\b", code, flags=re.MULTILINE)
    assert first.group() == "import lungseg_course"


def test_solution_shows_what_the_solution_notebook_has():
    answers = json.loads((ROOT / "lungseg_course" / "solutions.json").read_text(encoding="utf-8"))
    for name in NOTEBOOKS:
        for cell in filled_in(name).cells:
            if heading := re.match(r"# Exercise (\d\.\d)\n", cell.source):
                assert cell.source[heading.end() :].strip("\n") == answers.pop(heading.group(1))
    assert answers == {}
