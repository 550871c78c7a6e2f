"""What one sees of a training in a notebook: one figure that is drawn anew, or lines."""

import random
import re
from contextlib import nullcontext
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from lungseg.cases import case_id
from lungseg_course.training import reporter as reporters
from lungseg_course.training.attempt import Attempt
from lungseg_course.training.reporter import Reporter, choose_two, look
from trainings import computing_eagerly

pytestmark = pytest.mark.filterwarnings("ignore:Even though the `tf.config")
LOGS = {"loss": 0.5, "dice": 0.6, "val_loss": 0.4, "val_dice": 0.7, "learning_rate": 0.002}


@pytest.fixture
def cases(tmp_path):
    paths = []
    for n in range(4):
        case = np.zeros((16, 16, 2), dtype="float32")
        case[4:12, 2:14] = 1
        paths.append(tmp_path / f"PHANTOM_{n:04d}_{n // 2}.npy")
        np.save(paths[-1], case)
    return paths


class Screens(list):
    """What a notebook would show: each output with all that it held, one after the other."""

    def display(self, bundle, raw=False, display_id=None):
        self.append([bundle])
        assert raw == bool(display_id) == isinstance(bundle, dict)
        return SimpleNamespace(update=lambda bundle, raw: self[-1].append(bundle))

    @property
    def lines(self):
        return [bundle["text/plain"].partition("\n")[0] for output in self for bundle in output]


@pytest.fixture
def screens(monkeypatch):
    screens = Screens()
    monkeypatch.setattr("IPython.display.display", screens.display)
    monkeypatch.setattr(reporters, "is_in_a_notebook", lambda: True)
    return screens


class Network:
    """Predicts that all is lung; in epoch 1 it cannot predict."""

    non_trainable_variables = ()
    looks = 0

    def __call__(self, images, training):
        assert not training
        self.looks += 1
        if self.looks == 2:
            raise ValueError("shapes")
        return np.ones_like(images) * (3 if self.looks == 3 else 1)  # in epoch 2, what are no probabilities


def go(reporter, epochs, batches=3):
    reporter.set_model(Network())
    reporter.on_train_begin()
    for epoch in range(epochs):
        reporter.on_epoch_begin(epoch)
        for batch in range(batches):
            reporter.on_train_batch_end(batch)
        reporter.on_epoch_end(epoch, dict(LOGS))


def test_it_is_one_output_that_is_drawn_anew_after_each_epoch(cases, screens, monkeypatch, capsys):
    monkeypatch.setattr(reporters, "PAUSE", 0.0)
    reporter = Reporter(3, 4, cases, lambda: None)
    go(reporter, 3)
    reporter.end()
    reporter.end()
    assert len(screens) == 1
    lines, of_epochs = screens.lines, [0, 4, 8, 12]
    assert lines[0] == "before the training; the first batch takes longest"
    assert lines[1] == "epoch 1 of 4 · batch 1 of 3"
    assert lines[4] == "epoch 1 of 4 · val_dice 0.700"
    assert lines[-1].startswith("Training after epoch 3 of 4.")
    *going_on, last = screens[0]
    pictures = [bundle["text/html"].partition("</div>")[0] for bundle in going_on]
    assert len(set(pictures)) == len({pictures[at] for at in of_epochs}) == 4
    alt = [bundle["text/plain"].partition("\n")[2] for bundle in going_on]
    assert "PHANTOM_0000_0: predicted outline beside the true one, Dice 0.545." in alt[0]
    assert [("predicted" in alt[at]) for at in of_epochs] == [True, False, False, True]
    assert last["text/plain"] == alt[-1]
    assert re.fullmatch(f'<img alt="{re.escape(alt[-1])}"[^<>]*>', last["text/html"])
    assert "Training on" in capsys.readouterr().out
    assert reporter.what_it_took(100).startswith(", ")


def test_batches_are_looked_at_now_and_then(cases, screens):
    go(Reporter(50, 1, cases, lambda: None), 1, batches=50)
    assert len(screens.lines) < 5


def test_where_nothing_can_be_drawn_there_is_a_line_for_each_epoch(cases, capsys):
    reporter = Reporter(3, 12, cases, lambda: None)
    go(reporter, 2)
    reporter.end()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1] == "epoch  1/12  loss 0.500  dice 0.600  val_loss 0.400  val_dice 0.700"
    assert reporter.what_it_took(100) == ""


def test_a_line_fits_into_a_terminal(cases, monkeypatch, capsys):
    reporter = Reporter(27, 12, cases, lambda: None)
    monkeypatch.setattr(reporter.clock, "left", lambda: 432)
    go(reporter, 1)
    assert 75 < len(capsys.readouterr().out.splitlines()[1]) < 80


@pytest.mark.parametrize("said", ["interrupted", "failed"])
def test_a_training_that_ends_early_leaves_its_figure(cases, screens, tmp_path, said):
    attempt = Attempt(tmp_path / "results" / "run", tmp_path / "results" / "run", cases)
    attempt.folder.mkdir(parents=True)

    def train():
        with attempt.interruptible():
            go(attempt.reporter(3, 4), 1)
            raise KeyboardInterrupt if said == "interrupted" else ValueError("the student's")

    with nullcontext() if said == "interrupted" else pytest.raises(ValueError, match="the student's"):
        train()
    assert len(screens) == 1
    before, last = screens[0][-2:]
    assert before["text/plain"].split("\n")[1] == last["text/plain"]
    assert last["text/plain"].startswith("Training after epoch 1 of 4.")


def test_cases_that_are_gone_are_no_reason_to_end_a_training(cases, screens):
    for path in cases:
        path.unlink()
    go(Reporter(3, 4, cases, lambda: None), 1)
    assert screens.lines[-1] == "epoch 1 of 4 · val_dice 0.700"


@pytest.mark.parametrize(("of", "chosen"), [(4, [0, 2]), (2, [0, 1]), (1, [0]), (0, [])])
def test_a_healthy_case_and_a_sick_one_if_there_are_both(cases, of, chosen):
    assert choose_two(cases[:of]) == [cases[at] for at in chosen]
    assert case_id(cases[2]).endswith("_1")


class Careless(keras.layers.Layer):
    """Takes it for granted that it trains, whatever it is told."""

    def __init__(self):
        super().__init__()
        self.norm, self.drop = keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=1)

    def build(self, shape):
        self.norm.build(shape)

    def call(self, x):
        return self.drop(self.norm(x, training=True), training=True)


def test_a_look_leaves_no_trace():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((8, 8, 1)), Careless(), keras.layers.Conv2D(1, 1, activation="sigmoid")])
    images = np.random.default_rng(0).random((2, 8, 8, 1), dtype="float32")

    def state():
        numbers = [keras.ops.convert_to_numpy(variable).tobytes() for variable in model.variables]
        return numbers, random.getstate(), np.random.get_state()[1].tobytes()  # noqa: NPY002

    before = state()
    assert look(model, images).shape == (2, 8, 8, 1)
    assert state() == before


def test_a_training_that_is_looked_at_gives_the_same_network(cases, screens):
    def weights(callbacks):
        keras.utils.set_random_seed(0)
        layers = [keras.layers.SpatialDropout2D(0.5), keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")]
        model = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.BatchNormalization(), *layers])
        model.compile("adam", "binary_crossentropy")
        data = np.stack([np.load(path) for path in cases])
        with computing_eagerly():
            model.fit(data[..., :1], data[..., 1:], batch_size=2, epochs=1, callbacks=callbacks, verbose=0)
        return b"".join(array.tobytes() for array in model.get_weights())

    assert weights([Reporter(2, 1, cases, lambda: None)]) == weights([])
    assert len(screens) == 1


def test_a_finished_training_shows_its_curves(cases, screens, monkeypatch, tmp_path):
    columns = {name: [value, value] for name, value in LOGS.items()}
    run = SimpleNamespace(history=__import__("pandas").DataFrame(columns), model=Network())
    monkeypatch.setattr("lungseg_course.training.attempt.score_of", lambda folder: 0.7)
    monkeypatch.setattr("lungseg_course.training.attempt.load_run", lambda folder: run)
    Attempt(tmp_path, tmp_path, cases, finished=True).show()
    ((figure,),) = screens
    assert figure.alt_text.startswith("Training after epoch 2 of 2. Loss: training 0.500")
    monkeypatch.setattr(reporters, "is_in_a_notebook", lambda: False)
    Attempt(tmp_path, tmp_path, cases, finished=True).show()
    assert len(screens) == 1
