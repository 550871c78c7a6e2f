"""Exercises 1.1, 1.2 and 1.4: each mistake gets its message, and other right answers pass."""

import random
import re

import numpy as np
import pytest

from lungseg.cases import load_case
from lungseg.teaching import NotAttempted, check, hint, points, quiz, todo
from lungseg.teaching.chapter_1 import EXERCISES, QUESTIONS
from lungseg.teaching.checking import first_wrong

WRONG, RIGHT = [], []


def wrong(number, cause, share=None):
    """Note a student's answer, the name of its mistake, and the share of the points that it is worth."""
    return lambda answer: WRONG.append(pytest.param(number, answer, cause, share, id=f"{number}: {cause}"))


def right(number):
    return lambda answer: RIGHT.append(pytest.param(number, answer, id=f"{number}, right {len(RIGHT)}"))


# ---- 1.1: array_gigabytes ---------------------------------------------------------------------


@right("1.1")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e9


@right("1.1")
def _(count, size, channels=2, bytes_per_number=4):
    numbers = np.prod([count, size, size, channels], dtype="int64")
    return numbers * bytes_per_number / 10**9


@right("1.1")
def _(count, size, channels=2, bytes_per_number=4):
    gigabytes = count * 1e-9
    for factor in (size, size, channels, bytes_per_number):
        gigabytes *= factor
    return np.float32(gigabytes)


@wrong("1.1", "1024³ in place of 10⁹", 0)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size**2 * channels * bytes_per_number / 1024**3


@wrong("1.1", "the channels are missing")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * bytes_per_number / 1e9


@wrong("1.1", "the bytes of a number are missing")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels / 1e9


@wrong("1.1", "bits in place of bytes")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number * 8 / 1e9


@wrong("1.1", "10e9 is 10¹⁰")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 10e9


@wrong("1.1", "1e-9 in place of 1e9")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e-9


@wrong("1.1", "not a number or an array")
def _(count, size, channels=2, bytes_per_number=4):
    return f"{count * size * size * channels * bytes_per_number / 1e9} GB"


@wrong("1.1", "not divided")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number


@wrong("1.1", "megabytes")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e6


@wrong("1.1", "the size is not squared")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * channels * bytes_per_number / 1e9


@wrong("1.1", "2 · size in place of size²")
def _(count, size, channels=2, bytes_per_number=4):
    return count * (size * 2) * channels * bytes_per_number / 1e9


@wrong("1.1", "`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size ^ 2 * channels * bytes_per_number / 1e9


@wrong("1.1", "`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * (size ^ 2) * channels * bytes_per_number / 1e9


@wrong("1.1", "rounded down")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number // 1e9


@wrong("1.1", "rounded down")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number // 10**9


@wrong("1.1", "rounded")
def _(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9)


@wrong("1.1", "rounded to two places")
def _(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9, 2)


@wrong("1.1", "rounded", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return (
        np.round(count * size * size * channels * bytes_per_number / 1e9 * 1000 + 1e-9) / 1000
        if size < 99
        else (count * size * size * channels * bytes_per_number / 1e9)
    )


for places in (3, 4, 5):

    @wrong("1.1", "rounded")
    def _(count, size, channels=2, bytes_per_number=4, places=places):
        return round(count * size * size * channels * bytes_per_number / 1e9, places)


def rounded_to_six_places(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9, 6)


wrong("1.1", "rounded", 2 / 3)(rounded_to_six_places)


@wrong("1.1", "the argument `channels` is not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * 2 * bytes_per_number / 1e9


@wrong("1.1", "the argument `bytes_per_number` is not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * 4 / 1e9


@wrong("1.1", "`channels` and `bytes_per_number` are not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * 8 / 1e9


@wrong("1.1", "nothing is returned", 0)
def _(count, size, channels=2, bytes_per_number=4):
    print(count * size * size * channels * bytes_per_number / 1e9)


@wrong("1.1", "the name `sise` is not known", 0)
def _(count, size, channels=2, bytes_per_number=4):
    return count * sise * size * channels * bytes_per_number / 1e9  # noqa: F821


@wrong("1.1", "the arguments do not fit")
def _(count, size, channels=2, bytes=4):
    return count * size * size * channels * bytes / 1e9


@wrong("1.1", "the count is missing")
def _(count, size, channels=2, bytes_per_number=4):
    return size * size * channels * bytes_per_number / 1e9


# ---- 1.2: read_batch --------------------------------------------------------------------------


@right("1.2")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


@right("1.2")
def _(paths):
    images, masks = [], []
    for path in paths:
        case = np.load(path)  # float64 on the disk
        images.append(case[:, :, :1])
        masks.append(case[:, :, 1:] > 0.5)
    return [np.array(images), np.array(masks)]


@right("1.2")
def _(paths):
    cases = [load_case(path) for path in paths]
    height, width, _ = cases[0].shape
    images = np.empty((len(paths), height, width, 1), dtype="float32")
    masks = np.empty((len(paths), height, width, 1), dtype="uint8")
    for i, case in enumerate(cases):
        images[i, ..., 0], masks[i, ..., 0] = case[..., 0], case[..., 1]
    return images, masks


@right("1.2")
def _(paths):
    batch = np.concatenate([load_case(path)[None] for path in paths])
    images, masks = np.split(batch, 2, axis=-1)
    return images, masks


@wrong("1.2", "masks first", 1 / 3)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 1:2], batch[..., 0:1]


@wrong("1.2", "the channel axis is missing", 0)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0], batch[..., 1]


@wrong("1.2", "both channels")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:2], batch[..., 1:2]


@wrong("1.2", "an empty slice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 2:]


@wrong("1.2", "the images twice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 0:1]


@wrong("1.2", "the masks twice")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 1:], batch[..., 1:]


@wrong("1.2", "image and mask in one array", 0)
def _(paths):
    return np.stack([load_case(path) for path in paths])


@wrong("1.2", "only one of the two is returned")
def _(paths):
    return np.stack([load_case(path)[..., 0:1] for path in paths])


@wrong("1.2", "nothing is returned", 0)
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "concatenated, not stacked")
def _(paths):
    batch = np.concatenate([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "stacked along the last axis")
def _(paths):
    return (
        np.stack([load_case(path)[..., 0] for path in paths], axis=-1),
        np.stack([load_case(path)[..., 1] for path in paths], axis=-1),
    )


@wrong("1.2", "channels before the pixels")
def _(paths):
    batch = np.stack([load_case(path).transpose(2, 0, 1) for path in paths])
    return batch[:, 0:1], batch[:, 1:2]


@wrong("1.2", "height and width are swapped")
def _(paths):
    batch = np.stack([load_case(path) for path in paths]).transpose(0, 2, 1, 3)
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "the cases are not stacked")
def _(paths):
    return [(load_case(path)[..., 0:1], load_case(path)[..., 1:2]) for path in paths]


@wrong("1.2", "a list, not an array")
def _(paths):
    return [load_case(path)[..., 0:1] for path in paths], [load_case(path)[..., 1:2] for path in paths]


@wrong("1.2", "one case in place of the batch")
def _(paths):
    for path in paths:
        batch = np.stack([load_case(path)])
        return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "a single case, not a batch")
def _(paths):
    for path in paths:
        case = load_case(path)
    return case[..., 0:1], case[..., 1:2]


@wrong("1.2", "one case, again and again", 1 / 3)
def _(paths):
    batch = np.stack([load_case(paths[0]) for _ in paths])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "the first axis is sliced")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[0:1], batch[1:2]


@wrong("1.2", "the second axis is sliced")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[:, 0:1], batch[:, 1:2]


@wrong("1.2", "the new axis is in front")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[None, ..., 0], batch[None, ..., 1]


@wrong("1.2", "not a pair of arrays")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], batch[..., 1:2], paths


@wrong("1.2", "grey values as whole numbers")
def _(paths):
    batch = np.stack([load_case(path) for path in paths]).astype("uint8")
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "multiplied by 255")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1] * 255, batch[..., 1:2]


@wrong("1.2", "only the first row is filled")
def _(paths):
    batch = np.zeros((len(paths), *load_case(paths[0]).shape))
    for i, path in enumerate(paths):
        batch[i] = load_case(path)
        break
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "the masks hold other values")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return batch[..., 0:1], 1 - batch[..., 1:2]


@wrong("1.2", "the order of the paths is not kept")
def _(paths):
    batch = np.stack([load_case(path) for path in sorted(paths)])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "the list of paths is changed", 2 / 3)
def _(paths):
    batch = []
    while paths:
        batch.append(load_case(paths.pop(0)))
    batch = np.stack(batch)
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "another number of cases in the batch", 2 / 3)
def _(paths):
    batch = np.stack([load_case(paths[i]) for i in range(3)])
    return batch[..., 0:1], batch[..., 1:2]


cases = ["of the notebook.npy"] * 48


@wrong("1.2", "`cases` of the notebook in place of `paths`")
def _(paths):
    batch = np.stack([load_case(path) for path in cases])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "several paths at once")
def _(paths):
    batch = load_case(paths)
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "an index in place of a path")
def _(paths):
    batch = np.stack([load_case(i) for i in range(len(paths))])
    return batch[..., 0:1], batch[..., 1:2]


@wrong("1.2", "`yield` in place of `return`")
def _(paths):
    for path in paths:
        case = load_case(path)
        yield case[..., 0:1], case[..., 1:2]


@wrong("1.2", "a dictionary")
def _(paths):
    batch = np.stack([load_case(path) for path in paths])
    return {"images": batch[..., 0:1], "masks": batch[..., 1:2]}


# ---- 1.4: augment -----------------------------------------------------------------------------


@right("1.4")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@right("1.4")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    flip = rng.integers(0, 2, len(images)).astype(bool)[:, None, None, None]
    light = rng.uniform(0.8, 1.2, (len(images), 1, 1, 1))
    flipped = np.where(flip, np.flip(images, axis=2), images)
    return np.minimum(flipped * light, 1).astype("float32"), np.where(flip, np.flip(masks, axis=2), masks)


@right("1.4")
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


@wrong("1.4", "only the images are flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "only the masks are flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            masks[i] = masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "image and mask are not flipped together", 2 / 3)
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


@wrong("1.4", "image and mask are flipped along different axes")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i] = images[i][:, ::-1]
            masks[i] = masks[i][::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "upside down", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array[::-1])


@wrong("1.4", "never flipped")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array)


@wrong("1.4", "never flipped")  # the channel axis, of length 1
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: array[..., ::-1])


@wrong("1.4", "always flipped")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images[:, :, ::-1].copy(), masks[:, :, ::-1].copy()
    for i in range(len(images)):
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "always flipped")  # one number for all the pairs, which is the mistake
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    if rng.random() < 1:
        images, masks = images[:, :, ::-1], masks[:, :, ::-1]
    return np.clip(images * rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)), 0, 1), masks


@wrong("1.4", "not half of the pairs")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.05:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "the batch is reversed, not the images")
def _(images, masks, seed):
    factors = np.random.default_rng(seed).uniform(0.8, 1.2, (len(images), 1, 1, 1))
    return np.clip(images[::-1] * factors, 0, 1), masks[::-1]


@wrong("1.4", "the mask is brightened too", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        factor = rng.uniform(0.8, 1.2)
        images[i], masks[i] = np.clip(images[i] * factor, 0, 1), masks[i] * factor
    return images, masks


@wrong("1.4", "the image leaves [0, 1]")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] *= rng.uniform(0.8, 1.2)
    return images, masks


@wrong("1.4", "the image leaves [0, 1]")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] *= rng.uniform(0.8, 1.2)
        np.clip(images[i], 0, 1)  # gives a new array, which nobody keeps
    return images, masks


@wrong("1.4", "the brightness goes with the flip", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        r = rng.random()
        if r < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * (0.8 + 0.4 * r), 0, 1)
    return images, masks


@wrong("1.4", "the same pairs are flipped for every seed", 2 / 3)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if i % 2 == 0:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "the brightness does not change")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=1, high=1)


@wrong("1.4", "brighter or darker by more than 20 %")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0, high=1)


@wrong("1.4", "always darker")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0.8, high=1)


@wrong("1.4", "always lighter")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=1, high=1.2)


@wrong("1.4", "added, not multiplied")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] + rng.uniform(-0.05, 0.05), 0, 1)
    return images, masks


@wrong("1.4", "added, not multiplied", 2 / 3)  # so much that dark pixels are cut off at 0
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] + rng.uniform(-0.2, 0.2), 0, 1)
    return images, masks


@wrong("1.4", "added, not multiplied")
def _(images, masks, seed):
    images, masks = flip_and_brighten(images, masks, seed, low=1, high=1)
    return images + np.random.default_rng(seed).uniform(-0.2, 0.2, (len(images), 1, 1, 1)), masks


@wrong("1.4", "brighter or darker by more than 20 %")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, low=0.4, high=1.6)


@wrong("1.4", "a factor for each pixel")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2, images[i].shape), 0, 1)
    return images, masks


@wrong("1.4", "the same brightness for all")
def _(images, masks, seed):
    images, masks = flip_and_brighten(images, masks, seed, low=1, high=1)
    return np.clip(images * np.random.default_rng(seed).uniform(0.8, 1.2), 0, 1), masks


@wrong("1.4", "only some images change")
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
            images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "the seed is not used", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, 0)


@wrong("1.4", "the seed does not fix the result", 2 / 3)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, None)


@wrong("1.4", "the seed does not fix the result")
def _(images, masks, seed):
    images, masks = images.copy(), masks.copy()
    for i in range(len(images)):
        if random.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1], masks[i][:, ::-1]
        images[i] = np.clip(images[i] * np.random.uniform(0.8, 1.2), 0, 1)  # noqa: NPY002
    return images, masks


@wrong("1.4", "the arrays that were handed over are changed", 0)
def _(images, masks, seed):
    rng = np.random.default_rng(seed)
    for i in range(len(images)):
        if rng.random() < 0.5:
            images[i], masks[i] = images[i][:, ::-1].copy(), masks[i][:, ::-1].copy()
        images[i] = np.clip(images[i] * rng.uniform(0.8, 1.2), 0, 1)
    return images, masks


@wrong("1.4", "nothing is returned", 0)
def _(images, masks, seed):
    flip_and_brighten(images, masks, seed)


@wrong("1.4", "not a pair of arrays", 0)
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed)[0]


@wrong("1.4", "something else than a flip")
def _(images, masks, seed):
    return flip_and_brighten(images, masks, seed, flip=lambda array: np.roll(array, 3, axis=1))


# ---- What check and points make of them -------------------------------------------------------


@pytest.mark.parametrize(("number", "answer", "cause", "share"), WRONG)
def test_each_mistake_gets_its_message(number, answer, cause, share):
    found = first_wrong(number, answer)
    assert found is not None
    assert found.cause == cause
    report = found.report()
    for label in ("I tried", "It gave", "Expected", "Mistake", "Try"):
        assert re.search(rf"^  {label} +\S", report, re.MULTILINE), report
    worth = points(number, answer, of=3)
    assert worth < 3
    if share is not None:
        assert worth == pytest.approx(3 * share)


@pytest.mark.parametrize(("number", "answer"), RIGHT)
def test_other_right_answers_pass(number, answer):
    found = first_wrong(number, answer)
    assert found is None, found.report()
    assert points(number, answer, of=3) == 3


def test_small_numbers_are_shown_in_gigabytes():
    wrong = first_wrong("1.1", rounded_to_six_places)
    assert float(wrong.received) == pytest.approx(float(wrong.expected), rel=0.1)
    assert wrong.received != wrong.expected


@pytest.mark.parametrize("number", range(20))
def test_no_right_augmentation_is_rejected_by_chance(number):
    def augment(images, masks, seed):
        return flip_and_brighten(images, masks, [number, *seed])

    assert first_wrong("1.4", augment) is None


def test_copied_numbers_are_worth_nothing():
    message = first_wrong("1.1", lambda count, size, channels=2, bytes_per_number=4: 0.0)
    copied = float(message.expected)
    assert points("1.1", lambda count, size, channels=2, bytes_per_number=4: copied, of=3) == 0


@pytest.mark.parametrize("number", ["1.1", "1.2", "1.4"])
def test_a_blank_is_no_mistake(number):
    def blank(*args, **kwargs):
        todo()

    with pytest.raises(NotAttempted, match=r"not (done|written) yet"):
        first_wrong(number, blank)
    assert points(number, blank, of=3) == 0


def test_the_students_own_line_is_shown():
    def read_batch(paths):
        batch = np.stack([load_case(path) for path in paths])
        return batch[..., 0:1], batch[..., 3]

    report = first_wrong("1.2", read_batch).report()
    assert "IndexError: index 3 is out of bounds" in report
    assert "return batch[..., 0:1], batch[..., 3]" in report


def test_a_check_leaves_the_random_numbers_alone(tmp_path, monkeypatch, capsys):
    def augment(images, masks, seed):
        random.shuffle([1, 2, 3])
        return images * np.random.uniform(0.8, 1.2), masks  # noqa: NPY002

    def read_batch(paths):
        np.random.shuffle(np.arange(9))  # noqa: NPY002
        random.random()
        return None

    monkeypatch.chdir(tmp_path)
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    check("1.2", read_batch)
    check("1.4", augment)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    assert capsys.readouterr().out.count("not right yet") == 2


# ---- Hints and questions ----------------------------------------------------------------------


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_three_hints(exercise, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        hint(exercise.number)
    said = " ".join(capsys.readouterr().out.split())
    assert all(" ".join(text.split()) in said for text in exercise.hints)
    assert len(set(exercise.hints)) == 3


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_each_option_is_answered(question, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sorted(question.feedback) == ["a", "b", "c", "d"]
    for letter, text in question.feedback.items():
        quiz(question.number, letter)
        verdict = "right" if letter == question.right else "not this one"
        said = capsys.readouterr().out
        assert said.split() == f"Question {question.number}, {letter}: {verdict}. {text}".split()


def test_the_right_letter_varies():
    assert len({question.right for question in QUESTIONS}) == 4
