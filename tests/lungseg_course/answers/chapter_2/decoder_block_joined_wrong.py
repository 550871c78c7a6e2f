"""Wrong answers to exercise 2.1, `decoder_block`: sizes, what is joined with what, and the number of filters."""

import keras
import numpy as np
from keras import layers, ops

from answers import Answers
from answers.chapter_2.decoder_block_parts import convolution, end, transposed

answers = Answers("2.1", slow=True)

# What stands in the notebook above the exercise, and may be taken for the argument of that name.
x = keras.Input((128, 128, 1))
skip = np.zeros((4, 32, 32, 24), dtype="float32")
filters = 64


@answers.wrong("stride 1")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("stride 1")
def _(x, skip, filters, dropout=0.0):
    x = ops.concatenate([layers.Conv2D(filters, 3, padding="same")(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("joined before it is enlarged")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([x, skip])
    x = transposed(filters)(x)
    return end(convolution(filters)(x), dropout)


@answers.wrong("joined before it is enlarged")
def _(x, skip, filters, dropout=0.0):
    transposed(filters)(x)
    joined = layers.Concatenate()([x, skip])
    return end(convolution(filters)(joined), dropout)


@answers.wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.UpSampling2D(2)(x)
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, 4, strides=4)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(transposed(filters)(convolution(filters)(x)), dropout)


@answers.wrong("halved, not doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2D(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("only one of the two axes is doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, strides=(2, 1))(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong('padding="valid"')
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 3, strides=2)(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong('padding="valid"')
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.Conv2D(filters, 3, activation="relu")(x)
    return end(x, dropout)


@answers.wrong("nothing is enlarged")
def _(x, skip, filters, dropout=0.0):
    return end(convolution(filters)(x), dropout)


@answers.wrong("added, not concatenated", 0)
def _(x, skip, filters, dropout=0.0):
    x = layers.Add()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("added, not concatenated", 0)
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x) + skip
    return end(convolution(filters)(x), dropout)


@answers.wrong("added, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = layers.Add()([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("added, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = layers.Average()([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("multiplied, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = transposed(skip.shape[-1])(x) * skip
    return end(convolution(filters)(x), dropout)


@answers.wrong("the skip is made smaller")
def _(x, skip, filters, dropout=0.0):
    smaller = layers.Conv2D(filters, 3, strides=2, padding="same")(skip)
    x = layers.Concatenate()([x, smaller])
    return end(convolution(filters)(transposed(filters)(x)), dropout)


@answers.wrong("halved, not doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([layers.MaxPooling2D()(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("nothing is enlarged")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, strides=2)(x), dropout)


@answers.wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x)
    y = layers.Concatenate()([x, skip])
    x = convolution(filters)(x)
    y = end(x, dropout)
    return y


@answers.wrong("concatenated along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=1)([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("concatenated along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = ops.concatenate([transposed(filters)(x), skip])
    x = ops.concatenate([x, skip], axis=0)
    return end(convolution(filters)(x), dropout)


@answers.wrong("concatenated along the height")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=1)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("concatenated along the width")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-2)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("concatenated along the batch")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=0)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("x and skip are swapped")
def _(skip, x, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("not the skip that was given")
def _(x, beside, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("something from outside the function")
def _(below, skip, filters, dropout=0.0):
    y = transposed(filters)(x)
    return end(convolution(filters)(y), dropout)


@answers.wrong("the argument `filters` is not used")
def _(x, skip, n, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(16)(x), dropout)


@answers.wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(4)(x), dropout)


@answers.wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(skip.shape[-1])(x), dropout)


@answers.wrong("twice as many filters")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(2 * filters)(x), dropout)


@answers.wrong("no convolution after the join")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(x, dropout)
