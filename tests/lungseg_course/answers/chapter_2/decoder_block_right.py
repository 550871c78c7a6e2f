"""Right answers to exercise 2.1, `decoder_block`."""

import keras
from keras import layers, ops

from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, end, transposed

answers = Answers("2.1", slow=True)


answers.right(block())
answers.right(block(up=lambda x, filters: convolution(filters, 2, activation=None)(layers.UpSampling2D(2)(x))))
answers.right(block(after=lambda x, filters: layers.LeakyReLU()(layers.SeparableConv2D(filters, 3, padding="same")(x))))


@answers.right
def kernel_of_3_and_two_convolutions(below, beside, f, rate=0.0):
    y = layers.Conv2DTranspose(f, 3, strides=(2, 2), padding="same", activation="relu")(below)
    y = layers.concatenate([beside, y])
    for _ in range(2):
        y = layers.Conv2D(f, (3, 3), padding="same", activation="relu", kernel_initializer="he_normal")(y)
    y = layers.BatchNormalization(momentum=0.9)(y)
    return layers.SpatialDropout2D(rate)(y)


@answers.right
def valid_where_it_fits_and_norm_before_relu(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, 2)(x)
    x = ops.concatenate([x, skip], axis=3)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
    return layers.SpatialDropout2D(dropout, seed=3)(x)


@answers.right
def bilinear_upsampling(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([layers.UpSampling2D(2, interpolation="bilinear")(x), skip])
    x = layers.SpatialDropout2D(dropout)(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.BatchNormalization(momentum=0.9)(ops.relu(x))


@answers.right
def dropout_before_normalisation_and_other_flavours_of_relu(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([skip, transposed(filters)(x)])
    x = layers.Conv2D(filters, 5, padding="same", activation="elu")(x)
    x = layers.SpatialDropout2D(dropout)(x)
    return layers.BatchNormalization(momentum=0.9)(x)


@answers.right
def sequential(x, skip, filters, dropout=0.0):
    after = keras.Sequential(
        [convolution(filters), layers.BatchNormalization(momentum=0.9), layers.SpatialDropout2D(dropout)]
    )
    return after(layers.Concatenate(axis=-1)([transposed(filters)(x), skip]))


class Decoder(layers.Layer):
    def __init__(self, filters, dropout, **kwargs):
        super().__init__(**kwargs)
        self.up = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")
        self.convolution = layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.norm = layers.BatchNormalization(momentum=0.9)
        self.dropout = layers.SpatialDropout2D(dropout)

    def call(self, inputs, training=False):
        x, skip = inputs
        x = self.convolution(ops.concatenate([self.up(x), skip], axis=-1))
        return self.dropout(self.norm(x, training=training), training=training)


@answers.right
def a_layer_of_ones_own(x, skip, filters, dropout=0.0):
    return Decoder(filters, dropout)([x, skip])


@answers.right
def dropout_in_two_places(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), layers.SpatialDropout2D(dropout)(skip)])
    return end(convolution(filters)(x), dropout)


@answers.right
def residual_around_the_convolution(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(layers.Add()([layers.Conv2D(filters, 1)(x), convolution(filters)(x)]), dropout)


@answers.right
def skip_of_fewer_channels(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), layers.Conv2D(filters, 1)(skip)])
    return end(convolution(filters)(x), dropout)


@answers.right
def one_convolution_in_two_parts(x, skip, filters, dropout=0.0):
    parts = (layers.Conv2D(filters, 3, padding="same")(part) for part in (transposed(filters)(x), skip))
    return end(layers.ReLU()(layers.Add()([*parts])), dropout)


@answers.right
def noise_shape(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization(momentum=0.9)(convolution(filters)(x))
    return layers.Dropout(dropout, noise_shape=(None, 1, 1, filters))(x)
