"""How an exception in a student's code is told."""

import re
import sys

import numpy as np
import pytest

from lungseg_course.engine import students_code
from lungseg_course.engine.mistakes.error_text import describe_error
from lungseg_course.engine.trying import trying
from lungseg_course.engine.verdict import Wrong

BROKEN = {
    "the name `lenght` is not known": (
        "def f():\n    return lenght([1])",
        "return lenght([1])",
        "spelling of `lenght`",
    ),
    "the name `Len` is not known": ("def f():\n    return Len([1])", "return Len([1])", "function `len`"),
    "something is None": ("def f():\n    x = [1].append(2)\n    return x[0]", "return x[0]", "without `return`"),
    "`y` has no value yet": ("def f():\n    for y in []:\n        pass\n    return y", "return y", "empty loop"),
    "an index is too large": ("def f():\n    x = [1]\n    return x[len(x)]", "return x[len(x)]", "counts from 0"),
    "the arguments do not fit": ("def f():\n    return abs(1, 2)", "return abs(1, 2)", "order of the arguments"),
    "an attribute does not exist": ("def f():\n    return (1).size", "return (1).size", "misspelt"),
    "the function calls itself without an end": ("def f():\n    return f()", "return f()", "given instead"),
    "a division by zero": ("def f():\n    return 1 / 0", "return 1 / 0", "denominator"),
    "the program is ended": ("def f():\n    exit(1)", "exit(1)", "Use `return`"),
    "a key that does not exist": ("def f():\n    return {}['a']", "return {}['a']", "Print its keys"),
    "`tf` is not imported": ("def f():\n    return tf.zeros(1)", "return tf.zeros(1)", "`import tensorflow as tf`"),
    "`Path` is not imported": ("def f():\n    return Path('a')", "return Path('a')", "`from pathlib import Path`"),
    "the name `zeros` is not known": ("def f():\n    return zeros(3)", "return zeros(3)", "Write `np.zeros`"),
    "the name `imags` is not known": (
        "images = 1\ndef f():\n    return imags",
        "return imags",
        "`imags` with `images`",
    ),
    "`==` in place of `=`": ("def f():\n    y == abs(2)\n    return y", "y == abs(2)", "Write `y = abs(2)`."),
    "the max of nothing": ("def f():\n    sizes = []\n    return max(sizes)", "return max(sizes)", "empty mask"),
    "something is called that is no function": ("def f():\n    x = (1, 2)\n    return x(0)", "return x(0)", "brackets"),
    "square brackets behind a function": ("def f():\n    return len['a']", "return len['a']", "parentheses"),
    "elements that are only made when they are asked for": (
        "def f():\n    return map(str, [1])[0]",
        "return map(str, [1])[0]",
        "`list(...)`",
    ),
    "a list with two indices": ("def f():\n    x = [[1]]\n    return x[0, 0]", "return x[0, 0]", "`np.array(x)`"),
    "a number with a decimal point as an index or a count": ("def f():\n    return range(4 / 2)", "return range", "//"),
    "arithmetic with a list": ("def f():\n    return [1, 2] / 2", "return [1, 2] / 2", "`np.array(x)`"),
    "text and a number are added": ("def f():\n    return 'a' + 1", "return 'a' + 1", "f-string"),
    "another number of values than of names": ("def f():\n    a, b = 1, 2, 3", "a, b = 1, 2, 3", "exactly two"),
    "a file that is not there": ("def f():\n    return open('nothing.npy')", "return open(", "as they are"),
    "`nothing_like_it` is not installed": ("def f():\n    import nothing_like_it", "import nothing", "without this"),
    "your code raised RuntimeError": ("def f():\n    raise RuntimeError", "raise RuntimeError", "Read the line above"),
    "your code raised Oops": ("class Oops(Exception): pass\ndef f():\n    raise Oops", "raise Oops", "Read the line"),
}


def wrong_of(function, tried="f()"):
    with pytest.raises(Wrong) as caught, trying(tried):
        function()
    return caught.value


@pytest.mark.parametrize("cause", BROKEN)
def test_an_exception_is_explained_with_the_student_s_own_line(cell, cause):
    source, line, words = BROKEN[cause]
    wrong = wrong_of(cell(source, exit=sys.exit)["f"])
    assert wrong.cause == cause
    assert wrong.tried == "f()"
    assert re.search(rf"of your cell:  {re.escape(line)}.*$", wrong.received)
    assert words in f"{wrong.why} {wrong.remedy}"
    assert wrong.expected == "no error"


def test_a_method_of_none_is_something_that_is_none(cell):
    wrong = wrong_of(cell("def f():\n    return None.shape")["f"])
    assert wrong.cause == "something is None"


def test_the_number_of_the_line_is_that_in_the_cell(cell):
    wrong = wrong_of(cell("x = 1\n\n\ndef f():\n    y = 2\n    return z\n")["f"])
    assert "in line 6 of your cell:  return z" in wrong.received


def test_the_last_of_the_student_s_lines_is_shown(cell):
    source = "def helper(x):\n    return np.stack([x, [1, 2]])\n\n\ndef f():\n    return helper([1])"
    wrong = wrong_of(cell(source, np=np)["f"])
    assert "in line 2 of your cell:  return np.stack([x, [1, 2]])" in wrong.received


def test_the_line_of_a_function_that_was_called_is_said_to_be_in_another_cell(cell):
    helper = cell("def helper(x):\n    return 1 / x")["helper"]
    wrong = wrong_of(cell("def f():\n    return helper(0)", helper=helper)["f"])
    assert "in line 2 of another cell, in `helper`:  return 1 / x" in wrong.received


def test_arrays_have_mistakes_of_their_own(cell):
    sources = {
        "one question to many numbers": "if x > 0: return x",
        "the shapes do not fit": "return x + np.ones(5)",
        "the argmax of nothing": "return np.argmax(x[:0])",
        "the max of nothing": "return x[:0].max()",
    }
    for cause, source in sources.items():
        wrong = wrong_of(cell(f"def f():\n    x = np.ones((2, 3))\n    {source}", np=np)["f"])
        assert wrong.cause == cause
        assert wrong.received.endswith(f"of your cell:  {source}")


def test_an_attribute_that_is_misspelt_is_told_with_the_one_that_it_is_like(cell):
    wrong = wrong_of(cell("def f():\n    return np.ones(3).astipe('int8')", np=np)["f"])
    assert (wrong.cause, wrong.why) == ("an attribute does not exist", "There is one that is called `astype`.")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("The only types are: None,\nint, float.", "The only types are: None, int, float."),
        ("module 'numpy' has no attribute 'x'.\n`np.x` was an alias.", "module 'numpy' has no attribute 'x'"),
        (
            "{{function_node __wrapped__AddV2_device_/job:x}} Incompatible shapes: [2] vs. [3] [Op:AddV2] name: ",
            "Incompatible shapes: [2] vs. [3]",
        ),
        ("Bad input.\n\nArguments received by Conv2D.call():\n  • inputs=1", "Bad input."),
        (
            "Graph execution error:\n\nDetected at node a\nneeds [2] values\n\t [[{{node a}}]] [Op:f]",
            "needs [2] values",
        ),
        ("word " * 100, "word " * 60 + "..."),
    ],
)
def test_a_message_is_whole_and_without_the_insides_of_libraries(message, told):
    text = describe_error(ValueError(message))
    assert text == f"ValueError: {told}" or (len(told) > 300 and text.endswith("word ..."))


KERAS = """
import keras
from keras import layers

def join():
    return layers.Concatenate()([keras.Input((4, 4, 1)), keras.Input((3, 3, 1))])

class Mine(layers.Layer):
    def call(self, x):
        return keras.ops.matmul(x, keras.ops.ones((7, 3)))

def inside():
    return Mine()(keras.Input((5,)))

def fit():
    model = keras.Sequential([layers.Dense(1)])
    model.compile(loss="mse", optimizer="adam")
    model.fit(keras.ops.ones((2, 7)), keras.ops.ones((2, 3, 4)), verbose=0)
"""


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("join", "return layers.Concatenate()(", "inputs with matching shapes"),
        ("inside", "return keras.ops.matmul(", "5 and 7"),
        ("fit", "model.fit(", "[2,3,4]"),
    ],
)
def test_the_student_s_line_is_shown_when_keras_raises_deep_inside(cell, name, line, words):
    wrong = wrong_of(cell(KERAS)[name], name)
    assert f"of your cell:  {line}" in wrong.received
    first = wrong.received.splitlines()[0]
    assert words in first
    assert "\x1b" not in wrong.report()
    assert "Exception encountered" not in wrong.report()


def test_a_function_that_tensorflow_compiles_keeps_its_line(cell):
    source = (
        "import tensorflow as tf\n@tf.function\ndef f():\n    x = tf.ones((2, 2))\n    return x @ tf.ones((7, 3))\n"
    )
    wrong = wrong_of(cell(source)["f"])
    assert wrong.received == (
        "ValueError: Dimensions must be equal, but are 2 and 7\n"
        "in line 5 of your cell:  return x @ tf.ones((7, 3))"
    )  # fmt: skip


def test_a_folder_beside_the_package_belongs_to_the_student(tmp_path, monkeypatch):
    """`lungseg_of_mine` begins like `lungseg`."""
    package = tmp_path / "lungseg"
    monkeypatch.setattr(students_code, "_NOT_THE_STUDENTS", (package,))
    for folder, expected in (("lungseg_of_mine", True), ("lungseg", False)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "mine.py"
        path.write_text("def f():\n    return 1 / 0\n", encoding="utf-8")
        names = {}
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
        assert ("return 1 / 0" in wrong_of(names["f"]).received) is expected


def test_an_explanation_of_the_look_comes_first():
    def explain(error):
        return Wrong("mine", received="", expected="6") if isinstance(error, KeyError) else None

    with pytest.raises(Wrong) as caught, trying("f()", explain):
        raise KeyError("a")
    assert (caught.value.cause, caught.value.tried) == ("mine", "f()")
    assert caught.value.received.startswith("KeyError: 'a'")
    with pytest.raises(Wrong) as caught, trying("f()", explain):
        raise IndexError
    assert caught.value.cause == "an index is too large"


def test_an_interruption_is_none_of_ours():
    with pytest.raises(KeyboardInterrupt), trying("f()"):
        raise KeyboardInterrupt
