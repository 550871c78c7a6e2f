"""Notebook 6: its exercises and questions."""

from lungseg_course.chapters.chapter_6 import backgrounds, design, differences, outputs, ratio, verdicts
from lungseg_course.chapters.chapter_6.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        "6.1",
        "within chance, or beyond it",
        ("difference", "beyond_chance"),
        (differences.look_difference, verdicts.look_verdict),
        "You can tell a difference from the luck of the seeds.",
        (
            "The seeds come in pairs. What is left of the luck that both variants share, if you subtract them?",
            "`differences = scores_b - scores_a`; then their mean, and `np.std(differences, ddof=1)`. How many of them "
            "there are is `len(differences)`. The interval lies around the mean, at the same distance on both sides.",
            "`reach = stats.t.ppf(0.975, n - 1) * np.std(differences, ddof=1) / np.sqrt(n)`, and the ends are `mean - "
            "reach` and `mean + reach`. It is beyond chance if `low > 0 or high < 0`.",
        ),
        in_the_package=("lungseg_course.experiments.statistics.mean_interval",),
    ),
    Exercise(
        "6.2",
        "an experiment of your own",
        ("my_experiment",),
        (design.look_variants, design.look_seeds),
        "One thing is varied, and often enough to see what chance does.",
        (
            "What would you like to know? Choose one setting of the menu, and two or three values of it.",
            'A variant is a name with a dictionary behind it: `{"2 steps down": {"depth": 2}, "3 steps down": {}}`. '
            "What a variant does not name is as usual. All variants name the same setting, or nothing.",
            '`return {"2 steps down": {"depth": 2}, "3 steps down": {"depth": 3}}, 5` would do, with 5 seeds.',
        ),
    ),
    Exercise(
        "6.3",
        "three classes, and the cardiothoracic ratio",
        ("output_layer", "add_background", "cardiothoracic_ratio"),
        (
            outputs.look_at_the_outputs,
            backgrounds.look_at_the_background,
            ratio.look_at_the_ratio,
            ratio.look_at_what_is_missing,
        ),
        "Four probabilities for each pixel, masks to compare them with, and a number that a doctor can use.",
        (
            "How many things may a pixel be, if the background counts? So many numbers does the network give for it, "
            "and so many masks are there. For the ratio, ask first in which columns of the image there is heart.",
            "The layer is the last one of notebook 2, with another number of filters and another activation. The "
            "background is what the sum of the three masks leaves of 1. `heart.any(axis=0)` tells for each column "
            "whether there is heart in it, and `np.flatnonzero` gives the numbers of these columns.",
            '`layers.Conv2D(4, 1, activation="softmax")(x)`; `background = 1 - masks.sum(axis=-1, keepdims=True)`, '
            "which `np.concatenate([background, masks], axis=-1)` puts in front; and the width of a mask is "
            "`columns[-1] - columns[0] + 1`, with `columns = np.flatnonzero(mask.any(axis=0))`.",
        ),
        optional=True,
    ),
)
