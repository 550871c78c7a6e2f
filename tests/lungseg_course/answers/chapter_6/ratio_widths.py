"""Exercise 6.3, third function: the heart and the thorax are measured in a wrong way."""

import numpy as np

from answers import Answers
from answers.chapter_6.thorax_given import lungs, measuring, width

answers = Answers("6.3")
measured = measuring(answers)


def height(mask):
    return width(mask.T)


@measured("the pixels of a row are counted", 3 / 4)
def row_sums(masks):
    return masks[..., 2].sum(1).max() / width(lungs(masks))


@measured("the pixels of a row are counted")
def row_sums_of_both(masks):
    return masks[..., 2].sum(1).max() / lungs(masks).sum(1).max()


def widest(mask):
    return max(np.ptp(np.flatnonzero(row)) + 1 for row in mask if row.any())


@measured("the widest row in place of the whole width")
def widest_rows(masks):
    return widest(masks[..., 2]) / widest(lungs(masks))


@measured("the widest row in place of the whole width")
def widest_row_of_the_heart(masks):
    return widest(masks[..., 2]) / width(lungs(masks))


@measured("the widest row in place of the whole width")
def at_the_height_of_the_heart(masks):
    return width(masks[..., 2]) / widest(lungs(masks)[masks[..., 2].any(1)])


@measured("the mean over the rows")
def mean_rows(masks):
    means = [np.mean([row.sum() for row in mask if row.any()]) for mask in (masks[..., 2], lungs(masks))]
    return means[0] / means[1]


@measured("the height in place of the width")
def heights(masks):
    return height(masks[..., 2]) / height(lungs(masks))


@measured("the height in place of the width")
def height_of_the_heart(masks):
    return height(masks[..., 2]) / width(lungs(masks))


@measured("the height in place of the width")
def rows_in_place_of_columns(masks):
    return np.count_nonzero(masks[..., 2].sum(1)) / np.count_nonzero(lungs(masks).sum(1))


@measured("divided by the width of the image")
def of_the_image(masks):
    return width(masks[..., 2]) / masks.shape[1]


@measured("one lung in place of the thorax")
def of_the_right_lung(masks):
    return width(masks[..., 2]) / width(masks[..., 0])


@measured("one lung in place of the thorax")
def of_the_left_lung(masks):
    return width(masks[..., 2]) / width(masks[..., 1])


@measured("what lies between the lungs is left out")
def lungs_added(masks):
    return width(masks[..., 2]) / (width(masks[..., 0]) + width(masks[..., 1]))


@measured("what lies between the lungs is left out")
def columns_counted(masks):
    return masks[..., 2].any(0).sum() / lungs(masks).any(0).sum()


@measured("the inner borders of the lungs")
def inner_borders(masks):
    gap = np.flatnonzero(masks[..., 1].any(0))[0] - np.flatnonzero(masks[..., 0].any(0))[-1]
    return width(masks[..., 2]) / (gap + 1)


@measured("the heart counts as a part of the thorax", 3 / 4)
def of_all_organs(masks):
    return width(masks[..., 2]) / width(masks.any(axis=-1))


@measured("the columns are counted")
def columns_of_the_heart_counted(masks):
    return masks[..., 2].any(0).sum() / width(lungs(masks))


@measured("a part of the heart is left out")
def largest_piece(masks):
    from scipy import ndimage

    labels, _ = ndimage.label(masks[..., 2].any(0))
    heart = labels == 1 + np.argmax(np.bincount(labels)[1:])
    return heart.sum() / width(lungs(masks))
