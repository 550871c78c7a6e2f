"""Looks at exercises 1.1, how large an array is, and 1.2, a batch of cases."""

import inspect
from functools import partial

import numpy as np

from lungseg_course.chapters.batches import (
    CASE,
    Batch,
    is_pair,
    listing,
    listing_cases,
    places_in,
    read_cases,
    tiny_cases,
)
from lungseg_course.chapters.misread_batches import LAYOUT, READING, values
from lungseg_course.engine.kinds import Numbers
from lungseg_course.engine.lines import counted
from lungseg_course.engine.outcome import Outcome
from lungseg_course.engine.rows import Gives, Raises, Shape, When
from lungseg_course.engine.table import Case, look_at

# ---- 1.1: array_gigabytes ----------------------------------------------------------------------


def _gigabytes(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e9


def _unused(out: Outcome) -> str:
    """Return the name of an argument that changes nothing, though the result is wrong."""
    if out.is_right or not out.value.any():  # 0 stays 0, whatever is doubled
        return ""
    given = inspect.signature(_gigabytes).bind(*out.args, **out.kwargs)
    given.apply_defaults()
    for place, name in enumerate(given.arguments):
        doubled = [value * (1 + (place == k)) for k, value in enumerate(given.args)]
        if np.array_equal(out.answer(*doubled), out.result):
            return name
    return ""


def _channels_are_an_exponent(out: Outcome) -> bool:
    """Whether three channels make `size` to the power of 3; with two, the factor might be missing as well."""
    if out.is_right:
        return False
    count, size = out.args
    try:
        of_three = out.answer(count, size, 3)
    except TypeError:  # a function of two arguments
        return False
    return np.allclose(of_three, count * size**3 * 4 / 1e9)


def _has_some_bytes_more(out: Outcome) -> bool:
    """Whether there are up to some hundred bytes more than there should be; a multiple of 100 is rounded."""
    if out.is_right or out.value.ndim:
        return False
    more = (out.value - out.right) * 1e9
    return bool(0 < more < 1000 and round(float(out.value) * 1e9) % 100)


DIVIDE = "Divide by 1e9."
SMALL_ARRAYS = "Small arrays would all have 0 gigabytes."

# fmt: off
POWER = Raises("`^` is not a power", r"TypeError: for \^", "In Python `^` combines the bits of two whole numbers.",
               "Powers are written with two asterisks: 3**2 is 9.", expected="a number")
EXPONENT = (
    "the channels are an exponent", "`size ** channels` is the size times itself, once for each channel. Of each pixel "
    "there are `channels` numbers: a factor.", "Write the powers of the formula out: `size * size * channels`.",
)
FACTORS = (
    When(EXPONENT[0], _channels_are_an_exponent, *EXPONENT[1:]),
    Gives("1024³ in place of 10⁹", lambda n, size: n * size**2 * 8 / 1024**3,
          "1024³ bytes are a gibibyte (GiB). Here a gigabyte is 10⁹ bytes.", DIVIDE),
    Gives("the channels are missing", lambda n, size: n * size**2 * 4 / 1e9,
          "An image and a mask take twice the memory of an image.",
          "Write the formula again with all its letters: N, H, W, C, and the 4 bytes."),
    Gives("the bytes of a number are missing", lambda n, size: n * size**2 * 2 / 1e9,
          "This counts the numbers. Each of them takes `bytes_per_number` bytes.",
          "Multiply by the bytes of one number."),
    Gives("8 bytes for each number", lambda n, size: 2 * _gigabytes(n, size),
          "That is float64, which NumPy makes unless it is told another type. How many bytes a number takes is an "
          "argument here, and 4 if nobody says otherwise.",
          "Multiply by `bytes_per_number`, without making an array: it might not fit in the memory.",
          also=(lambda n, size: 2e9 * _gigabytes(n, size),)),
    Gives("bits in place of bytes", lambda n, size: 8 * _gigabytes(n, size), "A byte is 8 bits already.",
          "Leave out the factor 8."),
    Gives("1024 in place of 1000", lambda n, size: n * size**2 * 8 / (1024**2 * 1000),
          "A kilobyte is 1000 bytes here, a megabyte 1000 of them, a gigabyte 1000 of those.", DIVIDE,
          also=(lambda n, size: n * size**2 * 8 / (1024 * 1000**2),)),
    Gives("10e9 is 10¹⁰", lambda n, size: _gigabytes(n, size) / 10,
          "The number before the e counts too: 10e9 is 10 · 10⁹.", DIVIDE),
    Gives("1e-9 in place of 1e9", lambda n, size: _gigabytes(n, size) * 1e18,
          "To divide by 1e-9 is to multiply by 10⁹.", DIVIDE),
    Gives("not divided", lambda n, size: _gigabytes(n, size) * 1e9, "These are bytes.",
          "One gigabyte is 10⁹ bytes: divide."),
    Gives("megabytes", lambda n, size: _gigabytes(n, size) * 1e3, "10⁶ bytes are a megabyte.",
          "Divide by 10⁹, which is 1e9."),
    Gives("kilobytes", lambda n, size: _gigabytes(n, size) * 1e6, "10³ bytes are a kilobyte.",
          "Divide by 10⁹, which is 1e9."),
    Gives("the size is not squared", lambda n, size: n * size * 8 / 1e9, "A case has `size` rows and `size` columns.",
          "The size belongs into the product twice."),
    Gives("2 · size in place of size²", lambda n, size: n * 2 * size * 8 / 1e9, "Twice the size is not its square.",
          "Multiply the size by itself."),
    Gives("`^` is not a power", lambda n, size: n * (size ^ 2) * 8 / 1e9,
          "In Python `^` combines the bits of two numbers.", "Powers are written with two asterisks: 3**2 is 9.",
          also=(lambda n, size: n * size**2 * 8 / (10 ^ 9), lambda n, size: n * size**2 * 8 / (1000 ^ 3))),
    Gives("added, not multiplied", lambda n, size: (n + size + size + 2 + 4) / 1e9,
          "In each of `size` rows there are `size` pixels, not one more for each row.", "Multiply: `*`."),
    Gives("the count is missing", lambda n, size: size**2 * 8 / 1e9, "This is the size of one case.",
          "Multiply by the number of cases."),
    Gives("rounded down", lambda n, size: _gigabytes(n, size) // 1,
          "`//` and `int()` cut off the decimals.", "Divide with a single slash, and do not round."),
    Gives("rounded to two places", lambda n, size: round(_gigabytes(n, size), 2),
          f"{SMALL_ARRAYS} Round when you print, not when you compute.", "Return the number as it is."),
    Gives("rounded", lambda n, size: np.round(_gigabytes(n, size)), SMALL_ARRAYS, "Return the number as it is."),
)
TOO_LARGE = Raises("the array is made", "MemoryError|ValueError: [Uu]nable to allocate|Maximum allowed|too big",
                   "How large it would be is asked before there is memory for it.",
                   "Multiply the numbers, without `np.zeros` and the like.", expected="a number")
UNUSED = When(lambda out: f"the argument `{out.found}` is not used", _unused,
              lambda out: f"The result is the same whatever `{out.found}` is. Something else takes its place: a fixed "
                          "number, or what NumPy chooses by itself.",
              "Use the names of all four arguments.")
TUPLE = Shape("a comma too many", (1,), "`x,` and `(x,)` are tuples with a single entry.",
              "Return the number without the comma.")
OF_OTHER_ARGUMENTS = (
    Gives(EXPONENT[0], lambda n, size, channels=2, bytes_per_number=4: n * size**channels * bytes_per_number / 1e9,
          *EXPONENT[1:], also=[lambda n, size, channels=2, bytes_per_number=4:
                               n * size**channels * channels * bytes_per_number / 1e9]),
    Gives("`channels` and `bytes_per_number` are not used",
          lambda n, size, channels=2, bytes_per_number=4: n * size**2 * 2 * 4 / 1e9,
          "Numbers stand where their names should.", "Use the names of all four arguments."),
)
OVERFLOW = Gives("too large for 32 bits", lambda n, size: ((n * size**2 * 8 + 2**31) % 2**32 - 2**31) / 1e9,
                 "Whole numbers of 32 bits end at 2 147 483 647, and begin again at the other end.",
                 'Leave the type away, or take `dtype="int64"`.', runnable=False)
OBJECT = When("the object around the numbers is counted", _has_some_bytes_more,
              "`sys.getsizeof` counts what NumPy keeps of an array besides its numbers.",
              "Multiply: `bytes_per_number` bytes for each number, without making the array.")
CUT_OFF = When("rounded", lambda out: out.value.ndim == 0 and out.value == 0,
               "A small array takes little, but not nothing. `//`, `int` and `round` cut that off.",
               "Divide with a single slash, and round when you print, not when you compute.")
# fmt: on
GIGABYTES = "the gigabytes"


@look_at("array_gigabytes", _gigabytes, (*FACTORS, TUPLE, UNUSED, POWER, TOO_LARGE), kind=Numbers(GIGABYTES, 1e-6))
def look_at_the_defaults(rng):
    yield Case(int(rng.integers(200, 900)), int(rng.integers(300, 700)))
    yield Case(112_120, 1024, rows=[OVERFLOW, TOO_LARGE])  # as many as in ChestX-ray14


@look_at("array_gigabytes", _gigabytes, (*OF_OTHER_ARGUMENTS, UNUSED, POWER), kind=Numbers(GIGABYTES, 1e-5))
def look_at_the_other_arguments(rng):
    count, channels = int(rng.integers(10, 40)), int(rng.integers(3, 7))
    yield Case(count, 1000, keywords={"channels": channels, "bytes_per_number": 8})


@look_at("array_gigabytes", _gigabytes, (CUT_OFF, OBJECT, POWER), kind=Numbers(GIGABYTES, 1e-3, absolute=0))
def look_at_a_small_array(rng):
    yield Case(int(rng.integers(11, 19)), 16)


# ---- 1.2: read_batch ---------------------------------------------------------------------------


def _places(out: Outcome) -> tuple[list, list]:
    """Return the places of the cases in a batch, and those that were asked for."""
    assert isinstance(out.kind, Batch)
    return out.kind.cases.places(out.value), [out.kind.cases.paths.index(path) for path in out.args[0]]


def _others(out: Outcome) -> tuple[list, list] | None:
    found, wanted = _places(out)
    return None if None in found or found == wanted else (found, wanted)


def _apart(out: Outcome) -> tuple[list, list] | None:
    """Return the cases of the images and those of the masks, where they differ."""
    assert isinstance(out.kind, Batch)
    cases = out.kind.cases
    images, masks = out.value
    of_images, of_masks = places_in([images], cases.images), places_in([masks], cases.masks)
    if of_images is None or of_masks is None or of_images == of_masks or None in (*of_images, *of_masks):
        return None
    return of_images, of_masks


def _cut_off(out: Outcome) -> list | None:
    """Return the cases that are missing at the end of a batch which is right up to there."""
    if not is_pair(out.value) or any(getattr(array, "shape", ())[1:] != (*CASE, 1) for array in out.value):
        return None
    found, wanted = _places(out)
    is_cut = found and 1 < len(found) < len(wanted) and found == wanted[: len(found)]
    return wanted[len(found) :] if is_cut else None


# fmt: off
CUT_OFF_BATCH = When(
    lambda out: f"the last {'case is' if len(out.found) == 1 else 'cases are'} lost", _cut_off,
    lambda out: f"{counted(len(out.args[0]), 'path')} came in. After the first {len(out.args[0]) - len(out.found)} no "
                f"more is read: {listing_cases(out.found)} {'is' if len(out.found) == 1 else 'are'} lost.",
    "Go through all the `paths` that come, without a number of your own.",
    received=lambda out: f"a batch of {len(out.args[0]) - len(out.found)}",
    expected=lambda out: f"a batch of {len(out.args[0])}")
_other = partial(When, of=_others, received=lambda out: f"cases {listing(_places(out)[0])}",
                 expected=lambda out: f"cases {listing(_places(out)[1])}")
PLACES = (
    When("the masks belong to other cases", _apart,
         "Images and masks were read in two orders. No error is raised, and nothing can be learned.",
         "Read each case once, and take its image and its mask from it.",
         received=lambda out: "images of {}; masks of {}".format(*map(listing_cases, out.found)),
         expected="each image with its own mask"),
    _other("the order of the paths is not kept", lambda places: sorted(places[0]) == sorted(places[1]),
           "The generator will shuffle by giving them in another order.",
           "Go through `paths` as they come, without sorting."),
    _other("one case, again and again", lambda places: len(set(places[0])) == 1 < len(places[0]),
           "Each turn of the loop reads the same path.", "Load the path that the loop gives you, not a fixed one."),
    _other("other cases than the paths say", lambda places: True,
           "The batch should hold the cases that were asked for.", "Load the paths that the function is given."),
)
CHANGED = When("the list of paths is changed", lambda out: out.changed,
               "The list belongs to the caller, who will need it in the next epoch.",
               "Read from the list without `pop`, `sort` or `remove`.",
               received=lambda out: f"afterwards the list is another, of {counted(len(out.given[0]), 'path')}",
               expected="the list as it was")
# fmt: on
MANY = 17  # more than the batches of the course hold
look_at_batch = partial(
    look_at, "read_batch", read_cases, instead={"cases": "paths", "image": "images", "mask": "masks"}
)
VALUES = (CUT_OFF_BATCH, *LAYOUT, *PLACES, *values(read_cases), *READING)


@look_at_batch((CUT_OFF_BATCH, *LAYOUT, *READING))
def look_at_the_shapes(rng):
    with tiny_cases(5, rng) as cases:
        yield Case(cases.paths[:3], kind=Batch(cases, with_values=False), tried="read_batch(cases[:3])")


@look_at_batch(VALUES)
def look_at_the_values(rng):
    with tiny_cases(5, rng) as cases:
        yield Case(cases.paths[:3], kind=Batch(cases), tried="read_batch(cases[:3])")


@look_at_batch((*VALUES, CHANGED))
def look_at_the_paths(rng):
    with tiny_cases(MANY, rng) as cases:
        paths, kind = cases.paths, Batch(cases)
        mixed = "read_batch([cases[4], cases[0], cases[2], cases[1]])"
        yield Case([paths[4], paths[0], paths[2], paths[1]], kind=kind, tried=mixed)
        yield Case([paths[1]], kind=kind, tried="read_batch([cases[1]]), a batch of one")
        yield Case(paths, kind=kind, tried=f"read_batch(cases), with {MANY} cases")
