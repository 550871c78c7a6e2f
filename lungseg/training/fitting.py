"""Fits a network, and says in one line what is wrong with a case or a loss, which Keras wraps into much more."""

import traceback
from pathlib import Path

import keras

from lungseg.environment import without_retracing
from lungseg.errors import InputError, quote
from lungseg.generator import DataGenerator
from lungseg.training.callbacks import StopAtNaN

# What the backends say of a loss that does not depend on the weights, and of NumPy where tensors have no values yet.
WITHOUT_GRADIENT = ("No gradients provided for any variable", "does not require grad")
NOT_AN_ARRAY = (
    "Cannot convert a symbolic tf.Tensor",
    "TracerArrayConversionError",
    "Can't call numpy() on Tensor that requires grad",
)


def fit_network(
    model: keras.Model,
    training: DataGenerator,
    validation: DataGenerator,
    epochs: int,
    callbacks: list[keras.callbacks.Callback],
    epochs_done: int,
) -> None:
    """Fit the network; of an error within Keras, raise the line about a bad case, or a loss that cannot train."""
    try:
        with without_retracing():
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
        raise _as_input_error(error, callbacks, model.loss) from None


def _as_input_error(error: Exception, callbacks: list[keras.callbacks.Callback], loss: object) -> Exception:
    """Dig the line about a bad case out of what a backend wraps around it, and name a loss that cannot train."""
    if isinstance(error, InputError):
        return error
    for line in str(error).splitlines():
        if "InputError: " in line:
            return InputError(line.split("InputError: ", 1)[1])
    if "all elements of input should be between 0 and 1" in str(error):  # PyTorch's cross-entropy met no number
        return next(c for c in callbacks if isinstance(c, StopAtNaN)).reason()
    name = getattr(loss, "__name__", type(loss).__name__)
    if any(said in str(error) for said in WITHOUT_GRADIENT):
        return InputError(
            f"loss: expected one that changes with what the network gives. Received: {name}, which has no gradient. "
            "Compute it from y_pred with keras.ops; NumPy, a maximum (argmax) and a rounding have none."
        )
    if any(said in f"{type(error).__name__}: {error}" for said in NOT_AN_ARRAY):
        frames = traceback.extract_tb(error.__traceback__)
        where = next((frame for frame in reversed(frames) if "site-packages" not in frame.filename), frames[-1])
        return InputError(
            f"loss and metrics: expected functions of tensors. Received: NumPy or Python in line {where.lineno} of "
            f"{Path(where.filename).name}, {quote(where.line)}. Compute with keras.ops in its place."
        )
    return error
