"""The rows of the table of image files that are TIFF: name, how it is made, what is expected."""

import struct

import numpy as np
from PIL import Image

import tiffs
from pixel_values import RANDOM, below, dimmed, numbers, pillow, turned


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
    yield "TIFF NaN", lambda: tiffs.tiff(np.float32([[1, np.nan]])), "1 pixel of NaN"
    yield "TIFF beyond 32-bit numbers", lambda: tiffs.tiff(np.float64([[1, 1e300]])), "too large for 32 bits"
    yield "TIFF in a circle", lambda: in_a_circle(tiffs.tiff(eight)), "go round in a circle"
    yield "TIFF of a billion strips", lambda: tiffs.tiff(eight, tags={273: (4, [8]), 278: (4, [1])}), "1 of 21 parts"
    yield "TIFF width twice", lambda: tiffs.tiff(eight, tags={256: (4, [19, 19])}), "2 values for the tag 256"
    yield "TIFF no width", lambda: tiffs.tiff(eight, tags={256: None}), "lacks the tag 256"
    yield "TIFF volume", lambda: tiffs.tiff(eight, tags={32997: (4, [2])}), "2 images, a volume"
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
