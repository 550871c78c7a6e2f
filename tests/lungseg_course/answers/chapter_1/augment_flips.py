"""Exercise 1.4, answers that flip the pairs wrongly."""

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import flip_and_brighten

answers = Answers("1.4")


@answers.wrong("only the images are flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("only the masks are flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("image and mask are not flipped together", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
        if rng.random() < 0.5:
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("image and mask are flipped along different axes")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
            masks[i] = masks[i][::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("upside down", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array[::-1])


@answers.wrong("never flipped")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array)


@answers.wrong("never flipped")  # the channel axis, of length 1
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array[..., ::-1])


@answers.wrong("always flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images[:, :, ::-1].copy(), masks[:, :, ::-1].copy()
    for i in range(len(images)):
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("always flipped")  # one number for all the pairs, which is the mistake
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    if rng.random() < 1:
        images, masks = images[:, :, ::-1], masks[:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)), 0, 1), masks


@answers.wrong("not half of the pairs")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.05:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("the batch is reversed, not the images")
def _(images, masks, seed):
    factors = np.random.default_rng(seed).uniform(0.8, 1.2, (len(images), 1, 1, 1))
    return np.clip(images[::-1] * factors, 0, 1), masks[::-1]


@answers.wrong("the same pairs are flipped for every seed", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if i % 2 == 0:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("something else than a flip")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: np.roll(array, 3, axis=1))
