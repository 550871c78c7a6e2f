"""Exercise 3.1, the Dice coefficient: the smoothing is missing, or another."""

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.1")


@answers.wrong("no smoothing", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b)


@answers.wrong("smoothing in the numerator only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b)


@answers.wrong("smoothing in the denominator only", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / (a + b + smooth)


@answers.wrong("the argument `smooth` is not used", 2 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + 1.0) / (a + b + 1.0)


@answers.wrong("the argument `smooth` is not used")
def _(y_true, y_pred, smooth=1e-6):
    return dice_coefficient(y_true, y_pred, smooth)
