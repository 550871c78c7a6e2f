"""Exercise 1.4, answers that change the brightness wrongly."""

from functools import partial

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import brighter, each_pair, flipped

answers = Answers("1.4")

only_flipped = flipped(lambda image, rng: image)

answers.wrong("the image leaves [0, 1]")(flipped(lambda image, rng: image * rng.uniform(0.8, 1.2)))
answers.wrong("the brightness does not change")(only_flipped)
answers.wrong("brighter or darker by more than 20 %")(flipped(partial(brighter, low=0, high=1)))
answers.wrong("brighter or darker by more than 20 %")(flipped(partial(brighter, low=0.4, high=1.6)))
answers.wrong("always darker")(flipped(partial(brighter, low=0.8, high=1)))
answers.wrong("always lighter")(flipped(partial(brighter, low=1, high=1.2)))
answers.wrong("the brightness barely changes", 2 / 3)(flipped(partial(brighter, low=0.98, high=1.02)))
answers.wrong("added, not multiplied")(flipped(lambda image, rng: np.clip(image + rng.uniform(-0.05, 0.05), 0, 1)))
answers.wrong("added, not multiplied", 2 / 3)(  # so much that dark pixels are cut off at 0
    flipped(lambda image, rng: np.clip(image + rng.uniform(-0.2, 0.2), 0, 1))
)
answers.wrong("a factor for each pixel")(
    flipped(lambda image, rng: np.clip(image * rng.uniform(0.8, 1.2, image.shape), 0, 1))
)
answers.wrong("not one factor for each image")(flipped(lambda image, rng: image * rng.uniform(0.99, 1.01, image.shape)))
answers.wrong("the image is lost", 2 / 3)(flipped(lambda image, rng: np.clip(image + rng.uniform(0.8, 1.2), 0, 1)))
answers.wrong("the image is lost", 2 / 3)(flipped(lambda image, rng: np.clip(image * rng.uniform(-1.2, -0.8), 0, 1)))
answers.wrong("the image is lost", 2 / 3)(flipped(lambda image, rng: np.clip(image, 0.8, 1.2)))


def divided_by_its_largest_value(image):
    return image / image.max()


answers.wrong("divided by its largest value", 2 / 3)(
    flipped(lambda image, rng: divided_by_its_largest_value(image * rng.uniform(0.8, 1.2)))
)
answers.wrong("divided by its largest value", 2 / 3)(
    flipped(lambda image, rng: divided_by_its_largest_value(brighter(image, rng)))
)
answers.wrong("the same brightness for all", 2 / 3)(
    flipped(lambda image, rng: 0.9 * divided_by_its_largest_value(brighter(image, rng, low=0.8, high=1)))
)


@answers.wrong("the mask is brightened too", 2 / 3)
@each_pair
def _(image, mask, rng):
    if rng.random() < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    factor = rng.uniform(0.8, 1.2)
    return np.clip(image * factor, 0, 1), mask * factor


@answers.wrong("the mask is brightened too", 2 / 3)
@each_pair
def _(image, mask, rng):
    if rng.random() < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    factor = rng.uniform(0.8, 1.2)
    return np.clip(image * factor, 0, 1), np.clip(mask * factor, 0, 1)


@answers.wrong("the brightness goes with the flip", 2 / 3)
@each_pair
def _(image, mask, rng):
    r = rng.random()
    if r < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    return np.clip(image * (0.8 + 0.4 * r), 0, 1), mask


@answers.wrong("only some images change")
@each_pair
def _(image, mask, rng):
    if rng.random() < 0.5:
        image, mask = brighter(image[:, ::-1], rng), mask[:, ::-1]
    return image, mask


@answers.wrong("the same brightness for all")
def _(images, masks, seed):
    images, masks = only_flipped(images, masks, seed)
    return np.clip(images * np.random.default_rng(seed).uniform(0.8, 1.2), 0, 1), masks


@answers.wrong("the same brightness for all")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = only_flipped(images, masks, seed)
    for _ in range(len(images)):
        images[:] = np.clip(images * rng.uniform(0.99, 1.01), 0, 1)  # the whole batch, in each turn
    return images, masks
