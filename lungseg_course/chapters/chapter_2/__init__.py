"""Notebook 2, the architecture: its exercises. Its questions are in `questions`."""

from lungseg_course.chapters.chapter_2 import any_size, block, ends, inside, shape, unet, use
from lungseg_course.chapters.chapter_2.questions import QUESTIONS
from lungseg_course.engine.exercises import Exercise

__all__ = ["EXERCISES", "QUESTIONS"]

EXERCISES = (
    Exercise(
        number="2.1",
        title="the decompression block",
        names=("decoder_block",),
        looks=(
            block.look_at_the_shape,
            inside.look_at_the_values,
            ends.look_at_the_normalisation,
            ends.look_at_the_dropout,
        ),
        praise="It doubles, it joins, and it ends in normalisation and dropout of whole channels.",
        hints=(
            "Write the shape of each result beside its line: what comes from below is half as high and half as wide "
            "as the skip.",
            "Five layers, each called with the result of the one before; the second one is called with a list of "
            "two, what came up and the skip. The last three are as in `encoder_block`, without stride.",
            '`x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)`, then '
            "`x = layers.Concatenate(axis=-1)([x, skip])`. The rest stands in `encoder_block`, from its second "
            "convolution on.",
        ),
        in_the_package=("lungseg.unet.decoder_block",),
    ),
    Exercise(
        number="2.2",
        title="build the U-Net",
        names=("build_unet",),
        looks=(
            shape.look_at_the_shape,
            use.look_at_the_probabilities,
            unet.look_at_the_levels,
            unet.look_at_the_skips,
            use.look_at_the_training,
            use.look_at_the_saving,
        ),
        praise="A U-Net: as many levels as asked for, each with its skip, and a probability for each pixel.",
        hints=(
            "Draw the U for depth 2: write height, width and channels beside each block, and an arrow for each skip.",
            "Four steps: the encoder block of level 0 with `strides=1`; a loop down over the levels 1 to depth, which "
            "puts `x` into `skips` before it goes on; a loop up over depth - 1 to 0; the output convolution.",
            "Down: `for level in range(1, depth + 1):` `skips.append(x)`, then "
            "`x = encoder_block(x, filters * 2**level, dropout=dropout)`. Up: `for level in reversed(range(depth)):` "
            'a decoder block with `skips[level]`. At the end `layers.Conv2D(1, 1, activation="sigmoid")(x)`.',
        ),
        in_the_package=("lungseg.unet.build_unet",),
    ),
    Exercise(
        number="2.3",
        title="any size",
        names=("predict_any_size",),
        looks=(any_size.look_at_the_size, any_size.look_at_the_place, any_size.look_at_a_size_that_works),
        praise="What is missing is added, and nobody notices afterwards.",
        hints=(
            "Three steps: add what is missing, predict, take it away again.",
            "`-height % step` rows are missing at the bottom, `-width % step` columns at the right. After the "
            "prediction keep the first `height` rows and `width` columns.",
            '`padded = np.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge")`; then '
            "`model.predict_on_batch(padded)`, and of its result `[:, :height, :width]`.",
        ),
        optional=True,
    ),
)
