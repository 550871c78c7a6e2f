"""todo, check and points."""

import dataclasses
import re
import time

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg_course import (
    NotAttempted,
    check,
    hint,
    points,
    quiz,
    record,
    solution,
)
from lungseg_course.chapters import chapter_1
from lungseg_course.engine import checking, time_limit
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import find_exercise, find_question
from tiny_course import DOUBLE, TODO, book, double, look_at_another, look_at_three, triple

# ---- todo --------------------------------------------------------------------------------------


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
        ("# Question 1.2\ntodo()", 'Question 1.2 is not answered yet: put  answer_1_2 = "a"  '),
        ("def f():\n    todo()\nf()", "`f` is not written yet: put your code "),
        ("todo()", "This cell is not written yet: put your code "),
    ],
)
def test_a_blank_names_its_exercise(cell, source, start):
    with pytest.raises(NotAttempted) as caught:
        cell(f"{TODO}{source}")
    assert str(caught.value).startswith(start)
    assert "\n" not in str(caught.value)


def test_a_blank_names_the_hint(cell):
    with pytest.raises(NotAttempted, match=r'hint\("4\.2"\)'):
        cell(f"{TODO}# Exercise 4.2\ntodo()")


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


def test_a_blank_that_is_optional_does_not_stop_and_counts_as_no_try(cell, course, capsys):
    check("1.3", cell(f"{TODO}# Exercise 1.3\ndef more(n):\n    todo()")["more"])
    assert capsys.readouterr().out == "Exercise 1.3, optional: not done. Run all goes on.\n"
    assert not (course / record.FILE).exists()


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (6, "parentheses"),
        ("double", "quotes"),
        (None, "parentheses"),
        ((), "parentheses"),
        (np.zeros(3), "parentheses"),
    ],
)
def test_the_function_itself_is_wanted(answer, word):
    wrong = first_wrong("1.1", answer)
    assert (wrong.cause, wrong.tried) == ("not a function", "to call double")
    assert word in wrong.remedy + wrong.why


@pytest.mark.parametrize("answers", [(), (double, double), (double,) * 3])
def test_another_number_of_answers(answers):
    if len(answers) != 1:
        with pytest.raises(InputError, match=rf'check\("1\.1", double\)\. Received: {len(answers)} answers\.'):
            check("1.1", *answers)
    if len(answers) != 2:
        with pytest.raises(InputError, match=r'name what you wrote, without calling it: check\("1\.2", one, two\)'):
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


@pytest.mark.parametrize("number", ["1,1", "1.1 ", "Exercise 1.1", 11])
def test_a_number_written_in_another_way_is_asked_about(number):
    with pytest.raises(InputError, match=r'Did you mean "1\.1"\?$'):
        hint(number)


def test_the_answer_to_another_exercise_is_told():
    def one():
        return 1

    wrong = first_wrong("1.1", one)
    assert (wrong.received, wrong.why) == (
        "`one`, the answer to exercise 1.2",
        "`one` was passed where `double` belongs.",
    )
    one.__name__ = "something"
    assert first_wrong("1.1", one).cause == "the arguments do not fit"


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


# ---- Code that does not come to an end ---------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """Limits of less than half a second, and of much less for each further look."""
    monkeypatch.setattr(time_limit, "CPU_SECONDS", 0.4)
    monkeypatch.setattr(time_limit, "TICK", 0.01)
    monkeypatch.setattr(checking, "SECONDS_MORE", 0.02)


@pytest.fixture
def endless():
    def answer(n):
        while n == 3:
            pass
        return 2 * n

    return answer


def test_an_endless_loop_is_a_mistake_like_others(short, endless, course, capsys):
    check("1.1", endless)
    report = capsys.readouterr().out
    assert "  Mistake   it does not come to an end. " in report
    assert re.search(
        r"^  I tried   double\(3\)\n  It gave   nothing; it was stopped .+\n {12}in line", report, re.MULTILINE
    )
    assert book(course)["exercises"] == {"1.1": {"tries": 1, "solved": False}}
    check("1.1", double)
    assert "correct" in capsys.readouterr().out


@pytest.mark.slow
def test_where_points_count_an_endless_loop_costs_one_limit_and_the_other_looks_count(short, endless, monkeypatch):
    looks = (look_at_three, look_at_three, look_at_three, look_at_another)
    monkeypatch.setattr(chapter_1, "EXERCISES", (dataclasses.replace(DOUBLE, looks=looks),))
    before = time.thread_time()
    assert points("1.1", endless, of=4) == 1
    assert 0.4 < time.thread_time() - before < 1
    first_wrong("1.1", endless)
    before = time.thread_time()
    assert points("1.1", endless, of=4) == 1
    assert time.thread_time() - before < 0.4, "that it does not end is known from the check"
