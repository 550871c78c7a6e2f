"""Small trainings, and what interrupts them."""

from contextlib import contextmanager

import keras
import numpy as np

SMALL = {"filters": 2, "depth": 1, "batch_size": 4, "report": lambda line: None}


def one_layer():
    """A network for tests of all but the network, with the same weights each time: a step takes a fifth of the time."""
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")])


@contextmanager
def computing_eagerly(yes=True):
    """Compute without a graph of TensorFlow, or with one: to trace it takes longer than such a small training."""
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(yes)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


class Interrupt(keras.callbacks.Callback):
    """Press Ctrl+C in an epoch, counted from 0: when it has been validated, or after one of its batches."""

    def __init__(self, epoch, in_batch=None):
        super().__init__()
        self.at, self.in_batch, self.now = epoch, in_batch, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.at and batch == self.in_batch:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.at and self.in_batch is None:
            raise KeyboardInterrupt


def same_weights(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.model.get_weights(), other.model.get_weights(), strict=True))
