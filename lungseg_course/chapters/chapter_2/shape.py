"""Looks at exercise 2.2, `build_unet`: is it a model, do its joins fit, and what shape comes out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_2 import networks
from lungseg_course.chapters.chapter_2.joins import flattens
from lungseg_course.chapters.chapter_2.networks import JOIN, is_a, shapes_in, sizes
from lungseg_course.chapters.chapter_2.outside import emptied, lists_outside
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.sharing import shared
from lungseg_course.engine.students_code import students_lines
from lungseg_course.engine.table import Case, look_at

SHAPE, FILTERS, DEPTH = (64, 96, 3), 5, 3
ENOUGH_PARAMETERS = 4_000_000  # nearly a hundred times as many as it should have; to try it on would take long
DEEPEST = SHAPE[0] >> DEPTH - 1  # the height where the first join takes place


class Network(networks.Built):
    """The student's network for images of a shape, as a model."""

    def __init__(self, input_shape: tuple, **settings: Any):
        super().__init__()
        self.input_shape, self.settings = input_shape, settings
        self.call = f"build_unet({input_shape}, {', '.join(f'{name}={value}' for name, value in settings.items())})"
        self.function: Callable = lambda: None
        self.left = ("", 0)  # a list of earlier calls that made this one fail, and its length before

    def build(self, function: Callable) -> None:
        """Call the student's function; where it fails because of what earlier calls left in a list, note that.

        A network that was built before, for another look, serves for this one, too.
        """
        self.function, lists = function, lists_outside(function)
        key = id(function), self.call
        if key in shared():
            self.returned = self.model = shared()[key]
            return
        lengths = {name: len(each) for name, each in lists.items()}
        try:
            self.returned = function(self.input_shape, **self.settings)
        except Exception:
            kept = [name for name, each in lists.items() if 0 < lengths[name] < len(each)]
            if kept:
                with emptied(lists[name] for name in kept):
                    function(self.input_shape, **self.settings)  # which raises, too, if that is not what is wrong
                self.left = kept[0], lengths[kept[0]]
            raise
        if is_a(self.returned, "Model"):
            self.model = self.returned
            if not self.model.built:  # a class of one's own is built when it sees its first batch
                self(np.zeros((1, *(size or 32 for size in self.input_shape))))
            shared()[key] = self.model

    def parameters(self) -> int:
        """Return how many numbers the network learns, for images of any size.

        Without those of a layer normalisation of the whole image, which has two for each pixel and channel.
        """
        shapes = [tuple(each.shape) for each in self.model.trainable_variables]
        return sum(int(np.prod(shape)) for shape in shapes if len(shape) != 3)

    def shape_taken(self) -> tuple:
        """Return the shape of the images that the network takes, with the batch."""
        return tuple(getattr(self.model, "input_shape", None) or (None, *self.input_shape))

    def outputs(self) -> Any:
        """Return what comes out for an image, symbolic or not: a tensor, or several in a list or dictionary.

        Of a list of one Keras makes the same as of a tensor.
        """
        if hasattr(self.model, "output"):
            out = self.model.output
        else:
            out = self.model(np.zeros((1, *self.input_shape), "float32"), training=False)
        return out[0] if isinstance(out, (list, tuple)) and len(out) == 1 else out

    def shape_of_answer(self) -> tuple:
        """Return the shape of what the network gives, with the batch."""
        return tuple(getattr(self.model, "output_shape", None) or self(np.zeros((1, *self.input_shape))).shape)

    @same_chance()
    def halves_level_0(self) -> bool:
        """Whether a size that can be halved `depth` times and no more does not fit."""
        try:
            with emptied(lists_outside(self.function).values()):
                self.function((3 * 2**DEPTH, 3 * 2**DEPTH, SHAPE[2]), filters=FILTERS, depth=DEPTH)
        except ValueError:
            return True
        return False


def _heights(out: Outcome) -> tuple[int, int] | None:
    """Return the lowest and the highest shape at a join that fails."""
    heights = sorted(shape[0] for shape in shapes_in(out.error))
    return (heights[0], heights[-1]) if len(heights) > 1 else None


def _uses_a_caret(out: Outcome) -> bool:
    """Whether a `^` stands in a line of the student's that an error passed through."""
    return out.error is not None and any("^" in line for line in students_lines(out.error))


def _why_a_list(out: Outcome) -> str:
    length = out.args[0].left[1]
    return (
        f"It is made once, outside of the function. Before this call it still held {length} "
        f"entr{'y' if length == 1 else 'ies'} from networks that were built earlier, and these do not belong to this "
        "one. With an empty list, the same call works."
    )


def _listed(out: Outcome, between: str) -> str:
    return between.join(sizes(*shapes_in(out.error)))


# fmt: off
join = partial(Raises, of=_heights, received=lambda out: f"at a join: {_listed(out, ' and ')}",
               expected="equal heights and widths")
returned = partial(When, of=networks.not_built, received=networks.what_returned, expected="a keras.Model")
shape = partial(When, of=lambda out: None if out.is_right else out.value)
MODEL = "Return `keras.Model(inputs, outputs)`."
BUILDING = (
    Raises(lambda out: f"the list `{out.args[0].left[0]}` is never emptied", "Exception", _why_a_list,
           lambda out: f"Make the list at the beginning of the function: `{out.args[0].left[0]} = []`.",
           when=lambda out: out.args[0].left[1], expected="a network of its own at each call"),
    Raises("a missing skip", "IndexError|KeyError",
           f"With depth {DEPTH} there are {DEPTH} skips, of the levels 0 to {DEPTH - 1}: the bottleneck has none.",
           "Keep a skip of each level before going on to the next, and print the level and `len(skips)`.",
           expected="a skip for each of the levels"),
    Raises("`dropout` stands in the place of `strides`", r"Exception: strides[\s\S]*0\.25",
           "The third argument of `encoder_block` is `strides`.", "Pass it by its name: `dropout=dropout`.",
           expected="strides of 1 or 2"),
    Raises("all the skips at once", JOIN, "A decoder block joins with one skip, that of its own level.",
           "Take one of the list: `skips[...]`.", when=lambda out: len(shapes_in(out.error)) > 2,
           received=lambda out: "{} things at a join: {}".format(len(shapes_in(out.error)), _listed(out, ", ")),
           expected="two things of equal height and width"),
    join(*networks.ADDED, when=lambda heights: heights[0] == heights[1]),
    join(*networks.WRONG_AXIS, when=lambda heights: heights[0] == heights[1]),
    Raises("the image in the place of a skip", JOIN,
           "A skip is what an encoder block has put out. This is what goes into the network, `inputs`.",
           "Append `x`, the result of the block of that level: `skips.append(x)`.",
           when=lambda out: SHAPE in shapes_in(out.error), received=lambda out: f"at a join: {_listed(out, ' and ')}",
           expected="equal heights and widths"),
    join("the skips are in the wrong order", JOIN,
         "The first join, deep down, meets the skip of the top: what went in first came out first.",
         "The way up begins at level depth - 1. Take `skips[level]`, and let `level` count down.",
         when=lambda heights: heights[1] >= 4 * heights[0] and DEEPEST in heights),
    join("x and skip are swapped", JOIN, "The skip was enlarged, and the bottleneck was left as it is.",
         "`decoder_block` takes first what comes from below, then the skip.",
         when=lambda heights: heights == (DEEPEST // 2, 2 * DEEPEST)),
    join("a skip that is too small", JOIN,
         "The bottleneck meets the level above it, or itself. A decoder block doubles the size, so that it needs the "
         "skip of the level above.",
         "Is `x` put into `skips` *before* the next encoder block halves it? The result of the last one, the "
         "bottleneck, is no skip.", when=lambda heights: heights == (DEEPEST // 2, DEEPEST)),
    join("a skip of the wrong level", JOIN,
         "A decoder block at level l needs what the encoder put out at level l. This is one of another level, or `x` "
         "is.",
         "Print the level, `x.shape` and the shape of the skip before each join. Does each block go on with the `x` of "
         "the one before?", when=lambda heights: heights[1] == 2 * heights[0]),
    join("the sizes do not match", JOIN, "All axes but the one along which we join must agree.",
         "Print the shape after each block, on the way down and up.", when=lambda heights: True),
    Raises(lambda out: "`^` is not a power" if _uses_a_caret(out) else "a level without filters",
           r"Exception: `filters`[\s\S]*=0\b",
           lambda out: "In Python `^` combines the bits of two whole numbers: `2 ^ 2` is 0." if _uses_a_caret(out) else
           "At one level the number of filters comes to 0: `2 * level` is 0 at level 0, and `2 ^ 2` is 0, as `^` is no "
           "power.",
           "Level l has `filters * 2**l` filters: `filters * 2**level`.", expected="1 filter or more at each level"),
    Raises("other arguments than `keras.Model` has", "Exception: arguments passed to Model",
           "In the Keras of 2016 they were called `input` and `output`.", MODEL),
    Raises("a Sequential for a network with skips", "Exception: added to a Sequential",
           "A `Sequential` is a chain of layers, and a skip leads past some of them.", MODEL),
    *networks.LAYERS,
    returned("nothing is returned", lambda network: network.returned is None, networks.RETURN,
             "End with `return keras.Model(inputs, outputs)`."),
    returned("a tensor in place of a model", lambda network: is_a(network.returned, "KerasTensor"),
             "The tensor is what comes out at the end. The model is all that lies between it and the inputs.", MODEL),
    returned("not a model", lambda network: True,
             "The notebooks after this one train what comes back, and save it: it must be a model.",
             "Return `keras.Model(inputs, outputs)` alone, without parentheses, a comma or quotes."),
)
IGNORED = When("the argument `input_shape` is not used", lambda out: out.result != (None, *SHAPE),
               "The network takes images of another shape than it was asked to. Perhaps a number or a variable of the "
               "notebook stands in `keras.Input`.", "Give `input_shape` to `keras.Input`, as it is.",
               received=lambda out: f"a network for {out.result}", expected=f"a network for {(None, *SHAPE)}")
TOO_LARGE = When("far too many parameters", lambda out: out.result > ENOUGH_PARAMETERS,
                 "Numbers stand where `filters` and `depth` should, perhaps those of the article.",
                 "Level l has `filters * 2**l` filters, and there are `depth` levels below the first.",
                 received=lambda out: f"{out.result:,} parameters",
                 expected=f"some ten thousands, with {FILTERS} filters and a depth of {DEPTH}")
SEVERAL = When(
    lambda out: "a dictionary in place of the output" if len(out.result) == 1 else
    "two outputs" if len(out.result) == 2 else "several outputs",
    lambda out: isinstance(out.result, (list, tuple, dict)),
    "A model gives all that stands in the second place of `keras.Model`. A loss and a mask belong to one image of "
    "probabilities.", "Give it the last tensor alone: `keras.Model(inputs, outputs)`.",
    received=lambda out: f"a {type(out.result).__name__} of {len(out.result)}", expected="one tensor")
FLAT = When("a `Flatten` in the network", flattens,
            "A dense layer behind it weighs each pixel of each map by itself: it has a huge number of weights, and "
            "fits one size of image only.",
            "Leave it out. The end is a convolution of 1 × 1, which answers for each pixel.",
            received=lambda out: f"{out.args[0].parameters():,} parameters",
            expected="convolutions from the first layer to the last")
ONE_NUMBER = ("There is one question for each pixel, lung or not, and so one number.",
              "End with a convolution of 1 × 1 with a single filter, and a sigmoid.")
SHAPES = (
    shape("not an image", lambda shape: len(shape) != 3,
          "A U-Net answers for each pixel, so its output has a height and a width too. It has no layer that flattens "
          "the image or takes its mean.", "End with a convolution of 1 × 1."),
    shape("no output convolution", lambda shape: shape == (*SHAPE[:2], FILTERS), *ONE_NUMBER),
    shape("more than one channel in the output", lambda shape: shape[:2] == SHAPE[:2], *ONE_NUMBER),
    shape("halved on the way up", lambda shape: shape[0] < SHAPE[0] >> DEPTH,
          "What comes out is smaller than the bottleneck.", "The second loop is made of decoder blocks."),
    shape("the way up is missing", lambda shape: shape[0] == SHAPE[0] >> DEPTH,
          "What comes out has the size of the bottleneck.",
          "Put the second loop after the first one: a decoder block for each level, from depth - 1 down to 0. Does it "
          "go on with `x`?"),
    When("level 0 is halved too", lambda out: out.value[0] in (16, 32) and out.args[0].halves_level_0(),
         "The first encoder block works at full size; here it halves the image, as the others do.",
         "Give the encoder block of level 0 `strides=1`."),
    shape("too few steps up", lambda shape: shape[0] in (16, 32), "The way up ends before full size is reached.",
          "Count the decoder blocks: one for each of the levels depth - 1, ..., 1, 0. What does `range` leave out?"),
    shape("one step up too many", lambda shape: shape[0] % SHAPE[0] == 0,
          "There are more decoder blocks than levels to go up.",
          "As many decoder blocks as `depth`, for the levels depth - 1 down to 0."),
    shape('padding="valid"', lambda shape: True,
          'With "valid" padding, Keras\' default, each convolution takes away the border.',
          'Set `padding="same"` wherever the kernel is larger than 1.'),
)
# fmt: on

look = partial(look_at, "build_unet", run=networks.measured)


def deep() -> Network:
    """Return the network of depth 3 that several looks use."""
    return Network(SHAPE, filters=FILTERS, depth=DEPTH, dropout=0.25)


@look()
def look_at_the_shape(rng):
    """It is a model for images of the shape that was asked for, with a probability for each pixel."""
    network, right = deep(), (*SHAPE[:2], 1)
    kind = networks.ShapeOfResult("probabilities of shape {}", "{}")
    yield Case(network, tried=network.call, rows=BUILDING)
    yield Case(network, Network.outputs, tried=network.call, rows=[SEVERAL])
    yield Case(network, Network.parameters, tried=network.call, rows=[FLAT, TOO_LARGE])
    yield Case(network, Network.shape_taken, tried=network.call, rows=[IGNORED])
    yield Case(network, Network.shape_of_answer, tried=network.call, right=right, rows=SHAPES, kind=kind)
