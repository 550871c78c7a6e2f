"""Notebook 3, exercise 3.3: what is looked at in the metric."""

import re

import numpy as np

from lungseg_course.chapters.chapter_3.coefficients import explain_tensors, prepare, tensors
from lungseg_course.chapters.chapter_3.overlaps import HEIGHT, WIDTH, dice_of_each, masks_and_probabilities
from lungseg_course.chapters.chapter_3.values import SMOOTH, expect_dice
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, as_array, describe, describe_error, expect_close, trying


def look_threshold(metric_class, rng) -> None:
    """The Dice coefficient of masks that are cut at the threshold."""
    masks, predicted = masks_and_probabilities(rng)
    for threshold in (None, round(float(rng.uniform(0.75, 0.85)), 2)):
        settings = {} if threshold is None else {"threshold": threshold}
        shown = "" if threshold is None else f"threshold={threshold}"
        predicted = _away_from(predicted, threshold or 0.5)
        tried = f"Dice({shown}), update_state with {len(masks)} images of {HEIGHT} x {WIDTH} pixels, result()"
        with trying(tried, _explain_metric):
            metric = _new(metric_class, **settings)
            metric.update_state(*tensors(masks, predicted))
            expect_dice(_result_of(metric), masks, predicted, threshold or 0.5)


def look_images(metric_class, rng) -> None:
    """The mean over all images of an epoch, batch after batch, and a fresh start for the next epoch."""
    masks, predicted = masks_and_probabilities(rng, count=4)
    predicted[3], predicted[3, 0, 0] = 0.1, 0.9  # of the last image a single pixel is found: no mean hides it
    values = dice_of_each(masks, predicted >= 0.5, SMOOTH)
    first, last = values[:3].mean(), values[3:].mean()
    cut = (predicted >= 0.5).astype("float64")
    one_pot = "Each image should count the same, however large its lungs are."
    with trying("update_state with 3 images, again with 1 image, then result()", _explain_metric):
        metric = _new(metric_class)
        for part in (slice(0, 3), slice(3, 4)):
            metric.update_state(*tensors(masks[part], predicted[part]))
        mistakes = {
            "the mean over batches": (
                (first + last) / 2,
                "The mean of 3 images and the mean of 1 image count the same, so that the one image counts three "
                "times as much as each of the others.",
                "Hand all the values of a batch on, not their mean; or add up values and count images.",
            ),
            "only the last batch": (last, "Each batch overwrites the one before.", "Add to the state, do not set it."),
            "only the first batch": (first, "", "Add the values of each batch to the state."),
            "the sum of the means": (first + last, "", "Divide by the number of images."),
            "all images as one": (
                dice_of_each(masks, cut, SMOOTH, axes=(0, 1, 2, 3)),
                f"The sums go over the pixels of the whole epoch. {one_pot}",
                "Take the coefficient of each image, then the mean.",
            ),
        }
        expect_close(_result_of(metric), values.mean(), mistakes, tolerance=1e-3, what="the mean Dice coefficient")
    with trying("after these, reset_state(), update_state with the last image, result()", _explain_metric):
        metric.reset_state()
        metric.update_state(*tensors(masks[3:], predicted[3:]))
        mistakes = {
            "not reset": (
                (values.sum() + values[3]) / 5,
                "Keras calls reset_state before each epoch, and expects a fresh start.",
                "Set all your variables to 0 in `reset_state`; `keras.metrics.Mean` does so for its own.",
            ),
            "the count is not reset": (last / 5, "", "Set the count to 0 as well."),
            "the sum is not reset": (values.sum() + last, "", "Set the sum to 0 as well."),
        }
        expect_close(_result_of(metric), last, mistakes, tolerance=1e-3, what="the mean Dice coefficient")


def look_empty(metric_class, rng) -> None:
    """Empty masks: predicted empty, and not."""
    empty = np.zeros((2, HEIGHT, WIDTH, 1), "float32")
    with trying("update_state with 2 empty masks that are predicted empty, then result()", _explain_metric):
        metric = _new(metric_class)
        metric.update_state(*tensors(empty, empty + 0.1))
        mistakes = {
            "no smoothing": (np.nan, "The formula says 0 / 0: not a number.", "Hand `smooth=1e-4` on."),
            "an empty mask counts 0": (
                0,
                "Nothing was there, and nothing was found: that is as good as it gets. (Keras' own "
                "division without nan gives 0; smoothing below the line alone does so, too.)",
                "Smooth above and below the line.",
            ),
        }
        expect_close(_result_of(metric), 1, mistakes, tolerance=1e-3, what="the mean Dice coefficient")
    one_pixel = empty.copy()
    one_pixel[:, rng.integers(HEIGHT), rng.integers(WIDTH)] = 0.9
    with trying("update_state with 2 empty masks, and a single pixel predicted, then result()", _explain_metric):
        metric = _new(metric_class)
        metric.update_state(*tensors(empty, one_pixel))
        mistakes = {
            "empty masks always count 1": (1, "Here something was predicted.", "Let the formula decide."),
        }
        expect_close(_result_of(metric), 0, mistakes, tolerance=1e-3, what="the mean Dice coefficient")


def look_in_keras(metric_class, rng) -> None:
    """In compile and evaluate: what Keras logs, and under which name."""
    import keras

    masks, predicted = masks_and_probabilities(rng)
    with same_chance(), trying("model.compile(metrics=[Dice()]), then model.evaluate(...)", _explain_metric):
        prepare(_new(metric_class).update_state)
        inputs = keras.Input((HEIGHT, WIDTH, 1), name="images")
        model = keras.Model(inputs, keras.layers.Identity(name="as_it_is")(inputs), name="checked")
        model.compile(loss="mse", metrics=[_new(metric_class)], run_eagerly=True)
        logs = model.evaluate(predicted, masks, batch_size=2, verbose=0, return_dict=True)
        names = sorted(set(logs) - {"loss"})
        if names != ["dice"]:
            raise Wrong(
                "logged under another name",
                received=f"Keras logs {', '.join(names)}",
                expected="Keras logs dice, and val_dice for the validation cases",
                why="A metric is logged under its name, letter by letter. Callbacks that watch `val_dice` would wait "
                "for it in vain.",
                remedy='Leave `name="dice"` in `__init__`, and hand it on: `super().__init__(name=name, **kwargs)`.',
            )
        expect_dice(logs["dice"], masks, predicted, 0.5)


def look_weights_and_config(metric_class, rng) -> None:
    """Weights of the images; a copy with the same threshold."""
    masks, predicted = masks_and_probabilities(rng)
    weights = np.array([1.0, 0.0, 3.0], "float32")
    values = dice_of_each(masks, predicted >= 0.5, SMOOTH)
    with trying("update_state(y_true, y_pred, sample_weight=[1, 0, 3]), then result()", _explain_metric):
        metric = _new(metric_class)
        metric.update_state(*tensors(masks, predicted, weights)[:2], sample_weight=tensors(weights)[0])
        mistakes = {
            "the weights of the images are not used": (
                values.mean(),
                "Whoever calls the metric with weights wants some images to count more, others less.",
                "Hand `sample_weight=sample_weight` on to `super().update_state`.",
            ),
            "divided by the number of images": (
                (values * weights).sum() / 3,
                "With weights, the mean is the weighted sum divided by the sum of the weights.",
                "Add up the weights in place of counting.",
            ),
        }
        expect_close(
            _result_of(metric), np.average(values, weights=weights), mistakes, tolerance=1e-3, what="the weighted mean"
        )
    predicted = _away_from(predicted, 0.8)
    with trying("Dice.from_config(Dice(threshold=0.8).get_config()): a copy, as Keras makes one", _explain_metric):
        copy = metric_class.from_config(_new(metric_class, threshold=0.8).get_config())
        copy.update_state(*tensors(masks, predicted))
        mistakes = {
            "the copy forgets its threshold": (
                dice_of_each(masks, predicted >= 0.5, SMOOTH).mean(),
                "Keras makes a metric anew from its `get_config` whenever a network is loaded.",
                'Put "threshold" into the dictionary that `get_config` returns.',
            )
        }
        right = dice_of_each(masks, predicted >= 0.8, SMOOTH).mean()
        expect_close(_result_of(copy), right, mistakes, tolerance=1e-3, what="the mean Dice coefficient")


def _new(metric_class, **settings):
    import keras

    if isinstance(metric_class, keras.metrics.Metric):
        raise Wrong(
            "an object in place of the class",
            received="a metric that is made already",
            expected="the class `Dice`",
            remedy="Hand over `Dice` without brackets behind it.",
        )
    if not (isinstance(metric_class, type) and issubclass(metric_class, keras.metrics.Metric)):
        raise Wrong(
            "not a class of metrics",
            received=describe(metric_class),
            expected="a class `Dice` that inherits from `keras.metrics.Mean`",
            why="Keras averages what a function gives over an epoch as well, but it logs it under the function's own "
            "name, and it has no threshold to set.",
            remedy="Write `class Dice(keras.metrics.Mean):`, and fill in `update_state`.",
        )
    return metric_class(**settings)


def _result_of(metric) -> np.ndarray:
    array = as_array(metric.result(), "the result")
    if array.shape not in ((), (1,)):
        raise Wrong(
            "a number for each image",
            received=f"a result of shape {array.shape}",
            expected="a single number, the mean over the images",
            remedy="Sum over the images in `update_state`, and divide in `result`.",
        )
    return array.reshape(())


def _away_from(predicted, threshold):
    """Push probabilities away from the threshold, so that `>` is as good as `>=`, and rounding errors do not count."""
    near = np.abs(predicted - threshold) < 0.01
    return np.where(near, predicted + np.float32(0.02), predicted)


def _explain_metric(error: Exception) -> Wrong | None:
    text = str(error)
    known = {
        "`self.threshold` is not set": (
            isinstance(error, AttributeError) and "threshold" in text,
            "`__init__` has to keep the argument in the object.",
            "Write `self.threshold = threshold` in `__init__`.",
        ),
        "`self` is missing": (
            isinstance(error, NameError) and "'threshold'" in text,
            "Inside a method, what belongs to the object is reached through `self`.",
            "Write `self.threshold`.",
        ),
        "`update_state` does not take weights": (
            isinstance(error, TypeError) and "sample_weight" in text and "update_state" in text,
            "Keras hands weights of the images over, if there are some.",
            "Write `def update_state(self, y_true, y_pred, sample_weight=None):`.",
        ),
        "the prediction is compared, and not made to numbers": (
            "bool" in text and any(words in text for words in ("Mul", "not in the list of allowed", "AddV2", "Sum")),
            "`y_pred >= ...` gives true and false, with which TensorFlow does not calculate.",
            'Make 0 and 1 of it: `ops.cast(..., "float32")`.',
        ),
        "the weights do not fit the values": (
            any(words in text for words in ("sample_weight", "BroadcastTo", "weight")) and "shape" in text,
            "There is a weight for each image, so there must be a value for each image.",
            "Hand the coefficients of the images on, one for each.",
        ),
        "the values are None": (
            isinstance(error, (ValueError, TypeError)) and "None" in text and "convert" in text,
            "The parent takes the values first, the weights second; there need not be any weights.",
            "Write `super().update_state(values, sample_weight=sample_weight)`.",
        ),
        "the parent takes values, not masks": (
            isinstance(error, TypeError) and re.search(r"Mean\.update_state\(\) takes", text),
            "`Mean` does not know what a mask is. It takes the mean of what it is given.",
            "Hand over the coefficients of the images, and the weights.",
        ),
        "the method calls itself": (
            isinstance(error, RecursionError),
            "`self.update_state` is this very method.",
            "Call the one of the parent: `super().update_state(...)`.",
        ),
    }
    for cause, (found, why, remedy) in known.items():
        if found:
            return Wrong(cause, received=describe_error(error), expected="no error", why=why, remedy=remedy)
    return explain_tensors(error)
