"""How much LZW unpacks to, told without unpacking it.

LZW, which TIFF and GIF use, has no checksum. But each code stands for a string of known length, so that a damaged code,
unless it is one for a string as long, changes the length of the whole.
"""

from __future__ import annotations

import numpy as np

from lungseg.radiographs.tiff_tags import BrokenFile

MOST_STARTS, BYTES_OF_A_START = 64, 256  # the table is given up when it is full; whoever does it sooner makes no image
CLEAR, END, FIRST = 256, 257, 258  # codes of TIFF: start anew, the end, the first of the table
CODES = 3839  # as many as fit between two starts, and one
# After code 0 the table is empty, and each code adds an entry; a code has one bit more from entry 511 on, and so on.
BITS = np.select([np.arange(CODES) < limit for limit in (254, 766, 1790)], [9, 10, 11], 12)
PLACES = np.concatenate([[0], np.cumsum(BITS)])  # in bits
# For each bit of a byte that a start may lie at: the bytes of the codes, and how far they lie from the end of 32 bits.
AT = [(PLACES[:-1] + bit) // 8 for bit in range(8)]
SHIFT = [(32 - (PLACES[:-1] + bit) % 8 - BITS).astype(np.uint32) for bit in range(8)]
MASK = ((1 << BITS) - 1).astype(np.uint32)


def tiff_size(segment: bytes | memoryview) -> int:
    """Return how many bytes a strip of a TIFF unpacks to.

    Parameters
    ----------
    segment : bytes or memoryview
        The strip.

    Returns
    -------
    int

    Raises
    ------
    BrokenFile
        If a code stands for nothing.

    Examples
    --------
    >>> tiff_size(bytes([0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]))  # -----A---B
    10
    """
    byte = np.frombuffer(bytes(segment) + bytes(4), np.uint8).astype(np.uint32)
    words = (byte[:-3] << 24) | (byte[1:-2] << 16) | (byte[2:-1] << 8) | byte[3:]  # 32 bits from each byte on
    total = place = 0
    for _ in range(MOST_STARTS + len(segment) // BYTES_OF_A_START):
        count = min(int(np.searchsorted(PLACES, 8 * len(segment) - place, side="right")) - 1, CODES)
        at, shift = AT[place % 8], SHIFT[place % 8]
        codes = (words[at[:count] + place // 8] >> shift[:count]) & MASK[:count]
        marks = np.flatnonzero((codes >> 1) == CLEAR >> 1)
        if not len(marks):  # some programs leave the last code out
            if count == CODES:
                raise BrokenFile("damaged pixels, a table of codes that is too long")
            return total + _length(codes.astype(np.int32) - FIRST)
        stop = int(marks[0])
        total += _length(codes[:stop].astype(np.int32) - FIRST)
        if codes[stop] == END:
            return total
        place += int(PLACES[stop + 1])
    raise BrokenFile("damaged pixels, codes that start anew all the time")


def _length(entry: np.ndarray) -> int:
    """Return how many bytes the codes between two starts stand for, each given as its entry in the table, or below 0.

    Entry n of the table is the string of code n, and one byte more.
    """
    if (entry >= np.arange(len(entry))).any():
        raise BrokenFile("damaged pixels, a code that stands for nothing")
    lengths = np.ones(len(entry), np.int32)
    longer = np.flatnonzero(entry >= 0)
    parent = entry[longer]
    while len(longer):  # each round doubles how far back it looks
        lengths[longer] += lengths[parent]
        entry[longer] = entry[parent]
        longer = longer[entry[longer] >= 0]
        parent = entry[longer]
    return int(lengths.sum(dtype=np.int64))


def gif_size(packed: bytes, bits: int) -> int:
    """Return how many pixels the image of a GIF unpacks to.

    Parameters
    ----------
    packed : bytes
        The blocks of the image, put together.
    bits : int
        Of a colour, as the image says.

    Returns
    -------
    int

    Raises
    ------
    BrokenFile
        If a code stands for nothing.

    Examples
    --------
    >>> ten_by_ten = "8C2D99872A1CDC33A00275EC95FAA8DE608C04914C01"
    >>> gif_size(bytes.fromhex(ten_by_ten), 2)
    100
    """
    if not 2 <= bits <= 8:
        raise BrokenFile(f"a GIF of {bits} bits")
    clear, end, first = 1 << bits, (1 << bits) + 1, (1 << bits) + 2
    byte = np.frombuffer(packed + bytes(4), np.uint8).astype(np.uint32)
    words = byte[:-3] | (byte[1:-2] << 8) | (byte[2:-1] << 16) | (byte[3:] << 24)
    most = 8 * len(packed) // (bits + 1) + 1
    # Before code n the table has n - 1 entries; its codes grow when it is full, but never beyond 12 bits.
    entries = first + np.maximum(np.arange(most) - 1, 0)
    width = np.clip(np.floor(np.log2(entries)).astype(np.int64) + 1, bits + 1, 12)
    places, mask = np.concatenate([[0], np.cumsum(width)]), ((1 << width) - 1).astype(np.uint32)
    total = place = 0
    for _ in range(MOST_STARTS + len(packed) // BYTES_OF_A_START):
        left = 8 * len(packed) - place
        stop, part = -1, 4096
        while stop < 0:  # most starts are soon followed by another: the rest is not looked at
            count = min(int(np.searchsorted(places, left, side="right")) - 1, part)
            starts = place + places[:count]
            codes = (words[starts >> 3] >> (starts & 7).astype(np.uint32)) & mask[:count]
            marks = np.flatnonzero((codes == clear) | (codes == end))
            if len(marks):
                stop = int(marks[0])
            elif count < part:  # some programs leave the last code out
                return total + _length(codes.astype(np.int32) - first)
            part *= 4
        total += _length(codes[:stop].astype(np.int32) - first)
        if codes[stop] == end:
            return total
        place += int(places[stop + 1])
    raise BrokenFile("damaged pixels, codes that start anew all the time")
