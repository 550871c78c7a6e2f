"""Exercise 3.1, the Dice coefficient: numbers of a wrong type, no tensors, and code that fails."""

import numpy as np
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.1")


@answers.wrong("the prediction is rounded", 0)
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.round(ops.cast(y_pred, "float32")), smooth)


@answers.wrong("numbers of different types", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    pixels = (1, 2, 3)
    overlap = ops.sum(y_true * y_pred, axis=pixels)
    return (2 * overlap + smooth) / (ops.sum(y_true, axis=pixels) + ops.sum(y_pred, axis=pixels) + smooth)


@answers.wrong("sums in 16 bits", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(ops.cast(y_true, y_pred.dtype), y_pred, cast=y_pred.dtype)
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("sums in 16 bits")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(ops.cast(y_true, y_pred.dtype), y_pred, cast=y_pred.dtype)
    return (2 * ops.cast(overlap, "float32") + smooth) / (ops.cast(a + b, "float32") + smooth)


@answers.wrong("NumPy in place of `keras.ops`", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    y_true, y_pred = np.array(y_true, "float32"), np.array(y_pred, "float32")
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


@answers.wrong("NumPy in place of `keras.ops`")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true.numpy(), y_pred.numpy(), smooth)


@answers.wrong("a Python number in place of a tensor")
def _(y_true, y_pred, smooth=1.0):
    values = dice_coefficient(y_true, y_pred, smooth)
    return ops.stack([float(value) for value in ops.unstack(values, num=y_true.shape[0] or 1)])


@answers.wrong("a tensor has no such method", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


@answers.wrong("no gradient", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.stop_gradient(y_pred), smooth)


@answers.wrong("nothing is returned", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("the name `op` is not known")
def _(y_true, y_pred, smooth=1.0):
    return op.sum(y_true)  # noqa: F821


@answers.wrong("the arguments do not fit")
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred)


@answers.wrong("not a number or an array")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return f"{(2 * overlap + smooth) / (a + b + smooth)}"


@answers.wrong("a tensor has no such method")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true.astype("float32"), y_pred, smooth)


@answers.wrong("the batch size is not known beforehand", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    values = []
    for k in range(y_true.shape[0]):
        values.append(dice_coefficient(y_true[k : k + 1], y_pred[k : k + 1], smooth)[0])
    return ops.stack(values)
