"""Looks at exercise 2.2, `build_unet`: is it a model, do its joins fit, and what shape comes out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_2.networks import (
    ADDED,
    ADDED_WORDS,
    LAYERS,
    RETURN,
    WRONG_AXIS,
    WRONG_AXIS_WORDS,
    Built,
    at_a_join,
    is_a,
    is_sum,
    measured,
    shapes_in,
    sizes,
)
from lungseg_course.chapters.chapter_2.outside import lists_outside
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at

SHAPE, FILTERS, DEPTH = (64, 96, 3), 4, 3
DEEPEST = SHAPE[0] >> DEPTH - 1  # the height where the first join takes place


class Network(Built):
    """The student's network for images of a shape, as a model."""

    def __init__(self, input_shape: tuple, **settings: Any):
        super().__init__()
        self.input_shape, self.settings = input_shape, settings
        self.call = f"build_unet({input_shape}, {', '.join(f'{name}={value}' for name, value in settings.items())})"
        self.function: Callable = lambda: None
        self.left: tuple[str, int] | None = None  # a list of earlier calls that made this one fail, and its length then

    def build(self, function: Callable) -> None:
        """Call the student's function; where it fails because of lists that earlier calls filled, note that."""
        self.function = function
        lists = lists_outside(function)
        before = {name: list(each) for name, each in lists.items()}
        try:
            self.returned = function(self.input_shape, **self.settings)
        except Exception:
            kept = {name: each for name, each in lists.items() if 0 < len(before[name]) < len(each)}
            if kept:
                self._build_with_empty(kept)  # which raises, too, if the lists are not what is wrong
                name = next(iter(kept))
                self.left = name, len(before[name])
            raise
        if is_a(self.returned, "Model"):
            self.model = self.returned
            if not self.model.built:  # a class of one's own is built when it sees its first batch
                self(np.zeros((1, *(size or 32 for size in self.input_shape))))

    def _build_with_empty(self, lists: dict) -> None:
        contents = {name: list(each) for name, each in lists.items()}
        try:
            for each in lists.values():
                each.clear()
            self.function(self.input_shape, **self.settings)
        finally:
            for name, each in lists.items():
                each.clear()
                each.extend(contents[name])

    def shape_taken(self) -> tuple:
        """Return the shape of the images that the network takes, with the batch."""
        return tuple(getattr(self.model, "input_shape", None) or (None, *self.input_shape))

    def shape_of_answer(self) -> tuple:
        """Return the shape of what the network gives, with the batch."""
        return tuple(getattr(self.model, "output_shape", None) or self(np.zeros((1, *self.input_shape))).shape)

    @same_chance()
    def halves_level_0(self) -> bool:
        """Whether a size that can be halved `depth` times and no more does not fit."""
        size = 3 * 2**DEPTH
        try:
            Network((size, size, SHAPE[2]), filters=FILTERS, depth=DEPTH).build(self.function)
        except ValueError:
            return True
        return False


class Probabilities(Kind):
    """The shape of the probabilities, of which the batch does not matter."""

    def read(self, result: tuple) -> tuple:
        """Return the shape without the batch."""
        return tuple(result)[1:]

    def show(self, value: tuple, right: tuple) -> tuple[str, str]:
        """Return the two shapes, with a letter for the batch."""
        shown, expected = (f"(B, {', '.join(map(str, shape))})" for shape in (value, right))
        return f"probabilities of shape {shown}", expected


# fmt: off
def _join(name: str, sign: Callable, why: str, remedy: str, **words: Any) -> Raises:
    """Return the row of a join that fails: `sign` of the outcome, and of the smaller and the larger height."""
    def fits(out: Outcome) -> bool:
        heights = sorted(shape[0] for shape in shapes_in(out.error))
        return sign(out, heights[0], heights[-1])

    def meeting(out: Outcome) -> str:
        return f"at a join: {' and '.join(map(sizes, shapes_in(out.error)))}"

    return at_a_join(name, fits, why, remedy, **{"received": meeting, "expected": "equal heights and widths", **words})


def _entries(out: Outcome) -> str:
    length = out.args[0].left[1]
    held = f"{length} entr{'y' if length == 1 else 'ies'}"
    return (f"It is made once, outside of the function. Before this call it still held {held} from networks that were "
            "built earlier, and these do not belong to this one. With an empty list, the same call works.")


PAIR = "Return `keras.Model(inputs, outputs)`."
no_model = partial(When, expected="a keras.Model")
BUILDING = (
    Raises(lambda out: f"the list `{out.args[0].left[0]}` is never emptied", "Exception", _entries,
           lambda out: f"Make the list at the beginning of the function: `{out.args[0].left[0]} = []`.",
           when=lambda out: out.args[0].left, expected="a network of its own at each call"),
    Raises("a missing skip", "IndexError|KeyError",
           f"With depth {DEPTH} there are {DEPTH} skips, of the levels 0 to {DEPTH - 1}: the bottleneck has none.",
           "Keep a skip of each level before going on to the next, and print the level and `len(skips)`.",
           expected="a skip for each of the levels"),
    Raises("`dropout` stands in the place of `strides`", r"Exception: strides[\s\S]*0\.25",
           "The third argument of `encoder_block` is `strides`.", "Pass it by its name: `dropout=dropout`.",
           expected="strides of 1 or 2"),
    _join("all the skips at once", lambda out, *_: len(shapes_in(out.error)) > 2,
          "A decoder block joins with one skip, that of its own level.", "Take one of the list: `skips[...]`.",
          received=lambda out: "{} things at a join: {}".format(
              len(shapes_in(out.error)), ", ".join(map(sizes, shapes_in(out.error)))),
          expected="two things of equal height and width"),
    _join(ADDED, lambda out, low, high: low == high and is_sum(out), *ADDED_WORDS),
    _join(WRONG_AXIS, lambda out, low, high: low == high, *WRONG_AXIS_WORDS),
    _join("the skips are in the wrong order", lambda out, low, high: high >= 4 * low and DEEPEST in (low, high),
          "The first join, deep down, meets the skip of the top: what went in first came out first.",
          "The way up begins at level depth - 1. Take `skips[level]`, and let `level` count down."),
    _join("x and skip are swapped", lambda out, low, high: (low, high) == (DEEPEST // 2, 2 * DEEPEST),
          "The skip was enlarged, and the bottleneck was left as it is.",
          "`decoder_block` takes first what comes from below, then the skip."),
    _join("a skip that is too small", lambda out, low, high: (low, high) == (DEEPEST // 2, DEEPEST),
          "The bottleneck meets the level above it, or itself. A decoder block doubles the size, so that it needs the "
          "skip of the level above.",
          "Is `x` put into `skips` *before* the next encoder block halves it? The result of the last one, the "
          "bottleneck, is no skip."),
    _join("a skip of the wrong level", lambda out, low, high: high == 2 * low,
          "A decoder block at level l needs what the encoder put out at level l. This is one of another level, or `x` "
          "is.",
          "Print the level, `x.shape` and the shape of the skip before each join. Does each block go on with the `x` "
          "of the one before?"),
    _join("the sizes do not match", lambda *_: True, "All axes but the one along which we join must agree.",
          "Print the shape after each block, on the way down and up."),
    *LAYERS,
    no_model("nothing is returned", lambda out: out.result.returned is None, RETURN,
             "End with `return keras.Model(inputs, outputs)`.",
             received="None"),
    no_model("a tensor in place of a model", lambda out: is_a(out.result.returned, "KerasTensor"),
             "The tensor is what comes out at the end. The model is all that lies between it and the inputs.", PAIR,
             received=lambda out: f"a tensor of shape {tuple(out.result.returned.shape)}"),
    no_model("not a model", lambda out: out.result.model is None,
             "The notebooks after this one train what comes back, and save it: it must be a model.",
             "Return `keras.Model(inputs, outputs)` alone, without parentheses, a comma or quotes.",
             received=lambda out: describe(out.result.returned)),
)
IGNORED = When("the argument `input_shape` is not used", lambda out: out.result != (None, *SHAPE),
               "The network takes images of another shape than it was asked to. Perhaps a number or a variable of the "
               "notebook stands in `keras.Input`.", "Give `input_shape` to `keras.Input`, as it is.",
               received=lambda out: f"a network for {out.result}", expected=f"a network for {(None, *SHAPE)}")
ONE_NUMBER = (
    "There is one question for each pixel, lung or not, and so one number.",
    "End with a convolution of 1 × 1 with a single filter, and a sigmoid.",
)
SHAPES = (
    When("not an image", lambda out: len(out.value) != 3,
         "A U-Net answers for each pixel, so its output has a height and a width too. It has no layer that flattens "
         "the image or takes its mean.", "End with a convolution of 1 × 1."),
    When("no output convolution", lambda out: out.value == (*SHAPE[:2], FILTERS), *ONE_NUMBER),
    When("more than one channel in the output",
         lambda out: not out.is_right and out.value[:2] == SHAPE[:2], *ONE_NUMBER),
    When("halved on the way up", lambda out: out.value[0] < SHAPE[0] >> DEPTH,
         "What comes out is smaller than the bottleneck.", "The second loop is made of decoder blocks."),
    When("the way up is missing", lambda out: out.value[0] == SHAPE[0] >> DEPTH,
         "What comes out has the size of the bottleneck.",
         "Put the second loop after the first one: a decoder block for each level, from depth - 1 down to 0. Does it "
         "go on with `x`?"),
    When("level 0 is halved too",
         lambda out: out.value[0] in (SHAPE[0] // 2, SHAPE[0] // 4) and out.args[0].halves_level_0(),
         "The first encoder block works at full size; here it halves the image, as the others do.",
         "Give the encoder block of level 0 `strides=1`."),
    When("too few steps up", lambda out: out.value[0] in (SHAPE[0] // 2, SHAPE[0] // 4),
         "The way up ends before full size is reached.",
         "Count the decoder blocks: one for each of the levels depth - 1, ..., 1, 0. What does `range` leave out?"),
    When("one step up too many", lambda out: not out.is_right and out.value[0] % SHAPE[0] == 0,
         "There are more decoder blocks than levels to go up.",
         "As many decoder blocks as `depth`, for the levels depth - 1 down to 0."),
    When('padding="valid"', lambda out: not out.is_right,
         'With "valid" padding, Keras\' default, each convolution takes away the border.',
         'Set `padding="same"` wherever the kernel is larger than 1.'),
)
# fmt: on

look = partial(look_at, "build_unet", run=measured)


@look()
def look_at_the_shape(rng):
    """It is a model for images of the shape that was asked for, with a probability for each pixel."""
    network = Network(SHAPE, filters=FILTERS, depth=DEPTH, dropout=0.25)
    yield Case(network, tried=network.call, rows=BUILDING)
    yield Case(network, Network.shape_taken, tried=network.call, rows=[IGNORED])
    right = (*SHAPE[:2], 1)
    yield Case(network, Network.shape_of_answer, tried=network.call, right=right, rows=SHAPES, kind=Probabilities())
