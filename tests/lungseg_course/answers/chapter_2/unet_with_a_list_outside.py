"""Right and wrong answers to exercise 2.2, `build_unet`, that keep the skips in a list outside of the function."""

import keras
from keras import layers

from answers import Answers
from answers.chapter_2.unet_parts import down, sigmoid, up

answers = Answers("2.2", slow=True)

outside = []
kept = []


@answers.right
def with_a_list_outside_that_is_emptied(input_shape, filters=16, depth=4, dropout=0.1):
    outside.clear()
    inputs = keras.Input(input_shape)
    x = down(inputs, outside, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, outside, filters, depth, dropout)))


@answers.right
def with_a_list_outside_read_from_its_end(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = down(inputs, outside, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, outside[-depth:], filters, depth, dropout)))


@answers.wrong("the list `kept` is never emptied")
def kept_outside(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    x = down(inputs, kept, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, kept, filters, depth, dropout)))


@answers.wrong("the list `skips` is never emptied")
def _(input_shape, filters=16, depth=4, dropout=0.1, skips=[]):  # noqa: B006
    inputs = keras.Input(input_shape)
    x = down(inputs, skips, filters, depth, dropout)
    return keras.Model(inputs, sigmoid(up(x, skips, filters, depth, dropout)))


def around():
    stack = [keras.Input((8, 8, 1))]  # left by a call that failed

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs = keras.Input(input_shape)
        x = down(inputs, stack, filters, depth, dropout)
        for level in reversed(range(depth)):
            x = layers.Conv2DTranspose(2 * filters * 2**level, 2, strides=2)(x)
            x = layers.Conv2D(filters, 3, padding="same")(layers.Concatenate(axis=1)([x, stack.pop()]))
        return keras.Model(inputs, sigmoid(x))

    return build


answers.wrong("concatenated along the wrong axis")(around())  # what is left in the list does no harm
