"""Tensors as Keras passes them, and what errors mean where tensors are taken for arrays."""

import re
from collections.abc import Callable

from lungseg_course.chapters.chapter_3.overlaps import HEIGHT, WIDTH
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises
from lungseg_course.engine.students_code import function_of_another_cell

GRADIENT = (
    "Gradient descent asks how the loss changes with each weight. Rounding, comparing and casting to integers cut "
    "that off."
)

FUNCTIONS = {
    "astype": 'ops.cast(x, "float32")',
    "float": 'ops.cast(x, "float32")',
    "double": 'ops.cast(x, "float32")',
    "to": 'ops.cast(x, "float32")',
    "type": 'ops.cast(x, "float32")',
    "view": "ops.reshape(x, shape)",
    "flatten": "ops.sum(x, axis=(1, 2, 3))",
    "size": "ops.shape(x)",
    "dim": "ops.ndim(x)",
}


def _function_for(out: Outcome) -> str:
    """Return what to write in place of a method that tensors do not have."""
    from keras import ops

    found = re.search(r"has no attribute '(\w+)'", str(out.error))
    name = found[1] if found else ""
    if name in FUNCTIONS:
        return f"Write `{FUNCTIONS[name]}` in place of `x.{name}()`."
    if callable(getattr(ops, name, None)):
        return f"Use the function of `keras.ops` with that name: `ops.{name}(x, ...)`."
    return "Look for a function of `keras.ops` that does it: the text above names those that you need."


def _without_numpy(out: Outcome) -> str:
    """Return what to use in place of NumPy, which may be in a function of the notebook that was called."""
    other = function_of_another_cell(out.error) if out.error else None
    if other:
        return f"`{other}` of a cell above works with NumPy only. Write the formula anew, with `keras.ops`."
    return "Use the functions of `keras.ops` in place of those of NumPy."


# fmt: off
TENSORS = (
    Raises("NumPy in place of `keras.ops`",
           r"Exception: to a NumPy array|to a numpy array|numpy\(\) on Tensor|has no attribute 'numpy'|__array__",
           "While Keras prepares the training, tensors have a shape and no values yet. NumPy wants values, and it "
           "does not keep track of the gradient either.",
           _without_numpy),
    Raises("a Python number in place of a tensor",
           "Exception: as a Python `bool`|truth value|SymbolicTensor|KerasTensor|only (length-1|0-dimensional|size-1)",
           "A tensor holds many numbers, and while Keras prepares the training it has a shape and no values yet. "
           "`float` cannot read it, and `if`, `and` and `or` cannot decide by it.",
           "Write it as a formula for the whole batch. `keras.ops` has all that it takes; `ops.where` decides.",
           when=lambda out: not isinstance(out.error, AttributeError)),
    Raises("a tensor has no such method", "AttributeError: Tensor.*has no attribute",
           "Arrays of NumPy, and tensors of PyTorch, have methods such as `.sum()`. Tensors of TensorFlow have not.",
           _function_for),
    Raises("a fixed size",
           "Exception: requested shape|[Cc]annot reshape|must be unchanged",
           "A number of pixels or of images is written into your code. Here come other images than those of the "
           "course, and the last batch of an epoch may be smaller.",
           "Sum over the axes 1, 2 and 3, for any size. Or ask for it: `ops.shape(y_true)[0]`, and -1 for the rest."),
    Raises("a tensor is changed in place", "TypeError: item assignment|only integer scalar arrays",
           "Tensors cannot be changed, only new ones made.", "Make a new one: compare, and cast; or use `ops.where`."),
    Raises("a function that is not called", "TypeError: 'function'",
           "A name without parentheses is the function itself, not what it returns.",
           "Put `(y_true, y_pred)` behind the name."),
    Raises("the batch size is not known beforehand",
           "Exception: 'NoneType' object cannot be interpreted as an integer|tf.unstack|Cannot infer|Unpack|"
           "len is not well defined|Iterating over a symbolic|iterating over .*is not allowed",
           "The last batch of an epoch may be smaller, so Keras leaves the batch size open: it is None while it "
           "prepares the training. A loop over the images cannot work then.",
           "Write it for the whole batch at once: sums over the axes 1, 2 and 3 leave the batch as it is."),
    Raises("a matrix product", "Exception: Matrix size-incompatible|MatMul",
           "`@` and `matmul` multiply rows by columns. The overlap is found pixel by pixel.", "Multiply with `*`."),
    Raises("the shapes do not fit", "Exception: [Ii]ncompatible shapes|could not be broadcast|must be broadcastable",
           "Two parts of a calculation have different shapes, one of them perhaps a number for each pixel.",
           "Print the shapes of both."),
    Raises("no gradient", "Exception: No gradients provided", GRADIENT, "Compute with the probabilities themselves."),
    Raises("numbers of different types", "InvalidArgumentError|TypeError|ValueError: "
           "cannot compute|expected to be a|of same type|Value for attr|dtype",
           "A mask may come as whole numbers or as true and false, a prediction in 16 or 32 bits, and TensorFlow does "
           "not mix types.", 'Begin with `ops.cast(..., "float32")` for both.'),
    Raises("an axis that does not exist", "Exception: out of range|out of bounds|Invalid reduction dimension",
           "The axes of (B, H, W, 1) are 0, 1, 2 and 3.", "Sum over 1, 2 and 3."),
)
# fmt: on


def tensors(*arrays) -> list:
    """Return arrays as Keras passes them to losses and metrics."""
    from keras import ops

    return [ops.convert_to_tensor(array) for array in arrays]


def prepare(function: Callable) -> None:
    """Call a function of masks and predictions as Keras does while it prepares the training.

    Tensors have no values then, and the batch size is open. No model is
    compiled for it: TensorFlow counts those, and warns from the fifth on.
    """
    import keras

    errors = []

    class Prepared(keras.layers.Layer):
        def call(self, y_true, y_pred):
            try:
                function(y_true, y_pred)
            except Exception as error:
                errors.append(error)  # Keras would wrap it in words of its own
            return y_pred

    y_true, y_pred = (keras.KerasTensor((None, HEIGHT, WIDTH, 1), dtype="float32") for _ in range(2))
    Prepared(name="prepared").compute_output_spec(y_true, y_pred)
    if errors:
        raise errors[0]
