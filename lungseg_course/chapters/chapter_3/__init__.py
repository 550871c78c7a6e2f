"""Notebook 3: its exercises and questions."""

from lungseg_course.chapters.chapter_3 import jaccard, loss, metric
from lungseg_course.chapters.chapter_3.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        "3.1",
        "the Dice coefficient",
        ("dice_coefficient",),
        (loss.look_overlap, loss.look_smoothing, loss.look_types, loss.look_coefficient_gradient),
        "One number for each image, also for an empty one, and a network can descend it.",
        (
            "Write down the formula for one image with three sums: of the products, of the mask, of the prediction. "
            "Then let the sums leave the axis of the batch.",
            'First bring both to "float32" with `ops.cast`. Each of the three sums is `ops.sum(..., axis=(1, 2, 3))`. '
            "The whole numerator goes into parentheses, and the whole denominator, too.",
            "With `overlap = ops.sum(y_true * y_pred, axis=(1, 2, 3))` and `total` the sum of the other two: twice "
            "`overlap` plus `smooth`, divided by `total` plus `smooth`.",
        ),
        in_the_package=("lungseg.losses.dice_coefficient", "lungseg.losses.dice_loss"),
    ),
    Exercise(
        "3.2",
        "the Dice loss",
        ("dice_loss",),
        (loss.look_loss, loss.look_loss_gradient),
        "0 where all is right, up to 1 where nothing is, for each image; and it has a gradient.",
        (
            "You have a number for each image that grows with the quality of the prediction. A loss falls with it.",
            "`dice_coefficient` gives the numbers, with its own smoothing. It is between 0 and 1; so should the loss "
            "be. No mean, no rounding: Keras and the metric see to these.",
            "Return 1 minus what `dice_coefficient(y_true, y_pred)` gives.",
        ),
        in_the_package=("lungseg.losses.dice_loss",),
    ),
    Exercise(
        "3.3",
        "Dice as a Keras metric",
        ("Dice",),
        (
            metric.look_threshold,
            metric.look_images,
            metric.look_empty,
            metric.look_in_keras,
            metric.look_weights_and_config,
        ),
        "Masks cut at the threshold, each image counted once, and Keras logs it as `dice`.",
        (
            "Three steps: make a mask of the probabilities, take the coefficient of each image, pass these values on "
            "to the `Mean` that your class is made of.",
            "`y_pred >= self.threshold` is true or false; `ops.cast` makes 1 and 0 of it. `dice_coefficient` takes "
            "`smooth=1e-4`. The parent's `update_state` takes the values and the weights.",
            'After `predicted = ops.cast(y_pred >= self.threshold, "float32")` and '
            "`values = dice_coefficient(y_true, predicted, smooth=1e-4)`, the last line is "
            "`return super().update_state(values, sample_weight=sample_weight)`.",
        ),
        in_the_package=("lungseg.metrics.Dice.update_state",),
    ),
    Exercise(
        "3.4",
        "Jaccard from Dice",
        ("jaccard_from_dice",),
        (jaccard.look_jaccard, jaccard.look_jaccard_of_many),
        "Whoever reports the one has reported the other.",
        (
            "Divide numerator and denominator of J by |A| + |B|. Where do you see a part of D?",
            "D is twice the overlap divided by |A| + |B|, so the overlap divided by |A| + |B| is D / 2. In the "
            "numerator that is all; in the denominator, it is taken from 1.",
            "J = (D / 2) / (1 - D / 2). Multiply numerator and denominator by 2.",
        ),
    ),
)
