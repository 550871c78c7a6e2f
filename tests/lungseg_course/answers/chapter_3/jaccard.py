"""Exercise 3.4, Jaccard from Dice."""

import numpy as np
from keras import ops

from answers import Answers

answers = Answers("3.4")


@answers.right
def _(dice):
    return dice / (2 - dice)


@answers.right
def _(d):
    half = d / 2
    return half / (1 - half)


@answers.right
def _(dice):
    return np.divide(dice, np.subtract(2, dice))


@answers.right
def _(dice):
    dice = ops.convert_to_tensor(dice, "float64")
    return ops.divide(dice, 2 - dice)


@answers.right
def _(dice):
    return -1 + 2 / (2 - dice)


answers.wrong("Dice from Jaccard", 0)(lambda dice: 2 * dice / (1 + dice))
answers.wrong("parentheses are missing", 0)(lambda dice: dice / 2 - dice)
answers.wrong("cut off to 0", 0)(lambda dice: dice // (2 - dice))
answers.wrong("rounded", 0)(lambda dice: np.round(dice / (2 - dice), 2))


@answers.wrong("nothing is returned", 0)
def _(dice):
    jaccard = dice / (2 - dice)  # noqa: F841


answers.wrong("not a number or an array", 0)(lambda dice: str(dice))


@answers.wrong("the arguments do not fit", 0)
def _(true, predicted):
    return true / (2 - predicted)


answers.wrong("the mean of all", 1 / 2)(lambda dice: np.mean(dice / (2 - dice)))


@answers.wrong("many numbers only", 1 / 2)
def _(dices):
    return [dice / (2 - dice) for dice in dices]


@answers.wrong("a division by zero", 1 / 2)
def _(dice):
    return 1 / (2 / dice - 1)


@answers.wrong("one number at a time", 1 / 2)
def _(dice):
    if dice == 0:
        return 0.0
    return dice / (2 - dice)


@answers.wrong("one number at a time")
def _(dice):
    return float(dice) / (2 - float(dice))
