"""The rows of the table of image files that are PNG: name, how it is made, what is expected."""

import struct
import zlib

import numpy as np
from PIL import Image

import pngs
from pixel_values import RANDOM, SHAPE, below, dimmed, numbers, turned


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
    few = (b"PLTE", bytes(range(30)))
    yield "PNG palette shorter than its pixels", lambda: pngs.png(eight, 8, 3, before=(few,)), "palette of 10 colours"
    yield "PNG palette that is missing", lambda: pngs.png(eight % 2, 8, 3), "palette of 0 colours"
    many = lambda: pngs.png(eight).replace(pngs.chunk(b"IEND", b""), 200_001 * pngs.chunk(b"IDAT", b""))  # noqa: E731
    yield "PNG of very many chunks", many, "more than 200000 chunks"
    yield "PNG sent as text", lambda: pngs.png(eight).replace(b"\n", b"\r\n"), "ends of lines were changed"
    yield (
        "PNG sent as text, the other way",
        lambda: pngs.png(eight).replace(b"\r\n", b"\n"),
        "ends of lines were changed",
    )
    yield "PNG saved as text", lambda: pngs.png(eight).decode(errors="replace").encode(), "saved as text"
    strange = (b"A\0\n\x1b", b"")
    yield "PNG chunk without a name", lambda: pngs.png(eight, before=(strange,)), "unknown chunk 0x41000a1b"
    yield "PNG cut", lambda: pngs.png(eight)[:-30], "truncated"
    yield "PNG without its end", lambda: pngs.png(eight)[:-12], "truncated"
    yield "PNG with half of its pixels", lambda: pngs.png(eight[:9], size=SHAPE), "truncated"
    yield "PNG wrong checksum", lambda: pngs.png(eight)[:-14] + b"??" + pngs.png(eight)[-12:], "checksum"
    yield "PNG 3 bits", lambda: pngs.png(below(2), 3), "a PNG of 3 bits"
