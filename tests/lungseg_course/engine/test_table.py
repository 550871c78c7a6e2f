"""A table of cases: they are tried in order, and the first mistake is told."""

import numpy as np
import pytest

from lungseg_course import NotAttempted, todo
from lungseg_course.engine.kinds import Kind, Numbers
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.table import Case, Look, look_at
from lungseg_course.engine.verdict import Wrong

ROWS = (
    Gives("doubled", lambda x, by=2: x * 2, "why", "remedy"),
    Raises("one at a time", "ValueError: truth value", "`if` takes one.", "Use a formula."),
)


def divide(x, by=2):
    return x / by


@look_at("halve", divide, ROWS)
def look_halves(rng):
    yield Case(float(rng.integers(3, 5)))
    yield Case(6.0, keywords={"by": 3})
    yield Case(np.array([4.0, 8.0]))


def verdict(look, *answers):
    try:
        look(*answers, rng=np.random.default_rng(0))
    except Wrong as wrong:
        return wrong
    return None


def test_a_right_answer_passes_all_cases():
    assert verdict(look_halves, lambda x, by=2: x * (1 / by)) is None


@pytest.mark.parametrize(
    ("answer", "cause", "tried"),
    [
        (lambda x, by=2: x * 2, "doubled", "halve(4)"),
        (lambda x, by=2: x / 2, "another value", "halve(6, by=3)"),
        (lambda x, by=2: x / by if x > 1 else 0, "one at a time", "halve(np.array([4.0, 8.0]))"),
        (lambda x, by=2: str(x), "not a number or an array", "halve(4)"),
        (lambda x, by=2: None, "nothing is returned", "halve(4)"),
        (lambda x, by=2: np.full(2, x), "the shape is another", "halve(4)"),
        (lambda x: x / 2, "the arguments do not fit", "halve(6, by=3)"),
    ],
)
def test_the_first_mistake_is_told_with_what_was_tried(answer, cause, tried):
    wrong = verdict(look_halves, answer)
    assert (wrong.cause, wrong.tried) == (cause, tried)
    assert wrong.received
    assert wrong.expected


def test_an_error_is_shown_where_a_row_names_it():
    wrong = verdict(look_halves, lambda x, by=2: x / by if x > 1 else 0)
    assert wrong.received.startswith("ValueError: The truth value")
    assert (wrong.expected, wrong.why) == ("no error", "`if` takes one.")


def test_a_blank_is_not_attempted():
    with pytest.raises(NotAttempted):
        verdict(look_halves, lambda x: todo())


def test_a_case_may_have_rows_a_reference_a_kind_and_words_of_its_own():
    rows = (Gives("none", 0.0),)
    case = Case(0.0, tried="to halve nothing", right=1.0, rows=rows, kind=Numbers("the half", 0.1))
    look = Look(lambda rng: [case], "halve", divide, ROWS)
    assert verdict(look, lambda x: 1.05) is None
    wrong = verdict(look, lambda x: 0.0)
    assert (wrong.cause, wrong.tried) == ("none", "to halve nothing")


def test_without_a_reference_the_rows_decide():
    look = Look(lambda rng: [Case()], "names", rows=[When("too few", lambda out: len(out.result) < 3, expected="3")])
    assert verdict(look, lambda: "abc") is None
    wrong = verdict(look, lambda: "ab")
    assert (wrong.cause, wrong.received, wrong.expected) == ("too few", "'ab'", "3")


def test_another_kind_of_result_is_compared_as_it_is():
    look = Look(lambda rng: [Case([2, 1])], "sort", sorted, kind=Kind())
    assert verdict(look, sorted) is None
    wrong = verdict(look, lambda names: names)
    assert (wrong.cause, wrong.received, wrong.expected) == ("another result", "[2, 1]", "[1, 2]")


def test_what_is_looked_at_may_be_more_than_what_is_returned():
    look = Look(lambda rng: [Case(4.0)], "make", divide, ROWS, run=lambda make, x: make()(x))
    assert verdict(look, lambda: divide) is None
    assert verdict(look, lambda: lambda x: 2 * x).cause == "doubled"


def test_the_answer_at_its_place_is_looked_at():
    look = Look(lambda rng: [Case(4.0)], "halve", divide, ROWS, place=1)
    assert verdict(look, None, divide) is None


def test_a_name_of_the_notebook_is_blamed(cell):
    names = cell("images = 3.0\ndef halve(image):\n    return images / 2")
    look = Look(lambda rng: [Case(4.0)], "halve", divide, ROWS, instead={"images": "image"})
    assert verdict(look, names["halve"]).cause == "`images` of the notebook in place of `image`"


def test_a_name_of_the_notebook_is_blamed_in_a_method(cell):
    names = cell("images = 3\nclass Batches:\n    def __len__(self):\n        return images")
    look = Look(
        lambda rng: [Case()], "Batches", 4, run=lambda cls: len(cls()), instead={"images": "4"}, method="__len__"
    )
    assert verdict(look, names["Batches"]).cause == "`images` of the notebook in place of `4`"


@pytest.mark.parametrize("answer", [divide, lambda x: 2 * x])
def test_what_the_cases_hold_open_is_closed(answer):
    is_open = []

    @look_at("halve", divide, ROWS)
    def look(rng):
        is_open.append(True)
        try:
            yield Case(4.0)
        finally:
            is_open.clear()

    verdict(look, answer)
    assert is_open == []
