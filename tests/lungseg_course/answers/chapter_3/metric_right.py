"""Exercise 3.3, the metric: right, written in other ways, and the blank."""

import keras
from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums
from answers.chapter_3.skeleton import Skeleton, averaging, cut
from lungseg_course import todo

answers = Answers("3.3")


class Blank(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        # Exercise 3.3
        todo()


answers.blank = (Blank,)


@answers.right
class Dice(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.right
class WithGreater(Skeleton):
    """A function in place of `>=`, a smaller smoothing, and nothing returned."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = ops.where(ops.greater_equal(y_pred, self.threshold), 1.0, 0.0)
        super().update_state(dice_coefficient(mask, y_true, 1e-6), sample_weight)


@answers.right
class WithVariables(keras.metrics.Metric):
    """Variables of its own in place of those of Mean."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        weights = ops.ones_like(values) if sample_weight is None else ops.cast(sample_weight, "float32")
        self.total.assign_add(ops.sum(values * weights))
        self.count.assign_add(ops.sum(weights))

    def result(self):
        return ops.divide_no_nan(self.total, self.count)

    def reset_state(self):
        self.total.assign(0.0)
        self.count.assign(0.0)

    def get_config(self):
        return {"name": self.name, "threshold": self.threshold}


@answers.right
@averaging
def with_pure_tensorflow(y_true, y_pred, threshold):
    import tensorflow as tf

    a = tf.reshape(tf.cast(y_true, tf.float32), [tf.shape(y_true)[0], -1])
    b = tf.reshape(tf.cast(y_pred >= threshold, tf.float32), [tf.shape(y_pred)[0], -1])
    return (2 * tf.einsum("bi,bi->b", a, b) + 1e-4) / (tf.reduce_sum(a + b, axis=1) + 1e-4)


@answers.right
class WithAMeanInside(keras.metrics.Metric):
    """Made of a Mean, not derived from it."""

    def __init__(self, threshold=0.5, name="dice", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold
        self.mean = keras.metrics.Mean()

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), 1e-4)
        self.mean.update_state(values, sample_weight=sample_weight)

    def result(self):
        return self.mean.result()

    def reset_state(self):
        self.mean.reset_state()

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


@answers.right
@averaging
def _(y_true, y_pred, threshold):
    """No smoothing, and a case of its own for empty masks."""
    overlap, a, b = sums(y_true, cut(y_pred, threshold))
    return ops.where(a + b == 0, 1.0, 2 * overlap / ops.maximum(a + b, 1))


@answers.right
@averaging
def _(y_true, y_pred, threshold):
    """The values in a column, (B, 1): Mean takes that as well."""
    return dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)[:, None]
