"""Reads the tags of a TIFF file that say how its pixels are stored; the rest of its header may hold anything."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

# Tags, by their names in the specification (TIFF 6.0)
SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 254, 256, 257, 258, 259, 262, 266
STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_BYTES, PLANAR = 273, 274, 277, 278, 279, 284
PREDICTOR, COLOUR_MAP, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES = 317, 320, 322, 323, 324, 325
EXTRA_SAMPLES, SAMPLE_FORMAT, DEPTH = 338, 339, 32997
WANTED = {
    *(SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER),
    *(STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_BYTES, PLANAR),
    *(PREDICTOR, COLOUR_MAP, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES),
    *(EXTRA_SAMPLES, SAMPLE_FORMAT, DEPTH),
}

WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}  # types of values
ALLOWED_ONCE = {WIDTH, HEIGHT, COMPRESSION, PHOTOMETRIC, FILL_ORDER, SAMPLES, ROWS_PER_STRIP, PLANAR, PREDICTOR}
REDUCED, TRANSPARENCY = 1, 4  # bits of the tag SUBFILE: a thumbnail, a mask of what is to be seen
MOST_PAGES = 10_000


class BrokenFile(ValueError):
    """What is wrong with a file, in words that fit behind "Received: "."""


@dataclass(frozen=True)
class Page:
    """One image of a TIFF file, as its tags say.

    Attributes
    ----------
    number : int
        Its place in the file, from 0.
    order : str
        "<" or ">", the byte order.
    tags : dict of tuples of int
    """

    number: int
    order: Literal["<", ">"]
    tags: dict[int, tuple[int, ...]]

    def one(self, tag: int, default: int = -1) -> int:
        """Return the only value of a tag, or what stands for it if it is missing.

        Parameters
        ----------
        tag, default : int

        Returns
        -------
        int

        Raises
        ------
        BrokenFile
            If the tag is missing and nothing stands for it.
        """
        values = self.tags.get(tag, ())
        if values:
            return values[0]
        if default < 0:
            raise BrokenFile(f"a TIFF whose header lacks the tag {tag}")
        return default

    def same(self, tag: int, default: int) -> int:
        """Return the value that a tag gives for all samples of a pixel.

        Parameters
        ----------
        tag, default : int

        Returns
        -------
        int

        Raises
        ------
        BrokenFile
            If it gives several.
        """
        values = sorted(set(self.tags.get(tag, ()))) or [default]
        if len(values) > 1:
            raise BrokenFile(f"a TIFF whose channels differ in the tag {tag}: {values[0]} and {values[1]}")
        return values[0]


def is_tiff(start: bytes) -> bool:
    """Tell a TIFF, classic or of more than 4 GB, by its first bytes.

    Parameters
    ----------
    start : bytes

    Returns
    -------
    bool

    Examples
    --------
    >>> is_tiff(b"II*\\x00"), is_tiff(b"II+\\x00"), is_tiff(b"\\xff\\xd8\\xff\\xe0")
    (True, True, False)
    """
    return start[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def read_pages(data: bytes) -> list[Page]:
    """Read the tags of all images of a TIFF that are no thumbnails or masks of another.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    list of Page

    Raises
    ------
    BrokenFile
        If the header is damaged.
    """
    order: Literal["<", ">"] = "<" if data[:2] == b"II" else ">"
    big = 43 in data[2:4]
    word, count = ("Q", "Q") if big else ("I", "H")
    pages: list[Page] = []
    seen: set[int] = set()
    (place,) = _unpack(data, 8 if big else 4, order + word)
    while place:
        if place in seen or len(seen) > MOST_PAGES:
            raise BrokenFile("a TIFF whose directories go round in a circle")
        seen.add(place)
        (entries,) = _unpack(data, place, order + count)
        start, size = place + struct.calcsize(count), struct.calcsize("=HH" + 2 * word)
        if start + entries * size > len(data):
            raise BrokenFile("a TIFF that is cut short in its header")
        pages.append(Page(len(pages), order, _read_tags(data, start, entries, order, word)))
        (place,) = _unpack(data, start + entries * size, order + word)
    if not pages:
        raise BrokenFile("a TIFF without an image")
    whole = [page for page in pages if not page.one(SUBFILE, 0) & (REDUCED | TRANSPARENCY)]
    return whole or pages


def _read_tags(data: bytes, start: int, entries: int, order: str, word: str) -> dict[int, tuple[int, ...]]:
    """Read the wanted tags of one directory."""
    tags: dict[int, tuple[int, ...]] = {}
    size = struct.calcsize("=HH" + 2 * word)
    for place in range(start, start + entries * size, size):
        tag, kind, count = _unpack(data, place, order + "HH" + word)
        if tag not in WANTED or kind not in WHOLE_NUMBERS:
            continue
        inside = place + 4 + struct.calcsize(word)  # the value itself, or where it is
        length = count * struct.calcsize("=" + WHOLE_NUMBERS[kind])
        if length > struct.calcsize(word):
            (inside,) = _unpack(data, inside, order + word)
        if tag in tags or (tag in ALLOWED_ONCE and count != 1):
            raise BrokenFile(f"a TIFF with {count} values for the tag {tag}")
        if inside + length > len(data):
            raise BrokenFile(f"a TIFF that is cut short, or claims {count} values for the tag {tag}")
        tags[tag] = struct.unpack_from(f"{order}{count}{WHOLE_NUMBERS[kind]}", data, inside)
    return tags


def _unpack(data: bytes, place: int, form: str) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, data, place)
    except struct.error:
        raise BrokenFile("a TIFF that is cut short in its header") from None
