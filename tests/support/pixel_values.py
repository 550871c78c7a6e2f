"""Pixels of every type, which files are made of, and what they become."""

import io

import numpy as np
from PIL import Image

RANDOM = np.random.default_rng([20])
SHAPE = (21, 19)  # no multiple of a tile, nor of eight


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


def pillow(values, kind, **options):
    file = io.BytesIO()
    image = values if isinstance(values, Image.Image) else Image.fromarray(values)
    image.save(file, kind, **options)
    return file.getvalue()
