"""For the looks at notebook 2: weights that are chosen, results as numbers, messages of Keras explained."""

import re

import numpy as np

from lungseg_course.engine.verdict import Wrong, describe, describe_error


def choose_weights(model, rng, positive: bool = False) -> None:
    """Give each kernel new numbers, and each dropout a new start; offsets and normalisations stay neutral.

    Parameters
    ----------
    model : keras.Model
    rng : numpy.random.Generator
    positive : bool
        Positive kernels that take means, so that a network with ReLUs lets everything through.
    """
    for variable in model.variables:
        shape = tuple(variable.shape)
        if "int" in str(variable.dtype):
            variable.assign(rng.integers(1, 10_000, shape).astype("uint32"))
        elif len(shape) >= 2 and variable.name not in ("gamma", "beta"):
            inputs = np.prod(shape[:-1])
            kernel = rng.uniform(0.5, 1.5, shape) / inputs if positive else rng.normal(0, np.sqrt(2 / inputs), shape)
            variable.assign(kernel.astype("float32"))


def answer_of(model, inputs, training: bool | None = False) -> np.ndarray:
    """Return what a model gives, as numbers. None for training is a plain call, `model(inputs)`.

    A plain call lets a `training=True` that was given to a layer have its way; `training=False` overrules it.
    """
    import keras

    if isinstance(inputs, list):
        inputs = [np.asarray(array, dtype="float32") for array in inputs]
    else:
        inputs = np.asarray(inputs, dtype="float32")
    return np.asarray(keras.ops.convert_to_numpy(model(inputs, training=training)), dtype="float64")


def dropouts_in(model) -> list:
    """Return the dropout layers of Keras in a model, with those inside of layers and models of one's own."""
    import keras

    return [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.Dropout)]


def same(a, b) -> bool:
    """Whether two results agree, up to what float32 cannot tell apart."""
    return a.shape == b.shape and bool(np.abs(a - b).max() <= 1e-4 * max(np.abs(a).max(), 1e-3))


def mistake(cause: str, why: str, remedy: str, received: str, expected: str) -> Wrong:
    """Return a `Wrong`, from the parts of a table of mistakes and what came out."""
    return Wrong(cause, received=received, expected=expected, why=why, remedy=remedy)


def expect_tensor(result, expected: str):
    """Return what a function that works on symbolic tensors gave.

    Raises
    ------
    Wrong
        If it gave None, a layer, a model, a list, or numbers.
    """
    import keras

    if isinstance(result, keras.KerasTensor):
        return result
    known = (
        (
            result is None,
            "nothing is returned",
            "A function gives back only what stands behind `return`.",
            "End the function with `return` and the result.",
        ),
        (
            isinstance(result, keras.Model),
            "a model in place of a tensor",
            "A block takes tensors and gives a tensor; the model is made once, around all the blocks.",
            "Return the result of the last layer.",
        ),
        (isinstance(result, keras.Layer), *_NOT_CALLED),
        (
            isinstance(result, (list, tuple)),
            "several results",
            "The next layer takes one tensor.",
            "Return the result of the last layer alone.",
        ),
    )
    for is_it, cause, why, remedy in known:
        if is_it:
            raise mistake(cause, why, remedy, _shown(result), expected)
    raise Wrong(
        "not a tensor of this network",
        received=_shown(result),
        expected=expected,
        why="The result must come from the tensors that the function is given.",
        remedy="Is there a variable from another cell in your function? Use the arguments.",
    )


def shapes_in(error: Exception) -> list[tuple]:
    """Return the shapes that a message of Keras speaks of, without the axis of the batch: (height, width, channels).

    Examples
    --------
    >>> shapes_in(ValueError("Received: input_shape=[(None, 8, 12, 2), (None, 4, 6, 3)]"))
    [(8, 12, 2), (4, 6, 3)]
    """
    found = re.findall(r"[(\[]((?:None|\d+)(?:, (?:None|\d+)){2,3})[)\]]", str(error))
    return [tuple(None if size == "None" else int(size) for size in text.split(", "))[-3:] for text in found]


def is_sum(error: Exception) -> bool:
    """Whether Keras failed at taking a sum, a product or a mean of two tensors of other shapes."""
    return "incompatible shapes" in str(error) or "annot broadcast" in str(error)


def sizes(shape) -> str:
    """Write a shape as "8 × 12, 3 channels"."""
    return f"{shape[0]} × {shape[1]}, {shape[2]} channel{'s' if shape[2] != 1 else ''}"


ADDED = (
    "added, not concatenated",
    "A sum asks for the same number of channels, and mixes the two, so that no later layer can tell them apart. "
    "Concatenation lays one behind the other.",
    "`layers.Concatenate` takes both in one list. Along which axis do the channels lie?",
)
WRONG_AXIS = (
    "concatenated along the wrong axis",
    "Height and width agree, so each pixel could keep its place and get the channels of both. Along any other axis, "
    "one image would be set beside the other, and Keras asks for equal channels.",
    "The axes are (batch, height, width, channels). Which one may grow?",
)
_NOT_CALLED = (
    "a layer that was not called",
    "`layers.Conv2D(...)` makes a layer. Only when it is called with a tensor does it give a tensor.",
    "Put the tensor behind it: `layers.Conv2D(...)(x)`.",
)


def explain_layers(error: Exception) -> Wrong | None:
    """Say what a message of Keras usually means, where layers are put together."""
    text = str(error)
    known = (
        (
            "used as input to a TensorFlow function" in text,
            "a TensorFlow function on a symbolic tensor",
            "While a network is put together there are no numbers yet. Keras' layers and `keras.ops` can wait for "
            "them, functions of `tf.` cannot.",
            "Use the layer of that name, or the function in `keras.ops`.",
        ),
        (
            "convert it to a NumPy array" in text or "convert a symbolic" in text,
            "a NumPy function on a symbolic tensor",
            "While a network is put together there are no numbers yet, and NumPy needs them.",
            "Use the layer of that name, or the function in `keras.ops`.",
        ),
        (
            "Only input tensors may be passed" in text
            or ("must be KerasTensors" in text and "built=" in text)
            or _speaks_of_a_layer(error),
            *_NOT_CALLED,
        ),
        (
            "interpret activation" in text,
            "an activation that Keras does not know",
            "Its name is misspelt.",
            'The names are "relu" and "sigmoid".',
        ),
        (
            "too many positional arguments" in text,
            "tensors that are not in a list",
            "A layer takes one thing to work on. Those that join two tensors take them in one list.",
            "Put brackets around the two: `[..., ...]`.",
        ),
        (
            "expects 1 input(s), but it received" in text,
            "a list where one tensor belongs",
            "A convolution takes one tensor.",
            "Join the two first, and give it the result.",
        ),
        (
            "is not connected to `inputs`" in text,
            "something from outside the function",
            "The result comes from another tensor than those that the function is given: a variable of the same or "
            "a similar name from a cell above.",
            "Go through your lines: does each of them use the arguments, or what the line before has made?",
        ),
        (
            "should have a defined dimension" in text or ("fully-defined" in text and "normalization" in text),
            "normalised along the wrong axis",
            "Batch normalisation works on each channel. Along another axis it would have numbers for each row or "
            "column, and fit one size of image only.",
            "Leave out `axis`: its default is -1, the channels. (The first number in the brackets is the axis, too: "
            "write `momentum=0.9`.)",
        ),
    )
    for is_it, cause, why, remedy in known:
        if is_it:
            return mistake(cause, why, remedy, describe_error(error), "no error")
    return None


def _speaks_of_a_layer(error: Exception) -> bool:
    from keras import layers

    found = re.match(r"'(\w+)' object (has no attribute|is not)", str(error))
    return bool(found) and found.group(1) != "Layer" and hasattr(layers, found.group(1))


def _shown(result) -> str:
    import keras

    if isinstance(result, keras.Layer):
        return f"a {type(result).__name__}"
    return describe(result)
