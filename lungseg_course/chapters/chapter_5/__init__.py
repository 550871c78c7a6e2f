"""Notebook 5: its exercises and questions."""

from lungseg_course.chapters.chapter_5 import components, groups, predict, sums
from lungseg_course.chapters.chapter_5.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        "5.1",
        "predict one image",
        ("predict_probability",),
        (predict.look_axes, predict.look_probabilities),
        "An image goes in, and the network's probabilities come out, in the same shape.",
        (
            "The network wants a batch and gives a batch. What must be added to an image, and taken away again?",
            "`image[None, :, :, None]` has shape (1, H, W, 1). `model.predict_on_batch` takes it and returns an array "
            "of that shape.",
            "Of the result, `[0, :, :, 0]` is the first image of the batch and its only channel.",
        ),
        in_the_package=("lungseg.prediction.segment", "lungseg.prediction.image.predict_probability"),
    ),
    Exercise(
        "5.2",
        "sum up",
        ("mean_dice", "pooled_f1"),
        (sums.look_mean, sums.look_pooled),
        "One counts each patient the same, the other each pixel.",
        (
            "In one of them a mean comes last, in the other three sums come first.",
            'A column is `table["dice"]`; it has `.mean()` and `.sum()`.',
            'The mean Dice is `table["dice"].mean()`. For the other one, sum the columns `tp`, `fp` and `fn`, and put '
            "the three sums into 2 TP / (2 TP + FP + FN).",
        ),
        in_the_package=("lungseg.evaluation.summarise", "lungseg.masks.f1_score"),
    ),
    Exercise(
        "5.3",
        "group by group",
        ("by_group",),
        (groups.look_groups, groups.look_group_numbers),
        "A row for each group, with its size, its mean and its worst case.",
        (
            "Two steps: sort the rows into groups, then say what each group is to tell.",
            '`table.groupby([...])` takes a list of columns. Behind it, `.agg(new_name=("column", "what"))` makes a '
            "column, and takes as many of them as you like.",
            'Group by `["source", "diagnosis"]`, and give `agg` three of them: `cases=("dice", "size")`, `dice=` with '
            '"mean" and `worst=` with "min".',
        ),
        in_the_package=("lungseg.evaluation.summarise",),
    ),
    Exercise(
        "5.4",
        "keep the largest components",
        ("keep_largest",),
        (
            components.look_islands,
            components.look_count,
            components.look_few,
            components.look_shapes,
        ),
        "Islands go, lungs stay; and an empty mask stays empty.",
        (
            "Each component has a number. How many pixels has each number, and which numbers have the most?",
            "`areas = np.bincount(labels.ravel())` counts, with the background in place 0; set that to 0. "
            "`np.argsort(areas)` gives the numbers from the smallest to the largest. Take the last ones.",
            "Keep `np.argsort(areas)[-n:]` with `n = min(count, found)`, and return `np.isin(labels, ...)` of them. If "
            "`found` is 0, keep none: `[-0:]` would be all.",
        ),
        in_the_package=("lungseg.masks.clean_mask",),
    ),
)
