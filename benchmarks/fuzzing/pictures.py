"""Damaged PNG, JPEG, TIFF and GIF files, made from small radiographs and masks."""

import io
import struct
import zlib
from functools import cache

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from fuzzing.damage import EXTREMES, Damaged, Part, also_in_bytes, damaged_parts, numbers

HEIGHT, WIDTH = 48, 40


def chest() -> tuple[np.ndarray, np.ndarray]:
    """Return a small chest, uint8, and the mask of its lungs, 0 and 255."""
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    lungs = ((abs(x) - 0.45) ** 2 / 0.07 + (y + 0.1) ** 2 / 0.4) < 1
    grey = np.where(lungs, 60 + 8 * x, 180 + 20 * x + 9 * np.sin(9 * y))
    return grey.astype(np.uint8), lungs.astype(np.uint8) * 255


def saved(array: np.ndarray | Image.Image, kind: str, **options) -> bytes:
    """Return the bytes of an image file."""
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


@cache
def films(kind: str) -> tuple[bytes, ...]:
    """Return whole radiographs of one kind: 8 and 16 bits, grey and colour, each way to compress."""
    grey, _ = chest()
    deep, colour = grey.astype(np.uint16) * 257, np.dstack([grey] * 3)
    palette = Image.fromarray(colour).quantize(16)
    if kind == "png":
        opaque = np.dstack([colour, np.full_like(grey, 255)])
        return tuple(saved(array, "PNG") for array in (grey, grey, deep, colour, opaque, palette))
    if kind == "jpeg":
        turned = Image.Exif()
        turned[0x0112] = 6
        cmyk = Image.fromarray(colour).convert("CMYK")
        return (
            saved(grey, "JPEG"),
            saved(colour, "JPEG", exif=turned),
            saved(grey, "JPEG", progressive=True, restart_marker_blocks=3),
            saved(cmyk, "JPEG"),
        )
    if kind == "tiff":
        ways = [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"]
        plain = [saved(grey, "TIFF", compression=way) for way in ways]
        deeper = [saved(deep, "TIFF", compression=way) for way in ways[:3]]
        others = [saved(array, "TIFF") for array in (deep.astype(">u2"), grey.astype(np.float32), colour, palette)]
        return (*plain, *deeper, *others, saved(grey, "TIFF", big_tiff=True))
    return (saved(grey, "GIF"), saved(palette, "GIF"))


@cache
def masks(kind: str) -> tuple[bytes, ...]:
    """Return whole masks of one kind."""
    _, lungs = chest()
    bits = Image.fromarray(lungs > 0)
    if kind == "png":
        return (
            saved(lungs, "PNG"),
            saved(bits, "PNG"),
            saved(lungs // 255, "PNG"),
            saved(np.dstack([lungs] * 3), "PNG"),
        )
    if kind == "jpeg":
        return (saved(lungs, "JPEG"),)
    if kind == "tiff":
        ways = ["tiff_lzw", "tiff_adobe_deflate", "packbits"]
        return (*(saved(lungs, "TIFF", compression=way) for way in ways), saved(bits, "TIFF", compression="group4"))
    return (saved(lungs, "GIF"),)


# --------------------------------------------------------------------------- PNG

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_parts(data: bytes) -> list[Part]:
    """Return the chunks, the one with the pixels unpacked."""
    parts, place = [], len(SIGNATURE)
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, inside = data[place + 4 : place + 8].decode("latin-1"), data[place + 8 : place + 8 + length]
        parts.append((name, zlib.decompress(inside) if name == "IDAT" else inside))
        place += 12 + length
    return parts


def png_file(parts: list[Part]) -> bytes:
    """Return a file of chunks, with their lengths and checksums mended."""
    file = SIGNATURE
    for name, inside in parts:
        packed = zlib.compress(inside) if name == "IDAT" else inside
        chunk = name.encode("latin-1") + packed
        file += struct.pack(">I", len(packed)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return file


def _header(width: int, height: int, *rest: int) -> Part:
    return "IHDR", numbers(">IIBBBBB", width, height, *rest)


ZEROS = zlib.compress(bytes(40_000_000))  # unpacks to 40 MB
STRANGE_CHUNKS = (
    *(_header(side, HEIGHT, 8, 0, 0, 0, 0) for side in EXTREMES),
    *(_header(WIDTH, side, 8, 0, 0, 0, 0) for side in EXTREMES),
    *(_header(side, side, 16, 6, 0, 0, 0) for side in (7_000, 20_000, 65_535, 2**31 - 1)),
    *(
        _header(WIDTH, HEIGHT, depth, colour, 0, 0, 0)
        for depth in (0, 1, 2, 4, 8, 16, 32)
        for colour in (0, 2, 3, 4, 6, 9)
    ),
    *(_header(WIDTH, HEIGHT, 8, 0, *rest) for rest in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 2))),
    ("zTXt", b"Comment\0\0" + ZEROS),
    ("iTXt", b"Comment\0\1\0\0\0" + ZEROS),
    ("iCCP", b"profile\0\0" + ZEROS),
    ("tEXt", b"Comment\0" + b"x" * 100_000),
    ("tRNS", b""),
    ("tRNS", bytes(2)),
    ("tRNS", bytes(300)),
    ("PLTE", bytes(4)),
    ("PLTE", bytes(3 * 300)),
    ("gAMA", bytes(4)),
    ("cHRM", bytes(8)),
    ("pHYs", bytes(9)),
    ("eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x08\0\0\0"),
    ("eXIf", b"MM\0*\xff\xff\xff\xff"),
    ("acTL", numbers(">II", 1, 0)),
    ("acTL", numbers(">II", 2**31, 0)),
    ("fcTL", numbers(">IIIIIHHBB", 0, WIDTH, HEIGHT, 0, 0, 1, 1, 0, 0)),
    ("fcTL", numbers(">IIIIIHHBB", 0, 2**30, 2**30, 0, 0, 1, 0, 0, 0)),
    ("fdAT", bytes(12)),
    ("IEND", b"more"),
    ("IDAT", b""),
    ("IDAT", bytes(10)),
    ("IDAT", bytes(5_000_000)),
    ("\xff\xfe\x00\x01", b"?"),
)


@st.composite
def _png(draw, wholes: tuple[bytes, ...]) -> Damaged:
    parts, how = draw(damaged_parts(png_parts(draw(st.sampled_from(wholes))), STRANGE_CHUNKS))
    return Damaged(png_file(parts), how)


# --------------------------------------------------------------------------- JPEG


def jpeg_parts(data: bytes) -> list[Part]:
    """Return the segments, each named by its marker; the last one is all that follows the start of the scan."""
    parts, place = [], 2
    while place < len(data) - 1:
        marker = data[place : place + 2]
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == b"\xff\xda":
            break
        parts.append((marker.hex(), data[place + 4 : place + 2 + length]))
        place += 2 + length
    return [*parts, ("scan", data[place:])]


def jpeg_file(parts: list[Part]) -> bytes:
    """Return a file of segments, with their lengths mended."""
    file = b"\xff\xd8"
    for name, inside in parts:
        if name == "scan":
            file += inside
        else:
            file += bytes.fromhex(name) + struct.pack(">H", min(len(inside) + 2, 65535)) + inside
    return file


ORIENTED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"
STRANGE_SEGMENTS = (
    *(("ffc0", numbers(">BHHBBBB", 8, side, WIDTH, 1, 1, 0x11, 0)) for side in (0, 1, 7, 4000, 32768, 65535)),
    *(("ffc0", numbers(">BHHBBBB", depth, HEIGHT, WIDTH, 1, 1, 0x11, 0)) for depth in (0, 1, 12, 16, 255)),
    *(("ffc0", numbers(">BHHB", 8, 65500, 65500, count)) for count in (0, 1, 3, 4, 255)),
    *(("ffc0", numbers(">BHHBBBB", 8, HEIGHT, WIDTH, 1, 1, sampling, 0)) for sampling in (0, 0x44, 0xFF)),
    *((marker, numbers(">BHHBBBB", 8, HEIGHT, WIDTH, 1, 1, 0x11, 0)) for marker in ("ffc1", "ffc3", "ffc9", "fff7")),
    *(("ffe1", ORIENTED.replace(b"%c", bytes([turn]))) for turn in (0, 2, 5, 8, 9, 255)),
    ("ffe1", b"Exif\0\0II*\0\xff\xff\xff\xff"),
    ("ffe1", b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 30),
    ("ffe1", b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta" + b"<a>" * 10_000),
    ("ffe2", b"ICC_PROFILE\0\x01\xff" + bytes(100)),
    ("ffe2", b"MPF\0MM\0*\0\0\0\x08" + bytes(40)),
    ("ffe2", b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\x01\0\0\0\xff\xff\xff\xff\0\0\0\0"),
    ("ffed", b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff"),
    ("ffee", b"Adobe\0d\0\0\0\0\x02"),
    ("ffdd", numbers(">H", 1)),
    ("ffdd", numbers(">H", 65535)),
    ("ffc4", bytes(17)),
    ("ffc4", b"\x00" + b"\xff" * 16),
    ("ffdb", bytes(65)),
    ("fffe", b"x" * 60_000),
    ("scan", b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"),
    ("scan", b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"\xff\xd0" * 5000),
    ("scan", b"\xff\xd9"),
)


@st.composite
def _jpeg(draw, wholes: tuple[bytes, ...]) -> Damaged:
    parts, how = draw(damaged_parts(jpeg_parts(draw(st.sampled_from(wholes))), STRANGE_SEGMENTS))
    return Damaged(jpeg_file(parts), how)


# --------------------------------------------------------------------------- TIFF

TAGS = (
    254,
    256,
    257,
    258,
    259,
    262,
    266,
    273,
    274,
    277,
    278,
    279,
    282,
    284,
    317,
    320,
    322,
    323,
    324,
    325,
    338,
    339,
    347,
)
COMPRESSIONS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34661, 34712, 34925, 50000, 50001, 65535)


@st.composite
def _tiff(draw, wholes: tuple[bytes, ...]) -> Damaged:
    """Damage a TIFF where its directory lies: it has no checksums, and nothing needs to be mended."""
    file = bytearray(draw(st.sampled_from(wholes)))
    order = "<" if file[:2] == b"II" else ">"
    big = struct.unpack_from(f"{order}H", file, 2)[0] == 43
    pointer, counter, size, field = ("Q", "Q", 20, 8) if big else ("I", "H", 12, 4)
    (start,) = struct.unpack_from(order + pointer, file, 8 if big else 4)
    (count,) = struct.unpack_from(order + counter, file, start)
    first, how = start + struct.calcsize(counter), []
    places = {"tag": ("H", 0), "type": ("H", 2), "count": (pointer, 4), "value": (pointer, 4 + field)}
    for step in draw(
        st.lists(st.sampled_from([*places, "value", "value", "exchange", "next"]), min_size=1, max_size=3)
    ):
        entry = draw(st.integers(0, count - 1))
        at = first + entry * size
        if step == "exchange":
            other = first + draw(st.integers(0, count - 1)) * size
            file[at : at + size], file[other : other + size] = file[other : other + size], file[at : at + size]
            how.append(f"entries at {at} and {other} exchanged")
            continue
        form, offset = (pointer, count * size - entry * size) if step == "next" else places[step]
        (tag,) = struct.unpack_from(f"{order}H", file, at)
        known = {"tag": TAGS, "type": tuple(range(20)), "next": (start, 0, 4, len(file) - 2)}.get(step, EXTREMES)
        value = draw(st.sampled_from(COMPRESSIONS if (step, tag) == ("value", 259) else known))
        short = step == "value" and not big and struct.unpack_from(f"{order}H", file, at + 2)[0] == 3
        file[at + offset : at + offset + struct.calcsize(form)] = (
            numbers(f"{order}HH", value, 0) if short else numbers(order + form, value)
        )
        how.append(f"{step} of entry {entry} (tag {tag}) is {value}")
    return Damaged(bytes(file), tuple(how))


def damaged_picture(kind: str, wholes: tuple[bytes, ...]) -> st.SearchStrategy[Damaged]:
    """Return damaged files of one kind: "png", "jpeg", "tiff" or "gif"."""
    ways = {"png": _png, "jpeg": _jpeg, "tiff": _tiff}
    if kind not in ways:
        return also_in_bytes(st.nothing(), wholes)
    return also_in_bytes(ways[kind](wholes), wholes)
