"""Exercise 3.3, the metric: another number of an image."""

import keras
from keras import ops

import lungseg
from answers import Answers
from answers.chapter_3.formula import dice_coefficient
from answers.chapter_3.skeleton import Skeleton, averaging, cut

answers = Answers("3.3")


def right(y_true, y_pred, threshold):
    return dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)


def wrong(cause, share=None):
    """Return a decorator: the metric averages wrong values."""
    return lambda values_of: answers.wrong(cause, share)(averaging(values_of))


wrong("the predictions are not cut")(lambda a, b, threshold: dice_coefficient(a, b, smooth=1e-4))
wrong("the predictions are not cut")(lambda a, b, threshold: dice_coefficient(cut(a, threshold), b, smooth=1e-4))
wrong("neither cut nor with the smoothing of a metric")(lambda a, b, threshold: dice_coefficient(a, b))
wrong("what is above the threshold keeps its probability")(
    lambda a, b, threshold: dice_coefficient(a, ops.where(b >= threshold, b, 0.0), smooth=1e-4)
)
wrong("what is above the threshold keeps its probability")(
    lambda a, b, threshold: dice_coefficient(a, b * cut(b, threshold))
)
wrong("0.5 itself is left out", 4 / 5)(
    lambda a, b, threshold: dice_coefficient(a, ops.cast(b > threshold, "float32"), smooth=1e-4)
)
wrong("0.5 itself is left out")(
    lambda a, b, threshold: dice_coefficient(a, ops.where(b <= threshold, 0.0, 1.0), smooth=1e-6)
)
wrong("the smoothing of the loss")(lambda a, b, threshold: dice_coefficient(a, cut(b, threshold)))
wrong("the threshold is always 0.5", 3 / 5)(lambda a, b, threshold: dice_coefficient(a, cut(b, 0.5), smooth=1e-4))
wrong("the threshold is always 0.5")(lambda a, b, threshold: dice_coefficient(a, ops.round(b), smooth=1e-4))
wrong("the loss in place of the coefficient")(lambda a, b, threshold: 1 - dice_coefficient(a, cut(b, threshold)))
wrong("the loss in place of the coefficient")(lambda a, b, threshold: lungseg.dice_loss(a, b))
wrong("probabilities became whole numbers")(
    lambda a, b, threshold: dice_coefficient(a, ops.cast(b, "int32"), smooth=1e-4)
)
wrong("below the threshold in place of above")(lambda a, b, threshold: dice_coefficient(a, 1 - cut(b, threshold), 1e-4))
wrong("IoU in place of Dice")(lambda *given: right(*given) / (2 - right(*given)))
wrong("the factor 2 is forgotten")(lambda *given: right(*given) / 2)
wrong("accuracy")(lambda a, b, threshold: ops.mean(ops.cast(a == cut(b, threshold), "float32"), axis=(1, 2, 3)))
wrong("as a percentage")(lambda *given: 100 * right(*given))
wrong("always 1")(lambda a, b, threshold: right(cut(b, threshold), b, threshold))


@answers.wrong("whole-batch Dice")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        value = (2 * ops.sum(y_true * mask) + 1e-4) / (ops.sum(y_true) + ops.sum(mask) + 1e-4)
        return super().update_state(value)


@answers.wrong("whole-batch Dice")
class _(keras.metrics.Metric):
    """Pools the pixels of an epoch."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.overlap = self.add_weight(name="overlap", initializer="zeros")
        self.sizes = self.add_weight(name="sizes", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        self.overlap.assign_add(ops.sum(y_true * mask))
        self.sizes.assign_add(ops.sum(y_true) + ops.sum(mask))

    def result(self):
        return (2 * self.overlap + 1e-4) / (self.sizes + 1e-4)
