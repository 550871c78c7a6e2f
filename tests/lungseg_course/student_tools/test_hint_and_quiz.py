"""hint, solution and quiz."""

import pytest

from lungseg.errors import InputError
from lungseg_course import (
    check,
    hint,
    quiz,
    quiz_points,
    record,
    solution,
)
from tiny_course import book, triple


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


RIGHT, OTHER = "b: right. Yes, since.", "c: not this one. Nearly, but."


@pytest.mark.parametrize(
    ("answer", "words"), [*((answer, RIGHT) for answer in ["b", "B", " b ", "b)", "(b)", "b."]), ("c", OTHER)]
)
def test_an_option_gets_its_feedback_and_the_right_one_all_points(answer, words, course, capsys):
    quiz("1.1", answer)
    assert capsys.readouterr().out == f"Question 1.1, {words}\n"
    assert book(course)["questions"] == {"1.1": {"tries": 1, "solved": words == RIGHT}}
    assert quiz_points("1.1", answer, of=2) == 2.0 * (words == RIGHT)


@pytest.mark.parametrize(
    ("names", "given", "words"),
    [
        ({"answer_1_1": "b"}, "answer_1_1", RIGHT),
        ({"answer_1_1": "b"}, '"c"', OTHER),
        ({"answer_1_1": "c", "answer": "a"}, '"b"', RIGHT),
        ({"answer": "b"}, "answer", RIGHT),  # in a notebook that is older than the package,
        ({"answer_1_1": "b", "answer": "c"}, "answer", RIGHT),  # and where `todo()` tells the new name
    ],
)
def test_each_answer_has_a_name_of_its_own(names, given, words, cell, capsys):
    cell(f'from lungseg_course import quiz\nquiz("1.1", {given})', **names)
    assert capsys.readouterr().out == f"Question 1.1, {words}\n"


@pytest.mark.parametrize("answer", [None, "", "d", "ab", "47.2", 2, ["b"]])
def test_no_option_at_all(answer, course, capsys):
    quiz("1.1", answer)
    words = 'Question 1.1: write  answer_1_1 = "a"  (or "b", "c") in the cell above, and run it, then this one.\n'
    assert capsys.readouterr().out == words
    assert not (course / record.FILE).exists()
    assert quiz_points("1.1", answer, of=2) == 0.0
