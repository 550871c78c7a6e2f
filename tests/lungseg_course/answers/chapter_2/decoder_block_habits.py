"""Exercise 2.1, `decoder_block`: another momentum, other arguments than the text asks for, and habits of PyTorch."""

from keras import layers

from answers import Answers
from answers.chapter_2.decoder_block_parts import block, convolution, transposed
from lungseg.unet import end_of_block

answers = Answers("2.1", slow=True)


def ending(**settings):
    """The right block, but for the settings of its normalisation."""
    return block(end=lambda x, rate: layers.SpatialDropout2D(rate)(layers.BatchNormalization(**settings)(x)))


answers.right(block(up=lambda x, filters: transposed(filters, 4)(x), end=lambda x, rate: end_of_block(x, rate, None)))
answers.wrong("the momentum is left at its default", 3 / 4)(ending())
answers.wrong("the momentum is left at its default")(ending(epsilon=0.9))
answers.wrong("momentum as PyTorch counts it")(ending(momentum=0.1))
answers.wrong("another momentum")(ending(momentum=0.5))

answers.wrong("a number in place of `filters`", 3 / 4)(block(up=lambda x, filters: transposed(64)(x)))
answers.wrong("as many filters as channels came in")(block(after=lambda x, filters: convolution(x.shape[-1])(x)))
answers.wrong("stride 3")(block(after=lambda x, filters: layers.Conv2D(filters, 3, 3, padding="same")(x)))
answers.wrong("a layer for another number of axes")(block(after=lambda x, filters: layers.Conv1D(filters, 3)(x)))
answers.wrong("a rate that is no share")(block(end=lambda x, rate: layers.SpatialDropout2D(100 * rate + 30)(x)))
answers.wrong("`padding` stands in the place of `strides`")(
    block(after=lambda x, filters: layers.Conv2D(filters, 3, "same", "relu")(x))
)
answers.wrong("a padding that Keras does not know")(block(after=lambda x, filters: convolution(filters, padding=1)(x)))
answers.wrong("a number of filters that is not whole")(block(after=lambda x, filters: convolution(filters / 2)(x)))
answers.wrong("a size as number of filters")(
    block(
        up=lambda x, filters: transposed(filters)(x),
        after=lambda x, filters: convolution(filters)(convolution(None)(x)),
    )
)
answers.wrong("the tensor stands in the first parentheses")(block(end=lambda x, rate: layers.ReLU(x)))
answers.wrong("`kernel_size` of the layer is missing")(block(after=lambda x, filters: layers.Conv2D(filters)(x)))
