"""Looks at exercise 2.3, `predict_any_size`, with a network that notes what it is shown."""

from functools import partial
from types import SimpleNamespace

import numpy as np

from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at


class Echo:
    """Stands for a network: it answers with the image itself, and takes sizes that 2**depth divides."""

    def __init__(self, depth: int):
        self.step: int = 2**depth
        self.seen: list[tuple] = []

    def predict_on_batch(self, images) -> np.ndarray:
        images = np.asarray(images)
        if images.ndim != 4:
            raise ValueError(f"expected ndim=4, found ndim={images.ndim}. Full shape received: {images.shape}")
        self.seen.append(images.shape)
        if any(size % self.step for size in images.shape[1:3]):
            raise DoesNotFit(f"{self.step} must divide height and width, received {images.shape}")
        return images.astype("float32")

    def predict(self, x, **_) -> np.ndarray:
        return self.predict_on_batch(x)

    def __call__(self, inputs, training: bool = False):
        import keras

        return keras.ops.convert_to_tensor(self.predict_on_batch(inputs))


class DoesNotFit(ValueError):
    """What `Echo` raises for images of another size than it takes."""


def _padding(out: Outcome) -> SimpleNamespace:
    """Return how much was added to each axis at last, how much is missing in height and width, and the step."""
    echo, images, _ = out.args
    missing = tuple(-size % echo.step for size in images.shape[1:3])
    return SimpleNamespace(more=tuple(np.subtract(echo.seen[-1], images.shape)), missing=missing, step=echo.step)


def _wrong_shape(out: Outcome) -> SimpleNamespace | None:
    """Return the shape that came out with those of the images and of the padded ones, if it is wrong."""
    now, given, padded = out.value.shape, out.args[1].shape, (*out.args[0].seen, ())[0]
    return None if now == given else SimpleNamespace(now=now, given=given, padded=padded)


def _moved(out: Outcome) -> tuple[int, int] | None:
    """Return by how many rows and columns the answer is moved, if it is."""
    images = out.args[1]
    for down, right in [] if out.is_right else list(np.ndindex(images.shape[1:3]))[1:]:
        rest = images[:, : images.shape[1] - down, : images.shape[2] - right]
        if rest.size > 8 and np.allclose(out.value[:, down:, right:], rest, atol=1e-4):
            return down, right
    return None


def _shown(out: Outcome, place: int) -> str:
    return "the network was shown {1} × {2}".format(*out.args[0].seen[place])


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
SIZES = (
    unfit("not padded", "DoesNotFit", "The network gets the images as they are.",
          "Give it what `np.pad` returns, and take the sizes from the argument `images`.",
          when=lambda pad: not any(pad.more)),
    unfit("height and width are swapped", "DoesNotFit", "What is missing in height is added to the width.", AXES,
          when=lambda pad: pad.more[2:0:-1] == pad.missing and pad.more[1] != pad.more[2]),
    unfit("another axis is padded", "DoesNotFit", "There are more images or channels than before.", AXES,
          when=lambda pad: pad.more[0] or pad.more[3]),
    unfit("the remainder is added", "DoesNotFit",
          "`height % step` is how much is too many; what is missing is the rest of a step.",
          "Use `-height % step`. For 13 and a step of 8 it is 3.",
          when=lambda pad: pad.more[1:3] == tuple(-size % pad.step for size in pad.missing)),
    unfit("only one of the two axes is padded", "DoesNotFit", "Height and width both must be multiples.",
          "Look at both pairs of `np.pad`.", when=lambda pad: (pad.more[1] == 0) != (pad.more[2] == 0)),
    unfit("not a multiple", "DoesNotFit",
          lambda out: f"Each level halves height and width, so that {out.args[0].step} must divide both.",
          "Print the shape before and after `np.pad`. What is missing is `-height % step`, not a fixed number; "
          "and `step` is `2**depth` (in Python `2 ^ 3` is 1)."),
    Raises("an image without its batch", "ValueError: ndim",
           "A network takes batches, even of a single image: four axes.", "Give it all the images at once.",
           expected=lambda out: f"images of shape {out.args[1].shape}"),
    When("the images are changed", lambda out: out.result is not None and out.changed,
         "Whoever called the function still needs them.", "Work with the array that `np.pad` makes.",
         received="images with other values", expected="images that are as before"),
    size("an empty result", lambda shape: 0 in shape.now,
         "Nothing was added along this axis, and a slice `[:-0]` is empty: -0 is 0.",
         "Count from the front: `[:, :height, :width]`."),
    size("cut, not padded", lambda shape: shape.padded and np.less(shape.padded, shape.given)[1:3].any(),
         "Rows and columns are left out until the size fits; for these pixels there is no answer.",
         "Add what is missing with `np.pad`, and cut it off again afterwards."),
    size("the padding is not cut off", lambda shape: shape.now == shape.padded,
         "The answer is as large as the padded images.", "Take the first `height` rows and `width` columns of it."),
    size("the channel axis is missing", lambda shape: shape.now in (shape.padded[:3], shape.given[:3]),
         "A single index takes an axis away; a slice keeps it.", "Leave the last axis as it is."),
    size("images are lost", lambda shape: shape.now[:1] != shape.given[:1],
         "The first axis counts the images.", "Slice height and width only: `[:, ..., ...]`."),
    size("another size comes back", lambda shape: True, "Each pixel of the image should have its probability.",
         "Keep the first `height` rows and `width` columns of what the network gave."),
)
VALUES = (
    When("the answer is moved", _moved,
         lambda out: f"It is {counted(out.found[0], 'row')} too low and {counted(out.found[1], 'column')} too far to "
         "the right: what was added in front is still there, and the end is cut off.",
         "Add behind and cut behind; or, if you add in front, cut the same number there.",
         received="the first row and column of the padding", expected="those of the image"),
    value("rounded", lambda out: not out.is_right and set(np.unique(out.value)) <= {0, 1},
          remedy="Return the probabilities as the network gave them."),
    value("other values", lambda out: not out.is_right,
          remedy="Do you resize, or scale? Pad with `np.pad`, predict, and cut."),
)
FITS = When("padded although it fits",
            lambda out: out.args[0].seen and out.args[0].seen[0][1:3] != out.args[1].shape[1:3],
            lambda out: f"{out.args[0].step} divides 16 and 24: nothing is missing.",
            "`step - height % step` is a whole step where the remainder is 0; `-height % step` is 0 there.",
            received=lambda out: _shown(out, 0), expected="16 × 24, as they are")
# fmt: on

look = partial(look_at, "predict_any_size", kind=Numbers("probabilities"))


def _case(rng, height: int, width: int, depth: int) -> Case:
    images = rng.uniform(0.1, 0.9, size=(2, height, width, 1)).astype("float32")
    tried = f"predict_any_size(model, images, depth={depth}), with images of shape {images.shape}"
    return Case(Echo(depth), images, depth, tried=tried)


@look(rows=SIZES)
def look_at_the_size(rng):
    """As many rows and columns come back as went in."""
    yield _case(rng, 13, 22, 3)


@look(lambda model, images, depth: images, (*SIZES, *VALUES))
def look_at_the_place(rng):
    """Each pixel comes back where it was, for several sizes."""
    for size in ((13, 22, 3), (9, 16, 2), (16, 9, 2), (5, 7, 1), (20, 33, 5)):
        yield _case(rng, *size)


@look(lambda model, images, depth: images, (*SIZES, *VALUES, FITS))
def look_at_a_size_that_works(rng):
    """Nothing is added where nothing is missing."""
    yield _case(rng, 16, 24, 3)
