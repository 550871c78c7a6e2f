"""Looks at exercise 2.1, `decoder_block`: the shapes, and what is joined with what."""

from collections.abc import Callable
from functools import partial
from typing import Any

from lungseg_course.chapters.chapter_2 import networks
from lungseg_course.chapters.chapter_2.joins import ends_in_a_join, enlargements, enlarges
from lungseg_course.chapters.chapter_2.networks import AXES, JOIN, is_a, shapes_in, sizes
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.sharing import once
from lungseg_course.engine.table import Case, look_at

# What comes from below, and the skip. Other numbers than the filters, so that mistakes give other shapes.
X, SKIP = (4, 6, 6), (8, 12, 3)


class Block(networks.Built):
    """The student's block with so many filters, as a model that takes a list of x and skip."""

    def __init__(self, filters: int, dropout: float = 0.0, x: tuple = X, skip: tuple = SKIP):
        super().__init__()
        self.filters, self.dropout, self.shapes = filters, dropout, (x, skip)
        self.inputs: list = []

    def build(self, function: Callable) -> None:
        """Call the student's function with symbolic tensors. A block that several looks have serves for all."""
        self.inputs = once(_inputs, function, self.filters, self.dropout, self.shapes)
        self.returned, self.model = once(_returned_and_model, function, self.inputs, self.filters, self.dropout)

    def right_shape(self, *_) -> tuple:
        """Return the height, the width and the channels that should come out."""
        return *SKIP[:2], self.filters

    def shape(self) -> tuple:
        """Return the shape that comes out, with the batch."""
        return self.model.output_shape


def _inputs(function: Callable, filters: int, dropout: float, shapes: tuple) -> list:
    """Return symbolic tensors for one call: from them the layers are found, also where the call ends in an error."""
    import keras

    return [keras.Input(shape) for shape in shapes]


def _returned_and_model(function: Callable, inputs: list, filters: int, dropout: float) -> tuple[Any, Any]:
    """Call the student's function; return the result, and the model that can be made of it or None."""
    import keras

    returned = function(*inputs, filters, dropout)
    return returned, keras.Model(inputs, returned) if is_a(returned, "KerasTensor") else None


def tried_with(filters: int) -> str:
    """Write the call of decoder_block."""
    x, skip = (f"(B, {', '.join(map(str, shape))})" for shape in (X, SKIP))
    return f"decoder_block(x, skip, {filters}), with x of shape {x}\nand skip of shape {skip}"


def _shapes(out: Outcome) -> list[tuple] | None:
    """Return the shapes at a join that fails; that of the skip is last, if it is there."""
    shapes = sorted(shapes_in(out.error), key=lambda shape: shape == SKIP)
    return shapes if len(shapes) > 1 else None


def _by_four(out: Outcome) -> bool:
    """Whether a single layer makes height and width four times as large, where they are just that."""
    return set(enlargements(out.args[0].inputs)) == {(4, 4)}


def _wrong_shape(out: Outcome) -> tuple | None:
    """Return the wrong height, width and channels that came out, and the filters that were asked for."""
    return None if out.is_right else (*out.value, out.args[0].filters)


def _keeps_the_channels(out: Outcome) -> bool:
    """Whether a kernel has as many channels on both sides as come out, which are too many."""
    channels = out.value[-1]
    kernels = [tuple(variable.shape) for variable in out.args[0].model.trainable_variables]
    return not out.is_right and any(len(kernel) == 4 and kernel[2:] == (channels, channels) for kernel in kernels)


def _fixed_filters(one: Block, other: Block) -> list[int]:
    """Return numbers of channels that are the same in two blocks, and are not those of what goes in."""
    kernels = [[tuple(variable.shape) for variable in block.model.trainable_variables] for block in (one, other)]
    if {kernel[:-2] for kernel in kernels[0]} != {kernel[:-2] for kernel in kernels[1]}:
        return []  # `filters` is the size of a kernel: that is for the look at the dropout
    known = {X[-1], SKIP[-1], X[-1] + SKIP[-1], 1, one.filters, other.filters}
    channels = [{size for kernel in each if len(kernel) == 4 for size in kernel[2:]} for each in kernels]
    return sorted(channels[0] & channels[1] - known)


# fmt: off
join = partial(Raises, of=_shapes, received=lambda out: " and ".join(sizes(*shapes_in(out.error))),
               expected=lambda out: "{}, joined with the skip, {}".format(*sizes(out.args[0].right_shape(), SKIP)))
returned = partial(When, of=networks.not_built, received=networks.what_returned,
                   expected=lambda out: "a tensor of shape (B, {}, {}, {})".format(*out.args[0].right_shape()))
shape = partial(When, of=_wrong_shape)
ignored = partial(When, "the argument `filters` is not used",
                  why=lambda out: f"{out.value[-1]} channels come out whatever `filters` is.",
                  remedy="Look for a number, or another variable, where `filters` should stand.",
                  received=lambda out: f"{out.value[-1]} channels", expected=lambda out: f"{out.right[-1]} channels")
STRIDE = "The stride says how many output pixels lie between the copies of the kernel. Which one doubles?"
TWICE = ("One block goes up by one level: it doubles height and width once.",
         "Keep one of the layers that enlarge, with stride 2.")
BY_FOUR = ("enlarged by 4 in place of 2",
           "One layer makes height and width four times as large: its stride (the size, of `UpSampling2D`) is 4 in "
           "place of 2. A block goes up by one level, which doubles them.", "Set it to 2: `strides=2`.")
VALID = ('With "valid" padding, Keras\' default, the border makes the result larger or smaller than wanted.',
         'Set `padding="same"` in both convolutions.')
BUILDING = (
    join("x and skip are swapped", JOIN, "The skip was enlarged, and x was left as it is.",
         "Enlarge what comes from below, `x`, and join it with `skip`.",
         when=lambda shapes: X in shapes and any(shape[:2] == (16, 24) for shape in shapes)),
    join("not the skip that was given", JOIN,
         "Something else stands where the skip belongs, perhaps a variable of that kind from a cell above.",
         "Join the argument `skip`, as it is.",
         when=lambda shapes: SKIP not in shapes or shapes[0][:2] in ((32, 32), (31, 31))),
    join(*networks.MULTIPLIED, when=lambda shapes: shapes[0][:2] == SKIP[:2], line=networks.PRODUCT),
    join(*networks.MIXED, when=lambda shapes: shapes[0][:2] == SKIP[:2], line=networks.DIFFERENCE),
    join(*networks.ADDED, when=lambda shapes: shapes[0][:2] == SKIP[:2]),
    join(*networks.WRONG_AXIS, when=lambda shapes: shapes[0][:2] == SKIP[:2]),
    join("joined before it is enlarged", JOIN, "What comes from below still has half the height and width of the skip.",
         "First the transposed convolution, then the concatenation with its result.",
         when=lambda shapes: shapes[0] == X),
    join("stride 1", JOIN, "Before the join, height and width are as they were: the transposed convolution "
         "has left them so, or a convolution with stride 2 has halved them again.", STRIDE,
         when=lambda shapes: shapes[0][:2] == X[:2]),
    join(BY_FOUR[0], JOIN, *BY_FOUR[1:], of=lambda out: out,
         when=lambda out: (16, 24) in [shape[:2] for shape in _shapes(out) or ()] and _by_four(out)),
    join("enlarged twice", JOIN, *TWICE, when=lambda shapes: shapes[0][:2] == (16, 24)),
    join("halved, not doubled", JOIN,
         "A convolution with stride 2 makes the image smaller. The transposed one turns it around.",
         "Use `layers.Conv2DTranspose`.", when=lambda shapes: shapes[0][0] < X[0]),
    join("only one of the two axes is doubled", JOIN, "Height and width both must grow.", STRIDE,
         when=lambda shapes: shapes[0][0] == SKIP[0] or shapes[0][1] == SKIP[1]),
    join('padding="valid"', JOIN, *VALID, when=lambda shapes: shapes[0][0] > SKIP[0]),
    join("the sizes do not match", JOIN, "All axes but the one along which we join must agree.", STRIDE,
         when=lambda shapes: True),
    *networks.LAYERS,
    returned("nothing is returned", lambda block: block.returned is None, networks.RETURN,
             "End the function with `return` and the result."),
    returned("a model in place of a tensor", lambda block: is_a(block.returned, "Model"),
             "A block takes tensors and returns a tensor; the model is made once, around all the blocks.",
             "Return the result of the last layer."),
    returned("a layer that was not called", lambda block: is_a(block.returned, "Layer"), *networks.NOT_CALLED),
    returned("several results", lambda block: isinstance(block.returned, (list, tuple)),
             "The next layer takes one tensor.", "Return the result of the last layer alone."),
    returned("not a tensor of this network", lambda block: True,
             "The result must come from the tensors that the function is given.",
             "Is there a variable from another cell in your function? Use the arguments."),
)
ANY_SIZE = (
    Raises("the size must be known beforehand", "TypeError: None",
           "A network may be made for any height and width: then these are None until an image comes. Your block "
           "calculates with them.", "A transposed convolution doubles whatever size comes, without being told.",
           expected="a block for any size"),
    *BUILDING,
)
SHAPES = (
    shape("concatenated along the height", lambda shape: shape[:2] == (16, 12),
          "One image stands above the other, and pixels that belong together are far apart.", AXES),
    shape("concatenated along the width", lambda shape: shape[:2] == (8, 24),
          "One image stands beside the other, and pixels that belong together are far apart.", AXES),
    When("halved again", lambda out: not out.is_right and out.value[:2] == X[:2] and enlarges(out.args[0]),
         "The transposed convolution doubles height and width, and a convolution with stride 2 takes that back.",
         "Leave out `strides` in the convolution after the join."),
    shape("nothing is enlarged", lambda shape: shape[:2] == X[:2],
          "Height and width are those of `x`, and the block should double them.",
          "Begin with the transposed convolution, with stride 2."),
    shape("stride 3", lambda shape: shape[:2] == (3, 4),
          "The third number in the parentheses of `layers.Conv2D` is the stride. In the Keras of 2016 the kernel's "
          "height and width stood there, one by one.",
          "Write the kernel as one number: `layers.Conv2D(filters, 3, ...)`."),
    shape("halved, not doubled", lambda shape: shape[:2] == (2, 3),
          "A convolution with stride 2 makes the image smaller.", "`layers.Conv2DTranspose` turns it around."),
    When(BY_FOUR[0], lambda out: not out.is_right and out.value[:2] == (16, 24) and _by_four(out), *BY_FOUR[1:]),
    shape("enlarged twice", lambda shape: shape[:2] == (16, 24), *TWICE),
    shape('padding="valid"', lambda shape: shape[:2] != SKIP[:2], *VALID),
    When("as many filters as channels came in", _keeps_the_channels,
         "The convolution after the join puts out as many channels as it was given, those of x and of the skip.",
         "Give it `filters` filters.", received=lambda out: f"{out.value[-1]} channels",
         expected=lambda out: f"{out.right[-1]} channels"),
    When("no convolution after the join",
         lambda out: not out.is_right and (ends_in_a_join(out.args[0])
                                           or out.value[2] in (out.args[0].filters + SKIP[2], X[2] + SKIP[2])),
          "The channels of both lie behind one another, and nothing has chosen among them yet.",
          "Let a convolution with `filters` filters follow the concatenation."),
    shape("twice as many filters", lambda shape: shape[2] == 2 * shape[3],
          "They double on the way down. Here, `filters` is already what this level should put out.",
          "Use `filters` as it is."),
    ignored(lambda out: not out.is_right),
)
FIXED = When("a number in place of `filters`", lambda out: out.result,
             "The result has the right number of channels; within the block there is a layer whose number is always "
             "the same.", "Give `filters` to the transposed convolution, too.",
             received=lambda out: f"a layer of {counted(out.result[0], 'channel')}, whatever `filters` is",
             expected="other numbers of channels for another `filters`")
# fmt: on

look = partial(look_at, "decoder_block", run=networks.measured)
shape_case = partial(Case, right=Block.right_shape, kind=networks.ShapeOfResult("shape {}", "shape {}"))


@look()
def look_at_the_shape(rng):
    """The shape of what comes out, for two numbers of filters."""
    blocks = [Block(filters) for filters in rng.permutation([2, 4]).tolist()]
    for block in blocks:
        yield Case(block, tried=tried_with(block.filters), rows=BUILDING)
    is_fixed = blocks[0].shape()[-1] == blocks[1].shape()[-1]
    rows = (ignored(lambda out: is_fixed and not out.is_right and out.value[:2] == SKIP[:2]), *SHAPES)
    for block in blocks:
        yield shape_case(block, Block.shape, tried=tried_with(block.filters), rows=rows)
    yield Case(blocks[0], _fixed_filters, blocks[1], tried="the same, for 2 and for 4 filters", rows=[FIXED])
