"""Exercise 3.2, the loss: not a number for each image, no tensors, and code that fails."""

import keras
import numpy as np
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums
from answers.chapter_3.loss_right import dice_loss

answers = Answers("3.2")


answers.wrong("the mean is taken already", 1 / 2)(lambda y_true, y_pred: 1 - ops.mean(dice_coefficient(y_true, y_pred)))


@answers.wrong("whole-batch Dice", 1 / 2)
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred, axis=None)
    return 1 - (2 * overlap + 1) / (a + b + 1)


answers.wrong("whole-batch Dice")(lambda y_true, y_pred: keras.losses.dice(y_true, y_pred))
answers.wrong("a number for each pixel")(lambda y_true, y_pred: 1 - (2 * y_true * y_pred + 1) / (y_true + y_pred + 1))


@answers.wrong("the channel axis is left")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred, axis=(1, 2))
    return 1 - (2 * overlap + 1) / (a + b + 1)


@answers.wrong("NumPy in place of `keras.ops`", 1 / 2)
def _(y_true, y_pred):
    overlap = np.sum(y_true * y_pred, axis=(1, 2, 3))
    return 1 - (2 * overlap + 1) / (np.sum(y_true, axis=(1, 2, 3)) + np.sum(y_pred, axis=(1, 2, 3)) + 1)


@answers.wrong("a Python number in place of a tensor", 1 / 2)
def _(y_true, y_pred):
    losses = dice_loss(y_true, y_pred)
    return losses if ops.max(losses) > 0 else 0 * losses


@answers.wrong("nothing is returned")
def _(y_true, y_pred):
    loss = 1 - dice_coefficient(y_true, y_pred)  # noqa: F841


@answers.wrong("the name `dice_coeficient` is not known")
def _(y_true, y_pred):
    return 1 - dice_coeficient(y_true, y_pred)  # noqa: F821


@answers.wrong("the function calls itself without an end")
def calls_itself(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


def endless(y_true, y_pred):
    return 1 - endless(y_true, y_pred)


@answers.wrong("something is None")
def _(y_true, y_pred):
    def forgetful(y_true, y_pred):
        dice_coefficient(y_true, y_pred)

    return 1 - forgetful(y_true, y_pred)


@answers.wrong("a function that is not called")
def _(y_true, y_pred):
    return 1 - dice_coefficient


@answers.wrong("the shapes do not fit")
def _(y_true, y_pred):
    return dice_loss(y_true, y_pred) + keras.losses.binary_crossentropy(y_true, y_pred)
