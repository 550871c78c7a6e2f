"""Exercise 3.3, the metric: another mean, weights that are not used, and empty masks."""

from keras import ops

from answers import Answers
from answers.chapter_3.formula import dice_coefficient, sums
from answers.chapter_3.metric_right import Dice, WithVariables
from answers.chapter_3.skeleton import Skeleton, averaging, cut

answers = Answers("3.3")


def adding(total, count):
    """Return the metric of a student who adds these two, functions of values and weights, to variables."""

    class Adding(WithVariables):
        def update_state(self, y_true, y_pred, sample_weight=None):
            values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
            weights = ops.ones_like(values) if sample_weight is None else sample_weight
            self.total.assign_add(total(values, weights))
            self.count.assign_add(count(values, weights))

    return Adding


answers.wrong("the mean over batches", 2 / 5)(adding(lambda values, _: ops.mean(values), lambda *_: 1))
answers.wrong("divided by the number of images", 4 / 5)(
    adding(lambda values, weights: ops.sum(values * weights), lambda values, _: ops.cast(ops.size(values), "float32"))
)


@answers.wrong("only the last batch")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.reset_state()
        values = dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)
        return super().update_state(values, sample_weight=sample_weight)


@answers.wrong("a sum, not a mean")
class _(WithVariables):
    def result(self):
        return self.total


@answers.wrong("not reset", 4 / 5)
class _(Dice):
    def reset_state(self):
        pass


@answers.wrong("the count is not reset")
class _(WithVariables):
    def reset_state(self):
        self.total.assign(0.0)


@answers.wrong("the sum is not reset")
class _(WithVariables):
    def reset_state(self):
        self.count.assign(0.0)


@answers.wrong("the weights of the images are not used", 4 / 5)
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


@answers.wrong("`update_state` does not take weights")
class _(Skeleton):
    def update_state(self, y_true, y_pred):
        return super().update_state(dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4))


answers.wrong("no smoothing", 4 / 5)(
    averaging(lambda a, b, threshold: dice_coefficient(a, cut(b, threshold), smooth=0))
)


@answers.wrong("an empty mask counts 0", 4 / 5)
@averaging
def _(y_true, y_pred, threshold):
    overlap, a, b = sums(y_true, cut(y_pred, threshold))
    return ops.divide_no_nan(2 * overlap, a + b)


@answers.wrong("empty masks always count 1", 4 / 5)
@averaging
def _(y_true, y_pred, threshold):
    values = dice_coefficient(y_true, cut(y_pred, threshold), smooth=1e-4)
    return ops.where(ops.sum(y_true, axis=(1, 2, 3)) == 0, 1.0, values)


@answers.wrong("`==` in place of `=`")
class _(Skeleton):
    def update_state(self, y_true, y_pred, sample_weight=None):
        values == dice_coefficient(y_true, cut(y_pred, self.threshold), smooth=1e-4)  # noqa: B015, F821
        return super().update_state(values, sample_weight=sample_weight)  # noqa: F821
