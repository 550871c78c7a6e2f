"""Wrong answers to exercise 2.2, `build_unet`: slips of the pen, and layers that make a row of numbers of the image."""

import keras
import numpy as np
from keras import layers

from answers import Answers
from answers.chapter_2.unet_parts import (
    back,
    decoder_block,
    down,
    encoder_block,
    levels,
    normally,
    sigmoid,
    up,
    with_blocks,
)

answers = Answers("2.2", slow=True)


@answers.wrong("the image in the place of a skip")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = down(inputs, [], filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, [inputs] * depth, filters, depth, dropout)))


@answers.wrong("the image in the place of a skip", 5 / 6)
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs, skips = keras.Input(input_shape), []
    x = down(inputs, skips, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, [inputs, *skips[1:]], filters, depth, dropout)))


@answers.right
def with_the_image_in_the_last_join_besides(input_shape, filters=16, depth=4, dropout=0.1):
    inputs, skips = keras.Input(input_shape), []
    x = down(inputs, skips, filters, depth, dropout)
    x = up(x, skips, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(layers.Concatenate()([x, inputs])))


@answers.wrong("`^` is not a power", 5 / 6)
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2 ^ level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2 ^ level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


@answers.wrong("`^` is not a power")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    x = inputs = keras.Input(input_shape)
    for level in range(1, depth + 1):
        x = encoder_block(x, filters * (2 ^ level), dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


answers.wrong("a level without filters", 0)(levels(normally, back, factor=lambda level: 2 * level))
answers.wrong("twice the level in place of a power", 5 / 6)(
    levels(normally, back, factor=lambda level: 2 * level, up_factor=lambda level: 2**level)
)

# ---- A row of numbers --------------------------------------------------------------------------

one_answer = with_blocks(lambda x: layers.Dense(1, activation="sigmoid")(layers.Flatten()(x)))
answers.wrong("a `Flatten` in the network")(one_answer)
answers.wrong("height and width are lost")(with_blocks(lambda x: sigmoid(layers.Flatten()(x))))


def mixed_by_dense_layers(inner):
    """A network whose bottleneck is flattened, and made an image again by dense layers."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs, skips = keras.Input(input_shape), []
        x = down(inputs, skips, filters, depth, dropout)
        shape = x.shape[1:]
        x = layers.Dense(int(np.prod(shape)))(layers.Dense(inner, activation="relu")(layers.Flatten()(x)))
        x = layers.Reshape(shape)(x)
        return keras.Model(inputs, sigmoid(up(x, skips, filters, depth, dropout)))

    return build


answers.wrong("a `Flatten` in the network")(mixed_by_dense_layers(4))
answers.wrong("a `Flatten` in the network")(mixed_by_dense_layers(1500))  # of millions of parameters


def attentive(x, filters, strides=2, dropout=0.0):
    x = encoder_block(x, filters, strides, dropout)
    weights = layers.Flatten()(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return x * layers.Reshape((1, 1, filters))(layers.Dense(filters, activation="sigmoid")(weights))


answers.right(with_blocks(encoder=attentive))
