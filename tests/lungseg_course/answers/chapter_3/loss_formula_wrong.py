"""Exercise 3.2, the loss: another formula, or another Dice in it."""

import keras
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums

answers = Answers("3.2")


answers.wrong("`1 -` is forgotten", 1 / 2)(lambda y_true, y_pred: dice_coefficient(y_true, y_pred))
answers.wrong("minus in place of `1 -`", 1 / 2)(lambda y_true, y_pred: -dice_coefficient(y_true, y_pred))


@answers.wrong("IoU in place of Dice")
def _(y_true, y_pred):
    overlap, a, b = sums(y_true, y_pred)
    return ops.mean(1 - (overlap + 1) / (a + b - overlap + 1))


answers.wrong("another smoothing")(lambda y_true, y_pred: 1 - dice_coefficient(y_true, y_pred, smooth=1e-6))
answers.wrong("the prediction is rounded", 0)(lambda y_true, y_pred: 1 - dice_coefficient(y_true, ops.round(y_pred)))


@answers.wrong("cross-entropy")
def _(y_true, y_pred):
    return ops.mean(keras.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2))
