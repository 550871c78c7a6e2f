"""Exercise 3.1, the Dice coefficient: another formula."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import sums

answers = Answers("3.1")


@answers.wrong("IoU in place of Dice", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b - overlap + smooth)


@answers.wrong("IoU in place of Dice")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(overlap / (a + b - overlap))


@answers.wrong("the factor 2 is forgotten", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b + smooth)


@answers.wrong("parentheses are missing", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth / (a + b + smooth)


@answers.wrong("two numbers in place of their quotient")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth, a + b + smooth


@answers.wrong("IoU in place of Dice, and rounded")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "bool"), y_pred > 0.5
    both, any_of_them = ops.logical_and(a, b), ops.logical_or(a, b)
    return ops.sum(ops.cast(both, "float32"), (1, 2, 3)) / ops.sum(ops.cast(any_of_them, "float32"), (1, 2, 3))


@answers.wrong("a matrix product")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    overlap = ops.sum(y_true @ y_pred, axis=(1, 2, 3))
    return (2 * overlap + smooth) / (a + b + smooth)
