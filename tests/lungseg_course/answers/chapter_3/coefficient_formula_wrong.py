"""Exercise 3.1, the Dice coefficient: another formula."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.1")


@answers.wrong("IoU in place of Dice", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b - overlap + smooth)


@answers.wrong("IoU in place of Dice")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(overlap / (a + b - overlap))


@answers.wrong("the union in place of the two sizes")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b - overlap + smooth)


@answers.wrong("the factor 2 is forgotten", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (overlap + smooth) / (a + b + smooth)


@answers.wrong("the product of the sums")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    return (2 * a * b + smooth) / (a + b + smooth)


@answers.wrong("the sizes are squared")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * sums(a, b)[0] + smooth) / (sums(a, a)[0] + sums(b, b)[0] + smooth)


@answers.wrong("only the mask below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, _ = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + a + smooth)


@answers.wrong("only the prediction below the line")
def _(y_true, y_pred, smooth=1.0):
    overlap, _, b = sums(y_true, y_pred)
    return (overlap + smooth) / (b + smooth)


@answers.wrong("brackets are missing", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth / (a + b + smooth)


@answers.wrong("brackets are missing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap + smooth) / (a + b) + smooth


@answers.wrong("brackets are missing")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap / a + b


@answers.wrong("a loss in place of the coefficient")
def _(y_true, y_pred, smooth=1.0):
    return 1 - dice_coefficient(y_true, y_pred, smooth)


@answers.wrong("two numbers in place of their quotient")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return 2 * overlap + smooth, a + b + smooth


@answers.wrong("upside down")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (a + b + smooth) / (2 * overlap + smooth)


@answers.wrong("missed pixels are forgotten")
def _(y_true, y_pred, smooth=1.0):
    overlap, _, b = sums(y_true, y_pred)
    false_alarms = b - overlap
    return (2 * overlap + smooth) / (2 * overlap + false_alarms + smooth)


@answers.wrong("false alarms are forgotten")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, _ = sums(y_true, y_pred)
    missed = a - overlap
    return (2 * overlap + smooth) / (2 * overlap + missed + smooth)


@answers.wrong("plus in place of times")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    return (2 * (a + b) + smooth) / (a + b + smooth)


@answers.wrong("IoU in place of Dice, and rounded")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "bool"), y_pred > 0.5
    both, any_of_them = ops.logical_and(a, b), ops.logical_or(a, b)
    return ops.sum(ops.cast(both, "float32"), (1, 2, 3)) / ops.sum(ops.cast(any_of_them, "float32"), (1, 2, 3))


@answers.wrong("the background counts as well")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (dice_coefficient(a, b, smooth) + dice_coefficient(1 - a, 1 - b, smooth)) / 2


@answers.wrong("a matrix product")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    overlap = ops.sum(y_true @ y_pred, axis=(1, 2, 3))
    return (2 * overlap + smooth) / (a + b + smooth)
