"""Looks at exercise 2.1, `decoder_block`: its end, normalisation and dropout."""

import numpy as np

from lungseg_course.chapters.chapter_2.block import SKIP, X, make_block
from lungseg_course.chapters.chapter_2.networks import (
    answer_of,
    choose_weights,
    dropouts_in,
    explain_layers,
    mistake,
    same,
)
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, describe, describe_error, trying


def _explain_size(error: Exception) -> Wrong | None:
    if isinstance(error, TypeError) and "None" in str(error):
        return mistake(
            "the size must be known beforehand",
            "A network may be made for any height and width: then these are None until an image comes. Your block "
            "calculates with them.",
            "A transposed convolution doubles whatever size comes, without being told.",
            describe_error(error),
            "a block for any size",
        )
    return explain_layers(error)


@same_chance()
def look_at_the_normalisation(decoder_block, rng):
    filters = 4
    x, skip = rng.normal(1, 3, size=(3, *X)), rng.normal(1, 3, size=(3, *SKIP))
    tried = "decoder_block(x, skip, 4, dropout=0.0)"
    with trying(f"{tried}, with x and skip of any height and width", _explain_size):
        model, _ = make_block(decoder_block, filters, x=(None, None, X[2]), skip=(None, None, SKIP[2]))
        choose_weights(model, rng)
        predicting = answer_of(model, [x, skip], training=None)
        alone = answer_of(model, [x[:1], skip[:1]], training=None)
    with trying(f"{tried}, in training, twice"):
        _expect_no_dropout(model, x, skip)
        training = answer_of(model, [x, skip], training=True)
    with trying(f"{tried}, when predicting: one image alone, and the same among others"):
        if not same(predicting[:1], alone):
            raise mistake(
                "it normalises with the batch when predicting",
                "The result for an image depends on which others are with it. When predicting, the running averages "
                "of the training should be used.",
                "Leave out `training=True`: Keras itself tells the layers whether it trains.",
                "two results for the same image",
                "the same",
            )
    with trying(f"{tried}, in training and when predicting"):
        if same(predicting, training):
            raise mistake(
                "no batch normalisation",
                "In training, each channel should be brought to a common scale with the mean and the variance of the "
                "batch. Nothing of the kind happens.",
                "Put `layers.BatchNormalization(momentum=0.9)` near the end of the block, and call it.",
                "the same result",
                "two results: a normalised one in training",
            )


def _expect_no_dropout(model, x, skip) -> None:
    once, twice = (answer_of(model, [x, skip], training=True) for _ in range(2))
    if not np.nan_to_num(once).any():
        raise mistake(
            "everything is dropped",
            "`dropout` is the share that becomes 0. Is it `1 - dropout` in your block? That is the share that stays.",
            "Give the dropout layer `dropout` as it is.",
            "zeros everywhere",
            "nothing is dropped, as dropout=0.0",
        )
    if not same(once, twice):
        raise mistake(
            "dropout although it is 0",
            "Chance plays a part. Either the rate is written as a number, or another layer of chance is in the block.",
            "Give the dropout layer the argument `dropout`.",
            "two results",
            "the same twice",
        )


@same_chance()
def look_at_the_dropout(decoder_block, rng):
    # The same value in all pixels of a channel: then single pixels that are dropped stand out. What remains is the
    # pattern of the transposed convolution, which repeats after two pixels.
    x = np.broadcast_to(rng.normal(1, 1, size=(2, 1, 1, X[2])), (2, 8, 8, X[2]))
    skip = np.broadcast_to(rng.normal(1, 1, size=(2, 1, 1, SKIP[2])), (2, 16, 16, SKIP[2]))
    tried = "decoder_block(x, skip, 16, dropout=0.5)"
    with trying(tried, _explain_size):
        model, _ = make_block(decoder_block, 16, 0.5, x=(8, 8, X[2]), skip=(16, 16, SKIP[2]))
        choose_weights(model, rng)
    with trying(f"{tried}, when predicting, twice"):
        if not same(*(answer_of(model, [x, skip], training=None) for _ in range(2))):
            raise mistake(
                "dropout when predicting",
                "The same image gets another result each time. Dropout is for the training alone.",
                "Leave out `training=True`: Keras itself tells the layers whether it trains.",
                "two results",
                "the same twice",
            )
    with trying(f"{tried}, in training, twice"):
        results = [answer_of(model, [x, skip], training=True) for _ in range(2)]
        if same(*results):
            raise mistake(
                "no dropout",
                "Half of the channels should be 0, others each time. Nothing happens by chance.",
                "End the block with `layers.SpatialDropout2D`, with the argument `dropout`.",
                "the same twice",
                "two results",
            )
    with trying(f"{tried}, once with one pixel of x changed, when predicting"):
        changed = x.copy()
        changed[:, 4, 4] += 30
        reach = np.abs(answer_of(model, [changed, skip]) - answer_of(model, [x, skip])).max(axis=(0, 2, 3)) > 1e-4
        if reach.sum() > 13:
            raise mistake(
                "`filters` stands in the place of the kernel",
                "A pixel from below should have an effect on its neighbourhood, and has one on all of the result.",
                "First the filters, then the kernel: `layers.Conv2DTranspose(filters, 2, ...)`.",
                f"{reach.sum()} of 16 rows change",
                "a few rows",
            )
    with trying(f"{tried}, in training, with x and skip that are the same in all pixels"):
        for result in results:
            inner = result[:, 4:-4, 4:-4]
            if not same(inner[:, 2:, 2:], inner[:, :-2, :-2]):
                raise mistake(
                    "single pixels are dropped, not whole channels",
                    "Some pixels of a channel are 0 and others are not, as with `layers.Dropout`. They can be guessed "
                    "from their neighbours, so the network learns little from it.",
                    "Use the spatial kind, `layers.SpatialDropout2D`.",
                    f"one channel, four of its pixels: {describe(np.round(_most_mixed(inner), 2))}",
                    "whole channels are 0",
                )
    _expect_the_rate(decoder_block, dropout=0.3)


def _expect_the_rate(decoder_block, dropout: float) -> None:
    with trying(f"decoder_block(x, skip, 4, dropout={dropout})", _explain_size):
        model, _ = make_block(decoder_block, 4, dropout)
        for layer in dropouts_in(model):
            if layer.rate and not np.isclose(layer.rate, dropout):
                raise mistake(
                    "another rate of dropout",
                    "`dropout` is the share of the channels that become 0. Your layer has a rate of its own.",
                    "Give the dropout layer `dropout` as it is.",
                    f"a {type(layer).__name__} with a rate of {layer.rate:.3g}",
                    f"a rate of {dropout}",
                )


def _most_mixed(inner) -> np.ndarray:
    spread = inner.std(axis=(1, 2))
    image, channel = np.unravel_index(spread.argmax(), spread.shape)
    return inner[image, 0, ::2, channel]
