"""Exercise 2.1, the decompression block: each mistake gets its message, and other right answers pass."""

import random

import keras
import numpy as np
import pytest
from keras import layers, ops

from lungseg.teaching import NotAttempted, check, hint, points, quiz, todo
from lungseg.teaching.chapter_2 import EXERCISES, QUESTIONS
from lungseg.teaching.checking import first_wrong

WRONG, RIGHT = [], []

# What stands in the notebook above the exercise, and may be taken for the argument of that name.
x = keras.Input((128, 128, 1))
up = np.zeros((4, 32, 32, 16), dtype="float32")
skip = np.zeros((4, 32, 32, 24), dtype="float32")
filters = 64


def wrong(cause, share=None):
    """Note a student's answer, the name of its mistake, and the share of the points that it is worth."""
    return lambda answer: WRONG.append(pytest.param(answer, cause, share, id=f"{len(WRONG)}: {cause}"))


def right(answer):
    RIGHT.append(pytest.param(answer, id=f"right {len(RIGHT)}"))


def transposed(filters, kernel=2, **settings):
    return layers.Conv2DTranspose(filters, kernel, **{"strides": 2, "padding": "same", **settings})


def convolution(filters, kernel=3, **settings):
    return layers.Conv2D(filters, kernel, **{"padding": "same", "activation": "relu", **settings})


def end(x, dropout):
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


# ---- Right ------------------------------------------------------------------------------------


@right
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate(axis=-1)([x, skip])
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


@right
def kernel_of_3_and_two_convolutions(below, beside, f, rate=0.0):
    y = layers.Conv2DTranspose(f, 3, strides=(2, 2), padding="same", activation="relu")(below)
    y = layers.concatenate([beside, y])
    for _ in range(2):
        y = layers.Conv2D(f, (3, 3), padding="same", activation="relu", kernel_initializer="he_normal")(y)
    y = layers.BatchNormalization()(y)
    return layers.SpatialDropout2D(rate)(y)


@right
def valid_where_it_fits_and_norm_before_relu(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, 2)(x)
    x = ops.concatenate([x, skip], axis=3)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return layers.SpatialDropout2D(dropout, seed=3)(x)


@right
def upsampling_and_a_convolution(x, skip, filters, dropout=0.0):
    x = layers.UpSampling2D(2)(x)
    x = convolution(filters, 2, activation=None)(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@right
def bilinear_upsampling(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([layers.UpSampling2D(2, interpolation="bilinear")(x), skip])
    x = layers.SpatialDropout2D(dropout)(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.BatchNormalization()(ops.relu(x))


@right
def dropout_before_normalisation_and_other_flavours_of_relu(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([skip, transposed(filters)(x)])
    x = layers.Conv2D(filters, 5, padding="same", activation="elu")(x)
    x = layers.SpatialDropout2D(dropout)(x)
    return layers.BatchNormalization(momentum=0.9)(x)


@right
def separable_and_leaky(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.SeparableConv2D(filters, 3, padding="same")(x)
    x = layers.LeakyReLU()(x)
    return end(x, dropout)


@right
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


@right
def a_layer_of_ones_own(x, skip, filters, dropout=0.0):
    return Decoder(filters, dropout)([x, skip])


@right
def dropout_in_two_places(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), layers.SpatialDropout2D(dropout)(skip)])
    return end(convolution(filters)(x), dropout)


@right
def noise_shape(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.Dropout(dropout, noise_shape=(None, 1, 1, filters))(x)


# ---- Wrong: what is joined with what ------------------------------------------------------------


@wrong("nothing is returned", 0)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = end(convolution(filters)(x), dropout)


@wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)


@wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")
    x = ops.concatenate([x, skip], axis=-1)
    return end(convolution(filters)(x), dropout)


@wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-1)([transposed(filters)(x), skip])
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")
    return end(x, dropout)


@wrong("a layer that was not called")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("tensors that are not in a list")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-1)(transposed(filters)(x), skip)
    return end(convolution(filters)(x), dropout)


@wrong("a list where one tensor belongs")
def _(x, skip, filters, dropout=0.0):
    x = convolution(filters)([transposed(filters)(x), skip])
    return end(x, dropout)


@wrong("a TensorFlow function on a symbolic tensor")
def _(x, skip, filters, dropout=0.0):
    import tensorflow as tf

    x = tf.concat([transposed(filters)(x), skip], axis=-1)
    return end(convolution(filters)(x), dropout)


@wrong("a NumPy function on a symbolic tensor")
def _(x, skip, filters, dropout=0.0):
    x = np.concatenate([transposed(filters)(x), skip], axis=-1)
    return end(convolution(filters)(x), dropout)


@wrong("the name `Conv2DTranspose` is not known")
def _(x, skip, filters, dropout=0.0):
    x = Conv2DTranspose(filters, 2, strides=2, padding="same")(x)  # noqa: F821
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("an attribute does not exist")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTransposed(filters, 2, strides=2, padding="same")(x)
    return end(convolution(filters)(layers.Concatenate()([x, skip])), dropout)


@wrong("the arguments do not fit")
def _(x, skip, filters):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.1)


@wrong("stride 1")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("stride 1")
def _(x, skip, filters, dropout=0.0):
    x = ops.concatenate([layers.Conv2D(filters, 3, padding="same")(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("joined before it is enlarged")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([x, skip])
    x = transposed(filters)(x)
    return end(convolution(filters)(x), dropout)


@wrong("joined before it is enlarged")
def _(x, skip, filters, dropout=0.0):
    transposed(filters)(x)
    joined = layers.Concatenate()([x, skip])
    return end(convolution(filters)(joined), dropout)


@wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.UpSampling2D(2)(x)
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, 4, strides=4)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("enlarged twice")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(transposed(filters)(convolution(filters)(x)), dropout)


@wrong("halved, not doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2D(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("only one of the two axes is doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, strides=(2, 1))(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong('padding="valid"')
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 3, strides=2)(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong('padding="valid"')
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.Conv2D(filters, 3, activation="relu")(x)
    return end(x, dropout)


@wrong("nothing is enlarged")
def _(x, skip, filters, dropout=0.0):
    return end(convolution(filters)(x), dropout)


@wrong("added, not concatenated", 0)
def _(x, skip, filters, dropout=0.0):
    x = layers.Add()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("added, not concatenated", 0)
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x) + skip
    return end(convolution(filters)(x), dropout)


@wrong("added, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = layers.Add()([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("added, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = layers.Average()([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("multiplied, not concatenated")
def _(x, skip, filters, dropout=0.0):
    x = transposed(skip.shape[-1])(x) * skip
    return end(convolution(filters)(x), dropout)


@wrong("the skip is made smaller")
def _(x, skip, filters, dropout=0.0):
    smaller = layers.Conv2D(filters, 3, strides=2, padding="same")(skip)
    x = layers.Concatenate()([x, smaller])
    return end(convolution(filters)(transposed(filters)(x)), dropout)


@wrong("halved, not doubled")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([layers.MaxPooling2D()(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("nothing is enlarged")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, strides=2)(x), dropout)


@wrong("`filters` stands in the place of the kernel")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(2, filters, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("an activation that Keras does not know")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="rellu")(x), dropout)


@wrong("the name `same` is not known")
def _(x, skip, filters, dropout=0.0):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding=same)(x)  # noqa: F821
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x)
    y = layers.Concatenate()([x, skip])
    x = convolution(filters)(x)
    y = end(x, dropout)
    return y


@wrong("concatenated along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=1)([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("concatenated along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = ops.concatenate([transposed(filters)(x), skip])
    x = ops.concatenate([x, skip], axis=0)
    return end(convolution(filters)(x), dropout)


@wrong("concatenated along the height")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=1)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("concatenated along the width")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=-2)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("concatenated along the batch")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate(axis=0)([transposed(skip.shape[-1])(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("x and skip are swapped")
def _(skip, x, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("not the skip that was given")
def _(x, beside, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("something from outside the function")
def _(below, skip, filters, dropout=0.0):
    y = transposed(filters)(x)
    return end(convolution(filters)(y), dropout)


@wrong("the argument `filters` is not used")
def _(x, skip, n, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(16)(x), dropout)


@wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(4)(x), dropout)


@wrong("the argument `filters` is not used")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(skip.shape[-1])(x), dropout)


@wrong("twice as many filters")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(2 * filters)(x), dropout)


@wrong("no convolution after the join")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(x, dropout)


@wrong("a model in place of a tensor")
def _(x, skip, filters, dropout=0.0):
    y = layers.Concatenate()([transposed(filters)(x), skip])
    return keras.Model([x, skip], end(convolution(filters)(y), dropout))


@wrong("several results")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout), skip


# ---- Wrong: what comes out ----------------------------------------------------------------------


@wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x)
    return end(convolution(filters)(x), dropout)


@wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    up = transposed(filters)(x)
    layers.Concatenate()([up, skip])
    return end(convolution(filters)(up), dropout)


@wrong("what comes from below is not used", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    transposed(filters)(x)
    both = layers.Concatenate()([skip, skip])
    return end(convolution(filters)(both), dropout)


@wrong("no ReLU", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(layers.Conv2D(filters, 3, padding="same")(x), dropout)


@wrong("no ReLU after the join")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, activation="relu")(x), skip])
    return end(layers.Conv2D(filters, 3, padding="same")(x), dropout)


@wrong("a sigmoid in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="sigmoid")(x), dropout)


@wrong("tanh in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="tanh")(x), dropout)


@wrong("softmax in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="softmax")(x), dropout)


@wrong("the convolution after the join sees no neighbours")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, 1)(x), dropout)


@wrong("no batch normalisation", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return layers.SpatialDropout2D(dropout)(convolution(filters)(x))


@wrong("no batch normalisation")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = convolution(filters)(x)
    layers.BatchNormalization()(x)
    return layers.SpatialDropout2D(dropout)(x)


@wrong("a result that does not grow")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.LayerNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x)


@wrong("it normalises with the batch when predicting")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x), training=True)
    return layers.SpatialDropout2D(dropout)(x)


@wrong("normalised along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization(axis=1)(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x)


@wrong("the size must be known beforehand")
def _(x, skip, filters, dropout=0.0):
    x = layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@wrong("no dropout", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return layers.BatchNormalization()(convolution(filters)(x))


@wrong("no dropout")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.0)


@wrong("dropout although it is 0")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.1)


@wrong("everything is dropped")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 1 - dropout)


@wrong("another rate of dropout", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout / 2)


@wrong("another rate of dropout")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.5 if dropout else 0)


@wrong("single pixels are dropped, not whole channels", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.Dropout(dropout)(x)


@wrong("single pixels are dropped, not whole channels")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.Dropout(dropout)(x)
    return layers.BatchNormalization()(convolution(filters)(x))


@wrong("dropout when predicting")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x, training=True)


@pytest.mark.parametrize(("answer", "cause", "share"), WRONG)
def test_each_mistake_is_named(answer, cause, share):
    wrong = first_wrong("2.1", answer)
    assert wrong is not None, "taken for right"
    assert wrong.cause == cause, wrong.report()
    assert all([wrong.tried, wrong.received, wrong.expected, wrong.remedy]), wrong.report()
    assert max(map(len, wrong.report().splitlines())) <= 130, wrong.report()
    if share is not None:
        assert points("2.1", answer, of=4) == 4 * share


@pytest.mark.parametrize("answer", RIGHT)
def test_other_right_answers_pass(answer):
    wrong = first_wrong("2.1", answer)
    assert wrong is None, wrong.report()
    assert points("2.1", answer, of=4) == 4


# ---- 2.3: predict_any_size ----------------------------------------------------------------------

ANY_WRONG, ANY_RIGHT = [], []
images = np.zeros((4, 128, 128, 1), dtype="float32")  # of the notebook
DEPTH = 3


def any_wrong(cause, share=None):
    return lambda answer: ANY_WRONG.append(pytest.param(answer, cause, share, id=f"{len(ANY_WRONG)}: {cause}"))


def any_right(answer):
    ANY_RIGHT.append(pytest.param(answer, id=f"right {len(ANY_RIGHT)}"))


@any_right
def _(model, images, depth):
    step = 2**depth
    height, width = images.shape[1:3]
    down, right = -height % step, -width % step
    padded = np.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_right
def with_zeros_on_both_sides_and_ceil(network, batch, depth):
    step = 2**depth
    missing = [int(np.ceil(size / step)) * step - size for size in batch.shape[1:3]]
    (top, bottom), (left, right) = [(m // 2, m - m // 2) for m in missing]
    answer = network.predict(np.pad(batch, [(0, 0), (top, bottom), (left, right), (0, 0)]), verbose=0)
    return answer[:, top : top + batch.shape[1], left : left + batch.shape[2], :]


@any_right
def with_keras_and_a_plain_call(model, images, depth):
    step = 2**depth
    height, width = images.shape[1:3]
    down, right = (step - height % step) % step, (step - width % step) % step
    padded = ops.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="symmetric")
    return model(padded, training=False)[:, :height, :width]


@any_right
def one_image_at_a_time(model, images, depth):
    results = []
    for image in images:
        height, width, _ = image.shape
        rows, columns = -(-height // 2**depth) * 2**depth, -(-width // 2**depth) * 2**depth
        canvas = np.zeros((1, rows, columns, 1))
        canvas[0, :height, :width] = image
        results.append(model.predict_on_batch(canvas)[0, :height, :width])
    return np.stack(results)


@any_wrong("nothing is returned", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)))
    model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("not padded", 1 / 3)
def _(model, images, depth):
    return model.predict_on_batch(images)


@any_wrong("the padding is not cut off", 1 / 3)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)))
    return model.predict_on_batch(padded)


@any_wrong("an empty result")
def _(model, images, depth):
    height, width = images.shape[1:3]
    down, right = -height % 2**depth, -width % 2**depth
    padded = np.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :-down, :-right]


@any_wrong("height and width are swapped")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -width % 2**depth), (0, -height % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("the remainder is added")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, height % 2**depth), (0, width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("another axis is padded")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, -height % 2**depth), (0, -width % 2**depth), (0, 0), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("only one of the two axes is padded")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, 0), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("not a multiple")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % (2 * depth)), (0, -width % (2 * depth)), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("padded although it fits", 2 / 3)
def _(model, images, depth):
    step = 2**depth
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, step - height % step), (0, step - width % step), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("the answer is moved")
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (-height % 2**depth, 0), (-width % 2**depth, 0), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("cut, not padded", 1 / 3)
def _(model, images, depth):
    height, width = (size // 2**depth * 2**depth for size in images.shape[1:3])
    return model.predict_on_batch(images[:, :height, :width])


@any_wrong("other values")
def _(model, images, depth):
    height, width = images.shape[1:3]
    rows, columns = height + -height % 2**depth, width + -width % 2**depth
    resized = ops.image.resize(images, (rows, columns))
    return ops.image.resize(model.predict_on_batch(resized), (height, width))


@any_wrong("rounded", 1 / 3)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return np.round(model.predict_on_batch(padded)[:, :height, :width])


@any_wrong("the axis of the channels is gone", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width, 0]


@any_wrong("images are lost", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:1, :height, :width]


@any_wrong("an image without its batch", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return np.stack([model.predict_on_batch(image)[:height, :width] for image in padded])


@any_wrong("the images are changed", 0)
def _(model, images, depth):
    height, width = images.shape[1:3]
    images -= images.mean()
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("not padded", 1 / 3)
def _(model, batch, depth):
    height, width = images.shape[1:3]
    padded = np.pad(batch, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("not a multiple", 2 / 3)
def _(model, images, depth):
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**DEPTH), (0, -width % 2**DEPTH), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]


@any_wrong("the name `width` is not known", 0)
def _(model, images, depth):
    height, widht = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (0, -height % 2**depth), (0, -width % 2**depth), (0, 0)))  # noqa: F821
    return model.predict_on_batch(padded)[:, :height, :widht]


@pytest.mark.parametrize(("answer", "cause", "share"), ANY_WRONG)
def test_each_mistake_of_any_size_is_named(answer, cause, share):
    wrong = first_wrong("2.3", answer)
    assert wrong is not None, "taken for right"
    assert wrong.cause == cause, wrong.report()
    assert all([wrong.tried, wrong.received, wrong.expected, wrong.remedy]), wrong.report()
    earned = points("2.3", answer, of=3)
    assert earned < 3
    if share is not None:
        assert earned == pytest.approx(3 * share)


@pytest.mark.parametrize("answer", ANY_RIGHT)
def test_other_ways_to_any_size_pass(answer):
    wrong = first_wrong("2.3", answer)
    assert wrong is None, wrong.report()
    assert points("2.3", answer, of=3) == 3


# ---- The frame ----------------------------------------------------------------------------------


def test_a_blank_names_its_exercise_and_is_worth_nothing():
    def decoder_block(x, skip, filters, dropout=0.0):
        # Exercise 2.1
        todo()

    with pytest.raises(NotAttempted):
        first_wrong("2.1", decoder_block)
    assert points("2.1", decoder_block, of=4) == 0


def test_the_verdict_is_the_same_each_time_and_moves_no_random_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    right_one = RIGHT[0].values[0]
    states = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    check("2.1", right_one)
    assert states == (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    assert capsys.readouterr().out.startswith("Exercise 2.1: correct.")
    no_relu = next(param.values[0] for param in WRONG if param.values[1] == "no ReLU")
    reports = {first_wrong("2.1", no_relu).report() for _ in range(2)}
    assert len(reports) == 1


def test_the_students_own_line_is_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def decoder_block(x, skip, filters, dropout=0.0):
        x = layers.Conv2DTranspose(filtres, 2, strides=2, padding="same")(x)  # noqa: F821
        return x

    check("2.1", decoder_block)
    printed = capsys.readouterr().out
    assert "layers.Conv2DTranspose(filtres, 2" in printed
    assert "the name `filtres` is not known" in printed


def test_each_exercise_has_three_hints_and_a_share_for_each_look(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert [exercise.number for exercise in EXERCISES] == ["2.1", "2.2", "2.3"]
    assert [exercise.optional for exercise in EXERCISES] == [False, False, True]
    for exercise in EXERCISES:
        assert len(set(exercise.hints)) == 3
        for level in (1, 2, 3):
            hint(exercise.number)
            assert f"Hint {level} of 3" in capsys.readouterr().out


def test_each_option_of_each_question_has_its_word(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert [question.number for question in QUESTIONS] == [f"2.{i}" for i in range(1, len(QUESTIONS) + 1)]
    assert len({question.right for question in QUESTIONS}) > 2
    for question in QUESTIONS:
        assert list(question.feedback) == ["a", "b", "c", "d"]
        for letter in question.feedback:
            quiz(question.number, letter)
            said = capsys.readouterr().out
            assert ("not this one" in said) == (letter != question.right)
            assert " ".join(question.feedback[letter].split()) in " ".join(said.split())
