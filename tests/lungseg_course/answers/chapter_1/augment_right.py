"""Exercise 1.4, pairs flipped and brightened at random: right answers."""

import numpy as np

from answers import Answers

answers = Answers("1.4")


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


@answers.right
def _(images, masks, seed):
    dice = np.random.RandomState(seed)
    mirrored = dice.randint(0, 2, size=len(images)).astype(bool).reshape(-1, 1, 1, 1)
    factor = 1 + dice.uniform(-0.2, 0.2, size=(len(images), 1, 1, 1))
    images, masks = (np.where(mirrored, np.flip(both, axis=2), both) for both in (images, masks))
    return np.minimum(images * factor, 1).astype("float32"), masks


def brighter(image, rng, low=0.8, high=1.2):
    """Return an image, times a random factor."""
    return np.clip(image * rng.uniform(low, high), 0, 1)


def each_pair(change):
    """Return the answer of a student who does this to each pair: `change(image, mask, rng)` returns the new ones."""

    def augment(images, masks, seed):
        rng = np.random.default_rng(seed)
        images, masks = images.copy(), masks.copy()
        for i in range(len(images)):
            images[i], masks[i] = change(images[i], masks[i], rng)
        return images, masks

    return augment


def mirrored(array):
    return array[:, ::-1]


def flipped(change, flip=mirrored, flip_mask=None, share=0.5):
    """Return the answer of a student who flips like this, and does `change(image, rng)` to each image."""

    @each_pair
    def augment(image, mask, rng):
        if rng.random() < share:
            image, mask = flip(image), (flip_mask or flip)(mask)
        return change(image, rng), mask

    return augment


flip_and_brighten = answers.right(flipped(brighter))
