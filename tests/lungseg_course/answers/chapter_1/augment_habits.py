"""Exercise 1.4, answers with the generator at the wrong place, loops that miss pairs, and results thrown away."""

import random

import numpy as np

from answers import Answers
from answers.chapter_1.augment_right import brighter, each_pair, flip_and_brighten, flipped, mirrored

answers = Answers("1.4")


@answers.right
def exactly_half_of_them(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    chosen = rng.permutation(len(images))[: len(images) // 2]
    images[chosen], masks[chosen] = images[chosen][:, :, ::-1], masks[chosen][:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)), 0, 1), masks


@answers.right
def a_generator_for_each_pair(images, masks, seed):
    children = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(len(images)))
    turn = [(rng.random() < 0.5, rng.uniform(0.8, 1.2)) for rng in children]
    pairs = [
        (np.clip((mirrored(i) if flip else i) * factor, 0, 1), mirrored(m) if flip else m)
        for i, m, (flip, factor) in zip(images, masks, turn, strict=True)
    ]
    return tuple(map(np.stack, zip(*pairs, strict=True)))


@answers.wrong("all the pairs are treated alike", 1 / 3)
def _(images, masks, seed):
    pairs = [flip_and_brighten(images[k : k + 1], masks[k : k + 1], seed) for k in range(len(images))]
    return tuple(map(np.concatenate, zip(*pairs, strict=True)))


@answers.wrong("all the pairs are treated alike")
def the_whole_batch_at_once(images, masks, seed):
    rng = np.random.default_rng(seed)
    if rng.random() < 0.5:
        images, masks = images[:, :, ::-1], masks[:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2), 0, 1), masks


@answers.wrong("one number decides for all the pairs")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    if rng.random() < 0.5:
        images, masks = images[:, :, ::-1], masks[:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)), 0, 1), masks


@answers.wrong("one number decides for all the pairs")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images, masks = images[:, :, ::-1], masks[:, :, ::-1]
        images[i] = brighter(images[i], rng)
    return images, masks


def for_some(places, end=lambda images, masks: (images, masks)):
    """Return the answer of a student who goes through these places: `places(count)`."""

    def augment(images, masks, seed):
        rng = np.random.default_rng(seed)
        images, masks = images.copy(), masks.copy()
        for i in places(len(images)):
            if rng.random() < 0.5:
                images[i], masks[i] = mirrored(images[i]), mirrored(masks[i])
            images[i] = brighter(images[i], rng)
        return end(images, masks)

    return augment


answers.wrong("only the first 8 pairs are changed")(for_some(lambda count: range(8)))
answers.wrong("only the first pair is changed")(for_some(lambda count: range(1)))  # `return` stands in the loop
answers.wrong("the first pair is left out", 2 / 3)(for_some(lambda count: range(1, count)))
answers.wrong("the last pair is left out", 2 / 3)(for_some(lambda count: range(count - 1)))
answers.wrong("nothing is changed")(for_some(lambda count: []))
answers.wrong("masks first", 0)(for_some(range, end=lambda images, masks: (masks, images)))
answers.wrong("another number of pairs", 0)(for_some(range, end=lambda *both: [np.concatenate([a, a]) for a in both]))
answers.wrong("not half of the pairs")(flipped(brighter, share=0.2))
answers.wrong("turned, not flipped", 0)(flipped(brighter, flip=np.rot90))
answers.wrong("turned, not flipped", 0)(flipped(brighter, flip=np.transpose))


@answers.wrong("the mask holds the image")
@each_pair
def _(image, mask, rng):
    if rng.random() < 0.5:
        image, mask = mirrored(image), mirrored(image)
    return brighter(image, rng), mask


@answers.wrong("the seed is a pair of numbers", 0)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed + 1)


@answers.wrong("the seed is a pair of numbers", 0)
def _(images, masks, seed):
    random.seed(seed)
    return flip_and_brighten(images, masks, random.random())


answers.wrong("a function that is not called", 0)(
    each_pair(lambda image, mask, rng: (image, mask) if rng.random < 0.5 else 0)
)
answers.wrong("a name of NumPy's older random numbers", 0)(
    each_pair(lambda image, mask, rng: (image * rng.rand(), mask))
)
