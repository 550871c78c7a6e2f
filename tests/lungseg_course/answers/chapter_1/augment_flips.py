"""Exercise 1.4, answers that flip the pairs wrongly."""

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import brighter, each_pair, flipped, mirrored

answers = Answers("1.4")

answers.wrong("upside down", 2 / 3)(flipped(brighter, flip=lambda array: array[::-1]))
answers.wrong("flipped along every axis", 2 / 3)(flipped(brighter, flip=np.flip))
answers.wrong("never flipped")(flipped(brighter, flip=lambda array: array[..., ::-1]))  # the channel axis, of length 1
answers.wrong("something else than a flip")(flipped(brighter, flip=lambda array: np.roll(array, 3, axis=1)))
answers.wrong("always flipped")(flipped(brighter, share=1))
answers.wrong("not half of the pairs")(flipped(brighter, share=0.05))
answers.wrong("only the images are flipped")(flipped(brighter, flip_mask=lambda mask: mask))
answers.wrong("only the masks are flipped")(flipped(brighter, flip=lambda image: image, flip_mask=mirrored))
answers.wrong("image and mask are flipped along different axes")(flipped(brighter, flip_mask=lambda mask: mask[::-1]))

answers.wrong("image and mask are flipped along different axes")(flipped(brighter, flip=np.flip, flip_mask=mirrored))


@answers.wrong("image and mask are not flipped together", 2 / 3)
@each_pair
def _(image, mask, rng):
    if rng.random() < 0.5:
        image = image[:, ::-1]
    if rng.random() < 0.5:
        mask = mask[:, ::-1]
    return brighter(image, rng), mask


@answers.wrong("always flipped")  # one number for all the pairs, which is the mistake
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    if rng.random() < 1:
        images, masks = images[:, :, ::-1], masks[:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)), 0, 1), masks


@answers.wrong("upside down, and the whole batch at once")
def _(images, masks, seed):
    factors = np.random.default_rng(seed).uniform(0.8, 1.2, (len(images), 1, 1, 1))
    return np.clip(images[:, ::-1] * factors, 0, 1), masks[:, ::-1]


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
        images[i] = brighter(images[i], rng)
    return images, masks
