"""Notebook 4: what its checks do beyond naming mistakes."""

import keras

from answers.chapter_4 import compile_model, make_callbacks
from lungseg_course.engine.checking import first_wrong


def test_no_file_is_left_in_the_students_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for mistake in ("the network is not in the run folder", "the file has another name", "history.csv is missing"):
        assert first_wrong("4.4", make_callbacks.answers.with_mistake(mistake)).cause == mistake
    assert list(tmp_path.iterdir()) == []


def test_the_network_that_was_checked_is_not_the_students():
    """A look makes its own network: one that the student has stays as it is."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])

    def compile_mine(_, learning_rate, loss, metrics):
        compile_model.compile_model(model, learning_rate, loss, metrics)

    assert first_wrong("4.3", compile_mine).cause == "the network is not compiled"
