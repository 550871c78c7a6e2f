"""How a result is compared with what is right, and what a verdict says of it."""

import numpy as np
import pytest

from lungseg_course.engine.describing import describe, describe_apart
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, as_array, expect_close, expect_shape


@pytest.mark.parametrize(
    ("result", "cause"),
    [
        (5.0, "another value"),
        (None, "nothing is returned"),
        (float("nan"), "not a number (nan)"),
        ("2", "not a number or an array"),
        ({}, "not a number or an array"),
        (1j, "not a number or an array"),
        ([1, [2]], "not a number or an array"),
        ([2.0], "the shape is another"),
        ((), "the shape is another"),
        (np.zeros((2, 3)), "the shape is another"),
        (np.half(0.5), "another value"),
    ],
)
def test_a_result_is_compared(result, cause):
    with pytest.raises(Wrong) as caught:
        expect_close(result, 2.0)
    assert caught.value.cause == cause
    assert caught.value.received
    assert caught.value.expected


@pytest.mark.parametrize("places", range(1, 7))
@pytest.mark.parametrize("exact", [2 / 3, 1.8524177123, np.array([0.123456789, 5 / 7])])
def test_what_was_rounded_is_named_and_differs_in_words(exact, places):
    with pytest.raises(Wrong) as caught:
        expect_close(np.round(exact, places), exact, tolerance=1e-9)
    assert caught.value.cause == "rounded"
    assert caught.value.received != caught.value.expected


def test_a_zero_or_a_one_is_not_called_rounded():
    for result, exact in ((0, 0.03), (1, 0.97), (np.array([0, 1]), np.array([0.03, 0.97]))):
        with pytest.raises(Wrong) as caught:
            expect_close(result, exact)
        assert caught.value.cause == "another value"


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        (2 / 3 + 1e-6, 2 / 3, ("0.666668", "0.666667")),
        (3.5e-5, 3.482e-5, ("3.5e-05", "3.482e-05")),
        (2.0, np.nan, ("2", "nan")),
        ([1, 0.5 + 1e-5], [1, 0.5], ("[1. , 0.50001]", "[1. , 0.5]")),
        (
            [[0.0] * 20],
            [[0.0] * 19 + [1.0]],
            ("an array of shape (1, 20), at [0, 19] 0", "an array of shape (1, 20), at [0, 19] 1"),
        ),
        (
            [np.nan] * 20,
            [np.nan] * 19 + [1.0],
            ("an array of shape (20,), at [19] nan", "an array of shape (20,), at [19] 1"),
        ),
        ([0.0] * 20, [0.0] * 21, ("an array of shape (20,)", "an array of shape (21,)")),
    ],
)
def test_two_values_are_told_apart(one, other, texts):
    assert describe_apart(np.array(one), np.array(other)) == texts


def test_small_numbers_are_compared_without_an_absolute_tolerance():
    assert expect_close(3.5e-5, 3.482e-5) is None
    with pytest.raises(Wrong):
        expect_close(3.5e-5, 3.482e-5, absolute=0)


@pytest.mark.parametrize("result", [2, 2.00001, np.float16(2), np.array(2), True + 1])
def test_equal_is_equal_in_any_type(result):
    assert expect_close(result, 2.0) is None


def test_the_shape_of_a_single_number_is_called_so():
    with pytest.raises(Wrong) as caught:
        expect_shape(np.zeros(3), ())
    assert (caught.value.received, caught.value.expected) == ("shape (3,)", "a single number, shape ()")


def test_a_symbolic_tensor_is_named():
    import keras

    with pytest.raises(Wrong) as caught:
        as_array(keras.Input((4,)))
    assert caught.value.cause == "a symbolic tensor"
    assert describe(keras.Input((4,))) == "KerasTensor of shape (None, 4)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (np.float32(0.123456), "0.1235"),
        (2, "2"),
        ((), "()"),
        ([], "[]"),
        (np.zeros(0), "[]"),
        (np.array([1, 0.5]), "[1. , 0.5]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (np.zeros((4, 5)), "an array of shape (4, 5)"),
        (np.array("a"), "ndarray of shape ()"),
        (list(range(100)), "list [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,..."),
    ],
)
def test_values_are_described_briefly(value, text):
    assert describe(value) == text


def test_a_number_and_its_noun():
    assert [counted(number, "case") for number in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]
    assert [counted(number, "batch") for number in (1, 2)] == ["1 batch", "2 batches"]
    assert counted(2, "epoch") == "2 epochs"


def test_a_report_is_wrapped_and_leaves_out_what_is_empty():
    report = Wrong("long", received="word " * 40, expected="6").report()
    assert max(map(len, report.splitlines())) <= 96
    assert [line.split()[0] for line in report.splitlines() if line.startswith("  ") and line[2] != " "] == [
        "It",
        "Expected",
        "Mistake",
    ]
