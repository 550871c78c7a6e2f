"""What a picture's numbers alone do not tell: its palette, how opaque it is, and whether its compression had losses."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from lungseg.radiographs.orientation import orientation_of
from lungseg.radiographs.png import SIGNATURE, TURNED_IN
from lungseg.radiographs.silence import ignored_limit

FEW = 8  # values of opacity: those of smooth edges are more


def is_lossy(path: Path) -> bool:
    """Tell whether a file may have been compressed with losses."""
    with _opened(path) as image:
        return image is not None and image.format in ("JPEG", "MPO", "WEBP", "JPEG2000")


def indices_of(path: Path, pixels: np.ndarray, empty: Container[int] = ()) -> np.ndarray:
    """Return the numbers of a picture with a palette; of another one its pixels.

    Parameters
    ----------
    path : Path
    pixels : numpy.ndarray, shape (H, W) or (H, W, 3)
        Those of the file.
    empty : container of int
        Places in the palette that are no class.

    Returns
    -------
    numpy.ndarray, shape (H, W) or (H, W, 3)
        The places in the palette. Programs that make a palette of the values of a picture number them anew. So of a
        palette of greys these are taken, and of one that has black at a place behind the first, the colours.
    """
    found = read_palette(path)
    if found is None:
        return pixels
    places, colours = found
    used = np.unique(places)
    if (colours == colours[:, :1]).all():
        apart = len(np.unique(colours[used, 0])) == len(used)
        return colours[places, 0] if apart else places
    black = int(np.argmin(colours.any(axis=1)))  # the first place, if there is none
    moved = black in used and black not in empty and not colours[black].any()
    return pixels if black and moved else places


def read_palette(path: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the places of a picture in its palette, and the palette.

    Parameters
    ----------
    path : Path

    Returns
    -------
    (numpy.ndarray of uint8, shape (H, W); numpy.ndarray of uint8, shape (256, 3)); or None, if it has no palette
    """
    with _opened(path) as image:
        if image is None or image.mode != "P" or getattr(image, "n_frames", 1) > 1:
            return None
        places = np.asarray(ImageOps.exif_transpose(image))
        listed = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)
    colours = np.zeros((256, 3), np.uint8)
    colours[: len(listed)] = listed
    return places, colours


def palette_of(path: Path) -> bytes:
    """Return the palette of a file as it lies there, without unfolding its pixels; empty, if it has none.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bytes
    """
    with _opened(path) as image:
        if image is None or image.mode != "P" or image.palette is None:
            return b""
        return bytes(image.palette.palette)


def stored_of(path: Path, pixels: np.ndarray, edges: bool) -> np.ndarray | None:
    """Return a picture that is transparent in part as its file has it, without what cannot be seen at all.

    Parameters
    ----------
    path : Path
    pixels : numpy.ndarray of uint8, shape (H, W) or (H, W, 3)
        Laid on black.
    edges : bool
        Whether that is asked for, too, where opacity has many values, as at edges that are smooth.

    Returns
    -------
    numpy.ndarray, of the same shape as ``pixels``; or None, if they cannot be told
        The same array, if no pixel is transparent in part.
    """
    with _opened(path) as image:
        if image is None or not (image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info):
            return pixels
        stored = np.asarray(ImageOps.exif_transpose(image.convert("RGBA")))
        kind = image.format
    opacity = stored[..., 3]
    values = np.setdiff1d(opacity, (0, 255))
    if not len(values) or (len(values) > FEW and not edges):
        return pixels
    if pixels.dtype != np.uint8 or kind == "TIFF":  # Pillow drops half of 16 bits; a TIFF may be multiplied already
        return None
    seen = stored[..., :3] * (opacity > 0)[..., None]
    return seen if pixels.ndim == 3 else np.ascontiguousarray(seen[..., 0])


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


def noted_orientation(path: Path) -> int:
    """Return what a picture notes of how it is to be turned, see :func:`lungseg.radiographs.orientation.turn`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
        1, not at all, also if Pillow cannot read it.
    """
    data = path.read_bytes()
    if data.startswith(SIGNATURE) and not any(word in data for word in (b"eXIf", *TURNED_IN)):
        return 1  # to look behind the pixels, Pillow would unfold them
    with _opened(path) as image:
        return 1 if image is None else orientation_of(image)


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
