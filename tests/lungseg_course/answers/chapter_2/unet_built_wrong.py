"""Wrong answers to exercise 2.2, `build_unet`: the result, the skips, the levels and the filters."""

import keras
from keras import layers

import lungseg
from answers import Answers
from answers.chapter_2.unet_parts import (
    back,
    changed,
    decoder_block,
    down,
    encoder_block,
    levels,
    normally,
    sigmoid,
    unet,
    with_blocks,
)

answers = Answers("2.2", slow=True)

# Of the notebook.
SIZE = 128
x = keras.Input((SIZE, SIZE, 1))


answers.wrong("the output convolution stands in the loop")(
    with_blocks(
        head=lambda x: x,
        decoder=lambda x, skip, filters, dropout: sigmoid(decoder_block(x, skip, filters, dropout)),
    )
)
answers.wrong("nothing is returned", 0)(changed(lambda model: None))
answers.wrong("a tensor in place of a model")(changed(lambda model: model.output))
answers.wrong("not a model")(changed(lambda model: (model.input, model.output)))
answers.wrong("a layer that was not called")(
    changed(lambda model: keras.Model(model.input, layers.Conv2D(1, 1, activation="sigmoid")))
)


@answers.wrong("something from outside the function")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    inputs = keras.Input(input_shape)
    y = encoder_block(x, filters, strides=1, dropout=dropout)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(y)
    return keras.Model(inputs, outputs)


@answers.wrong("the argument `input_shape` is not used")
def _(input_shape, filters=16, depth=4, dropout=0.1):
    return unet((SIZE, SIZE, 1), filters, depth, dropout, sigmoid)


@answers.wrong("the arguments do not fit")
def _(input_shape, filters=16, depth=4):
    return unet(input_shape, filters, depth, 0.1, sigmoid)


def with_skips(choose, append_after=False):
    """A network whose decoders take `choose(skips, level)`."""

    def build(input_shape, filters=16, depth=4, dropout=0.1):
        inputs, skips = keras.Input(input_shape), []
        x = down(inputs, skips, filters, depth, dropout)
        if append_after:
            skips = [*skips[1:], x]
        for level in reversed(range(depth)):
            x = decoder_block(x, choose(skips, level), filters * 2**level, dropout=dropout)
        return keras.Model(inputs, sigmoid(x))

    return build


answers.wrong("the skips are in the wrong order", 1 / 2)(with_skips(lambda skips, level: skips.pop(0)))
answers.wrong("the skips are in the wrong order")(with_skips(lambda skips, level: skips[-level - 1]))
answers.wrong("a skip of the wrong level")(with_skips(lambda skips, level: skips[level - 1]))
answers.wrong("a missing skip")(with_skips(lambda skips, level: skips[level + 1]))
answers.wrong("a skip that is too small")(with_skips(lambda skips, level: skips[level], append_after=True))
answers.wrong("all the skips at once")(with_skips(lambda skips, level: skips))


def joining(join):
    """A network whose decoders join what is enlarged with the skip in a way of their own."""
    return with_blocks(decoder=lambda x, skip, f, dropout: join([layers.Conv2DTranspose(2 * f, 2, strides=2)(x), skip]))


answers.wrong("added, not concatenated")(joining(lambda both: layers.Add()(both)))
answers.wrong("concatenated along the wrong axis")(joining(lambda both: layers.Concatenate(axis=1)(both)))
answers.wrong("level 0 is halved too")(levels(normally, back, first_strides=2))
answers.wrong("too few steps up")(levels(normally, lambda depth: range(depth - 1, 0, -1)))
answers.wrong("too few steps up")(levels(normally, lambda depth: [depth - 1]))  # `return` stands in the loop
answers.wrong("the way up is missing")(levels(normally, lambda depth: ()))
answers.wrong("a missing skip")(levels(normally, lambda depth: range(depth, -1, -1)))
answers.wrong("one level too few")(levels(lambda depth: range(1, depth), lambda depth: reversed(range(depth - 1))))
answers.wrong("one level too many")(levels(lambda depth: range(1, depth + 2), lambda depth: reversed(range(depth + 1))))
answers.wrong("the argument `depth` is not used")(levels(lambda depth: range(1, 5), lambda depth: reversed(range(4))))
answers.wrong("the filters stay the same", 5 / 6)(levels(normally, back, factor=lambda level: 1))
answers.wrong("the filters stay the same")(levels(normally, back, factor=lambda level: 2 ^ level or 1))
answers.wrong("the filters do not double")(levels(normally, back, factor=lambda level: level + 1))
answers.wrong("the filters do not double")(levels(normally, back, up_factor=lambda level: 1))
answers.wrong("the filters grow too fast")(levels(normally, back, factor=lambda level: 4**level))
answers.wrong("too many filters")(
    levels(normally, back, factor=lambda level: 2 ** (level + 1), up_factor=lambda level: 2**level)
)
answers.wrong("too many filters")(levels(normally, back, up_factor=lambda level: 2 ** (level + 1)))
answers.wrong("too many filters at level 0")(levels(normally, back, first=2))
answers.wrong("too few filters")(levels(normally, back, factor=lambda level: max(1, 2**level // 2)))
answers.wrong("too few filters")(levels(lambda depth: range(depth), back))


answers.wrong("the argument `filters` is not used")(
    lambda input_shape, filters=16, depth=4, dropout=0.1: unet(input_shape, 4, depth, dropout, sigmoid)
)


def first_level_of(number):
    """An encoder block with a number in the place of `filters` at level 0."""
    return lambda x, f, strides=2, dropout=0.0: encoder_block(x, number if strides == 1 else f, strides, dropout)


answers.wrong("`filters` is not used at the first level", 5 / 6)(with_blocks(encoder=first_level_of(16)))


def not_enlarged(x, skip, filters, dropout):
    x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, padding="same")(x), skip])
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.SpatialDropout2D(dropout)(x)


def not_halved(x, filters, strides=1, dropout=0.0):
    return encoder_block(x, filters, 1, dropout)


answers.wrong("nothing is halved")(with_blocks(encoder=not_halved, decoder=not_enlarged))
answers.wrong("x and skip are swapped")(
    with_blocks(decoder=lambda x, skip, filters, dropout: decoder_block(skip, x, filters, dropout))
)
answers.wrong("halved on the way up")(
    with_blocks(decoder=lambda x, skip, filters, dropout: encoder_block(x, filters, dropout=dropout))
)
answers.wrong("`dropout` stands in the place of `strides`")(
    with_blocks(encoder=lambda x, filters, strides=2, dropout=0.0: encoder_block(x, filters, dropout))
)

package = answers.wrong("the package's answer, not yours", 0)
package(lungseg.build_unet)
package(lambda input_shape, filters=16, depth=4, dropout=0.1: lungseg.build_unet(input_shape, filters, depth, dropout))


def named(x, filters, strides=2, dropout=0.0):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu", name="convolution")(x)
    return layers.SpatialDropout2D(dropout)(layers.BatchNormalization()(x))


answers.wrong("two layers with the same name")(with_blocks(encoder=named))
answers.wrong("far too many parameters")(
    with_blocks(
        encoder=lambda x, filters, strides=2, dropout=0.0: encoder_block(x, 18 * filters, strides, dropout),
    )
)
answers.wrong("other arguments than `keras.Model` has")(
    changed(lambda model: keras.Model(input=model.inputs[0], output=model.outputs[0]))
)
answers.wrong("a Sequential for a network with skips")(
    changed(lambda model: keras.Sequential([model.inputs[0], model.outputs[0]]))
)
