"""Exercise 3.1, the Dice coefficient: over other axes than those of an image, or another formula."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, dice_of, of_sums, sums
from lungseg import losses

answers = Answers("3.1")
answers.wrong("the package's answer, not yours", 0)(losses.dice_coefficient)
answers.wrong("the package's answer, not yours", 0)(lambda a, b, smooth=1.0: losses.dice_coefficient(a, b, smooth))
wrong = answers.wrong

wrong("whole-batch Dice", 1 / 4)(of_sums(dice_of, axis=None))
wrong("whole-batch Dice")(of_sums(dice_of, axis=(0, 1, 2)))
wrong("the channel axis is left")(of_sums(dice_of, axis=(1, 2)))
wrong("a number for each row")(of_sums(dice_of, axis=(2, 3)))
wrong("a number for each column")(of_sums(dice_of, axis=1))
wrong("summed over the batch")(of_sums(dice_of, axis=0))
wrong("summed over the batch")(of_sums(dice_of, axis=(0, 1, 3)))
wrong("an axis that does not exist")(of_sums(dice_of, axis=(1, 2, 3, 4)))
wrong("shapes that do not go together")(of_sums(lambda overlap, a, b, smooth: dice_of(overlap[:, None], a, b, smooth)))

wrong("IoU in place of Dice", 1 / 4)(of_sums(lambda both, a, b, smooth: (both + smooth) / (a + b - both + smooth)))
wrong("IoU in place of Dice")(of_sums(lambda both, a, b, smooth: ops.mean(both / (a + b - both))))
wrong("the factor 2 is forgotten", 1 / 4)(of_sums(lambda both, a, b, smooth: (both + smooth) / (a + b + smooth)))
wrong("parentheses are missing", 1 / 4)(of_sums(lambda both, a, b, smooth: 2 * both + smooth / (a + b + smooth)))
wrong("two numbers in place of their quotient")(of_sums(lambda both, a, b, smooth: (2 * both + smooth, a + b + smooth)))

wrong("no smoothing", 2 / 4)(of_sums(lambda both, a, b, smooth: 2 * both / (a + b)))
wrong("smoothing in the numerator only", 2 / 4)(of_sums(lambda both, a, b, smooth: (2 * both + smooth) / (a + b)))
wrong("smoothing in the denominator only", 2 / 4)(of_sums(lambda both, a, b, smooth: 2 * both / (a + b + smooth)))
wrong("the argument `smooth` is not used", 2 / 4)(of_sums(lambda both, a, b, smooth: dice_of(both, a, b, 1.0)))
wrong("another smoothing by default")(lambda y_true, y_pred, smooth=1e-6: dice_coefficient(y_true, y_pred, smooth))


@wrong("the summed axes are kept")
def _(y_true, y_pred, smooth=1.0):
    return ops.reshape(dice_coefficient(y_true, y_pred, smooth), (-1, 1, 1, 1))


@wrong("a number for each pixel")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * a * b + smooth) / (a + b + smooth)


@wrong("IoU in place of Dice, and rounded")
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "bool"), y_pred > 0.5
    both, any_of_them = ops.logical_and(a, b), ops.logical_or(a, b)
    return ops.sum(ops.cast(both, "float32"), (1, 2, 3)) / ops.sum(ops.cast(any_of_them, "float32"), (1, 2, 3))


@wrong("a matrix product")
def _(y_true, y_pred, smooth=1.0):
    _, a, b = sums(y_true, y_pred)
    return dice_of(ops.sum(y_true @ y_pred, axis=(1, 2, 3)), a, b, smooth)
