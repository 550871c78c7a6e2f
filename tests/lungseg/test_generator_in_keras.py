"""DataGenerator through Keras: the same batches with any number of workers, and bad cases named from within fit."""

import hashlib
import re
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest

import batches
from batches import assert_same, fit, jitter
from lungseg.cases import load_case
from lungseg.errors import InputError
from lungseg.generator import DataGenerator
from refusals import refusal
from trainings import computing_eagerly

pytestmark = pytest.mark.slow

# Elsewhere Keras tries its model on a first batch, which the first epoch then lacks.
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
MIXES_EPOCHS = "Keras with several workers mixes up epochs on this backend"


@pytest.fixture(autouse=True)
def with_graphs():
    """As users compute."""
    with computing_eagerly(False):
        yield


@pytest.fixture
def cases(phantom_cases):
    """Seven phantoms: batches of 2, 2, 2 and 1."""
    return phantom_cases[:7]


@pytest.fixture(scope="module")
def reference(phantom_cases):
    """Two epochs through Keras, read by the main thread."""
    return fit(DataGenerator(phantom_cases[:7], batch_size=2, seed=3, augment=jitter), epochs=2)


def test_fit_gets_the_batches_that_the_generator_gives(cases, reference):
    # Keras calls `on_epoch_end` once before it starts: its first epoch is the generator's second.
    generator = DataGenerator(cases, batch_size=2, seed=3, augment=jitter)
    by_epoch = []
    for _ in range(4):
        by_epoch.append(list(generator))
        generator.on_epoch_end()
    first = next(k for k in range(2) if np.array_equal(by_epoch[k][0][0], reference[0][0]))
    assert_same(reference, by_epoch[first] + by_epoch[first + 1])


@pytest.mark.parametrize(("workers", "max_queue_size"), [(0, 10), (1, 10), (2, 1), (4, 10)])
def test_any_number_of_threads_gives_the_same_batches(cases, reference, workers, max_queue_size):
    if not ON_TENSORFLOW and workers > 1:
        pytest.skip(MIXES_EPOCHS)
    settings = dict(batch_size=2, seed=3, augment=jitter, workers=workers, max_queue_size=max_queue_size)
    assert_same(fit(DataGenerator(cases, **settings), epochs=2), reference)


def test_predictions_keep_the_order_of_the_cases(cases):
    inputs = keras.Input((32, 32, 1))
    model = keras.Model(inputs, keras.layers.Activation("linear")(inputs))
    generator = DataGenerator(cases, batch_size=2, shuffle=False, workers=2 if ON_TENSORFLOW else 1)
    images = model.predict(generator, verbose=0)
    np.testing.assert_array_equal(images, np.stack([load_case(path)[..., :1] for path in cases]))


PROCESSES = """
import hashlib, sys, warnings
warnings.simplefilter("ignore")
import keras
from batches import fit, jitter
from lungseg.generator import DataGenerator

if __name__ == "__main__":
    settings = dict(batch_size=2, seed=3, augment=jitter)
    for processes in [1, 2]:
        generator = DataGenerator(sys.argv[1:], **settings, workers=processes, use_multiprocessing=True)
        seen = fit(generator, epochs=2)
        print(hashlib.sha256(b"".join(array.tobytes() for batch in seen for array in batch)).hexdigest())
"""


@pytest.mark.skipif(not ON_TENSORFLOW, reason=MIXES_EPOCHS)
def test_processes_give_the_same_batches(cases, reference, tmp_path):
    # In a Python of its own: that shows that a seed is enough, and a hang would end after two minutes.
    script = tmp_path / "processes.py"
    script.write_text(PROCESSES)
    shutil.copy(batches.__file__, tmp_path)
    run = subprocess.run(
        [sys.executable, script, *map(str, cases)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    expected = hashlib.sha256(b"".join(array.tobytes() for batch in reference for array in batch)).hexdigest()
    assert run.stdout.split() == [expected, expected]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("eagerly", [True, False])
def test_a_bad_case_is_named_from_within_fit(cases, tmp_path, workers, eagerly):
    # TensorFlow wraps the error in its own; a line of that still holds the whole message.
    if not ON_TENSORFLOW and workers > 1:
        pytest.skip(MIXES_EPOCHS)
    paths = [shutil.copy(path, tmp_path) for path in cases]
    np.save(paths[5], np.full((32, 32, 2), np.nan))
    generator = DataGenerator(paths, batch_size=2, shuffle=False, workers=workers)
    inputs = keras.Input((32, 32, 1))
    model = keras.Model(inputs, keras.layers.Conv2D(1, 1)(inputs))
    model.compile(optimizer="sgd", loss="mse", run_eagerly=eagerly)
    with pytest.raises(Exception, match=re.escape(str(paths[5]))) as raised:
        model.fit(generator, verbose=0)
    if not isinstance(raised.value, InputError):
        [line] = {m.group(1) for m in re.finditer(r"InputError: (.*)", str(raised.value))}
        with pytest.raises(InputError) as direct:
            load_case(paths[5])
        assert line == str(direct.value)


@pytest.mark.parametrize("backend", ["jax", "torch"])
@pytest.mark.parametrize("settings", [{"workers": 2}, {"use_multiprocessing": True}, {"workers": 4}])
def test_workers_are_refused_where_keras_mixes_up_epochs(cases, monkeypatch, backend, settings):
    monkeypatch.setattr("keras.config.backend", lambda: backend)
    assert f"DataGenerator on {backend} expected workers=1" in refusal(DataGenerator, cases, **settings)
    DataGenerator(cases, workers=0, use_multiprocessing=True)  # the main thread reads


class Marked(DataGenerator):
    """Its batches tell their epoch and their number in place of an image and a mask."""

    def __getitem__(self, index):
        images, masks = super().__getitem__(index)
        return np.full_like(images, self.epoch), np.full_like(masks, index)


class Watch(keras.metrics.Metric):
    """The mean of what came last: of the images, or of the masks."""

    def __init__(self, name):
        super().__init__(name=name)
        self.last = self.add_weight(shape=(), initializer="zeros", name="last")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.last.assign(keras.ops.mean(y_pred if self.name == "epoch" else y_true))

    def result(self):
        return 1 * self.last


@pytest.mark.parametrize(
    ("compiling", "workers"),
    [
        *[({"run_eagerly": True}, workers) for workers in (1, 2, 4)],
        *[({"jit_compile": False}, workers) for workers in (1, 2)],
        ({"jit_compile": True}, 2 if ON_TENSORFLOW else 1),
    ],
)
def test_each_epoch_has_its_own_batches_in_order(cases, compiling, workers):
    if not ON_TENSORFLOW and workers > 1:
        pytest.skip(MIXES_EPOCHS)
    if compiling.get("jit_compile") and keras.backend.backend() == "torch":
        pytest.skip("takes a compiler")
    inputs = keras.Input((32, 32, 1))
    model = keras.Model(inputs, keras.layers.Conv2D(1, 1, use_bias=False, kernel_initializer="ones")(inputs))
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=[Watch("epoch"), Watch("index")], **compiling)
    seen = []

    class Note(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append((round(float(logs["epoch"])), round(float(logs["index"]))))

    generator = Marked(cases, batch_size=2, workers=workers)
    model.fit(generator, epochs=2, verbose=0, shuffle=False, callbacks=[Note()])
    # A second `fit` goes on where the first ended, and `evaluate` and `predict` in between change nothing.
    model.evaluate(Marked(cases, batch_size=2, shuffle=False, workers=workers), verbose=0)
    model.fit(generator, initial_epoch=2, epochs=3, verbose=0, shuffle=False, callbacks=[Note()])
    first = seen[0][0]
    order = [epoch for epoch, _ in seen[::4]]
    assert seen == [(epoch, index) for epoch in order for index in range(4)]
    assert order[:2] == [first, first + 1]
    assert order[2] > order[1]
