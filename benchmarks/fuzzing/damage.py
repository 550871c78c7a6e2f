"""Damage that any file can take: to its bytes, and to the parts that it consists of."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

# Around the ends of what 1, 2, 4 and 8 bytes hold, with a sign and without, and sizes that no computer has room for.
EXTREMES = (
    *(0, 1, 2, 3, 7, 9, 16, 31, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 100_000, 20_000_000),
    *(2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 2**40, 2**63 - 1, 2**64 - 1),
)
# What stands where a number or a name belongs. @OUTSIDE@ becomes a folder that nobody may write into, and
# @WORK@ the one of the attempt.
TEXTS = (
    *("", " ", "0", "-1", "-0", "1e999", "-1e999", "NaN", "inf", "1,5", "1.5", "0x10", "1_0", "٣", "１", "1A", "many"),
    *(
        "None",
        "null",
        "true",
        "[]",
        "{}",
        "9" * 400,
        "1" + "0" * 5000,
        "1e-320",
        "2.0000000001",
        "18446744073709551616",
    ),
    *("../thesis.docx", "../../outside/thesis.docx", "@OUTSIDE@/thesis.docx", "@OUTSIDE@/mine", "../outside/mine"),
    *("..", ".", "/", "\\\\server\\x", "C:\\x.png", "a/b.png", "a\\b.png", "con", ".hidden.png", "~", "~/x.png"),
    *(
        "x" * 300,
        "x" * 10_000,
        "胸" * 83 + ".png",
        "line\nbreak",
        "a\rb",
        "\x1b[2J",
        "\x00",
        "a\x00b",
        "\u2028",
        "\ufeff",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "%s%n",
        "${HOME}",
        "{0}",
        "'",
        '"',
        '"""',
        "<script>alert(1)</script>",
        "e\u0301",
        "\u202eab",
    ),
)


class Damaged(NamedTuple):
    """A damaged file.

    Attributes
    ----------
    data : bytes
    how : tuple of str
        What was done to a whole one, one step after the other.
    """

    data: bytes
    how: tuple[str, ...]


def _place(draw, data: bytes) -> int:
    return draw(st.integers(0, max(0, len(data) - 1)))


def _flip(draw, data: bytes) -> Damaged:
    place, bit = _place(draw, data), draw(st.integers(0, 7))
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return Damaged(bytes(changed), (f"bit {bit} of byte {place} flipped",))


def _delete(draw, data: bytes) -> Damaged:
    place, count = _place(draw, data), draw(st.integers(1, 64))
    return Damaged(data[:place] + data[place + count :], (f"{count} bytes from {place} deleted",))


def _insert(draw, data: bytes) -> Damaged:
    place, new = _place(draw, data), draw(st.binary(min_size=1, max_size=16))
    return Damaged(data[:place] + new + data[place:], (f"{new!r} inserted at {place}",))


def _repeat(draw, data: bytes) -> Damaged:
    place, count, times = _place(draw, data), draw(st.integers(1, 64)), draw(st.sampled_from([1, 2, 100]))
    stretch = data[place : place + count]
    return Damaged(data[:place] + stretch * times + data[place:], (f"{count} bytes from {place} {times} times more",))


def _truncate(draw, data: bytes) -> Damaged:
    place = _place(draw, data)
    return Damaged(data[:place], (f"cut at {place}",))


def _overwrite(draw, data: bytes) -> Damaged:
    place, number = _place(draw, data), draw(st.sampled_from(EXTREMES))
    width, order = draw(st.sampled_from([1, 2, 4, 8])), draw(st.sampled_from(["little", "big"]))
    new = (number % 256**width).to_bytes(width, order)
    return Damaged(data[:place] + new + data[place + width :], (f"bytes from {place} overwritten by {new.hex()}",))


def _blank(draw, data: bytes) -> Damaged:
    place, count, value = _place(draw, data), draw(st.integers(1, 512)), draw(st.sampled_from([0, 255]))
    stretch = bytes([value]) * len(data[place : place + count])
    return Damaged(data[:place] + stretch + data[place + count :], (f"{count} bytes from {place} all {value}",))


def _exchange(draw, data: bytes) -> Damaged:
    first, second, count = _place(draw, data), _place(draw, data), draw(st.integers(1, 32))
    first, second = min(first, second), max(first, second)
    middle, other = data[first + count : second], data[second : second + count]
    if first + count > second:
        return Damaged(data, ("nothing exchanged",))
    changed = data[:first] + other + middle + data[first : first + count] + data[second + count :]
    return Damaged(changed, (f"{count} bytes at {first} and {second} exchanged",))


STEPS = (_flip, _flip, _delete, _insert, _repeat, _truncate, _overwrite, _overwrite, _blank, _exchange)


@st.composite
def damaged_bytes(draw, whole: bytes | Damaged, most: int = 4) -> Damaged:
    """Damage bytes in one to `most` steps, wherever they lie."""
    data, how = (whole.data, whole.how) if isinstance(whole, Damaged) else (whole, ())
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=most)):
        if data:
            data, words = step(draw, data)
            how += words
    return Damaged(data, how)


Part = tuple[str, bytes]  # a name and what is in it


@st.composite
def damaged_parts(
    draw,
    parts: Sequence[Part],
    strange: Sequence[Part] = (),
    most: int = 3,
) -> tuple[list[Part], tuple[str, ...]]:
    """Damage the list of parts that a file consists of: chunks, segments, elements, members.

    Parameters
    ----------
    parts : sequence of (str, bytes)
    strange : sequence of (str, bytes)
        Parts that are put in the place of one of their name, or are added if there is none.
    most : int
        How many steps at most.
    """
    changed, how = list(parts), []
    steps = ["inside", "inside", "drop", "twice", "exchange", "rename", "number"] + ["strange"] * 6 * bool(strange)
    for step in draw(st.lists(st.sampled_from(steps), min_size=1, max_size=most)):
        if not changed:
            break
        place = draw(st.integers(0, len(changed) - 1))
        name, data = changed[place]
        if step == "inside" and data:
            data, words = draw(damaged_bytes(data, most=2))
            changed[place] = (name, data)
            how += [f"{name}: {word}" for word in words]
        elif step == "number" and data:
            width = draw(st.sampled_from([width for width in (1, 2, 4) if width <= len(data)]))
            offset = draw(st.integers(0, (len(data) - width) // width)) * width
            number = draw(st.sampled_from(EXTREMES)) % 256**width
            new = number.to_bytes(width, draw(st.sampled_from(["little", "big"])))
            changed[place] = (name, data[:offset] + new + data[offset + width :])
            how.append(f"{name}: {number} at {offset}")
        elif step == "drop":
            del changed[place]
            how.append(f"{name} dropped")
        elif step == "twice":
            changed.insert(draw(st.integers(0, len(changed))), (name, data))
            how.append(f"{name} twice")
        elif step in ("exchange", "rename"):
            other = draw(st.integers(0, len(changed) - 1))
            if step == "exchange":
                changed[place], changed[other] = changed[other], changed[place]
            else:
                changed[place] = (changed[other][0], data)
            how.append(f"{name} and {changed[other][0]}: {step}")
        elif step == "strange":
            new_name, new_data = draw(st.sampled_from(strange))
            at = next((i for i, part in enumerate(changed) if part[0] == new_name), None)
            if at is None:
                at = draw(st.integers(0, len(changed)))
                changed.insert(at, (new_name, new_data))
            else:
                changed[at] = (new_name, new_data)
            how.append(f"{new_name} is {new_data[:40]!r}")
    return changed, tuple(how)


def also_in_bytes(structured: st.SearchStrategy[Damaged], wholes: Sequence[bytes]) -> st.SearchStrategy[Damaged]:
    """Damage in the structure, half of the time; in the bytes, a quarter; in both, a quarter."""
    plain = st.sampled_from(list(wholes)).flatmap(damaged_bytes)
    return st.one_of(structured, structured, plain, structured.flatmap(lambda damaged: damaged_bytes(damaged, 2)))


def numbers(form: str, *values: int) -> bytes:
    """Pack numbers, each modulo what its place holds."""
    fields = form.lstrip("<>")
    sizes = [256 ** struct.calcsize(form[0] + field) for field in fields]
    return struct.pack(form, *(value % size for value, size in zip(values, sizes, strict=True)))
