"""Exercise 6.3, first function: the last layer of a network for three classes and the background."""

import keras
import numpy as np
from keras import layers, ops

from answers import Answers
from answers.chapter_6.thorax_given import noting, output_layer

answers = Answers("6.3")
right, wrong = noting(answers, 0)

# ---- Right -----------------------------------------------------------------------------------

right(output_layer)


@right
def softmax_as_a_layer(x):
    x = layers.Conv2D(4, (1, 1), padding="same")(x)
    return layers.Softmax()(x)


@right
def dense_on_the_channels(x):
    return layers.Dense(4, activation="softmax")(x)


@right
def softmax_as_a_function(x):
    return keras.activations.softmax(layers.Conv2D(filters=4, kernel_size=1)(x), axis=-1)


@right
def with_a_layer_before_it(x):
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(4, 3, padding="same", activation="softmax")(x)


@right
def by_the_formula(x):
    z = layers.Conv2D(4, 1)(x)
    e = ops.exp(z - ops.max(z, axis=-1, keepdims=True))
    return e / ops.sum(e, axis=-1, keepdims=True)


# ---- Wrong: what is returned -------------------------------------------------------------------


@wrong("a layer that was not called")
def not_called(x):
    return layers.Conv2D(4, 1, activation="softmax")


@wrong("nothing is returned", 3 / 4)
def nothing_returned(x):
    layers.Conv2D(4, 1, activation="softmax")(x)


@wrong("a model in place of a tensor")
def a_model(x):
    return keras.Model(x, layers.Conv2D(4, 1, activation="softmax")(x))


@wrong("not a tensor of this network")
def several(x):
    return [layers.Conv2D(1, 1, activation="sigmoid")(x) for _ in range(4)]


@wrong("a NumPy function on a symbolic tensor")
def by_numpy(x):
    z = layers.Conv2D(4, 1)(x)
    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)


@wrong("an activation that Keras does not know")
def misspelt(x):
    return layers.Conv2D(4, 1, activation="soft_max")(x)


@wrong("an activation that Keras does not know")
def with_a_capital_letter(x):
    return layers.Conv2D(4, 1, activation="Softmax")(x)


# ---- Wrong: the shape --------------------------------------------------------------------------


@wrong("the background is no class", 3 / 4)
def three(x):
    return layers.Conv2D(3, 1, activation="softmax")(x)


@wrong("one channel, as for lung or not")
def one(x):
    return layers.Conv2D(1, 1, activation="sigmoid")(x)


@wrong("another number of channels")
def with_one_too_many(x):
    return layers.Conv2D(5, 1, activation="softmax")(x)


@wrong("no convolution")
def softmax_alone(x):
    return layers.Softmax()(x)


@wrong("the class in place of its probability")
def decided(x):
    return ops.argmax(layers.Conv2D(4, 1, activation="softmax")(x), axis=-1)


@wrong("one answer for the image")
def flattened(x):
    return layers.Dense(4, activation="softmax")(layers.Flatten()(x))


@wrong("one answer for the image")
def pooled(x):
    return layers.Dense(4, activation="softmax")(layers.GlobalAveragePooling2D()(x))


@wrong('padding="valid"')
def valid(x):
    return layers.Conv2D(4, 3, activation="softmax")(x)


@wrong("a stride")
def strided(x):
    return layers.Conv2D(4, 1, strides=2, activation="softmax")(x)


# ---- Wrong: the numbers ------------------------------------------------------------------------


@wrong("the sigmoid is kept")
def sigmoid(x):
    return layers.Conv2D(4, 1, activation="sigmoid")(x)


@wrong("the sigmoid is kept")
def four_sigmoids(x):
    return layers.Concatenate()([layers.Conv2D(1, 1, activation="sigmoid")(x) for _ in range(4)])


@wrong("no activation")
def linear(x):
    return layers.Conv2D(4, 1)(x)


@wrong("a ReLU in place of the softmax")
def relu(x):
    return layers.Conv2D(4, 1, activation="relu")(x)


@wrong("the softmax runs along the height")
def along_the_height(x):
    return layers.Softmax(axis=1)(layers.Conv2D(4, 1)(x))


@wrong("the softmax runs along the batch")
def along_the_batch(x):
    return layers.Softmax(axis=0)(layers.Conv2D(4, 1)(x))


@wrong("the softmax runs along more than one axis")
def over_all(x):
    z = layers.Conv2D(4, 1)(x)
    return ops.exp(z) / ops.sum(ops.exp(z))


@wrong("the softmax is applied twice")
def twice(x):
    return layers.Softmax()(layers.Conv2D(4, 1, activation="softmax")(x))


@wrong("not a softmax")
def divided_sigmoids(x):
    s = layers.Conv2D(4, 1, activation="sigmoid")(x)
    return s / ops.sum(s, axis=-1, keepdims=True)


@wrong("the logarithm of the probabilities")
def logarithm(x):
    return ops.log_softmax(layers.Conv2D(4, 1)(x))


@wrong("dropout behind the softmax")
def dropped(x):
    return layers.Dropout(0.5)(layers.Conv2D(4, 1, activation="softmax")(x))
