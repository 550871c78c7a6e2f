"""Exercise 6.3, third function: wrong ratios that are rarer."""

import numpy as np

from answers import Answers
from answers.chapter_6.thorax_given import lungs, measuring, noting, width

answers = Answers("6.3")
_, wrong = noting(answers, 2)
measured = measuring(answers)


def span(columns):
    return columns[-1] - columns[0] + 1


@wrong("the first axis in place of the last", 3 / 4)
def of_the_first_axis(masks):
    right_lung, left_lung, heart = masks[0], masks[1], masks[2]
    if not (right_lung.any() and left_lung.any() and heart.any()):
        return np.nan
    return width(heart) / width(right_lung | left_lung)


@wrong("the first axis in place of the last")
def of_the_first_axis_where_nothing_is_found(masks):
    (_, heart), (_, thorax) = np.where(masks[2]), np.where(masks[0] | masks[1])
    return (heart.max() - heart.min() + 1) / (thorax.max() - thorax.min() + 1)


@measured("one lung in place of the thorax")
def of_a_mean_lung(masks):
    return width(masks[..., 2]) / ((width(masks[..., 0]) + width(masks[..., 1])) / 2)


@measured("areas in place of widths")
def area_by_width(masks):
    return masks[..., 2].sum() / width(lungs(masks))


@measured("from the first pixel to the last one", 3 / 4)
def in_the_order_of_reading(masks):
    return span(np.argwhere(masks[..., 2])[:, 1]) / span(np.argwhere(lungs(masks))[:, 1])


@measured("the widest row in place of the whole width")
def at_half_the_height(masks):
    row = masks[masks.shape[0] // 2]
    return span(np.flatnonzero(row[:, 2])) / span(np.flatnonzero(row[:, 0] | row[:, 1]))


@measured("the columns of both lungs are numbered through")
def numbered_through(masks):
    return span(np.flatnonzero(masks[..., 2].any(0))) / span(np.flatnonzero(masks[..., :2].any(0)))


@measured("arrays of columns in place of widths")
def tuples_of_arrays(masks):
    return span(np.where(masks[..., 2].any(0))) / span(np.where(lungs(masks).any(0)))
