"""Wrong answers to exercise 2.1, `decoder_block`: layers, names and results that are not used as they are to be."""

import keras
import numpy as np
from keras import layers, ops

from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, end, transposed

answers = Answers("2.1", slow=True)


@answers.wrong("nothing is returned", 0)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = end(convolution(filters)(x), dropout)


@answers.wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)


@answers.wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")
    x = ops.concatenate([x, skip], axis=-1)
    return end(convolution(filters)(x), dropout)


@answers.wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-1)([transposed(filters)(x), skip])
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")
    return end(x, dropout)


@answers.wrong("tensors that are not in a list")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-1)(transposed(filters)(x), skip)
    return end(convolution(filters)(x), dropout)


@answers.wrong("the arguments do not fit")
def _(x, skip, filters):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.1)


@answers.wrong("a model in place of a tensor")
def _(x, skip, filters, dropout=0.0):
    y = layers.Concatenate()([transposed(filters)(x), skip])
    return keras.Model([x, skip], end(convolution(filters)(y), dropout))


@answers.wrong("several results")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout), skip


@answers.wrong("a TensorFlow function on a symbolic tensor")
def _(x, skip, filters, dropout=0.0):
    import tensorflow as tf

    x = tf.concat([transposed(filters)(x), skip], axis=-1)
    return end(convolution(filters)(x), dropout)


answers.wrong("a NumPy function on a symbolic tensor")(block(join=lambda x, skip: np.concatenate([x, skip], axis=-1)))
answers.wrong("a list where one tensor belongs")(block(join=lambda x, skip: [x, skip]))
answers.wrong("an activation that Keras does not know")(
    block(after=lambda x, filters: convolution(filters, activation="rellu")(x))
)
answers.wrong("an attribute does not exist")(block(up=lambda x, filters: layers.Conv2DTransposed(filters, 2)(x)))
answers.wrong("the name `Conv2DTranspose` is not known")(
    block(up=lambda x, filters: Conv2DTranspose(filters, 2, strides=2, padding="same")(x))  # noqa: F821
)
