"""Checks a GIF, which has no checksum: where its blocks end, and how many pixels they hold."""

from __future__ import annotations

import struct

from lungseg.radiographs.lzw import gif_size
from lungseg.radiographs.tiff_tags import BrokenFile

EXTENSION, IMAGE, END = 0x21, 0x2C, 0x3B  # how blocks begin


def check_gif(data: bytes) -> None:
    """Refuse a GIF whose first image is damaged, as far as one can tell.

    Parameters
    ----------
    data : bytes
        The whole file.

    Raises
    ------
    BrokenFile
    """
    try:
        place = 13 + _colours(data[10])
        while data[place] == EXTENSION:
            place = _blocks(data, place + 2)[1]
        if data[place] != IMAGE:
            raise BrokenFile("a damaged GIF, without an image")
        width, height = struct.unpack_from("<HH", data, place + 5)
        start = place + 10 + _colours(data[place + 9])
        packed, place = _blocks(data, start + 1)
        found = gif_size(packed, data[start])
        if data[place] not in (EXTENSION, IMAGE, END):
            raise BrokenFile("a damaged GIF")
    except (IndexError, struct.error):
        raise BrokenFile("a GIF that is truncated") from None
    if found != width * height:
        raise BrokenFile(f"damaged pixels, {found} in place of {width * height}")


def _colours(flags: int) -> int:
    """Return the bytes of a table of colours."""
    return 3 << (1 + (flags & 7)) if flags & 128 else 0


def _blocks(data: bytes, place: int) -> tuple[bytes, int]:
    """Put blocks together, each of which begins with its length; return where the last, an empty one, ends."""
    parts = []
    while length := data[place]:
        parts.append(data[place + 1 : place + 1 + length])
        place += 1 + length
    return b"".join(parts), place + 1
