"""Exercise 1.2, answers with the habits of other libraries and languages, and sizes that are fixed."""

import keras
import numpy as np

from answers import Answers
from answers.chapter_1.read_batch import halves, stacked
from lungseg.cases import load_case

answers = Answers("1.2")


@answers.right
def _(paths):
    return np.split(np.concatenate([load_case(path)[np.newaxis] for path in paths]), 2, axis=-1)


@answers.right
def _(paths):
    channels = np.moveaxis(np.stack([load_case(path) for path in paths]), -1, 0)
    return tuple(channels[..., None])


answers.right(lambda paths: halves(keras.ops.stack([load_case(path) for path in paths])))


def filled(shape, fill):
    """Return the answer of a student who makes arrays of a shape (of a case and of their number), and fills them."""

    def read_batch(paths):
        images, masks = (np.zeros(shape(load_case(paths[0]), len(paths))) for _ in range(2))
        for row, path in enumerate(paths):
            images[row], masks[row] = fill(load_case(path))
        return images, masks

    return read_batch


def halves_stacked_last(paths):
    """Return the images and the masks, each of shape (height, width, cases)."""
    batch = np.stack([load_case(path) for path in paths], axis=-1)
    return batch[..., 0, :], batch[..., 1, :]


def with_masks_of(others):
    """Return the answer of a student who reads the masks from other paths than the images."""

    def read_batch(paths):
        images = np.stack([load_case(path)[..., 0:1] for path in paths])
        return images, np.stack([load_case(path)[..., 1:2] for path in others(paths)])

    return read_batch


answers.wrong("a fixed size", 0)(filled(lambda case, count: (count, 128, 128, 1), halves))
answers.wrong("another number of cases in the batch")(filled(lambda case, count: (8, *case.shape[:2], 1), halves))
answers.wrong("another number of channels", 0)(filled(lambda case, count: (count, *case.shape[:2]), halves))
answers.wrong("another number of channels")(
    filled(lambda case, count: (count, *case.shape[:2], 1), lambda case: [case] * 2)
)
answers.wrong("an index is too large", 0)(lambda paths: halves(np.stack([load_case(paths[i]) for i in range(5)])))
answers.wrong("cut by `reshape`", 1 / 3)(stacked(lambda batch: tuple(batch.reshape(2, *batch.shape[:3], 1))))
answers.wrong("cut by `reshape`", 1 / 3)(
    lambda paths: [*np.stack([np.reshape(load_case(path), (2, 4, 6, 1)) for path in paths], axis=1)]
)
answers.wrong("cut by `reshape`", 1 / 3)(  # stacked along the last axis, and given the right shape
    lambda paths: [half.reshape(len(paths), *half.shape[:2], 1) for half in halves_stacked_last(paths)]
)
answers.wrong("the masks belong to other cases", 1 / 3)(with_masks_of(lambda paths: [*reversed(paths)]))
answers.wrong("the masks belong to other cases", 1 / 3)(with_masks_of(lambda paths: paths[:1] * len(paths)))
answers.wrong("the images hold other values", 1 / 3)(stacked(lambda batch: (batch[:, ::-1, :, :1], batch[..., 1:])))
answers.wrong("divided by 255", 1 / 3)(stacked(lambda batch: (batch[..., :1] / 255, batch[..., 1:])))
answers.wrong("divided by 255")(stacked(lambda batch: halves(batch / 255)))
answers.wrong("the mask is inverted", 1 / 3)(stacked(lambda batch: (batch[..., :1], 1 - batch[..., 1:])))
answers.wrong("grey values as True and False", 1 / 3)(stacked(lambda batch: halves(batch.astype(bool))))
answers.wrong("multiplied by the mask", 1 / 3)(stacked(lambda batch: (batch[..., :1] * batch[..., 1:], batch[..., 1:])))
answers.wrong("normalised once more", 1 / 3)(
    stacked(lambda batch: ((batch[..., :1] - batch[..., :1].mean()) / batch[..., :1].std(), batch[..., 1:]))
)
answers.wrong("half precision", 1 / 3)(stacked(lambda batch: halves(batch.astype("float16"))))
answers.wrong("rows of pixels in place of channels", 0)(stacked(lambda batch: (batch[:, 0], batch[:, 1])))
answers.wrong("concatenated, not stacked", 0)(lambda paths: halves(np.hstack([load_case(path) for path in paths])))
answers.wrong("two lists for one", 0)(lambda paths: np.stack([load_case(path)[..., :1] for path in paths], paths))
answers.wrong("an ellipsis in place of an axis", 0)(
    lambda paths: halves(np.stack([load_case(path) for path in paths], axis=...))
)
answers.wrong("a generator where a list belongs", 0)(lambda paths: halves(np.stack(load_case(path) for path in paths)))


@answers.wrong("a case unpacked along its first axis", 0)
def _(paths):
    images, masks = [], []
    for path in paths:
        image, mask = load_case(path)
        images.append(image)
        masks.append(mask)
    return np.stack(images), np.stack(masks)


@answers.wrong("the result of the call is thrown away", 0)
def _(paths):
    batch = np.zeros((0, *load_case(paths[0]).shape))
    for path in paths:
        np.append(batch, load_case(path)[None], axis=0)
    return halves(batch)


@answers.wrong("all in one row", 0)
def _(paths):
    batch = np.array([])
    for path in paths:
        batch = np.append(batch, load_case(path))
    return halves(batch)


@answers.wrong("one list with two names", 0)
def _(paths):
    images = masks = []
    for path in paths:
        case = load_case(path)
        images.append(case[..., 0:1])
        masks.append(case[..., 1:2])
    return np.stack(images), np.stack(masks)


image, mask = (np.zeros((128, 128)) for _ in range(2))  # of the notebook


@answers.wrong("`image` of the notebook in place of `images`", 0)
def _(paths):
    for path in paths:
        load_case(path)
    return image, mask
