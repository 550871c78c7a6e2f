"""The Dice coefficient, and its three sums: what many answers begin with."""

from keras import ops


def sums(y_true, y_pred, axis=(1, 2, 3), cast="float32"):
    """The three sums of the formula."""
    a, b = ops.cast(y_true, cast), ops.cast(y_pred, cast)
    return ops.sum(a * b, axis=axis), ops.sum(a, axis=axis), ops.sum(b, axis=axis)


def of_sums(quotient, axis=(1, 2, 3)):
    """The coefficient of a student who writes `quotient(overlap, a, b, smooth)`, of sums over these axes."""

    def dice_coefficient(y_true, y_pred, smooth=1.0):
        return quotient(*sums(y_true, y_pred, axis), smooth)

    return dice_coefficient


def dice_of(overlap, a, b, smooth):
    return (2 * overlap + smooth) / (a + b + smooth)


dice_coefficient = of_sums(dice_of)
