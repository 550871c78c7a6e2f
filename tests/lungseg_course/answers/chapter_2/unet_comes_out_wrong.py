"""Wrong answers to exercise 2.2, `build_unet`: what comes out, or how it is trained and saved."""

import keras
from keras import layers, ops

from answers import Answers
from answers.chapter_2.unet_parts import decoder_block, encoder_block, levels, normally, sigmoid, unet, with_blocks

answers = Answers("2.2", slow=True)


def without_skips(x, skip, filters, dropout):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.SpatialDropout2D(dropout)(x)


answers.wrong("no skip connections")(with_blocks(decoder=without_skips))


@answers.wrong("a skip connection is missing")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    def decoder(x, skip, f, dropout):
        return (without_skips if f == filters else decoder_block)(x, skip, f, dropout)

    return unet(input_shape, filters, depth, dropout, sigmoid, decoder=decoder)


def summed(x, skip, filters, dropout):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x) + skip
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.SpatialDropout2D(dropout)(x)


answers.wrong("added, not concatenated", 5 / 6)(with_blocks(decoder=summed))


def with_outputs(cause, make):
    """Note the network whose outputs are made of the probabilities, and of what lies before them."""
    answers.wrong(cause, 0)(with_blocks(lambda x: make(sigmoid(x), x)))


with_outputs("two outputs", lambda mask, x: [mask, x])
with_outputs("two outputs", lambda mask, x: {"mask": mask, "features": x})
with_outputs("several outputs", lambda mask, x: (mask, x, mask))
with_outputs("a dictionary in place of the output", lambda mask, x: {"mask": mask})


def with_head(cause, share=None):
    return lambda head: answers.wrong(cause, share)(with_blocks(head))


with_head("no output convolution")(lambda x: x)
with_head("more than one channel in the output")(lambda x: layers.Conv2D(3, 1, activation="sigmoid")(x))
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
with_head("a Lambda layer cannot be loaded again")(
    lambda x: layers.Lambda(lambda y: 1 / (1 + ops.exp(-y)))(layers.Conv2D(1, 1)(x))
)
with_head("dropout although it is 0")(lambda x: layers.Dropout(0.5)(sigmoid(x)))


with_head("cut off at 0 and 1")(lambda x: layers.Conv2D(1, 1, activation="hard_sigmoid")(x))
with_head("something follows the sigmoid")(lambda x: layers.BatchNormalization()(sigmoid(x)))


@answers.wrong("something follows the sigmoid")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet(input_shape, filters, depth, dropout, lambda x: layers.Dropout(dropout)(sigmoid(x)))


def dropout_when_predicting(x, filters, strides=2, dropout=0.0):
    return layers.SpatialDropout2D(dropout)(encoder_block(x, filters, strides), training=True)


def no_dropout_down(x, filters, strides=2, dropout=0.0):
    return encoder_block(x, filters, strides)


def no_dropout_in_the_first_block(x, filters, strides=2, dropout=0.0):
    return encoder_block(x, filters, strides, dropout if strides == 2 else 0.0)


def no_dropout_up(x, skip, filters, dropout):
    return decoder_block(x, skip, filters)


answers.wrong("dropout when predicting")(with_blocks(encoder=dropout_when_predicting))
answers.wrong("`dropout` is not passed on to each block", 5 / 6)(with_blocks(encoder=no_dropout_down))
answers.wrong("`dropout` is not passed on to each block")(with_blocks(encoder=no_dropout_in_the_first_block))
answers.wrong("`dropout` is not passed on to each block")(with_blocks(decoder=no_dropout_up))


answers.wrong("`dropout` is not passed on", 5 / 6)(
    lambda input_shape, filters=16, depth=4, dropout=0.1: unet(input_shape, filters, depth, 0.0, sigmoid)
)
answers.wrong("dropout although it is 0")(
    lambda input_shape, filters=16, depth=4, dropout=0.1: unet(input_shape, filters, depth, 0.1, sigmoid)
)


def no_normalisation_down(x, filters, strides=2, dropout=0.0):
    for step in (strides, 1):
        x = layers.Conv2D(filters, 3, strides=step, padding="same", activation="relu")(x)
    return layers.SpatialDropout2D(dropout)(x)


def no_normalisation_up(x, skip, filters, dropout):
    x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, strides=2)(x), skip])
    return layers.SpatialDropout2D(dropout)(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))


def resized(x, skip, filters, dropout):
    x = layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x)
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(layers.concatenate([x, skip])))
    return layers.SpatialDropout2D(dropout)(x)


answers.wrong("no batch normalisation")(with_blocks(encoder=no_normalisation_down, decoder=no_normalisation_up))
answers.wrong("the size must be known beforehand")(with_blocks(decoder=resized))


class Forgetful(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.convolution = layers.Conv2D(int(filters), 1, activation="sigmoid")

    def call(self, x):
        return self.convolution(x)

    def get_config(self):
        return {}


with_head("it cannot be saved and loaded")(lambda x: Forgetful(1)(x))


def scaling_first(scale):
    return with_blocks(
        encoder=lambda x, f, strides=2, dropout=0.0: encoder_block(scale(x) if strides == 1 else x, f, strides, dropout)
    )


answers.wrong("the images are scaled once more", 5 / 6)(scaling_first(layers.Rescaling(1 / 255)))
for scale in (layers.Rescaling(1 / 127.5, offset=-1), lambda x: x / 255):
    answers.wrong("the images are scaled once more")(scaling_first(scale))


answers.wrong("the levels of the way up count upwards")(levels(normally, range))


@answers.wrong("the last layer is not called with `x`")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    unet(input_shape, filters, depth, dropout, sigmoid)
    return keras.Model(inputs, sigmoid(inputs))


@answers.wrong("the last layer is not called with `x`")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, sigmoid(encoder_block(inputs, filters, strides=1, dropout=dropout)))


answers.wrong("not a function", 0)(with_blocks()((64, 64, 1)))
