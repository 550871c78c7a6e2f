"""Exercise 3.3, the metric: not as Keras wants it, and code that fails."""

import keras
import numpy as np
from keras import ops

import lungseg
from answers import Answers
from answers.chapter_3.formula import dice_coefficient
from answers.chapter_3.metric_right import Dice
from answers.chapter_3.skeleton import Skeleton, averaging, cut

answers = Answers("3.3")
answers.wrong("the package's answer, not yours", 0)(lungseg.Dice)
answers.wrong("the package's answer, not yours", 0)(type("Dice", (lungseg.Dice,), {}))


@answers.wrong("nothing is added up", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)


@answers.wrong("`update_state` is that of the parent")
class _(Skeleton):
    def update(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the parent takes values, not masks", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(y_true, cut(y_pred, self.threshold), sample_weight)


@answers.wrong("the values are None")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(sample_weight, dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


@answers.wrong("a tensor is changed in place", 0)
@averaging
def _(y_true, y_pred, threshold):
    y_pred[y_pred >= threshold] = 1
    y_pred[y_pred < threshold] = 0
    return dice_coefficient(y_true, y_pred, smooth=1e-4)


@answers.wrong("a Python number in place of a tensor", 0)
@averaging
def _(y_true, y_pred, threshold):
    return dice_coefficient(y_true, 1.0 if y_pred >= threshold else 0.0, smooth=1e-4)


@answers.wrong("logged under another name", 4 / 5)
class _(Dice):
    def __init__(self, threshold=0.5, name="Dice", **kwargs):
        super().__init__(threshold, name, **kwargs)


@answers.wrong("NumPy in place of `keras.ops`", 4 / 5)
@averaging
def _(y_true, y_pred, threshold):
    a, b = np.array(y_true), np.array(y_pred) >= threshold
    return (2 * (a * b).sum(axis=(1, 2, 3)) + 1e-4) / (a.sum(axis=(1, 2, 3)) + b.sum(axis=(1, 2, 3)) + 1e-4)


@answers.wrong("a Python number in place of a tensor")
@averaging
def _(y_true, y_pred, threshold):
    values = dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)
    return values if ops.max(values) > 0 else 0 * values


@answers.wrong("the copy forgets its threshold", 4 / 5)
class _(Dice):
    def get_config(self):
        return {"name": self.name}


@answers.wrong("`self.threshold` is not set", 0)
class _(keras.metrics.Mean):
    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("`self` is missing", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)  # noqa: F821
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("the prediction is compared, and not made to numbers")
@averaging
def _(y_true, y_pred, threshold):
    mask = y_pred >= threshold
    return 2 * ops.sum(y_true * mask, axis=(1, 2, 3)) / (ops.sum(y_true + mask, axis=(1, 2, 3)))


@answers.wrong("the method calls itself")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        predicted = cut(y_pred, self.threshold)
        return self.update_state(y_true, predicted, sample_weight=sample_weight)


@answers.wrong("the method calls itself", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return self.update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4), sample_weight)


@answers.wrong("the method calls itself")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        self.update_state(values, sample_weight=sample_weight)


@answers.wrong("the parentheses behind `super` are missing", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super.update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4), sample_weight)


@answers.wrong("`self` is passed on", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(self, values, sample_weight)


@answers.wrong("`result` is overwritten", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.result = ops.mean(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


@answers.wrong("the state is replaced, not added to")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        self.total += ops.sum(values)
        self.count += len(values)


@answers.wrong("the arguments do not fit")
class _(Skeleton):
    def __init__(self, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred), weights=sample_weight)


answers.wrong("an object in place of the class", 0)(Dice())
answers.wrong("not a class of metrics", 0)(dice_coefficient)
answers.wrong("not a class of metrics", 0)(keras.losses.Dice)
