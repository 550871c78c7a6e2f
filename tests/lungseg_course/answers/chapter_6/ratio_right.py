"""Exercise 6.3, third function: right ratios of three masks."""

import math

import numpy as np

from answers import Answers
from answers.chapter_6.thorax_given import lungs, noting

answers = Answers("6.3")
right, _ = noting(answers, 2)


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
