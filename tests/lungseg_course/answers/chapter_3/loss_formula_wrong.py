"""Exercise 3.2, the loss: another formula, or another Dice in it."""

import keras
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums
from answers.chapter_3.loss_right import dice_loss

answers = Answers("3.2")


@answers.wrong("`1 -` is forgotten", 1 / 2)
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred)


@answers.wrong("minus in place of `1 -`", 1 / 2)
def _(y_true, y_pred):
    return -dice_coefficient(y_true, y_pred)


@answers.wrong("the other way round")
def _(y_true, y_pred):
    return dice_coefficient(y_true, y_pred) - 1


@answers.wrong("the coefficient is squared")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred) ** 2


@answers.wrong("the loss is squared")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) ** 2


@answers.wrong("the logarithm of the coefficient")
def _(y_true, y_pred):
    return -ops.log(dice_coefficient(y_true, y_pred))


@answers.wrong("1 divided by the coefficient")
def _(y_true, y_pred):
    return 1 / dice_coefficient(y_true, y_pred)


@answers.wrong("IoU in place of Dice")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (overlap + 1) / (a + b - overlap + 1)


@answers.wrong("IoU in place of Dice")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(1 - (overlap + 1) / (a + b - overlap + 1))


@answers.wrong("the factor 2 is forgotten")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (overlap + 1) / (a + b + 1)


@answers.wrong("no smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=0)


@answers.wrong("smoothing below the line only")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - 2 * overlap / (a + b + 1)


@answers.wrong("smoothing above the line only")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - (2 * overlap + 1) / (a + b)


@answers.wrong("another smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=1e-6)


@answers.wrong("another smoothing")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred, smooth=100)


@answers.wrong("the prediction is rounded", 0)
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.round(y_pred))


@answers.wrong("the prediction is rounded")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.where(y_pred > 0.5, 1.0, 0.0))


@answers.wrong("the sizes are squared")
def _(y_true, y_pred):
    return 1 - (2 * sums(y_true, y_pred)[0] + 1) / (sums(y_true, y_true)[0] + sums(y_pred, y_pred)[0] + 1)


@answers.wrong("brackets are missing")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return 1 - 2 * overlap + 1 / (a + b + 1)


@answers.wrong("cross-entropy")
def _(y_true, y_pred):
    return ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2))


@answers.wrong("Dice and cross-entropy together")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) + ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2))


@answers.wrong("the mean squared error")
def _(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=(1, 2, 3))


@answers.wrong("the background in place of the lungs")
def _(y_true, y_pred):
    return 1 - dice_coefficient(1 - y_true, 1 - y_pred)


@answers.wrong("the factor 2 is there twice")
def _(y_true, y_pred):
    return 1 - 2 * dice_coefficient(y_true, y_pred)


@answers.wrong("a sigmoid too many")
def _(y_true, y_pred):
    return 1 - dice_coefficient(y_true, ops.sigmoid(y_pred))
