"""Wrong answers to exercise 2.1, `decoder_block`: the shape is right, and what comes out is not."""

from keras import layers

from answers import Answers
from answers.chapter_2.decoder_block_parts import convolution, end, transposed

answers = Answers("2.1", slow=True)


@answers.wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    x = transposed(filters)(x)
    return end(convolution(filters)(x), dropout)


@answers.wrong("the skip is not used")
def _(x, skip, filters, dropout=0.0):
    up = transposed(filters)(x)
    layers.Concatenate()([up, skip])
    return end(convolution(filters)(up), dropout)


@answers.wrong("what comes from below is not used", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    transposed(filters)(x)
    both = layers.Concatenate()([skip, skip])
    return end(convolution(filters)(both), dropout)


@answers.wrong("no ReLU", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(layers.Conv2D(filters, 3, padding="same")(x), dropout)


@answers.wrong("no ReLU after the join")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters, activation="relu")(x), skip])
    return end(layers.Conv2D(filters, 3, padding="same")(x), dropout)


@answers.wrong("a sigmoid in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="sigmoid")(x), dropout)


@answers.wrong("tanh in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="tanh")(x), dropout)


@answers.wrong("softmax in place of ReLU")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, activation="softmax")(x), dropout)


@answers.wrong("the convolution after the join sees no neighbours")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters, 1)(x), dropout)


@answers.wrong("no batch normalisation", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return layers.SpatialDropout2D(dropout)(convolution(filters)(x))


@answers.wrong("no batch normalisation")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = convolution(filters)(x)
    layers.BatchNormalization()(x)
    return layers.SpatialDropout2D(dropout)(x)


@answers.wrong("a result that does not grow")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.LayerNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x)


@answers.wrong("it normalises with the batch when predicting")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x), training=True)
    return layers.SpatialDropout2D(dropout)(x)


@answers.wrong("normalised along the wrong axis")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization(axis=1)(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x)


@answers.wrong("the size must be known beforehand")
def _(x, skip, filters, dropout=0.0):
    x = layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x)
    x = layers.Concatenate()([x, skip])
    return end(convolution(filters)(x), dropout)


@answers.wrong("no dropout", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return layers.BatchNormalization()(convolution(filters)(x))


@answers.wrong("no dropout")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.0)


@answers.wrong("dropout although it is 0")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.1)


@answers.wrong("everything is dropped")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 1 - dropout)


@answers.wrong("another rate of dropout", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), dropout / 2)


@answers.wrong("another rate of dropout")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    return end(convolution(filters)(x), 0.5 if dropout else 0)


@answers.wrong("single pixels are dropped, not whole channels", 3 / 4)
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.Dropout(dropout)(x)


@answers.wrong("single pixels are dropped, not whole channels")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.Dropout(dropout)(x)
    return layers.BatchNormalization()(convolution(filters)(x))


@answers.wrong("dropout when predicting")
def _(x, skip, filters, dropout=0.0):
    x = layers.Concatenate()([transposed(filters)(x), skip])
    x = layers.BatchNormalization()(convolution(filters)(x))
    return layers.SpatialDropout2D(dropout)(x, training=True)
