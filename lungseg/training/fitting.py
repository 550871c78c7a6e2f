"""Fits a network, and digs the line about a bad case out of what Keras wraps around it."""

import keras

from lungseg.errors import InputError
from lungseg.generator import DataGenerator
from lungseg.training.callbacks import StopAtNaN


def fit_network(
    model: keras.Model,
    training: DataGenerator,
    validation: DataGenerator,
    epochs: int,
    callbacks: list[keras.callbacks.Callback],
    epochs_done: int,
) -> None:
    """Fit the network; of an error within Keras, raise the line about a bad case."""
    try:
        model.fit(
            training,
            validation_data=validation,
            initial_epoch=epochs_done,
            epochs=epochs,
            callbacks=callbacks,
            shuffle=False,  # the generator shuffles; Keras would mix the order of its batches once more
            verbose=0,
        )
    except Exception as error:
        raise _as_input_error(error, callbacks) from None


def _as_input_error(error: Exception, callbacks: list[keras.callbacks.Callback]) -> Exception:
    """Dig the line about a bad case out of what a backend wraps around it."""
    if isinstance(error, InputError):
        return error
    for line in str(error).splitlines():
        if "InputError: " in line:
            return InputError(line.split("InputError: ", 1)[1])
    if "all elements of input should be between 0 and 1" in str(error):  # PyTorch's cross-entropy met no number
        return next(c for c in callbacks if isinstance(c, StopAtNaN)).reason()
    return error
