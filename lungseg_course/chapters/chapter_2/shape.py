"""Looks at exercise 2.2, `build_unet`: is it a model, do its joins fit, and what shape comes out."""

import numpy as np

from lungseg_course.chapters.chapter_2.networks import (
    ADDED,
    WRONG_AXIS,
    explain_layers,
    is_sum,
    mistake,
    shapes_in,
    sizes,
)
from lungseg_course.chapters.chapter_2.outside import lists_outside
from lungseg_course.engine.chance import same_chance
from lungseg_course.engine.verdict import Wrong, describe, describe_error, trying

SHAPE, FILTERS, DEPTH = (64, 96, 3), 4, 3


def tried_with(input_shape, **settings) -> str:
    """Write the call of build_unet."""
    return f"build_unet({input_shape}, {', '.join(f'{name}={value}' for name, value in settings.items())})"


def make_model(build_unet, input_shape, **settings):
    """Return the model that the student's function builds.

    Raises
    ------
    Wrong
        If it is no model.
    """
    import keras

    model = _build(build_unet, input_shape, settings)
    if isinstance(model, keras.Model):
        if not model.built:  # a class of one's own is built when it sees its first batch
            model(np.zeros((1, *(size or 32 for size in input_shape)), dtype="float32"))
        return model
    known = (
        (
            model is None,
            "nothing is returned",
            "A function gives back only what stands behind `return`.",
            "End with `return keras.Model(inputs, outputs)`.",
        ),
        (
            isinstance(model, keras.KerasTensor),
            "a tensor in place of a model",
            "The tensor is what comes out at the end. The model is all that lies between it and the inputs.",
            "Return `keras.Model(inputs, outputs)`.",
        ),
    )
    for is_it, cause, why, remedy in known:
        if is_it:
            received = "None" if model is None else f"a tensor of shape {tuple(model.shape)}"
            raise mistake(cause, why, remedy, received, "a keras.Model")
    why = "The notebooks after this one train what comes back, and save it: it must be a model."
    remedy = "Return `keras.Model(inputs, outputs)` alone, without brackets, a comma or quotes."
    raise mistake("not a model", why, remedy, describe(model), "a keras.Model")


def _build(build_unet, input_shape, settings: dict):
    lists = lists_outside(build_unet)
    lengths = {name: len(each) for name, each in lists.items()}
    try:
        return build_unet(input_shape, **settings)
    except Exception as error:
        kept = {name: each for name, each in lists.items() if 0 < lengths[name] < len(each)}
        if kept:  # the call may have failed because of what earlier calls left there: without it, does it work?
            _build_with_empty(kept, build_unet, input_shape, settings)
            name = next(iter(kept))
            held = f"{lengths[name]} entr{'y' if lengths[name] == 1 else 'ies'}"
            raise mistake(
                f"the list `{name}` is never emptied",
                f"It is made once, outside of the function. Before this call it still held {held} from networks that "
                "were built earlier, and these do not belong to this one. With an empty list, the same call works.",
                f"Make the list at the beginning of the function: `{name} = []`.",
                describe_error(error),
                "a network of its own at each call",
            ) from None
        raise


def _build_with_empty(lists: dict, build_unet, input_shape, settings: dict) -> None:
    contents = {name: list(each) for name, each in lists.items()}
    try:
        for each in lists.values():
            each.clear()
        build_unet(input_shape, **settings)
    finally:
        for name, each in lists.items():
            each.clear()
            each.extend(contents[name])


@same_chance()
def look_at_the_shape(build_unet, rng):
    settings = {"filters": FILTERS, "depth": DEPTH, "dropout": 0.25}
    with trying(tried_with(SHAPE, **settings), explain_the_build):
        model = make_model(build_unet, SHAPE, **settings)
        taken = getattr(model, "input_shape", None) or (None, *SHAPE)
        if tuple(taken) != (None, *SHAPE):
            raise mistake(
                "the argument `input_shape` is not used",
                "The network takes images of another shape than it was asked to. Perhaps a number or a variable of "
                "the notebook stands in `keras.Input`.",
                "Give `input_shape` to `keras.Input`, as it is.",
                f"a network for {tuple(taken)}",
                f"a network for {(None, *SHAPE)}",
            )
        shape = _output_shape(model)
        if shape != (*SHAPE[:2], 1):
            raise _wrong_shape(build_unet, shape)


def _output_shape(model) -> tuple:
    shape = getattr(model, "output_shape", None) or model(np.zeros((1, *SHAPE), dtype="float32")).shape
    return tuple(shape)[1:]


def _wrong_shape(build_unet, shape: tuple) -> Wrong:
    received, expected = f"probabilities of shape (B, {', '.join(map(str, shape))})", f"(B, {SHAPE[0]}, {SHAPE[1]}, 1)"
    if len(shape) != 3:
        return mistake(
            "not an image",
            "A U-Net answers for each pixel, so its output has a height and a width too. It has no layer that "
            "flattens the image or takes its mean.",
            "End with a convolution of 1 × 1.",
            received,
            expected,
        )
    height, width, channels = shape
    if (height, width) == SHAPE[:2]:
        cause = "no output convolution" if channels == FILTERS else "more than one channel in the output"
        return mistake(
            cause,
            "There is one question for each pixel, lung or not, and so one number.",
            "End with a convolution of 1 × 1 with a single filter, and a sigmoid.",
            received,
            expected,
        )
    if height < SHAPE[0] >> DEPTH:
        return mistake(
            "halved on the way up",
            "What comes out is smaller than the bottleneck.",
            "The second loop is made of decoder blocks.",
            received,
            expected,
        )
    if height < SHAPE[0] and SHAPE[0] % height == 0:
        return mistake(*_too_small(build_unet, height), received, expected)
    if height % SHAPE[0] == 0:
        return mistake(
            "one step up too many",
            "There are more decoder blocks than levels to go up.",
            "As many decoder blocks as `depth`, for the levels depth - 1 down to 0.",
            received,
            expected,
        )
    return mistake(
        'padding="valid"',
        'With "valid" padding, Keras\' default, each convolution takes away the border.',
        'Set `padding="same"` wherever the kernel is larger than 1.',
        received,
        expected,
    )


def _too_small(build_unet, height: int) -> tuple[str, str, str]:
    if SHAPE[0] // height == 2**DEPTH:
        return (
            "the way up is missing",
            "What comes out has the size of the bottleneck.",
            "Put the second loop after the first one: a decoder block for each level, from depth - 1 down to 0. "
            "Does it go on with `x`?",
        )
    try:
        # This size can be halved `depth` times and no more. If level 0 halves it too, the joins do not fit.
        make_model(build_unet, (3 * 2**DEPTH, 3 * 2**DEPTH, SHAPE[2]), filters=FILTERS, depth=DEPTH)
    except ValueError:
        return (
            "level 0 is halved too",
            "The first encoder block works at full size; here it halves the image, as the others do.",
            "Give the encoder block of level 0 `strides=1`.",
        )
    return (
        "too few steps up",
        "The way up ends before full size is reached.",
        "Count the decoder blocks: one for each of the levels depth - 1, ..., 1, 0. What does `range` leave out?",
    )


# ---- Exceptions -------------------------------------------------------------------------------

_DEEPEST = (SHAPE[0] >> DEPTH - 1, SHAPE[1] >> DEPTH - 1)  # where the first join takes place


def explain_the_build(error: Exception) -> Wrong | None:
    """Name the mistake behind an exception while the network is built."""
    if isinstance(error, (IndexError, KeyError)):
        return mistake(
            "a skip that is not there",
            f"With depth {DEPTH} there are {DEPTH} skips, of the levels 0 to {DEPTH - 1}: the bottleneck has none.",
            "Keep a skip of each level before going on to the next, and print the level and `len(skips)`.",
            describe_error(error),
            "a skip for each of the levels",
        )
    if "strides" in str(error) and "0.25" in str(error):
        return mistake(
            "`dropout` stands in the place of `strides`",
            "The third argument of `encoder_block` is `strides`.",
            "Hand it over by its name: `dropout=dropout`.",
            describe_error(error),
            "strides of 1 or 2",
        )
    shapes = [shape for shape in dict.fromkeys(shapes_in(error)) if len(shape) == 3 and None not in shape]
    if len(shapes) < 2 or not ("oncat" in str(error) or "`axis` dim" in str(error) or is_sum(error)):
        return explain_layers(error)
    if len(shapes) > 2:
        return mistake(
            "all the skips at once",
            "A decoder block joins with one skip, that of its own level.",
            "Take one of the list: `skips[...]`.",
            f"{len(shapes)} things at a join: {', '.join(map(sizes, shapes))}",
            "two things of equal height and width",
        )
    meeting = f"at a join: {' and '.join(map(sizes, shapes))}"
    return mistake(*_named_join([shape[:2] for shape in shapes], is_sum(error)), meeting, "equal heights and widths")


def _named_join(places: list[tuple], summed: bool) -> tuple[str, str, str]:
    heights = sorted({height for height, _ in places})
    ratio = heights[-1] / heights[0]
    if ratio == 1:
        return ADDED if summed else WRONG_AXIS
    if ratio >= 4 and _DEEPEST[0] in heights:
        return (
            "the skips are in the wrong order",
            "The first join, deep down, meets the skip of the top: what went in first came out first.",
            "The way up begins at level depth - 1. Take `skips[level]`, and let `level` count down.",
        )
    if heights == [_DEEPEST[0] // 2, 2 * _DEEPEST[0]]:
        return (
            "x and skip are swapped",
            "The skip was enlarged, and the bottleneck was left as it is.",
            "`decoder_block` takes first what comes from below, then the skip.",
        )
    if ratio == 2 and heights == [_DEEPEST[0] // 2, _DEEPEST[0]]:
        return (
            "a skip that is too small",
            "The bottleneck meets the level above it, or itself. A decoder block doubles the size, so that it needs "
            "the skip of the level above.",
            "Is `x` put into `skips` *before* the next encoder block halves it? The result of the last one, the "
            "bottleneck, is no skip.",
        )
    if ratio == 2:
        return (
            "a skip of the wrong level",
            "A decoder block at level l needs what the encoder put out at level l. This is one of another level, or "
            "`x` is.",
            "Print the level, `x.shape` and the shape of the skip before each join. Does each block go on with the `x` "
            "of the one before?",
        )
    return (
        "the sizes do not match",
        "All axes but the one along which we join must agree.",
        "Print the shape after each block, on the way down and up.",
    )
