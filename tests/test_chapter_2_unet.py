"""Exercise 2.2, the whole network: each mistake gets its message, and other right answers pass."""

import random

import keras
import numpy as np
import pytest
from keras import layers, ops

import lungseg
from lungseg.teaching import NotAttempted, check, points, todo
from lungseg.teaching.checking import first_wrong

WRONG, RIGHT = [], []

SIZE = 128  # of the notebook
x = keras.Input((SIZE, SIZE, 1))


def wrong(cause, share=None):
    """Note a student's answer, the name of its mistake, and the share of the points that it is worth."""
    return lambda answer: WRONG.append(pytest.param(answer, cause, share, id=f"{len(WRONG)}: {cause}"))


def right(answer):
    RIGHT.append(pytest.param(answer, id=f"right {len(RIGHT)}"))


# ---- What stands in the notebook ----------------------------------------------------------------


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


def unet(input_shape, filters, depth, dropout, head, encoder=encoder_block, decoder=decoder_block):
    """The right network, for answers that go wrong in a block or at the end."""
    inputs = keras.Input(input_shape)
    x = encoder(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder(x, skips[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, head(x))


def decoder_end(x, filters, dropout):
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.SpatialDropout2D(dropout)(x)


def sigmoid(x):
    return layers.Conv2D(1, 1, activation="sigmoid")(x)


# ---- Right ------------------------------------------------------------------------------------


@right
def build_unet(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2**level, dropout=dropout)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs)


right(lungseg.build_unet)


@right
def with_pop_and_halved_filters(input_shape, filters=16, depth=4, dropout=0.1):
    image = keras.Input(shape=input_shape, name="xray")
    features, stack = image, []
    for level in range(depth):
        features = encoder_block(features, filters, 1 if level == 0 else 2, dropout)
        stack.append(features)
        filters *= 2
    features = encoder_block(features, filters, dropout=dropout)
    while stack:
        filters //= 2
        features = decoder_block(features, stack.pop(), filters, dropout)
    logits = layers.Conv2D(1, 1)(features)
    return keras.Model(inputs=[image], outputs=[layers.Activation("sigmoid", dtype="float32")(logits)])


@right
def recursive(input_shape, filters=16, depth=4, dropout=0.1):
    def below(x, filters, depth, strides):
        x = encoder_block(x, filters, strides, dropout)
        return x if depth == 0 else decoder_block(below(x, 2 * filters, depth - 1, 2), x, filters, dropout)

    inputs = keras.Input(input_shape)
    return keras.Model(inputs, ops.sigmoid(layers.Conv2D(1, 1)(below(inputs, filters, depth, 1))), name="mine")


@right
def as_in_the_article(input_shape, filters=16, depth=4, dropout=0.1):
    """Max-pooling down, two convolutions in each block, normalisation before the ReLU, one more block at the end."""

    def block(x, filters):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
        return layers.SpatialDropout2D(dropout)(x)

    inputs = keras.Input(input_shape)
    skips, x = [], inputs
    for level in range(depth):
        x = block(x, filters * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = block(x, filters * 2**depth)
    for level in range(depth - 1, -1, -1):
        x = layers.Conv2DTranspose(filters * 2**level, 2, strides=2, padding="same")(x)
        x = block(ops.concatenate([skips[level], x], axis=-1), filters * 2**level)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))


@right
def one_dropout_for_all_blocks(input_shape, filters=16, depth=4, dropout=0.1):
    drop = layers.SpatialDropout2D(dropout)
    return unet(
        input_shape,
        filters,
        depth,
        dropout,
        sigmoid,
        lambda x, filters, strides=2, dropout=0.0: drop(encoder_block(x, filters, strides)),
        lambda x, skip, filters, dropout: drop(decoder_block(x, skip, filters)),
    )


@right
def upsampled(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(layers.concatenate([skip, x]))
        return layers.SpatialDropout2D(dropout)(layers.BatchNormalization()(x))

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


@right
def kernel_of_three(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.concatenate([skip, x])
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="leaky_relu")(x)
        return layers.SpatialDropout2D(dropout)(layers.BatchNormalization()(x))

    model = unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)
    model.compile(loss="binary_crossentropy")
    return model


class Up(layers.Layer):
    def __init__(self, filters, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.rate = filters, dropout
        self.up = layers.Conv2DTranspose(filters, 2, strides=2)
        self.convolution = layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.norm, self.dropout = layers.BatchNormalization(), layers.SpatialDropout2D(dropout)

    def build(self, shapes):
        below, skip = shapes
        self.up.build(below)
        joined = (*skip[:3], skip[3] + self.filters)
        self.convolution.build(joined)
        self.norm.build((*skip[:3], self.filters))

    def call(self, inputs, training=False):
        x = self.convolution(ops.concatenate([self.up(inputs[0]), inputs[1]], axis=-1))
        return self.dropout(self.norm(x, training=training), training=training)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters, "dropout": self.rate}


@right
def layers_of_ones_own(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(
        input_shape, filters, depth, dropout, sigmoid, decoder=lambda x, skip, f, dropout: Up(f, dropout)([x, skip])
    )


class UNet(keras.Model):
    def __init__(self, filters=16, depth=4, dropout=0.1, **kwargs):
        super().__init__(**kwargs)
        self.settings = {"filters": filters, "depth": depth, "dropout": dropout}
        self.downs = [self.down(filters * 2**level, 1 + (level > 0), dropout) for level in range(depth + 1)]
        self.ups = [Up(filters * 2**level, dropout) for level in range(depth)]
        self.output_layer = layers.Conv2D(1, 1, activation="sigmoid")

    @staticmethod
    def down(filters, strides, dropout):
        return keras.Sequential(
            [
                layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu"),
                layers.Conv2D(filters, 3, padding="same", activation="relu"),
                layers.BatchNormalization(),
                layers.SpatialDropout2D(dropout),
            ]
        )

    def call(self, x, training=False):
        results = []
        for down in self.downs:
            x = down(x, training=training)
            results.append(x)
        for up, skip in zip(self.ups[::-1], results[-2::-1], strict=True):
            x = up([x, skip], training=training)
        return self.output_layer(x)

    def get_config(self):
        return self.settings


@right
def a_model_of_ones_own(input_shape, filters=16, depth=4, dropout=0.1):
    return UNet(filters, depth, dropout)


outside = []


def down_with_a_list_outside(inputs, filters, depth, dropout):
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    for level in range(1, depth + 1):
        outside.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    return x


@right
def with_a_list_outside_that_is_emptied(input_shape, filters=16, depth=4, dropout=0.1):
    outside.clear()
    inputs = keras.Input(input_shape)
    x = down_with_a_list_outside(inputs, filters, depth, dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, outside[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


@right
def with_a_list_outside_read_from_its_end(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = down_with_a_list_outside(inputs, filters, depth, dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, outside[level - depth], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


def with_front(front):
    """The right network behind something that changes the grey values of the image."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        network = unet(input_shape, filters, depth, dropout, sigmoid)
        return keras.Model(inputs, network(front(inputs)))

    return build


right(with_front(lambda inputs: layers.Rescaling(2.0, offset=-1)(inputs)))
right(with_front(lambda inputs: 1 - inputs))


@right
def with_biases_of_one(input_shape, filters=16, depth=4, dropout=0.1):
    def encoder(x, filters, strides=2, dropout=0.0):
        for step in (strides, 1):
            x = layers.Conv2D(filters, 3, strides=step, padding="same", activation="relu", bias_initializer="ones")(x)
        return layers.SpatialDropout2D(dropout)(layers.BatchNormalization(momentum=0.9)(x))

    return unet(input_shape, filters, depth, dropout, sigmoid, encoder)


class Standardise(layers.Layer):
    """Each image less its mean, divided by its spread: as a layer normalisation over the image, of any size."""

    def call(self, x):
        mean = ops.mean(x, axis=(1, 2, 3), keepdims=True)
        return (x - mean) / (ops.std(x, axis=(1, 2, 3), keepdims=True) + 1e-3)


right(with_front(lambda inputs: Standardise()(inputs)))


@right
def with_a_layer_normalisation_of_the_image(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    known = None not in input_shape
    x = layers.LayerNormalization(axis=(1, 2, 3))(inputs) if known else Standardise()(inputs)
    return keras.Model(inputs, unet(input_shape, filters, depth, dropout, sigmoid)(x))


# ---- Wrong: what is built -----------------------------------------------------------------------


@wrong("nothing is returned", 0)
def _(input_shape, filters=16, depth=4, dropout=0.1):
    unet(input_shape, filters, depth, dropout, sigmoid)


@wrong("a tensor in place of a model")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, filters, depth, dropout, sigmoid).output


@wrong("not a model")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    model = unet(input_shape, filters, depth, dropout, sigmoid)
    return model.input, model.output


@wrong("something from outside the function")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    y = encoder_block(x, filters, strides=1, dropout=dropout)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(y)
    return keras.Model(inputs, outputs)


@wrong("the argument `input_shape` is not used")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet((SIZE, SIZE, 1), filters, depth, dropout, sigmoid)


@wrong("the arguments do not fit")
def _(input_shape, filters=16, depth=4):
    return unet(input_shape, filters, depth, 0.1, sigmoid)


@wrong("the name `skips` is not known")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    for level in range(1, depth + 1):
        skips.append(x)  # noqa: F821
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


@wrong("a layer that was not called")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    model = unet(input_shape, filters, depth, dropout, sigmoid)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")
    return keras.Model(model.input, outputs)


@wrong("`dropout` stands in the place of `strides`")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(
        input_shape,
        filters,
        depth,
        dropout,
        sigmoid,
        encoder=lambda x, f, strides=2, dropout=0.0: encoder_block(x, f, dropout),
    )


def with_skips(choose, append_after=False):
    """A network whose decoders take `choose(skips, level)`."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        x = encoder_block(inputs, filters, strides=1, dropout=dropout)
        skips = []
        for level in range(1, depth + 1):
            if not append_after:
                skips.append(x)
            x = encoder_block(x, filters * 2**level, dropout=dropout)
            if append_after:
                skips.append(x)
        for level in reversed(range(depth)):
            x = decoder_block(x, choose(skips, level), filters * 2**level, dropout=dropout)
        return keras.Model(inputs, sigmoid(x))

    return build


wrong("the skips are in the wrong order", 1 / 2)(with_skips(lambda skips, level: skips.pop(0)))
wrong("the skips are in the wrong order")(with_skips(lambda skips, level: skips[-level - 1]))
wrong("the skips are in the wrong order")(with_skips(lambda skips, level: skips[0]))
wrong("a skip of the wrong level")(with_skips(lambda skips, level: skips[level - 1]))
wrong("a skip of the wrong level")(with_skips(lambda skips, level: skips[-1]))
wrong("a skip that is not there")(with_skips(lambda skips, level: skips[level + 1]))
wrong("a skip that is too small")(with_skips(lambda skips, level: skips[level], append_after=True))
wrong("a skip that is too small")(with_skips(lambda skips, level: skips.pop(), append_after=True))


@wrong("a skip that is not there")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips.pop(), filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


@wrong("added, not concatenated")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.Add()([layers.Conv2DTranspose(2 * filters, 2, strides=2)(x), skip])
        return layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


@wrong("concatenated along the wrong axis")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.Concatenate(axis=1)([layers.Conv2DTranspose(2 * filters, 2, strides=2)(x), skip])
        return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


kept = []


def kept_outside(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    for level in range(1, depth + 1):
        kept.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, kept[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


wrong("the list `kept` is never emptied")(kept_outside)


@wrong("the list `outside` is never emptied")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = down_with_a_list_outside(inputs, filters, depth, dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, outside[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


@wrong("the list `skips` is never emptied")
def _(input_shape, filters=16, depth=4, dropout=0.1, skips=[]):  # noqa: B006
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


def around():
    stack = [keras.Input((8, 8, 1))]  # left by a call that failed

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        x = encoder_block(inputs, filters, strides=1, dropout=dropout)
        for level in range(1, depth + 1):
            stack.append(x)
            x = encoder_block(x, filters * 2**level, dropout=dropout)
        for level in reversed(range(depth)):
            x = layers.Conv2DTranspose(2 * filters * 2**level, 2, strides=2)(x)
            x = layers.Conv2D(filters, 3, padding="same")(layers.Concatenate(axis=1)([x, stack.pop()]))
        return keras.Model(inputs, sigmoid(x))

    return build


wrong("concatenated along the wrong axis")(around())  # what is left in the list does no harm


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


RIGHT.append(pytest.param(levels(normally, back), id="right: levels"))


@right
def with_a_long_beginning_and_end(input_shape, filters=16, depth=4, dropout=0.1):
    def encoder(x, filters, strides=2, dropout=0.0):
        if strides == 1:
            x = layers.Conv2D(filters, 7, padding="same", activation="relu")(x)
        return encoder_block(x, filters, strides, dropout)

    def head(x):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        return sigmoid(x)

    return unet(input_shape, filters, depth, dropout, head, encoder)


wrong("level 0 is halved too")(levels(normally, back, first_strides=2))
wrong("too few steps up")(levels(normally, lambda depth: range(depth - 1, 0, -1)))
wrong("the way up is missing")(levels(normally, lambda depth: ()))
wrong("a skip that is not there")(levels(normally, lambda depth: range(depth, -1, -1)))
wrong("a skip that is not there")(levels(lambda depth: range(1, depth), back))
wrong("one level too few")(levels(lambda depth: range(1, depth), lambda depth: reversed(range(depth - 1))))
wrong("one level too many")(levels(lambda depth: range(1, depth + 2), lambda depth: reversed(range(depth + 1))))
wrong("the argument `depth` is not used")(levels(lambda depth: range(1, 5), lambda depth: reversed(range(4))))
wrong("the argument `depth` is not used")(levels(lambda depth: range(1, 3), lambda depth: reversed(range(2))))
wrong("the filters stay the same", 5 / 6)(levels(normally, back, factor=lambda level: 1))
wrong("the filters do not double")(levels(normally, back, factor=lambda level: level + 1))
wrong("the filters do not double")(levels(normally, back, factor=lambda level: 2 * level or 1))
wrong("the filters do not double")(levels(normally, back, up_factor=lambda level: 1))
wrong("the filters grow too fast")(levels(normally, back, factor=lambda level: 4**level))
wrong("too many filters")(
    levels(normally, back, factor=lambda level: 2 ** (level + 1), up_factor=lambda level: 2**level)
)
wrong("too many filters", 5 / 6)(levels(normally, back, up_factor=lambda level: 2 ** (level + 1)))
wrong("too many filters at level 0", 5 / 6)(levels(normally, back, first=2))
wrong("too few filters")(levels(normally, back, factor=lambda level: max(1, 2**level // 2)))


@wrong("the argument `filters` is not used")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, 4, depth, dropout, sigmoid)


@wrong("nothing is halved")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, padding="same")(x), skip])
        x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
        return layers.SpatialDropout2D(dropout)(x)

    def encoder(x, filters, strides=1, dropout=0.0):
        return encoder_block(x, filters, 1, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, encoder, decoder)


@wrong("x and skip are swapped")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        return decoder_block(skip, x, filters, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


@wrong("halved on the way up")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        return encoder_block(x, filters, dropout=dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


wrong("all the skips at once")(with_skips(lambda skips, level: skips))


@wrong("too few steps up")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2**level, dropout=dropout)
        return keras.Model(inputs, sigmoid(x))


@wrong("a skip of the wrong level")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    for level in reversed(range(depth)):
        y = decoder_block(x, skips[level], filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(y))


@wrong("something is None")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)
    skips = []
    for level in range(1, depth + 1):
        skips = skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)
    return keras.Model(inputs, sigmoid(x))


wrong("the filters stay the same")(levels(normally, back, factor=lambda level: 2 ^ level or 1))
wrong("too few filters")(levels(lambda depth: range(depth), back))


# ---- Wrong: what comes out ----------------------------------------------------------------------


def without_skips(x, skip, filters, dropout):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.SpatialDropout2D(dropout)(x)


@wrong("no skip connections")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=without_skips)


@wrong("a skip connection is missing")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, f, dropout):
        return (without_skips if f == filters else decoder_block)(x, skip, f, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


@wrong("a skip connection is missing")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, f, dropout):
        return (decoder_block if f == filters else without_skips)(x, skip, f, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


@wrong("no skip connections")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        up = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        x = layers.Concatenate()([up, up])
        x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
        return layers.SpatialDropout2D(dropout)(x)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


def with_head(cause, share=None):
    def note(head):
        def build(input_shape, filters=16, depth=4, dropout=0.1):
            return unet(input_shape, filters, depth, dropout, head)

        wrong(cause, share)(build)

    return note


with_head("no output convolution")(lambda x: x)
with_head("more than one channel in the output")(lambda x: layers.Conv2D(3, 1, activation="sigmoid")(x))
with_head("more than one channel in the output")(lambda x: layers.Conv2D(64, 1, activation="sigmoid")(x))
with_head('padding="valid"')(lambda x: layers.Conv2D(1, 3, activation="sigmoid")(x))
with_head("one step up too many")(lambda x: sigmoid(layers.UpSampling2D()(x)))
with_head("not an image")(lambda x: layers.Dense(1, activation="sigmoid")(layers.GlobalAveragePooling2D()(x)))
with_head("no sigmoid at the end", 5 / 6)(lambda x: layers.Conv2D(1, 1)(x))
with_head("a ReLU at the end")(lambda x: layers.Conv2D(1, 1, activation="relu")(x))
with_head("softmax of a single channel")(lambda x: layers.Conv2D(1, 1, activation="softmax")(x))
with_head("tanh at the end")(lambda x: layers.Conv2D(1, 1, activation="tanh")(x))
with_head("a sigmoid twice")(lambda x: layers.Activation("sigmoid")(sigmoid(x)))
with_head("a ReLU before the sigmoid")(lambda x: ops.sigmoid(layers.Conv2D(1, 1, activation="relu")(x)))
with_head("rounded")(lambda x: ops.round(sigmoid(x)))
with_head("rounded")(lambda x: ops.cast(sigmoid(x) > 0.5, "float32"))
with_head("a Lambda layer cannot be loaded again")(
    lambda x: layers.Lambda(lambda y: 1 / (1 + ops.exp(-y)))(layers.Conv2D(1, 1)(x))
)
with_head("dropout although it is 0")(lambda x: layers.Dropout(0.5)(sigmoid(x)))


@wrong("dropout when predicting")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def encoder(x, filters, strides=2, dropout=0.0):
        return layers.SpatialDropout2D(dropout)(encoder_block(x, filters, strides), training=True)

    return unet(input_shape, filters, depth, dropout, sigmoid, encoder)


@wrong("`dropout` is not handed on", 5 / 6)
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, filters, depth, 0.0, sigmoid)


def no_dropout_down(x, filters, strides=2, dropout=0.0):
    return encoder_block(x, filters, strides)


def no_dropout_in_the_first_block(x, filters, strides=2, dropout=0.0):
    return encoder_block(x, filters, strides, dropout if strides == 2 else 0.0)


def no_dropout_up(x, skip, filters, dropout):
    return decoder_block(x, skip, filters)


for blocks, share in (
    ({"encoder": no_dropout_down}, 5 / 6),
    ({"encoder": no_dropout_in_the_first_block}, None),
    ({"decoder": no_dropout_up}, None),
):

    @wrong("`dropout` is not handed on to each block", share)
    def _(input_shape, filters=16, depth=4, dropout=0.1, blocks=blocks):
        return unet(input_shape, filters, depth, dropout, sigmoid, **blocks)


@wrong("dropout although it is 0")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, filters, depth, 0.1, sigmoid)


@wrong("no batch normalisation")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def encoder(x, filters, strides=2, dropout=0.0):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        return layers.SpatialDropout2D(dropout)(x)

    def decoder(x, skip, filters, dropout):
        x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, strides=2)(x), skip])
        return layers.SpatialDropout2D(dropout)(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))

    return unet(input_shape, filters, depth, dropout, sigmoid, encoder, decoder)


@wrong("the size must be known beforehand")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, filters, dropout):
        x = layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x)
        return decoder_end(layers.concatenate([x, skip]), filters, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


class Forgetful(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.convolution = layers.Conv2D(int(filters), 1, activation="sigmoid")

    def call(self, x):
        return self.convolution(x)

    def get_config(self):
        return {}


with_head("it cannot be saved and loaded")(lambda x: Forgetful(1)(x))


@pytest.mark.parametrize(("answer", "cause", "share"), WRONG)
def test_each_mistake_is_named(answer, cause, share):
    wrong = first_wrong("2.2", answer)
    assert wrong is not None, "taken for right"
    assert wrong.cause == cause, wrong.report()
    assert all([wrong.tried, wrong.received, wrong.expected, wrong.why, wrong.remedy]), wrong.report()
    assert max(map(len, wrong.report().splitlines())) <= 130, wrong.report()
    if share is not None:
        assert points("2.2", answer, of=6) == pytest.approx(6 * share)


@pytest.mark.parametrize("answer", RIGHT)
def test_other_right_answers_pass(answer):
    wrong = first_wrong("2.2", answer)
    assert wrong is None, wrong.report()


def test_how_often_it_is_halved_is_said_in_english():
    wrong = first_wrong("2.2", levels(lambda depth: range(1, depth), lambda depth: reversed(range(depth - 1))))
    assert (wrong.received, wrong.expected) == ("halved 1 time", "halved 2 times")


def test_a_list_outside_is_found_whether_or_not_the_notebook_has_built_a_network():
    kept.clear()
    assert first_wrong("2.2", kept_outside).cause == "the list `kept` is never emptied"
    left = list(kept)
    wrong = first_wrong("2.2", kept_outside)
    assert wrong.cause == "the list `kept` is never emptied"
    assert f"held {len(left)} entries" in wrong.why
    assert kept[: len(left)] == left


def test_a_right_answer_is_worth_all_points_with_other_inputs_too():
    assert points("2.2", RIGHT[0].values[0], of=6) == 6


def test_a_blank_names_its_exercise_and_is_worth_nothing():
    def build_unet(input_shape, filters=16, depth=4, dropout=0.1):
        # Exercise 2.2
        todo()

    with pytest.raises(NotAttempted):
        first_wrong("2.2", build_unet)
    assert points("2.2", build_unet, of=6) == 0


def test_the_check_is_quiet_and_moves_no_random_numbers(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    first_wrong("2.2", build_net := RIGHT[0].values[0])
    states = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    check("2.2", build_net)
    assert states == (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    out, err = capfd.readouterr()
    assert out.startswith("Exercise 2.2: correct.")
    assert len(out.splitlines()) <= 2
    assert err == ""
