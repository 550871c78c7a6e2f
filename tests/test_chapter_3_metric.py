"""Exercise 3.3, the metric: each mistake gets its name, and metrics written in other ways pass."""

import random
import re

import numpy as np
import pytest

import lungseg
from lungseg.teaching import check, points
from lungseg.teaching.checking import first_wrong

keras = pytest.importorskip("keras")
ops = keras.ops

WRONG, RIGHT = [], []


def wrong(cause, share=None):
    """Note a student's class, the name of its mistake, and the share of the points that it is worth."""

    def note(answer):
        WRONG.append(pytest.param(answer, cause, share, id=cause))
        return answer

    return note


def right(answer):
    RIGHT.append(pytest.param(answer, id=f"right {len(RIGHT)}"))
    return answer


def dice_coefficient(y_true, y_pred, smooth=1.0):
    a, b = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    pixels = (1, 2, 3)
    return (2 * ops.sum(a * b, axis=pixels) + smooth) / (ops.sum(a, axis=pixels) + ops.sum(b, axis=pixels) + smooth)


def cut(y_pred, threshold):
    return ops.cast(y_pred >= threshold, "float32")


class Skeleton(keras.metrics.Mean):
    """What the notebook gives. The classes below write `update_state` as students do."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


# ---- Right ---------------------------------------------------------------------------------------


right(lungseg.Dice)


@right
class Dice(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@right
class WithGreater(Skeleton):
    """`>` in place of `>=`, a smaller smoothing, and nothing returned."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = ops.where(ops.greater(y_pred, self.threshold), 1.0, 0.0)
        super().update_state(dice_coefficient(mask, y_true, 1e-6), sample_weight)


@right
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


@right
class WithPureTensorFlow(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        import tensorflow as tf

        a = tf.reshape(tf.cast(y_true, tf.float32), [tf.shape(y_true)[0], -1])
        b = tf.reshape(tf.cast(y_pred >= self.threshold, tf.float32), [tf.shape(y_pred)[0], -1])
        values = (2 * tf.einsum("bi,bi->b", a, b) + 1e-4) / (tf.reduce_sum(a + b, axis=1) + 1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@right
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


@right
class EmptyByWhere(Skeleton):
    """No smoothing, and a case of its own for empty masks."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        sizes = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(mask, axis=(1, 2, 3))
        values = 2 * ops.sum(y_true * mask, axis=(1, 2, 3)) / ops.maximum(sizes, 1)
        return super().update_state(ops.where(sizes == 0, 1.0, values), sample_weight=sample_weight)


@right
class WithAColumn(Skeleton):
    """The values in a column, (B, 1): Mean takes that as well."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values[:, None], sample_weight=sample_weight)


# ---- Wrong: which number -------------------------------------------------------------------------


@wrong("the predictions are not cut")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred, smooth=1e-4), sample_weight=sample_weight)


@wrong("the predictions are not cut")
class _(Skeleton):
    """Cuts the masks, which are 0 and 1 already."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(cut(y_true, self.threshold), y_pred, smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("neither cut nor with the smoothing of a metric")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred), sample_weight=sample_weight)


@wrong("the smoothing of the loss")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold))
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the threshold is always 0.5", 3 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, 0.5), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the threshold is always 0.5")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.round(y_pred), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("below the threshold in place of above")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.cast(y_pred <= self.threshold, "float32"), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the loss in place of the coefficient")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = 1 - dice_coefficient(y_true, cut(y_pred, self.threshold))
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the loss in place of the coefficient")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(lungseg.dice_loss(y_true, y_pred), sample_weight=sample_weight)


@wrong("whole-batch Dice")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        value = (2 * ops.sum(y_true * mask) + 1e-4) / (ops.sum(y_true) + ops.sum(mask) + 1e-4)
        return super().update_state(value)


@wrong("whole-batch Dice")
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


@wrong("IoU in place of Dice")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values / (2 - values), sample_weight=sample_weight)


@wrong("the factor 2 is forgotten")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values / 2, sample_weight=sample_weight)


@wrong("accuracy")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = ops.mean(ops.cast(y_true == cut(y_pred, self.threshold), "float32"), axis=(1, 2, 3))
        return super().update_state(values, sample_weight=sample_weight)


@wrong("as a percentage")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = 100 * dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("nothing is added up", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)


@wrong("`update_state` is that of the parent")
class _(Skeleton):
    def update(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the parent takes values, not masks", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(y_true, cut(y_pred, self.threshold), sample_weight)


@wrong("the values are None")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(sample_weight, dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


@wrong("a tensor is changed in place", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred[y_pred >= self.threshold] = 1
        y_pred[y_pred < self.threshold] = 0
        return super().update_state(dice_coefficient(y_true, y_pred, smooth=1e-4), sample_weight=sample_weight)


@wrong("probabilities became whole numbers")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, ops.cast(y_pred, "int32"), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("always 1")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        return super().update_state(dice_coefficient(mask, mask, smooth=1e-4), sample_weight=sample_weight)


@wrong("a Python number in place of a tensor", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = 1.0 if y_pred >= self.threshold else 0.0
        return super().update_state(dice_coefficient(y_true, mask, smooth=1e-4), sample_weight=sample_weight)


# ---- Wrong: which mean ---------------------------------------------------------------------------


@wrong("the mean over batches")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(ops.mean(values))


class WithState(keras.metrics.Metric):
    """Variables of its own, and what students do wrong with them in `add` and `reset_state`."""

    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        self.add(values, ops.ones_like(values) if sample_weight is None else sample_weight)

    def add(self, values, weights):
        self.total.assign_add(ops.sum(values * weights))
        self.count.assign_add(ops.sum(weights))

    def result(self):
        return self.total / self.count

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


@wrong("the mean over batches", 2 / 5)
class _(WithState):
    def add(self, values, weights):
        self.total.assign_add(ops.mean(values))
        self.count.assign_add(1)


@wrong("only the last batch")
class _(WithState):
    def add(self, values, weights):
        self.total.assign(ops.sum(values * weights))
        self.count.assign(ops.sum(weights))


@wrong("only the last batch")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.reset_state()
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("a sum, not a mean")
class _(WithState):
    def result(self):
        return self.total


@wrong("a sum, not a mean")
class _(WithState):
    def add(self, values, weights):
        self.total.assign_add(ops.sum(values))
        self.count.assign_add(1)


@wrong("not reset", 4 / 5)
class _(Dice):
    def reset_state(self):
        pass


@wrong("the count is not reset")
class _(WithState):
    def reset_state(self):
        self.total.assign(0.0)


@wrong("the sum is not reset")
class _(WithState):
    def reset_state(self):
        self.count.assign(0.0)


@wrong("the weights of the images are not used", 4 / 5)
class _(WithState):
    def add(self, values, weights):
        self.total.assign_add(ops.sum(values))
        self.count.assign_add(ops.cast(ops.size(values), "float32"))


@wrong("divided by the number of images", 4 / 5)
class _(WithState):
    def add(self, values, weights):
        self.total.assign_add(ops.sum(values * weights))
        self.count.assign_add(ops.cast(ops.size(values), "float32"))


@wrong("the weights of the images are not used", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


@wrong("`update_state` does not take weights")
class _(Skeleton):
    def update_state(self, y_true, y_pred):
        return super().update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


# ---- Wrong: empty masks ---------------------------------------------------------------------------


@wrong("no smoothing", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=0)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("an empty mask counts 0", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = cut(y_pred, self.threshold)
        sizes = ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(mask, axis=(1, 2, 3))
        values = ops.divide_no_nan(2 * ops.sum(y_true * mask, axis=(1, 2, 3)), sizes)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("empty masks always count 1", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        values = ops.where(ops.sum(y_true, axis=(1, 2, 3)) == 0, 1.0, values)
        return super().update_state(values, sample_weight=sample_weight)


# ---- Wrong: in Keras ------------------------------------------------------------------------------


@wrong("logged under another name", 4 / 5)
class _(Dice):
    def __init__(self, threshold=0.5, name="Dice", **kwargs):
        super().__init__(threshold, name, **kwargs)


@wrong("logged under another name")
class _(Dice):
    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(threshold, "DSC", **kwargs)


@wrong("NumPy in place of `keras.ops`", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        a, b = np.array(y_true), np.array(y_pred) >= self.threshold
        values = (2 * (a * b).sum(axis=(1, 2, 3)) + 1e-4) / (a.sum(axis=(1, 2, 3)) + b.sum(axis=(1, 2, 3)) + 1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("a Python number in place of a tensor")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        if ops.max(values) > 0:
            values = values * 1.0
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the copy forgets its threshold", 4 / 5)
class _(Dice):
    def get_config(self):
        return {"name": self.name}


@wrong("`self.threshold` is not set", 0)
class _(keras.metrics.Mean):
    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@wrong("`self` is missing", 0)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values = dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)  # noqa: F821
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the prediction is compared, and not made to numbers")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = y_pred >= self.threshold
        values = 2 * ops.sum(y_true * mask, axis=(1, 2, 3)) / (ops.sum(y_true + mask, axis=(1, 2, 3)))
        return super().update_state(values, sample_weight=sample_weight)


@wrong("the method calls itself")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        predicted = cut(y_pred, self.threshold)
        return self.update_state(y_true, predicted, sample_weight=sample_weight)


@wrong("the arguments do not fit")
class _(Skeleton):
    def __init__(self, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, y_pred), weights=sample_weight)


wrong("an object in place of the class", 0)(Dice())
wrong("not a class of metrics", 0)(dice_coefficient)
wrong("not a class of metrics", 0)(keras.losses.Dice)


# ---- What all of them have in common --------------------------------------------------------------


@pytest.mark.parametrize(("answer", "cause", "share"), WRONG)
def test_a_mistake_gets_its_name(answer, cause, share):
    verdict = first_wrong("3.3", answer)
    assert verdict is not None
    assert verdict.cause == cause, verdict.report()
    assert "" not in (verdict.tried, verdict.received, verdict.expected, verdict.remedy)
    report = verdict.report()
    assert all(label in report for label in ("I tried", "It gave", "Expected", "Mistake", "Try"))
    assert max(map(len, report.splitlines())) <= 120
    if share is not None:
        assert points("3.3", answer, of=5) / 5 == pytest.approx(share)


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_answer_passes(answer):
    verdict = first_wrong("3.3", answer)
    assert verdict is None, verdict.report()
    assert points("3.3", answer, of=5) == 5


def draw():
    """Numbers of the three kinds that a student's training depends on."""
    return random.random(), np.random.random(), np.asarray(keras.random.normal((3,))).tolist()  # noqa: NPY002


def test_check_says_so_and_leaves_chance_alone(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    first_wrong("3.3", Dice)  # what is loaded once is loaded
    keras.utils.set_random_seed(5)
    expected = draw()
    keras.utils.set_random_seed(5)
    capfd.readouterr()
    check("3.3", Dice)
    printed = capfd.readouterr()
    assert printed.out.startswith("Exercise 3.3: correct. ")
    assert printed.err == ""
    assert draw() == expected


def test_the_students_own_metric_stays_as_it_is():
    metric = Dice()
    metric.update_state(np.ones((1, 2, 2, 1)), np.ones((1, 2, 2, 1)))
    assert first_wrong("3.3", metric).cause == "an object in place of the class"
    assert float(metric.result()) == 1


def test_the_students_own_line_is_shown():
    answer = next(row.values[0] for row in WRONG if row.values[1] == "`self` is missing")
    received = first_wrong("3.3", answer).received
    assert re.search(
        r"in line \d+ of your cell:  values = dice_coefficient\(y_true, cut\(y_pred, threshold\)", received
    )
