"""Unpacks the strips and tiles of a TIFF, and checks all that their compression lets one check."""

from __future__ import annotations

import io
import lzma
import struct
import zlib

import numpy as np
from PIL import Image

from lungseg.radiographs.lzw import tiff_size
from lungseg.radiographs.silence import ignored_limit, silence_libtiff
from lungseg.radiographs.tiff_tags import BrokenFile

NONE, LZW, DEFLATE, OLD_DEFLATE, PACKBITS, LZMA, ZSTD = 1, 5, 8, 32946, 32773, 34925, 50000
UNPACKED = {NONE, LZW, DEFLATE, OLD_DEFLATE, PACKBITS, LZMA, ZSTD}


def unpack(compression: int, segments: list[memoryview], sizes: list[int], whole: int) -> list[bytes]:
    """Unpack segments whose sizes are known.

    Deflate has a checksum, which is checked, and so may LZMA. The other kinds have none: there, a segment that
    does not end where it should is told.

    Parameters
    ----------
    compression : int
        One of `UNPACKED`.
    segments : list of memoryview
    sizes : list of int
        The bytes of each once it is unpacked.
    whole : int
        The bytes of a full one: some programs fill up the last.

    Returns
    -------
    list of bytes

    Raises
    ------
    BrokenFile
        If a segment is damaged.

    Examples
    --------
    >>> unpack(PACKBITS, [memoryview(bytes([254, 7, 1, 8, 9]))], [5], 5)
    [b'\\x07\\x07\\x07\\x08\\t']
    """
    if compression in (LZW, ZSTD):
        if compression == LZW:
            for segment, size in zip(segments, sizes, strict=True):
                _check_size(tiff_size(segment), size, whole)
        return _by_libtiff(compression, segments, sizes)
    unpacked = []
    for segment, size in zip(segments, sizes, strict=True):
        if compression == NONE:
            data = bytes(segment)
        elif compression == PACKBITS:
            data = _packbits(segment, max(size, whole))
        else:
            data = _checked(compression, segment, max(size, whole))
        if compression != NONE or len(data) < size:
            _check_size(len(data), size, whole)
        unpacked.append(data[:size])
    return unpacked


def _check_size(found: int, size: int, whole: int) -> None:
    if found not in (size, whole):
        raise BrokenFile(f"damaged pixels, {found} bytes in place of {size}")


def _checked(compression: int, segment: memoryview, most: int) -> bytes:
    """Unpack deflate or LZMA up to the end of the stream, where the checksum is."""
    try:
        if compression == LZMA:
            packer = lzma.LZMADecompressor(memlimit=2**28)
            data = packer.decompress(segment, max_length=most + 1)
            ended = packer.eof
        else:
            inflater = zlib.decompressobj()
            data = inflater.decompress(segment, most + 1)
            if not inflater.eof and len(data) <= most:  # the checksum may still be to come
                data += inflater.decompress(inflater.unconsumed_tail, 1)
            ended = inflater.eof
    except (zlib.error, lzma.LZMAError) as fault:
        raise BrokenFile(f"damaged pixels ({fault})") from None
    if not ended and len(data) <= most:
        raise BrokenFile("damaged pixels, cut short")
    return data


def _packbits(packed: memoryview, most: int) -> bytes:
    segment = bytes(packed)
    parts: list[bytes] = []
    place = length = 0
    while place < len(segment) and length <= most:
        head = segment[place]
        if head < 128:
            parts.append(segment[place + 1 : place + head + 2])
            place += head + 2
        elif head > 128:
            parts.append(segment[place + 1 : place + 2] * (257 - head))
            place += 2
        else:
            place += 1
            continue
        length += len(parts[-1])
        if length == most:  # what follows fills up to a whole word
            break
    return b"".join(parts)


def _by_libtiff(compression: int, segments: list[memoryview], sizes: list[int]) -> list[bytes]:
    """Unpack by the libtiff inside Pillow: each segment is given to it as one row of bytes."""
    unpacked: dict[int, bytes] = {}
    for size in set(sizes):
        rows = [row for row, its_size in enumerate(sizes) if its_size == size]
        file = _as_rows(compression, [segments[row] for row in rows], size)
        silence_libtiff()
        with ignored_limit():
            image = Image.open(io.BytesIO(file), formats=["TIFF"])
        try:
            pixels = np.asarray(image)
        except OSError:
            raise BrokenFile("damaged pixels") from None
        unpacked |= {row: values.tobytes() for row, values in zip(rows, pixels, strict=True)}
    return [unpacked[row] for row in range(len(segments))]


def _as_rows(compression: int, segments: list[memoryview], size: int) -> bytes:
    """Return a TIFF of 8 bits, of which each segment is a row."""
    count = len(segments)
    lengths = [len(segment) for segment in segments]
    offsets = np.cumsum([8, *lengths])[:-1].tolist()
    body = b"".join(segments)
    body += bytes(-len(body) % 2)
    lists = 8 + len(body)  # offsets, then lengths; a single one stands in the directory itself
    entries = [
        *((256, 4, 1, size), (257, 4, 1, count), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)),
        *((273, 4, count, lists if count > 1 else offsets[0]), (277, 3, 1, 1), (278, 4, 1, 1)),
        (279, 4, count, lists + 4 * count if count > 1 else lengths[0]),
    ]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(
        struct.pack("<HHIHH" if kind == 3 else "<HHII", tag, kind, number, *((value, 0) if kind == 3 else (value,)))
        for tag, kind, number, value in entries
    )
    start = lists + 8 * count
    numbers = struct.pack(f"<{2 * count}I", *offsets, *lengths)
    return struct.pack("<2sHI", b"II", 42, start) + body + numbers + directory + bytes(4)
