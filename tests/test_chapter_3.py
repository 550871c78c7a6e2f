"""Exercises 3.1, 3.2 and 3.4: each mistake gets its name, and right answers written in other ways pass."""

import math
import random
import re
from pathlib import Path

import numpy as np
import pytest

import lungseg  # first: TensorFlow keeps its start-up notices to itself
from lungseg.teaching import NotAttempted, check, hint, points, quiz, todo
from lungseg.teaching.chapter_3 import EXERCISES, QUESTIONS
from lungseg.teaching.checking import first_wrong
from lungseg.teaching.exercises import find_exercise

keras = pytest.importorskip("keras")
ops = keras.ops

WRONG, RIGHT = [], []


def wrong(number, cause, share=None):
    """Note a student's answer, the name of its mistake, and the share of the points that it is worth."""

    def note(answer):
        WRONG.append(pytest.param(number, answer, cause, share, id=f"{number}: {cause}"))
        return answer

    return note


def right(number):
    """Note an answer that is right."""

    def note(answer):
        RIGHT.append(pytest.param(number, answer, id=f"{number}, right {len(RIGHT)}"))
        return answer

    return note


def sums(y_true, y_pred, axis=(1, 2, 3), cast="float32"):
    """The three sums of the formula."""
    a, b = ops.cast(y_true, cast), ops.cast(y_pred, cast)
    return ops.sum(a * b, axis=axis), ops.sum(a, axis=axis), ops.sum(b, axis=axis)


def dice_coefficient(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b + smooth)


# ---- 3.1: the coefficient, right ----------------------------------------------------------------


right("3.1")(dice_coefficient)


@right("3.1")
def _(y_true, y_pred, smooth=1.0):
    import tensorflow as tf

    y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    overlap = tf.reduce_sum(y_true * y_pred, axis=[1, 2, 3])
    return (2.0 * overlap + smooth) / (tf.reduce_sum(y_true, [1, 2, 3]) + tf.reduce_sum(y_pred, [1, 2, 3]) + smooth)


@right("3.1")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.einsum("bhwc,bhwc->b", a, b) + smooth) / (ops.einsum("bhwc->b", a + b) + smooth)


@right("3.1")
def _(y_true, y_pred, smooth=1.0):
    a = ops.reshape(ops.cast(y_true, "float32"), (ops.shape(y_true)[0], -1))
    b = ops.reshape(ops.cast(y_pred, "float32"), (ops.shape(y_pred)[0], -1))
    return (ops.sum(a * b, axis=-1) + smooth / 2) / (ops.sum(a + b, axis=-1) + smooth) * 2


@right("3.1")
def _(y_true, y_pred, smooth=1.0):
    """Means of pixels, and a smoothing that is divided by their number: the same quotient."""
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    share = smooth / math.prod(y_pred.shape[1:])
    pixels = (-3, -2, -1)
    return (2 * ops.mean(a * b, axis=pixels) + share) / (ops.mean(a + b, axis=pixels) + share)


@right("3.1")
def _(truth, prediction, smooth=1.0):
    """Other names; the two swapped, which is the same; the channel first taken away."""
    a = ops.squeeze(ops.cast(prediction, "float32"), axis=-1)
    b = ops.squeeze(ops.cast(truth, "float32"), axis=-1)
    return 1 - (ops.sum(a + b - 2 * a * b, axis=(1, 2))) / (ops.sum(a + b, axis=(1, 2)) + smooth)


@right("3.1")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")

    def of_one(pair):
        return (2 * ops.sum(pair[0] * pair[1]) + smooth) / (ops.sum(pair[0]) + ops.sum(pair[1]) + smooth)

    return ops.vectorized_map(of_one, (a, b))


# ---- 3.1: the coefficient, wrong ----------------------------------------------------------------


@wrong("3.1", "whole-batch Dice", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=None)
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "whole-batch Dice")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(0, 1, 2))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "IoU in place of Dice", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b - overlap + smooth)


@wrong("3.1", "IoU in place of Dice")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(overlap / (a + b - overlap))


@wrong("3.1", "the union in place of the two sizes")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b - overlap + smooth)


@wrong("3.1", "the factor 2 is forgotten", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b + smooth)


@wrong("3.1", "no smoothing", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b)


@wrong("3.1", "no smoothing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return ops.divide_no_nan(2 * overlap, a + b)


@wrong("3.1", "smoothing above the line only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b)


@wrong("3.1", "smoothing below the line only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b + smooth)


@wrong("3.1", "twice the smoothing above the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * (overlap + smooth) / (a + b + smooth)


@wrong("3.1", "twice the smoothing below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / ((a + smooth) + (b + smooth))


@wrong("3.1", "the argument `smooth` is not used", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + 1.0) / (a + b + 1.0)


@wrong("3.1", "the argument `smooth` is not used")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + 1e-6) / (a + b + 1e-6)


@wrong("3.1", "the argument `smooth` is not used")
def _(y_true, y_pred, smooth=1e-6):
    return dice_coefficient(y_true, y_pred, smooth)


@wrong("3.1", "means in place of sums")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    pixels = (1, 2, 3)
    overlap = ops.mean(a * b, axis=pixels)
    return (2 * overlap + smooth) / (ops.mean(a, axis=pixels) + ops.mean(b, axis=pixels) + smooth)


@wrong("3.1", "the prediction is rounded", 0)
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.round(ops.cast(y_pred, "float32")), smooth)


@wrong("3.1", "the prediction is rounded")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, y_pred > 0.5, smooth)


@wrong("3.1", "probabilities became whole numbers")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.cast(y_pred, "int32"), smooth)


@wrong("3.1", "probabilities became true and false")
def _(y_true, y_pred, smooth=1.0):
    both = ops.logical_and(ops.cast(y_true, "bool"), ops.cast(y_pred, "bool"))
    b = ops.cast(ops.cast(y_pred, "bool"), "float32")
    return (2 * sums(both, both)[0] + smooth) / (sums(y_true, b)[1] + sums(y_true, b)[2] + smooth)


@wrong("3.1", "the mean is taken already")
def _(y_true, y_pred, smooth=1.0):
    return ops.mean(dice_coefficient(y_true, y_pred, smooth))


@wrong("3.1", "the sum over the images")
def _(y_true, y_pred, smooth=1.0):
    return ops.sum(dice_coefficient(y_true, y_pred, smooth))


@wrong("3.1", "the channel axis is left")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "the summed axes are kept")
def _(y_true, y_pred, smooth=1.0):
    return ops.reshape(dice_coefficient(y_true, y_pred, smooth), (-1, 1, 1, 1))


@wrong("3.1", "a number for each row")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(2, 3))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "a number for each column")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=1)
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "a number for each pixel")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * a * b + smooth) / (a + b + smooth)


@wrong("3.1", "Dice of each pixel")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return ops.mean((2 * a * b + smooth) / (a + b + smooth), axis=(1, 2, 3))


@wrong("3.1", "Dice of each row")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(2, 3))
    return ops.mean((2 * overlap + smooth) / (a + b + smooth), axis=-1)


@wrong("3.1", "summed over the batch")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=0)
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "the product of the sums")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    return (2 * a * b + smooth) / (a + b + smooth)


@wrong("3.1", "the sizes are squared")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * sums(a, b)[0] + smooth) / (sums(a, a)[0] + sums(b, b)[0] + smooth)


@wrong("3.1", "only the mask below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, _ = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + a + smooth)


@wrong("3.1", "only the prediction below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, _, b = sums(y_true, y_pred)
    return (overlap + smooth) / (b + smooth)


@wrong("3.1", "brackets are missing", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth / (a + b + smooth)


@wrong("3.1", "brackets are missing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b) + smooth


@wrong("3.1", "brackets are missing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / a + b


@wrong("3.1", "the masks are divided by 255")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(ops.cast(y_true, "float32") / 255, y_pred, smooth)


@wrong("3.1", "a loss in place of the coefficient")
def _(y_true, y_pred, smooth=1.0):
    return 1 - dice_coefficient(y_true, y_pred, smooth)


@wrong("3.1", "two numbers in place of their quotient")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth, a + b + smooth


@wrong("3.1", "summed over the batch")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(0, 1, 3))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "upside down")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (a + b + smooth) / (2 * overlap + smooth)


@wrong("3.1", "numbers of different types", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    pixels = (1, 2, 3)
    overlap = ops.sum(y_true * y_pred, axis=pixels)
    return (2 * overlap + smooth) / (ops.sum(y_true, axis=pixels) + ops.sum(y_pred, axis=pixels) + smooth)


@wrong("3.1", "sums in 16 bits", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(ops.cast(y_true, y_pred.dtype), y_pred, cast=y_pred.dtype)
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "sums in 16 bits")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(ops.cast(y_true, y_pred.dtype), y_pred, cast=y_pred.dtype)
    return (2 * ops.cast(overlap, "float32") + smooth) / (ops.cast(a + b, "float32") + smooth)


@wrong("3.1", "NumPy in place of `keras.ops`", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    y_true, y_pred = np.array(y_true, "float32"), np.array(y_pred, "float32")
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


@wrong("3.1", "NumPy in place of `keras.ops`")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true.numpy(), y_pred.numpy(), smooth)


@wrong("3.1", "a Python number in place of a tensor")
def _(y_true, y_pred, smooth=1.0):
    values = dice_coefficient(y_true, y_pred, smooth)
    return ops.stack([float(value) for value in ops.unstack(values, num=y_true.shape[0] or 1)])


@wrong("3.1", "a tensor has no such method", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap = (y_true * y_pred).sum(axis=(1, 2, 3))
    return (2 * overlap + smooth) / (y_true.sum(axis=(1, 2, 3)) + y_pred.sum(axis=(1, 2, 3)) + smooth)


@wrong("3.1", "an axis that is not there")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2, 3, 4))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "no slope", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true, ops.stop_gradient(y_pred), smooth)


@wrong("3.1", "nothing is returned", 0)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "the name `op` is not known")
def _(y_true, y_pred, smooth=1.0):
    return op.sum(y_true)  # noqa: F821


@wrong("3.1", "the arguments do not fit")
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred)


@wrong("3.1", "not a number or an array")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return f"{(2 * overlap + smooth) / (a + b + smooth)}"


@wrong("3.1", "missed pixels are forgotten")
def _(y_true, y_pred, smooth=1.0):
    overlap, _, b = sums(y_true, y_pred)
    false_alarms = b - overlap
    return (2 * overlap + smooth) / (2 * overlap + false_alarms + smooth)


@wrong("3.1", "false alarms are forgotten")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, _ = sums(y_true, y_pred)
    missed = a - overlap
    return (2 * overlap + smooth) / (2 * overlap + missed + smooth)


@wrong("3.1", "the sizes are those of the whole batch")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (ops.sum(a) + ops.sum(b) + smooth)


@wrong("3.1", "plus in place of times")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    return (2 * (a + b) + smooth) / (a + b + smooth)


@wrong("3.1", "IoU in place of Dice, and rounded")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "bool"), y_pred > 0.5
    both, any_of_them = ops.logical_and(a, b), ops.logical_or(a, b)
    return ops.sum(ops.cast(both, "float32"), (1, 2, 3)) / ops.sum(ops.cast(any_of_them, "float32"), (1, 2, 3))


@wrong("3.1", "the background counts as well")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (dice_coefficient(a, b, smooth) + dice_coefficient(1 - a, 1 - b, smooth)) / 2


@wrong("3.1", "shapes that do not go together")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap[:, None] + smooth) / (a + b + smooth)


@wrong("3.1", "a tensor has no such method")
def _(y_true, y_pred, smooth=1.0):
    return dice_coefficient(y_true.astype("float32"), y_pred, smooth)


@wrong("3.1", "a matrix product")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    overlap = ops.sum(y_true @ y_pred, axis=(1, 2, 3))
    return (2 * overlap + smooth) / (a + b + smooth)


@wrong("3.1", "the batch size is not known beforehand", 3 / 4)
def _(y_true, y_pred, smooth=1.0):
    values = []
    for k in range(y_true.shape[0]):
        values.append(dice_coefficient(y_true[k : k + 1], y_pred[k : k + 1], smooth)[0])
    return ops.stack(values)


# ---- 3.2: the loss ------------------------------------------------------------------------------


@right("3.2")
def dice_loss(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred)


@right("3.2")
def _(y_true, y_pred):
    return dice_loss(y_pred, y_true)  # swapped, which is the same


@right("3.2")
def _(y_true, y_pred):
    """All in one function."""
    a, b = ops.reshape(y_true, (-1, 24)), ops.reshape(y_pred, (-1, 24))
    return 1.0 - (2.0 * ops.einsum("bi,bi->b", a, b) + 1.0) / (ops.sum(a + b, axis=1) + 1.0)


@right("3.2")
def _(y_true, y_pred):
    import tensorflow as tf

    missed = tf.reduce_sum(y_true * (1 - y_pred) + (1 - y_true) * y_pred, axis=[1, 2, 3])
    return missed / (tf.reduce_sum(y_true + y_pred, axis=[1, 2, 3]) + 1)


@right("3.2")
def _(y_true, y_pred):
    return ops.subtract(1.0, dice_coefficient(y_true, y_pred, smooth=1))


@wrong("3.2", "`1 -` is forgotten", 1 / 2)
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred)


@wrong("3.2", "minus in place of `1 -`", 1 / 2)
def _(y_true, y_pred):
    return -dice_coefficient(y_true, y_pred)


@wrong("3.2", "the other way round")
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred) - 1


@wrong("3.2", "the coefficient is squared")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred) ** 2


@wrong("3.2", "the loss is squared")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) ** 2


@wrong("3.2", "the logarithm of the coefficient")
def _(y_true, y_pred):
    return -ops.log(dice_coefficient(y_true, y_pred))


@wrong("3.2", "1 divided by the coefficient")
def _(y_true, y_pred):
    return 1 / dice_coefficient(y_true, y_pred)


@wrong("3.2", "the mean is taken already", 1 / 2)
def _(y_true, y_pred):
    return 1 - ops.mean(dice_coefficient(y_true, y_pred))


@wrong("3.2", "the sum over the images")
def _(y_true, y_pred):
    return ops.sum(1 - dice_coefficient(y_true, y_pred))


@wrong("3.2", "whole-batch Dice", 1 / 2)
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred, axis=None)
    return 1 - (2 * overlap + 1) / (a + b + 1)


@wrong("3.2", "whole-batch Dice")
def _(y_true, y_pred):
    return keras.losses.dice(y_true, y_pred)


@wrong("3.2", "whole-batch Dice")
def _(y_true, y_pred):
    a, b = ops.ravel(y_true), ops.ravel(y_pred)
    return 1 - (2 * ops.dot(a, b) + 1) / (ops.sum(a) + ops.sum(b) + 1)


@wrong("3.2", "whole-batch Dice, and `1 -` is forgotten")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred, axis=None)
    return (2 * overlap + 1) / (a + b + 1)


@wrong("3.2", "IoU in place of Dice")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (overlap + 1) / (a + b - overlap + 1)


@wrong("3.2", "IoU in place of Dice")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(1 - (overlap + 1) / (a + b - overlap + 1))


@wrong("3.2", "the factor 2 is forgotten")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (overlap + 1) / (a + b + 1)


@wrong("3.2", "no smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=0)


@wrong("3.2", "smoothing below the line only")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - 2 * overlap / (a + b + 1)


@wrong("3.2", "smoothing above the line only")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (2 * overlap + 1) / (a + b)


@wrong("3.2", "another smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=1e-6)


@wrong("3.2", "another smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=100)


@wrong("3.2", "the largest number of the batch")
def _(y_true, y_pred):
    return ops.max(1 - dice_coefficient(y_true, y_pred))


@wrong("3.2", "the prediction is rounded", 0)
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.round(y_pred))


@wrong("3.2", "the prediction is rounded")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.where(y_pred > 0.5, 1.0, 0.0))


@wrong("3.2", "Dice of each pixel")
def _(y_true, y_pred):
    return ops.mean(1 - (2 * y_true * y_pred + 1) / (y_true + y_pred + 1), axis=(1, 2, 3))


@wrong("3.2", "a number for each pixel")
def _(y_true, y_pred):
    return 1 - (2 * y_true * y_pred + 1) / (y_true + y_pred + 1)


@wrong("3.2", "the channel axis is left")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2))
    return 1 - (2 * overlap + 1) / (a + b + 1)


@wrong("3.2", "the sizes are squared")
def _(y_true, y_pred):
    return 1 - (2 * sums(y_true, y_pred)[0] + 1) / (sums(y_true, y_true)[0] + sums(y_pred, y_pred)[0] + 1)


@wrong("3.2", "brackets are missing")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - 2 * overlap + 1 / (a + b + 1)


@wrong("3.2", "cross-entropy")
def _(y_true, y_pred):
    return ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2))


@wrong("3.2", "Dice and cross-entropy together")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) + ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2))


@wrong("3.2", "the mean squared error")
def _(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=(1, 2, 3))


@wrong("3.2", "NumPy in place of `keras.ops`", 1 / 2)
def _(y_true, y_pred):
    overlap = np.sum(y_true * y_pred, axis=(1, 2, 3))
    return 1 - (2 * overlap + 1) / (np.sum(y_true, axis=(1, 2, 3)) + np.sum(y_pred, axis=(1, 2, 3)) + 1)


@wrong("3.2", "a Python number in place of a tensor", 1 / 2)
def _(y_true, y_pred):
    losses = dice_loss(y_true, y_pred)
    return losses if ops.max(losses) > 0 else 0 * losses


@wrong("3.2", "nothing is returned")
def _(y_true, y_pred):
    loss = 1 - dice_coefficient(y_true, y_pred)  # noqa: F841


@wrong("3.2", "the name `dice_coeficient` is not known")
def _(y_true, y_pred):
    return 1 - dice_coeficient(y_true, y_pred)  # noqa: F821


@wrong("3.2", "the function calls itself without an end")
def calls_itself(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


def endless(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


@wrong("3.2", "something is None")
def _(y_true, y_pred):
    def forgetful(y_true, y_pred):
        dice_coefficient(y_true, y_pred)

    return 1 - forgetful(y_true, y_pred)


@wrong("3.2", "a function that is not called")
def _(y_true, y_pred):
    return 1 - dice_coefficient


@wrong("3.2", "the background in place of the lungs")
def _(y_true, y_pred):
    return 1 - dice_coefficient(1 - y_true, 1 - y_pred)


@wrong("3.2", "the factor 2 is there twice")
def _(y_true, y_pred):
    return 1 - 2 * dice_coefficient(y_true, y_pred)


@wrong("3.2", "a sigmoid too many")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.sigmoid(y_pred))


@wrong("3.2", "the shapes do not fit")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) + keras.losses.binary_crossentropy(y_true, y_pred)


# ---- 3.4: Jaccard from Dice ---------------------------------------------------------------------


@right("3.4")
def _(dice):
    return dice / (2 - dice)


@right("3.4")
def _(d):
    half = d / 2
    return half / (1 - half)


@right("3.4")
def _(dice):
    return np.divide(dice, np.subtract(2, dice))


@right("3.4")
def _(dice):
    dice = ops.convert_to_tensor(dice, "float64")
    return ops.divide(dice, 2 - dice)


@right("3.4")
def _(dice):
    return -1 + 2 / (2 - dice)


JACCARDS = {
    "Dice from Jaccard": lambda d: 2 * d / (1 + d),
    "D itself": lambda d: d,
    "half of D": lambda d: d / 2,
    "half of D below the line, too": lambda d: d / (2 - 2 * d) if np.ndim(d) or d != 1 else 1,
    "the overlap is added below the line": lambda d: d / (2 + d),
    "the sign below the line": lambda d: d / (1 + d),
    "the numerator is not halved": lambda d: 2 * d / (2 - d),
    "1 in place of 2": lambda d: d / (1 - d),
    "brackets are missing": lambda d: d / 2 - d,
    "upside down": lambda d: (2 - d) / d,
    "the square of D": lambda d: d**2,
    "1 - D": lambda d: 1 - d,
    "1 - J": lambda d: 1 - d / (2 - d),
    "cut off to 0": lambda d: d // (2 - d),
    "rounded": lambda d: np.round(d / (2 - d), 2),
    "nothing is returned": lambda d: None,
    "not a number or an array": lambda d: str(d),
    "the arguments do not fit": lambda true, predicted: true / (2 - predicted),
}
for cause, formula in JACCARDS.items():
    wrong("3.4", cause, 0)(formula)


@wrong("3.4", "the mean of all", 1 / 2)
def _(dice):
    return np.mean(dice / (2 - dice))


@wrong("3.4", "many numbers only", 1 / 2)
def _(dices):
    return [dice / (2 - dice) for dice in dices]


@wrong("3.4", "a division by zero", 1 / 2)
def _(dice):
    return 1 / (2 / dice - 1)


@wrong("3.4", "one number at a time", 1 / 2)
def _(dice):
    if dice == 0:
        return 0.0
    return dice / (2 - dice)


@wrong("3.4", "one number at a time")
def _(dice):
    return float(dice) / (2 - float(dice))


# ---- What all of them have in common ------------------------------------------------------------


@pytest.mark.parametrize(("number", "answer", "cause", "share"), WRONG)
def test_a_mistake_gets_its_name(number, answer, cause, share):
    verdict = first_wrong(number, answer)
    assert verdict is not None
    assert verdict.cause == cause, verdict.report()
    assert "" not in (verdict.tried, verdict.received, verdict.expected, verdict.remedy)
    report = verdict.report()
    assert all(label in report for label in ("I tried", "It gave", "Expected", "Mistake", "Try"))
    assert max(map(len, report.splitlines())) <= 120
    if share is not None:
        assert points(number, answer, of=6) / 6 == pytest.approx(share)


@pytest.mark.parametrize(("number", "answer"), RIGHT)
def test_a_right_answer_passes(number, answer):
    verdict = first_wrong(number, answer)
    assert verdict is None, verdict.report()
    assert points(number, answer, of=5) == 5


def test_numbers_copied_from_the_messages_are_worth_little():
    """Other inputs are tried for points than check shows."""
    report = first_wrong("3.4", lambda dice: dice).report()
    assert "0.8" in report
    copied = {0.8: 2 / 3, 1.0: 1.0, 0.0: 0.0}
    assert points("3.4", lambda dice: copied[dice], of=4) == 0


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_a_blank_is_not_attempted(exercise, tmp_path, monkeypatch):
    def blank(*args, **kwargs):
        # Exercise 3.1
        todo()

    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAttempted, match=r"Exercise 3\.\d is not done yet"):
        check(exercise.number, blank if exercise.number != "3.3" else blank_metric())
    assert points(exercise.number, blank if exercise.number != "3.3" else blank_metric(), of=3) == 0


def blank_metric():
    class Dice(keras.metrics.Mean):
        def __init__(self, threshold=0.5, name="dice", **kwargs):
            super().__init__(name=name, **kwargs)
            self.threshold = threshold

        def update_state(self, y_true, y_pred, sample_weight=None):
            # Exercise 3.3
            todo()

    return Dice


def draw():
    """Numbers of the three kinds that a student's training depends on."""
    return random.random(), np.random.random(), np.asarray(keras.random.normal((3,))).tolist()  # noqa: NPY002


@pytest.mark.parametrize("number", ["3.1", "3.2", "3.4"])
def test_check_says_so_and_leaves_chance_alone(number, tmp_path, monkeypatch, capfd):
    answer = next(row.values[1] for row in RIGHT if row.values[0] == number)
    monkeypatch.chdir(tmp_path)
    first_wrong(number, answer)  # what is loaded once is loaded
    keras.utils.set_random_seed(5)
    expected = draw()
    keras.utils.set_random_seed(5)
    capfd.readouterr()
    check(number, answer)
    printed = capfd.readouterr()
    assert printed.out.startswith(f"Exercise {number}: correct. ")
    assert printed.out.count("\n") <= 2
    assert printed.err == ""
    assert draw() == expected


def test_many_checks_in_a_row_make_no_noise(caplog, capfd):
    """TensorFlow warns from the fifth function on that it has to prepare anew."""
    for _ in range(6):
        assert first_wrong("3.2", dice_loss) is None
        assert first_wrong("3.3", lungseg.Dice) is None
    printed = capfd.readouterr()
    assert (printed.out, printed.err, caplog.text) == ("", "", "")


@pytest.mark.parametrize("cause", ["NumPy in place of `keras.ops`", "no slope", "numbers of different types"])
def test_a_wrong_answer_makes_no_noise(cause, tmp_path, monkeypatch, capfd):
    answer = next(row.values[1] for row in WRONG if row.values[2] == cause)
    monkeypatch.chdir(tmp_path)
    first_wrong("3.1", answer)
    capfd.readouterr()
    check("3.1", answer)
    printed = capfd.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("Exercise 3.1: not right yet.")
    assert f"Mistake   {cause}" in printed.out


def test_the_masks_that_are_handed_over_stay_as_they_are():
    given = []

    def keeps(y_true, y_pred, smooth=1.0):
        given.append((y_true, np.array(y_true)))
        return dice_coefficient(y_true, y_pred, smooth)

    assert first_wrong("3.1", lambda *args, **kwargs: 1 - keeps(*args, **kwargs)) is not None
    assert all(np.array_equal(tensor, copy) for tensor, copy in given)


def test_the_students_own_line_is_shown():
    answer = next(row.values[1] for row in WRONG if row.values[2] == "the name `dice_coeficient` is not known")
    assert "of your cell:  return 1 - dice_coeficient(y_true, y_pred)" in first_wrong("3.2", answer).received


# ---- Hints and questions -------------------------------------------------------------------------


def test_each_exercise_has_three_hints_and_its_words(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert [exercise.number for exercise in EXERCISES] == ["3.1", "3.2", "3.3", "3.4"]
    for exercise in EXERCISES:
        assert len(set(exercise.hints)) == 3
        assert "" not in (exercise.title, exercise.praise, *exercise.hints)
        assert find_exercise(exercise.number) is exercise
        hint(exercise.number, 3)
        assert f"Hint 3 of 3 for exercise {exercise.number}" in capsys.readouterr().out


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_each_option_has_its_feedback(question, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert list(question.feedback) == ["a", "b", "c", "d"]
    assert question.right in question.feedback
    assert len(set(question.feedback.values())) == 4
    for letter, text in question.feedback.items():
        quiz(question.number, letter)
        said = capsys.readouterr().out
        verdict = "right" if letter == question.right else "not this one"
        assert said.split() == f"Question {question.number}, {letter}: {verdict}. {text}".split()


def test_the_right_letter_varies():
    assert [question.number for question in QUESTIONS] == [f"3.{number}" for number in range(1, 8)]
    assert {question.right for question in QUESTIONS} == {"a", "b", "c", "d"}


def test_the_notebook_asks_them_with_all_their_options():
    source = (Path(__file__).parents[1] / "course" / "Loss_Metrics" / "LossMetrics.py").read_text(encoding="utf-8")
    for question in QUESTIONS:
        asked, _, given = source.partition(f"# Question {question.number}\n")
        text = asked.rpartition(f"**Question {question.number}.**")[2]
        assert re.findall(r"- \*\*(\w)\)\*\*", text) == list(question.feedback)
        assert re.search(r'answer = "(\w)"', given).group(1) == question.right
