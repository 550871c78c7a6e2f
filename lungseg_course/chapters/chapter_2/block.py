"""Looks at exercise 2.1, `decoder_block`: the shapes, and what is joined with what."""

from lungseg_course.chapters.chapter_2.networks import (
    ADDED,
    WRONG_AXIS,
    expect_tensor,
    explain_layers,
    is_sum,
    mistake,
    shapes_in,
    sizes,
)
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, trying

# What comes from below, and the skip. Other numbers than the filters, so that mistakes give other shapes.
X, SKIP = (4, 6, 6), (8, 12, 3)


def make_block(decoder_block, filters: int, dropout: float = 0.0, x=X, skip=SKIP):
    """Return the student's block as a model, and the shape of its result."""
    import keras

    below, beside = keras.Input(x), keras.Input(skip)
    result = decoder_block(below, beside, filters, dropout)
    result = expect_tensor(result, f"a tensor of shape (B, {SKIP[0]}, {SKIP[1]}, {filters})")
    return keras.Model([below, beside], result), tuple(result.shape)


def tried_with(filters: int, more: str = "") -> str:
    return (
        f"decoder_block(x, skip, {filters}{more}), with x of shape (B, {', '.join(map(str, X))})\n"
        f"and skip of shape (B, {', '.join(map(str, SKIP))})"
    )


# ---- Shapes -----------------------------------------------------------------------------------


@same_chance()
def look_at_the_shape(decoder_block, rng):
    shapes = {}
    for filters in rng.permutation([2, 4]).tolist():
        with trying(tried_with(filters), lambda error, filters=filters: explain_the_join(error, filters)):
            _, shapes[filters] = make_block(decoder_block, filters)
    channels = {shape[-1] for shape in shapes.values()}
    for filters, shape in shapes.items():
        with trying(tried_with(filters)):
            if shape != (None, *SKIP[:2], filters):
                same_place = shape[1:3] == SKIP[:2]
                raise _ignored(shape, filters) if same_place and len(channels) == 1 else wrong_shape(shape[1:], filters)


def _ignored(shape: tuple, filters: int) -> Wrong:
    return mistake(
        "the argument `filters` is not used",
        f"{shape[-1]} channels come out whatever `filters` is.",
        "Look for a number, or another variable, where `filters` should stand.",
        f"{shape[-1]} channels",
        f"{filters} channels",
    )


_STRIDE = "The stride says how many output pixels lie between the copies of the kernel. Which one doubles?"
_VALID = (
    'padding="valid"',
    'With "valid" padding, Keras\' default, the border makes the result larger or smaller than wanted.',
    'Set `padding="same"` in both convolutions.',
)
_TWICE = (
    "enlarged twice",
    "One block goes up by one level: it doubles height and width once.",
    "Keep one of the layers that enlarge, with stride 2.",
)


def explain_the_join(error: Exception, filters: int) -> Wrong | None:
    """Name the mistake behind shapes that Keras refuses to join."""
    shapes = list(dict.fromkeys(shapes_in(error)))
    if len(shapes) < 2 or not ("oncat" in str(error) or "`axis` dim" in str(error) or is_sum(error)):
        return explain_layers(error)
    skips = [shape for shape in shapes if shape == SKIP]
    up = next((shape for shape in shapes if shape != SKIP), SKIP)
    expected = f"{sizes((*SKIP[:2], filters))}, joined with the skip, {sizes(SKIP)}"
    meeting = " and ".join(sizes(shape) for shape in shapes)
    if X in shapes and (2 * SKIP[0], 2 * SKIP[1]) in [shape[:2] for shape in shapes]:
        return mistake(
            "x and skip are swapped",
            "The skip was enlarged, and x was left as it is.",
            "Enlarge what comes from below, `x`, and join it with `skip`.",
            meeting,
            expected,
        )
    if any(shape[:2] in ((32, 32), (31, 31)) for shape in shapes) or not skips:
        return mistake(
            "not the skip that was given",
            "Something else stands where the skip belongs, perhaps a variable of that kind from a cell above.",
            "Join the argument `skip`, as it is.",
            meeting,
            expected,
        )
    return mistake(*_named_join(up, filters, is_sum(error)), meeting, expected)


def _named_join(up: tuple, filters: int, summed: bool) -> tuple[str, str, str]:
    height, width = up[:2]
    if (height, width) == SKIP[:2]:
        return ADDED if summed else WRONG_AXIS
    if (height, width) == X[:2] and up[2] == filters:
        return "stride 1", "The transposed convolution has left height and width as they were.", _STRIDE
    if (height, width) == X[:2]:
        return (
            "joined before it is enlarged",
            "What comes from below still has half the height and width of the skip.",
            "First the transposed convolution, then the concatenation with what it gave.",
        )
    if (height, width) == (4 * X[0], 4 * X[1]):
        return _TWICE
    if height < X[0]:
        return (
            "halved, not doubled",
            "A convolution with stride 2 makes the image smaller. The transposed one turns it around.",
            "Use `layers.Conv2DTranspose`.",
        )
    if height == SKIP[0] or width == SKIP[1]:
        return "only one of the two axes is doubled", "Height and width both must grow.", _STRIDE
    if height > SKIP[0]:
        return _VALID
    return "the sizes do not match", "All axes but the one along which we join must agree.", _STRIDE


def wrong_shape(shape: tuple, filters: int) -> Wrong:
    height, width, channels = shape
    expected = f"shape (B, {SKIP[0]}, {SKIP[1]}, {filters})"
    received = f"shape (B, {height}, {width}, {channels})"
    no_convolution = (
        "no convolution after the join",
        "The channels of both lie behind one another, and nothing has chosen among them yet.",
        "Let a convolution with `filters` filters follow the concatenation.",
    )
    known = {
        (2 * SKIP[0], SKIP[1]): (
            "concatenated along the height",
            "One image stands above the other, and pixels that belong together are far apart.",
            "The axes are (batch, height, width, channels). Which one may grow?",
        ),
        (SKIP[0], 2 * SKIP[1]): (
            "concatenated along the width",
            "One image stands beside the other, and pixels that belong together are far apart.",
            "The axes are (batch, height, width, channels). Which one may grow?",
        ),
        X[:2]: (
            "nothing is enlarged",
            "Height and width are those of `x`, and the block should double them.",
            "Begin with the transposed convolution, with stride 2.",
        ),
        (X[0] // 2, X[1] // 2): (
            "halved, not doubled",
            "A convolution with stride 2 makes the image smaller.",
            "`layers.Conv2DTranspose` turns it around.",
        ),
        (2 * SKIP[0], 2 * SKIP[1]): _TWICE,
    }
    if (height, width) in known:
        return mistake(*known[height, width], received, expected)
    if (height, width) != SKIP[:2]:
        return mistake(*_VALID, received, expected)
    if channels in (filters + SKIP[2], X[2] + SKIP[2]):
        return mistake(*no_convolution, received, expected)
    if channels == 2 * filters:
        why = "They double on the way down. Here, `filters` is already what this level should put out."
        return mistake("twice as many filters", why, "Use `filters` as it is.", received, expected)
    return _ignored((None, *shape), filters)
