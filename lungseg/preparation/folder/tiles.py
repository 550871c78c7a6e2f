"""Cuts a large image into tiles of one size."""

from __future__ import annotations

import re

from lungseg.preparation.cropping import CropBox

TILE = re.compile(r"_r\d+_c\d+")  # how the names of tiles end


def cut_tiles(shape: tuple[int, int], size: tuple[int, int]) -> dict[str, CropBox]:
    """Return the tiles of an image, row by row.

    They lie side by side from the upper left corner; the last of a row or a column is moved back into the image, and
    overlaps the one before. A side that is shorter than a tile gives one tile, which reaches beyond it.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the image, in pixels.
    size : (int, int)
        Those of a tile.

    Returns
    -------
    dict of str to CropBox
        By what comes behind the name of the image.

    Examples
    --------
    >>> for name, box in cut_tiles((4, 7), (4, 3)).items():
    ...     print(name, box.left, box.right)
    _r0_c0 0 3
    _r0_c1 3 6
    _r0_c2 4 7
    """
    (height, width), (tall, wide) = shape, size
    return {
        f"_r{row}_c{column}": CropBox(top, left, top + tall, left + wide)
        for row, top in enumerate(_starts(height, tall))
        for column, left in enumerate(_starts(width, wide))
    }


def _starts(length: int, step: int) -> list[int]:
    """Return where tiles begin along one side."""
    starts = [min(start, max(0, length - step)) for start in range(0, length, step)]
    return list(dict.fromkeys(starts))
