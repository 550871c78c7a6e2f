"""Mistakes that stand in the code: a wrong answer without a name gets theirs."""

import keras
import numpy as np
import pytest
from keras import layers

from lungseg_course.chapters import chapter_1
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.exercises import Exercise
from lungseg_course.engine.rows import Gives
from lungseg_course.engine.table import Case, look_at

HINTS = ("", "", "")
# The code, the name of the mistake, and words of the remedy or of the line that is told.
WRITTEN = {
    "np.clip": (
        "def f(x):\n    x = x * 4\n    np.clip(x, 0, 1)\n    return x",
        "a result is thrown away",
        "Write `x = np.clip(x, 0, 1)`",
    ),
    "a method": ("def f(x):\n    x.astype('int8')\n    return x", "a result is thrown away", "`x = x.astype('int8')`"),
    "a layer": (
        "def f(x):\n    layers.ReLU()(x)\n    return x",
        "a result is thrown away",
        "Write `x = layers.ReLU()(x)`",
    ),
    "a layer that is not called": ("def f(x):\n    layers.ReLU()\n    return x", "a result is thrown away", "result ="),
    "sorted": ("def f(x):\n    sorted(x)\n    return x", "a result is thrown away", "`x = sorted(x)`"),
    "an equation": ("def f(x):\n    y = x\n    y == 2 * x\n    return y", "`==` in place of `=`", "Write `y = 2 * x`"),
    "return in a loop": (
        "def f(x):\n    total = 0\n    for each in x:\n        total += each\n        return total",
        "the loop ends in its first round",
        "line 5 of your cell: return total",
    ),
    "and": ("def f(x):\n    return 2 and 3", "`and` in place of a comma", "Write `return 2, 3`"),
    "and between arrays": ("def f(x):\n    return x and 2 * x", "`and` in place of a comma", "Write `return x, 2 * x`"),
    "print": ("def f(x):\n    print(2 * x)", "nothing is returned", "Write `return 2 * x`"),
    "the last line": ("def f(x):\n    y = x\n    y * 2", "nothing is returned", "A notebook shows"),
    "an argument": (
        "def f(x, by=1):\n    return x[0] * 9",
        "the argument `by` is not used",
        "line 1 of your cell: def f(",
    ),
    "a default": (
        "def f(x, seen=[]):\n    seen.append(1)\n    return x * (1 + len(seen))",
        "a default that remembers",
        "Write `seen=None`",
    ),
}
UNKNOWN = (
    "def f(x):\n    return x * 7",
    "def f(x):\n    np.random.shuffle(x)\n    return x * 7",
    "def f(x):\n    np.copyto(x, 1)\n    return x * 7",
    "def f(x):\n    np.clip(x, 0, 1, out=x)\n    return x * 7",
    "def f(x):\n    a = []\n    a.append(x)\n    return a[0] * 7",
    "def f(x):\n    print(x)\n    return x * 7",
    "def f(x):\n    return (x > 1) and (x > 2) if x.size < 1 else x * 7",
    "def f(x):\n    for y in x:\n        if y > 1:\n            return x * 7",
    "f = lambda x: x * 7",
)


@look_at("f", lambda x: 2 * x, [Gives("three times", lambda x: 3 * x)])
def look_twice(rng):
    yield Case(np.array([2.0, 5.0]))
    yield Case(np.array([7.0, 3.0]))


@look_at("F", 6, run=lambda kind, x: kind().double(x))
def look_at_a_method(rng):
    yield Case(3)


@pytest.fixture(autouse=True)
def course(monkeypatch):
    exercises = (
        Exercise("1.1", "", ("f",), (look_twice,), "", HINTS),
        Exercise("1.2", "", ("F",), (look_at_a_method,), "", HINTS),
    )
    monkeypatch.setattr(chapter_1, "EXERCISES", exercises)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_mistake_in_the_code_is_named_where_the_result_has_no_name(cell, name):
    source, cause, words = WRITTEN[name]
    function = cell(source, np=np, layers=layers, keras=keras)["f"]
    wrong = first_wrong("1.1", function)
    report = " ".join(wrong.report().split())
    assert wrong.cause == cause, report
    assert words in report
    for label in ("I tried", "It gave", "Expected"):
        assert label in report


@pytest.mark.parametrize("source", UNKNOWN)
def test_other_code_is_not_accused(cell, source):
    wrong = first_wrong("1.1", cell(source, np=np)["f"])
    assert wrong.cause in ("another value", "one question to many numbers", "nothing is returned")
    assert "of your cell" not in wrong.why


def test_a_default_that_remembers_comes_before_what_it_has_led_to(cell):
    source = "def f(x, seen=[]):\n    seen.append(1)\n    return x * (2 + len(seen))"
    assert first_wrong("1.1", cell(source)["f"]).cause == "a default that remembers"
    assert first_wrong("1.1", cell("def f(x, by=[3]):\n    return x * by[0]")["f"]).cause == "three times"


def test_an_argument_that_is_not_used_is_no_reason_for_an_error(cell):
    wrong = first_wrong("1.1", cell("def f(x, by=1):\n    raise RuntimeError('x')")["f"])
    assert wrong.cause == "your code raised RuntimeError"


def test_a_method_without_self_is_told(cell):
    wrong = first_wrong("1.2", cell("class F:\n    def double(x):\n        return 2 * x")["F"])
    assert (wrong.cause, wrong.remedy) == ("`self` is missing", "Write `def double(self, x):`.")
    assert first_wrong("1.2", cell("class F:\n    def double(self, x):\n        return 2 * x")["F"]) is None
    wrong = first_wrong("1.2", cell("class F:\n    @staticmethod\n    def double(x):\n        return x")["F"])
    assert wrong.cause == "another value"
