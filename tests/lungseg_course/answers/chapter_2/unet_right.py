"""Right answers to exercise 2.2, `build_unet`."""

import keras
from keras import layers, ops

import lungseg
from answers import Answers
from answers.chapter_2.unet_parts import decoder_block, encoder_block, sigmoid, unet, with_blocks

answers = Answers("2.2", slow=True)


answers.right(with_blocks())
answers.right(with_blocks(encoder=lungseg.encoder_block, decoder=lungseg.decoder_block))


@answers.right
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


@answers.right
def recursive(input_shape, filters=16, depth=4, dropout=0.1):
    def below(x, filters, depth, strides):
        x = encoder_block(x, filters, strides, dropout)
        return x if depth == 0 else decoder_block(below(x, 2 * filters, depth - 1, 2), x, filters, dropout)

    inputs = keras.Input(input_shape)
    return keras.Model(inputs, ops.sigmoid(layers.Conv2D(1, 1)(below(inputs, filters, depth, 1))), name="mine")


@answers.right
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


@answers.right
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


def upsampled(x, skip, filters, dropout):
    x = layers.UpSampling2D(2, interpolation="bilinear")(x)
    skip = layers.SpatialDropout2D(dropout)(skip)
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(layers.concatenate([skip, x]))
    return layers.SpatialDropout2D(dropout)(layers.BatchNormalization()(x))


answers.right(with_blocks(decoder=upsampled))


@answers.right
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


answers.right(with_blocks(decoder=lambda x, skip, filters, dropout: Up(filters, dropout)([x, skip])))


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


answers.right(lambda input_shape, filters=16, depth=4, dropout=0.1: UNet(filters, depth, dropout))


def residual(x, filters, strides=2, dropout=0.0):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
    x = layers.Add()([x, layers.Conv2D(filters, 3, padding="same", activation="relu")(x)])
    return layers.SpatialDropout2D(dropout)(layers.BatchNormalization(momentum=0.9)(x))


def with_a_residual_around_it(x, skip, filters, dropout):
    return skip + decoder_block(x, skip, filters, dropout)


def convolved_apart(x, skip, filters, dropout):
    """The convolution of what is concatenated is the sum of the convolutions of its two parts."""
    x = layers.Conv2D(filters, 3, padding="same")(layers.UpSampling2D(2)(x))
    x = ops.relu(x + layers.Conv2D(filters, 3, padding="same", use_bias=False)(skip))
    return layers.SpatialDropout2D(dropout)(layers.BatchNormalization(momentum=0.9)(x))


answers.right(with_blocks(encoder=residual, decoder=with_a_residual_around_it))
answers.right(with_blocks(encoder=residual, decoder=convolved_apart))


def with_front(front):
    """The right network behind something that changes the grey values of the image."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        network = unet(input_shape, filters, depth, dropout, sigmoid)
        return keras.Model(inputs, network(front(inputs)))

    return build


answers.right(with_front(lambda inputs: layers.Rescaling(2.0, offset=-1)(inputs)))
answers.right(with_front(lambda inputs: 1 - inputs))


def with_biases_of_one(x, filters, strides=2, dropout=0.0):
    for step in (strides, 1):
        x = layers.Conv2D(filters, 3, strides=step, padding="same", activation="relu", bias_initializer="ones")(x)
    return layers.SpatialDropout2D(dropout)(layers.BatchNormalization(momentum=0.9)(x))


answers.right(with_blocks(encoder=with_biases_of_one))


class Standardise(layers.Layer):
    """Each image less its mean, divided by its spread: as a layer normalisation over the image, of any size."""

    def call(self, x):
        mean = ops.mean(x, axis=(1, 2, 3), keepdims=True)
        return (x - mean) / (ops.std(x, axis=(1, 2, 3), keepdims=True) + 1e-3)


answers.right(with_front(lambda inputs: Standardise()(inputs)))


@answers.right
def with_a_layer_normalisation_of_the_image(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    known = None not in input_shape
    x = layers.LayerNormalization(axis=(1, 2, 3))(inputs) if known else Standardise()(inputs)
    return keras.Model(inputs, unet(input_shape, filters, depth, dropout, sigmoid)(x))


def long_beginning(x, filters, strides=2, dropout=0.0):
    if strides == 1:
        x = layers.Conv2D(filters, 7, padding="same", activation="relu")(x)
    return encoder_block(x, filters, strides, dropout)


def long_end(x):
    for _ in range(2):
        x = layers.Conv2D(x.shape[-1], 3, padding="same", activation="relu")(x)
    return sigmoid(x)


answers.right(with_blocks(long_end, encoder=long_beginning))
