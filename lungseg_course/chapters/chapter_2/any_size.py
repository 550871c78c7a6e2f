"""Looks at exercise 2.3, `predict_any_size`, with a network that notes what it is shown."""

from collections.abc import Callable
from functools import partial

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


def _shown(out: Outcome, place: int) -> str:
    return "the network was shown {1} × {2}".format(*out.args[0].seen[place])


# fmt: off
def _unfit(name: str, sign: Callable, why, remedy: str) -> Raises:
    """Return the row of a mistake whose images do not fit: `sign` of what was added, what is missing, and the step."""
    def sizes(out: Outcome) -> tuple:
        echo, images, _ = out.args
        missing = -images.shape[1] % echo.step, -images.shape[2] % echo.step
        return tuple(np.subtract(echo.seen[-1], images.shape)), missing, echo.step

    return Raises(name, "DoesNotFit", why, remedy, when=lambda out: sign(*sizes(out)),
                  received=lambda out: f"{_shown(out, -1)}, which does not fit",
                  expected=lambda out: f"a height and a width that {out.args[0].step} divides: "
                  "{0} × {1}".format(*np.add(out.args[1].shape[1:3], sizes(out)[1])))


def _size(name: str, sign: Callable, why: str, remedy: str) -> When:
    """Return the row of a wrong shape: `sign` of this, of that of the images, and of that of the padded ones or ()."""
    def fits(out: Outcome) -> bool:
        shapes = out.value.shape, out.args[1].shape
        return shapes[0] != shapes[1] and sign(*shapes, (*out.args[0].seen, ())[0])

    return When(name, fits, why, remedy, received=lambda out: f"shape {out.value.shape}",
                expected=lambda out: f"shape {out.args[1].shape}, that of the images")
# fmt: on


def _moved(out: Outcome) -> tuple[int, int] | None:
    """Return by how many rows and columns the answer is moved, if it is."""
    images = out.args[1]
    if not out.is_right:
        for down, right in np.ndindex(images.shape[1:3]):
            rest = images[:, : images.shape[1] - down, : images.shape[2] - right]
            if (down or right) and rest.size > 8 and np.allclose(out.value[:, down:, right:], rest, atol=1e-4):
                return down, right
    return None


AXES = "The axes are (batch, height, width, channels), and so are the pairs of `np.pad`."
ECHO = "The network here answers with the image itself, so each pixel should come back as it went in."

# fmt: off
one_row = {"received": lambda out: describe(out.value[0, 0, :4, 0]),
           "expected": lambda out: describe(out.args[1][0, 0, :4, 0])}
SIZES = (
    _unfit("not padded", lambda more, *_: not any(more), "The network gets the images as they are.",
           "Give it what `np.pad` returns, and take the sizes from the argument `images`."),
    _unfit("height and width are swapped", lambda more, missing, _: more[2:0:-1] == missing and more[1] != more[2],
           "What is missing in height is added to the width.", AXES),
    _unfit("another axis is padded", lambda more, *_: more[0] or more[3],
           "There are more images or channels than before.", AXES),
    _unfit("the remainder is added", lambda more, missing, step: more[1:3] == tuple(-each % step for each in missing),
           "`height % step` is how much is too many; what is missing is the rest of a step.",
           "Use `-height % step`. For 13 and a step of 8 it is 3."),
    _unfit("only one of the two axes is padded", lambda more, *_: (not more[1]) != (not more[2]),
           "Height and width both must be multiples.", "Look at both pairs of `np.pad`."),
    _unfit("not a multiple", lambda *_: True,
           lambda out: f"Each level halves height and width, so that {out.args[0].step} must divide both.",
           "Print the shape before and after `np.pad`. What is missing is `-height % step`, not a fixed number; "
           "and `step` is `2**depth` (in Python `2 ^ 3` is 1)."),
    Raises("an image without its batch", "ValueError: ndim",
           "A network takes batches, even of a single image: four axes.", "Give it all the images at once.",
           expected=lambda out: f"images of shape {out.args[1].shape}"),
    When("the images are changed", lambda out: out.result is not None and out.changed,
         "Whoever called the function still needs them.", "Work with the array that `np.pad` makes.",
         received="images with other values", expected="images that are as before"),
    _size("an empty result", lambda shape, given, padded: 0 in shape,
          "Nothing was added along this axis, and a slice `[:-0]` is empty: -0 is 0.",
          "Count from the front: `[:, :height, :width]`."),
    _size("cut, not padded", lambda shape, given, padded: padded and (padded[1] < given[1] or padded[2] < given[2]),
          "Rows and columns are left out until the size fits; for these pixels there is no answer.",
          "Add what is missing with `np.pad`, and cut it off again afterwards."),
    _size("the padding is not cut off", lambda shape, given, padded: shape == padded,
          "The answer is as large as the padded images.", "Take the first `height` rows and `width` columns of it."),
    _size("the channel axis is missing", lambda shape, given, padded: shape in (padded[:3], given[:3]),
          "A single index takes an axis away; a slice keeps it.", "Leave the last axis as it is."),
    _size("images are lost", lambda shape, given, padded: shape[:1] != given[:1],
          "The first axis counts the images.", "Slice height and width only: `[:, ..., ...]`."),
    _size("another size comes back", lambda *_: True, "Each pixel of the image should have its probability.",
          "Keep the first `height` rows and `width` columns of what the network gave."),
)
VALUES = (
    When("the answer is moved", _moved,
         lambda out: f"It is {counted(out.found[0], 'row')} too low and {counted(out.found[1], 'column')} too far to "
         "the right: what was added in front is still there, and the end is cut off.",
         "Add behind and cut behind; or, if you add in front, cut the same number there.",
         received="the first row and column of the padding", expected="those of the image"),
    When("rounded", lambda out: not out.is_right and set(np.unique(out.value)) <= {0, 1}, ECHO,
         "Return the probabilities as the network gave them.", **one_row),
    When("other values", lambda out: not out.is_right, ECHO,
         "Do you resize, or scale? Pad with `np.pad`, predict, and cut.", **one_row),
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
