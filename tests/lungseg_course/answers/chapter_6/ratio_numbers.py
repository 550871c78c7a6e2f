"""Exercise 6.3, third function: wrong numbers of what is measured, and of empty masks."""

import numpy as np

from answers import Answers
from answers.chapter_6.thorax_given import cardiothoracic_ratio, is_missing, lungs, measuring, noting, width

answers = Answers("6.3")
_, wrong = noting(answers, 2)
measured = measuring(answers)


@measured("yes or no in place of the ratio", 3 / 4)
def too_large(masks):
    return cardiothoracic_ratio(masks) > 0.5


@measured("what is measured is empty", 3 / 4)
def in_both_lungs(masks):
    return width(masks[..., 2]) / width(masks[..., 0] & masks[..., 1])


@measured("what is measured is empty")
def in_both_lungs_by_where(masks):
    columns = np.where(masks[..., 0] & masks[..., 1])[1]
    return width(masks[..., 2]) / (columns.max() - columns.min() + 1)


@wrong("nan although no mask is empty")
def nan_in_both_lungs(masks):
    thorax = masks[..., 0] & masks[..., 1]
    return width(masks[..., 2]) / width(thorax) if thorax.any() else np.nan


@measured("right and left are confused", 3 / 4)
def from_left_to_right(masks):
    right_lung, left_lung = (np.where(masks[..., place])[1] for place in (0, 1))
    return width(masks[..., 2]) / (right_lung.max() - left_lung.min() + 1)


@measured("off by one", 3 / 4)
def differences(masks):
    return (width(masks[..., 2]) - 1) / (width(lungs(masks)) - 1)


@measured("off by one")
def heart_off_by_one(masks):
    return (width(masks[..., 2]) - 1) / width(lungs(masks))


@measured("off by one")
def thorax_off_by_one(masks):
    return width(masks[..., 2]) / (width(lungs(masks)) - 1)


@measured("the right end is counted from the right")
def by_argmax_from_both_ends(masks):
    heart, thorax = masks[..., 2].any(0), lungs(masks).any(0)
    return (np.argmax(heart[::-1]) - np.argmax(heart)) / (np.argmax(thorax[::-1]) - np.argmax(thorax))


@measured("upside down")
def upside_down(masks):
    return width(lungs(masks)) / width(masks[..., 2])


@measured("divided by what is left of the thorax")
def of_what_is_left(masks):
    return width(masks[..., 2]) / (width(lungs(masks)) - width(masks[..., 2]))


@measured("areas in place of widths")
def areas(masks):
    return masks[..., 2].sum() / masks[..., :2].sum()


@measured("areas in place of widths")
def share_of_the_area(masks):
    return masks[..., 2].sum() / masks.sum()


@measured("in percent")
def percent(masks):
    return 100 * cardiothoracic_ratio(masks)


@measured("rounded")
def rounded(masks):
    return round(cardiothoracic_ratio(masks), 2)


@measured("divided with `//`")
def whole_numbers(masks):
    return width(masks[..., 2]) // width(lungs(masks))


@measured("two numbers in place of their ratio")
def both_widths(masks):
    return width(masks[..., 2]), width(lungs(masks))


@measured("the width of the heart alone")
def heart_alone(masks):
    return width(masks[..., 2])


@measured("the classes have changed places")
def heart_first(masks):
    return width(masks[..., 0]) / width(masks[..., 1:].any(-1))


@wrong("a background that is not there")
def with_a_background(masks):
    return width(masks[..., 3]) / width(masks[..., 1:3].any(-1))


@measured("`-` of two masks")
def subtracted(masks):
    return width(masks[..., 2]) / width(masks[..., 0] - masks[..., 1])


@measured("the masks that you were given are changed")
def emptied(masks):
    ratio = cardiothoracic_ratio(masks)
    masks[...] = False
    return ratio


@measured("nothing is returned")
def printed(masks):
    print(cardiothoracic_ratio(masks))


# ---- Where a mask is empty -----------------------------------------------------------------------


def where_empty(value):
    return lambda masks: value if is_missing(masks) else cardiothoracic_ratio(masks)


wrong("0 where a mask is empty", 3 / 4)(where_empty(0.0))
wrong("infinity where a mask is empty")(where_empty(np.inf))
wrong("nothing is returned where a mask is empty")(where_empty(None))
wrong("a text in place of a number")(where_empty("nan"))


@wrong("an empty mask is not thought of", 3 / 4)
def not_thought_of(masks):
    return width(masks[..., 2]) / width(lungs(masks))


@wrong("an empty mask is not thought of")
def refused(masks):
    if is_missing(masks):
        raise ValueError("a mask is empty")
    return cardiothoracic_ratio(masks)


@wrong("a ratio although a mask is empty")
def heart_only(masks):
    return width(masks[..., 2]) / width(lungs(masks)) if masks[..., 2].any() else np.nan


@wrong("a ratio although a mask is empty")
def any_lung_will_do(masks):
    return width(masks[..., 2]) / width(lungs(masks)) if masks[..., 2].any() and lungs(masks).any() else np.nan
