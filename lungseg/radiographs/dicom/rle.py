"""How far pixels of the coding RLE Lossless unfold: two bytes may stand for 128."""

from __future__ import annotations

import struct
from itertools import pairwise

HEADER = 64  # bytes: how many segments there are, and where they begin
MOST_SEGMENTS = 15
SMALL = 2**20  # bytes that may unfold to 64 times as many without harm


def unfolded_bytes(frame: bytes, enough: int) -> int:
    """Return how many bytes the largest segment of a frame unfolds to, or some number above what is enough.

    Parameters
    ----------
    frame : bytes
        As it lies in the file (PS3.5, annex G).
    enough : int
        Counting ends above it.

    Returns
    -------
    int
        0 for a frame that is so small that it does not matter, or too short.

    Examples
    --------
    >>> frame = struct.pack("<16I", 1, 64, *[0] * 14) + b"\\x81\\x07" * 2**20
    >>> unfolded_bytes(frame, enough=2**27), unfolded_bytes(frame, enough=1000)
    (134217728, 1024)
    """
    if len(frame) < SMALL:
        return 0
    count, *starts = struct.unpack_from("<16I", frame)
    starts = [*starts[: min(count, MOST_SEGMENTS)], len(frame)]
    return max((_unfolded(frame, *ends, enough) for ends in pairwise(starts)), default=0)


def _unfolded(data: bytes, place: int, stop: int, enough: int) -> int:
    """Go from one run to the next."""
    total = 0
    stop = min(stop, len(data))
    while place < stop and total <= enough:
        length = data[place]
        if length < 128:  # so many bytes and one more follow as they are
            total += length + 1
            place += length + 2
        else:  # the next byte is repeated; 128 means nothing
            total += (257 - length) * (length > 128)
            place += 2 if length > 128 else 1
    return total
