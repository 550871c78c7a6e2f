"""Exercise 6.3, second function: the background in front of three masks."""

import keras
import numpy as np
from keras import ops

from answers import Answers
from answers.chapter_6.thorax_given import noting

answers = Answers("6.3")
right, wrong = noting(answers, 1)


def free(masks):
    return 1 - masks.sum(axis=-1, keepdims=True)


# ---- Right -----------------------------------------------------------------------------------


@right
def by_any(masks):
    return np.concatenate([~np.any(masks, axis=-1, keepdims=True), masks], -1)


@right
def filled_in(masks):
    result = np.zeros((*masks.shape[:-1], 4), dtype="float32")
    result[..., 1:] = masks
    result[..., 0] = 1 - masks.max(axis=-1)
    return result


@right
def by_labels(masks):
    labels = masks[..., 0] + 2 * masks[..., 1] + 3 * masks[..., 2]
    return keras.utils.to_categorical(labels, 4)


@right
def with_keras(masks):
    return ops.concatenate([1 - ops.sum(masks, axis=-1, keepdims=True), masks], axis=-1)


@right
def stacked(masks):
    r, l, h = np.moveaxis(masks, -1, 0)  # noqa: E741
    return np.stack([(r + l + h) == 0, r, l, h], axis=-1)


@right
def padded(masks):
    result = np.pad(masks, ((0, 0), (0, 0), (0, 0), (1, 0)))
    result[..., 0] = result.sum(axis=-1) == 0
    return result


@right
def appended(masks):
    return np.append(free(masks), masks, axis=-1)


@right
def inserted(masks):
    return np.insert(masks, 0, 1 - masks.sum(-1), axis=-1)


@right
def by_a_product(masks):
    return np.concatenate([np.prod(1 - masks, axis=-1, keepdims=True), masks], -1)


# ---- Wrong: the shape --------------------------------------------------------------------------


@wrong("no background", 3 / 4)
def as_they_are(masks):
    return masks


@wrong("the background alone")
def alone(masks):
    return free(masks)


@wrong("one number for each pixel in place of four")
def labels(masks):
    return (masks * [1, 2, 3]).sum(-1)


@wrong("two classes are left")
def organ_or_not(masks):
    organs = masks.max(-1, keepdims=True)
    return np.concatenate([1 - organs, organs], -1)


@wrong("the opposite of each class in place of the background")
def opposites(masks):
    return np.concatenate([1 - masks, masks], -1)


@wrong("several arrays in place of one")
def a_list(masks):
    return [free(masks), masks]


@wrong("joined along another axis")
def along_the_batch(masks):
    return np.concatenate([free(masks), masks], 0)


@wrong("joined along another axis")
def along_the_first_axis(masks):
    return np.concatenate([free(masks), masks])


@wrong("joined along another axis")
def stacked_in_front(masks):
    return np.stack([1 - masks.sum(-1), masks[..., 0], masks[..., 1], masks[..., 2]])


@wrong("an axis is lost")
def without_keepdims(masks):
    return np.concatenate([1 - masks.sum(-1), masks], -1)


@wrong("an axis is lost")
def not_any(masks):
    return np.concatenate([~masks.any(-1), masks], -1)


@wrong("`~` of numbers")
def turned_around(masks):
    return np.concatenate([~masks.sum(-1, keepdims=True), masks], -1)


@wrong("`np.concatenate` without a list")
def without_a_list(masks):
    return np.concatenate(free(masks), masks)


@wrong("a result is thrown away")
def nothing_returned(masks):
    np.concatenate([free(masks), masks], -1)


@wrong("the masks that you were given are changed")
def in_place(masks):
    masks[..., 0] = 1 - masks.sum(-1)
    return np.concatenate([masks, masks[..., :1]], -1)


# ---- Wrong: the background ---------------------------------------------------------------------


@wrong("the background comes last", 3 / 4)
def last(masks):
    return np.concatenate([masks, free(masks)], -1)


@wrong("the background is upside down")
def upside_down(masks):
    return np.concatenate([masks.any(-1, keepdims=True), masks], -1)


@wrong("the background is 0 everywhere")
def zeros(masks):
    return np.concatenate([np.zeros_like(masks[..., :1]), masks], -1)


@wrong("the background is 1 everywhere")
def ones(masks):
    return np.concatenate([np.ones_like(masks[..., :1]), masks], -1)


@wrong("the background is taken for the right lung")
def by_argmax(masks):
    return keras.utils.to_categorical(masks.argmax(-1), 4)


@wrong("the background is taken for the right lung")
def by_argmax_and_one(masks):
    return keras.utils.to_categorical(masks.argmax(-1) + 1, 4)


@wrong("a sum over more than the channels")
def summed_up(masks):
    return np.concatenate([1 - masks.sum() * np.ones_like(masks[..., :1]), masks], -1)


@wrong("the classes have changed places")
def reversed_order(masks):
    return np.concatenate([free(masks), masks[..., ::-1]], -1)


@wrong("the background is what a single class leaves")
def not_right(masks):
    return np.concatenate([1 - masks[..., :1], masks], -1)


@wrong("the background is what a single class leaves")
def no_lung(masks):
    return np.concatenate([1 - masks[..., :2].sum(-1, keepdims=True), masks], -1)


@wrong("255 in place of 1")
def from_255(masks):
    return np.concatenate([255 - masks.sum(-1, keepdims=True), masks], -1)


@wrong("a background of −1")
def below_zero(masks):
    return np.concatenate([masks.sum(-1, keepdims=True) - 1, masks], -1)


@wrong("the mean in place of the sum", 3 / 4)
def by_mean(masks):
    return np.concatenate([1 - masks.mean(-1, keepdims=True), masks], -1)


# ---- Wrong, and rarer --------------------------------------------------------------------------


@wrong("a list in place of an array", 3 / 4)
def a_list_of_images(masks):
    return [np.concatenate([free(mask), mask], -1) for mask in masks]


@wrong("a list in place of an array")
def nested_lists(masks):
    return np.concatenate([free(masks), masks], -1).tolist()


@wrong("the first image alone")
def of_the_first(masks):
    return np.concatenate([free(masks[:1]), masks[:1]], -1)


@wrong("the opposites are added up")
def opposites_added(masks):
    return np.concatenate([(1 - masks).sum(-1, keepdims=True), masks], -1)


@wrong("the three classes are lost")
def only_the_background_filled_in(masks):
    result = np.zeros((*masks.shape[:-1], 4))
    result[..., 0] = 1 - masks.sum(-1)
    return result


@wrong("the masks are scaled")
def scaled(masks):
    masks = masks / 255
    return np.concatenate([free(masks), masks], -1)


@wrong("the numbers of the classes in place of 1")
def numbered(masks):
    return np.concatenate([free(masks), masks * [1, 2, 3]], -1)


@wrong("the classes have changed places")
def heart_before_the_left_lung(masks):
    return np.concatenate([free(masks), masks[..., [0, 2, 1]]], -1)


@wrong("the sum runs along another axis")
def over_the_images(masks):
    return np.concatenate([1 - masks.sum(axis=0, keepdims=True), masks], axis=-1)


@wrong("a single number in place of a mask")
def one_number(masks):
    return np.concatenate([1 - masks.max(), masks], axis=-1)
