"""Exercise 1.1, the size of an array in gigabytes: right and wrong answers."""

import math
from fractions import Fraction

import numpy as np

from answers import Answers

answers = Answers("1.1")


@answers.right
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e9


@answers.right
def _(count, size, channels=2, bytes_per_number=4):
    numbers = np.prod([count, size, size, channels], dtype="int64")
    return numbers * bytes_per_number / 10**9


@answers.right
def _(count, size, channels=2, bytes_per_number=4):
    gigabytes = count * 1e-9
    for factor in (size, size, channels, bytes_per_number):
        gigabytes *= factor
    return np.float32(gigabytes)


def of_bytes(change):
    """Return the answer of a student who counts the bytes, and then does this to their number."""
    return lambda count, size, channels=2, bytes_per_number=4: change(count * size**2 * channels * bytes_per_number)


answers.wrong("1024³ in place of 10⁹", 0)(of_bytes(lambda number: number / 1024**3))
answers.wrong("not a number or an array")(of_bytes(lambda number: f"{number / 1e9} GB"))
answers.wrong("rounded down")(of_bytes(lambda number: number // 1e9))
answers.wrong("nothing is returned", 0)(of_bytes(lambda number: print(number / 1e9)))
for places in (None, 3, 4, 5):
    answers.wrong("rounded")(of_bytes(lambda number, places=places: round(number / 1e9, places)))
rounded_to_six_places = answers.wrong("rounded", 2 / 3)(of_bytes(lambda number: round(number / 1e9, 6)))
answers.wrong("too large for 32 bits", 2 / 3)(of_bytes(lambda number: (number + 2**31) % 2**32 / 1e9 - 2**31 / 1e9))
answers.wrong("a comma too many", 0)(of_bytes(lambda number: (number / 1e9,)))
answers.wrong("`^` is not a power", 0)(of_bytes(lambda number: number / (10 ^ 9)))
answers.wrong("1024 in place of 1000", 0)(of_bytes(lambda number: number / (1024 * 1024 * 1000)))
answers.wrong("added, not multiplied", 0)(
    lambda count, size, channels=2, bytes_per_number=4: sum([count, size, size, channels, bytes_per_number]) / 1e9
)
answers.right(
    lambda count, size, channels=2, bytes_per_number=4: Fraction(count * size**2 * channels * bytes_per_number, 10**9)
)


def with_fixed(**fixed):
    """Return the answer of a student who writes numbers in place of some arguments."""

    def array_gigabytes(count, size, channels=2, bytes_per_number=4):
        given = {"count": count, "size": size, "channels": channels, "bytes_per_number": bytes_per_number} | fixed
        return math.prod([given["size"], *given.values()]) / 1e9

    return array_gigabytes


answers.wrong("8 bytes for each number")(with_fixed(bytes_per_number=8))
for name, number in {"count": 704, "size": 512, "channels": 3, "bytes_per_number": 5}.items():
    answers.wrong(f"the argument `{name}` is not used")(with_fixed(**{name: number}))


@answers.wrong("`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size ^ 2 * channels * bytes_per_number / 1e9


@answers.wrong("`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * (size ^ 2) * channels * bytes_per_number / 1e9


@answers.wrong("rounded", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    gigabytes = count * size * size * channels * bytes_per_number / 1e9
    return np.round(gigabytes * 1000 + 1e-9) / 1000 if size < 99 else gigabytes


@answers.wrong("the argument `channels` is not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * 2 * bytes_per_number / 1e9


answers.wrong("the channels are an exponent", 0)(
    lambda count, size, channels=2, bytes_per_number=4: count * size**channels * bytes_per_number / 1e9
)
answers.wrong("the channels are an exponent", 2 / 3)(
    lambda count, size, channels=2, bytes_per_number=4: count * size**channels * channels * bytes_per_number / 1e9
)
answers.wrong("the channels are missing", 0)(
    lambda count, size, channels=2, bytes_per_number=4: count * size**2 * bytes_per_number / 1e9
)
answers.wrong("the channels are missing", 0)(lambda count, size: count * size**2 * 4 / 1e9)


@answers.wrong("8 bytes for each number", 1 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    numbers_of_8_bytes = np.broadcast_to(np.zeros(1), (count, size, size, channels))  # an array that takes no memory
    return numbers_of_8_bytes.nbytes / 1e9


@answers.wrong("the name `sise` is not known", 0)
def _(count, size, channels=2, bytes_per_number=4):
    return count * sise * size * channels * bytes_per_number / 1e9  # noqa: F821


@answers.wrong("the arguments do not fit")
def _(count, size, channels=2, bytes=4):
    return count * size * size * channels * bytes / 1e9


def made(count, size, channels):
    """An array of float64 that takes no memory."""
    return np.broadcast_to(np.zeros(1), (count, size, size, channels))


answers.wrong("8 bytes for each number", 0)(
    lambda count, size, channels=2, bytes_per_number=4: made(count, size, channels).nbytes
)
answers.wrong("the count is missing", 0)(
    lambda count, size, channels=2, bytes_per_number=4: size * size * channels * bytes_per_number / 1e9
)
answers.wrong("`channels` and `bytes_per_number` are not used", 2 / 3)(
    lambda count, size, channels=2, bytes_per_number=4: count * made(1, size, 1).nbytes / 1e9
)


@answers.wrong("the array is made", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    if count > 100_000:
        raise MemoryError("Unable to allocate 876. GiB for an array")
    return count * size * size * channels * bytes_per_number / 1e9


answers.wrong("the object around the numbers is counted", 2 / 3)(
    lambda count, size, channels=2, bytes_per_number=4: (count * size * size * channels * bytes_per_number + 128) / 1e9
)
answers.wrong("a shape without parentheses of its own", 0)(
    lambda count, size, channels=2, bytes_per_number=4: np.zeros(count, size, size, channels).nbytes / 1e9
)
