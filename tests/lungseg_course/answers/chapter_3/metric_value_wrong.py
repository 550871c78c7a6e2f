"""Exercise 3.3, the metric: another number of an image."""

import keras
from keras import ops

import lungseg
from answers import Answers
from answers.chapter_3.formula import dice_coefficient
from answers.chapter_3.skeleton import Skeleton, cut

answers = Answers("3.3")


@answers.wrong("the predictions are not cut")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred, smooth=1e-4), sample_weight=sample_weight)


@answers.wrong("the predictions are not cut")
class _(Skeleton):
    """Cuts the masks, which are 0 and 1 already."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(cut(y_true, self.threshold), y_pred, smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("neither cut nor with the smoothing of a metric")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred), sample_weight=sample_weight)


@answers.wrong("the smoothing of the loss")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold))
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the threshold is always 0.5", 3 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, 0.5), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the threshold is always 0.5")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.round(y_pred), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("below the threshold in place of above")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.cast(y_pred <= self.threshold, "float32"), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the loss in place of the coefficient")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = 1 - dice_coefficient(y_true, cut(y_pred, self.threshold))
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the loss in place of the coefficient")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(lungseg.dice_loss(y_true, y_pred), sample_weight=sample_weight)


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


@answers.wrong("IoU in place of Dice")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values / (2 - values), sample_weight=sample_weight)


@answers.wrong("the factor 2 is forgotten")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values / 2, sample_weight=sample_weight)


@answers.wrong("accuracy")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = ops.mean(ops.cast(y_true == cut(y_pred, self.threshold), "float32"), axis=(1, 2, 3))
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("as a percentage")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = 100 * dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("probabilities became whole numbers")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.cast(y_pred, "int32"), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("always 1")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        return super().update_state(dice_coefficient(mask, mask, smooth=1e-4), sample_weight=sample_weight)
