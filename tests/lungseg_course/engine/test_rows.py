"""The rows of a table: which of them fits what came out, and what it says."""

import numpy as np
import pytest

from lungseg_course.engine.kinds import Kind, Numbers
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Shape, When, first_fitting


def outcome(result=None, *args, right=None, kind=None, error=None):
    out = Outcome(args, right, kind or Numbers())
    out.result, out.error = result, error
    return out


def double(x):
    return 2 * x


# ---- Gives ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [5.0, lambda x: x + 2, [5.0]])
def test_a_value_or_a_reference_leads_to_what_came_out(sign):
    row = Gives("plus", sign)
    result = [5.0] if isinstance(sign, list) else 5.0
    assert row.fits(outcome(result, 3.0, right=double))
    assert not row.fits(outcome(4.0, 3.0, right=double))


def test_a_right_result_is_no_mistake():
    assert not Gives("squared", lambda x: x**2).fits(outcome(4.0, 2.0, right=double))


def test_there_are_several_ways_to_make_a_mistake():
    row = Gives("another factor", lambda x: 3 * x, also=[lambda x: 4 * x, lambda x: 5 * x])
    assert [row.fits(outcome(x, 1.0, right=double)) for x in (2.0, 3.0, 4.0, 5.0, 6.0)] == [False, *[True] * 3, False]


def test_a_reference_that_divides_by_zero_leads_nowhere():
    assert not Gives("upside down", lambda x: 1 / x).fits(outcome(np.inf, 0.0, right=double))


def test_of_near_values_the_nearest_is_named_and_of_equal_ones_the_first():
    out = outcome(4.0, 2.0, right=1)
    near, squared, doubled = Gives("near", 4.0003), Gives("squared", lambda x: x**2), Gives("doubled", double)
    assert first_fitting([near, squared, doubled], out).name == "squared"
    assert first_fitting([doubled, near, squared], out).name == "doubled"


def test_the_first_row_decides_between_kinds_of_rows():
    out = outcome(4.0, right=1)
    large, four = When("large", lambda out: out.value > 3), Gives("four", 4.0)
    assert first_fitting([large, four], out).name == "large"
    assert first_fitting([four, large], out).name == "four"
    assert first_fitting([Gives("five", 5.0)], out) is None


# ---- Shape ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [(3, 1), [(2,), (3, 1)], lambda n: (n, 1), lambda n: [(n, n), (n, 1)]])
def test_a_shape_is_known(sign):
    row = Shape("an axis too many", sign)
    assert row.fits(outcome(np.zeros((3, 1)), 3, right=np.zeros))
    assert not row.fits(outcome(np.zeros((4, 1)), 3, right=np.zeros))
    assert not row.fits(outcome(np.zeros(3), 3, right=np.zeros))


def test_the_shape_of_a_single_number_is_called_so():
    wrong = Shape("one number", ()).wrong(outcome(1.0, 3, right=np.zeros))
    assert (wrong.received, wrong.expected) == ("a single number, shape ()", "shape (3,)")


# ---- When ----------------------------------------------------------------------------------------


def test_rows_of_a_family_look_at_the_same_thing_and_only_where_it_is_there():
    longest = When("too long", lambda name: len(name) > 2, of=lambda out: max(out.result, default=None))
    assert [longest.fits(outcome(names)) for names in (["a", "b"], ["a", "bcd"], [])] == [False, True, False]


def test_what_is_no_number_can_be_named_before_it_is_read():
    out = outcome({}, right=1)
    row = When("a dictionary", lambda out: isinstance(out.result, dict))
    assert first_fitting([row, Gives("one", 1)], out) is row
    assert row.wrong(out).received == "{}"


def test_a_right_result_may_hide_a_mistake():
    out = outcome([1, 2], [2, 1], right=sorted, kind=Kind())
    row = When("changed", lambda out: out.changed)
    assert not row.fits(out)
    out.given[0].sort()
    assert out.is_right
    assert row.fits(out)
    assert out.args == ([2, 1],)


@pytest.mark.parametrize("make", [lambda: np.arange(3), lambda: [0, 1, 2], lambda: {0: 0}, lambda: frame()])
def test_what_the_caller_owns_is_given_as_a_copy_and_compared(make):
    out = outcome(None, make(), "names", 3)
    assert not out.changed
    out.given[0][0] = 7
    assert out.changed


def frame():
    import pandas as pd

    return pd.DataFrame({"a": [1, 2]})


def test_words_may_be_made_of_what_the_row_found():
    out = outcome(["a", "b", "a"], right=["a"], kind=Kind())
    row = When(
        lambda out: f"{out.found[0]} comes twice",
        lambda out: [name for name in "ab" if out.result.count(name) > 1],
        "why",
        lambda out: f"Take {len(out.right)}.",
        received="names",
    )
    wrong = first_fitting([row], out).wrong(out)
    assert (wrong.cause, wrong.received, wrong.expected) == ("a comes twice", "names", "['a']")
    assert (wrong.why, wrong.remedy) == ("why", "Take 1.")


# ---- Raises --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "fits"),
    [
        ("KeyError", True),
        ("LookupError", True),
        ("ValueError|KeyError: dice|jaccard", True),
        ("Exception: dice$|^dice", False),
        ("KeyError: 'dice'$", True),
        ("TypeError: dice", False),
        ("KeyError: mean", False),
        ("Key", False),
    ],
)
def test_an_error_is_known_by_its_type_and_its_text(sign, fits):
    assert Raises("no column", sign).fits(outcome(error=KeyError("dice"))) is fits


def test_an_error_of_another_library_is_known_by_its_name():
    graph_error = type("InvalidArgumentError", (Exception,), {})
    assert Raises("types", "TypeError|InvalidArgumentError: cannot").fits(outcome(error=graph_error("cannot compute")))


def test_the_student_s_line_and_the_outcome_may_decide(cell):
    names = cell("def f(x):\n    return x in {}[0]")
    with pytest.raises(KeyError) as caught:
        names["f"](1)
    out = outcome(None, 5, error=caught.value)
    assert Raises("in", "KeyError", line=r"\bin\b").fits(out)
    assert not Raises("in", "KeyError", line="np.isin").fits(out)
    assert Raises("five", "KeyError", when=lambda out: out.args == (5,)).fits(out)
    assert not Raises("six", "KeyError", when=lambda out: out.args == (6,)).fits(out)
    assert Raises("five", "KeyError", of=lambda out: out.args[0], when=lambda number: number == 5).fits(out)
    assert not Raises("none", "KeyError", of=lambda out: None, when=lambda subject: True).fits(out)


def test_words_may_tell_what_the_pattern_found():
    out = outcome(error=ValueError("no column dise"))
    row = Raises(lambda out: f"no `{out.found[1]}`", r"ValueError: no column (\w+)", expected="a column")
    wrong = first_fitting([row], out).wrong(out)
    assert (wrong.cause, wrong.expected) == ("no `dise`", "a column")


def test_errors_and_results_have_rows_of_their_own():
    always, error = When("always", lambda out: True), Raises("an error", "Exception")
    assert first_fitting([always, error], outcome(error=KeyError())) is error
    assert first_fitting([error, always], outcome(1)) is always
