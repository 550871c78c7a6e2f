"""Looks at exercise 2.1, `decoder_block`: what comes from where, and what is done with it."""

import numpy as np

from lungseg_course.chapters.chapter_2.block import (
    SKIP,
    X,
    explain_the_join,
    make_block,
    tried_with,
    wrong_shape,
)
from lungseg_course.chapters.chapter_2.networks import ADDED, answer_of, choose_weights, mistake, same
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, trying


@same_chance()
def look_at_the_values(decoder_block, rng):
    filters = 4
    x, skip = rng.normal(size=(2, *X)), rng.normal(size=(2, *SKIP))
    with trying(tried_with(filters), lambda error: explain_the_join(error, filters)):
        model, shape = make_block(decoder_block, filters)
        choose_weights(model, rng)
        result = answer_of(model, [x, skip])
        if result.shape != (2, *SKIP[:2], filters):
            raise _wrong_count(result, shape, filters)
    blank = "0 in place of"
    with trying(f"{tried_with(filters)}, once with {blank} the skip"):
        without_skip = answer_of(model, [x, 0 * skip])
        if same(result, without_skip):
            raise mistake(
                "the skip is not used",
                "What the encoder has seen at this size is lost: the skip is handed over and goes nowhere.",
                "Concatenate `skip` with what the transposed convolution gave, and go on with the result of that.",
                "the same result for both",
                "two results",
            )
    with trying(f"{tried_with(filters)}, once with {blank} x"):
        if same(result, answer_of(model, [0 * x, skip])):
            raise mistake(
                "what comes from below is not used",
                "The result depends on the skip alone, so all that the deeper levels know is lost.",
                "Does each line go on with what the line before has made? Join the enlarged `x`, not the skip twice.",
                "the same result for both",
                "two results",
            )
    with trying(f"{tried_with(filters)}, with kernels of our own"):
        _expect_no_product(model, skip)
        _expect_activation(model, x, skip, result, without_skip)
        _expect_neighbours(model, x, skip, result)
        _expect_full_size(model, rng)
        _expect_no_sum(decoder_block, rng)


def _wrong_count(result, shape, filters: int) -> Wrong:
    if result.shape[0] == 4:
        return mistake(
            "concatenated along the batch",
            "Two images went in and four came out: the skips stand behind the images, as if they were other cases.",
            "The axes are (batch, height, width, channels). Which one may grow?",
            f"shape {result.shape}",
            f"shape {(2, *SKIP[:2], filters)}",
        )
    return wrong_shape(result.shape[1:], filters)


def _expect_no_product(model, skip) -> None:
    nothing = np.zeros((len(skip), *X))
    if same(answer_of(model, [nothing, skip]), answer_of(model, [nothing, 0 * skip])):
        raise mistake(
            "multiplied, not concatenated",
            "Where one of the two is 0, nothing of the other one is left.",
            ADDED[2],
            "with 0 in place of x, the same result for every skip",
            "a result that still depends on the skip",
        )


def _expect_no_sum(decoder_block, rng) -> None:
    """Look whether whatever x does could also be done by the skip, as with a sum of the two."""
    x, skip = (2, 3, X[2]), (4, 6, SKIP[2])
    model, _ = make_block(decoder_block, 16, x=x, skip=skip)  # more numbers come out than go in
    choose_weights(model, rng)
    inputs = [rng.normal(size=(1, *x)), rng.normal(size=(1, *skip))]
    before, effects = answer_of(model, inputs), []
    for place, array in enumerate(inputs):
        batch = [np.repeat(other, array.size, axis=0) for other in inputs]
        batch[place] = array + 1e-3 * np.eye(array.size).reshape(-1, *array.shape[1:])  # each number in turn
        effects.append((answer_of(model, batch) - before).reshape(array.size, -1).T)
    of_x, of_skip = effects
    rest = of_x - of_skip @ np.linalg.lstsq(of_skip, of_x, rcond=1e-3)[0]
    if np.linalg.norm(rest) < 0.1 * np.linalg.norm(of_x):
        raise mistake(
            ADDED[0],
            "A sum mixes the two, so that no later layer can tell them apart: whatever x does to the result, a change "
            "of the skip can do as well. Concatenation lays one behind the other.",
            ADDED[2],
            "the same effects for x and for the skip",
            "effects of their own",
        )


def _expect_full_size(model, rng) -> None:
    """Look whether a pixel of the skip has the same effect wherever it lies."""
    skips = np.zeros((2, *SKIP))
    skips[0, 4, 5] = skips[1, 4, 6] = rng.normal(size=SKIP[2])
    here, beside = answer_of(model, [np.zeros((2, *X)), skips])
    if not same(here[:, 2:8], beside[:, 3:9]):
        raise mistake(
            "the skip is made smaller",
            "Something moves by one pixel in the skip, and the result does not follow: on its way the skip was halved, "
            "and the detail that it should bring is gone.",
            "Leave the skip as it is, and enlarge what comes from below.",
            "another result for a pixel that lies beside",
            "the same, one pixel beside",
        )


def _expect_activation(model, x, skip, result, without_skip) -> None:
    # Without an activation on its way, the skip would enter as in a straight line.
    doubled = answer_of(model, [x, 2 * skip])
    if same(doubled - result, result - without_skip):
        straight = same(-answer_of(model, [-x, 0 * skip]), without_skip)
        raise mistake(
            "no ReLU" if straight else "no ReLU after the join",
            "Twice the skip has twice the effect, exactly: the convolution after the join has no activation, "
            "and several convolutions in a row are then no more than a single one.",
            'Give the convolution after the join `activation="relu"`.',
            "a result that follows the skip in a straight line",
            "a bend, at 0",
        )
    large, larger = (answer_of(model, [factor * x, factor * skip]) for factor in (1e4, 2e4))
    if np.abs(larger).mean() > 1.5 * np.abs(large).mean():
        return
    cause, at_most = "a result that does not grow", np.abs(large).max()
    if at_most < 1.01:
        cause = "a sigmoid in place of ReLU" if large.min() > -0.01 else "tanh in place of ReLU"
        if np.allclose(large.sum(axis=-1), large.sum(axis=-1).mean(), atol=0.01):
            cause = "softmax in place of ReLU"
    raise mistake(
        cause,
        "Inputs twice as large give the same result, so that most of what they say is lost, and gradients with it."
        if at_most < 1.01
        else "Another normalisation, or an activation with a bound? Batch normalisation, when predicting, "
        "multiplies by fixed numbers.",
        "ReLU inside the network; the sigmoid is for the output alone."
        if at_most < 1.01
        else "Use ReLU, and `layers.BatchNormalization`.",
        f"values up to {at_most:.3g} for huge inputs",
        "a result that grows with its inputs",
    )


def _expect_neighbours(model, x, skip, result) -> None:
    changed = np.zeros(SKIP[:2], dtype=bool)
    for amount in (-30, 30):
        touched = skip.copy()
        touched[:, 4, 6] += amount
        changed |= np.abs(answer_of(model, [x, touched]) - result).max(axis=(0, 3)) > 1e-5
    if changed.sum() == 1:
        raise mistake(
            "the convolution after the join sees no neighbours",
            "A change in one pixel of the skip changes this one pixel of the result: its kernel is 1 × 1.",
            "Give it a kernel of 3.",
            "1 pixel of the result changes with 1 of the skip",
            "3 × 3 or more",
        )
