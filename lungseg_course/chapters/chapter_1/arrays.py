"""Looks at exercises 1.1, how large an array is, and 1.2, a batch of cases."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from lungseg_course.chapters.batches import (
    expect_layout,
    expect_values,
    explain_reading,
    listing,
    numbers,
    tiny_cases,
)
from lungseg_course.engine.lines import counted
from lungseg_course.engine.names_outside import blaming_names_of_the_notebook
from lungseg_course.engine.verdict import Wrong, as_array, describe_error, expect_close, trying

# ---- 1.1: array_gigabytes ----------------------------------------------------------------------


def look_at_the_defaults(array_gigabytes, rng):
    count, size = int(rng.integers(200, 900)), int(rng.integers(300, 700))
    pixels = count * size * size
    expected = pixels * 2 * 4 / 1e9
    gibi = "1024³ bytes are a gibibyte (GiB). Here a gigabyte is 10⁹ bytes.", "Divide by 1e9."
    mistakes = {
        "1024³ in place of 10⁹": (pixels * 8 / 1024**3, *gibi),
        "the channels are missing": (
            pixels * 4 / 1e9,
            "An image and a mask take twice the room of an image.",
            "Write the formula again with all its letters: N, H, W, C, and the 4 bytes.",
        ),
        "the bytes of a number are missing": (
            pixels * 2 / 1e9,
            "This counts the numbers. Each of them takes `bytes_per_number` bytes.",
            "Multiply by the bytes of one number.",
        ),
        "bits in place of bytes": (expected * 8, "A byte is 8 bits already.", "Leave out the factor 8."),
        "10e9 is 10¹⁰": (expected / 10, "The number before the e counts too: 10e9 is 10 · 10⁹.", "Divide by 1e9."),
        "1e-9 in place of 1e9": (expected * 1e18, "To divide by 1e-9 is to multiply by 10⁹.", "Divide by 1e9."),
        "not divided": (expected * 1e9, "These are bytes.", "One gigabyte is 10⁹ bytes: divide."),
        "megabytes": (expected * 1e3, "10⁶ bytes are a megabyte.", "Divide by 10⁹, which is 1e9."),
        "kilobytes": (expected * 1e6, "10³ bytes are a kilobyte.", "Divide by 10⁹, which is 1e9."),
        "the size is not squared": (
            count * size * 8 / 1e9,
            "A case has `size` rows and `size` columns.",
            "The size belongs into the product twice.",
        ),
        "2 · size in place of size²": (
            count * size * 2 * 8 / 1e9,
            "Twice the size is not its square.",
            "Multiply the size by itself.",
        ),
        "`^` is not a power": (
            count * ((size ^ 2) * 8) / 1e9,
            "In Python `^` combines the bits of two numbers.",
            "Powers are written with two asterisks: 3**2 is 9.",
        ),
        "the count is missing": (
            size * size * 8 / 1e9,
            "This is the size of one case.",
            "Multiply by the number of cases.",
        ),
        "rounded down": (
            expected // 1,
            "`//` and `int()` cut off what stands behind the point.",
            "Divide with a single slash, and do not round.",
        ),
        "rounded to two places": (
            round(expected, 2),
            "Small arrays would all have 0 gigabytes. Round when you print, not when you compute.",
            "Return the number as it is.",
        ),
        "rounded": (np.round(expected), "Small arrays would all have 0 gigabytes.", "Return the number as it is."),
    }
    with trying(f"array_gigabytes({count}, {size})", _explain_power):
        expect_close(array_gigabytes(count, size), expected, mistakes, tolerance=1e-6, what="the gigabytes")


def look_at_the_other_arguments(array_gigabytes, rng):
    count, channels, width = int(rng.integers(10, 40)), int(rng.integers(3, 7)), 8
    pixels = count * 1000 * 1000
    names = "Use the names of all four arguments."
    mistakes = {
        "the argument `channels` is not used": (
            pixels * 2 * width / 1e9,
            "A number stands where the name `channels` should, so all arrays seem to have two.",
            names,
        ),
        "the argument `bytes_per_number` is not used": (
            pixels * channels * 4 / 1e9,
            "A number stands where the name `bytes_per_number` should, so all numbers seem to take 4 bytes.",
            names,
        ),
        "`channels` and `bytes_per_number` are not used": (
            pixels * 2 * 4 / 1e9,
            "Numbers stand where their names should.",
            names,
        ),
    }
    with trying(f"array_gigabytes({count}, 1000, channels={channels}, bytes_per_number={width})", _explain_power):
        result = array_gigabytes(count, 1000, channels=channels, bytes_per_number=width)
        expect_close(result, pixels * channels * width / 1e9, mistakes, tolerance=1e-5, what="the gigabytes")


def look_at_a_small_array(array_gigabytes, rng):
    count = int(rng.integers(11, 19))
    expected = count * 16 * 16 * 8 / 1e9
    with trying(f"array_gigabytes({count}, 16)", _explain_power):
        found = as_array(array_gigabytes(count, 16), "the gigabytes")
        if found.ndim == 0 and found == 0:
            raise Wrong(
                "rounded",
                received="0",
                expected=f"{expected:.3g}",
                why="A small array takes little, but not nothing. `//`, `int` and `round` cut that off.",
                remedy="Divide with a single slash, and round when you print, not when you compute.",
            )
        expect_close(found, expected, tolerance=1e-3, what="the gigabytes", absolute=0)


def _explain_power(error: Exception) -> Wrong | None:
    if isinstance(error, TypeError) and "for ^" in str(error):
        return Wrong(
            "`^` is not a power",
            received=describe_error(error),
            expected="a number",
            why="In Python `^` combines the bits of two whole numbers.",
            remedy="Powers are written with two asterisks: 3**2 is 9.",
        )
    return None


# ---- 1.2: read_batch ---------------------------------------------------------------------------


def look_at_the_shapes(read_batch, rng):
    with tiny_cases(5, rng) as (paths, images, masks), _reading(read_batch, "read_batch(cases[:3])"):
        expect_layout(read_batch(paths[:3]), images[:3], masks[:3])


def look_at_the_values(read_batch, rng):
    with tiny_cases(5, rng) as (paths, images, masks), _reading(read_batch, "read_batch(cases[:3])"):
        batch = read_batch(paths[:3])
        expect_layout(batch, images[:3], masks[:3])
        _expect_places([0, 1, 2], batch, images, masks)
        expect_values(batch, images[:3], masks[:3])


def look_at_the_paths(read_batch, rng):
    with tiny_cases(5, rng) as (paths, images, masks):
        places = [4, 0, 2, 1]
        given = [paths[place] for place in places]
        with _reading(read_batch, "read_batch([cases[4], cases[0], cases[2], cases[1]])"):
            batch = read_batch(given)
            expect_layout(batch, images[places], masks[places])
            _expect_places(places, batch, images, masks)
            expect_values(batch, images[places], masks[places])
            if given != [paths[place] for place in places]:
                raise Wrong(
                    "the list of paths is changed",
                    received=f"afterwards the list is another, of {counted(len(given), 'path')}",
                    expected="the list as it was",
                    why="The list belongs to the caller, who will need it in the next epoch.",
                    remedy="Read from the list without `pop`, `sort` or `remove`.",
                )
        with _reading(read_batch, "read_batch([cases[1]]), a batch of one"):
            batch = read_batch([paths[1]])
            expect_layout(batch, images[1:2], masks[1:2])
            expect_values(batch, images[1:2], masks[1:2])


@contextmanager
def _reading(read_batch, tried: str) -> Iterator[None]:
    with blaming_names_of_the_notebook(read_batch, {"cases": "paths"}), trying(tried, explain_reading):
        yield


def _expect_places(places, batch, images, masks) -> None:
    found = numbers(batch, images, masks)
    if found == places or None in found:
        return
    cause, why = "other cases than the paths say", "The batch should hold the cases that were asked for."
    remedy = "Load the paths that the function is given."
    if sorted(found) == sorted(places):
        cause, why = "the order of the paths is not kept", "The generator will shuffle by giving them in another order."
        remedy = "Go through `paths` as they come, without sorting."
    elif len(set(found)) == 1:
        cause, why = "one case, again and again", "Each turn of the loop reads the same path."
        remedy = "Load the path that the loop gives you, not a fixed one."
    raise Wrong(cause, received=f"cases {listing(found)}", expected=f"cases {listing(places)}", why=why, remedy=remedy)
