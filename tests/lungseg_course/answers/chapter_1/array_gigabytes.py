"""Exercise 1.1, the size of an array in gigabytes: right and wrong answers."""

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


@answers.wrong("1024³ in place of 10⁹", 0)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size**2 * channels * bytes_per_number / 1024**3


@answers.wrong("the channels are missing")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * bytes_per_number / 1e9


@answers.wrong("the bytes of a number are missing")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels / 1e9


@answers.wrong("bits in place of bytes")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number * 8 / 1e9


@answers.wrong("10e9 is 10¹⁰")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 10e9


@answers.wrong("1e-9 in place of 1e9")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e-9


@answers.wrong("not a number or an array")
def _(count, size, channels=2, bytes_per_number=4):
    return f"{count * size * size * channels * bytes_per_number / 1e9} GB"


@answers.wrong("not divided")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number


@answers.wrong("megabytes")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number / 1e6


@answers.wrong("the size is not squared")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * channels * bytes_per_number / 1e9


@answers.wrong("2 · size in place of size²")
def _(count, size, channels=2, bytes_per_number=4):
    return count * (size * 2) * channels * bytes_per_number / 1e9


@answers.wrong("`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size ^ 2 * channels * bytes_per_number / 1e9


@answers.wrong("`^` is not a power")
def _(count, size, channels=2, bytes_per_number=4):
    return count * (size ^ 2) * channels * bytes_per_number / 1e9


@answers.wrong("rounded down")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number // 1e9


@answers.wrong("rounded down")
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * bytes_per_number // 10**9


@answers.wrong("rounded")
def _(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9)


@answers.wrong("rounded to two places")
def _(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9, 2)


@answers.wrong("rounded", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return (
        np.round(count * size * size * channels * bytes_per_number / 1e9 * 1000 + 1e-9) / 1000
        if size < 99
        else (count * size * size * channels * bytes_per_number / 1e9)
    )


for places in (3, 4, 5):

    @answers.wrong("rounded")
    def _(count, size, channels=2, bytes_per_number=4, places=places):
        return round(count * size * size * channels * bytes_per_number / 1e9, places)


@answers.wrong("rounded", 2 / 3)
def rounded_to_six_places(count, size, channels=2, bytes_per_number=4):
    return round(count * size * size * channels * bytes_per_number / 1e9, 6)


@answers.wrong("the argument `channels` is not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * 2 * bytes_per_number / 1e9


@answers.wrong("the argument `bytes_per_number` is not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * channels * 4 / 1e9


@answers.wrong("`channels` and `bytes_per_number` are not used", 2 / 3)
def _(count, size, channels=2, bytes_per_number=4):
    return count * size * size * 8 / 1e9


@answers.wrong("nothing is returned", 0)
def _(count, size, channels=2, bytes_per_number=4):
    print(count * size * size * channels * bytes_per_number / 1e9)


@answers.wrong("the name `sise` is not known", 0)
def _(count, size, channels=2, bytes_per_number=4):
    return count * sise * size * channels * bytes_per_number / 1e9  # noqa: F821


@answers.wrong("the arguments do not fit")
def _(count, size, channels=2, bytes=4):
    return count * size * size * channels * bytes / 1e9


@answers.wrong("the count is missing")
def _(count, size, channels=2, bytes_per_number=4):
    return size * size * channels * bytes_per_number / 1e9
