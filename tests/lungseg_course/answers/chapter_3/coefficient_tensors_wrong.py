"""Exercise 3.1, the Dice coefficient: numbers of a wrong type, no tensors, and code that fails."""

import numpy as np
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, dice_of, sums

answers = Answers("3.1")


def in_images_of(shape):
    """Return the answer of a student who puts the pixels into rows of a fixed size."""

    def dice_coefficient(y_true, y_pred, smooth=1.0):
        a, b = (ops.reshape(ops.cast(part, "float32"), shape) for part in (y_true, y_pred))
        return dice_of(ops.sum(a * b, axis=1), ops.sum(a, axis=1), ops.sum(b, axis=1), smooth)

    return dice_coefficient


answers.wrong("NumPy in place of `keras.ops`")(lambda a, b, smooth=1.0: dice_coefficient(a.numpy(), b.numpy(), smooth))
answers.wrong("the name `op` is not known")(lambda y_true, y_pred, smooth=1.0: op.sum(y_true))  # noqa: F821
answers.wrong("the arguments do not fit")(lambda y_true, y_pred: dice_coefficient(y_true, y_pred))
answers.wrong("not a number or an array")(lambda a, b, smooth=1.0: str(dice_coefficient(a, b, smooth)))


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
    return dice_of(*sums(y_true, y_pred, cast=y_pred.dtype), smooth)


@answers.wrong("sums in 16 bits")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = (ops.cast(total, "float32") for total in sums(y_true, y_pred, cast=y_pred.dtype))
    return dice_of(overlap, a, b, smooth)


@answers.wrong("NumPy in place of `keras.ops`", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    y_true, y_pred = np.array(y_true, "float32"), np.array(y_pred, "float32")
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


@answers.wrong("a Python number in place of a tensor")
def _(y_true, y_pred, smooth=1.0):
    values = dice_coefficient(y_true, y_pred, smooth)
    return ops.stack([float(value) for value in ops.unstack(values, num=y_true.shape[0] or 1)])


@answers.wrong("a tensor has no such method", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


answers.wrong("sums in 16 bits")(lambda a, b, smooth=1.0: dice_of(*sums(a, b, cast="float16"), smooth))
answers.wrong("a function in place of numbers", 0)(lambda a, b, smooth=1.0: dice_coefficient)
answers.wrong("a fixed size", 0)(in_images_of((-1, 128 * 128)))
answers.wrong("a fixed size")(in_images_of((8, -1)))
answers.wrong("a fixed size", 0)(in_images_of((5, 4 * 4)))
answers.wrong("a Python number in place of a tensor", 0)(lambda a, b, smooth=1.0: float(dice_coefficient(a, b, smooth)))
answers.wrong("a tensor has no such method", 0)(lambda a, b, smooth=1.0: dice_coefficient(a.float(), b.float(), smooth))


@answers.wrong("the batch size is not known beforehand", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return [dice_of(*sums(a, b, axis=None), smooth) for a, b in zip(y_true, y_pred, strict=True)]


@answers.wrong("no gradient", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.stop_gradient(y_pred), smooth)


@answers.wrong("nothing is returned", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("the batch size is not known beforehand", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return ops.stack([dice_of(*sums(y_true[k], y_pred[k], axis=None), smooth) for k in range(y_true.shape[0])])


@answers.wrong("the batch size is not known beforehand", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return ops.stack([dice_of(*sums(y_true[k], y_pred[k], axis=None), smooth) for k in range(len(y_true))])
