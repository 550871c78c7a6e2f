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
from PIL import Image

from lungseg.radiographs.alpha import on_black
from lungseg.radiographs.limits import check_pixels
from lungseg.radiographs.orientation import orientation_of, turn
from lungseg.radiographs.pictures import decode
from lungseg.radiographs.silence import ignored_limit
from lungseg.radiographs.tiff_tags import BrokenFile

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
KEPT = {b"PLTE", b"IDAT", b"IEND", b"eXIf"}  # what else a chunk says does not change a pixel
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
    name, header = next(chunks, (b"", b""))
    if name != b"IHDR" or len(header) != 13:
        raise BrokenFile("a PNG without a header")
    width, height, depth, colours = struct.unpack(">IIBB", header[:10])
    check_pixels(path, height, width, max_megapixels)
    deep = depth == 16 and colours in (RGB, GREY_ALPHA, RGB_ALPHA)
    if deep and colours == GREY_ALPHA:  # two numbers of 16 bits lie as four of 8 bits do
        header = header[:8] + bytes([8, RGB_ALPHA]) + header[10:]
    parts = [SIGNATURE, _chunk(b"IHDR", header)]
    key = b""
    ended = False
    for name, content in chunks:
        if name == b"acTL" and int.from_bytes(content[:4], "big") > 1:
            raise BrokenFile(f"{int.from_bytes(content[:4], 'big')} images")
        if name == b"tRNS" and colours in (GREY, RGB):
            key = content
        elif name in KEPT or (name == b"tRNS" and colours == PALETTE) or content[:21].startswith(TURNED_IN):
            parts.append(_chunk(name, content))
        elif name[:1].isupper():
            raise BrokenFile(f"a PNG with the unknown chunk {name.decode('ascii', 'replace')}")
        ended = name == b"IEND"
    if not ended:
        raise BrokenFile("a PNG that is truncated")
    pixels, orientation = _decode(b"".join(parts), depth, colours)
    if key:
        pixels = _without_key(pixels, depth, key)
    return turn(pixels, orientation)


def _decode(data: bytes, depth: int, colours: int) -> tuple[np.ndarray, int]:
    """Decode a PNG: the pixels, and how they are to be turned."""
    image = _open(data)
    if depth < 16 or colours == GREY:
        pixels = decode(image)
    elif colours == GREY_ALPHA:
        pairs = np.ascontiguousarray(np.asarray(image)).view(">u2").astype(np.uint16)
        pixels = on_black(pairs[..., 0], pairs[..., 1])
    else:  # Pillow keeps 8 bits of each number: once the higher, and once, read as if they were the higher, the lower
        lower = _open(data)
        lower.tile = [(*tile[:3], f"{image.mode};16L") for tile in lower.tile]  # type: ignore[misc]
        samples = (np.asarray(image).astype(np.uint16) << 8) | np.asarray(lower)
        pixels = samples if samples.shape[-1] == 3 else on_black(samples[..., :3], samples[..., 3])
    return pixels, orientation_of(image)


def _open(data: bytes) -> Image.Image:
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


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the name and content of each chunk whose checksum is right; anything behind the last is not looked at."""
    place = len(SIGNATURE)
    while place < len(data):
        if place + 12 > len(data):
            raise BrokenFile("a PNG that is truncated")
        length, name = struct.unpack_from(">I4s", data, place)
        if place + 12 + length > len(data):
            raise BrokenFile("a PNG that is truncated, or damaged")
        content = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(content, zlib.crc32(name)) != checksum:
            raise BrokenFile(f"a damaged PNG: the checksum of its chunk {name.decode('ascii', 'replace')} is wrong")
        yield name, content
        if name == b"IEND":
            return
        place += 12 + length


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(name)))
