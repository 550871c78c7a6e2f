"""Makes TIFF files of every arrangement, by hand: from the specification, not by the reader that is tested."""

import io
import lzma
import struct
import zlib

import numpy as np
from PIL import Image

LZW, DEFLATE, OLD_DEFLATE, PACKBITS, LZMA, ZSTD = 5, 8, 32946, 32773, 34925, 50000
NAMES = {LZW: "tiff_lzw", PACKBITS: "packbits", ZSTD: "zstd"}
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tiff(values, order="<", big=False, **options):
    """A TIFF of an image (H, W) or (H, W, channels), and of the tags that are named."""
    return whole_file([page(values, order=order, **options)], order, big)


def page(
    values,
    order="<",
    bits=None,
    kind=None,
    photometric=None,
    planar=1,
    tile=None,
    rows=None,
    compression=1,
    predictor=1,
    fill=1,
    extra=(),
    pad=False,
    tags=(),
):
    """One image: its tags, and the bytes of its strips or tiles."""
    values = np.asarray(values)
    values = values[..., None] if values.ndim == 2 else values
    height, width, channels = values.shape
    bits = bits or 8 * values.dtype.itemsize
    kind = kind or {"u": 1, "i": 2, "f": 3, "c": 6}[values.dtype.kind]
    if photometric is None:
        photometric = 2 if channels - len(extra) == 3 else 1
    tall, wide = tile or (rows or height, width)
    parts = []
    for plane in [slice(n, n + 1) for n in range(channels)] if planar == 2 else [slice(None)]:
        for top in range(0, height, tall):
            for left in range(0, width, wide):
                part = values[top : top + tall, left : left + wide, plane]
                if tile or pad:
                    part = np.pad(part, ((0, tall - len(part)), (0, wide - part.shape[1]), (0, 0)))
                parts.append(pack(part, order, bits, compression, predictor, fill))
    tags = {
        **{256: (4, [width]), 257: (4, [height]), 258: (3, [bits] * channels), 259: (3, [compression])},
        **{262: (3, [photometric]), 277: (3, [channels]), 284: (3, [planar]), 339: (3, [kind] * channels)},
        **({322: (4, [wide]), 323: (4, [tall])} if tile else {278: (4, [tall])}),
        **({317: (3, [predictor])} if predictor != 1 else {}),
        **({266: (3, [fill])} if fill != 1 else {}),
        **({338: (3, list(extra))} if extra else {}),
        **dict(tags),
    }
    return {tag: entry for tag, entry in tags.items() if entry}, parts, bool(tile)


def pack(part, order, bits, compression, predictor, fill):
    """The bytes of one strip or tile (rows, columns, channels)."""
    rows, columns, channels = part.shape
    if bits not in (8, 16, 32, 64, 128):
        digits = (part.reshape(rows, -1, 1).astype(np.int64) >> np.arange(bits)[::-1]) & 1
        data = np.packbits(digits.reshape(rows, -1).astype(np.uint8), axis=1).tobytes()
    elif predictor == 2:
        part = np.diff(part, axis=1, prepend=np.zeros_like(part[:, :1]))
        data = part.astype(part.dtype.newbyteorder(order)).tobytes()
    elif predictor == 3:
        high = part.astype(part.dtype.newbyteorder(">")).reshape(rows, -1).view(np.uint8)
        planes = high.reshape(rows, columns * channels, -1).transpose(0, 2, 1).reshape(rows, -1, channels)
        data = np.diff(planes, axis=1, prepend=np.zeros_like(planes[:, :1])).tobytes()
    else:
        data = part.astype(part.dtype.newbyteorder(order)).tobytes()
    packed = compress(data, compression)
    return packed.translate(REVERSED) if fill == 2 else packed


def compress(data, compression):
    if compression == 1:
        return data
    if compression in (DEFLATE, OLD_DEFLATE):
        return zlib.compress(data)
    if compression == LZMA:
        return lzma.compress(data)
    file = io.BytesIO()  # Pillow packs a row of bytes into one strip
    Image.frombytes("L", (len(data), 1), data).save(file, "TIFF", compression=NAMES[compression])
    with Image.open(file) as image:
        (start,), (length,) = image.tag_v2[273], image.tag_v2[279]
    return file.getvalue()[start : start + length]


def whole_file(pages, order="<", big=False):
    """A TIFF of several pages."""
    word, count = ("Q", "Q") if big else ("I", "H")
    data = bytearray(
        struct.pack(order + "2sHHHQ", b"", 43, 8, 0, 0) if big else struct.pack(order + "2sHI", b"", 42, 0)
    )
    data[:2] = b"II" if order == "<" else b"MM"
    link = len(data) - struct.calcsize(word)  # where the place of the next directory is to be written
    types = {1: "B", 3: "H", 4: "I", 16: "Q"}
    for tags, parts, tiled in pages:
        places = []
        for part in parts:
            places.append(len(data))
            data += part + bytes(len(part) % 2)
        kind = 16 if big else 4
        entries = {
            **{(324 if tiled else 273): (kind, places), (325 if tiled else 279): (kind, [len(part) for part in parts])},
            **tags,
        }
        directory = bytearray(struct.pack(order + count, len(entries)))
        for tag, (kind, values) in sorted(entries.items()):
            packed = struct.pack(f"{order}{len(values)}{types[kind]}", *values)
            if len(packed) > struct.calcsize(word):
                data += bytes(len(data) % 2)
                packed, place = struct.pack(order + word, len(data)), packed
                data += place
            directory += struct.pack(order + "HH" + word, tag, kind, len(values))
            directory += packed.ljust(struct.calcsize(word), b"\0")
        data += bytes(len(data) % 2)
        struct.pack_into(order + word, data, link, len(data))
        data += directory
        link = len(data)
        data += bytes(struct.calcsize(word))
    return bytes(data)
