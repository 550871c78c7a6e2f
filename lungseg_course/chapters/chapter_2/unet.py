"""Looks at exercise 2.2, `build_unet`, from outside: how many levels, how wide, and which skips."""

import numpy as np

from lungseg_course.chapters.chapter_2.networks import answer_of, choose_weights, mistake, same
from lungseg_course.chapters.chapter_2.shape import explain_the_build, make_model, tried_with
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, trying

# ---- Levels -----------------------------------------------------------------------------------

_WIDE = (16, 128, 1)
_MOVES = (1, 2, 4, 8)
_BORDER = 32  # of so many columns on either side the answer may depend on the border of the image


@same_chance()
def look_at_the_levels(build_unet, rng):
    filters = 3  # a number that nobody would write into the function
    tried = f"the parameters of build_unet({_WIDE}, filters={filters}), for depth 1, 2 and 3"
    with trying(tried, explain_the_build):
        models = [make_model(build_unet, _WIDE, filters=filters, depth=depth) for depth in (1, 2, 3)]
        counts = [_parameters(model) for model in models]
        if counts[0] == counts[1]:
            raise mistake(
                "the argument `depth` is not used",
                "The network is the same for each depth.",
                "The number of levels on the way down, and on the way up, is `depth`.",
                _listed(counts),
                "more of them for each level",
            )
    with trying(f"{tried_with(_WIDE, filters=filters, depth=2)}: the image moved by 1, 2, 4, ... pixels"):
        results = _answers_to_moves(models[1], rng)
        if results.max() > results.min():  # always the same: that is for the look at the probabilities
            _expect_halvings(_step(results), depth=2)
    with trying(tried):
        wrong = _wrong_growth(counts, filters) or _wrong_top(models[0], counts, filters)
        if wrong is not None:
            other = make_model(build_unet, _WIDE, filters=2 * filters, depth=1)
            raise _ignored_filters(filters, counts[0]) if counts[0] == _parameters(other) else wrong


def _listed(counts: list[int]) -> str:
    return f"{counts[0]:,}, {counts[1]:,} and {counts[2]:,} parameters"


def _ignored_filters(filters: int, count: int) -> Wrong:
    wrong = mistake(
        "the argument `filters` is not used",
        "The network is the same whatever `filters` is.",
        "Level l has `filters * 2**l` filters.",
        f"{count:,} parameters for both",
        "about four times as many for twice the filters",
    )
    wrong.tried = f"build_unet({_WIDE}, depth=1), for filters {filters} and {2 * filters}"
    return wrong


def _parameters(model) -> int:
    return sum(int(np.prod(tuple(variable.shape))) for variable in model.trainable_variables)


def _answers_to_moves(model, rng) -> np.ndarray:
    """Return the answers to a spot on black, and to the same spot moved to the right by each of _MOVES.

    They are told as differences from the answer to black alone, pixel by pixel: a network may see black as another
    number than 0, and then the border is an edge to it.
    """
    spot, start = rng.normal(size=(4, 4)), 60
    images = np.zeros((len(_MOVES) + 2, *_WIDE))  # the first one stays black
    for image, move in zip(images[1:], (0, *_MOVES), strict=True):
        image[6:10, start + move : start + move + 4, 0] = spot
    for _ in range(4):  # with some kernels the sigmoid is so near 0 or 1 that a spot makes no difference
        choose_weights(model, rng)
        black, *spots = answer_of(model, images)
        results = np.array(spots) - black
        if np.abs(results).max() > 0.01:
            break
    return results


def _step(results: np.ndarray) -> int | None:
    """Return the smallest of _MOVES with which the answer moves along, away from the border.

    It is the distance of two pixels of the bottleneck: each halving doubles it.
    """
    for result, move in zip(results[1:], _MOVES, strict=True):
        if same(result[:, _BORDER + move : -_BORDER], results[0, :, _BORDER : -_BORDER - move]):
            return move
    return None


def _expect_halvings(step: int | None, depth: int) -> None:
    if step == 2**depth:
        return
    found = None if step is None else step.bit_length() - 1
    if found == 0:
        cause, remedy = "nothing is halved", "One encoder block with stride 2 for each of the levels 1 to depth."
    elif found is not None and found < depth:
        cause = "one level too few"
        remedy = "The levels below the first are 1 to depth. What is the last number of your `range`?"
    else:
        cause = "one level too many" if found == depth + 1 else "too many levels"
        remedy = "Level 0 is not halved, and there are `depth` levels below it. Count the encoder blocks."
    raise mistake(
        cause,
        "How far an image must be moved until the answer moves along tells how often it is halved.",
        remedy,
        f"halved {'too often' if found is None else counted(found, 'time')}",
        f"halved {counted(depth, 'time')}",
    )


def _wrong_growth(counts: list[int], filters: int) -> Wrong | None:
    """Return what is wrong with the filters of the levels, or None."""
    second, third = counts[1] - counts[0], counts[2] - counts[1]
    # Twice the channels in and out are four times as many parameters. The second level has 4 F filters, and with the
    # blocks of the course it adds 20 (4 F)² parameters; with other good ones it is 15 to 28.
    growth, size = third / second, second / (4 * filters) ** 2
    for is_it, cause, what in (
        (growth < 1.5, "the filters stay the same", f"Here a level costs {growth:.1f} times as much as the last one."),
        (growth < 3.8, "the filters do not double", f"Here a level costs {growth:.1f} times as much as the last one."),
        (growth > 4.3, "the filters grow too fast", f"Here a level costs {growth:.1f} times as much as the last one."),
        (size > 30, "too many filters", "They double, but from a larger number on."),
        (size < 10, "too few filters", "They double, but from a smaller number on."),
    ):
        if is_it:
            return mistake(
                cause,
                f"Twice as many filters at each level mean four times as many parameters in it. {what}",
                "Level l has `filters * 2**l` filters: on the way down, and on the way up at the same level. "
                "Print the channels after each block. (A power is `**` in Python, not `^`.)",
                _listed(counts),
                "each level adds about four times as many as the last one",
            )
    return None


def _wrong_top(model, counts: list[int], filters: int) -> Wrong | None:
    """Return what is wrong with the filters of level 0, or None."""
    # Level 1 costs a quarter of level 2; what is left of depth 1 is level 0 on the way down, and the end.
    level_1 = (counts[1] - counts[0]) / 4
    meets_the_image = [tuple(variable.shape) for variable in model.trainable_variables if len(variable.shape) == 4]
    too_wide = any(shape[2:] == (_WIDE[2], 2 * filters) for shape in meets_the_image)
    if not too_wide or counts[0] - level_1 < 0.5 * level_1:
        return None
    return mistake(
        "too many filters at level 0",
        "The first encoder block has twice as many filters as it should.",
        "Level 0 has `filters` filters; they double from level 1 on.",
        f"{2 * filters} channels at level 0",
        f"{filters} channels",
    )


# ---- Skips ------------------------------------------------------------------------------------


@same_chance()
def look_at_the_skips(build_unet, rng):
    depth = 2
    settings = {"filters": 4, "depth": depth}
    with trying(
        f"{tried_with((16, 16, 1), **settings)}, with one kernel after the other set to 0:\n"
        "what still gets through goes by a skip",
        explain_the_build,
    ):
        model = make_model(build_unet, (16, 16, 1), **settings)
        if _is_squeezed(model):
            raise mistake(
                "the output convolution stands in the loop",
                "All that comes from below passes through a single channel, and is then enlarged again.",
                "The last convolution comes after the loop: it stands as far to the left as `for`.",
                "one channel on the way up",
                "one channel at the end only",
            )
        choose_weights(model, rng, positive=True)
        found = _ways_past(model, rng.uniform(0.5, 1.5, size=(1, 16, 16, 1)), depth)
        if found is not None and found < depth:
            raise mistake(
                "no skip connections" if found == 0 else "a skip connection is missing",
                "Each kernel lies on the only way." if found == 0 else "Two levels have no way past them but one.",
                "On the way down, keep `x` of each level in `skips`; on the way up, hand each of them to the "
                "decoder block of its level, and see that it is used there.",
                f"something carried by {found} of {depth} skips",
                f"{depth} skips",
            )


def _is_squeezed(model) -> bool:
    """Tell whether something of one channel is enlarged; of a model of one's own nothing is known."""
    for layer in getattr(model, "layers", ()):
        try:
            shape = layer.output.shape
        except (AttributeError, ValueError):  # not called, or called several times
            continue
        followers = [type(node.operation).__name__ for node in layer._outbound_nodes]
        if len(shape) == 4 and shape[-1] == 1 and {"Conv2DTranspose", "UpSampling2D"} & set(followers):
            return True
    return False


def _ways_past(model, image, enough: int) -> int | None:
    """Count the skips, up to as many as are enough: the different results that are left when one kernel is 0.

    With positive kernels and images every path adds to the result. A kernel at
    level l that is 0 closes all the paths that go as deep as that; those that
    leave the way down before stay open. So there is a result for each skip.
    """
    nothing, everything = answer_of(model, 0 * image), answer_of(model, image)
    if same(nothing, everything):
        return None  # always the same: that is for the look at the probabilities
    different = [nothing, everything]
    for variable in model.trainable_variables:
        if len(variable.shape) >= 2:
            kernel = np.array(variable)
            variable.assign(0 * kernel)
            result = answer_of(model, image)
            variable.assign(kernel)
            if not any(same(result, other) for other in different):
                different.append(result)
        if len(different) - 2 == enough:
            break
    return len(different) - 2
