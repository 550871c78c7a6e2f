"""A network of the user's own: whether it fits the cases, and whether Keras can save it and load it again."""

import tempfile
from pathlib import Path

import keras
import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.files.networks import load_network
from lungseg.problems import LUNGS, Problem


def check_own_network(model: keras.Model, size: tuple[int, int], problem: Problem = LUNGS) -> None:
    """Refuse a network that does not fit the cases, or that nobody could load again after the training.

    It is tried on two images of noise: what it gives tells more than what it says of itself.

    Parameters
    ----------
    model : keras.Model
        From images (B, H, W, C) to probabilities (B, H, W, outputs). One that is subclassed is built by this.
    size : (int, int)
        Height and width of the cases.
    problem : Problem

    Raises
    ------
    InputError
        In one line, what does not fit, and what to do.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> check_own_network(build_unet((32, 32, 1), filters=2, depth=1), (32, 32))
    """
    if not isinstance(model, keras.Model):
        what = "a function or class: call it" if callable(model) else "something else: give the network itself"
        raise InputError(f"train expected as model a keras.Model. Received: {type(model).__name__}, {what}.")
    taken = (*size, len(problem.channels))
    _check_input(model, taken)
    images = np.random.default_rng(0).random((2, *taken), dtype=np.float32)
    try:
        output = model(images, training=False)
    except Exception as error:  # whatever a layer says to images that do not suit it
        raise InputError(
            f"model: expected a network of images (B, {_sides(taken)}). Received: one that fails with them, "
            f"{one_line(error, 200)}. Build it for these cases."
        ) from None
    output = _check_output(output, (*size, problem.outputs), problem)
    _check_values(output, problem)
    _check_saving(model, images, output)


def _sides(shape: tuple[int | None, ...]) -> str:
    return ", ".join("any" if side is None else str(side) for side in shape)


def _refusal(expected: str, received: str, remedy: str) -> InputError:
    return InputError(f"model: expected {expected}. Received: {received}. {remedy}")


def _check_input(model: keras.Model, taken: tuple[int, int, int]) -> None:
    """Refuse a network whose input is known to be another; that of a subclassed one is not known."""
    inputs = getattr(model, "inputs", None)
    if inputs is None:
        return
    expected = f"one input, images (B, {_sides(taken)})"
    if len(inputs) != 1:
        raise _refusal(expected, f"{len(inputs)} inputs", "Build a network that takes the image alone.")
    shape = tuple(inputs[0].shape[1:])
    if len(shape) == 3 and all(side in (None, wanted) for side, wanted in zip(shape, taken, strict=True)):
        return
    received = f"one of (B, {_sides(shape)})"
    height, width, channels = taken
    if len(shape) == 3 and shape[0] == channels and shape[2] not in (None, channels):
        remedy = "Its channels come first: build it with data_format='channels_last'."
    elif len(shape) == 3 and shape[2] not in (None, channels):
        remedy = f"Build it for {channels} channels"
        repeated = "keras.layers.Concatenate()([image, image, image])"
        remedy += f", or put {repeated} in front of it." if (channels, shape[2]) == (1, 3) else "."
    else:
        remedy = f"Build it for images of {height} x {width}, or of any size: keras.Input((None, None, {channels}))."
    raise _refusal(expected, received, remedy)


def _check_output(output: object, given: tuple[int, int, int], problem: Problem) -> np.ndarray:
    """Return the output as an array, if it has the shape of the masks."""
    names = ", ".join(problem.names_of_outputs)
    expected = f"one output, probabilities (B, {_sides(given)}) of {names}"
    if isinstance(output, (dict, list, tuple)):
        raise _refusal(
            expected,
            f"{len(output)} outputs",
            "Keep the one of the masks: keras.Model(model.inputs, model.outputs[0]) for example.",
        )
    array = keras.ops.convert_to_numpy(output).astype(np.float32)
    shape = array.shape[1:]
    if shape == given:
        return array
    if len(shape) != 3:
        remedy = "Leave out what makes one answer of the image (Flatten, GlobalAveragePooling2D, include_top=False)."
    elif shape[0] == given[2] and shape[1:] == given[:2]:
        remedy = "Its channels come first: put keras.layers.Permute((2, 3, 1)) behind it."
    elif shape[:2] != given[:2]:
        remedy = "Its masks have another size than the image: put keras.layers.UpSampling2D or Resizing behind it."
    elif problem.outputs == 1 and shape[2] == 2:
        remedy = "Keep the channel of the class: keras.Model(model.input, model.output[..., 1:])."
    elif problem.softmax and shape[2] == given[2] - 1:
        remedy = "One channel is that of the background, the first: end it in Conv2D(outputs, 1, activation='softmax')."
    else:
        activation = "softmax" if problem.softmax else "sigmoid"
        remedy = f"End it in keras.layers.Conv2D({given[2]}, 1, activation='{activation}')."
    raise _refusal(expected, f"(B, {_sides(shape)})", remedy)


def _check_values(output: np.ndarray, problem: Problem) -> None:
    """Refuse values that are no probabilities, and a softmax where sigmoids belong, or the other way round."""
    activation = "softmax" if problem.softmax else "sigmoid"
    low, high = float(output.min()), float(output.max())
    if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN fails both
        raise _refusal(
            "probabilities from 0 to 1",
            f"values from {low:.4g} to {high:.4g}",
            f"Its last layer lacks activation='{activation}': keras.Model(model.input, "
            f"keras.ops.{activation}(model.output)).",
        )
    sums = output.sum(axis=-1)
    if problem.softmax and np.abs(sums - 1).max() > 1e-2:
        for axis, along in ((1, "columns"), (2, "rows")):
            if np.abs(output.sum(axis=axis) - 1).max() < 1e-2:
                raise _refusal(
                    "a softmax over background and classes, the last axis",
                    f"probabilities that sum to 1 along {along} of pixels, axis {axis}",
                    "Write axis=-1, which is what activation='softmax' takes.",
                )
        raise _refusal(
            "a softmax over background and classes, as they do not overlap",
            f"probabilities that sum to {sums.min():.3g} to {sums.max():.3g}",
            "Put activation='softmax' in place of the sigmoid, or name the classes with exclusive=False.",
        )
    if problem.outputs == 1 and low > 1 - 1e-6:  # not all processors divide a number by itself to exactly 1
        raise _refusal(
            "a sigmoid",
            "1 in every pixel",
            "A softmax over one channel is 1 everywhere: put activation='sigmoid' in its place.",
        )
    # Sigmoids of weights that begin with 0 are 0.5 everywhere.
    if not problem.softmax and problem.outputs > 1 and np.abs(sums - 1).max() < 1e-4 and output.std() > 1e-3:
        raise _refusal(
            "a sigmoid for each class, as they may overlap",
            "a softmax: the probabilities of all classes sum to 1",
            "Put activation='sigmoid' in its place.",
        )


def _check_saving(model: keras.Model, images: np.ndarray, output: np.ndarray) -> None:
    """Refuse a network that cannot be saved, or comes back as another one."""
    registered = "Register classes of your own (keras.saving.register_keras_serializable), and give them get_config"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        try:
            model.save(path)
        except Exception as error:  # whatever a layer says that does not know its settings
            raise _refusal(
                "a network that Keras can save", f"one that it cannot, {one_line(error, 200)}", f"{registered}."
            ) from None
        try:
            again = load_network(path)
        except InputError as error:
            reason = str(error).removeprefix(f"{path}: ")
            raise InputError(f"model: saved and loaded again, it {_as_predicate(reason)}") from None
        answer = keras.ops.convert_to_numpy(again(images, training=False)).astype(np.float32)
    if not np.allclose(answer, output, atol=1e-2):
        raise _refusal(
            "a network that answers the same when it is saved and loaded again",
            "one that answers otherwise",
            f"Every layer must be an attribute of its layer or network. {registered}.",
        )


def _as_predicate(reason: str) -> str:
    """Return a reason as the end of a sentence about the network."""
    return reason if reason.startswith(("holds", "describes")) else f"is refused: {reason}"
