"""A table of image files: for each, how it is made, and the pixels that it holds or the word with which it is refused.

`benchmarks/formats.py` prints it; tests/lungseg/radiographs/test_formats.py asks for every row.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

import pngs
import tiffs

RANDOM = np.random.default_rng([20])
SHAPE = (21, 19)  # no multiple of a tile, nor of eight


class Row(NamedTuple):
    """A file of the table; what is expected are its pixels, or a word of the message."""

    name: str
    make: Callable[[], bytes]
    expected: np.ndarray | str
    tolerance: float = 0


def numbers(kind, channels=None):
    """Numbers over the whole range of a type, its ends among them."""
    dtype, shape = np.dtype(kind), SHAPE if channels is None else (*SHAPE, channels)
    if dtype.kind == "f":
        values = RANDOM.normal(0, 1000, shape).astype(dtype)
        values.flat[:2] = [-30000, 30000]
        return values
    info = np.iinfo(dtype)
    values = RANDOM.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    values.flat[:2] = [info.min, info.max]
    return values


def below(bits, channels=None):
    """Whole numbers of so many bits, both ends among them."""
    shape = SHAPE if channels is None else (*SHAPE, channels)
    values = RANDOM.integers(0, 2**bits, shape).astype(np.uint8 if bits <= 8 else np.uint16)
    values.flat[:2] = [0, 2**bits - 1]
    return values


def dimmed(values, alpha):
    """Pixels on black, rounded."""
    highest = np.iinfo(values.dtype).max
    alpha = alpha if values.ndim == 2 else alpha[..., None]
    return np.floor(values.astype(float) * alpha / highest + 0.5).astype(values.dtype)


def turned(values, orientation):
    """Pixels as the orientation of EXIF says, each case written out."""
    return {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: np.swapaxes(a, 0, 1),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: np.rot90(np.swapaxes(a, 0, 1), 2),
        8: np.rot90,
    }[orientation](values)


# ---- TIFF -------------------------------------------------------------------------------------


def tiff_rows():
    ends = {"<": "little-endian", ">": "big-endian"}
    for order, name in ends.items():
        for kind in ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"):
            values = numbers(kind)
            yield f"TIFF {kind} {name}", lambda v=values, o=order: tiffs.tiff(v, o), values
        for kind in ("u1", "u2", "u4", "i1", "i2", "i4"):
            values = numbers(kind)
            yield f"TIFF {kind} {name} white is 0", lambda v=values, o=order: tiffs.tiff(v, o, photometric=0), ~values
        values = numbers("f4")
        yield (
            f"TIFF f4 {name} white is 0",
            lambda v=values, o=order: tiffs.tiff(v, o, photometric=0),
            values.max() - values,
        )
        for bits in (1, 2, 4, 6, 10, 12, 14):
            values = below(bits)
            factor = {1: 255, 2: 85, 4: 17}.get(bits, 1)
            seen = values * np.uint8(factor) if bits < 8 else values
            inverted = (2**bits - 1 - values).astype(values.dtype)
            inverted = inverted * np.uint8(factor) if bits < 8 else inverted
            yield f"TIFF {bits} bits {name}", lambda v=values, b=bits, o=order: tiffs.tiff(v, o, bits=b), seen
            yield (
                f"TIFF {bits} bits {name} white is 0",
                lambda v=values, b=bits, o=order: tiffs.tiff(v, o, bits=b, photometric=0),
                inverted,
            )
            yield (
                f"TIFF {bits} bits {name} lowest bit first",
                lambda v=values, b=bits, o=order: tiffs.tiff(v, o, bits=b, fill=2),
                seen,
            )
        for kind in ("u1", "u2", "u4", "i2", "f4"):
            values = numbers(kind, 3)
            for planar, arranged in ((1, ""), (2, " in planes")):
                yield (
                    f"TIFF RGB {kind} {name}{arranged}",
                    lambda v=values, p=planar, o=order: tiffs.tiff(v, o, planar=p, rows=4),
                    values,
                )
        for kind in ("u1", "u2"):
            grey, colour = numbers(kind, 2), numbers(kind, 4)
            for values, what in ((grey, "grey"), (colour, "RGB")):
                seen = values[..., 0] if what == "grey" else values[..., :3]
                dim = dimmed(seen, values[..., -1])
                for extra, word, expected in ((0, "unused", seen), (1, "multiplied", seen), (2, "alpha", dim)):
                    yield (
                        f"TIFF {what} {kind} {name} + channel {word}",
                        lambda v=values, e=extra, o=order: tiffs.tiff(v, o, extra=(e,)),
                        expected,
                    )
        for kind in ("u2", "f4"):
            values, colours = numbers(kind), numbers(kind, 3)
            yield f"TIFF {kind} {name} tiled", lambda v=values, o=order: tiffs.tiff(v, o, tile=(16, 16)), values
            yield (
                f"TIFF RGB {kind} {name} tiled planes",
                lambda v=colours, o=order: tiffs.tiff(v, o, tile=(16, 16), planar=2),
                colours,
            )
            yield f"TIFF {kind} {name} strips", lambda v=values, o=order: tiffs.tiff(v, o, rows=4), values
            yield f"BigTIFF {kind} {name}", lambda v=values, o=order: tiffs.tiff(v, o, rows=4, big=True), values
        for compression, packed in (
            *((tiffs.LZW, "LZW"), (tiffs.DEFLATE, "deflate"), (tiffs.OLD_DEFLATE, "old deflate")),
            *((tiffs.PACKBITS, "PackBits"), (tiffs.LZMA, "LZMA"), (tiffs.ZSTD, "Zstandard")),
        ):
            for kind, channels in (("u1", None), ("u2", None), ("u2", 3), ("f8", None), ("i4", None)):
                values = numbers(kind, channels)
                for predictor in (1, 2) if kind[0] != "f" and compression != tiffs.PACKBITS else (1,):
                    yield (
                        f"TIFF {'RGB ' * bool(channels)}{kind} {name} {packed} predictor {predictor}",
                        lambda v=values, c=compression, p=predictor, o=order: tiffs.tiff(
                            v, o, compression=c, predictor=p, rows=8
                        ),
                        values,
                    )
        for kind, channels in (("f2", None), ("f4", None), ("f8", None), ("f4", 3)):
            values = numbers(kind, channels)
            yield (
                f"TIFF {'RGB ' * bool(channels)}{kind} {name} deflate predictor 3",
                lambda v=values, o=order: tiffs.tiff(v, o, compression=tiffs.DEFLATE, predictor=3, tile=(16, 32)),
                values,
            )
    yield from odd_tiffs()


def odd_tiffs():
    eight, sixteen, twelve = numbers("u1"), numbers("u2"), below(12)
    for bits in (1, 4, 8, 16):
        index = below(bits)
        table = RANDOM.integers(0, 65536, (3, 2**bits))
        yield (
            f"TIFF palette {bits} bits",
            lambda i=index, b=bits, t=table: tiffs.tiff(i, bits=b, photometric=3, tags={320: (3, t.ravel().tolist())}),
            (table >> 8).T[index].astype(np.uint8),
        )
    small = RANDOM.integers(0, 256, (3, 256))
    yield (
        "TIFF palette of 8-bit colours",
        lambda: tiffs.tiff(eight, photometric=3, tags={320: (3, small.ravel().tolist())}),
        small.T[eight].astype(np.uint8),
    )
    for orientation in range(1, 9):
        yield (
            f"TIFF u2 orientation {orientation}",
            lambda o=orientation: tiffs.tiff(sixteen, tags={274: (3, [o])}),
            turned(sixteen, orientation),
        )
    yield "TIFF u2 orientation 9", lambda: tiffs.tiff(sixteen, tags={274: (3, [9])}), sixteen
    yield "TIFF LZW lowest bit first", lambda: tiffs.tiff(eight, fill=2, compression=tiffs.LZW, rows=5), eight
    yield "TIFF 12 bits LZW", lambda: tiffs.tiff(twelve, bits=12, compression=tiffs.LZW, rows=5), twelve
    yield "TIFF last strip filled up", lambda: tiffs.tiff(eight, rows=8, pad=True, compression=tiffs.LZW), eight
    yield "TIFF of unexplained numbers", lambda: tiffs.tiff(eight, kind=4), eight
    yield "TIFF without a format of its numbers", lambda: tiffs.tiff(sixteen, tags={339: None}), sixteen
    yield "TIFF rows per strip of 2^32 - 1", lambda: tiffs.tiff(sixteen, tags={278: (4, [2**32 - 1])}), sixteen
    yield "TIFF wrong length of a strip", lambda: tiffs.tiff(sixteen, tags={279: (4, [1])}), sixteen
    colours = numbers("u1", 3)
    yield "TIFF luminance alone", lambda: tiffs.tiff(eight, photometric=6), eight
    yield (
        "TIFF with a thumbnail",
        lambda: tiffs.whole_file(
            [tiffs.page(eight), tiffs.page(eight[:4, :4], tags={254: (4, [1])})],
        ),
        eight,
    )
    yield (
        "TIFF with a thumbnail first",
        lambda: tiffs.whole_file([tiffs.page(eight[:4, :4], tags={254: (4, [1])}), tiffs.page(sixteen)]),
        sixteen,
    )
    cmyk = numbers("u1", 4)
    yield (
        "TIFF CMYK",
        lambda: tiffs.tiff(cmyk, photometric=5),
        np.asarray(Image.fromarray(cmyk, "CMYK").convert("RGB")),
    )
    yield (
        "TIFF CMYK in planes",
        lambda: tiffs.tiff(cmyk, photometric=5, planar=2),
        np.asarray(Image.fromarray(cmyk, "CMYK").convert("RGB")),
    )
    smooth = np.add.outer(np.arange(48), np.arange(64)).astype(np.uint8)
    yield "TIFF JPEG", lambda: pillow(smooth, "TIFF", compression="jpeg"), smooth, 3
    yield "TIFF JPEG colours", lambda: pillow(np.dstack([smooth] * 3), "TIFF", compression="jpeg"), smooth, 3
    lines = numbers("u1") > 99
    for fax in ("group3", "group4"):
        yield f"TIFF fax {fax}", lambda f=fax: pillow(lines, "TIFF", compression=f), lines * np.uint8(255)
    yield "TIFF CMYK 16 bits", lambda: tiffs.tiff(numbers("u2", 4), photometric=5), "CMYK with 16 bits"
    yield "TIFF 24 bits", lambda: tiffs.tiff(below(8), bits=24), "24-bit unsigned numbers"
    yield "TIFF 128 bits", lambda: tiffs.tiff(numbers("f4").astype("c16")), "128-bit complex numbers"
    yield "TIFF complex", lambda: tiffs.tiff(numbers("f4").astype("c8")), "64-bit complex numbers"
    yield "TIFF float32 with alpha", lambda: tiffs.tiff(numbers("f4", 4), extra=(2,)), "32-bit numbers with alpha"
    yield "TIFF two channels", lambda: tiffs.tiff(numbers("u1", 2)), "2 channels in place of 1"
    yield "TIFF of three films", lambda: tiffs.tiff(colours, photometric=1), "3 channels in place of 1"
    yield "TIFF channels of two depths", lambda: tiffs.tiff(colours, tags={258: (3, [8, 8, 16])}), "channels differ"
    yield "TIFF raw camera", lambda: tiffs.tiff(sixteen, photometric=32803), "a camera's raw data"
    yield "TIFF unknown compression", lambda: tiffs.tiff(sixteen, tags={259: (3, [34887])}), "compression 34887"
    yield "TIFF JPEG 12 bits", lambda: tiffs.tiff(twelve, bits=12, tags={259: (3, [7])}), "12 bits with JPEG"
    many = {259: (3, [7]), 277: (3, [4000])}
    yield "TIFF JPEG of many channels", lambda: tiffs.tiff(eight, tags=many), "4000 channels"
    yield "TIFF two pages", lambda: tiffs.whole_file([tiffs.page(eight), tiffs.page(eight)]), "2 images"
    yield "TIFF NaN", lambda: tiffs.tiff(np.float32([[1, np.nan]])), "1 pixels that are NaN"
    yield "TIFF beyond 32-bit numbers", lambda: tiffs.tiff(np.float64([[1, 1e300]])), "too large for 32 bits"
    yield "TIFF in a circle", lambda: in_a_circle(tiffs.tiff(eight)), "go round in a circle"
    yield "TIFF of a billion strips", lambda: tiffs.tiff(eight, tags={273: (4, [8]), 278: (4, [1])}), "1 of 21 parts"
    yield "TIFF width twice", lambda: tiffs.tiff(eight, tags={256: (4, [19, 19])}), "2 values for the tag 256"
    yield "TIFF no width", lambda: tiffs.tiff(eight, tags={256: None}), "lacks the tag 256"
    yield "TIFF no pixels", lambda: tiffs.tiff(eight, tags={256: (4, [0])}), "expected an image with pixels"
    yield "TIFF cut", lambda: tiffs.tiff(eight)[:-9], "cut short"
    yield "TIFF tags beyond the end", lambda: huge_tag(tiffs.tiff(eight, rows=4)), "cut short, or claims"


def in_a_circle(data):
    """The directory follows itself."""
    return data[:-4] + data[4:8]


def huge_tag(data):
    """The strips are said to be four billion."""
    entry = data.index(struct.pack("<HH", 273, 4))
    return data[: entry + 4] + struct.pack("<I", 2**32 - 1) + data[entry + 8 :]


# ---- PNG --------------------------------------------------------------------------------------


def png_rows():
    for interlaced, word in ((False, ""), (True, " interlaced")):
        for depth in (1, 2, 4, 8, 16):
            values = below(depth)
            seen = values * values.dtype.type(255 // (2**depth - 1) if depth < 8 else 1)
            key = int(values[3, 3])
            holes = np.where(values == key, 0, seen).astype(seen.dtype)
            transparent = ((b"tRNS", struct.pack(">H", key)),)
            yield f"PNG {depth} bits{word}", lambda v=values, d=depth, i=interlaced: pngs.png(v, d, 0, i), seen
            yield (
                f"PNG {depth} bits{word}, one grey transparent",
                lambda v=values, d=depth, i=interlaced, t=transparent: pngs.png(v, d, 0, i, t),
                holes,
            )
        for depth in (1, 2, 4, 8):
            index = below(depth)
            table, alpha = RANDOM.integers(0, 256, (2, 2**depth, 3), dtype=np.uint8)
            opacity = np.where(alpha[:, 0] > 127, 255, 0).astype(np.uint8)
            palette = (b"PLTE", table.tobytes())
            opaque = ((b"tRNS", opacity.tobytes()),)
            yield (
                f"PNG palette {depth} bits{word}",
                lambda v=index, d=depth, i=interlaced, p=palette: pngs.png(v, d, 3, i, (p,)),
                table[index],
            )
            yield (
                f"PNG palette {depth} bits{word}, transparent",
                lambda v=index, d=depth, i=interlaced, p=palette, o=opaque: pngs.png(v, d, 3, i, (p, *o)),
                np.where(opacity[index][..., None] > 0, table[index], 0).astype(np.uint8),
            )
        for depth in (8, 16):
            for colour, channels, what in ((2, 3, "RGB"), (4, 2, "grey + alpha"), (6, 4, "RGB + alpha")):
                values = below(depth, channels)
                if channels == 3:
                    seen = values
                else:
                    if depth == 8:
                        values[..., -1] = np.where(values[..., -1] > 127, 255, 0)
                    seen = dimmed(values[..., 0] if channels == 2 else values[..., :3], values[..., -1])
                yield (
                    f"PNG {what} {depth} bits{word}",
                    lambda v=values, d=depth, c=colour, i=interlaced: pngs.png(v, d, c, i),
                    seen,
                )
            values = below(depth, 3)
            values[9, 9] = values[2, 2]
            values[9, 10] = values[2, 2] ^ np.array([1, 0, 0], values.dtype)  # another colour, by one bit
            key = struct.pack(">HHH", *values[2, 2].tolist())
            yield (
                f"PNG RGB {depth} bits{word}, one colour transparent",
                lambda v=values, d=depth, i=interlaced, k=key: pngs.png(v, d, 2, i, ((b"tRNS", k),)),
                np.where((values == values[2, 2]).all(-1, keepdims=True), 0, values).astype(values.dtype),
            )
    yield from odd_pngs()


def odd_pngs():
    eight, sixteen, colours = numbers("u1"), numbers("u2"), numbers("u2", 3)
    gamma, bomb = (b"gAMA", struct.pack(">I", 45455)), b"a\0\0" + zlib.compress(bytes(10**8), 9)
    yield "PNG gamma", lambda: pngs.png(sixteen, 16, before=(gamma,)), sixteen
    yield "PNG profile that unfolds to 100 MB", lambda: pngs.png(eight, before=((b"iCCP", bomb),)), eight
    yield "PNG text that unfolds to 100 MB", lambda: pngs.png(eight, before=((b"zTXt", bomb),)), eight
    yield "PNG damaged EXIF", lambda: pngs.png(eight, before=((b"eXIf", b"Exif" * 9),)), eight
    yield "PNG bytes behind its end", lambda: pngs.png(eight) + b"more", eight
    one, two = (struct.pack(">II", count, 0) for count in (1, 2))
    yield "PNG animation of one picture", lambda: pngs.png(eight, before=((b"acTL", one),)), eight
    yield "PNG animation", lambda: pngs.png(eight, before=((b"acTL", two),)), "2 images"
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        turn = ((b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")),)
        seen = turned(sixteen, orientation)
        yield f"PNG orientation {orientation}", lambda t=turn: pngs.png(sixteen, 16, before=t), seen
        yield (
            f"PNG RGB 16 bits orientation {orientation}",
            lambda t=turn: pngs.png(colours, 16, 2, before=t),
            turned(colours, orientation),
        )
    xmp = (b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>')
    yield "PNG orientation in XMP", lambda: pngs.png(eight, before=(xmp,)), turned(eight, 6)
    yield "PNG of an unknown kind of chunk", lambda: pngs.png(eight, before=((b"CgBI", b"1234"),)), "unknown chunk CgBI"
    strange = (b"A\0\n\x1b", b"")
    yield "PNG chunk without a name", lambda: pngs.png(eight, before=(strange,)), "unknown chunk 0x41000a1b"
    yield "PNG cut", lambda: pngs.png(eight)[:-30], "truncated"
    yield "PNG without its end", lambda: pngs.png(eight)[:-12], "truncated"
    yield "PNG with half of its pixels", lambda: pngs.png(eight[:9], size=SHAPE), "truncated"
    yield "PNG wrong checksum", lambda: pngs.png(eight)[:-14] + b"??" + pngs.png(eight)[-12:], "checksum"
    yield "PNG 3 bits", lambda: pngs.png(below(2), 3), "a PNG of 3 bits"


# ---- Other formats ----------------------------------------------------------------------------


def pillow(values, kind, **options):
    file = io.BytesIO()
    image = values if isinstance(values, Image.Image) else Image.fromarray(values)
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg_start(marker, bits=8):
    """A grey JPEG whose header says that it is coded otherwise."""
    data = bytearray(pillow(numbers("u1"), "JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 1], data[start + 4] = marker, bits
    return bytes(data)


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
