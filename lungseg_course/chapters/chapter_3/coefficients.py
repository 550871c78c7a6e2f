"""Is it the right coefficient for each image? And what errors mean where tensors are taken for arrays."""

import numpy as np

from lungseg_course.chapters.chapter_3.overlaps import HEIGHT, WIDTH, Mistake
from lungseg_course.engine.verdict import Wrong, as_array, describe, describe_error, expect_close, expect_shape

_SAME = 2e-5  # two mistakes that are made alike may come near each other


def tensors(*arrays) -> list:
    """Return arrays as Keras hands them to losses and metrics."""
    from keras import ops

    return [ops.convert_to_tensor(array) for array in arrays]


def prepare(function) -> None:
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


def expect_coefficients(result, expected, mistakes: list[Mistake], what: str, tolerance: float = 1e-4) -> None:
    """Raise `Wrong` unless there is the right number for each image; name the mistake if it is a known one."""
    array, expected = as_array(result, what), np.asarray(expected, dtype="float64")
    if array.shape == expected.shape and _close(array, expected, tolerance):
        return
    if not _close(array.ravel(), expected.ravel(), tolerance):  # else the shape alone is wrong
        known = _closest(array.ravel(), [*_summed_up(expected), *mistakes])
        if known is not None:
            given = {"received": describe(array), "expected": describe(expected)}
            raise Wrong(known.cause, **given, why=known.why, remedy=known.remedy)
    expect_shape(array, expected.shape, _known_shapes(expected.size))
    expect_close(array, expected, tolerance=tolerance, what=what)


def _closest(numbers, mistakes: list[Mistake]) -> Mistake | None:
    """Return the mistake that leads to these numbers, perhaps averaged over the batch besides."""
    found, smallest = None, np.inf
    for mistake in mistakes:
        for value in mistake.values:
            for known in (np.ravel(value), np.ravel(np.mean(value))):
                if not _close(numbers, known, _SAME):
                    continue
                with np.errstate(invalid="ignore"):
                    distance = np.nansum(np.abs(numbers - known))
                if distance < smallest - 1e-6:  # of two that say the same, the first
                    found, smallest = mistake, distance
    return found


def _summed_up(expected) -> list[Mistake]:
    if expected.size == 1:
        return []
    weigh = (
        "Keras takes the mean itself, after the function. It needs one number for each image: only so can images "
        "have weights, and only so can you see which of them fail."
    )
    return [
        Mistake("the mean is taken already", [expected.mean()], weigh, "Return the numbers of the images."),
        Mistake("the largest number of the batch", [expected.max()], weigh, "Return the numbers of all the images."),
        Mistake("the smallest number of the batch", [expected.min()], weigh, "Return the numbers of all the images."),
        Mistake("the sum over the images", [expected.sum()], weigh, "Return the numbers of the images, not their sum."),
    ]


def _close(array, other, tolerance) -> bool:
    return array.shape == np.shape(other) and np.allclose(array, other, rtol=tolerance, atol=tolerance, equal_nan=True)


def _known_shapes(count) -> dict[tuple, tuple[str, str, str]]:
    remedy = "Sum over height, width and channels: the axes 1, 2 and 3."
    nothing = ("a number for each pixel", "The height and the width are still there.", remedy)
    row, column = (
        (f"a number for each {part}", f"That is one for each {part} of each image.", remedy)
        for part in ("row", "column")
    )
    batch = ("summed over the batch", "Axis 0 is the batch: the images were added, and the pixels kept.", remedy)
    return {
        (count, 1): ("the channel axis is left", "One number for each image, and one axis too many.", remedy),
        (count, 1, 1, 1): ("the summed axes are kept", "`keepdims` keeps them, with a length of 1.", "Leave it out."),
        (count, HEIGHT, WIDTH, 1): nothing,
        (count, HEIGHT, WIDTH): nothing,
        (count, HEIGHT): row,
        (count, HEIGHT, 1): row,
        (count, WIDTH): column,
        (count, WIDTH, 1): column,
        (count, count): (
            "shapes that do not go together",
            "One part has shape (B,), another (B, 1): between them they make a table of B x B.",
            remedy,
        ),
        (HEIGHT, WIDTH, 1): batch,
        (HEIGHT, WIDTH): batch,
        (HEIGHT,): batch,
        (WIDTH,): batch,
        (2, count): (
            "two numbers in place of their quotient",
            "A comma makes a pair of them.",
            "Divide what stands above the line by what stands below it.",
        ),
        (1,): ("one number for the whole batch", "There should be one for each image.", remedy),
        (): ("one number for the whole batch", "There should be one for each image.", remedy),
    }


def explain_tensors(error: Exception) -> Wrong | None:
    """Explain what goes wrong when tensors are taken for arrays, or numbers of several types are mixed."""
    text, kind = str(error), type(error).__name__

    def mentions(*words):
        return any(word in text for word in words)

    known = {
        "NumPy in place of `keras.ops`": (
            mentions(
                "to a NumPy array", "to a numpy array", "numpy() on Tensor", "has no attribute 'numpy'", "__array__"
            )
            or kind == "TracerArrayConversionError",
            "While Keras prepares the training, tensors have a shape and no values yet. NumPy wants values, and it "
            "does not keep track of the slope either.",
            "Use the functions of `keras.ops` in place of those of NumPy.",
        ),
        "a Python number in place of a tensor": (
            mentions("as a Python `bool`", "truth value", "SymbolicTensor", "KerasTensor") and kind != "AttributeError",
            "A tensor holds many numbers, and while Keras prepares the training it has a shape and no values yet. "
            "`float` cannot read it, and `if` cannot decide by it.",
            "Write it as a formula for the whole batch. `keras.ops` has all that it takes; `ops.where` decides.",
        ),
        "a tensor has no such method": (
            kind == "AttributeError" and mentions("Tensor") and mentions("has no attribute"),
            "Arrays have methods such as `.sum()`, tensors have not.",
            "Use the function of `keras.ops` with that name: `ops.sum(x, ...)`.",
        ),
        "a tensor is changed in place": (
            kind == "TypeError" and mentions("item assignment", "only integer scalar arrays"),
            "Tensors cannot be changed, only new ones made.",
            "Make a new one: compare, and cast; or use `ops.where`.",
        ),
        "a function that is not called": (
            kind == "TypeError" and mentions("'function'"),
            "A name without brackets is the function itself, not what it gives.",
            "Put `(y_true, y_pred)` behind the name.",
        ),
        "the batch size is not known beforehand": (
            mentions("'NoneType' object cannot be interpreted as an integer", "tf.unstack", "Cannot infer")
            or (kind == "InvalidArgumentError" and mentions("Unpack")),
            "The last batch of an epoch may be smaller, so Keras leaves the batch size open: it is None while it "
            "prepares the training. A loop over the images cannot work then.",
            "Write it for the whole batch at once: sums over the axes 1, 2 and 3 leave the batch as it is.",
        ),
        "a matrix product": (
            mentions("Matrix size-incompatible", "MatMul"),
            "`@` and `matmul` multiply rows by columns. The overlap is found pixel by pixel.",
            "Multiply with `*`.",
        ),
        "the shapes do not fit": (
            mentions("Incompatible shapes", "incompatible shapes", "could not be broadcast", "must be broadcastable"),
            "Two parts of a calculation have different shapes, one of them perhaps a number for each pixel.",
            "Print the shapes of both.",
        ),
        "no slope": (
            mentions("No gradients provided"),
            "Gradient descent asks how the loss changes with each weight. Rounding, comparing and casting to integers "
            "cut that off.",
            "Compute with the probabilities themselves.",
        ),
        "numbers of different types": (
            kind in ("InvalidArgumentError", "TypeError", "ValueError")
            and mentions("cannot compute", "expected to be a", "of same type", "Value for attr", "dtype"),
            "A mask may come as whole numbers or as true and false, a prediction in 16 or 32 bits, and TensorFlow "
            "does not mix types.",
            'Begin with `ops.cast(..., "float32")` for both.',
        ),
        "an axis that is not there": (
            mentions("out of range", "out of bounds", "Invalid reduction dimension"),
            "The axes of (B, H, W, 1) are 0, 1, 2 and 3.",
            "Sum over 1, 2 and 3.",
        ),
    }
    for cause, (found, why, remedy) in known.items():
        if found:
            return Wrong(cause, received=describe_error(error), expected="no error", why=why, remedy=remedy)
    return None
