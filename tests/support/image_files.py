"""A table of image files: for each, how it is made, and the pixels that it holds or the word with which it is refused.

`benchmarks/formats.py` prints it; tests/lungseg/radiographs/test_formats.py asks for every row.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from pixel_values import SHAPE, below, numbers, pillow, turned
from png_rows import png_rows
from tiff_rows import tiff_rows


class Row(NamedTuple):
    """A file of the table; what is expected are its pixels, or a word of the message."""

    name: str
    make: Callable[[], bytes]
    expected: np.ndarray | str
    tolerance: float = 0


def jpeg_start(marker, bits=8):
    """A grey JPEG whose header says that it is coded otherwise."""
    data = bytearray(pillow(numbers("u1"), "JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 1], data[start + 4] = marker, bits
    return bytes(data)


def claimed(values, side):
    """A JPEG whose header says that it is a square of another side."""
    data = bytearray(pillow(values, "JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, side, side)
    return bytes(data)


def with_scans(values, count):
    """A progressive JPEG whose last scan comes again and again."""
    data = pillow(values, "JPEG", progressive=True)[:-2]
    return data + count * data[data.rindex(b"\xff\xda") :] + b"\xff\xd9"


def other_rows():
    eight, sixteen, colours = numbers("u1"), numbers("u2"), numbers("u1", 3)
    twelve, rgba = below(12), numbers("u1", 4)
    rgba[..., 3] = np.where(rgba[..., 3] > 127, 255, 0)
    seen = np.where(rgba[..., 3:] > 0, rgba[..., :3], 0).astype(np.uint8)
    smooth = np.add.outer(np.arange(48), np.arange(64)).astype(np.uint8)
    steps = np.arange(SHAPE[0] * SHAPE[1], dtype=np.uint8).reshape(SHAPE)
    yield "GIF", lambda: pillow(eight, "GIF"), np.dstack([eight] * 3)
    holes = np.where(eight == eight[3, 3], 0, eight).astype(np.uint8)
    yield "GIF transparent", lambda: pillow(eight, "GIF", transparency=int(eight[3, 3])), np.dstack([holes] * 3)
    more = [Image.fromarray(255 - eight)]
    yield "GIF animation", lambda: pillow(eight, "GIF", save_all=True, append_images=more), "2 images"
    yield "BMP", lambda: pillow(eight, "BMP"), eight
    yield "BMP RGB", lambda: pillow(colours, "BMP"), colours
    yield "BMP 1 bit", lambda: pillow(eight > 99, "BMP"), (eight > 99) * np.uint8(255)
    yield "PGM", lambda: b"P5\n# a film\n19 21\n255\n" + eight.tobytes(), eight
    yield "PGM 12 bits", lambda: b"P5 19 21 4095\n" + twelve.astype(">u2").tobytes(), twelve
    yield "PGM 16 bits", lambda: b"P5 19 21 65535\n" + sixteen.astype(">u2").tobytes(), sixteen
    yield "PGM 7 bits", lambda: b"P5 19 21 100\n" + (eight % 101).tobytes(), eight % 101
    yield "PGM as text", lambda: b"P2 19 21 4095\n" + b" ".join(b"%d" % n for n in twelve.flat), twelve
    yield "PBM", lambda: b"P4 19 21\n" + np.packbits(eight < 99, axis=1).tobytes(), (eight >= 99) * np.uint8(255)
    yield "PPM", lambda: b"P6 19 21 255\n" + colours.tobytes(), colours
    yield "PPM 16 bits", lambda: b"P6 19 21 65535\n" + bytes(6 * 19 * 21), "more than 8 bits in colour"
    yield "PFM", lambda: b"Pf\n19 21\n-1.0\n" + np.flipud(numbers("f4") * 0 + steps).tobytes(), steps.astype(np.float32)
    yield "WebP", lambda: pillow(colours, "WEBP", lossless=True, exact=True), colours
    yield "WebP alpha", lambda: pillow(rgba, "WEBP", lossless=True, exact=True), seen
    right = Image.Exif()
    right[0x0112] = 6
    yield "WebP orientation", lambda: pillow(colours, "WEBP", lossless=True, exif=right), turned(colours, 6)
    yield "JPEG 2000", lambda: pillow(eight, "JPEG2000"), eight
    yield "JPEG 2000 RGB", lambda: pillow(colours, "JPEG2000", mct=0), colours
    yield "JPEG 2000 16 bits", lambda: pillow(sixteen, "JPEG2000"), sixteen
    yield "JPEG", lambda: pillow(smooth, "JPEG", quality=95), smooth, 3
    yield "JPEG progressive", lambda: pillow(smooth, "JPEG", quality=95, progressive=True), smooth, 3
    yield "JPEG RGB", lambda: pillow(np.dstack([smooth] * 3), "JPEG", quality=95), np.dstack([smooth] * 3), 3
    cmyk = Image.fromarray(np.dstack([smooth] * 3)).convert("CMYK")
    yield "JPEG CMYK", lambda: pillow(cmyk, "JPEG", quality=95), np.dstack([smooth] * 3), 3
    for orientation in (3, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield (
            f"JPEG orientation {orientation}",
            lambda e=exif: pillow(smooth, "JPEG", quality=95, exif=e),
            turned(smooth, orientation),
            3,
        )
    yield "JPEG cut", lambda: pillow(smooth, "JPEG")[:-40], "truncated"
    yield "JPEG that claims more than it holds", lambda: claimed(smooth, 10_000), "bytes for 10000 x 10000 pixels"
    yield "JPEG of very many scans", lambda: with_scans(smooth, 300), "a JPEG of 3"
    long = b"#" + b"a" * 10_000_000
    yield "PGM with a long comment", lambda: b"P5\n%b\n19 21 255\n" % long + eight.tobytes(), "a damaged PNM"
    yield "PGM without its size", lambda: b"P5 19\n", "a damaged PNM"
    yield "JPEG without its end", lambda: pillow(smooth, "JPEG")[:-2], "truncated"
    yield "JPEG 12 bits", lambda: jpeg_start(0xC1, 12), "a JPEG with 12 bits"
    yield "JPEG lossless 16 bits", lambda: jpeg_start(0xC3, 16), "a JPEG with 16 bits and lossless coding"
    yield "JPEG-LS", lambda: b"\xff\xd8\xff\xf7\0\x0b\x08\0\x15\0\x13\x01\x01\x11\0", "a JPEG with JPEG-LS coding"
    yield "Photoshop", lambda: b"8BPS\0\x01" + bytes(200), "a Photoshop document"
    yield "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a PostScript document"
    yield "icon", lambda: pillow(np.zeros((16, 16, 3), np.uint8), "ICO"), "an icon"
    yield "AVIF", lambda: b"\0\0\0\x1cftypavif" + bytes(99), "an AVIF photo"


def table():
    """All rows."""
    return [Row(*row) for rows in (tiff_rows, png_rows, other_rows) for row in rows()]
