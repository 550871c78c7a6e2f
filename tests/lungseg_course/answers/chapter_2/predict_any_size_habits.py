"""Exercise 2.3, `predict_any_size`: other ways to pad, and arguments that a network has."""

import math

import keras
import numpy as np
from keras import layers

from answers import Answers
from answers.chapter_2.predict_any_size import answer, padded

answers = Answers("2.3")


def on_canvas(sizes):
    """Return the answer of a student who puts the images into a larger array: `sizes(height, width, step)`."""

    def predict(model, images, depth):
        height, width = images.shape[1:3]
        canvas = np.zeros((len(images), *sizes(height, width, 2**depth), 1), "float32")
        canvas[:, :height, :width] = images
        return model.predict_on_batch(canvas)[:, :height, :width]

    return predict


def up(size, step):
    return math.ceil(size / step) * step


answers.right(on_canvas(lambda height, width, step: [up(max(height, width), step)] * 2))  # a square
answers.right(on_canvas(lambda height, width, step: [max(step, 2 ** (n - 1).bit_length()) for n in (height, width)]))
answers.wrong("the argument `depth` is not used", 2 / 3)(
    on_canvas(lambda height, width, step: [up(height, 64), up(width, 64)])
)


@answers.right
def with_layers(model, images, depth):
    down, right = (-size % 2**depth for size in images.shape[1:3])
    larger = layers.ZeroPadding2D(((0, down), (0, right)))(images)
    return layers.Cropping2D(((0, down), (0, right)))(model(larger, training=False))


def asking(ask):
    """Return the answer of a student who asks the network in this way: `ask(model, images)`."""

    def predict(model, images, depth):
        height, width = images.shape[1:3]
        return np.asarray(ask(model, padded(images, depth)))[:, :height, :width]

    return predict


answers.right(asking(lambda model, images: model.predict(images, batch_size=1, verbose=0)))
answers.wrong("told that it trains", 0)(asking(lambda model, images: model(images, training=True)))
answers.wrong("told that it trains", 0)(asking(lambda model, images: model(images, 1)))
answers.wrong("the arguments do not fit", 0)(asking(lambda model, images: model.predict(images, training=False)))
answers.wrong("grey values as whole numbers", 1 / 3)(
    asking(lambda model, images: model.predict_on_batch(images.astype("uint8")))
)
answers.wrong("the grey values are scaled", 1 / 3)(asking(lambda model, images: model.predict_on_batch(images / 255)))
answers.wrong("the network is shown another picture", 1 / 3)(
    asking(lambda model, images: model.predict_on_batch(np.sort(images, axis=1)))
)
answers.wrong("the network is not asked", 1 / 3)(
    asking(lambda model, images: keras.Sequential([layers.Conv2D(1, 1, activation="sigmoid")])(images))
)


def axes(pair):
    """Return the pairs for `np.pad` with the same for height and width."""
    return lambda down, right: ((0, 0), pair(down), pair(right), (0, 0))


answers.wrong("what is missing is added on both sides", 1 / 3)(answer(axes=axes(lambda more: (more, more))))
answers.wrong("half of it on both sides, rounded down", 1 / 3)(answer(axes=axes(lambda more: (more // 2, more // 2))))
answers.wrong("one number for all the axes", 1 / 3)(answer(axes=lambda down, right: down))
answers.wrong("the pairs of `np.pad` do not fit the axes", 0)(answer(axes=lambda down, right: ((0, down), (0, right))))
answers.wrong("the pairs of `np.pad` do not fit the axes", 0)(answer(axes=lambda down, right: (0, right, 0, down)))
answers.wrong("a number below 0 in `np.pad`", 1 / 3)(
    answer(lambda size, depth: round(size / 2**depth) * 2**depth - size)
)
answers.wrong("2 · depth in place of 2**depth", 0)(answer(lambda size, depth: -size % (2 * depth)))
answers.wrong("`^` is not a power", 1 / 3)(answer(lambda size, depth: -size % (2 ^ depth)))
answers.wrong("the argument `depth` is not used", 0)(answer(lambda size, depth: -size % 16))
answers.wrong("a fixed size", 1 / 3)(on_canvas(lambda height, width, step: (128, 128)))
answers.wrong("the answer is moved")(answer(end=lambda result, height, width, *_: result[:, -height:, -width:]))
answers.wrong("height and width are swapped", 0)(answer(end=lambda result, h, w, *_: result[:, :w, :h]))
answers.wrong("the axes are counted from the batch", 0)(
    lambda model, images, depth: model.predict_on_batch(
        np.pad(images, ((0, 0), *((0, -size % 2**depth) for size in images.shape[:2]), (0, 0)))
    )
)
