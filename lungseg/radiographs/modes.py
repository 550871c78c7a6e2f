"""What a picture's numbers alone do not tell: its palette, how opaque it is, and whether its compression had losses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from lungseg.radiographs.silence import ignored_limit


def is_lossy(path: Path) -> bool:
    """Tell whether a file may have been compressed with losses."""
    with _opened(path) as image:
        return image is not None and image.format in ("JPEG", "MPO", "WEBP", "JPEG2000")


def indices_of(path: Path, pixels: np.ndarray) -> np.ndarray:
    """Return the places in the palette, if a file has one; else its pixels: (H, W) or (H, W, 3)."""
    with _opened(path) as image:
        if image is None or image.mode != "P" or getattr(image, "n_frames", 1) > 1:
            return pixels
        return np.asarray(ImageOps.exif_transpose(image))


def opacity_of(path: Path, pixels: np.ndarray) -> np.ndarray:
    """Return how opaque each pixel is, if that differs; else the pixels."""
    with _opened(path) as image:
        if image is None or not (image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info):
            return pixels
        opacity = np.asarray(ImageOps.exif_transpose(image.convert("RGBA")))[..., 3]
    return opacity if np.ptp(opacity) else pixels


def is_transparent(path: Path) -> bool:
    """Tell whether a pixel of a picture is transparent, in part or altogether.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        Also False, if Pillow cannot read it.
    """
    with _opened(path) as image:
        if image is None or not (image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info):
            return False
        try:
            return bool(np.asarray(image.convert("RGBA"))[..., 3].min() < 255)
        except Exception:  # decoders raise whatever they like
            return False


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image | None]:
    """Open a file that has been read with Pillow, to see what its pixels do not tell; None, if Pillow cannot."""
    with ignored_limit():
        try:
            image = Image.open(path)
        except Exception:  # decoders raise whatever they like
            yield None
            return
        with image:
            yield image
