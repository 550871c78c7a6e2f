"""Exercise 3.1, the Dice coefficient: over other axes than those of an image."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.1")


@answers.wrong("whole-batch Dice", 1 / 4)
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=None)
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("whole-batch Dice")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(0, 1, 2))
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("the channel axis is left")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2))
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("the summed axes are kept")
def _(y_true, y_pred, smooth=1.0):
    return ops.reshape(dice_coefficient(y_true, y_pred, smooth), (-1, 1, 1, 1))


@answers.wrong("a number for each row")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(2, 3))
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("a number for each column")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=1)
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("a number for each pixel")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * a * b + smooth) / (a + b + smooth)


@answers.wrong("summed over the batch")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=0)
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("summed over the batch")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(0, 1, 3))
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("an axis that does not exist")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2, 3, 4))
    return (2 * overlap + smooth) / (a + b + smooth)


@answers.wrong("shapes that do not go together")
def _(y_true, y_pred, smooth=1.0):
    overlap, a, b = sums(y_true, y_pred)
    return (2 * overlap[:, None] + smooth) / (a + b + smooth)
