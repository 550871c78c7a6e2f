"""Wrong answers to exercise 2.1, `decoder_block`: layers, names and results that are not used as they are to be."""

import keras
import numpy as np
from keras import layers, ops

from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, end, transposed

answers = Answers("2.1", slow=True)


@answers.wrong("a model in place of a tensor")
def _(x, skip, filters, dropout=0.0):
    y = layers.Concatenate()([transposed(filters)(x), skip])
    return keras.Model([x, skip], end(convolution(filters)(y), dropout))


@answers.wrong("a TensorFlow function on a symbolic tensor")
def _(x, skip, filters, dropout=0.0):
    import tensorflow as tf

    x = tf.concat([transposed(filters)(x), skip], axis=-1)
    return end(convolution(filters)(x), dropout)


answers.wrong("nothing is returned", 0)(block(end=lambda x, dropout: None))
answers.wrong("several results")(block(end=lambda x, dropout: (end(x, dropout), x)))
answers.wrong("a layer that was not called")(block(end=lambda x, dropout: layers.SpatialDropout2D(dropout)))
answers.wrong("a layer that was not called")(block(after=lambda x, filters: layers.Conv2D(filters, 3, padding="same")))
answers.wrong("a layer that was not called")(
    block(up=lambda x, filters: layers.Conv2DTranspose(filters, 2), join=lambda x, skip: ops.concatenate([x, skip]))
)
answers.wrong("tensors that are not in a list")(block(join=lambda x, skip: layers.Concatenate(axis=-1)(x, skip)))
answers.wrong("the arguments do not fit")(lambda x, skip, filters: block()(x, skip, filters))
answers.wrong("a NumPy function on a symbolic tensor")(block(join=lambda x, skip: np.concatenate([x, skip], axis=-1)))
answers.wrong("a list where one tensor belongs")(block(join=lambda x, skip: [x, skip]))
answers.wrong("an activation that Keras does not know")(
    block(after=lambda x, filters: convolution(filters, activation="rellu")(x))
)
answers.wrong("an attribute does not exist")(block(up=lambda x, filters: layers.Conv2DTransposed(filters, 2)(x)))
answers.wrong("the name `Conv2DTranspose` is not known")(
    block(up=lambda x, filters: Conv2DTranspose(filters, 2, strides=2, padding="same")(x))  # noqa: F821
)
answers.wrong("the tensors stand in the first parentheses")(block(join=lambda x, skip: layers.Concatenate([x, skip])))
answers.wrong("a setting in the second parentheses")(
    block(after=lambda x, filters: layers.Conv2D(filters, 3, padding="same")(x, activation="relu"))
)
answers.wrong("the activation stands in the place of `strides`")(
    block(after=lambda x, filters: layers.Conv2D(filters, 3, "relu")(x))
)
