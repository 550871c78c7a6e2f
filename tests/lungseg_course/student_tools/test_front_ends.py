"""The words of the course in plain Python and in a kernel; what the import brings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import lungseg_course
from outputs import words_of


def run_python(program, folder):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=folder, env=environment
    )


def test_the_import_is_quick_and_brings_no_tensorflow(course):
    heavy = "[name for name in ('tensorflow', 'keras', 'matplotlib', 'pandas') if name in sys.modules]"
    names = ", ".join(lungseg_course.__all__)
    program = f"import sys\nimport lungseg_course\nfrom lungseg_course import {names}\nprogress()\nprint({heavy})"
    result = run_python(program, course)
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "[]"


def test_all_names_are_there():
    for name in lungseg_course.__all__:
        assert callable(getattr(lungseg_course, name))
    assert set(lungseg_course.__all__) <= set(dir(lungseg_course))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = lungseg_course.nothing


TINY = """import lungseg
from lungseg_course.chapters import chapter_1, chapter_2, chapter_3, chapter_4, chapter_5, chapter_6
from lungseg_course import check, hint, progress, quiz, todo
from lungseg_course.engine.exercises import Exercise, Question
from lungseg_course.engine.rows import Gives
from lungseg_course.engine.table import Case, Look

ONCE = Gives("once only", lambda n: n, "That is the number itself.", "Add it to itself.")
look = Look(lambda rng: [Case(3)], "double", lambda n: 2 * n, [ONCE])

for module in (chapter_2, chapter_3, chapter_4, chapter_5, chapter_6):
    module.EXERCISES = ()
chapter_1.EXERCISES = (Exercise("1.1", "Twice", ("double",), (look,), "Two times.", ("1", "2", "3")),)
chapter_1.QUESTIONS = (Question("1.1", "b", {"a": "No.", "b": "Yes."}),)
"""
CALLS = """check("1.1", lambda n: n)
check("1.1", lambda n: unknown)
check("1.1", lambda n: 2 * n)
hint("1.1")
quiz("1.1", "a")
quiz("1.1", "b")
progress()
"""


ALIVE = 'check("1.1", double)\nprint("alive")'


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook, run in a kernel to its end in spite of errors."""
    cells = [
        TINY,
        CALLS,
        "# Exercise 1.1\ndef double(n):\n    todo()",
        'check("1.1", double)',
        "# Question 1.1\ntodo()",
        'check("7.7", double)',
        'check("1.1", dubble)',
        "# Exercise 1.1\ndef double(n)\n    return 2 * n",
        'check("1.1", double)',
        "import os, tempfile\nos.chdir(tempfile.gettempdir())\nprogress()",
        f"def double(n):\n    exit()\n{ALIVE}",
        f"def double(n):\n    return n * int(input())\n{ALIVE}",
        f'def double(n):\n    for k in range(3): display("picture", k)\n    return 2 * n\n{ALIVE}',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder = tmp_path_factory.mktemp("kernel")
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    return notebook.cells


def test_the_words_are_the_same_in_a_kernel_and_in_plain_python(executed, course):
    said = words_of(executed[1].outputs)
    assert not set("\x1b<>") & set(said), "no colours, no HTML"
    plain = run_python(TINY + CALLS, course).stdout
    # The folder apart, and the student's own line: of a program without a file, Python keeps that only from 3.13 on.
    in_kernel, in_python = (
        [line for line in text.splitlines() if "of your cell:" not in line and "(kept in" not in line]
        for text in (said, plain)
    )
    assert in_kernel == in_python
    assert "in line 2 of your cell:  check(" in said


def test_in_a_kernel_each_is_a_panel(executed):
    kinds = [re.search(r'aria-label="(.*?)"', output.data["text/html"])[1] for output in executed[1].outputs]
    wrong = "Not right yet"
    assert kinds == [wrong, wrong, "Right", "Hint", wrong, "Right", "Progress"]


def test_a_blank_in_a_kernel_is_its_message_alone(executed):
    assert executed[2].outputs == []
    for number, words in ((3, "Exercise 1.1 is not done yet: `double`"), (4, "Question 1.1 is not answered yet")):
        panel, output = executed[number].outputs
        assert (output.output_type, output.ename) == ("error", "NotAttempted")
        assert output.traceback == ["Stopped here."]
        assert panel.data["text/plain"].split() == output.evalue.split()
        assert output.evalue.startswith(words)
        assert "\n" not in output.evalue


def test_bad_input_in_a_kernel_is_a_line(executed):
    (output,) = executed[5].outputs
    assert output.traceback == ["InputError: expected the number of an exercise: 1.1. Received: '7.7'."]


def test_a_kernel_tells_which_cell_to_run(executed):
    panel, unknown = executed[6].outputs
    assert (unknown.output_type, unknown.ename) == ("error", "NameError")
    reason = "when the cell of exercise 1.1 was last run, it defined `double`, not `dubble`."
    assert " ".join(panel.data["text/plain"].split()).startswith(f"`dubble` is not known: {reason}")
    old = words_of(executed[8].outputs)
    assert old.startswith(
        "Exercise 1.1: not checked. When the cell of exercise 1.1 was last run, Python could not read"
    )


def test_a_cell_that_changes_the_working_directory_does_not_lead_the_record_astray(executed):
    told = words_of(executed[9].outputs)
    folder = re.search(r"^\(kept in (.*)/\.lungseg_progress\.json\)$", told, re.MULTILINE)[1]
    assert Path(folder).name.startswith("kernel")
    assert (Path(folder).expanduser() / ".lungseg_progress.json").is_file()


def test_what_would_end_or_stop_a_kernel_is_told_and_it_goes_on(executed):
    for cell, cause in ((executed[10], "the program is ended"), (executed[11], "somebody is asked")):
        said = words_of(cell.outputs)
        assert f"  Mistake   {cause}. " in said
        assert said.endswith("\nalive\n")


def test_what_is_displayed_by_an_answer_is_shown_once(executed):
    displayed, verdict, printed = executed[12].outputs
    assert displayed["data"] == {"text/plain": "'picture'"}
    assert words_of([verdict, printed]) == "Exercise 1.1: correct. Two times.\nalive\n"
