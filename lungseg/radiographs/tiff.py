"""Reads the pixels of a TIFF in the numbers of the file: whole or floating, of any size, byte order and arrangement.

Pillow reads TIFF too, but turns 32 bits negative, takes signed bytes for unsigned, drops half of 16-bit colours and
does not know many other combinations. It is asked for what needs a decoder of its own: JPEG and fax.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.radiographs import tiff_tags as tag
from lungseg.radiographs.alpha import on_black
from lungseg.radiographs.compression import NONE, PACKBITS, UNPACKED, unpack
from lungseg.radiographs.limits import check_pixels
from lungseg.radiographs.orientation import turn
from lungseg.radiographs.tiff_tags import BrokenFile, Page

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
COLOURS = {4: "a mask of transparency", 9: "ICC Lab", 10: "ITU Lab", 32803: "a camera's raw data", 34892: "raw data"}
OTHER_COMPRESSION = {2: "fax", 3: "fax", 4: "fax", 6: "old JPEG", 7: "JPEG", 34712: "JPEG 2000", 50001: "WebP"}
UNSIGNED, SIGNED, FLOAT, UNDEFINED = 1, 2, 3, 4
ASSOCIATED, UNASSOCIATED = 1, 2  # alpha: colours multiplied by it already, or not
ROWS_AT_ONCE = 256
MOST_PARTS = 100_000
MOST_SAMPLES = 8


def read_tiff(path: Path, data: bytes, max_megapixels: float) -> np.ndarray | int:
    """Read the one image of a TIFF file.

    Parameters
    ----------
    path : Path
        What a message names.
    data : bytes
        The whole file.
    max_megapixels : float

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3); or int
        The pixels, upright; or the number of the image in the file, if it is one that Pillow must decode.

    Raises
    ------
    BrokenFile
        With the reason.
    InputError
        If it has too many pixels.
    """
    pages = tag.read_pages(data)
    if len(pages) > 1:
        raise BrokenFile(f"{len(pages)} images")
    page = pages[0]
    height, width = page.one(tag.HEIGHT), page.one(tag.WIDTH)
    bits, samples = page.same(tag.BITS, 1), page.one(tag.SAMPLES, 1)
    check_pixels(path, height, width, max_megapixels, bits * samples / 8)
    if page.one(tag.DEPTH, 1) > 1:
        raise BrokenFile(f"{page.one(tag.DEPTH)} images, a volume")
    compression = page.one(tag.COMPRESSION, NONE)
    colours = page.one(tag.PHOTOMETRIC, BLACK_IS_ZERO)
    if colours in COLOURS:
        raise BrokenFile(f"a TIFF of {COLOURS[colours]}")
    if compression not in UNPACKED:
        return _left_to_pillow(page, bits, compression)
    if (colours, samples) == (YCBCR, 1):
        colours = BLACK_IS_ZERO
    if colours not in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK):
        return _left_to_pillow(page, bits, compression)
    pixels = read_samples(data, page)
    return turn(_grey_or_rgb(page, pixels, colours, bits), page.one(tag.ORIENTATION, 1))


def _left_to_pillow(page: Page, bits: int, compression: int) -> int:
    """Return the number of a page, if its pixels are of a kind that Pillow keeps whole."""
    kind = OTHER_COMPRESSION.get(compression, f"compression {compression}")
    if bits not in (1, 8) or page.same(tag.SAMPLE_FORMAT, UNSIGNED) not in (UNSIGNED, UNDEFINED):
        raise BrokenFile(f"a TIFF of {bits} bits with {kind}" if compression not in UNPACKED else f"{bits}-bit YCbCr")
    if page.one(tag.PLANAR, 1) != 1 and page.one(tag.SAMPLES, 1) > 1:
        raise BrokenFile(f"a TIFF of separate planes with {kind}")
    if page.one(tag.SAMPLES, 1) > MOST_SAMPLES:
        raise BrokenFile(f"a TIFF of {page.one(tag.SAMPLES)} channels")
    return page.number


def _type(bits: int, kind: int) -> np.dtype:
    """Return the type of NumPy that holds a sample."""
    if kind == FLOAT and bits in (16, 32, 64):
        return np.dtype(f"f{bits // 8}")
    if kind == SIGNED and bits in (8, 16, 32, 64):
        return np.dtype(f"i{bits // 8}")
    if kind in (UNSIGNED, UNDEFINED) and (bits in (32, 64) or 1 <= bits <= 16):
        return np.dtype(f"u{1 if bits <= 8 else 2 if bits <= 16 else bits // 8}")
    name = {FLOAT: "floating-point", SIGNED: "signed"}.get(kind, "unsigned" if kind in (1, 4) else "complex")
    raise BrokenFile(f"a TIFF of {bits}-bit {name} numbers")


# --------------------------------------------------------------------------- strips and tiles


def read_samples(data: bytes, page: Page, most: int = MOST_SAMPLES) -> np.ndarray:
    """Put strips or tiles together.

    Parameters
    ----------
    data : bytes
        The whole file.
    page : Page
        Of a compression in `UNPACKED`.
    most : int
        Samples of a pixel; more are refused.

    Returns
    -------
    numpy.ndarray, shape (H, W, samples)
        In the numbers of the file.

    Raises
    ------
    BrokenFile
        With the reason.
    """
    height, width, samples = page.one(tag.HEIGHT), page.one(tag.WIDTH), page.one(tag.SAMPLES, 1)
    bits = page.same(tag.BITS, 1)
    dtype = _type(bits, page.same(tag.SAMPLE_FORMAT, UNSIGNED))
    if not 1 <= samples <= most:
        raise BrokenFile(f"a TIFF of {samples} channels")
    planes, channels = (samples, 1) if page.one(tag.PLANAR, 1) == 2 else (1, samples)
    if tag.TILE_WIDTH in page.tags:
        tall, wide = page.one(tag.TILE_HEIGHT), page.one(tag.TILE_WIDTH)
        offsets, lengths = page.tags.get(tag.TILE_OFFSETS, ()), page.tags.get(tag.TILE_BYTES, ())
    else:
        tall, wide = min(page.one(tag.ROWS_PER_STRIP, height), height), width
        offsets, lengths = page.tags.get(tag.STRIP_OFFSETS, ()), page.tags.get(tag.STRIP_BYTES, ())
    if tall < 1 or wide < 1 or tall * wide > 4 * (height + 1024) * (width + 1024):
        raise BrokenFile(f"a TIFF of tiles of {tall} x {wide} pixels")
    parts = planes * -(-height // tall) * -(-width // wide)
    if parts > MOST_PARTS:
        raise BrokenFile(f"a TIFF of {parts} parts")
    if parts > len(offsets):
        raise BrokenFile(f"a TIFF with {len(offsets)} of {parts} parts of its image")
    places = [
        (plane, top, left)
        for plane in range(planes)
        for top in range(0, height, tall)
        for left in range(0, width, wide)
    ]
    tiled = tag.TILE_WIDTH in page.tags
    row_bytes = (wide * channels * bits + 7) // 8
    rows = [tall if tiled else min(tall, height - top) for _, top, _ in places]
    segments = _segments(data, page, offsets, lengths, [row_bytes * count for count in rows])
    compression = page.one(tag.COMPRESSION, NONE)
    unpacked = unpack(compression, segments, [row_bytes * count for count in rows], row_bytes * tall)
    predictor = page.one(tag.PREDICTOR, 1) if compression not in (NONE, PACKBITS) else 1
    pixels = np.empty((height, width, samples), dtype)
    for (plane, top, left), count, segment in zip(places, rows, unpacked, strict=True):
        values = _numbers(segment, (count, wide, channels), dtype.newbyteorder(page.order), bits, predictor)
        kept = values[: height - top, : width - left]
        pixels[top : top + tall, left : left + wide, plane if planes > 1 else slice(None)] = (
            kept[..., 0] if planes > 1 else kept
        )
    return pixels


def _segments(
    data: bytes, page: Page, offsets: tuple[int, ...], lengths: tuple[int, ...], sizes: list[int]
) -> list[memoryview]:
    """Cut the strips or tiles out of the file."""
    compression = page.one(tag.COMPRESSION, NONE)
    if compression != NONE and len(lengths) < len(sizes):
        raise BrokenFile(f"a TIFF with {len(lengths)} of {len(sizes)} parts of its image")
    if compression == NONE:
        lengths = tuple(sizes)  # what the file says may be wrong without harm
    segments: list[memoryview] = []
    for offset, length in zip(offsets, lengths, strict=False):
        if len(segments) == len(sizes):
            break
        if offset < 8 or length < 1 or offset + length > len(data):
            raise BrokenFile("a TIFF that is cut short")
        segments.append(memoryview(data)[offset : offset + length])
    if page.one(tag.FILL_ORDER, 1) == 2:  # the lowest bit of each byte first
        turned = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
        segments = [memoryview(bytes(segment).translate(turned)) for segment in segments]
    return segments


def _numbers(segment: bytes, shape: tuple[int, int, int], dtype: np.dtype, bits: int, predictor: int) -> np.ndarray:
    """Turn the bytes of a strip or tile into numbers: (rows, columns, channels)."""
    rows, columns, channels = shape
    if bits not in (8, 16, 32, 64):
        if predictor != 1:
            raise BrokenFile(f"a TIFF of {bits} bits with a predictor")
        return _spread(segment, rows, columns * channels, bits).reshape(shape)
    if predictor == 1:
        return np.frombuffer(segment, dtype).reshape(shape)
    if predictor == 2 and dtype.kind != "f":
        return np.cumsum(np.frombuffer(segment, dtype).reshape(shape), axis=1, dtype=dtype.newbyteorder("="))
    if predictor == 3 and dtype.kind == "f":
        lines = np.frombuffer(segment, np.uint8).reshape(rows, -1, channels)
        planes = np.cumsum(lines, axis=1, dtype=np.uint8).reshape(rows, dtype.itemsize, columns * channels)
        highest_first = np.ascontiguousarray(planes.transpose(0, 2, 1))
        return highest_first.view(dtype.newbyteorder(">")).reshape(shape)
    raise BrokenFile(f"a TIFF with the predictor {predictor}")


def _spread(segment: bytes, rows: int, count: int, bits: int) -> np.ndarray:
    """Spread numbers of any count of bits, as they lie in each row one behind the other: (rows, count)."""
    lines = np.frombuffer(segment, np.uint8).reshape(rows, -1)
    wide = 8 if bits <= 8 else 16
    spread = np.empty((rows, count), np.uint8 if wide == 8 else np.uint16)
    for top in range(0, rows, ROWS_AT_ONCE):
        line = np.unpackbits(lines[top : top + ROWS_AT_ONCE], axis=1, count=count * bits)
        padded = np.zeros((len(line), count, wide), np.uint8)
        padded[..., wide - bits :] = line.reshape(len(line), count, bits)
        packed = np.packbits(padded, axis=-1)
        spread[top : top + ROWS_AT_ONCE] = packed.view(f">u{wide // 8}")[..., 0]
    return spread


# --------------------------------------------------------------------------- what the numbers mean


def _grey_or_rgb(page: Page, pixels: np.ndarray, colours: int, bits: int) -> np.ndarray:
    """Turn samples into grey or RGB, black where it is transparent."""
    expected = {RGB: 3, CMYK: 4}.get(colours, 1)
    extra = page.tags.get(tag.EXTRA_SAMPLES, ())
    if pixels.shape[-1] < expected or (expected != 3 and len(extra) < pixels.shape[-1] - expected):
        raise BrokenFile(f"a TIFF of {pixels.shape[-1]} channels in place of {expected}")
    highest = 2**bits - 1
    seen = pixels[..., :expected] if expected > 1 else pixels[..., 0]
    if colours == WHITE_IS_ZERO:
        seen = seen.max() - seen if seen.dtype.kind == "f" else ~seen if bits >= 8 else highest - seen
        if bits in range(9, 16):
            seen &= highest
    if colours == PALETTE:
        seen = _looked_up(page.tags.get(tag.COLOUR_MAP, ()), seen, highest)
    elif colours == CMYK:
        if seen.dtype != np.uint8 or len(extra):
            raise BrokenFile(f"a TIFF of CMYK with {bits} bits" + " and alpha" * bool(extra))
        seen = np.asarray(Image.fromarray(np.ascontiguousarray(seen), "CMYK").convert("RGB"))
    elif bits < 8 and seen.dtype.kind == "u":
        seen = seen * np.uint8(255 // highest) if 255 % highest == 0 else seen
    # Of colours, a fourth channel without a word about it is taken for alpha, as everywhere.
    alpha = extra[0] if extra else UNASSOCIATED if pixels.shape[-1] == 4 and expected == 3 else 0
    if pixels.shape[-1] == expected or alpha not in (ASSOCIATED, UNASSOCIATED, 999):
        return seen
    if alpha == ASSOCIATED and colours != PALETTE:
        return seen  # multiplied already, which is to lie on black
    if pixels.dtype not in (np.uint8, np.uint16) or bits not in (8, 16):
        raise BrokenFile(f"a TIFF of {bits}-bit numbers with alpha")
    return on_black(seen, pixels[..., expected])


def _looked_up(table: tuple[int, ...], index: np.ndarray, highest: int) -> np.ndarray:
    """Return the colours of a palette, 8 bits each."""
    if len(table) < 3 * (highest + 1) or index.dtype.kind != "u":
        raise BrokenFile("a TIFF with a palette that is too short")
    entries = np.array(table[: 3 * (highest + 1)], np.uint16).reshape(3, -1).T  # red, green, blue
    return (entries >> 8 if entries.max() > 255 else entries).astype(np.uint8)[index]
