"""Tensors as Keras passes them, and what errors mean where tensors are taken for arrays."""

from collections.abc import Callable

from lungseg_course.chapters.chapter_3.overlaps import HEIGHT, WIDTH
from lungseg_course.engine.rows import Raises

GRADIENT = (
    "Gradient descent asks how the loss changes with each weight. Rounding, comparing and casting to integers cut "
    "that off."
)

# fmt: off
TENSORS = (
    Raises("NumPy in place of `keras.ops`",
           r"Exception: to a NumPy array|to a numpy array|numpy\(\) on Tensor|has no attribute 'numpy'|__array__",
           "While Keras prepares the training, tensors have a shape and no values yet. NumPy wants values, and it "
           "does not keep track of the gradient either.",
           "Use the functions of `keras.ops` in place of those of NumPy."),
    Raises("a Python number in place of a tensor",
           "Exception: as a Python `bool`|truth value|SymbolicTensor|KerasTensor",
           "A tensor holds many numbers, and while Keras prepares the training it has a shape and no values yet. "
           "`float` cannot read it, and `if` cannot decide by it.",
           "Write it as a formula for the whole batch. `keras.ops` has all that it takes; `ops.where` decides.",
           when=lambda out: not isinstance(out.error, AttributeError)),
    Raises("a tensor has no such method", "AttributeError: Tensor.*has no attribute",
           "Arrays have methods such as `.sum()`, tensors have not.",
           "Use the function of `keras.ops` with that name: `ops.sum(x, ...)`."),
    Raises("a tensor is changed in place", "TypeError: item assignment|only integer scalar arrays",
           "Tensors cannot be changed, only new ones made.", "Make a new one: compare, and cast; or use `ops.where`."),
    Raises("a function that is not called", "TypeError: 'function'",
           "A name without parentheses is the function itself, not what it returns.",
           "Put `(y_true, y_pred)` behind the name."),
    Raises("the batch size is not known beforehand",
           "Exception: 'NoneType' object cannot be interpreted as an integer|tf.unstack|Cannot infer|Unpack",
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
