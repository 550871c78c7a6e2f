"""Notebook 3, exercise 3.3: the Dice coefficient as a metric."""

import traceback
from collections import Counter
from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_3 import overlaps
from lungseg_course.chapters.chapter_3.miswritten import MISWRITTEN, WHOLE, mapped
from lungseg_course.chapters.chapter_3.overlaps import IMAGES, Coefficients, dice_of_each, masks_and_probabilities
from lungseg_course.chapters.chapter_3.tensors import TENSORS, prepare, tensors
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.rows import Gives, Raises, When
from lungseg_course.engine.table import Case, look_at
from lungseg_course.engine.verdict import Wrong

SMOOTH = 1e-4
PASS_ON = "Pass `smooth=1e-4` on."


class OneNumber(Coefficients):
    """The result of a metric, or what Keras logs of it."""

    def read(self, result) -> np.ndarray:
        array = super().read(result.get("dice", 0) if isinstance(result, dict) else result)
        return array.reshape(()) if array.shape == (1,) else array


def _each(batch: tuple, threshold: float = 0.5) -> np.ndarray:
    """Return what the metric averages: the coefficient of each image of a batch of masks and predictions."""
    return dice_of_each(batch[0], batch[1] >= threshold, SMOOTH)


def _mean(*batches: tuple, **settings) -> float:
    return np.concatenate([_each(batch, **settings) for batch in batches]).mean()


def _pooled(masks: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return dice_of_each(masks, predicted >= 0.5, SMOOTH, axes=WHOLE)


def _of_a_batch(sign):
    """Return the wrong reference of a function of masks, predictions, cut predictions, and the threshold."""
    return lambda batch, threshold=0.5: sign(*batch, batch[1] >= threshold)


def _calls_itself(out) -> bool:
    """Whether the error came up in a method that was called by itself."""
    calls = Counter(frame.f_code for frame, _ in traceback.walk_tb(out.error.__traceback__))
    return any(count > 1 and code.co_name == "update_state" for code, count in calls.items())


# fmt: off
VALUES = mapped((
    Gives("the predictions are not cut", lambda a, b, cut: dice_of_each(a, b, SMOOTH),
          "This is the Dice coefficient of the probabilities, as in the loss. A metric should evaluate the mask that "
          "comes out in the end.",
          "Make 0 and 1 of `y_pred`, by comparing it with the threshold. (The masks are 0 and 1 already.)",
          also=(lambda a, b, cut: dice_of_each(a, b, 0),)),
    Gives("what is above the threshold keeps its probability", lambda a, b, cut: dice_of_each(a, b * cut, SMOOTH),
          "In a mask, a pixel is lung or it is not. Only what is below the threshold was changed, to 0.",
          "A pixel that reaches the threshold becomes 1: `ops.where(y_pred >= self.threshold, 1.0, 0.0)`.",
          also=(lambda a, b, cut: dice_of_each(a, b * cut),)),
    Gives("neither cut nor with the smoothing of a metric", lambda a, b, cut: dice_of_each(a, b),
          "This is the coefficient that the loss takes: probabilities, smoothed by 1.",
          "Cut the predictions at the threshold, and pass `smooth=1e-4` on."),
    Gives("the smoothing of the loss", lambda a, b, cut: dice_of_each(a, cut),
          "Without being told, `dice_coefficient` smooths by 1. In a metric that is too kind to small masks.", PASS_ON),
    Gives("the loss in place of the coefficient", lambda a, b, cut: 1 - dice_of_each(a, cut, SMOOTH),
          "A metric called Dice should be 1 where all is right.", "Use `dice_coefficient`, not `dice_loss`.",
          also=(lambda a, b, cut: 1 - dice_of_each(a, cut), lambda a, b, cut: 1 - dice_of_each(a, b))),
    Gives("below the threshold in place of above", lambda a, b, cut: dice_of_each(a, ~cut, SMOOTH),
          "The background became 1, and the lungs 0.", "Turn the comparison round."),
    Gives("accuracy", lambda a, b, cut: (a == cut).mean(),
          "This is the share of pixels that are right. Where the background is large, it is high for any answer.",
          "Take the Dice coefficient of each image."),
    Gives("a sum, not a mean", lambda a, b, cut: dice_of_each(a, cut, SMOOTH).sum(),
          "With each image it grows, and in the end it is above 1.",
          "Count the images as well, and divide by their number."),
    Gives("`update_state` is that of the parent", lambda a, b, cut: np.average(a, weights=b),
          "`Mean` was given the masks as values, and the predictions as weights: your method has another name.",
          "Call it `update_state`, letter by letter."),
    Gives("always 1", lambda a, b, cut: 1.0,
          "Perhaps the prediction was compared with itself; or the coefficient was cut at the threshold, and not the "
          "prediction.", "Cut `y_pred` first, then compare `y_true` with what you get."),
    Gives("the coefficient is cut, not the prediction", lambda a, b, cut: dice_of_each(a, b, SMOOTH) >= 0.5,
          "The share of images with a good coefficient says nothing of how good.", "Cut `y_pred` first."),
    Gives("as a percentage", lambda a, b, cut: 100 * dice_of_each(a, cut, SMOOTH), "", "Leave it between 0 and 1."),
    Gives("the threshold is always 0.5", lambda a, b, cut: dice_of_each(a, b >= 0.5, SMOOTH),
          "Rounding, or a 0.5 that is written into the formula, does not know the argument `threshold`.",
          "Compare with `self.threshold`."),
    Gives("probabilities became whole numbers", lambda a, b, cut: dice_of_each(a, np.floor(b), SMOOTH),
          "As an integer, 0.9 is 0.", "Compare with the threshold first; true and false may then become 1 and 0."),
    *mapped(MISWRITTEN, lambda sign: lambda a, b, cut: sign(a, cut, SMOOTH)),
    *mapped(MISWRITTEN, lambda sign: lambda a, b, cut: sign(a, cut)),
), _of_a_batch)
ABOVE = Gives("0.5 itself is left out", lambda batch, **_: dice_of_each(batch[0], batch[1] > 0.5, SMOOTH).mean(),
              "Probabilities from the threshold on become 1, also those that are just as large. (`round` takes 0.5 to "
              "0, the even neighbour.)", "Write `y_pred >= self.threshold`.")
NOTHING = When("nothing is added up", lambda out: out.value == 0,
               "`update_state` has to put the values into the state; what it returns is not looked at.",
               "Pass them on: `super().update_state(values, sample_weight=sample_weight)`.")
FOR_EACH = When("a number for each image", lambda out: out.value.shape != (),
                "", "Sum over the images in `update_state`, and divide in `result`.",
                received=lambda out: f"a result of shape {out.value.shape}",
                expected="a single number, the mean over the images")
LOGGED = When("logged under another name", lambda out: set(out.result) != {"loss", "dice"},
              "A metric is logged under its name, letter by letter. Callbacks that watch `val_dice` would wait for it "
              "in vain.", 'Leave `name="dice"` in `__init__`, and pass it on: `super().__init__(name=name, **kwargs)`.',
              received=lambda out: f"Keras logs {', '.join(sorted(set(out.result) - {'loss'}))}",
              expected="Keras logs dice, and val_dice for the validation cases")
OF_BATCHES = (
    Gives("the mean over batches", lambda first, last: (_mean(first) + _mean(last)) / 2,
          "The mean of 3 images and the mean of 1 image count the same, so that the one image counts three times as "
          "much as each of the others.",
          "Pass all the values of a batch on, not their mean; or add up values and count images."),
    Gives("only the last batch", lambda first, last: _mean(last),
          "Each batch overwrites the one before.", "Add to the state, do not set it."),
    Gives("the sum is overwritten", lambda first, last: _mean(last) / 3, "", "Add to the state, do not set it."),
    Gives("only the first batch", lambda first, last: _mean(first), "", "Add the values of each batch to the state."),
    Gives("the sum of the means", lambda first, last: _mean(first) + _mean(last),
          "", "Divide by the number of images."),
    Gives("all images as one", lambda *batches: _pooled(*np.concatenate(batches, axis=1)),
          "The sums go over the pixels of the whole epoch. Each image should count the same, however large its lungs "
          "are.", "Take the coefficient of each image, then the mean."),
)
OF_RESET = (
    Gives("not reset", lambda first, last, _, again: _mean(first, last, again),
          "Keras calls reset_state before each epoch, and expects a fresh start.",
          "Set all your variables to 0 in `reset_state`; `keras.metrics.Mean` does so for its own."),
    Gives("the count is not reset", lambda first, last, _, again: _mean(again) / 5, "", "Set the count to 0 as well."),
    Gives("the sum is not reset", lambda first, last, _, again: 5 * _mean(first, last, again),
          "", "Set the sum to 0 as well."),
)
OF_EMPTY = (
    Gives("no smoothing", np.nan, "The formula says 0 / 0: not a number.", PASS_ON),
    Gives("an empty mask counts 0", 0,
          "Nothing was there, and nothing was found: that is as good as it gets. (Keras' own division without nan "
          "gives 0; smoothing in the denominator alone does so, too.)", "Smooth the numerator and the denominator."),
)
ALWAYS_1 = Gives("empty masks always count 1", 1, "Here something was predicted.", "Let the formula decide.")
OF_WEIGHTS = (
    Gives("the weights of the images are not used", lambda batch: _mean(batch),
          "Whoever calls the metric with weights wants some images to count more, others less.",
          "Pass `sample_weight=sample_weight` on to `super().update_state`."),
    Gives("the weights count twice", lambda batch: (_each(batch) * batch[2] ** 2).sum() / batch[2].sum(),
          "The values were multiplied by the weights, and `Mean` does that itself.",
          "Pass on the values as they are, and the weights beside them."),
    Gives("divided by the number of images", lambda batch: (_each(batch) * batch[2]).mean(),
          "With weights, the mean is the weighted sum divided by the sum of the weights.",
          "Add up the weights in place of counting."),
)
FORGETS = Gives("the copy forgets its threshold", lambda batch, **_: _mean(batch),
                "Keras makes a metric anew from its `get_config` whenever a network is loaded.",
                'Put "threshold" into the dictionary that `get_config` returns.')
ERRORS = (
    Raises("the method calls itself", "Exception", "`self.update_state` is this very method.",
           "Call the one of the parent: `super().update_state(...)`.", when=_calls_itself),
    Raises("the method calls itself", "TypeError", "`self.update_state` is this very method, which takes masks.",
           "Call the one of the parent: `super().update_state(...)`.", line=r"self\.update_state\("),
    Raises("the parentheses behind `super` are missing", "AttributeError|TypeError: super|NoneType",
           "`super` is a function. What it returns stands for the parent.", "Write `super().update_state(...)`.",
           line=r"super\.update_state"),
    Raises("`self` is passed on", "TypeError: takes|argument", "Python passes it by itself where a method is called "
           "behind a dot.", "Leave it out: `super().update_state(values, sample_weight=sample_weight)`.",
           line=r"super\(.*\)\.update_state\(\s*self\b"),
    Raises("`result` is overwritten", "TypeError: Tensor' object is not callable",
           "`self.result` is a method, and a number was put in its place.",
           "Hand the values on: `super().update_state(values, sample_weight=sample_weight)`."),
    Raises("the state is replaced, not added to", "AttributeError: has no attribute 'assign'",
           "`self.total += ...` puts a new tensor in the place of the variable that Keras keeps and resets.",
           "Hand the values on: `super().update_state(values, sample_weight=sample_weight)`."),
    Raises("`self.threshold` is not set", "AttributeError: threshold",
           "`__init__` has to keep the argument in the object.", "Write `self.threshold = threshold` in `__init__`."),
    Raises("`self` is missing", "NameError: 'threshold'",
           "Inside a method, what belongs to the object is reached through `self`.", "Write `self.threshold`."),
    Raises("`update_state` does not take weights", "TypeError: update_state.*sample_weight",
           "Keras passes weights of the images, if there are some.",
           "Write `def update_state(self, y_true, y_pred, sample_weight=None):`."),
    Raises("the prediction is compared, and not made to numbers",
           "Exception: (?s)(?=.*bool).*(Mul|not in the list of allowed|AddV2|Sum)",
           "`y_pred >= ...` gives true and false, with which TensorFlow does not calculate.",
           'Make 0 and 1 of it: `ops.cast(..., "float32")`.'),
    Raises("the weights do not fit the values", "Exception: (?s)(?=.*shape).*(weight|BroadcastTo)",
           "There is a weight for each image, so there must be a value for each image.",
           "Pass the coefficients of the images on, one for each."),
    Raises("the values are None", "ValueError|TypeError: (?s)(?=.*None).*convert",
           "The parent takes the values first, the weights second; there need not be any weights.",
           "Write `super().update_state(values, sample_weight=sample_weight)`."),
    Raises("the parent takes values, not masks", r"TypeError: Mean\.update_state\(\) takes",
           "`Mean` does not know what a mask is. It takes the mean of what it is given.",
           "Pass the coefficients of the images, and the weights."),
    *TENSORS,
)


def _new(metric_class, **settings):
    import keras

    if isinstance(metric_class, keras.metrics.Metric):
        raise Wrong("an object in place of the class", received="a metric that is made already",
                    expected="the class `Dice`", remedy="Pass `Dice` without parentheses behind it.")
    if not (isinstance(metric_class, type) and issubclass(metric_class, keras.metrics.Metric)):
        raise Wrong("not a class of metrics", received=describe(metric_class),
                    expected="a class `Dice` that inherits from `keras.metrics.Mean`",
                    why="Keras averages what a function gives over an epoch as well, but it logs it under the "
                    "function's own name, and it has no threshold to set.",
                    remedy="Write `class Dice(keras.metrics.Mean):`, and fill in `update_state`.")
    return metric_class(**settings)
# fmt: on


def _play(metric_class, *batches, copied: bool = False, **settings):
    """Return the result after these batches, of the metric or of a copy; where a batch is None, the state is reset."""
    metric = _new(metric_class, **settings)
    if copied:
        metric = metric_class.from_config(metric.get_config())
    for batch in batches:
        if batch is None:
            metric.reset_state()
            continue
        y_true, y_pred, *weights = tensors(*batch)
        metric.update_state(y_true, y_pred, **({"sample_weight": weights[0]} if weights else {}))
    return metric.result()


def _evaluate(metric_class, batch):
    """Return what Keras logs of a network that answers with what it is shown."""
    import keras

    prepare(_new(metric_class).update_state)
    inputs = keras.Input(batch[0].shape[1:], name="images")
    model = keras.Model(inputs, keras.layers.Identity(name="as_it_is")(inputs), name="checked")
    model.compile(loss="mse", metrics=[_new(metric_class)], run_eagerly=True)
    return model.evaluate(batch[1], batch[0], batch_size=2, verbose=0, return_dict=True)


def _away_from(predicted: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """Push probabilities away from the threshold, so that rounding errors do not count."""
    near = np.abs(predicted - threshold) < 0.01
    return np.where(near, predicted + np.float32(0.02), predicted)


DICE = "the mean Dice coefficient"
look = partial(look_at, "Dice", _mean, kind=OneNumber(DICE, tolerance=1e-3))
look_roughly = partial(look, run=_play, kind=OneNumber(DICE, tolerance=1e-3, near=1e-3))


@look((FOR_EACH, NOTHING, *VALUES, *ERRORS), run=_play)
def look_threshold(rng):
    """The Dice coefficient of masks that are cut at the threshold."""
    masks, predicted = masks_and_probabilities(rng)
    for settings in ({}, {"threshold": round(float(rng.uniform(0.75, 0.85)), 2)}):
        predicted = _away_from(predicted, **settings)
        shown = "".join(f"{name}={value}" for name, value in settings.items())
        tried = f"Dice({shown}), update_state with {IMAGES}, result()"
        yield Case((masks, predicted), keywords=settings, tried=tried)
    predicted[:, :2] = 0.5  # exact in 16 and in 32 bits
    tried = f"Dice(), update_state with {IMAGES}, some of the pixels predicted as just 0.5, result()"
    yield Case((masks, predicted), tried=tried, rows=(ABOVE, FOR_EACH, NOTHING, *VALUES, *ERRORS))


@look_roughly((FOR_EACH, *OF_BATCHES, *ERRORS))
def look_images(rng):
    """The mean over all images of an epoch, batch after batch, and a fresh start for the next epoch."""
    masks, predicted = masks_and_probabilities(rng, count=4)
    predicted[3], predicted[3, 0, 0] = 0.1, 0.9  # of the last image a single pixel is found: no mean hides it
    first, last = ((masks[part], predicted[part]) for part in (slice(0, 3), slice(3, 4)))
    yield Case(first, last, tried="update_state with 3 images, again with 1 image, then result()")
    tried = "after these, reset_state(), update_state with the last image, result()"
    yield Case(first, last, None, last, tried=tried, right=_mean(last), rows=(FOR_EACH, *OF_RESET, *ERRORS))


@look_roughly((FOR_EACH, *OF_EMPTY, *ERRORS))
def look_empty(rng):
    """Empty masks: predicted empty, and not."""
    empty = np.zeros((2, overlaps.HEIGHT, overlaps.WIDTH, 1), "float32")
    yield Case((empty, empty + 0.1), tried="update_state with 2 empty masks that are predicted empty, then result()")
    one_pixel = empty.copy()
    one_pixel[:, rng.integers(overlaps.HEIGHT), rng.integers(overlaps.WIDTH)] = 0.9
    tried = "update_state with 2 empty masks, and a single pixel predicted, then result()"
    yield Case((empty, one_pixel), tried=tried, right=0, rows=(FOR_EACH, ALWAYS_1, *ERRORS))


@look((LOGGED, NOTHING, *VALUES, *ERRORS), run=_evaluate)
def look_in_keras(rng):
    """In compile and evaluate: what Keras logs, and under which name."""
    with same_chance():
        yield Case(masks_and_probabilities(rng), tried="model.compile(metrics=[Dice()]), then model.evaluate(...)")


@look_roughly((FOR_EACH, *OF_WEIGHTS, *ERRORS))
def look_weights_and_config(rng):
    """Weights of the images; a copy with the same threshold."""
    masks, predicted = masks_and_probabilities(rng)
    weights = np.array([1.0, 0.0, 3.0], "float32")
    tried = "update_state(y_true, y_pred, sample_weight=[1, 0, 3]), then result()"
    right = np.average(_each((masks, predicted)), weights=weights)
    yield Case((masks, predicted, weights), tried=tried, right=right)
    batch = masks, _away_from(predicted, 0.8)
    settings = {"threshold": 0.8, "copied": True}
    tried = "Dice.from_config(Dice(threshold=0.8).get_config()): a copy, as Keras makes one"
    right, rows = _mean(batch, threshold=0.8), (FOR_EACH, FORGETS, *ERRORS)
    yield Case(batch, keywords=settings, tried=tried, right=right, rows=rows)
