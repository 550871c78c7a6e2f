"""Exercise 3.1, the Dice coefficient: the smoothing is missing, or another."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.1")


@answers.wrong("no smoothing", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b)


@answers.wrong("no smoothing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return ops.divide_no_nan(2 * overlap, a + b)


@answers.wrong("smoothing above the line only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b)


@answers.wrong("smoothing below the line only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b + smooth)


@answers.wrong("twice the smoothing above the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * (overlap + smooth) / (a + b + smooth)


@answers.wrong("twice the smoothing below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / ((a + smooth) + (b + smooth))


@answers.wrong("the argument `smooth` is not used", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + 1.0) / (a + b + 1.0)


@answers.wrong("the argument `smooth` is not used")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + 1e-6) / (a + b + 1e-6)


@answers.wrong("the argument `smooth` is not used")
def _(y_true, y_pred, smooth=1e-6):
    return dice_coefficient(y_true, y_pred, smooth)


@answers.wrong("means in place of sums")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    pixels = (1, 2, 3)
    overlap = ops.mean(a * b, axis=pixels)
    return (2 * overlap + smooth) / (ops.mean(a, axis=pixels) + ops.mean(b, axis=pixels) + smooth)
