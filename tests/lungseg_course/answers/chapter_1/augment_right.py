"""Exercise 1.4, pairs flipped and brightened at random: right answers."""

import numpy as np

from answers import Answers

answers = Answers("1.4")


@answers.right
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@answers.right
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    flip = rng.integers(0, 2, len(images)).astype(bool)[:, None, None, None]
    light = rng.uniform(0.8, 1.2, (len(images), 1, 1, 1))
    flipped = np.where(flip, np.flip(images, axis=2), images)
    return np.minimum(flipped * light, 1).astype("float32"), np.where(flip, np.flip(masks, axis=2), masks)


@answers.right
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    pairs = np.concatenate([images, masks], axis=-1)
    pairs = np.stack([np.fliplr(pair) if rng.random() > 0.5 else pair for pair in pairs])
    brighter = [np.clip(image * (1 + 0.2 * (2 * rng.random() - 1)), 0, 1) for image in pairs[..., :1]]
    return np.stack(brighter), pairs[..., 1:]


def flip_and_brighten(images, masks, seed, flip=lambda array: array[:, ::-1], low=0.8, high=1.2):
    """What a student begins with, for those who go wrong in one place only."""
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = flip(images[i]), flip(masks[i])
        images[i] = np.clip(images[i] * rng.uniform(low, high), 0, 1)
    return images, masks
