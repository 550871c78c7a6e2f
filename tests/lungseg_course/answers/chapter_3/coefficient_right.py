"""Exercise 3.1, the Dice coefficient: right, written in other ways."""

import math

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient

answers = Answers("3.1")
answers.right(dice_coefficient)


@answers.right
def _(y_true, y_pred, smooth=1.0):
    import tensorflow as tf

    y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    overlap = tf.reduce_sum(y_true * y_pred, axis=[1, 2, 3])
    return (2.0 * overlap + smooth) / (tf.reduce_sum(y_true, [1, 2, 3]) + tf.reduce_sum(y_pred, [1, 2, 3]) + smooth)


@answers.right
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.einsum("bhwc,bhwc->b", a, b) + smooth) / (ops.einsum("bhwc->b", a + b) + smooth)


@answers.right
def _(y_true, y_pred, smooth=1.0):
    a = ops.reshape(ops.cast(y_true, "float32"), (ops.shape(y_true)[0], -1))
    b = ops.reshape(ops.cast(y_pred, "float32"), (ops.shape(y_pred)[0], -1))
    return (ops.sum(a * b, axis=-1) + smooth / 2) / (ops.sum(a + b, axis=-1) + smooth) * 2


@answers.right
def _(y_true, y_pred, smooth=1.0):
    """Means of pixels, and a smoothing that is divided by their number: the same quotient."""
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    share = smooth / math.prod(y_pred.shape[1:])
    pixels = (-3, -2, -1)
    return (2 * ops.mean(a * b, axis=pixels) + share) / (ops.mean(a + b, axis=pixels) + share)


@answers.right
def _(truth, prediction, smooth=1.0):
    """Other names; the two swapped, which is the same; the channel first taken away."""
    a = ops.squeeze(ops.cast(prediction, "float32"), axis=-1)
    b = ops.squeeze(ops.cast(truth, "float32"), axis=-1)
    return 1 - (ops.sum(a + b - 2 * a * b, axis=(1, 2))) / (ops.sum(a + b, axis=(1, 2)) + smooth)


@answers.right
def _(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")

    def of_one(pair):
        return (2 * ops.sum(pair[0] * pair[1]) + smooth) / (ops.sum(pair[0]) + ops.sum(pair[1]) + smooth)

    return ops.vectorized_map(of_one, (a, b))
