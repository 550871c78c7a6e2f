"""Looks at exercise 2.3, `predict_any_size`, with a network that notes what it is shown."""

import numpy as np

from lungseg_course.chapters.chapter_2.networks import mistake
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, as_array, describe, describe_error, trying


class _Echo:
    """Stands for a network: it answers with the image itself, and takes sizes that 2**depth divides."""

    def __init__(self, depth: int):
        self.step, self.seen = 2**depth, []

    def predict_on_batch(self, images) -> np.ndarray:
        images = np.asarray(images)
        if images.ndim != 4:
            raise ValueError(f"expected ndim=4, found ndim={images.ndim}. Full shape received: {images.shape}")
        self.seen.append(images.shape)
        if any(size % self.step for size in images.shape[1:3]):
            raise _DoesNotFit(f"{self.step} must divide height and width, received {images.shape}")
        return images.astype("float32")

    def predict(self, x, **_) -> np.ndarray:
        return self.predict_on_batch(x)

    def __call__(self, inputs, training: bool = False):
        import keras

        return keras.ops.convert_to_tensor(self.predict_on_batch(inputs))


class _DoesNotFit(ValueError):
    pass


def _tried(images, depth: int) -> str:
    return f"predict_any_size(model, images, depth={depth}), with images of shape {images.shape}"


def _images(rng, height: int, width: int) -> np.ndarray:
    return rng.uniform(0.1, 0.9, size=(2, height, width, 1)).astype("float32")


def look_at_the_size(predict_any_size, rng):
    images, depth = _images(rng, 13, 22), 3
    _expect_echo(predict_any_size, images, depth, values=False)


def look_at_the_place(predict_any_size, rng):
    _expect_echo(predict_any_size, _images(rng, 13, 22), 3)
    for height, width, depth in ((9, 16, 2), (16, 9, 2), (5, 7, 1), (20, 33, 5)):
        _expect_echo(predict_any_size, _images(rng, height, width), depth)


def look_at_a_size_that_works(predict_any_size, rng):
    images, depth = _images(rng, 16, 24), 3
    echo = _expect_echo(predict_any_size, images, depth)
    with trying(_tried(images, depth)):
        if echo.seen and echo.seen[0][1:3] != images.shape[1:3]:
            raise mistake(
                "padded although it fits",
                f"{echo.step} divides 16 and 24: nothing is missing.",
                "`step - height % step` is a whole step where the remainder is 0; `-height % step` is 0 there.",
                f"the network was shown {echo.seen[0][1]} × {echo.seen[0][2]}",
                "16 × 24, as they are",
            )


def _expect_echo(predict_any_size, images, depth: int, values: bool = True) -> _Echo:
    """Try it; the network answers with the image, so the result must be the images."""
    echo, given = _Echo(depth), images.copy()
    with trying(_tried(images, depth), lambda error: _explain(error, images, echo)):
        result = as_array(predict_any_size(echo, given, depth), "probabilities")
        if not np.array_equal(given, images):
            raise mistake(
                "the images are changed",
                "Whoever called the function still needs them.",
                "Work with the array that `np.pad` makes.",
                "images with other values",
                "images that are as before",
            )
        if result.shape != images.shape:
            raise _wrong_shape(result.shape, images.shape, echo)
        if values and not np.allclose(result, images, atol=1e-4):
            raise _wrong_values(result, images)
    return echo


def _explain(error: Exception, images, echo: _Echo) -> Wrong | None:
    if isinstance(error, _DoesNotFit):
        height, width = images.shape[1:3]
        down, right = -height % echo.step, -width % echo.step
        shown = echo.seen[-1]
        expected = f"a height and a width that {echo.step} divides: {height + down} × {width + right}"
        received = f"the network was shown {shown[1]} × {shown[2]}, which does not fit"
        known = (
            (
                shown == images.shape,
                "not padded",
                "The network gets the images as they are.",
                "Give it what `np.pad` returns, and take the sizes from the argument `images`.",
            ),
            (
                shown[1:3] == (height + right, width + down) and down != right,
                "height and width are swapped",
                "What is missing in height is added to the width.",
                "The axes are (batch, height, width, channels), and so are the pairs of `np.pad`.",
            ),
            (
                shown[0] != images.shape[0] or shown[3] != images.shape[3],
                "another axis is padded",
                "There are more images or channels than before.",
                "The axes are (batch, height, width, channels), and so are the pairs of `np.pad`.",
            ),
            (
                shown[1:3] == (height + height % echo.step, width + width % echo.step),
                "the remainder is added",
                "`height % step` is how much is too many; what is missing is the rest of a step.",
                "Use `-height % step`. For 13 and a step of 8 it is 3.",
            ),
            (
                (shown[1] == height) != (shown[2] == width),
                "only one of the two axes is padded",
                "Height and width both must be multiples.",
                "Look at both pairs of `np.pad`.",
            ),
        )
        for is_it, cause, why, remedy in known:
            if is_it:
                return mistake(cause, why, remedy, received, expected)
        remedy = "Print the shape before and after `np.pad`. What is missing is `-height % step`, not a fixed number; "
        remedy += "and `step` is `2**depth` (in Python `2 ^ 3` is 1)."
        why = f"Each level halves height and width, so that {echo.step} must divide both."
        return mistake("not a multiple", why, remedy, received, expected)
    if isinstance(error, ValueError) and "ndim" in str(error):
        return mistake(
            "an image without its batch",
            "A network takes batches, even of a single image: four axes.",
            "Give it all the images at once.",
            describe_error(error),
            f"images of shape {images.shape}",
        )
    return None


def _wrong_shape(shape: tuple, expected: tuple, echo: _Echo) -> Wrong:
    padded = echo.seen[0] if echo.seen else None
    found = f"shape {shape}"
    wanted = f"shape {expected}, that of the images"
    known = (
        (
            0 in shape,
            "an empty result",
            "Nothing was added along this axis, and a slice `[:-0]` is empty: -0 is 0.",
            "Count from the front: `[:, :height, :width]`.",
        ),
        (
            padded and (padded[1] < expected[1] or padded[2] < expected[2]),
            "cut, not padded",
            "Rows and columns are left out until the size fits; for these pixels there is no answer.",
            "Add what is missing with `np.pad`, and cut it off again afterwards.",
        ),
        (
            shape == padded,
            "the padding is not cut off",
            "The answer is as large as the padded images.",
            "Take the first `height` rows and `width` columns of it.",
        ),
        (
            shape == (padded or ())[:3] or shape == expected[:3],
            "the axis of the channels is gone",
            "A single index takes an axis away; a slice keeps it.",
            "Leave the last axis as it is.",
        ),
        (
            shape[:1] != expected[:1],
            "images are lost",
            "The first axis counts the images.",
            "Slice height and width only: `[:, ..., ...]`.",
        ),
    )
    for is_it, cause, why, remedy in known:
        if is_it:
            return mistake(cause, why, remedy, found, wanted)
    return mistake(
        "another size comes back",
        "Each pixel of the image should have its probability.",
        "Keep the first `height` rows and `width` columns of what the network gave.",
        found,
        wanted,
    )


def _wrong_values(result, images) -> Wrong:
    for down in range(images.shape[1]):
        for right in range(images.shape[2]):
            rest = images[:, : images.shape[1] - down, : images.shape[2] - right]
            if (down or right) and rest.size > 8 and np.allclose(result[:, down:, right:], rest, atol=1e-4):
                return mistake(
                    "the answer is moved",
                    f"It lies {counted(down, 'row')} too low and {counted(right, 'column')} too far to the right: what "
                    "was added in front is still there, and the end is cut off.",
                    "Add behind and cut behind; or, if you add in front, cut the same number there.",
                    "the first row and column of the padding",
                    "those of the image",
                )
    if set(np.unique(result)) <= {0, 1}:
        cause, remedy = "rounded", "Return the probabilities as the network gave them."
    else:
        cause, remedy = "other values", "Do you resize, or scale? Pad with `np.pad`, predict, and cut."
    return mistake(
        cause,
        "The network here answers with the image itself, so each pixel should come back as it went in.",
        remedy,
        describe(result[0, 0, :4, 0]),
        describe(images[0, 0, :4, 0]),
    )
