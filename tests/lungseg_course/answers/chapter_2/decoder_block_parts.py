"""What many answers to exercise 2.1, `decoder_block`, are made of."""

from keras import layers


def transposed(filters, kernel=2, **settings):
    return layers.Conv2DTranspose(filters, kernel, **{"strides": 2, "padding": "same", **settings})


def convolution(filters, kernel=3, **settings):
    return layers.Conv2D(filters, kernel, **{"padding": "same", "activation": "relu", **settings})


def end(x, dropout):
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


def block(
    up=lambda x, filters: transposed(filters)(x),
    join=lambda x, skip: layers.Concatenate(axis=-1)([x, skip]),
    after=lambda x, filters: convolution(filters)(x),
    end=end,
):
    """The right block, for answers that go wrong in one step."""

    def decoder_block(x, skip, filters, dropout=0.0):
        return end(after(join(up(x, filters), skip), filters), dropout)

    return decoder_block
