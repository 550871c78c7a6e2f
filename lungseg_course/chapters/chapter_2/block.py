"""Looks at exercise 2.1, `decoder_block`: the shapes, and what is joined with what."""

from collections.abc import Callable
from functools import partial

from lungseg_course.chapters.chapter_2.networks import (
    ADDED,
    ADDED_WORDS,
    AXES,
    LAYERS,
    NOT_CALLED,
    NOT_CALLED_WORDS,
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
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at

# What comes from below, and the skip. Other numbers than the filters, so that mistakes give other shapes.
X, SKIP = (4, 6, 6), (8, 12, 3)


class Block(Built):
    """The student's block with so many filters, as a model that takes a list of x and skip."""

    def __init__(self, filters: int, dropout: float = 0.0, x: tuple = X, skip: tuple = SKIP):
        super().__init__()
        self.filters, self.dropout, self.shapes = filters, dropout, (x, skip)

    def build(self, function: Callable) -> None:
        """Call the student's function with symbolic tensors."""
        import keras

        inputs = [keras.Input(shape) for shape in self.shapes]
        self.returned = function(*inputs, self.filters, self.dropout)
        if is_a(self.returned, "KerasTensor"):
            self.model = keras.Model(inputs, self.returned)

    def right_shape(self, *_) -> tuple:
        """Return the height, the width and the channels that should come out."""
        return *SKIP[:2], self.filters


class ShapeOfResult(Kind):
    """The shape of what comes out, of which the batch does not matter."""

    def read(self, result: tuple) -> tuple:
        """Return the shape without the batch."""
        return tuple(result)[1:]

    def show(self, value: tuple, right: tuple) -> tuple[str, str]:
        """Return the two shapes, with a letter for the batch."""
        shown, expected = (f"shape (B, {', '.join(map(str, shape))})" for shape in (value, right))
        return shown, expected


def tried_with(filters: int) -> str:
    """Write the call of decoder_block."""
    x, skip = (f"(B, {', '.join(map(str, shape))})" for shape in (X, SKIP))
    return f"decoder_block(x, skip, {filters}), with x of shape {x}\nand skip of shape {skip}"


# fmt: off
def _returned(name: str, sign: Callable, why: str, remedy: str) -> When:
    """Return the row of a mistake that returns no tensor of this network."""
    def shown(out: Outcome) -> str:
        value = out.result.returned
        return f"a {type(value).__name__}" if is_a(value, "Layer") else describe(value)

    return When(name, lambda out: out.result.model is None and sign(out.result.returned), why, remedy, received=shown,
                expected=lambda out: f"a tensor of shape (B, {SKIP[0]}, {SKIP[1]}, {out.args[0].filters})")


def _join(name: str, sign: Callable, why: str, remedy: str) -> Raises:
    """Return the row of a join that fails: `sign` of the outcome, the shape that meets the skip, and all the shapes."""
    def fits(out: Outcome) -> bool:
        shapes = shapes_in(out.error)
        return sign(out, next((shape for shape in shapes if shape != SKIP), SKIP), shapes)

    return at_a_join(name, fits, why, remedy, received=lambda out: " and ".join(map(sizes, shapes_in(out.error))),
                     expected=lambda out: f"{sizes(out.args[0].right_shape())}, joined with the skip, {sizes(SKIP)}")


def _shape(name: str, sign: Callable, why: str, remedy: str) -> When:
    """Return the row of a wrong shape: `sign` of height, width and channels, and of the filters."""
    return When(name, lambda out: not out.is_right and sign(out.value, out.args[0].filters), why, remedy)


STRIDE = "The stride says how many output pixels lie between the copies of the kernel. Which one doubles?"
TWICE = (
    "One block goes up by one level: it doubles height and width once.",
    "Keep one of the layers that enlarge, with stride 2.",
)
VALID = (
    'With "valid" padding, Keras\' default, the border makes the result larger or smaller than wanted.',
    'Set `padding="same"` in both convolutions.',
)
TOGETHER = "and pixels that belong together are far apart."
BUILDING = (
    _join("x and skip are swapped",
          lambda out, up, shapes: X in shapes and (16, 24) in [shape[:2] for shape in shapes],
          "The skip was enlarged, and x was left as it is.",
          "Enlarge what comes from below, `x`, and join it with `skip`."),
    _join("not the skip that was given",
          lambda out, up, shapes: SKIP not in shapes or {(32, 32), (31, 31)} & {shape[:2] for shape in shapes},
          "Something else stands where the skip belongs, perhaps a variable of that kind from a cell above.",
          "Join the argument `skip`, as it is."),
    _join(ADDED, lambda out, up, _: up[:2] == SKIP[:2] and is_sum(out), *ADDED_WORDS),
    _join(WRONG_AXIS, lambda out, up, _: up[:2] == SKIP[:2], *WRONG_AXIS_WORDS),
    _join("stride 1", lambda out, up, _: up == (*X[:2], out.args[0].filters),
          "The transposed convolution has left height and width as they were.", STRIDE),
    _join("joined before it is enlarged", lambda out, up, _: up[:2] == X[:2],
          "What comes from below still has half the height and width of the skip.",
          "First the transposed convolution, then the concatenation with its result."),
    _join("enlarged twice", lambda out, up, _: up[:2] == (16, 24), *TWICE),
    _join("halved, not doubled", lambda out, up, _: up[0] < X[0],
          "A convolution with stride 2 makes the image smaller. The transposed one turns it around.",
          "Use `layers.Conv2DTranspose`."),
    _join("only one of the two axes is doubled", lambda out, up, _: up[0] == SKIP[0] or up[1] == SKIP[1],
          "Height and width both must grow.", STRIDE),
    _join('padding="valid"', lambda out, up, _: up[0] > SKIP[0], *VALID),
    _join("the sizes do not match", lambda *_: True, "All axes but the one along which we join must agree.", STRIDE),
    *LAYERS,
    _returned("nothing is returned", lambda value: value is None, RETURN,
              "End the function with `return` and the result."),
    _returned("a model in place of a tensor", lambda value: is_a(value, "Model"),
              "A block takes tensors and returns a tensor; the model is made once, around all the blocks.",
              "Return the result of the last layer."),
    _returned(NOT_CALLED, lambda value: is_a(value, "Layer"), *NOT_CALLED_WORDS),
    _returned("several results", lambda value: isinstance(value, (list, tuple)),
              "The next layer takes one tensor.", "Return the result of the last layer alone."),
    _returned("not a tensor of this network", lambda _: True,
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
ignored = partial(When, "the argument `filters` is not used",
                  why=lambda out: f"{out.value[-1]} channels come out whatever `filters` is.",
                  remedy="Look for a number, or another variable, where `filters` should stand.",
                  received=lambda out: f"{out.value[-1]} channels", expected=lambda out: f"{out.right[-1]} channels")
SHAPES = (
    _shape("concatenated along the height", lambda shape, _: shape[:2] == (16, 12),
           f"One image stands above the other, {TOGETHER}", AXES),
    _shape("concatenated along the width", lambda shape, _: shape[:2] == (8, 24),
           f"One image stands beside the other, {TOGETHER}", AXES),
    _shape("nothing is enlarged", lambda shape, _: shape[:2] == X[:2],
           "Height and width are those of `x`, and the block should double them.",
           "Begin with the transposed convolution, with stride 2."),
    _shape("halved, not doubled", lambda shape, _: shape[:2] == (2, 3),
           "A convolution with stride 2 makes the image smaller.", "`layers.Conv2DTranspose` turns it around."),
    _shape("enlarged twice", lambda shape, _: shape[:2] == (16, 24), *TWICE),
    _shape('padding="valid"', lambda shape, _: shape[:2] != SKIP[:2], *VALID),
    _shape("no convolution after the join",
           lambda shape, filters: shape[2] in (filters + SKIP[2], X[2] + SKIP[2]),
           "The channels of both lie behind one another, and nothing has chosen among them yet.",
           "Let a convolution with `filters` filters follow the concatenation."),
    _shape("twice as many filters", lambda shape, filters: shape[2] == 2 * filters,
           "They double on the way down. Here, `filters` is already what this level should put out.",
           "Use `filters` as it is."),
    ignored(lambda out: not out.is_right),
)
# fmt: on

look = partial(look_at, "decoder_block", run=measured)
shape_case = partial(Case, right=Block.right_shape, kind=ShapeOfResult())


@look()
def look_at_the_shape(rng):
    """The shape of what comes out, for two numbers of filters."""
    blocks = [Block(filters) for filters in rng.permutation([2, 4]).tolist()]
    for block in blocks:
        yield Case(block, tried=tried_with(block.filters), rows=BUILDING)
    for block, other in zip(blocks, reversed(blocks), strict=True):
        fixed = ignored(
            lambda out, other=other: not out.is_right and out.value == (*SKIP[:2], other.model.output_shape[-1])
        )
        rows, tried = (fixed, *SHAPES), tried_with(block.filters)
        yield shape_case(block, lambda block: block.model.output_shape, tried=tried, rows=rows)
