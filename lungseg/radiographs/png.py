"""Reads the pixels of a PNG in the numbers of the file, after all its checksums were checked.

Pillow decodes; but it leaves the checksums of the pixels out, halves 16-bit colours, and takes a colour that is to be
transparent for an 8-bit one.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

from lungseg.radiographs.alpha import on_black
from lungseg.radiographs.limits import check_pixels
from lungseg.radiographs.orientation import orientation_of, turn
from lungseg.radiographs.pictures import decode
from lungseg.radiographs.silence import ignored_limit
from lungseg.radiographs.tiff_tags import BrokenFile

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGB_ALPHA: (8, 16)}
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
# The first row and column of each pass of an interlaced picture, and the steps to the next.
PASSES = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
KEPT = {b"PLTE", b"IDAT", b"IEND", b"eXIf"}  # what else a chunk says does not change a pixel
HARMLESS = {b"pHYs": 9, b"gAMA": 4, b"sRGB": 1, b"cHRM": 32, b"tIME": 7}  # of such a size, they need not be left out
MOST_CHUNKS = 200_000  # of 8 kB each, as libpng writes them, more than the limit of pixels lets through
TURNED_IN = (b"XML:com.adobe.xmp", b"Raw profile type exif")  # other places of the orientation


def read_png(path: Path, data: bytes, max_megapixels: float) -> np.ndarray:
    """Read the one image of a PNG file.

    Parameters
    ----------
    path : Path
        What a message names.
    data : bytes
        The whole file.
    max_megapixels : float

    Returns
    -------
    numpy.ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Upright; black where it is transparent. Grey of less than 8 bits is stretched to 255.

    Raises
    ------
    BrokenFile
        With the reason.
    InputError
        If it has too many pixels.
    """
    chunks = _chunks(data)
    name, content = next(chunks, (b"", memoryview(b"")))
    header = bytes(content)
    if name != b"IHDR" or len(header) != 13:
        raise BrokenFile("a PNG without a header")
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth not in DEPTHS.get(colours, ()):
        raise BrokenFile(f"a PNG of {depth} bits and the kind of colour {colours}")
    check_pixels(path, height, width, max_megapixels, depth * CHANNELS[colours] / 8)
    pairs = depth == 16 and colours == GREY_ALPHA  # two numbers of 16 bits lie as four of 8 bits do
    parts: list[tuple[bytes, bytes | memoryview]] = [
        (b"IHDR", header[:8] + bytes([8, RGB_ALPHA]) + header[10:] if pairs else header)
    ]
    packed: list[memoryview] = []
    key = b""
    palette = 0  # colours
    ended, as_it_is = False, True
    for count, (name, content) in enumerate(chunks):
        if count > MOST_CHUNKS:
            raise BrokenFile(f"a PNG of more than {MOST_CHUNKS} chunks")
        if name == b"PLTE":
            palette = len(content) // 3
        if name == b"acTL" and int.from_bytes(content[:4], "big") > 1:
            raise BrokenFile(f"{int.from_bytes(content[:4], 'big')} images")
        if name == b"tRNS" and colours in (GREY, RGB):
            key, as_it_is = bytes(content), False
        elif name in KEPT or (name == b"tRNS" and colours == PALETTE) or bytes(content[:21]).startswith(TURNED_IN):
            parts.append((name, content))
            packed += [content] * (name == b"IDAT")
        elif name[:1].isupper():
            raise BrokenFile(f"a PNG with the unknown chunk {_shown(name)}")
        elif HARMLESS.get(name) != len(content):
            as_it_is = False
        ended = name == b"IEND"
    if not ended:
        raise BrokenFile("a PNG that is truncated")
    if pairs or not as_it_is:
        data = b"".join([SIGNATURE, *(_chunk(*part) for part in parts)])
    pixels, orientation = _decode(data, depth, colours, palette)
    # Rows that are missing are left black, without a word. Where the last is not black, all are there.
    if interlaced or colours == PALETTE or not pixels[-1].any():
        _check_length(packed, height, width, depth * CHANNELS[colours], bool(interlaced))
    if key:
        pixels = _without_key(pixels, depth, key)
    return turn(pixels, orientation)


def _decode(data: bytes, depth: int, colours: int, palette: int) -> tuple[np.ndarray, int]:
    """Decode a PNG: the pixels, and how they are to be turned."""
    image = _open(data)
    image.load()  # which finds what stands behind the pixels: a transparent colour, perhaps
    if colours == PALETTE:  # Pillow makes colours up for places that the palette lacks
        most = int(np.asarray(image).max())
        if most >= palette:
            raise BrokenFile(f"a PNG with a palette of {palette} colours and pixels of the colour number {most}")
    if depth < 16 or colours == GREY:
        pixels = decode(image)
    elif colours == GREY_ALPHA:
        pairs = np.ascontiguousarray(np.asarray(image)).view(">u2").astype(np.uint16)
        pixels = on_black(pairs[..., 0], pairs[..., 1])
    else:  # Pillow keeps 8 bits of each number: once the higher, and once, read as if they were the higher, the lower
        lower = _open(data)
        lower.tile = [tile._replace(args=f"{lower.mode};16L") for tile in lower.tile]
        samples = (np.asarray(image).astype(np.uint16) << 8) | np.asarray(lower)
        pixels = samples if samples.shape[-1] == 3 else on_black(samples[..., :3], samples[..., 3])
    return pixels, orientation_of(image)


def _open(data: bytes) -> ImageFile.ImageFile:
    with ignored_limit():
        return Image.open(io.BytesIO(data), formats=["PNG"])


def _without_key(pixels: np.ndarray, depth: int, key: bytes) -> np.ndarray:
    """Return the pixels with black in place of the one grey or colour that is to be transparent."""
    highest = 2**depth - 1
    values = np.frombuffer(key[: len(key) // 2 * 2], ">u2") & highest
    if len(values) != (1 if pixels.ndim == 2 else 3):
        raise BrokenFile("a PNG whose transparent colour is damaged")
    if depth < 8:
        values = values * (255 // highest)
    hidden = pixels == values if pixels.ndim == 2 else (pixels == values).all(axis=-1)
    pixels = pixels.copy()
    pixels[hidden] = 0
    return pixels


def _check_length(packed: list[memoryview], height: int, width: int, bits: int, interlaced: bool) -> None:
    """Unpack the pixels once more, and count."""
    expected = 0
    for top, left, down, across in PASSES if interlaced else [(0, 0, 1, 1)]:
        rows, columns = -(-(height - top) // down), -(-(width - left) // across)
        expected += rows * (1 + (columns * bits + 7) // 8) * (columns > 0 and rows > 0)
    inflater = zlib.decompressobj()
    found = 0
    for part in packed:
        rest: bytes | memoryview = part
        while rest and not inflater.eof and found < expected:
            found += len(inflater.decompress(rest, 2**20))
            rest = inflater.unconsumed_tail
    if found < expected:
        raise BrokenFile(f"a PNG that is truncated: {found} bytes of pixels in place of {expected}")


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Give the name and content of each chunk whose checksum is right; anything behind the last is not looked at."""
    place = len(SIGNATURE)
    while place < len(data):
        if place + 12 > len(data):
            raise BrokenFile("a PNG that is truncated")
        length, name = struct.unpack_from(">I4s", data, place)
        if place + 12 + length > len(data):
            raise BrokenFile("a PNG that is truncated, or damaged")
        content = memoryview(data)[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(content, zlib.crc32(name)) != checksum:
            raise BrokenFile(f"a damaged PNG: the checksum of its chunk {_shown(name)} is wrong")
        yield name, content
        if name == b"IEND":
            return
        place += 12 + length


def _shown(name: bytes) -> str:
    return name.decode("ascii") if name.isalpha() else f"0x{name.hex()}"


def _chunk(name: bytes, content: bytes | memoryview) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + bytes(content) + struct.pack(">I", checksum)
