"""Exercise 3.4, Jaccard from Dice."""

import math

import numpy as np
from keras import ops

from answers import Answers

answers = Answers("3.4")

answers.right(lambda dice: dice / (2 - dice))
answers.right(lambda d: d / 2 / (1 - d / 2))
answers.right(lambda dice: np.divide(dice, np.subtract(2, dice)))
answers.right(lambda dice: ops.divide(dice, 2 - ops.convert_to_tensor(dice, "float64")))
answers.right(lambda dice: -1 + 2 / (2 - dice))

answers.wrong("Dice from Jaccard", 0)(lambda dice: 2 * dice / (1 + dice))
answers.wrong("parentheses are missing", 0)(lambda dice: dice / 2 - dice)
answers.wrong("the whole of D in the denominator", 0)(lambda dice: (dice / 2) / (1 - dice))
answers.wrong("cut off to 0", 0)(lambda dice: dice // (2 - dice))
answers.wrong("rounded", 0)(lambda dice: np.round(dice / (2 - dice), 2))
answers.wrong("not a number or an array", 0)(lambda dice: str(dice))
answers.wrong("the arguments do not fit", 0)(lambda true, predicted: true / (2 - predicted))
answers.wrong("the mean of all", 1 / 2)(lambda dice: np.mean(dice / (2 - dice)))
answers.wrong("many numbers only", 1 / 2)(lambda dices: [dice / (2 - dice) for dice in dices])
answers.wrong("a division by zero", 1 / 2)(lambda dice: 1 / (2 / dice - 1))
answers.wrong("one number at a time", 1 / 2)(lambda dice: dice / (2 - dice) if dice > 0 else 0.0)
answers.wrong("one number at a time")(lambda dice: float(dice) / (2 - float(dice)))


answers.wrong("`^` is not a power", 0)(lambda dice: dice * (2 - dice) ^ -1)
answers.wrong("the logarithm of 0", 0)(lambda dice: math.exp(math.log(dice) - math.log(2 - dice)))


@answers.wrong("two masks in place of a Dice coefficient", 0)
def _(dice):
    a, b = dice
    return (a * b).sum() / np.maximum(a, b).sum()


@answers.wrong("the array that you were given is changed", 1 / 2)
def _(dice):
    dice /= 2 - dice
    return dice


@answers.wrong("the array that you were given is changed", 1 / 2)
def _(dice):
    union = dice
    union *= 0.5
    return union / (1 - union)


@answers.wrong("nothing is returned", 0)
def _(dice):
    jaccard = dice / (2 - dice)  # noqa: F841
