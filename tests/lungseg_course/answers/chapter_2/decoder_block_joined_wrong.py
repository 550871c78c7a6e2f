"""Wrong answers to exercise 2.1, `decoder_block`: sizes, what is joined with what, and the number of filters."""

import keras
import numpy as np
from keras import layers, ops

import lungseg
from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, end, transposed

answers = Answers("2.1", slow=True)


@answers.wrong("no convolution after the join")
def joined_at_the_end(x, skip, filters, dropout=0.0):
    x = convolution(filters)(transposed(filters)(x))
    return end(layers.Concatenate()([x, convolution(filters)(skip)]), dropout)


# What stands in the notebook above the exercise, and may be taken for the argument of that name.
x = keras.Input((128, 128, 1))
skip = np.zeros((4, 32, 32, 24), dtype="float32")
filters = 64


@answers.wrong("not the skip that was given")
def _(x, beside, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("something from outside the function")
def _(below, skip, filters, dropout=0.0):
    y = transposed(filters)(x)
    return end(convolution(filters)(y), dropout)


@answers.wrong("the argument `filters` is not used")
def _(x, skip, n, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout)


answers.wrong("joined before it is enlarged")(
    block(up=lambda x, filters: x, after=lambda x, filters: convolution(filters)(transposed(filters)(x)))
)
answers.wrong("x and skip are swapped")(lambda skip, x, filters, dropout=0.0: block()(x, skip, filters, dropout))
answers.wrong("stride 1")(block(up=lambda x, filters: transposed(filters, strides=1)(x)))
answers.wrong("stride 1")(
    block(up=lambda x, filters: convolution(filters)(x), join=lambda x, skip: ops.concatenate([x, skip]))
)
answers.wrong("enlarged by 4 in place of 2")(block(up=lambda x, filters: transposed(filters, 4, strides=4)(x)))
answers.wrong("enlarged by 4 in place of 2")(block(up=lambda x, filters: layers.UpSampling2D(4)(x)))
answers.wrong("enlarged by 4 in place of 2")(
    block(up=lambda x, filters: transposed(filters, 4, strides=4)(x), join=lambda x, skip: x)
)
answers.wrong("enlarged twice")(block(up=lambda x, filters: transposed(filters)(transposed(filters)(x))))
answers.wrong("enlarged twice")(block(after=lambda x, filters: transposed(filters)(convolution(filters)(x))))
answers.wrong("halved, not doubled")(block(up=lambda x, filters: convolution(filters, 2, strides=2)(x)))
answers.wrong("halved, not doubled")(
    block(join=lambda x, skip: x, after=lambda x, filters: convolution(filters, strides=4)(x))
)
answers.wrong("only one of the two axes is doubled")(
    block(up=lambda x, filters: transposed(filters, strides=(2, 1))(x))
)
answers.wrong('padding="valid"')(block(up=lambda x, filters: layers.Conv2DTranspose(filters, 3, strides=2)(x)))
answers.wrong('padding="valid"')(block(after=lambda x, filters: layers.Conv2D(filters, 3, activation="relu")(x)))
answers.wrong("nothing is enlarged")(block(up=lambda x, filters: x, join=lambda x, skip: x))
answers.wrong("halved again")(block(after=lambda x, filters: convolution(filters, strides=2)(x)))
answers.wrong("halved again")(block(after=lambda x, filters: convolution(filters, strides=2)(convolution(filters)(x))))
answers.wrong("stride 1")(block(up=lambda x, filters: convolution(filters, strides=2)(transposed(filters)(x))))
answers.wrong("no convolution after the join")(block(after=lambda x, filters: x))
answers.wrong("twice as many filters")(block(after=lambda x, filters: convolution(2 * filters)(x)))
answers.wrong("the argument `filters` is not used")(block(after=lambda x, filters: convolution(16)(x)))
answers.wrong("the argument `filters` is not used")(block(after=lambda x, filters: convolution(4)(x)))
answers.wrong("added, not concatenated", 0)(block(join=lambda x, skip: layers.Add()([x, skip])))
answers.wrong("multiplied, not concatenated")(block(join=lambda x, skip: layers.Multiply()([x, skip])))
answers.wrong("multiplied, not concatenated")(block(join=lambda x, skip: x * skip))
answers.wrong("not concatenated")(block(join=lambda x, skip: x - skip))
answers.wrong("not concatenated")(block(join=lambda x, skip: layers.Maximum()([x, skip])))
answers.wrong("concatenated along the wrong axis")(block(join=lambda x, skip: layers.Concatenate(axis=1)([x, skip])))

# A transposed convolution with as many filters as the skip has channels, so that Keras joins them in any way.
for name, join in (
    ("added, not concatenated", lambda x, skip: x + skip),
    ("added, not concatenated", lambda x, skip: layers.Average()([x, skip])),
    ("multiplied, not concatenated", lambda x, skip: x * skip),
    ("concatenated along the height", lambda x, skip: layers.Concatenate(axis=1)([x, skip])),
    ("concatenated along the width", lambda x, skip: ops.concatenate([x, skip], axis=-2)),
    ("concatenated along the batch", lambda x, skip: ops.concatenate([x, skip], axis=0)),
):
    answers.wrong(name)(block(up=lambda x, filters: transposed(3)(x), join=join))

# The skip gets as many channels as x.
answers.wrong("added, not concatenated", 3 / 4)(
    block(join=lambda x, skip: layers.Add()([x, layers.Conv2D(x.shape[-1], 1)(skip)]))
)
answers.wrong("added, not concatenated")(block(join=lambda x, skip: x + convolution(x.shape[-1])(skip)))

package = answers.wrong("the package's answer, not yours", 0)
package(lungseg.decoder_block)
package(lambda x, skip, filters, dropout=0.0: lungseg.decoder_block(x, skip, filters, dropout))
