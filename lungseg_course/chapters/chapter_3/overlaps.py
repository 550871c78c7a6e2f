"""The Dice coefficient of each image, and the ways in which it is often miswritten, each with its value."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

BATCH, HEIGHT, WIDTH = 3, 4, 6  # all different: a sum over the wrong axes shows in the shape
PIXELS = (1, 2, 3)


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known by what it leads to.

    Attributes
    ----------
    cause : str
        Its name.
    values : list of arrays
        Each is what one way of making it gives: a number for each image, or
        one for all.
    why, remedy : str
        As in `lungseg_course.engine.verdict.Wrong`.
    """

    cause: str
    values: list
    why: str
    remedy: str

    def mapped(self, change: Callable, cause: str = "{}") -> "Mistake":
        """Return the same mistake where something more is computed from the coefficient."""
        return Mistake(cause.format(self.cause), [change(value) for value in self.values], self.why, self.remedy)


def masks_and_probabilities(rng, count: int = BATCH) -> tuple[np.ndarray, np.ndarray]:
    """Return masks of 0 and 1, and predictions between 0 and 1, away from 0.5; (B, 4, 6, 1) float32."""
    # From a small lung to a large one, and from a poor prediction to a good one: no mean is like another.
    size, quality = (np.linspace(low, high, count).reshape(-1, 1, 1, 1) for low, high in ((0.25, 0.7), (0.2, 0.8)))
    masks = (rng.random((count, HEIGHT, WIDTH, 1)) < size).astype("float32")
    masks[:, 0, 0], masks[:, 1, 1] = 1, 0  # neither empty nor full
    sure = rng.random(masks.shape) < 0.5 + quality * (masks - 0.5)
    probabilities = rng.uniform(0.02, 0.46, masks.shape) + 0.5 * sure
    return masks, probabilities.astype("float32")


def dice_of_each(true, predicted, smooth: float, axes=PIXELS) -> np.ndarray:
    """Return the Dice coefficient, by default of each image: shape (B,), float64."""
    true, predicted = np.asarray(true, dtype="float64"), np.asarray(predicted, dtype="float64")
    total = true.sum(axis=axes) + predicted.sum(axis=axes)
    return (2 * (true * predicted).sum(axis=axes) + smooth) / (total + smooth)


def miswritten(true, predicted, smooth: float) -> list[Mistake]:
    """Return what comes out where the Dice coefficient is miswritten. NumPy may warn of divisions by 0."""
    a, b, s = np.asarray(true, dtype="float64"), np.asarray(predicted, dtype="float64"), smooth
    overlap, size_a, size_b = (a * b).sum(axis=PIXELS), a.sum(axis=PIXELS), b.sum(axis=PIXELS)
    total, union = size_a + size_b, size_a + size_b - overlap
    return [
        *_of_axes(a, b, s),
        *_of_smoothing(overlap, total, s, a[0].size),
        Mistake(
            "IoU in place of Dice",
            [(overlap + s) / (union + s), overlap / union],
            "The overlap divided by the union is the Jaccard index, a number of its own; between 0 and 1 it is "
            "smaller.",
            "Twice the overlap above the line, and the two sizes added below it.",
        ),
        Mistake(
            "the union in place of the two sizes",
            [(2 * overlap + s) / (union + s)],
            "The pixels that both share count once in the union. In |A| + |B| they count twice, and so equal masks "
            "come to 1.",
            "Add the size of the one to the size of the other, and subtract nothing.",
        ),
        Mistake(
            "the factor 2 is forgotten",
            [(overlap + s) / (total + s), overlap / total],
            "Two equal masks would have 1/2: below the line their pixels are counted twice, above it once.",
            "Double the overlap.",
        ),
        Mistake(
            "the factor 2 is there twice",
            [2 * (2 * overlap + s) / (total + s), (4 * overlap + s) / (total + s)],
            "Two equal masks would have 2.",
            "Double the overlap once.",
        ),
        Mistake(
            "missed pixels are forgotten",
            [(2 * overlap + s) / (overlap + size_b + s)],
            "What is in the mask and not in the prediction does not appear below the line.",
            "Add the size of the mask and the size of the prediction.",
        ),
        Mistake(
            "false alarms are forgotten",
            [(2 * overlap + s) / (overlap + size_a + s)],
            "What is in the prediction and not in the mask does not appear below the line.",
            "Add the size of the mask and the size of the prediction.",
        ),
        Mistake(
            "plus in place of times",
            [(2 * total + s) / (total + s)],
            "A sum is there wherever *one* of the two is. The overlap is where both are: the product.",
            "Multiply mask and prediction, then sum.",
        ),
        Mistake(
            "the sizes are squared",
            [(2 * overlap + s) / ((a**2).sum(axis=PIXELS) + (b**2).sum(axis=PIXELS) + s)],
            "That is another right definition, that of the V-Net. For masks of 0 and 1 both agree; for probabilities "
            "they do not, and this course takes the plain sums.",
            "Sum the values themselves, not their squares.",
        ),
        Mistake(
            "the product of the sums",
            [(2 * size_a * size_b + s) / (total + s)],
            "|A| times |B| does not know where the two lie. The overlap is found pixel by pixel.",
            "Multiply first, then sum.",
        ),
        Mistake(
            "only the mask below the line",
            [(overlap + s) / (size_a + s), (2 * overlap + s) / (size_a + s), (2 * overlap + s) / (2 * size_a + s)],
            "The overlap in comparison with the mask alone is the sensitivity. A prediction of lung everywhere has 1.",
            "Add the size of the prediction.",
        ),
        Mistake(
            "only the prediction below the line",
            [(overlap + s) / (size_b + s), (2 * overlap + s) / (size_b + s), (2 * overlap + s) / (2 * size_b + s)],
            "The overlap in comparison with the prediction alone is the precision. One lucky pixel has 1.",
            "Add the size of the mask.",
        ),
        Mistake(
            "brackets are missing",
            [
                2 * overlap + s / (total + s),
                (2 * overlap + s) / total + s,
                2 * overlap + s / total + s,
                2 * overlap / size_a + size_b,
                (2 * overlap + s) / size_a + size_b + s,
                # Behind the `1 -` of a loss, what falls out of the brackets changes its sign.
                2 * overlap - s / (total + s),
                (2 * overlap + s) / total - s,
            ],
            "Multiplication and division come before addition, so only a part of the sum is divided, or divides.",
            "Put all that stands above the line into brackets, and all that stands below it.",
        ),
        Mistake("upside down", [(total + s) / (2 * overlap + s)], "", "The overlap belongs above the line."),
        *_of_changed_inputs(a, b, s),
    ]


def _of_axes(a, b, s) -> list[Mistake]:
    """The sums go over other axes than those of an image."""
    partly = "First the coefficient of each {0}, then their mean. But a {0} is not the image: many hold no lung."
    whole = (0, *PIXELS)
    in_one_pot = [dice_of_each(a, b, smooth, axes=whole) for smooth in (s, 0, 1e-7)]
    return [
        Mistake(
            "whole-batch Dice",
            [*in_one_pot, np.full(len(a), in_one_pot[0])],
            "All the images are summed as if they were one. A small lung that is missed hides behind a large one, and "
            "the number depends on the batch size.",
            "Sum over height, width and channels, and leave axis 0, the batch.",
        ),
        Mistake(
            "the sizes are those of the whole batch",
            [(2 * (a * b).sum(axis=PIXELS) + s) / (a.sum() + b.sum() + s)],
            "The overlap is that of each image, and the sizes below the line are summed over all the images.",
            "Give each of the three sums the axes 1, 2 and 3.",
        ),
        *(
            Mistake(
                f"Dice of each {part}",
                [dice_of_each(a, b, s, axes=axes).reshape(len(a), -1).mean(axis=1)],
                partly.format(part),
                "Sum over height, width and channels at once: the axes 1, 2 and 3.",
            )
            for part, axes in (("pixel", 3), ("row", (2, 3)), ("column", (1, 3)))
        ),
    ]


def _of_smoothing(overlap, total, s, count) -> list[Mistake]:
    """The smoothing is another. Where `s` is 0, only a fixed one shows."""
    tiny = [] if s == 0 else [1e-7, 1e-6, 1e-5, 1e-4, 1e-3]
    fixed = Mistake(
        "the argument `smooth` is not used",
        [(2 * overlap + other) / (total + other) for other in (1.0, 10.0, 100.0, *tiny) if other != s],
        "Another number stands in its place.",
        "Use `smooth` above and below the line.",
    )
    if s == 0:
        return [fixed]
    bare = 2 * overlap / total
    empty = "For an empty mask that is predicted empty, the coefficient should be s / s = 1."
    return [
        Mistake(
            "no smoothing",
            [bare, np.nan_to_num(bare)],
            "Where the mask and the prediction are both empty, the formula says 0 / 0: not a number, and in a loss "
            "it spoils each weight of the network.",
            "Add the smoothing above and below the line.",
        ),
        Mistake(
            "smoothing above the line only",
            [(2 * overlap + s) / total, (2 * overlap + s) / (total + 1e-7)],
            empty,
            "Add it below the line, too.",
        ),
        Mistake("smoothing below the line only", [2 * overlap / (total + s)], empty, "Add it above the line, too."),
        Mistake(
            "twice the smoothing above the line",
            [2 * (overlap + s) / (total + s)],
            "The 2 belongs to the overlap alone. An empty mask, predicted empty, would get 2.",
            "Double the overlap first, then add.",
        ),
        Mistake(
            "twice the smoothing below the line",
            [(2 * overlap + s) / (total + 2 * s)],
            "It was added to each of the two sizes.",
            "Add it once to the sum of both.",
        ),
        Mistake(
            "means in place of sums",
            [(2 * overlap / count + s) / (total / count + s)],
            "The smoothing counts pixels. Beside means, which are at most 1, it is as large as the whole image.",
            "Sum over the pixels.",
        ),
        fixed,
    ]


def _of_changed_inputs(a, b, s) -> list[Mistake]:
    """Something is done to the masks or the probabilities before."""
    whole_numbers = 'As an integer, 0.9 is 0. Tensors of the type "float32" keep what stands behind the point.'
    return [
        Mistake(
            "the prediction is rounded",
            [dice_of_each(a, b >= 0.5, s)],
            "Probabilities became 0 or 1 on the way. A step has no slope, so a network could not learn from it.",
            "Take the probabilities as they are.",
        ),
        Mistake(
            "IoU in place of Dice, and rounded",
            [(a * (b >= 0.5)).sum(axis=PIXELS) / np.maximum(a, b >= 0.5).sum(axis=PIXELS)],
            "The overlap divided by the union is the Jaccard index. And a step has no slope to learn from.",
            "Take the probabilities as they are, twice their overlap, and the two sizes added.",
        ),
        Mistake(
            "the background in place of the lungs",
            [dice_of_each(1 - a, 1 - b, s)],
            "Mask and prediction were turned round: what is 1 in them is not lung.",
            "Take both as they are.",
        ),
        Mistake(
            "the background counts as well",
            [(dice_of_each(a, b, s) + dice_of_each(1 - a, 1 - b, s)) / 2],
            "This is the mean of the coefficients of lungs and of background. The background is large and easily "
            "found.",
            "Take the coefficient of the lungs alone.",
        ),
        Mistake(
            "a sigmoid too many",
            [dice_of_each(a, 1 / (1 + np.exp(-b)), s)],
            "The network ends in a sigmoid, so these are probabilities already. A second one brings all of them "
            "between 0.5 and 0.73.",
            "Take the probabilities as they are.",
        ),
        Mistake(
            "probabilities became whole numbers", [dice_of_each(a, np.floor(b), s)], whole_numbers, 'Cast to "float32".'
        ),
        Mistake(
            "probabilities became true and false",
            [dice_of_each(a, b > 0, s)],
            "As true or false, all that is not 0 is true: 0.1 as well as 0.9.",
            'Cast to "float32".',
        ),
        Mistake(
            "the masks are divided by 255",
            [dice_of_each(a / 255, b, s)],
            "Here they are 0 and 1 already. (Image files hold masks of 0 and 255; the course divides them when it "
            "prepares the cases.)",
            "Take the masks as they are.",
        ),
    ]
