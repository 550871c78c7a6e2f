"""The frame of the course: todo, check, points, hint, solution, quiz and progress, in Python and in a kernel."""

import json
import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import lungseg_course
from lungseg.errors import InputError
from lungseg_course import (
    NotAttempted,
    chapter_1,
    chapter_2,
    chapter_3,
    chapter_4,
    chapter_5,
    check,
    helping,
    hint,
    points,
    progress,
    quiz,
    quiz_points,
    record,
    solution,
)
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import NOTEBOOKS, Exercise, Question, find_exercise, find_question
from lungseg_course.engine.verdict import expect_close, trying

HINTS = ("Think.", "Think of two.", "It is two times the number.")


def look_at_three(double, rng):
    with trying("double(3)"):
        once = {"once only": (3, "That is the number itself.", "Add it to itself.")}
        expect_close(double(3), 6, once)


def look_at_another(double, rng):
    number = int(rng.integers(4, 100))
    with trying(f"double({number})"):
        expect_close(double(number), 2 * number)


DOUBLE = Exercise("1.1", "Twice", ("double",), (look_at_three, look_at_another), "Two times.", HINTS)
PAIR = Exercise("1.2", "Both", ("one", "two"), (lambda one, two, rng: expect_close(one() + two(), 3),), "Well.", HINTS)
EXTRA = Exercise("1.3", "More", ("more",), (look_at_three,), "Well.", HINTS, optional=True)
WHY = Question("1.1", "b", {"a": "No, since.", "b": "Yes, since.", "c": "Nearly, but."})


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course with three exercises and a question in its first notebook, and one exercise in its second."""
    monkeypatch.chdir(tmp_path)
    for module in (chapter_1, chapter_2, chapter_3, chapter_4, chapter_5):
        monkeypatch.setattr(module, "EXERCISES", ())
        monkeypatch.setattr(module, "QUESTIONS", ())
    monkeypatch.setattr(chapter_1, "EXERCISES", (DOUBLE, PAIR, EXTRA))
    monkeypatch.setattr(chapter_1, "QUESTIONS", (WHY,))
    monkeypatch.setattr(chapter_2, "EXERCISES", (Exercise("2.1", "", ("f",), (look_at_three,), "Well.", HINTS),))
    monkeypatch.setattr(helping, "_solutions", lambda: {"1.1": "def double(n):\n    return 2 * n"})
    (tmp_path / "Train_UNET.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def book(course):
    return json.loads((course / record.FILE).read_text(encoding="utf-8"))


def double(n):
    return 2 * n


def triple(n):
    return 3 * n


# ---- todo --------------------------------------------------------------------------------------

TODO = "from lungseg_course import todo\n"


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("# Exercise 1.1\ndef double(n):\n    todo()\ndouble(1)", "Exercise 1.1 is not done yet: `double` "),
        ("# Exercise 1.3\nclass A:\n    def b(self):\n        todo()\nA().b()", "Exercise 1.3 is not done yet: `A.b` "),
        (
            "# Exercise 2.1\ndef f():\n    def g():\n        todo()\n    g()\nf()",
            "Exercise 2.1 is not done yet: `f.g` ",
        ),
        ("# Exercise 2.1\ndef f():\n    return [todo() for _ in 'a']\nf()", "Exercise 2.1 is not done yet: `f` "),
        ("# Exercise 2.1\nf = lambda: todo()\nf()", "Exercise 2.1 is not done yet: this cell "),
        ("# Exercise 4.2\ntodo()", "Exercise 4.2 is not done yet: this cell "),
        ("# Exercise 4.12\ntodo()", "Exercise 4.12 is not done yet: this cell "),
        ("# Question 1.2\nanswer = todo()", 'Question 1.2 is not answered yet: put  answer = "a"  '),
        ("def f():\n    todo()\nf()", "`f` is not written yet: put your code "),
        ("todo()", "This cell is not written yet: put your code "),
    ],
)
def test_a_blank_names_its_exercise(cell, source, start):
    with pytest.raises(NotAttempted) as caught:
        cell(f"{TODO}{source}")
    assert str(caught.value).startswith(start)
    assert "\n" not in str(caught.value)


def test_a_blank_says_what_to_do(cell):
    with pytest.raises(NotAttempted) as caught:
        cell(f"{TODO}# Exercise 4.2\ntodo()")
    assert str(caught.value).endswith('Put your code in its place, run that cell, then this one. Stuck? hint("4.2")')


def test_a_blank_is_named_after_the_cell_in_which_it_stands(cell):
    helper = cell(f"{TODO}# Exercise 1.1\ndef double(n):\n    todo()")["double"]
    with pytest.raises(NotAttempted, match=r"^Exercise 1\.1 is not done yet: `double`"):
        cell("# Exercise 2.1\nhelper(1)", helper=helper)


def test_jupyter_shows_the_message_of_a_blank_alone():
    assert NotAttempted("Not yet.")._render_traceback_() == ["Not yet."]


# ---- check and points --------------------------------------------------------------------------


def test_a_right_answer_is_praised(course, capsys):
    assert check("1.1", double) is None
    assert capsys.readouterr().out == "Exercise 1.1: correct. Two times.\n"
    assert book(course)["exercises"] == {"1.1": {"tries": 1, "solved": True}}


def test_a_wrong_answer_is_explained(course, capsys):
    check("1.1", lambda n: n)
    assert capsys.readouterr().out == (
        "Exercise 1.1: not right yet.\n"
        "  I tried   double(3)\n"
        "  It gave   3\n"
        "  Expected  6\n"
        "  Mistake   once only. That is the number itself.\n"
        "  Try       Add it to itself.\n"
        '  (A hint: hint("1.1"))\n'
    )
    assert book(course)["exercises"] == {"1.1": {"tries": 1, "solved": False}}


def test_what_was_solved_stays_solved(course):
    for answer in (triple, double, triple):
        check("1.1", answer)
    assert book(course)["exercises"] == {"1.1": {"tries": 3, "solved": True}}


def test_the_second_look_is_taken_when_the_first_is_content(capsys):
    check("1.1", lambda n: 6)
    assert "another value" in capsys.readouterr().out


def test_a_blank_goes_through_check_and_counts_as_no_try(cell, course):
    blank = cell(f"{TODO}# Exercise 1.1\ndef double(n):\n    todo()")["double"]
    with pytest.raises(NotAttempted, match=r"Exercise 1\.1"):
        check("1.1", blank)
    assert not (course / record.FILE).exists()


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (6, "brackets"),
        ("double", "quotes"),
        (None, "brackets"),
        ((), "brackets"),
        (np.zeros(3), "brackets"),
    ],
)
def test_the_function_itself_is_wanted(answer, word):
    wrong = first_wrong("1.1", answer)
    assert (wrong.cause, wrong.tried) == ("not a function", "to call double")
    assert word in wrong.remedy + wrong.why


@pytest.mark.parametrize("answers", [(), (double, double), (double,) * 3])
def test_another_number_of_answers(answers):
    if len(answers) != 1:
        with pytest.raises(InputError, match=rf'check\("1\.1", double\)\. Received: {len(answers)}\.'):
            check("1.1", *answers)
    if len(answers) != 2:
        with pytest.raises(InputError, match=r'has 2 to check: check\("1\.2", one, two\)'):
            check("1.2", *answers)


def test_two_answers_at_a_time(capsys):
    check("1.2", lambda: 1, lambda: 2)
    assert "Exercise 1.2: correct." in capsys.readouterr().out


@pytest.mark.parametrize("number", ["1.9", "9.1", "", "one", None, 1])
def test_an_unknown_number(number):
    known = r"1\.1, 1\.2, 1\.3, 2\.1\. Received: "
    for ask in (check, hint, solution, find_exercise):
        with pytest.raises(InputError, match=f"expected the number of an exercise: {known}"):
            ask(number)
    for ask in (quiz, find_question):
        with pytest.raises(InputError, match=r"expected the number of a question: 1\.1\. Received: "):
            ask(number)


def test_without_any_question_the_message_is_whole(monkeypatch):
    monkeypatch.setattr(chapter_1, "QUESTIONS", ())
    with pytest.raises(InputError, match=r"a question: none yet\. Received: '1\.1'\.$"):
        quiz("1.1", "a")


def test_a_number_may_be_written_as_one(course, capsys):
    check("1.2", lambda: 1, lambda: 2)
    check(1.1, double)
    hint(1.1)
    quiz(1.1, "b")
    out = capsys.readouterr().out
    assert "Exercise 1.1: correct." in out
    assert sorted(book(course)["exercises"]) == ["1.1", "1.2"]
    assert list(book(course)["hints"]) == list(book(course)["questions"]) == ["1.1"]


@pytest.mark.parametrize(
    ("answer", "share"),
    [(double, 1.0), (lambda n: 6, 0.5), (triple, 0.0), (lambda n: unknown, 0.0), (5, 0.0), (lambda n: None, 0.0)],  # noqa: F821
)
def test_points_are_shares(answer, share, capsys):
    assert points("1.1", answer, of=4) == 4 * share
    assert isinstance(points("1.1", answer, of=4), float)


def test_points_of_a_blank(cell, course, capsys):
    blank = cell(f"{TODO}# Exercise 1.1\ndef double(n):\n    print(n)\n    todo()")["double"]
    assert points("1.1", blank, of=4) == 0
    assert capsys.readouterr().out == ""
    assert not (course / record.FILE).exists(), "grading leaves no record"


def test_points_try_other_numbers_than_check():
    seen = []

    def spy(n):
        seen.append(n)
        return 2 * n

    assert first_wrong("1.1", spy) is None
    points("1.1", spy, of=1)
    assert seen[0] == seen[2] == 3
    assert seen[1] != seen[3]


def test_a_check_is_the_same_each_time_and_leaves_random_numbers_alone():
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    seen = []
    for _ in range(2):
        first_wrong("1.1", lambda n: seen.append(n) or 2 * n)
    assert seen[:2] == seen[2:]
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_warnings_of_a_student_s_code_are_held_back(recwarn):
    def warns(n):
        np.log(np.zeros(1))
        return 2 * n

    assert first_wrong("1.1", warns) is None
    assert len(recwarn) == 0


# ---- hint, solution, quiz ----------------------------------------------------------------------


def test_hints_become_plainer(course, capsys):
    for _ in range(4):
        hint("1.1")
    lines = capsys.readouterr().out.splitlines()
    last = ["Hint 3 of 3 for exercise 1.1: It is two times the number.", 'After a try of your own: solution("1.1")']
    assert lines == [
        "Hint 1 of 3 for exercise 1.1: Think.",
        "Hint 2 of 3 for exercise 1.1: Think of two.",
        *last,
        *last,
    ]
    assert book(course)["hints"] == {"1.1": 3}


def test_a_level_can_be_read_again(course, capsys):
    hint("1.1", level=2)
    hint("1.1", level=1)
    hint("1.1")
    assert [line[:11] for line in capsys.readouterr().out.splitlines()[:3]] == [f"Hint {n} of 3" for n in (2, 1, 3)]


@pytest.mark.parametrize("level", [0, 4, "2", -1])
def test_there_are_three_levels(level):
    with pytest.raises(InputError, match=r"level 1, 2 or 3\. Received: "):
        hint("1.1", level=level)


def test_the_solution_opens_after_a_try(capsys):
    solution("1.1")
    refused = capsys.readouterr().out
    assert refused.startswith("Try exercise 1.1 first:")
    assert 'solution("1.1", i_give_up=True)' in refused
    assert "2 * n" not in refused
    check("1.1", triple)
    capsys.readouterr()
    solution("1.1")
    shown = "One solution of exercise 1.1; others are just as right.\n\ndef double(n):\n    return 2 * n\n"
    assert capsys.readouterr().out == shown


def test_the_solution_opens_for_who_gives_up(capsys):
    solution("1.1", i_give_up=True)
    assert "2 * n" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["b", "B", " b ", "b)", "(b)", "b."])
def test_the_right_option(answer, course, capsys):
    quiz("1.1", answer)
    assert capsys.readouterr().out == "Question 1.1, b: right. Yes, since.\n"
    assert book(course)["questions"] == {"1.1": {"tries": 1, "solved": True}}
    assert quiz_points("1.1", answer, of=2) == 2.0


def test_another_option(course, capsys):
    quiz("1.1", "c")
    assert capsys.readouterr().out == "Question 1.1, c: not this one. Nearly, but.\n"
    assert book(course)["questions"] == {"1.1": {"tries": 1, "solved": False}}
    assert quiz_points("1.1", "c", of=2) == 0.0


@pytest.mark.parametrize("answer", [None, "", "d", "ab", 2, ["b"]])
def test_no_option_at_all(answer, course, capsys):
    quiz("1.1", answer)
    assert capsys.readouterr().out == 'Question 1.1: choose one of a, b, c, for instance quiz("1.1", "a").\n'
    assert not (course / record.FILE).exists()
    assert quiz_points("1.1", answer, of=2) == 0.0


# ---- progress ----------------------------------------------------------------------------------


def test_progress_at_the_start(capsys):
    progress()
    head, *rows, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["notebook", "exercises", "questions"]
    assert [row.split() for row in rows[:2]] == [
        ["Data_Generator/DataGenerator.ipynb", "0", "of", "3", "0", "of", "1"],
        ["UNet_Arch/UNET_architecture.ipynb", "0", "of", "1", "0", "of", "0"],
    ]
    assert [row.split()[0] for row in rows] == list(NOTEBOOKS.values())
    assert last == "Next: exercise 1.1 in Data_Generator/DataGenerator.ipynb."


def last_line(capsys):
    progress()
    return capsys.readouterr().out.splitlines()[-1]


def test_progress_leads_on(capsys):
    check("1.1", double)
    assert last_line(capsys) == "Next: exercise 1.2 in Data_Generator/DataGenerator.ipynb."
    check("1.2", lambda: 1, lambda: 2)
    assert last_line(capsys) == "Next: question 1.1 in Data_Generator/DataGenerator.ipynb."
    quiz("1.1", "a")
    quiz("1.1", "b")
    assert last_line(capsys) == "Next: exercise 2.1 in UNet_Arch/UNET_architecture.ipynb."
    check("2.1", triple)
    assert last_line(capsys) == "Next: exercise 2.1 in UNet_Arch/UNET_architecture.ipynb."
    check("2.1", double)
    assert last_line(capsys) == "All done, but perhaps for the optional ones. Well done!"


def test_the_record_lies_at_the_root_of_the_course(course, monkeypatch):
    folder = course / "Data_Generator" / "deeper"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert record.course_root() == course
    check("1.1", double)
    assert [path.name for path in course.glob(".*")] == [record.FILE]
    assert list(folder.iterdir()) == []


def test_a_notebook_alone_is_its_own_course(tmp_path_factory, monkeypatch):
    alone = tmp_path_factory.mktemp("alone")
    monkeypatch.chdir(alone)
    assert record.course_root() == alone
    check("1.1", double)
    assert (alone / record.FILE).is_file()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"exercises": 3}',
        '{"exercises": {"1.1": 3}, "questions": {}, "hints": {}}',
        '{"exercises": {"1.1": {}}, "questions": {}, "hints": {}}',
        '{"exercises": {}, "questions": [], "hints": {}}',
        '{"exercises": {}, "questions": {}, "hints": {"1.1": "many"}}',
        "\x00",
    ],
)
def test_a_spoilt_record_stops_nobody(course, capsys, text):
    (course / record.FILE).write_text(text, encoding="utf-8")
    progress()
    hint("1.1")
    solution("1.1")
    quiz("1.1", "b")
    check("1.1", double)
    assert book(course) == {
        "exercises": {"1.1": {"tries": 1, "solved": True}},
        "questions": {"1.1": {"tries": 1, "solved": True}},
        "hints": {"1.1": 1},
    }


def test_a_record_that_is_no_text(course, capsys):
    (course / record.FILE).write_bytes(b"\xff\xfe")
    progress()
    assert "Next: exercise 1.1" in capsys.readouterr().out


def test_a_record_that_cannot_be_written_stops_nobody(course, capsys):
    (course / record.FILE).mkdir()  # holds for the superuser, too
    check("1.1", double)
    hint("1.1")
    progress()
    out = capsys.readouterr().out
    assert "correct" in out
    assert "Hint 1 of 3" in out
    assert [path.name for path in course.glob(".*")] == [record.FILE]


def test_hints_go_on_where_nothing_can_be_written(course, capsys):
    (course / record.FILE).mkdir()
    check("1.1", double)
    hint("1.1")
    hint("1.1")
    out = capsys.readouterr().out
    assert "Hint 1 of 3" in out
    assert "Hint 2 of 3" in out
    assert out.count("Your progress is not kept beyond this session") == 1
    assert record.tried("1.1")


def test_the_record_is_replaced_as_a_whole(course, monkeypatch):
    check("1.1", double)
    before = book(course)

    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    check("1.1", double)
    assert book(course) == before
    assert [path.name for path in course.glob(".*")] == [record.FILE]


# ---- In any front end --------------------------------------------------------------------------


def run_python(program, folder):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=folder, env=environment
    )


def test_the_import_is_quick_and_brings_no_tensorflow(course):
    heavy = "[name for name in ('tensorflow', 'keras', 'matplotlib', 'pandas') if name in sys.modules]"
    rooms = ", ".join(lungseg_course.__all__)
    program = f"import sys\nimport lungseg_course\nfrom lungseg_course import {rooms}\nprogress()\nprint({heavy})"
    result = run_python(program, course)
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "[]"


def test_all_names_of_the_room_are_there():
    for name in lungseg_course.__all__:
        assert callable(getattr(lungseg_course, name))
    assert set(lungseg_course.__all__) <= set(dir(lungseg_course))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = lungseg_course.nothing


TINY = """import lungseg
from lungseg_course.chapters import chapter_1, chapter_2, chapter_3, chapter_4, chapter_5
from lungseg_course import check, hint, progress, quiz, todo
from lungseg_course.engine.exercises import Exercise, Question
from lungseg_course.engine.verdict import expect_close, trying

def look(double, rng):
    with trying("double(3)"):
        expect_close(double(3), 6, {"once only": (3, "That is the number itself.", "Add it to itself.")})

for module in (chapter_2, chapter_3, chapter_4, chapter_5):
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


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook, run in a kernel to its end in spite of errors."""
    cells = [
        TINY,
        CALLS,
        "# Exercise 1.1\ndef double(n):\n    todo()",
        'check("1.1", double)',
        "# Question 1.1\nanswer = todo()",
        'check("7.7", double)',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder = tmp_path_factory.mktemp("kernel")
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    return notebook.cells


def test_the_words_are_the_same_in_a_kernel_and_in_plain_python(executed, course):
    (output,) = executed[1].outputs
    assert (output.output_type, output.name) == ("stream", "stdout")
    assert not set("\x1b<>") & set(output.text), "no colours, no HTML"
    plain = run_python(TINY + CALLS, course).stdout
    # The student's own line apart: of a program without a file, Python keeps the source only from 3.13 on.
    in_kernel, in_python = (
        [line for line in text.splitlines() if "of your cell:" not in line] for text in (output.text, plain)
    )
    assert in_kernel == in_python
    assert "in line 2 of your cell:  check(" in output.text


def test_a_blank_in_a_kernel_is_its_message_alone(executed):
    assert executed[2].outputs == []
    for number, words in ((3, "Exercise 1.1 is not done yet: `double`"), (4, "Question 1.1 is not answered yet")):
        (output,) = executed[number].outputs
        assert (output.output_type, output.ename) == ("error", "NotAttempted")
        assert " ".join(output.traceback).split() == output.evalue.split()
        assert output.evalue.startswith(words)
        assert "\n" not in output.evalue


def test_bad_input_in_a_kernel_is_a_line(executed):
    (output,) = executed[5].outputs
    assert output.traceback == ["InputError: expected the number of an exercise: 1.1. Received: '7.7'."]
