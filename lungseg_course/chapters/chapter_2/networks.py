"""For the looks at notebook 2: what a student's function builds, with weights that are chosen, and rows they share."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises


class Built:
    """What a student's function builds, a block or a network, for several cases: a Keras model."""

    def __init__(self, model: Any = None):
        self.model = model
        self.returned: Any = None
        self.noted: tuple[np.ndarray, ...] = ()  # results to be compared later

    def build(self, function: Callable) -> None:
        """Call the student's function, and make a `model` of what it `returned` if that can be."""
        raise NotImplementedError

    def __call__(self, inputs: Any, training: bool | None = False) -> np.ndarray:
        """Return what the model gives, as numbers. None for training is a plain call, `model(inputs)`.

        A plain call lets a `training=True` that was given to a layer have its way; `training=False` overrules it.
        """
        import keras

        several = isinstance(inputs, list)
        arrays = [np.asarray(array, dtype="float32") for array in (inputs if several else [inputs])]
        result = self.model(arrays if several else arrays[0], training=training)
        return np.asarray(keras.ops.convert_to_numpy(result), dtype="float64")

    def choose_weights(self, rng: np.random.Generator, positive: bool = False) -> None:
        """Give each kernel new numbers, and each dropout a new start; offsets and normalisations stay neutral.

        Positive kernels take means, so that a network with ReLUs lets everything through.
        """
        for variable in self.model.variables:
            shape = tuple(variable.shape)
            if "int" in str(variable.dtype):
                variable.assign(rng.integers(1, 10_000, shape).astype("uint32"))
            elif len(shape) >= 2 and variable.name not in ("gamma", "beta"):
                size = np.prod(shape[:-1])
                kernel = rng.uniform(0.5, 1.5, shape) / size if positive else rng.normal(0, np.sqrt(2 / size), shape)
                variable.assign(kernel.astype("float32"))

    def dropouts(self) -> list:
        """Return the dropout layers of Keras, with those inside of layers and models of one's own."""
        return [layer for layer in self.model._flatten_layers() if is_a(layer, "Dropout")]


@same_chance()
def measured(function: Callable, built: Built, measure: Callable = lambda built: built, *args: Any) -> Any:
    """Return what is measured of what the student's function builds, which it does for the first case."""
    if built.model is None:
        built.build(function)
    return measure(built, *args)


def compared(built: Built, one: Any, other: Any, training: bool | None = False) -> tuple[np.ndarray, np.ndarray]:
    """Return the results for two inputs."""
    return built(one, training), built(other, training)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two results agree, up to what float32 cannot tell apart."""
    return a.shape == b.shape and bool(np.abs(a - b).max() <= 1e-4 * max(np.abs(a).max(), 1e-3))


def agree(out: Outcome) -> bool:
    """Whether the two results that were measured agree."""
    return same(*out.result)


def differ(out: Outcome) -> bool:
    """Whether the two results that were measured differ."""
    return not same(*out.result)


class ShapeOfResult(Kind):
    """The shape of what comes out, of which the batch does not matter."""

    def __init__(self, *words: str):
        self.words = words  # "shape {}", for "It gave" and "Expected"

    def read(self, result: tuple) -> tuple:
        """Return the shape without the batch."""
        return tuple(result)[1:]

    def show(self, value: tuple, right: tuple) -> tuple[str, str]:
        """Return the two shapes, with a letter for the batch."""
        shapes = (f"(B, {', '.join(map(str, shape))})" for shape in (value, right))
        received, expected = map(str.format, self.words, shapes)
        return received, expected


def is_a(value: Any, name: str) -> bool:
    """Whether the name is that of the class of a value or of one of its bases, so that Keras need not be imported."""
    return name in {kind.__name__ for kind in type(value).__mro__}


def not_built(out: Outcome) -> Any:
    """Return the block or the network, if no model could be made of what was returned."""
    return out.result if out.result.model is None else None


def what_returned(out: Outcome) -> str:
    """Say what the student's function returned in place of what it should."""
    value = out.result.returned
    if is_a(value, "KerasTensor"):
        return f"a tensor of shape {tuple(value.shape)}"
    return f"a {type(value).__name__}" if is_a(value, "Layer") else describe(value)


def shapes_in(error: BaseException | None) -> list[tuple]:
    """Return the different shapes that a message of Keras speaks of, without the batch: (height, width, channels).

    Examples
    --------
    >>> shapes_in(ValueError("Received: input_shape=[(None, 8, 12, 2), (None, 4, 6, 3)]"))
    [(8, 12, 2), (4, 6, 3)]
    """
    found = re.findall(r"[(\[](?:None, |\d+, )?(\d+, \d+, \d+)[)\]]", str(error))
    return [tuple(map(int, text.split(", "))) for text in dict.fromkeys(found)]


def sizes(*shapes: tuple) -> list[str]:
    """Write shapes as "8 × 12, 3 channels"."""
    return [f"{height} × {width}, {counted(channels, 'channel')}" for height, width, channels in shapes]


def _is_of_a_layer(out: Outcome) -> bool:
    from keras import layers

    return out.found[1] != "Layer" and hasattr(layers, out.found[1])


AS_IT_IS = "Give the dropout layer `dropout` as it is."
KERAS_KNOWS = "Leave out `training=True`: Keras itself tells the layers whether it trains."
RETURN = "A function returns only what follows `return`."
AXES = "The axes are (batch, height, width, channels). Which one may grow?"
CONCATENATE = "`layers.Concatenate` takes both in one list. Along which axis do the channels lie?"
SUM = "Exception: incompatible shapes|annot broadcast"
JOIN = f"{SUM}|oncat|`axis` dim"

# fmt: off
ADDED = ("added, not concatenated", SUM,
         "A sum asks for the same number of channels, and mixes the two, so that no later layer can tell them apart. "
         "Concatenation lays one behind the other.", CONCATENATE)
MULTIPLIED = ("multiplied, not concatenated", SUM,
              "A product asks for the same number of channels, and where one of the two is 0, nothing of the other one "
              "is left. Concatenation lays one behind the other.", CONCATENATE)
PRODUCT = r"[Mm]ultiply|\*=|[a-z_]\w*\)*\s?\*\s?[a-z_]"  # in a line of code
MIXED = ("not concatenated", SUM,
         "A difference, or the larger one of the two, asks for the same number of channels, and mixes them, so that no "
         "later layer can tell them apart. Concatenation lays one behind the other.", CONCATENATE)
DIFFERENCE = r"[Ss]ubtract|[Mm]aximum|[Mm]inimum|-=|[a-z_]\w*\)*\s?-\s?[a-z_]"
WRONG_AXIS = ("concatenated along the wrong axis", JOIN,
              "Height and width agree, so each pixel could keep its place and get the channels of both. Along any "
              "other axis, one image would be set beside the other, and Keras asks for equal channels.", AXES)
NOT_CALLED = ("`layers.Conv2D(...)` makes a layer. Only when it is called with a tensor does it return a tensor.",
              "Put the tensor behind it: `layers.Conv2D(...)(x)`.")
OPS = "Use the layer of that name, or the function in `keras.ops`."
LAYERS = (
    Raises("the tensors stand in the first parentheses", "Exception: <Concatenate",
           "`layers.Concatenate(...)` makes a layer, with its settings. It joins when it is called with a list.",
           "Write `layers.Concatenate()([x, skip])`."),
    Raises("a TensorFlow function on a symbolic tensor", "Exception: used as input to a TensorFlow function",
           "While a network is put together there are no numbers yet. Keras' layers and `keras.ops` can wait for them, "
           "functions of `tf.` cannot.", OPS),
    Raises("a NumPy function on a symbolic tensor", "Exception: convert it to a NumPy array|convert a symbolic",
           "While a network is put together there are no numbers yet, and NumPy needs them.", OPS),
    Raises("a layer that was not called",
           r"Exception: Only input tensors may be passed|must be KerasTensors[\s\S]*built=", *NOT_CALLED),
    Raises("a layer that was not called", r"Exception: \A'(\w+)' object (?:has no attribute|is not)", *NOT_CALLED,
           when=_is_of_a_layer),
    Raises("height and width are lost", r"Exception: expected (?:min_)?ndim=4, found ndim=2",
           "`Flatten`, and pooling of the whole image, make a single row of numbers of it, and a convolution needs the "
           "image.", "Leave it out: each pixel gets an answer of its own."),
    Raises("a layer for another number of axes", r"Exception: expected (?:min_)?ndim=\d|Kernel shape must have",
           "Layers whose names end in 1D work on sequences. Images have height and width.",
           "Use the layer that ends in 2D."),
    Raises("a rate that is no share", r"Exception: argument `rate`. Expected",
           "The rate of a dropout is the share that becomes 0, and no percentage.", AS_IT_IS),
    Raises("`padding` stands in the place of `strides`", "Exception: `strides` argument must .*=(same|valid)",
           "The third number in the parentheses of a convolution is its stride.",
           'Pass it by its name: `padding="same"`.'),
    Raises("the activation stands in the place of `strides`", r"Exception: `strides` argument must .*=[a-z]\w+",
           "The third number in the parentheses of a convolution is its stride.",
           "Pass it by its name: `activation=...`."),
    Raises("a setting in the second parentheses", r"TypeError: unexpected keyword argument '(\w+)'",
           lambda out: "The first parentheses make the layer, with its settings; the second ones call it with what it "
                       f"works on. `{out.found[1]}` is a setting.",
           "Put it into the first ones: `layers.Conv2D(..., activation=...)(x)`.", line=r"\)\s*\(\w+, .*="),
    Raises("a padding that Keras does not know", "Exception: `padding` argument must|'int' .* attribute 'lower'",
           "In PyTorch it is a number of pixels; in Keras it is a word.", 'The words are "same" and "valid".'),
    Raises("a number of filters that is not whole", r"Exception: invalid dimension '\d+\.\d+'", "`/` gives a float.",
           "Divide with `//`, which gives a whole number."),
    Raises("a size as number of filters", r"Exception: fully-defined[\s\S]*conv",
           "Height and width may be None, for any size, and a convolution needs to know its filters.",
           "Give it `filters`."),
    Raises("the tensor stands in the first parentheses", "Exception: cannot be used as a boolean",
           "The first parentheses make the layer, with its settings; the second ones call it.",
           "Write `layers.ReLU()(x)`.", line=r"[A-Z]\w*\(\w"),
    Raises(lambda out: f"`{out.found[1]}` of the layer is missing", r"TypeError: __init__\(\) missing .*: '(\w+)'",
           "A layer that was made without it does not know what to do.",
           "Look at how `encoder_block` makes its layers."),
    Raises("two layers with the same name", r"Exception: used \d+ times in the model",
           "A name that stands in a block is given to a layer each time the block is used.",
           "Leave out `name=`: Keras finds names of its own."),
    Raises("an activation that Keras does not know", "Exception: interpret activation",
           "Its name is misspelt.", 'The names are "relu" and "sigmoid".'),
    Raises("tensors that are not in a list", "Exception: too many positional arguments",
           "A layer takes one thing to work on. Those that join two tensors take them in one list.",
           "Put square brackets around the two: `[..., ...]`."),
    Raises("a list where one tensor belongs", r"Exception: expects 1 input\(s\), but it received",
           "A convolution takes one tensor.", "Join the two first, and give it the result."),
    Raises("something from outside the function", "Exception: is not connected to `inputs`",
           "The result comes from another tensor than those that the function is given: a variable of the same or a "
           "similar name from a cell above.",
           "Go through your lines: does each of them use the arguments, or what the line before has made?"),
    Raises("normalised along the wrong axis",
           r"Exception: should have a defined dimension|fully-defined[\s\S]*normalization",
           "Batch normalisation works on each channel. Along another axis it would have numbers for each row or "
           "column, and fit one size of image only.",
           "Leave out `axis`: its default is -1, the channels. (The first number in the parentheses is the axis, too: "
           "write `momentum=0.9`.)"),
)
# fmt: on
