"""Looks into compressed pixels of a DICOM file, before a decoder does."""

from __future__ import annotations

import struct
from typing import NamedTuple

ITEM = b"\xfe\xff\x00\xe0"
FRAME_MARKS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}  # where JPEG and JPEG-LS tell the size
JP2 = b"\x00\x00\x00\x0cjP  "


class Codestream(NamedTuple):
    """What compressed pixels say of themselves.

    Attributes
    ----------
    height, width : int
    bits : int
        For each value.
    samples : int
        Values for each pixel.
    """

    height: int
    width: int
    bits: int
    samples: int


def fragments(encapsulated: bytes) -> tuple[int, bytes]:
    """Return the number of frames that the table in front of compressed pixels lists, and the first piece of pixels.

    Parameters
    ----------
    encapsulated : bytes
        The value of PixelData (PS3.5, A.4).

    Returns
    -------
    frames : int
        0, if the table is empty.
    first : bytes
        Empty, if there is none.

    Examples
    --------
    >>> item = b"\\xfe\\xff\\x00\\xe0"
    >>> fragments(item + bytes(4) + item + b"\\x02\\x00\\x00\\x00" + b"ab")
    (0, b'ab')
    """
    table, rest = _item(encapsulated)
    return len(table) // 4, _item(rest)[0]


def _item(data: bytes) -> tuple[bytes, bytes]:
    """Return the value of the item that data begin with, and what lies behind it."""
    if data[:4] != ITEM or len(data) < 8:
        return b"", b""
    stop = 8 + int.from_bytes(data[4:8], "little")
    return data[8:stop], data[stop:]


def read_codestream(data: bytes) -> Codestream | None:
    """Read what JPEG, JPEG-LS or JPEG 2000 say of their pixels.

    Parameters
    ----------
    data : bytes
        Perhaps only the beginning.

    Returns
    -------
    Codestream or None
        None if it is something else, broken, or too short.

    Examples
    --------
    >>> read_codestream(bytes.fromhex("ffd8 ffc1 000b 0c 0200 0100 01"))
    Codestream(height=512, width=256, bits=12, samples=1)
    """
    try:
        return _jpeg(data) if data[:2] == b"\xff\xd8" else _jpeg2000(data)
    except (struct.error, IndexError):  # too short
        return None


def _jpeg(data: bytes) -> Codestream | None:
    """Go from mark to mark, until one tells the size."""
    place = 2
    while data[place] == 0xFF:
        mark = data[place + 1]
        length, bits, height, width = struct.unpack_from(">HBHH", data, place + 2)
        if mark in FRAME_MARKS:
            return Codestream(height, width, bits, data[place + 9])
        place += 2 + length
    return None


def _jpeg2000(data: bytes) -> Codestream | None:
    """Go from box to box, if there are any, to the mark SIZ, which comes first."""
    place = 0
    if data.startswith(JP2):
        while data[place + 4 : place + 8] != b"jp2c":
            (length,) = struct.unpack_from(">I", data, place)
            if length < 8:
                return None
            place += length
        place += 8
    mark, right, bottom, left, top = struct.unpack_from(">I4x4I", data, place)
    if mark != 0xFF4FFF51:
        return None
    (samples,) = struct.unpack_from(">H", data, place + 40)
    return Codestream(bottom - top, right - left, (data[place + 42] & 0x7F) + 1, samples)
