"""What stands in the notebook before exercise 2.2, `build_unet`, and networks that many answers are made of."""

import keras
from keras import layers


def encoder_block(x, filters, strides=2, dropout=0.0):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


def decoder_block(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate(axis=-1)([x, skip])
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


def down(x, skips, filters, depth, dropout, encoder=encoder_block):
    """The way down, for answers that do something else with the skips: appends them to a list."""
    x = encoder(x, filters, strides=1, dropout=dropout)
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder(x, filters * 2**level, dropout=dropout)
    return x


def up(x, skips, filters, depth, dropout, decoder=decoder_block):
    """The way up."""
    for level in reversed(range(depth)):
        x = decoder(x, skips[level], filters * 2**level, dropout=dropout)
    return x


def unet(input_shape, filters, depth, dropout, head, encoder=encoder_block, decoder=decoder_block):
    """The right network, for answers that go wrong in a block or at the end."""
    inputs, skips = keras.Input(input_shape), []
    x = down(inputs, skips, filters, depth, dropout, encoder)
    return keras.Model(inputs, head(up(x, skips, filters, depth, dropout, decoder)))


def sigmoid(x):
    return layers.Conv2D(1, 1, activation="sigmoid")(x)


def with_blocks(head=sigmoid, **blocks):
    """The right network, but for its blocks, or for what follows them."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        return unet(input_shape, filters, depth, dropout, head, **blocks)

    return build


def changed(change):
    """The right network, and what a student does with it in the end."""
    return lambda input_shape, filters=16, depth=4, dropout=0.1: change(
        unet(input_shape, filters, depth, dropout, sigmoid)
    )


def levels(down, up, first_strides=1, factor=lambda level: 2**level, up_factor=None, first=1):
    """A network with other levels: `down(depth)` and `up(depth)` are those of the two loops."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        x = encoder_block(inputs, filters * first, strides=first_strides, dropout=dropout)
        skips = [x]
        for level in down(depth):
            x = encoder_block(x, filters * factor(level), dropout=dropout)
            skips.append(x)
        skips.pop()
        for level in up(depth):
            x = decoder_block(x, skips.pop(), filters * (up_factor or factor)(level), dropout=dropout)
        return keras.Model(inputs, sigmoid(x))

    return build


def normally(depth):
    return range(1, depth + 1)


def back(depth):
    return reversed(range(depth))
