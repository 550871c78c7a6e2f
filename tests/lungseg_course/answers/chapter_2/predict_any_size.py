"""Answers to exercise 2.3, `predict_any_size`."""

import numpy as np
from keras import ops

from answers import Answers

answers = Answers("2.3")

images = np.zeros((4, 128, 128, 1), dtype="float32")  # of the notebook
DEPTH = 3


@answers.right
def _(model, images, depth):
    step = 2**depth
    height, width = images.shape[1:3]
    down, right = -height % step, -width % step
    padded = np.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@answers.right
def with_zeros_on_both_sides_and_ceil(network, batch, depth):
    step = 2**depth
    missing = [int(np.ceil(size / step)) * step - size for size in batch.shape[1:3]]
    (top, bottom), (left, right) = [(m // 2, m - m // 2) for m in missing]
    answer = network.predict(np.pad(batch, [(0, 0), (top, bottom), (left, right), (0, 0)]), verbose=0)
    return answer[:, top : top + batch.shape[1], left : left + batch.shape[2], :]


@answers.right
def with_keras_and_a_plain_call(model, images, depth):
    step = 2**depth
    height, width = images.shape[1:3]
    down, right = (step - height % step) % step, (step - width % step) % step
    padded = ops.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="symmetric")
    return model(padded, training=False)[:, :height, :width]


@answers.right
def one_image_at_a_time(model, images, depth):
    results = []
    for image in images:
        height, width, _ = image.shape
        rows, columns = -(-height // 2**depth) * 2**depth, -(-width // 2**depth) * 2**depth
        canvas = np.zeros((1, rows, columns, 1))
        canvas[0, :height, :width] = image
        results.append(model.predict_on_batch(canvas)[0, :height, :width])
    return np.stack(results)


def missing(size, depth):
    return -size % 2**depth


def padded(images, depth):
    height, width = images.shape[1:3]
    return np.pad(images, ((0, 0), (0, missing(height, depth)), (0, missing(width, depth)), (0, 0)), mode="edge")


def answer(more=missing, axes=lambda down, right: ((0, 0), (0, down), (0, right), (0, 0)), end=None):
    """The right answer but for how much is added, at which axes, or what is returned in the end."""

    def predict(model, images, depth):
        height, width = images.shape[1:3]
        down, right = more(height, depth), more(width, depth)
        result = model.predict_on_batch(np.pad(images, axes(down, right), mode="edge"))
        return end(result, height, width, down, right) if end else result[:, :height, :width]

    return predict


answers.wrong("nothing is returned", 0)(answer(end=lambda *_: None))
answers.wrong("the padding is not cut off", 1 / 3)(answer(end=lambda result, *_: result))
answers.wrong("an empty result")(answer(end=lambda result, height, width, down, right: result[:, :-down, :-right]))
answers.wrong("rounded", 1 / 3)(answer(end=lambda result, height, width, *_: np.round(result[:, :height, :width])))
answers.wrong("the channel axis is missing", 0)(answer(end=lambda result, h, w, *_: result[:, :h, :w, 0]))
answers.wrong("images are lost", 0)(answer(end=lambda result, h, w, *_: result[:1, :h, :w]))
answers.wrong("another size comes back")(answer(end=lambda result, h, w, *_: result[:, 1:h, 1:w]))
answers.wrong("height and width are swapped")(answer(axes=lambda down, right: ((0, 0), (0, right), (0, down), (0, 0))))
answers.wrong("another axis is padded")(answer(axes=lambda down, right: ((0, down), (0, right), (0, 0), (0, 0))))
answers.wrong("only one of the two axes is padded")(
    answer(axes=lambda down, right: ((0, 0), (0, down), (0, 0), (0, 0)))
)
answers.wrong("the answer is moved")(answer(axes=lambda down, right: ((0, 0), (down, 0), (right, 0), (0, 0))))
answers.wrong("the remainder is added")(answer(lambda size, depth: size % 2**depth))
answers.wrong("not a multiple", 0)(answer(lambda size, depth: -size % 12))
answers.wrong("the argument `depth` is not used", 1 / 3)(answer(lambda size, depth: -size % 2**DEPTH))
answers.wrong("padded although it fits", 2 / 3)(answer(lambda size, depth: 2**depth - size % 2**depth))


answers.wrong("not padded", 1 / 3)(lambda model, images, depth: model.predict_on_batch(images))


@answers.wrong("not padded", 0)
def _(model, batch, depth):
    height, width = images.shape[1:3]
    padded = np.pad(batch, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@answers.wrong("cut, not padded", 1 / 3)
def _(model, images, depth):
    height, width = (size // 2**depth * 2**depth for size in images.shape[1:3])
    return model.predict_on_batch(images[:, :height, :width])


@answers.wrong("the network is shown another picture")
def _(model, images, depth):
    height, width = images.shape[1:3]
    rows, columns = height + -height % 2**depth, width + -width % 2**depth
    resized = ops.image.resize(images, (rows, columns))
    return ops.image.resize(model.predict_on_batch(resized), (height, width))


def one_by_one(model, images, depth):
    height, width = images.shape[1:3]
    return [model.predict_on_batch(image[None])[:, :height, :width] for image in padded(images, depth)]


answers.right(lambda model, images, depth: np.concatenate(one_by_one(model, images, depth)))
answers.wrong("one axis too many", 0)(lambda model, images, depth: np.stack(one_by_one(model, images, depth)))


@answers.wrong("an image without its batch", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    return np.stack([model.predict_on_batch(image)[:height, :width] for image in padded(images, depth)])


@answers.wrong("the images are changed", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    images -= images.mean()
    return model.predict_on_batch(padded(images, depth))[:, :height, :width]


@answers.wrong("the name `width` is not known", 0)
def _(model, images, depth):
    height, widht = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)))  # noqa: F821
    return model.predict_on_batch(padded)[:, :height, :widht]


# Steps that fit many networks, and have nothing to do with the depth of this one, or too much.
for constant in (8, 16, 32, 64, 128, 256, 512, 1024):
    answers.wrong("the argument `depth` is not used")(answer(lambda size, depth, step=constant: -size % step))
answers.wrong("a step twice as large", 2 / 3)(answer(lambda size, depth: -size % 2 ** (depth + 1)))
