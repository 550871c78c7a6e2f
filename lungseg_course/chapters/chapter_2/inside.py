"""Looks at exercise 2.1, `decoder_block`: what comes from where, and what is done with it."""

from functools import partial

import numpy as np

from lungseg_course.chapters.chapter_2.block import BUILDING, SHAPES, SKIP, Block, X, look, shape_case, tried_with
from lungseg_course.chapters.chapter_2.joins import only_adds
from lungseg_course.chapters.chapter_2.networks import ADDED, AXES, CONCATENATE, agree, compared, differ, same
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import When
from lungseg_course.engine.table import Case


def _first_shape(block: Block, rng, inputs: list) -> tuple:
    block.choose_weights(rng)
    return block(inputs).shape


def _bends(block: Block, x, skip) -> tuple[np.ndarray, ...]:
    """Return what more skip changes, twice: in a straight line the same; and two results that agree without a ReLU."""
    result, nothing = block([x, skip]), block([x, 0 * skip])
    return block([x, 2 * skip]) - result, result - nothing, -block([-x, 0 * skip]), nothing


def _if_bounded(block: Block, x, skip) -> np.ndarray | None:
    """Return the result of huge inputs if that of inputs twice as large is no larger."""
    large, larger = (block([factor * x, factor * skip]) for factor in (1e4, 2e4))
    return None if np.abs(larger).mean() > 1.5 * np.abs(large).mean() else large


def _changed_pixels(block: Block, x, skip) -> int:
    """Return how many pixels of the result change with one of the skip."""
    changed, before = np.zeros(SKIP[:2], dtype=bool), block([x, skip])
    for amount in (-30, 30):
        touched = skip.copy()
        touched[:, 4, 6] += amount
        changed |= np.abs(block([x, touched]) - before).max(axis=(0, 3)) > 1e-5
    return int(changed.sum())


def _moved_pixel(block: Block, pixel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the surroundings of a pixel of the skip, and of the same pixel when it lies beside."""
    skips = np.zeros((2, *SKIP))
    skips[0, 4, 5] = skips[1, 4, 6] = pixel
    here, beside = block([np.zeros((2, *X)), skips])
    return here[:, 2:8], beside[:, 3:9]


def _effects_of_its_own(block: Block, rng) -> float:
    """Return the share of the effects of x that the skip could not have as well; of a sum of the two it is 0."""
    block.choose_weights(rng)
    inputs = [rng.normal(size=(1, *shape)) for shape in block.shapes]
    before, effects = block(inputs), []
    for place, array in enumerate(inputs):
        batch = [np.repeat(other, array.size, axis=0) for other in inputs]
        batch[place] = array + 1e-3 * np.eye(array.size).reshape(-1, *array.shape[1:])  # each number in turn
        effects.append((block(batch) - before).reshape(array.size, -1).T)
    of_x, of_skip = effects
    rest = of_x - of_skip @ np.linalg.lstsq(of_skip, of_x, rcond=1e-3)[0]
    return float(np.linalg.norm(rest) / np.linalg.norm(of_x))


def _is_squashed(out: Outcome) -> bool:
    return out.result is not None and np.abs(out.result).max() < 1.01


def _squashed_by(out: Outcome) -> str:
    total = out.result.sum(axis=-1)
    if np.allclose(total, total.mean(), atol=0.01):
        return "softmax"
    return "a sigmoid" if out.result.min() > -0.01 else "tanh"


# fmt: off
BATCH = When("concatenated along the batch", lambda out: out.result[0] == 4,
             "Two images went in and four came out: the skips stand behind the images, as if they were other cases.",
             AXES, received=lambda out: f"shape {out.result}", expected=lambda out: f"shape {(2, *out.right)}")
NO_SKIP = When("the skip is not used", agree,
               "What the encoder has seen at this size is lost: the skip is passed and goes nowhere.",
               "Concatenate the result of the transposed convolution with `skip`, and go on from there.",
               received="the same result for both", expected="two results")
NOTHING_FROM_BELOW = When(
    "what comes from below is not used", agree,
    "The result depends on the skip alone, so all that the deeper levels know is lost.",
    "Does each line go on with what the line before has made? Join the enlarged `x`, not the skip twice.",
    received="the same result for both", expected="two results")
PRODUCT = When("multiplied, not concatenated", agree, "Where one of the two is 0, nothing of the other one is left.",
               CONCATENATE, received="with 0 in place of x, the same result for every skip",
               expected="a result that still depends on the skip")
NO_RELU = When(lambda out: "no ReLU" if same(*out.result[2:]) else "no ReLU after the join",
               lambda out: same(*out.result[:2]),
               "Twice the skip has twice the effect, exactly: the convolution after the join has no activation, and "
               "several convolutions in a row are then no more than a single one.",
               'Give the convolution after the join `activation="relu"`.',
               received="a result that follows the skip in a straight line", expected="a bend, at 0")
huge = partial(When, received=lambda out: f"values up to {np.abs(out.result).max():.3g} for huge inputs",
               expected="a result that grows with its inputs")
BOUNDED = (
    huge(lambda out: f"{_squashed_by(out)} in place of ReLU", _is_squashed,
         "Inputs twice as large give the same result, so that most of what they say is lost, and gradients with it.",
         "ReLU inside the network; the sigmoid is for the output alone."),
    huge("a result that does not grow", lambda out: out.result is not None,
         "Another normalisation, or an activation with a bound? Batch normalisation, when predicting, multiplies by "
         "fixed numbers.", "Use ReLU, and `layers.BatchNormalization`."),
)
KERNEL_1 = When("the convolution after the join sees no neighbours", lambda out: out.result == 1,
                "A change in one pixel of the skip changes this one pixel of the result: its kernel is 1 × 1.",
                "Give it a kernel of 3.", received="1 pixel of the result changes with 1 of the skip",
                expected="3 × 3 or more")
SMALL_SKIP = When("the skip is made smaller", differ,
                  "Something moves by one pixel in the skip, and the result does not follow: on its way the skip was "
                  "halved, and the detail that it should bring is gone.",
                  "Leave the skip as it is, and enlarge what comes from below.",
                  received="another result for a pixel that lies beside", expected="the same, one pixel beside")
SUM = When(ADDED[0], lambda out: out.result < 0.1,
           "A sum mixes the two, so that no later layer can tell them apart: whatever x does to the result, a change "
           "of the skip can do as well. Concatenation lays one behind the other.", CONCATENATE,
           received="the same effects for x and for the skip", expected="effects of their own")
PROJECTED = When(ADDED[0], lambda out: out.result,
                 "The skip was given as many channels as x, and added. A sum mixes the two in the same channels; "
                 "concatenation keeps them apart, and the convolution after it finds out what to do with each.",
                 CONCATENATE, received="a sum of x and the skip", expected="the channels of both, one behind the other")
# fmt: on


@look()
def look_at_the_values(rng):
    """What comes from where, and what is done with it."""
    x, skip = rng.normal(size=(2, *X)), rng.normal(size=(2, *SKIP))
    block, tried = Block(4), tried_with(4)
    yield Case(block, tried=tried, rows=BUILDING)
    yield shape_case(block, _first_shape, rng, [x, skip], tried=tried, rows=(BATCH, *SHAPES))
    blank = f"{tried}, once with 0 in place of"
    yield Case(block, compared, [x, skip], [x, 0 * skip], tried=f"{blank} the skip", rows=[NO_SKIP])
    yield Case(block, compared, [x, skip], [0 * x, skip], tried=f"{blank} x", rows=[NOTHING_FROM_BELOW])
    yield Case(block, only_adds, tried=tried, rows=[PROJECTED])
    tried += ", with kernels of our own"
    yield Case(block, compared, [0 * x, skip], [0 * x, 0 * skip], tried=tried, rows=[PRODUCT])
    yield Case(block, _bends, x, skip, tried=tried, rows=[NO_RELU])
    yield Case(block, _if_bounded, x, skip, tried=tried, rows=BOUNDED)
    yield Case(block, _changed_pixels, x, skip, tried=tried, rows=[KERNEL_1])
    yield Case(block, _moved_pixel, rng.normal(size=SKIP[2]), tried=tried, rows=[SMALL_SKIP])
    small = Block(16, x=(2, 3, X[2]), skip=(4, 6, SKIP[2]))  # more numbers come out than go in
    yield Case(small, _effects_of_its_own, rng, tried=tried, rows=[SUM])
