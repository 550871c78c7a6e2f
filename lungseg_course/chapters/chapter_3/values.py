"""Notebook 3, exercise 3.3: what a metric gives where it is miswritten."""

import numpy as np

from lungseg_course.chapters.chapter_3.coefficients import expect_coefficients
from lungseg_course.chapters.chapter_3.overlaps import Mistake, dice_of_each, miswritten

SMOOTH = 1e-4


def expect_dice(result, masks, predicted, threshold) -> None:
    """Raise `Wrong` unless the result is the mean Dice coefficient of the cut masks."""
    cut = (predicted >= threshold).astype("float32")
    right = dice_of_each(masks, cut, SMOOTH)
    nothing = Mistake(
        "nothing is added up",
        [0.0],
        "`update_state` has to put the values into the state; what it returns is not looked at.",
        "Hand them on: `super().update_state(values, sample_weight=sample_weight)`.",
    )
    mistakes = [
        *([nothing] if result == 0 else []),  # what is nearly 0 is another mistake
        Mistake(
            "the predictions are not cut",
            [dice_of_each(masks, predicted, SMOOTH), dice_of_each(masks, predicted, 0)],
            "This is the Dice coefficient of the probabilities, as in the loss. A metric should judge the mask that "
            "comes out in the end.",
            "Make 0 and 1 of `y_pred`, by comparing it with the threshold. (The masks are 0 and 1 already.)",
        ),
        Mistake(
            "neither cut nor with the smoothing of a metric",
            [dice_of_each(masks, predicted, 1)],
            "This is the coefficient that the loss takes: probabilities, smoothed by 1.",
            "Cut the predictions at the threshold, and hand `smooth=1e-4` on.",
        ),
        Mistake(
            "the smoothing of the loss",
            [dice_of_each(masks, cut, 1)],
            "Without being told, `dice_coefficient` smooths by 1. In a metric that is too kind to small masks.",
            "Hand `smooth=1e-4` on.",
        ),
        Mistake(
            "the loss in place of the coefficient",
            [1 - right, 1 - dice_of_each(masks, cut, 1), 1 - dice_of_each(masks, predicted, 1)],
            "A metric called Dice should be 1 where all is right.",
            "Use `dice_coefficient`, not `dice_loss`.",
        ),
        Mistake(
            "below the threshold in place of above",
            [dice_of_each(masks, predicted < threshold, SMOOTH)],
            "The background became 1, and the lungs 0.",
            "Turn the comparison round.",
        ),
        Mistake(
            "accuracy",
            [(masks == cut).mean()],
            "This is the share of pixels that are right. Where the background is large, it is high for any answer.",
            "Take the Dice coefficient of each image.",
        ),
        Mistake(
            "a sum, not a mean",
            [right.sum()],
            "With each image it grows, and in the end it is above 1.",
            "Count the images as well, and divide by their number.",
        ),
        Mistake(
            "`update_state` is that of the parent",
            [np.average(masks, weights=predicted)],
            "`Mean` was given the masks as values, and the predictions as weights: your method has another name.",
            "Call it `update_state`, letter by letter.",
        ),
        Mistake(
            "always 1",
            [1.0],
            "Perhaps the prediction was compared with itself; or the coefficient was cut at the threshold, and not "
            "the prediction.",
            "Cut `y_pred` first, then compare `y_true` with what you get.",
        ),
        Mistake("as a percentage", [100 * right], "", "Leave it between 0 and 1."),
        *([] if threshold == 0.5 else [_fixed_threshold(masks, predicted)]),
        Mistake(
            "probabilities became whole numbers",
            [dice_of_each(masks, np.floor(predicted), SMOOTH)],
            "As an integer, 0.9 is 0.",
            "Compare with the threshold first; true and false may then become 1 and 0.",
        ),
        *miswritten(masks, cut, SMOOTH),
        *miswritten(masks, cut, 1),
    ]
    expect_coefficients(result, right.mean(), mistakes, "the mean Dice coefficient", tolerance=1e-3)


def _fixed_threshold(masks, predicted) -> Mistake:
    return Mistake(
        "the threshold is always 0.5",
        [dice_of_each(masks, predicted >= 0.5, SMOOTH)],
        "Rounding, or a 0.5 that is written into the formula, does not know the argument `threshold`.",
        "Compare with `self.threshold`.",
    )
