"""What the tests of the generator share: how batches are told apart, and a model that remembers them."""

import keras
import numpy as np

from lungseg.cases import load_case


def numbers(batch, cases):
    """Which cases the images of a batch are."""
    known = {load_case(path).tobytes(): number for number, path in enumerate(cases)}
    return [known[np.concatenate(pair, axis=-1).tobytes()] for pair in zip(*batch, strict=True)]


def assert_same(batches, others):
    assert len(batches) == len(others)
    for ours, theirs in zip(batches, others, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


def jitter(images, masks, seed):
    """An augmentation that shows its seed: noise on the images, masks as they are."""
    return images + np.random.default_rng(seed).normal(size=images.shape).astype("float32"), masks


@keras.saving.register_keras_serializable(package="lungseg_tests")
class Recorder(keras.Model):
    """A model that learns nothing and remembers what it was given."""

    def __init__(self):
        super().__init__()
        self.weight = self.add_weight(shape=(), name="weight")
        self.seen = []

    def call(self, x):
        return x * self.weight

    def train_step(self, *arguments):  # JAX passes the state before the data
        self.seen.append(tuple(keras.ops.convert_to_numpy(array) for array in arguments[-1][:2]))
        return {"loss": 0.0} if len(arguments) == 1 else ({"loss": 0.0}, arguments[0])


def fit(generator, **settings):
    """The batches that Keras takes from a generator."""
    model = Recorder()
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    # The generator has shuffled: without this, Keras would shuffle its batches once more.
    model.fit(generator, shuffle=False, verbose=0, **settings)
    return model.seen
