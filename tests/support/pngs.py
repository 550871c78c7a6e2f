"""Makes PNG files of every kind, by hand: all depths, all filters, interlaced or not, with any chunk."""

import struct
import zlib

import numpy as np

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
PASSES = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(values, depth=8, colour=GREY, interlaced=False, before=(), after=(), size=None):
    """A PNG of an image (H, W) or (H, W, channels); chunks before and behind its pixels."""
    values = np.asarray(values)
    height, width = size or values.shape[:2]
    images = [values[top::down, left::across] for top, left, down, across in PASSES] if interlaced else [values]
    data = b"".join(lines(image, depth) for image in images if image.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(data)), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*pair) for pair in chunks)


def lines(values, depth):
    """The filtered bytes of an image: each filter in turn."""
    rows = values.reshape(len(values), -1)
    if depth == 16:
        raw = rows.astype(">u2").view(np.uint8)
    elif depth == 8:
        raw = rows.astype(np.uint8)
    else:
        digits = (rows[..., None].astype(np.int64) >> np.arange(depth)[::-1]) & 1
        raw = np.packbits(digits.reshape(len(rows), -1).astype(np.uint8), axis=1)
    channels = 1 if values.ndim == 2 else values.shape[-1]
    step = max(depth * channels // 8, 1)
    above = np.zeros(raw.shape[1] + step, np.int64)  # the first bytes stand for what lies left of the row
    parts = []
    for number, line in enumerate(raw):
        here = np.concatenate([np.zeros(step, np.int64), line])
        left, up, corner = here[:-step], above[step:], above[:-step]
        kind = number % 5
        guess = [0 * left, left, up, (left + up) // 2, paeth(left, up, corner)][kind]
        parts.append(bytes([kind]) + ((line - guess) % 256).astype(np.uint8).tobytes())
        above = here
    return b"".join(parts)


def paeth(left, up, corner):
    guess = left + up - corner
    far = [abs(guess - value) for value in (left, up, corner)]
    return np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, np.where(far[1] <= far[2], up, corner))
