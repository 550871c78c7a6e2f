"""Wrong answers to exercise 2.1, `decoder_block`: the shape is right, and what comes out is not."""

from keras import layers

from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, end, transposed

answers = Answers("2.1", slow=True)


answers.wrong("the skip is not used")(block(join=lambda x, skip: x))
answers.wrong("what comes from below is not used", 3 / 4)(
    block(join=lambda x, skip: layers.Concatenate()([skip, skip]))
)


@answers.wrong("the skip is made smaller")
def _(x, skip, filters, dropout=0.0):
    smaller = layers.Conv2D(filters, 3, strides=2, padding="same")(skip)
    x = layers.Concatenate()([x, smaller])
    return end(convolution(filters)(transposed(filters)(x)), dropout)


answers.wrong("no ReLU", 3 / 4)(block(after=lambda x, filters: convolution(filters, activation=None)(x)))
answers.wrong("no ReLU after the join")(
    block(
        up=lambda x, filters: transposed(filters, activation="relu")(x),
        after=lambda x, filters: convolution(filters, activation=None)(x),
    )
)
for name, activation in (("a sigmoid", "sigmoid"), ("tanh", "tanh"), ("softmax", "softmax")):
    answers.wrong(f"{name} in place of ReLU")(
        block(after=lambda x, filters, activation=activation: convolution(filters, activation=activation)(x))
    )
answers.wrong("the convolution after the join sees no neighbours")(
    block(after=lambda x, filters: convolution(filters, 1)(x))
)
answers.wrong("normalised along the wrong axis")(block(end=lambda x, dropout: layers.BatchNormalization(axis=1)(x)))
answers.wrong("a result that does not grow")(block(end=lambda x, dropout: layers.LayerNormalization()(x)))
answers.wrong("no batch normalisation", 3 / 4)(block(end=lambda x, dropout: layers.SpatialDropout2D(dropout)(x)))
answers.wrong("it normalises with the batch when predicting")(
    block(end=lambda x, dropout: layers.BatchNormalization(momentum=0.9)(x, training=True))
)
answers.wrong("no dropout", 3 / 4)(block(end=lambda x, dropout: layers.BatchNormalization(momentum=0.9)(x)))
answers.wrong("dropout although it is 0")(block(end=lambda x, dropout: end(x, 0.1)))
answers.wrong("everything is dropped")(block(end=lambda x, dropout: end(x, 1 - dropout)))
answers.wrong("another rate of dropout", 3 / 4)(block(end=lambda x, dropout: end(x, dropout / 2)))
answers.wrong("another rate of dropout")(block(end=lambda x, dropout: end(x, 0.5 if dropout else 0)))
answers.wrong("dropout twice in a row", 3 / 4)(
    block(end=lambda x, dropout: layers.SpatialDropout2D(dropout)(end(x, dropout)))
)
answers.wrong("single pixels are dropped, not whole channels", 3 / 4)(
    block(end=lambda x, dropout: layers.Dropout(dropout)(layers.BatchNormalization(momentum=0.9)(x)))
)
answers.wrong("single pixels are dropped, not whole channels")(
    block(end=lambda x, dropout: layers.BatchNormalization(momentum=0.9)(layers.Dropout(dropout)(x)))
)
for noise in (layers.GaussianNoise, layers.GaussianDropout):
    answers.wrong("noise in place of dropout", 3 / 4)(
        block(end=lambda x, dropout, noise=noise: noise(dropout)(layers.BatchNormalization(momentum=0.9)(x)))
    )
answers.wrong("dropout when predicting")(
    block(end=lambda x, dropout: layers.SpatialDropout2D(dropout)(end(x, 0), training=True))
)
answers.wrong("the size must be known beforehand")(
    block(up=lambda x, filters: layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x))
)
answers.wrong("`filters` stands in the place of the kernel")(block(up=lambda x, filters: transposed(2, filters)(x)))
