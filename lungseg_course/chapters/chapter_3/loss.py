"""Notebook 3, exercises 3.1 and 3.2: what is looked at in the Dice coefficient, and in the loss made of it."""

import numpy as np

from lungseg_course.chapters.chapter_3.coefficients import expect_coefficients, explain_tensors, prepare, tensors
from lungseg_course.chapters.chapter_3.overlaps import (
    HEIGHT,
    WIDTH,
    Mistake,
    dice_of_each,
    masks_and_probabilities,
    miswritten,
)
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, as_array, describe, trying

# ---- 3.1: the coefficient ----------------------------------------------------------------------


def look_overlap(dice_coefficient, rng) -> None:
    """The formula without smoothing, for probabilities."""
    masks, predicted = masks_and_probabilities(rng)
    tried = f"dice_coefficient(y_true, y_pred, smooth=0) with {_batch(masks)}"
    with trying(tried, explain_tensors):
        result = dice_coefficient(*tensors(masks, predicted), smooth=0)
        right = dice_of_each(masks, predicted, 0)
        expect_coefficients(result, right, [_a_loss(right), *miswritten(masks, predicted, 0)], "the coefficients")


def look_smoothing(dice_coefficient, rng) -> None:
    """The smoothing, above and below the line; an empty mask that is predicted empty."""
    masks, predicted = masks_and_probabilities(rng)
    masks[0], predicted[0] = 0, 0
    smooth = float(rng.integers(2, 6))
    for settings, s in (({"smooth": smooth}, smooth), ({}, 1.0)):
        shown = f", smooth={s:g}" if settings else ""
        tried = f"dice_coefficient(y_true, y_pred{shown}) with {_batch(masks)}, the first mask and prediction empty"
        with trying(tried, explain_tensors):
            result = dice_coefficient(*tensors(masks, predicted), **settings)
            right = dice_of_each(masks, predicted, s)
            mistakes = [_a_loss(right), *miswritten(masks, predicted, s)]
            expect_coefficients(result, right, mistakes, "the coefficients")


def look_types(dice_coefficient, rng) -> None:
    """Masks of whole numbers; sums that are too large for 16 bits."""
    from keras import ops

    masks, predicted = masks_and_probabilities(rng)
    with trying(f"dice_coefficient(y_true, y_pred) with {_batch(masks)}, the masks as uint8", explain_tensors):
        result = dice_coefficient(ops.convert_to_tensor(masks, "uint8"), ops.convert_to_tensor(predicted, "float32"))
        right = dice_of_each(masks, predicted, 1)
        expect_coefficients(result, right, miswritten(masks, predicted, 1), "the coefficients")
    large = np.ones((1, 300, 300, 1), "float16")
    share = int(rng.integers(24, 31)) / 32  # exact in 16 bits
    with trying(f"one image of 300 x 300 pixels in float16, all of them 1, predicted as {share:.4g}", explain_tensors):
        result = as_array(dice_coefficient(*tensors(large, share * large)), "the coefficient")
        right = dice_of_each(large, share * large, 1)
        if result.shape != right.shape or not np.allclose(result, right, atol=2e-3):
            raise Wrong(
                "sums in 16 bits",
                received=describe(result),
                expected=describe(right),
                why="The largest number of 16 bits is 65,504, and here are 90,000 pixels.",
                remedy='Cast both to "float32" first, before anything is multiplied or summed.',
            )


def look_coefficient_slope(dice_coefficient, rng) -> None:
    """A network can be trained with it."""
    _expect_training(lambda y_true, y_pred: 1 - dice_coefficient(y_true, y_pred), "1 - dice_coefficient", rng)


# ---- 3.2: the loss -----------------------------------------------------------------------------


def look_loss(dice_loss, rng) -> None:
    """1 - DSC of each image, one of them empty."""
    masks, predicted = masks_and_probabilities(rng)
    masks[-1], predicted[-1] = 0, 0
    with trying(f"dice_loss(y_true, y_pred) with {_batch(masks)}, the last mask and prediction empty", explain_tensors):
        result = dice_loss(*tensors(masks, predicted))
        coefficients = dice_of_each(masks, predicted, 1)
        mistakes = _mistakes_of_a_loss(masks, predicted, coefficients)
        expect_coefficients(result, 1 - coefficients, mistakes, "the losses")


def look_loss_slope(dice_loss, rng) -> None:
    """Keras can train with it."""
    _expect_training(dice_loss, "dice_loss", rng)


def _mistakes_of_a_loss(masks, predicted, coefficients) -> list[Mistake]:
    true, sure = masks.astype("float64"), np.clip(predicted.astype("float64"), 1e-7, 1 - 1e-7)
    entropies = -(true * np.log(sure) + (1 - true) * np.log(1 - sure)).mean(axis=(1, 2, 3))
    towards = "It falls as the prediction gets better, and yet it is another function, with another slope."
    plain = "Take the coefficient from 1, and nothing else."
    up = "The better the prediction, the larger this is. Training makes the loss small, so it would unlearn the lungs."
    return [
        Mistake("`1 -` is forgotten", [coefficients], up, "Take the coefficient from 1."),
        Mistake(
            "minus in place of `1 -`",
            [-coefficients],
            "It has the same slope and would train as well. But a loss of -0.95 is hard to read; ours is 0 where all "
            "is right.",
            "Take the coefficient from 1.",
        ),
        Mistake("the other way round", [coefficients - 1], up, "The coefficient is taken from 1, not 1 from it."),
        Mistake("the coefficient is squared", [1 - coefficients**2], towards, plain),
        Mistake("the loss is squared", [(1 - coefficients) ** 2], towards, plain),
        Mistake("the logarithm of the coefficient", [-np.log(coefficients)], towards, plain),
        Mistake("1 divided by the coefficient", [1 / coefficients], towards, plain),
        Mistake("cross-entropy", [entropies], "A good loss, and another one.", "Use `dice_coefficient`."),
        Mistake(
            "Dice and cross-entropy together",
            [1 - coefficients + entropies],
            "A good loss, and another one.",
            "Leave out the cross-entropy.",
        ),
        Mistake(
            "the mean squared error",
            [((masks - predicted) ** 2).mean(axis=(1, 2, 3))],
            "It looks at each pixel alone, and is small wherever most of the image is background.",
            "Use `dice_coefficient`.",
        ),
        *_miswritten_losses(masks, predicted),
    ]


def _miswritten_losses(masks, predicted) -> list[Mistake]:
    found = miswritten(masks, predicted, 1)
    for number, mistake in enumerate(found):
        if mistake.cause == "the argument `smooth` is not used":
            found[number] = Mistake(
                "another smoothing",
                mistake.values,
                "The loss of this course smooths by 1, as `dice_coefficient` does unless it is told otherwise.",
                "Call `dice_coefficient` without `smooth`.",
            )
    return [mistake.mapped(lambda value: 1 - value) for mistake in found] + [
        mistake.mapped(lambda value: value, "{}, and `1 -` is forgotten") for mistake in found
    ]


# ---- What both share ---------------------------------------------------------------------------


def _a_loss(right) -> Mistake:
    return Mistake(
        "a loss in place of the coefficient",
        [1 - right],
        "The coefficient is 1 where all is right. Taking it from 1 is the next exercise.",
        "Leave out the `1 -`.",
    )


def _batch(masks) -> str:
    return f"{len(masks)} images of {HEIGHT} x {WIDTH} pixels"


def _expect_training(loss, name: str, rng) -> None:
    """Raise `Wrong` unless a step of training with this loss moves the two weights of a tiny network."""
    import keras

    masks, noise = masks_and_probabilities(rng)
    images = (masks + noise).astype("float32")
    with trying(f"to prepare the training of a tiny network with the loss {name}", explain_tensors):
        prepare(loss)
    with same_chance():
        weights = {
            "kernel_initializer": keras.initializers.Constant(0.5),
            "bias_initializer": keras.initializers.Constant(-0.5),
        }
        layer = keras.layers.Conv2D(1, 1, activation="sigmoid", name="only_layer", **weights)
        model = keras.Sequential([keras.Input((HEIGHT, WIDTH, 1), name="images"), layer], name="checked")
        model.compile(keras.optimizers.SGD(1.0, name="steps"), loss=loss, run_eagerly=True)
        before = np.concatenate([np.ravel(each) for each in model.get_weights()])
        with trying(f"a step of training of a tiny network with the loss {name}", explain_tensors):
            model.train_on_batch(images, masks)
            after = np.concatenate([np.ravel(each) for each in model.get_weights()])
            if not np.isfinite(after).all() or np.allclose(after, before, atol=1e-5):
                raise Wrong(
                    "no slope",
                    received=f"weights {describe(before)} before and {describe(after)} after the step",
                    expected="weights that have moved",
                    why="Gradient descent asks how the loss changes with each weight. Rounding, comparing and casting "
                    "to integers cut that off.",
                    remedy="Compute with the probabilities themselves, and with functions of `keras.ops` alone.",
                )
