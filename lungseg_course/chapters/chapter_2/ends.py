"""Looks at exercise 2.1, `decoder_block`: its end, normalisation and dropout."""

from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_2.block import ANY_SIZE, SKIP, Block, X, look
from lungseg_course.chapters.chapter_2.networks import (
    AS_IT_IS,
    KERAS_KNOWS,
    LAYERS,
    agree,
    compared,
    differ,
    is_a,
    same,
)
from lungseg_course.engine.describing import describe
from lungseg_course.engine.rows import When
from lungseg_course.engine.table import Case


def _mixed_pixels(block: Block, inputs: list) -> np.ndarray | None:
    """Return pixels of a channel of which some are dropped in training and others not, if there are any."""
    for _ in range(2):
        inner = block(inputs, True)[:, 4:-4, 4:-4]
        if not same(inner[:, 2:, 2:], inner[:, :-2, :-2]):
            spread = inner.std(axis=(1, 2))
            image, channel = np.unravel_index(spread.argmax(), spread.shape)
            return inner[image, 0, ::2, channel]
    return None


def _noise_in(block: Block) -> str:
    """Return the name of a layer of noise in a block without dropout, "" if there is none."""
    names = [type(layer).__name__ for layer in block.model._flatten_layers()]
    noise = [name for name in names if name in ("GaussianNoise", "GaussianDropout")]
    return "" if block.dropouts() or not noise else noise[0]


def _rows_reached(block: Block, x, skip) -> int:
    """Return how many rows of the result change with one pixel of x."""
    changed = x.copy()
    changed[:, 4, 4] += 30
    reach = np.abs(block([changed, skip]) - block([x, skip])).max(axis=(0, 2, 3)) > 1e-4
    return int(reach.sum())


def _predict(block: Block, rng, x, skip) -> None:
    """Note what comes out when predicting, as training will move the averages."""
    block.choose_weights(rng)
    block.noted = block([x, skip], None), block([x[:1], skip[:1]], None)


def _other_momentum(block: Block) -> float | None:
    """Return the momentum of a normalisation that has another than the text asks for; of one's own nothing is known."""
    momenta = [layer.momentum for layer in block.model._flatten_layers() if is_a(layer, "BatchNormalization")]
    return next((momentum for momentum in momenta if not np.isclose(momentum, MOMENTUM)), None)


def _other_rates(block: Block) -> list:
    return [layer for layer in block.dropouts() if layer.rate and not np.isclose(layer.rate, block.dropout)]


def _in_a_row(block: Block) -> list:
    """Return the dropout layers that drop again of what another one has just left."""

    def drops(operation) -> bool:
        return is_a(operation, "Dropout") and operation.rate > 0

    def before(layer) -> list:
        return [tensor._keras_history.operation for node in layer._inbound_nodes for tensor in node.input_tensors]

    return [layer for layer in block.dropouts() if drops(layer) and any(map(drops, before(layer)))]


MOMENTUM = 0.9
momentum = partial(When, of=lambda out: out.result, received=lambda out: f"a momentum of {out.result:.3g}",
                   expected=f"momentum={MOMENTUM}")  # fmt: skip

# fmt: off
MOMENTA = (
    momentum("momentum as PyTorch counts it", lambda found: np.isclose(found, 1 - MOMENTUM),
             "In Keras, momentum is the share of the running average that stays; in PyTorch, the share that is new. "
             "With 0.1 the averages remember a batch or two.", f"Write `momentum={MOMENTUM}`."),
    momentum("the momentum is left at its default", lambda found: np.isclose(found, 0.99),
             "With 0.99 the running averages remember some hundred batches. An epoch of this course has about 30, so "
             "that the validation score would look poor although the network is good.",
             f"Write `layers.BatchNormalization(momentum={MOMENTUM})`."),
    momentum("another momentum", lambda found: True, "It says how long the running averages remember.",
             f"Write `layers.BatchNormalization(momentum={MOMENTUM})`."),
)
DROPOUT_AT_0 = (
    When("everything is dropped", lambda out: not np.nan_to_num(out.result[0]).any(),
         "`dropout` is the share that becomes 0. Is it `1 - dropout` in your block? That is the share that stays.",
         AS_IT_IS, received="zeros everywhere", expected="nothing is dropped, as dropout=0.0"),
    When("dropout although it is 0", differ,
         "Chance plays a part. Either the rate is written as a number, or another layer of chance is in the block.",
         "Give the dropout layer the argument `dropout`.", received="two results", expected="the same twice"),
)
BATCH = When("it normalises with the batch when predicting", differ,
             "The result for an image depends on which others are with it. When predicting, the running averages of "
             "the training should be used.", KERAS_KNOWS,
             received="two results for the same image", expected="the same")
NO_BATCH = When("no batch normalisation", agree,
                "In training, each channel should be brought to a common scale with the mean and the variance of the "
                "batch. Nothing of the kind happens.",
                "Put `layers.BatchNormalization(momentum=0.9)` near the end of the block, and call it.",
                received="the same result", expected="two results: a normalised one in training")
PREDICTING = When("dropout when predicting", differ,
                  "The same image gets another result each time. Dropout is for the training alone.", KERAS_KNOWS,
                  received="two results", expected="the same twice")
NONE = When("no dropout", agree, "Half of the channels should be 0, others each time. Nothing happens by chance.",
            "End the block with `layers.SpatialDropout2D`, with the argument `dropout`.",
            received="the same twice", expected="two results")
KERNEL = When("`filters` stands in the place of the kernel", lambda out: out.result > 13,
              "A pixel from below should have an effect on its neighbourhood, and has one on all of the result.",
              "First the filters, then the kernel: `layers.Conv2DTranspose(filters, 2, ...)`.",
              received=lambda out: f"{out.result} of 16 rows change", expected="a few rows")
PIXELS = When("single pixels are dropped, not whole channels", lambda out: out.result is not None,
              "Some pixels of a channel are 0 and others are not, as with `layers.Dropout`. They can be guessed from "
              "their neighbours, so the network learns little from it.",
              "Use the spatial kind, `layers.SpatialDropout2D`.", expected="whole channels are 0",
              received=lambda out: f"one channel, four of its pixels: {describe(np.round(out.result, 2))}")
NOISE = When("noise in place of dropout", lambda out: out.result is not None and _noise_in(out.args[0]),
             lambda out: f"`{out.found}` changes each pixel by chance, and takes no channel away.",
             "Use `layers.SpatialDropout2D`.", expected="whole channels are 0", received=PIXELS.received)
RATE = When("another rate of dropout", lambda out: out.result,
            "`dropout` is the share of the channels that become 0. Your layer has a rate of its own.", AS_IT_IS,
            received=lambda out: f"a {type(out.found[0]).__name__} with a rate of {out.found[0].rate:.3g}",
            expected=lambda out: f"a rate of {out.args[0].dropout}")
TWICE = When("dropout twice in a row", lambda out: out.result,
             "Of the channels that the first layer leaves, the second one drops its share again. With a rate of 0.3 "
             "each, half of the channels are gone.", "Leave one of the two out.",
             received=lambda out: f"a {type(out.result[0]).__name__} right behind another", expected="one of them")
# fmt: on


@look()
def look_at_the_normalisation(rng):
    """Whatever comes in is brought to a common scale in training, and not when predicting."""
    x, skip = rng.normal(1, 3, size=(3, *X)), rng.normal(1, 3, size=(3, *SKIP))
    block = Block(4, x=(None, None, X[2]), skip=(None, None, SKIP[2]))
    tried = "decoder_block(x, skip, 4, dropout=0.0)"
    any_size = f"{tried}, with x and skip of any height and width"
    yield Case(block, tried=any_size, rows=ANY_SIZE)
    yield Case(block, _predict, rng, x, skip, tried=any_size, rows=LAYERS)
    yield Case(block, compared, [x, skip], [x, skip], True, tried=f"{tried}, in training, twice", rows=DROPOUT_AT_0)
    alone = f"{tried}, when predicting: one image alone, and the same among others"
    yield Case(block, lambda block: (block.noted[0][:1], block.noted[1]), tried=alone, rows=[BATCH])
    both = f"{tried}, in training and when predicting"
    yield Case(block, lambda block: (block.noted[0], block([x, skip], True)), tried=both, rows=[NO_BATCH])
    yield Case(block, _other_momentum, tried=f"{tried}: the momentum of its batch normalisation", rows=MOMENTA)


@look()
def look_at_the_dropout(rng):
    """Whole channels are dropped, as many as asked for, in training."""
    # The same value in all pixels of a channel: then single pixels that are dropped stand out. What remains is the
    # pattern of the transposed convolution, which repeats after two pixels.
    x = np.broadcast_to(rng.normal(1, 1, size=(2, 1, 1, X[2])), (2, 8, 8, X[2]))
    skip = np.broadcast_to(rng.normal(1, 1, size=(2, 1, 1, SKIP[2])), (2, 16, 16, SKIP[2]))
    block, tried = Block(16, 0.5, x.shape[1:], skip.shape[1:]), "decoder_block(x, skip, 16, dropout=0.5)"
    yield Case(block, tried=tried, rows=ANY_SIZE)
    yield Case(block, Block.choose_weights, rng, tried=tried)
    pair = [x, skip], [x, skip]
    yield Case(block, compared, *pair, None, tried=f"{tried}, when predicting, twice", rows=[PREDICTING])
    yield Case(block, compared, *pair, True, tried=f"{tried}, in training, twice", rows=[NONE])
    reach = f"{tried}, once with one pixel of x changed, when predicting"
    yield Case(block, _rows_reached, x, skip, tried=reach, rows=[KERNEL])
    in_all = f"{tried}, in training, with x and skip that are the same in all pixels"
    yield Case(block, _mixed_pixels, [x, skip], tried=in_all, rows=[NOISE, PIXELS])
    block, tried = Block(4, 0.3), "decoder_block(x, skip, 4, dropout=0.3)"
    yield Case(block, _other_rates, tried=tried, rows=[*LAYERS, RATE])
    yield Case(block, _in_a_row, tried=tried, rows=[TWICE])
