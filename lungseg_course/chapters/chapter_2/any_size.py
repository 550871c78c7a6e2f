"""Looks at exercise 2.3, `predict_any_size`, with a stand-in for a network that notes what it is shown."""

import contextlib
import itertools
from functools import partial
from types import SimpleNamespace

import numpy as np

from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at


class Network:
    """Stands for one: it answers with the image itself, takes sizes that 2**depth divides, and notes how it is asked.

    It has the arguments of a Keras model and no others, so that those that Keras refuses are refused here, too.
    """

    def __init__(self, depth: int):
        self.step: int = 2**depth
        self.shown: list[np.ndarray] = []
        self.told_to_train = False

    @property
    def seen(self) -> list[tuple]:
        """The shapes of what it was shown."""
        return [images.shape for images in self.shown]

    def predict_on_batch(self, x) -> np.ndarray:
        images = np.asarray(x)
        if images.ndim != 4:
            raise ValueError(f"expected ndim=4, found ndim={images.ndim}. Full shape received: {images.shape}")
        self.shown.append(images)
        if any(size % self.step for size in images.shape[1:3]) or images.shape[3] != 1:
            raise DoesNotFit(f"{self.step} must divide height and width, of one channel, received {images.shape}")
        return images.astype("float32")

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None) -> np.ndarray:
        return self.predict_on_batch(x)

    def __call__(self, inputs, training: bool | None = None, mask=None):
        import keras

        self.told_to_train |= bool(training)
        return keras.ops.convert_to_tensor(self.predict_on_batch(inputs))


class DoesNotFit(ValueError):
    """What `Network` raises for images of another size than it takes."""


def _padding(out: Outcome) -> SimpleNamespace:
    """Return how much was added to each axis at last, how much is missing in height and width, and the step."""
    network, images, _ = out.args
    missing = tuple(-size % network.step for size in images.shape[1:3])
    more = tuple(np.subtract(network.seen[-1], images.shape))
    return SimpleNamespace(
        more=more,
        missing=missing,
        step=network.step,
        depth=out.args[2],
        shape=images.shape,
        is_to=lambda step: step > 1 and more[1:3] == tuple(-size % step for size in images.shape[1:3]),
    )


def _same_for_another_depth(out: Outcome) -> bool:
    """Whether more is added than is missing, and just as much for a network that is far deeper."""
    if not any(_padding(out).more):
        return False
    deeper = Network(10)
    with contextlib.suppress(Exception):  # it is shown what does not fit, or it cannot be padded in that way
        out.answer(deeper, out.args[1].copy(), 10)
    return deeper.seen[:1] == out.args[0].seen[:1]


def _wrong_shape(out: Outcome) -> SimpleNamespace | None:
    """Return the shape that came out with those of the images and of the padded ones, if it is wrong."""
    now, given, padded = out.value.shape, out.args[1].shape, (*out.args[0].seen, ())[0]
    return None if now == given else SimpleNamespace(now=now, given=given, padded=padded)


def _moved(out: Outcome) -> tuple[int, int] | None:
    """Return by how many rows and columns the answer is moved, if it is: below 0 to the top and to the left."""
    images = out.args[1]
    height, width = (min(size, FAR) for size in images.shape[1:3])
    for down, right in [] if out.is_right else itertools.product(range(1 - height, height), range(1 - width, width)):
        now, before = (
            array[:, max(sign * down, 0) : images.shape[1] + min(sign * down, 0)][
                :, :, max(sign * right, 0) : images.shape[2] + min(sign * right, 0)
            ]
            for array, sign in ((out.value, 1), (images, -1))
        )
        if now.size > 8 and np.allclose(now, before, atol=1e-4):
            return down, right
    return None


def _moved_in_words(out: Outcome) -> str:
    down, right = out.found
    if min(down, right) < 0:
        return (
            "The image lies elsewhere in the padded one than where it was cut out: it was kept from the end, perhaps."
        )
    return (
        f"It is {counted(down, 'row')} too low and {counted(right, 'column')} too far to the right: what was added in "
        "front is still there, and the end is cut off."
    )


def _shown_otherwise(out: Outcome) -> SimpleNamespace | None:
    """Return what the network was shown and the images, if these are not to be found in it."""
    if out.is_right or not out.args[0].shown:
        return None
    shown, images = out.args[0].shown[0], out.args[1]
    images = images[: len(shown)]
    height, width = images.shape[1:3]
    tops, lefts = (range(min(more, FAR) + 1) for more in np.subtract(shown.shape, images.shape)[1:3])
    for top, left in itertools.product(tops, lefts):
        if np.allclose(shown[:, top : top + height, left : left + width], images, atol=1e-4):
            return None
    ratios = shown[:, :height, :width] / images if shown.shape[1] >= height and shown.shape[2] >= width else np.zeros(2)
    return SimpleNamespace(shown=shown, images=images, ratios=ratios)


def _shown(out: Outcome, place: int) -> str:
    return "the network was shown {1} × {2}".format(*out.args[0].seen[place])


FAR = 40  # further apart nothing is looked for
CUT = ("Rows and columns are left out until the size fits; for these pixels there is no answer.",
       "Add what is missing with `np.pad`, and cut it off again afterwards.")  # fmt: skip
AXES = "The axes are (batch, height, width, channels), and so are the pairs of `np.pad`."

# fmt: off
unfit = partial(Raises, of=_padding, received=lambda out: f"{_shown(out, -1)}, which does not fit",
                expected=lambda out: f"a height and a width that {out.args[0].step} divides: "
                "{0} × {1}".format(*np.add(out.args[1].shape[1:3], _padding(out).missing)))
size = partial(When, of=_wrong_shape, received=lambda out: f"shape {out.value.shape}",
               expected=lambda out: f"shape {out.args[1].shape}, that of the images")
value = partial(When,
                why="The network here answers with the image itself, so each pixel should come back as it went in.",
                received=lambda out: describe(out.value[0, 0, :4, 0]),
                expected=lambda out: describe(out.args[1][0, 0, :4, 0]))
other = partial(When, of=_shown_otherwise, received="the network was shown other images",
                expected="the images, with something added beside")
SIZES = (
    unfit("not padded", "DoesNotFit", "The network gets the images as they are.",
          "Give it what `np.pad` returns, and take the sizes from the argument `images`.",
          when=lambda pad: not any(pad.more)),
    unfit("height and width are swapped", "DoesNotFit", "What is missing in height is added to the width.", AXES,
          when=lambda pad: pad.more[2:0:-1] == pad.missing and pad.more[1] != pad.more[2]),
    unfit("one number for all the axes", "DoesNotFit",
          "`np.pad(images, 3)` adds three in front and behind, along each axis: also of images and of channels.",
          "Give it a pair for each axis, `((0, 0), (0, down), (0, right), (0, 0))`.",
          when=lambda pad: pad.more[0] and pad.more[0] == pad.more[3]),
    unfit("another axis is padded", "DoesNotFit", "There are more images or channels than before.", AXES,
          when=lambda pad: pad.more[0] or pad.more[3]),
    unfit("what is missing is added on both sides", "DoesNotFit",
          "A pair `(down, down)` adds `down` rows above and as many below, which is twice what is missing.",
          "Write 0 for one of the two: `(0, down)`, `(0, right)`.",
          when=lambda pad: pad.more[1:3] == tuple(2 * size for size in pad.missing)),
    unfit("half of it on both sides, rounded down", "DoesNotFit",
          "Half of an odd number is not whole: of 3 missing rows, `3 // 2` above and below are 2.",
          "Give one side the rest: `(down // 2, down - down // 2)`; or add all of it on one side.",
          when=lambda pad: pad.more[1:3] == tuple(size // 2 * 2 for size in pad.missing)),
    unfit("the remainder is added", "DoesNotFit",
          "`height % step` is how much is too many; what is missing is the rest of a step.",
          "Use `-height % step`. For 13 and a step of 8 it is 3.",
          when=lambda pad: pad.more[1:3] == tuple(-size % pad.step for size in pad.missing)),
    unfit("only one of the two axes is padded", "DoesNotFit", "Height and width both must be multiples.",
          "Look at both pairs of `np.pad`.", when=lambda pad: (pad.more[1] == 0) != (pad.more[2] == 0)),
    unfit("the axes are counted from the batch", "DoesNotFit",
          "`images.shape[:2]` are the number of images and the height.", "Take `images.shape[1:3]`.",
          when=lambda pad: pad.more[1:3] == tuple(-size % pad.step for size in pad.shape[:2])),
    unfit("2 · depth in place of 2**depth", "DoesNotFit", "Each level halves: two of them make a quarter.",
          "Write `step = 2**depth`.", when=lambda pad: pad.is_to(2 * pad.depth)),
    unfit("`^` is not a power", "DoesNotFit", "In Python `^` combines the bits of two numbers.",
          "Write `step = 2**depth`.", when=lambda pad: pad.is_to(2 ^ pad.depth)),
    unfit("the argument `depth` is not used", "DoesNotFit", "The size fits a network of another depth.",
          "Write `step = 2**depth`.", when=lambda pad: any(pad.is_to(2**depth) for depth in range(1, 12))),
    unfit("not a multiple", "DoesNotFit",
          lambda out: f"Each level halves height and width, so that {out.args[0].step} must divide both.",
          "Print the shape before and after `np.pad`. What is missing is `-height % step`, not a fixed number; "
          "and `step` is `2**depth` (in Python `2 ^ 3` is 1)."),
    Raises("the pairs of `np.pad` do not fit the axes", "ValueError: remapped shapes|requested shape",
           "It wants a pair for each of the four axes: how much to add before and after. (`(3)` is 3 in parentheses, "
           "and no pair.)", "Write `((0, 0), (0, down), (0, right), (0, 0))`.", expected="four pairs"),
    Raises("a number below 0 in `np.pad`", "ValueError: can't contain negative",
           "The size that was worked out is smaller than the image: a fixed one may be, and one that `round` made.",
           "What is missing is `-height % step`, which is 0 or more.", expected="0 or more"),
    Raises("a fixed size", "ValueError: could not broadcast input array",
           lambda out: "The images do not fit into what was made for them: they have {1} × {2} pixels.".format(
               *out.args[1].shape), "Work out the size from `images.shape`, and the next multiple of `2**depth`.",
           expected="a size that follows from that of the images"),
    Raises("an image without its batch", "ValueError: ndim",
           "A network takes batches, even of a single image: four axes.", "Give it all the images at once.",
           expected=lambda out: f"images of shape {out.args[1].shape}"),
    When("told that it trains", lambda out: out.args[0].told_to_train,
         "With `training=True` the network drops channels by chance and normalises with the batch: the same image "
         "would get another answer each time, and one that depends on the images beside it.",
         "Leave `training` out, or use `predict_on_batch`.", received="a call with `training=True`",
         expected="a call as for predicting"),
    When("the images are changed", lambda out: out.result is not None and out.changed,
         "Whoever called the function still needs them.", "Work with the array that `np.pad` makes.",
         received="images with other values", expected="images that are as before"),
    size("cut, not padded", lambda shape: shape.padded and np.less(shape.padded, shape.given)[1:3].any(), *CUT),
    size("an empty result", lambda shape: 0 in shape.now,
         "Nothing was added along this axis, and a slice `[:-0]` is empty: -0 is 0.",
         "Count from the front: `[:, :height, :width]`."),
    size("the padding is not cut off", lambda shape: shape.now == shape.padded,
         "The answer is as large as the padded images.", "Take the first `height` rows and `width` columns of it."),
    size("one axis too many", lambda shape: len(shape.now) == 5,
         "The network gives a batch, even of one image. `np.stack` of batches makes a new axis in front of them.",
         "Use `np.concatenate`, which joins along the axis that is there; or predict all the images at once."),
    size("the channel axis is missing", lambda shape: shape.now in (shape.padded[:3], shape.given[:3]),
         "A single index takes an axis away; a slice keeps it.", "Leave the last axis as it is."),
    size("images are lost", lambda shape: shape.now[:1] != shape.given[:1],
         "The first axis counts the images.", "Slice height and width only: `[:, ..., ...]`."),
    size("height and width are swapped",
         lambda shape: shape.padded and shape.now[1:3] == tuple(map(min, shape.padded[1:3], shape.given[2:0:-1])),
         "Rows are cut by the width, or columns by the height.", AXES),
    size("another size comes back", lambda shape: True, "Each pixel of the image should have its probability.",
         "Keep the first `height` rows and `width` columns of what the network gave."),
)
VALUES = (
    value("the network is not asked", lambda out: not out.is_right and not out.args[0].shown,
          why="The answer was not made by `model`.", remedy="Call `model.predict_on_batch`, with the padded images."),
    other("cut, not padded", lambda told: any(np.less(told.shown.shape, told.images.shape)), *CUT),
    other("grey values as whole numbers", lambda told: not told.shown.any(),
          "All of them are 0: an array of integers cannot hold 0.3.", "Keep the type of `images`."),
    other("the grey values are scaled", lambda told: np.ptp(told.ratios) < 1e-3 < told.ratios.max(),
          "The images were normalised when they were prepared, and the network has learned from such.",
          "Pad the images as they are."),
    other("the network is shown another picture", lambda told: True,
          "The images are nowhere in what it was shown: `resize` and `reshape` change the picture.",
          "Make the padded images with `np.pad`, and change nothing else."),
    When("the answer is moved", _moved, _moved_in_words,
         "Add behind and cut behind; or, if you add in front, cut the same number there.",
         received="the first row and column of the padding", expected="those of the image"),
    value("rounded", lambda out: not out.is_right and set(np.unique(out.value)) <= {0, 1},
          remedy="Return the probabilities as the network gave them."),
    value("other values", lambda out: not out.is_right,
          remedy="Do you resize, or scale? Pad with `np.pad`, predict, and cut."),
)
FITS = When("padded although it fits",  # by more, up to a square, say, is a choice of one's own
            lambda out: _padding(out).more[1:3] == (out.args[0].step, out.args[0].step),
            lambda out: f"{out.args[0].step} divides 16 and 24: nothing is missing.",
            "`step - height % step` is a whole step where the remainder is 0; `-height % step` is 0 there.",
            received=lambda out: _shown(out, 0), expected="16 × 24, as they are")
larger = partial(When, of=_padding, received=lambda out: _shown(out, 0),
                 expected=lambda out: "{1} × {2}, as they are".format(*out.args[1].shape))
LARGER = (
    larger("a step twice as large", lambda pad: pad.is_to(2 * pad.step),
           lambda out: f"{out.args[0].step} divides height and width: nothing is missing. A network of depth 3 halves "
                       "three times.", "Write `step = 2**depth`: of the levels, the first one is not halved."),
    larger("the argument `depth` is not used", _same_for_another_depth,  # else, a choice of one's own
           lambda out: f"{out.args[0].step} divides height and width: nothing is missing. The network is shown the "
                       "same size whatever `depth` is, and one that is deep enough cannot take it.",
           "Write `step = 2**depth`.", of=lambda out: out),
)
# fmt: on

look = partial(look_at, "predict_any_size", kind=Numbers("probabilities"))


def _case(rng, height: int, width: int, depth: int, rows: tuple | None = None) -> Case:
    images = rng.uniform(0.1, 0.9, size=(2, height, width, 1)).astype("float32")
    tried = f"predict_any_size(model, images, depth={depth}), with images of shape {images.shape}"
    return Case(Network(depth), images, depth, tried=tried, rows=rows)


@look(rows=SIZES)
def look_at_the_size(rng):
    """As many rows and columns come back as went in."""
    yield _case(rng, 45, 54, 5)  # with another depth some wrong steps would fit


@look(lambda model, images, depth: images, (*SIZES, *VALUES))
def look_at_the_place(rng):
    """Each pixel comes back where it was, for several sizes."""
    for size in ((13, 22, 3), (9, 16, 2), (16, 9, 2), (5, 7, 1), (20, 33, 5), (3, 1030, 1)):
        yield _case(rng, *size)


@look(lambda model, images, depth: images, (*SIZES, *VALUES, FITS))
def look_at_a_size_that_works(rng):
    """Nothing is added where nothing is missing."""
    yield _case(rng, 16, 24, 3)
    yield _case(rng, 24, 136, 3, (*SIZES, *VALUES, *LARGER))
