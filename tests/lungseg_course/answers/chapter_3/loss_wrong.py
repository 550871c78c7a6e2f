"""Exercise 3.2, the loss: another formula, not a number for each image, no tensors, and code that fails."""

import keras
import numpy as np
from keras import ops

import lungseg
from answers import Answers
from answers.chapter_3.formula import dice_coefficient, dice_of, of_sums
from answers.chapter_3.loss_right import dice_loss

answers = Answers("3.2")
answers.wrong("the package's answer, not yours", 0)(lambda y_true, y_pred: lungseg.dice_loss(y_true, y_pred))
answers.wrong("the package's answer, not yours", 0)(lungseg.dice_loss)
wrong = answers.wrong
wrong("a class in place of a function")(keras.losses.Dice)
wrong("a function in place of numbers")(lambda y_true, y_pred: dice_loss)


def one_minus(quotient, axis=(1, 2, 3)):
    """The loss of a student who writes `quotient(overlap, a, b, smooth)` for the coefficient."""
    coefficient = of_sums(quotient, axis)
    return lambda y_true, y_pred: 1 - coefficient(y_true, y_pred)


wrong("`1 -` is forgotten", 1 / 2)(lambda y_true, y_pred: dice_coefficient(y_true, y_pred))
wrong("minus in place of `1 -`", 1 / 2)(lambda y_true, y_pred: -dice_coefficient(y_true, y_pred))
wrong("IoU in place of Dice")(one_minus(lambda both, a, b, smooth: ops.mean((both + 1) / (a + b - both + 1))))
wrong("another smoothing")(lambda y_true, y_pred: 1 - dice_coefficient(y_true, y_pred, smooth=1e-6))
wrong("the prediction is rounded", 0)(lambda y_true, y_pred: 1 - dice_coefficient(y_true, ops.round(y_pred)))
wrong("the mask is compared with itself", 0)(lambda y_true, y_pred: 1 - dice_coefficient(y_true, y_true))
wrong("the prediction is compared with itself")(lambda y_true, y_pred: 1 - dice_coefficient(y_pred, y_pred))
wrong("no smoothing")(keras.losses.Dice(axis=(1, 2, 3)))
wrong("no smoothing")(lambda y_true, y_pred: keras.losses.dice(y_true, y_pred, axis=(1, 2, 3)))
wrong("cross-entropy")(lambda y_true, y_pred: ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2)))
wrong("the mean is taken already", 1 / 2)(lambda y_true, y_pred: 1 - ops.mean(dice_coefficient(y_true, y_pred)))
wrong("whole-batch Dice", 1 / 2)(one_minus(dice_of, axis=None))
wrong("whole-batch Dice")(lambda y_true, y_pred: keras.losses.dice(y_true, y_pred))
wrong("a number for each pixel")(lambda y_true, y_pred: 1 - (2 * y_true * y_pred + 1) / (y_true + y_pred + 1))
wrong("the channel axis is left")(one_minus(dice_of, axis=(1, 2)))


@wrong("NumPy in place of `keras.ops`", 1 / 2)
def _(y_true, y_pred):
    overlap = np.sum(y_true * y_pred, axis=(1, 2, 3))
    return 1 - (2 * overlap + 1) / (np.sum(y_true, axis=(1, 2, 3)) + np.sum(y_pred, axis=(1, 2, 3)) + 1)


@wrong("a Python number in place of a tensor", 1 / 2)
def _(y_true, y_pred):
    losses = dice_loss(y_true, y_pred)
    return losses if ops.max(losses) > 0 else 0 * losses


@wrong("nothing is returned")
def _(y_true, y_pred):
    loss = 1 - dice_coefficient(y_true, y_pred)  # noqa: F841


@wrong("the name `dice_coeficient` is not known")
def _(y_true, y_pred):
    return 1 - dice_coeficient(y_true, y_pred)  # noqa: F821


@wrong("the function calls itself without an end")
def calls_itself(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


def endless(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


@wrong("something is None")
def _(y_true, y_pred):
    def forgetful(y_true, y_pred):
        dice_coefficient(y_true, y_pred)

    return 1 - forgetful(y_true, y_pred)


wrong("a function that is not called")(lambda y_true, y_pred: 1 - dice_coefficient)


@wrong("the shapes do not fit")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) + keras.losses.binary_crossentropy(y_true, y_pred)
