"""What decides the weights beside the settings: which pixels, which precision, how many threads."""

import os
import shutil

import keras
import numpy as np
import pytest

from lungseg import build_unet, train
from lungseg.cases import mark_cases
from lungseg.training.conditions import check_precision, count_threads, describe_precision
from refusals import refusal


@pytest.fixture
def cases(phantom_cases, tmp_path):
    return [shutil.copy(path, tmp_path) for path in phantom_cases[:3]]


def test_cases_are_known_again_by_their_names_and_pixels(cases, tmp_path):
    mark = mark_cases(cases)
    assert len(mark) == 16
    (tmp_path / "elsewhere").mkdir()
    moved = [shutil.copy(path, tmp_path / "elsewhere") for path in reversed(cases)]
    np.save(moved[0], np.load(moved[0]).astype("float64"))  # the same numbers
    assert mark_cases(moved) == mark
    assert mark_cases(cases[:2]) != mark
    array = np.load(cases[1])
    for change in (array[::-1], array.reshape(16, 64, 2), array * [0.999, 1]):
        np.save(cases[1], change)
        assert mark_cases(cases) != mark
    np.save(cases[1], array)
    assert mark_cases(cases) == mark
    other = shutil.move(cases[1], f"{cases[1].removesuffix('.npy')}_.npy")  # in the same place of the order
    assert mark_cases([cases[0], other, cases[2]]) != mark


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"])
def test_the_precision_is_that_of_the_network_not_of_the_moment(policy):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy(policy)
        model = build_unet((8, 8, 1), filters=1, depth=1)
    finally:
        keras.config.set_dtype_policy(before)
    assert describe_precision(model) == policy


def test_plain_float16_is_refused(cases, tmp_path):
    """It would train to NaN, and keep a best epoch."""
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    built = build_unet((32, 32, 1), filters=1, depth=1)
    try:
        keras.config.set_dtype_policy("float16")
        said = [refusal(train, cases, tmp_path / "run", filters=1, depth=1)]
        check_precision(built)  # built before, in float32
        keras.config.set_dtype_policy(policy)
        keras.config.set_floatx("float16")
        said.append(refusal(train, cases, tmp_path / "run", model=built))
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
    assert "the policy float16, " in said[0]
    assert 'set_dtype_policy("mixed_float16"), before' in said[0]
    assert "floatx float16, " in said[1]
    assert 'set_floatx("float32")' in said[1]
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="asked of TensorFlow")
def test_the_number_of_threads(monkeypatch):
    import tensorflow as tf

    assert not tf.config.threading.get_intra_op_parallelism_threads()
    for said, counted in [("1", 1), ("7", 7), ("0", count_cores()), ("", count_cores())]:
        monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", said)
        assert count_threads() == counted
    monkeypatch.setattr(tf.config.threading, "get_intra_op_parallelism_threads", lambda: 3)
    assert count_threads() == 3


def count_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
