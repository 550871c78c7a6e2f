"""Exercise 1.4, answers that change the brightness wrongly."""

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import flip_and_brighten

answers = Answers("1.4")


@answers.wrong("the mask is brightened too", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        factor = rng.uniform(0.8, 1.2)
        images[i], masks[i] = np.clip(images[i] * factor, 0, 1), masks[i] * factor
    return images, masks


@answers.wrong("the image leaves [0, 1]")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] *= rng.uniform(0.8, 1.2)
    return images, masks


@answers.wrong("the image leaves [0, 1]")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] *= rng.uniform(0.8, 1.2)
        np.clip(images[i], 0, 1)  # gives a new array, which nobody keeps
    return images, masks


@answers.wrong("the brightness goes with the flip", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        r = rng.random()
        if r < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * (0.8 + 0.4 * r), 0, 1)
    return images, masks


@answers.wrong("the brightness does not change")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=1, high=1)


@answers.wrong("brighter or darker by more than 20 %")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0, high=1)


@answers.wrong("always darker")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0.8, high=1)


@answers.wrong("always lighter")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=1, high=1.2)


@answers.wrong("added, not multiplied")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] + rng.uniform(-0.05, 0.05), 0, 1)
    return images, masks


@answers.wrong("added, not multiplied", 2 / 3)  # so much that dark pixels are cut off at 0
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] + rng.uniform(-0.2, 0.2), 0, 1)
    return images, masks


@answers.wrong("added, not multiplied")
def _(images, masks, seed):
    images, masks = flip_and_brighten(images, masks, seed, low=1, high=1)
    return images + np.random.default_rng(seed).uniform(-0.2, 0.2, (len(images), 1, 1, 1)), masks


@answers.wrong("brighter or darker by more than 20 %")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0.4, high=1.6)


@answers.wrong("a factor for each pixel")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2, images[i].shape), 0, 1)
    return images, masks


@answers.wrong("the same brightness for all")
def _(images, masks, seed):
    images, masks = flip_and_brighten(images, masks, seed, low=1, high=1)
    return np.clip(images * np.random.default_rng(seed).uniform(0.8, 1.2), 0, 1), masks


@answers.wrong("only some images change")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
            images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


def changed(change):
    """Return an answer that flips rightly, and does this to each image."""

    def augment(images, masks, seed):
        rng = np.random.default_rng(seed)
        images, masks = images.copy(), masks.copy()
        for i in range(len(images)):
            if rng.random() < 0.5:
                images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
            images[i] = change(images[i], rng)
        return images, masks

    return augment


answers.wrong("the image is lost", 2 / 3)(changed(lambda image, rng: np.clip(image + rng.uniform(0.8, 1.2), 0, 1)))
answers.wrong("the image is lost", 2 / 3)(changed(lambda image, rng: np.clip(image * rng.uniform(-1.2, -0.8), 0, 1)))
answers.wrong("the image is lost", 2 / 3)(changed(lambda image, rng: np.clip(image, 0.8, 1.2)))
answers.wrong("the brightness barely changes", 2 / 3)(changed(lambda image, rng: image * rng.uniform(0.98, 1.02)))


@answers.wrong("the same brightness for all")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[:] = np.clip(images * rng.uniform(0.99, 1.01), 0, 1)  # the whole batch, in each turn
    return images, masks
