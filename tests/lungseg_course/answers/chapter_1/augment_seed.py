"""Exercise 1.4, answers with a mistake in the seed, in what they return, or in the arrays that were passed."""

import random

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import flip_and_brighten

answers = Answers("1.4")


@answers.wrong("the seed is not used", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, 0)


@answers.wrong("the seed does not fix the result", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, None)


@answers.wrong("the seed does not fix the result")
def _(images, masks, seed):
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if random.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * np.random.uniform(0.8, 1.2), 0, 1)  # noqa: NPY002
    return images, masks


@answers.wrong("the arrays that were passed are changed", 0)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1].copy(), masks[i][:, ::-1].copy()
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.wrong("nothing is returned", 0)
def _(images, masks, seed):
    flip_and_brighten(images, masks, seed)


@answers.wrong("not a pair of arrays", 0)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed)[0]
