"""Exercise 6.3, third function: the cardiothoracic ratio of three masks."""

import math

import numpy as np

from answers import Answers
from answers.chapter_6.thorax_given import cardiothoracic_ratio, noting, width

answers = Answers("6.3")
right, wrong = noting(answers, 2)


def height(mask):
    return width(mask.T)


def lungs(masks):
    return masks[..., :2].any(-1)


def is_missing(masks):
    return not masks.any((0, 1)).all()


def measured(cause, share=None):
    """Note a wrong ratio of masks of which none is empty."""

    def note(function):
        wrong(cause, share)(lambda masks: np.nan if is_missing(masks) else function(masks))
        return function

    return note


# ---- Right -----------------------------------------------------------------------------------


@right
def by_where(masks):
    right_lung, left_lung, heart = masks[..., 0], masks[..., 1], masks[..., 2]
    if right_lung.sum() == 0 or left_lung.sum() == 0 or heart.sum() == 0:
        return float("nan")
    _, columns = np.where(heart)
    _, others = np.nonzero(right_lung | left_lung)
    return (columns.max() - columns.min() + 1) / (others.max() - others.min() + 1)


@right
def by_loops(masks):
    spans = []
    for mask in (masks[:, :, 2], masks[:, :, 0] + masks[:, :, 1]):
        xs = [x for x in range(mask.shape[1]) if mask[:, x].any()]
        if not xs:
            return math.nan
        spans.append(xs[-1] - xs[0] + 1)
    return spans[0] / spans[1] if masks[:, :, 0].any() and masks[:, :, 1].any() else math.nan


@right
def by_bounding_boxes(masks):
    from skimage.measure import regionprops

    if (masks.sum((0, 1)) == 0).any():
        return np.nan
    _, a, _, b = regionprops(masks[..., 2].astype(int))[0].bbox
    _, c, _, d = regionprops(lungs(masks).astype(int))[0].bbox
    return (b - a) / (d - c)


@right
def by_argmax(masks):
    columns = np.any(masks, axis=0)

    def width(which):
        return len(which) - np.argmax(which[::-1]) - np.argmax(which)

    if not columns.any(axis=0).all():
        return np.nan
    return width(columns[:, 2]) / width(columns[:, 0] | columns[:, 1])


@right
def by_catching_what_is_empty(masks):
    try:
        heart = np.ptp(np.argwhere(masks[..., 2])[:, 1]) + 1
        right_lung = np.argwhere(masks[..., 0])[:, 1]
        left_lung = np.argwhere(masks[..., 1])[:, 1]
        return heart / (left_lung.max() - right_lung.min() + 1)
    except ValueError:
        return np.nan


# ---- Wrong: how the heart and the thorax are measured --------------------------------------------


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


# ---- Wrong: the numbers --------------------------------------------------------------------------


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


# ---- Wrong: where a mask is empty ------------------------------------------------------------------


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
