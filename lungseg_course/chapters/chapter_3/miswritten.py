"""The ways in which the Dice coefficient is often miswritten, as rows; also for what is computed from it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from lungseg_course.chapters.chapter_3.overlaps import BATCH, HEIGHT, PIXELS, WIDTH, dice_of_each
from lungseg_course.chapters.chapter_3.tensors import TENSORS
from lungseg_course.engine.rows import Gives, Row, Shape, When

WHOLE = (0, *PIXELS)
SUM_OVER = "Sum over height, width and channels: the axes 1, 2 and 3."
PARTLY = "First the coefficient of each {0}, then their mean. But a {0} is not the image: many hold no lung."
WEIGH = (
    "Keras takes the mean itself, after the function. It needs one number for each image: only so can images have "
    "weights, and only so can you see which of them fail."
)
EMPTY = "For an empty mask that is predicted empty, the coefficient should be s / s = 1."
ADD_BOTH = "Add the size of the mask and the size of the prediction."
AS_THEY_ARE = "Take the probabilities as they are."
TINY = (1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


def mapped(rows: Iterable[Gives], change: Callable, name: str = "{}") -> tuple[Gives, ...]:
    """Return the rows with each wrong reference changed: `change` takes it and returns another one."""
    return tuple(
        replace(row, name=name.format(row.name), sign=change(row.sign), also=tuple(map(change, row.also)))
        for row in rows
    )


def computed_from(right: Callable) -> Callable:
    """Return a change for `mapped`: the wrong reference is one of what the right reference gives."""
    return lambda sign: lambda *inputs, **settings: sign(right(*inputs, **settings))


def _of_arrays(sign: Callable) -> Callable:
    """Return the wrong reference, for tensors, of a function of two arrays in float64 and the smoothing."""
    return lambda y_true, y_pred, smooth=1.0: sign(np.asarray(y_true, float), np.asarray(y_pred, float), smooth)


def _of_sums(sign: Callable) -> Callable:
    """Return the wrong reference of a function of the overlap, the sizes of mask and prediction, and the smoothing."""
    return _of_arrays(lambda a, b, s: sign((a * b).sum(PIXELS), a.sum(PIXELS), b.sum(PIXELS), s))


def fixed_smoothing(name: str, why: str, remedy: str, numbers: Iterable[float]) -> Gives:
    """Return the row of another smoothing: one of these numbers."""
    first, *others = (_of_sums(lambda o, a, b, s, fixed=fixed: (2 * o + fixed) / (a + b + fixed)) for fixed in numbers)
    return Gives(name, first, why, remedy, also=others)


# fmt: off
AXES_LEFT = (  # asked first, whatever the numbers
    When("a function in place of numbers", lambda out: callable(out.result),
         "The function makes another one and returns it. Keras gets no numbers from it.",
         "Write the formula itself behind `return`.", received="a function", expected=f"{BATCH} numbers"),
    When("sums in 16 bits", lambda out: "float16" in str(getattr(out.result, "dtype", "")),
         "Numbers of 16 bits have three digits, and none is larger than 65,504.",
         'Cast both to "float32" first, before anything is multiplied or summed.',
         received="numbers of 16 bits", expected="numbers of 32 bits"),
    Shape("the channel axis is left", (BATCH, 1), "One number for each image, and one axis too many.", SUM_OVER),
    Shape("the summed axes are kept", (BATCH, 1, 1, 1), "`keepdims` keeps them, with a length of 1.", "Leave it out."),
    When("the shape is another",
         lambda out: not out.is_right and out.value.size == BATCH and out.kind.distance(out.value, out.right) < np.inf,
         "", "Print the shape of each step.",
         received=lambda out: f"shape {out.value.shape}", expected=f"shape ({BATCH},)"),
)
SHAPES = (
    Shape("a number for each pixel", [(BATCH, HEIGHT, WIDTH, 1), (BATCH, HEIGHT, WIDTH)],
          "The height and the width are still there.", SUM_OVER),
    *(Shape(f"a number for each {part}", [(BATCH, size), (BATCH, size, 1)],
            f"That is one for each {part} of each image.", SUM_OVER)
      for part, size in (("row", HEIGHT), ("column", WIDTH))),
    Shape("shapes that do not go together", (BATCH, BATCH),
          "One part has shape (B,), another (B, 1): between them they make a table of B x B.", SUM_OVER),
    Shape("a fixed size", [(2,), (8,), (16,), (32,)],
          "The pixels were put into a fixed number of images. The last batch of an epoch may hold fewer.", SUM_OVER),
    Shape("summed over the batch", [(HEIGHT, WIDTH, 1), (HEIGHT, WIDTH), (HEIGHT,), (WIDTH,)],
          "Axis 0 is the batch: the images were added, and the pixels kept.", SUM_OVER),
    Shape("two numbers in place of their quotient", (2, BATCH), "A comma makes a pair of them.",
          "Divide the numerator by the denominator."),
    Shape("one number for the whole batch", [(), (1,)], "There should be one for each image.", SUM_OVER),
)
SUMMED_UP = (  # of the right numbers
    Gives("the mean is taken already", np.mean, WEIGH, "Return the numbers of the images."),
    Gives("the largest number of the batch", np.max, WEIGH, "Return the numbers of all the images."),
    Gives("the smallest number of the batch", np.min, WEIGH, "Return the numbers of all the images."),
    Gives("the sum over the images", np.sum, WEIGH, "Return the numbers of the images, not their sum."),
)
AXES = mapped((
    Gives("whole-batch Dice", lambda a, b, s: dice_of_each(a, b, s, WHOLE),
          "All the images are summed as if they were one. A small lung that is missed hides behind a large one, and "
          "the number depends on the batch size.", "Sum over height, width and channels, and leave axis 0, the batch.",
          also=(lambda a, b, s: dice_of_each(a, b, 0, WHOLE), lambda a, b, s: dice_of_each(a, b, 1e-7, WHOLE),
                lambda a, b, s: np.full(len(a), dice_of_each(a, b, s, WHOLE)))),
    Gives("the sizes are those of the whole batch",
          lambda a, b, s: (2 * (a * b).sum(PIXELS) + s) / (a.sum() + b.sum() + s),
          "The overlap is that of each image, and the sizes in the denominator are summed over all the images.",
          "Give each of the three sums the axes 1, 2 and 3."),
    Gives("the overlap is that of the whole batch",
          lambda a, b, s: (2 * (a * b).sum() + s) / (a.sum(PIXELS) + b.sum(PIXELS) + s),
          "The sizes are those of each image, and the overlap is summed over all the images.",
          "Give each of the three sums the axes 1, 2 and 3."),
    *(Gives(f"Dice of each {part}",
            lambda a, b, s, axes=axes: dice_of_each(a, b, s, axes).reshape(len(a), -1).mean(axis=1),
            PARTLY.format(part), "Sum over height, width and channels at once: the axes 1, 2 and 3.")
      for part, axes in (("pixel", 3), ("row", (2, 3)), ("column", (1, 3)))),
), _of_arrays)
# Of the smoothing s, the overlap o, and the sizes of the mask, a, and of the prediction, b.
SMOOTHING = mapped((  # without smoothing, these are no mistakes
    Gives("no smoothing", lambda o, a, b, s: 2 * o / (a + b),
          lambda out: "Where the mask and the prediction are both empty, the formula says 0 / 0: " + (
              "not a number, and in a loss it spoils each weight of the network." if np.isnan(out.value).any() else
              "that was made 0, and it is 1 where nothing was there and nothing was found."),
          "Add the smoothing to the numerator and to the denominator.",
          also=(lambda o, a, b, s: np.nan_to_num(2 * o / (a + b)),)),
    Gives("smoothing in the numerator only", lambda o, a, b, s: (2 * o + s) / (a + b),
          EMPTY, "Add it to the denominator, too.", also=(lambda o, a, b, s: (2 * o + s) / (a + b + 1e-7),)),
    Gives("smoothing in the denominator only", lambda o, a, b, s: 2 * o / (a + b + s),
          EMPTY, "Add it to the numerator, too."),
    Gives("twice the smoothing in the numerator", lambda o, a, b, s: 2 * (o + s) / (a + b + s),
          "The 2 belongs to the overlap alone. An empty mask, predicted empty, would get 2.",
          "Double the overlap first, then add."),
    Gives("twice the smoothing in the denominator", lambda o, a, b, s: (2 * o + s) / (a + b + 2 * s),
          "It was added to each of the two sizes.", "Add it once to the sum of both."),
    Gives("the smoothing is added to each pixel",
          lambda o, a, b, s: 2 * (o + s * HEIGHT * WIDTH) / (a + b + s * HEIGHT * WIDTH),
          "Inside the sum it counts once for each pixel.", "Add it behind the sums."),
    Gives("means in place of sums",
          lambda o, a, b, s: (2 * o / (HEIGHT * WIDTH) + s) / ((a + b) / (HEIGHT * WIDTH) + s),
          "The smoothing counts pixels. Beside means, which are at most 1, it is as large as the whole image.",
          "Sum over the pixels."),
), _of_sums)
FORMULAS = (*mapped((
    Gives("IoU in place of Dice", lambda o, a, b, s: (o + s) / (a + b - o + s),
          "The overlap divided by the union is the Jaccard index, a number of its own; between 0 and 1 it is smaller.",
          "Twice the overlap in the numerator, and the two sizes added in the denominator.",
          also=(lambda o, a, b, s: o / (a + b - o),)),
    Gives("the union in place of the two sizes", lambda o, a, b, s: (2 * o + s) / (a + b - o + s),
          "The pixels that both share count once in the union. In |A| + |B| they count twice, and so equal masks come "
          "to 1.", "Add the size of the one to the size of the other, and subtract nothing."),
    Gives("the factor 2 is forgotten", lambda o, a, b, s: (o + s) / (a + b + s),
          "Two equal masks would have 1/2: in the denominator their pixels are counted twice, in the numerator once.",
          "Double the overlap.", also=(lambda o, a, b, s: o / (a + b),)),
    Gives("the factor 2 is there twice", lambda o, a, b, s: 2 * (2 * o + s) / (a + b + s),
          "Two equal masks would have 2.", "Double the overlap once.",
          also=(lambda o, a, b, s: (4 * o + s) / (a + b + s),)),
    Gives("missed pixels are forgotten", lambda o, a, b, s: (2 * o + s) / (o + b + s),
          "What is in the mask and not in the prediction does not appear in the denominator.", ADD_BOTH),
    Gives("false alarms are forgotten", lambda o, a, b, s: (2 * o + s) / (o + a + s),
          "What is in the prediction and not in the mask does not appear in the denominator.", ADD_BOTH),
    Gives("the overlap of something with itself", lambda o, a, b, s: (2 * a + s) / (a + b + s),
          "One of the two stands on both sides of the product.", "Multiply the mask by the prediction."),
    Gives("plus in place of times", lambda o, a, b, s: (2 * (a + b) + s) / (a + b + s),
          "A sum is there wherever *one* of the two is. The overlap is where both are: the product.",
          "Multiply mask and prediction, then sum."),
), _of_sums), *mapped((
    Gives("the sizes are squared", lambda a, b, s: (2 * (a * b).sum(PIXELS) + s) / ((a**2 + b**2).sum(PIXELS) + s),
          "That is another right definition, that of the V-Net. For masks of 0 and 1 both agree; for probabilities "
          "they do not, and this course takes the plain sums.", "Sum the values themselves, not their squares."),
), _of_arrays), *mapped((
    Gives("the product of the sums", lambda o, a, b, s: (2 * a * b + s) / (a + b + s),
          "|A| times |B| does not know where the two lie. The overlap is found pixel by pixel.",
          "Multiply first, then sum."),
    Gives("only the mask in the denominator", lambda o, a, b, s: (o + s) / (a + s),
          "The overlap in comparison with the mask alone is the sensitivity. A prediction of lung everywhere has 1.",
          "Add the size of the prediction.",
          also=(lambda o, a, b, s: (2 * o + s) / (a + s), lambda o, a, b, s: (2 * o + s) / (2 * a + s))),
    Gives("only the prediction in the denominator", lambda o, a, b, s: (o + s) / (b + s),
          "The overlap in comparison with the prediction alone is the precision. One lucky pixel has 1.",
          "Add the size of the mask.",
          also=(lambda o, a, b, s: (2 * o + s) / (b + s), lambda o, a, b, s: (2 * o + s) / (2 * b + s))),
    Gives("parentheses are missing", lambda o, a, b, s: 2 * o + s / (a + b + s),
          "Multiplication and division come before addition, so only a part of the sum is divided, or divides.",
          "Put the whole numerator into parentheses, and the whole denominator.",
          also=(lambda o, a, b, s: (2 * o + s) / (a + b) + s, lambda o, a, b, s: 2 * o + s / (a + b) + s,
                lambda o, a, b, s: 2 * o / a + b, lambda o, a, b, s: (2 * o + s) / a + b + s,
                # Behind the `1 -` of a loss, what falls out of the parentheses changes its sign.
                lambda o, a, b, s: 2 * o - s / (a + b + s), lambda o, a, b, s: (2 * o + s) / (a + b) - s,
                lambda o, a, b, s: 2 * o / (a + b) + s, lambda o, a, b, s: 2 * o / (a + b) - s)),
    Gives("upside down", lambda o, a, b, s: (a + b + s) / (2 * o + s), "", "The overlap belongs in the numerator."),
), _of_sums), *mapped((
    Gives("the prediction is rounded", lambda a, b, s: dice_of_each(a, b >= 0.5, s),
          "Probabilities became 0 or 1 on the way. A step has no gradient, so a network could not learn from it.",
          AS_THEY_ARE),
    Gives("the prediction is rounded in the overlap",
          lambda a, b, s: (2 * (a * (b >= 0.5)).sum(PIXELS) + s) / ((a + b).sum(PIXELS) + s),
          "`logical_and`, or a comparison, makes a step of it, and a step has no gradient.", AS_THEY_ARE),
    Gives("IoU in place of Dice, and rounded",
          lambda a, b, s: (a * (b >= 0.5)).sum(PIXELS) / np.maximum(a, b >= 0.5).sum(PIXELS),
          "The overlap divided by the union is the Jaccard index. And a step has no gradient to learn from.",
          "Take the probabilities as they are, twice their overlap, and the two sizes added."),
    Gives("the background in place of the lungs", lambda a, b, s: dice_of_each(1 - a, 1 - b, s),
          "Mask and prediction were turned round: what is 1 in them is not lung.", "Take both as they are."),
    Gives("the background counts as well", lambda a, b, s: (dice_of_each(a, b, s) + dice_of_each(1 - a, 1 - b, s)) / 2,
          "This is the mean of the coefficients of lungs and of background. The background is large and easily found.",
          "Take the coefficient of the lungs alone."),
    Gives("a sigmoid too many", lambda a, b, s: dice_of_each(a, 1 / (1 + np.exp(-b)), s),
          "The network ends in a sigmoid, so these are probabilities already. A second one brings all of them between "
          "0.5 and 0.73.", AS_THEY_ARE),
    Gives("probabilities became whole numbers", lambda a, b, s: dice_of_each(a, np.floor(b), s),
          'As an integer, 0.9 is 0, and so is what `//` leaves of a quotient below 1, or `argmax` of a single '
          'channel. Tensors of the type "float32" keep the digits after the decimal point.',
          'Cast to "float32", and divide with `/`.'),
    Gives("probabilities became true and false", lambda a, b, s: dice_of_each(a, b > 0, s),
          "As true or false, all that is not 0 is true: 0.1 as well as 0.9.", 'Cast to "float32".'),
    Gives("the masks are divided by 255", lambda a, b, s: dice_of_each(a / 255, b, s),
          "Here they are 0 and 1 already. (Image files hold masks of 0 and 255; the course divides them when it "
          "prepares the cases.)", "Take the masks as they are."),
), _of_arrays))
NOT_USED = (
    "the argument `smooth` is not used", "Another number stands in its place.",
    "Use `smooth` in the numerator and in the denominator.",
)
BY_DEFAULT = replace(  # of a function that uses `smooth`
    fixed_smoothing("another smoothing by default", "Without `smooth`, the function should take the smoothing of 1.",
                    "Write `smooth=1.0` into the line with `def`.", (0, 10, 100, *TINY)), runnable=False)
WITHOUT_SMOOTHING = (*AXES, fixed_smoothing(*NOT_USED, (1, 10, 100)), *FORMULAS)
MISWRITTEN = (*AXES, *SMOOTHING, fixed_smoothing(*NOT_USED, (1, 10, 100, *TINY)), *FORMULAS)
# fmt: on


def for_each_image(*rows: Row) -> tuple[Row, ...]:
    """Return these rows among those of other shapes and of tensors."""
    return (*AXES_LEFT, *rows, *SHAPES, *TENSORS)
