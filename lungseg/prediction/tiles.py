"""A large image tile by tile: where the tiles lie, what each pixel of a tile counts, and how tiles become one image."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator

import numpy as np

from lungseg.errors import InputError

OVERLAP = 0.25
MOST_OVERLAP = 0.5  # no more than two tiles side by side then share a pixel


def check_overlap(overlap: float) -> None:
    """Refuse what is no share of a tile from 0 to a half.

    Parameters
    ----------
    overlap : float

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_overlap(0.25)
    """
    if isinstance(overlap, bool) or not isinstance(overlap, numbers.Real) or not 0 <= overlap <= MOST_OVERLAP:
        raise InputError(f"overlap: expected a share of the tile from 0 to 0.5. Received: {overlap!r}. Try 0.25.")


def tile_starts(length: int, tile: int, shared: int) -> list[int]:
    """Return where tiles begin along one side of an image, in even steps. The last one may reach beyond its end.

    Parameters
    ----------
    length : int
        Of the image, in pixels.
    tile : int
        The side of a tile, in pixels.
    shared : int
        How many pixels neighbours have in common, at most half a tile.

    Returns
    -------
    list of int

    Examples
    --------
    >>> tile_starts(20, tile=8, shared=2), tile_starts(21, tile=8, shared=2), tile_starts(5, tile=8, shared=2)
    ([0, 6, 12], [0, 6, 12, 18], [0])
    """
    stride = tile - shared
    return list(range(0, max(length - shared, 1), stride))


def tile_weights(tile: int, shared: int, first: bool, last: bool) -> np.ndarray:
    """Return what the pixels of a tile count along one side; those of two neighbours add up to 1.

    Close to its border a network sees the end of the tile in place of what lies behind it. So of the pixels that two
    tiles share, each tile gives up the quarter that is its own outermost (the valid part of the overlap-tile strategy
    [1]_), and in the half between, one fades into the other as sin² and cos² do, the flanks of a Hann window [2]_.
    At the border of the image there is no neighbour, and the tile counts in full.

    Parameters
    ----------
    tile, shared : int
        See `tile_starts`.
    first, last : bool
        Whether the tile lies at the beginning, or at the end, of the image.

    Returns
    -------
    numpy.ndarray of float32, shape (tile,)
        From 0 to 1.

    References
    ----------
    .. [1] O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical image segmentation",
       MICCAI (2015), arXiv:1505.04597.
    .. [2] F. J. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform",
       Proc. IEEE 66(1):51-83 (1978).

    Examples
    --------
    Of four shared pixels, one is given up, two fade, and one counts in full:

    >>> tile_weights(8, shared=4, first=False, last=True).round(3)
    array([0.   , 0.146, 0.854, 1.   , 1.   , 1.   , 1.   , 1.   ],
          dtype=float32)
    """
    weights = np.ones(tile, np.float32)
    margin = shared // 4
    fading = shared - 2 * margin
    rise = np.ones(shared, np.float32)
    rise[:margin] = 0
    rise[margin : margin + fading] = np.sin((np.arange(fading) + 0.5) / max(fading, 1) * np.pi / 2) ** 2
    if not first:
        weights[:shared] = rise
    if not last:
        weights[tile - shared :] = 1 - rise
    return weights


def slide(
    size: tuple[int, int],
    tile: tuple[int, int],
    overlap: float,
    predict: Callable[[int, int], np.ndarray],
) -> Iterator[tuple[slice, slice, np.ndarray]]:
    """Predict an image tile by tile, from left to right and from top to bottom, and blend the tiles.

    A last tile that would reach beyond the image is moved back into it, and what it repeats is left out. So a network
    sees nothing but the image, and where that ends it really ends.

    What is in memory: one tile, the columns that it shares with the next one, and the rows that a row of tiles shares
    with the one below, of the whole width.

    Parameters
    ----------
    size : (int, int)
        Height and width of the image.
    tile : (int, int)
        Height and width of a tile.
    overlap : float
        The share of a tile that neighbours have in common, 0 to 0.5.
    predict : callable
        Is given the first row and the first column of a tile, and returns its probabilities (h, w, outputs). Only of an
        image that is smaller than a tile, the tile reaches beyond its border; what it returns there is not used.

    Yields
    ------
    rows, columns : slice
        Each pixel of the image is in one of these parts.
    probabilities : numpy.ndarray of float32, shape (rows, columns, outputs)

    Examples
    --------
    >>> parts = slide((3, 6), (2, 4), 0.5, lambda top, left: np.full((2, 4, 1), float(left)))
    >>> for rows, columns, probabilities in parts:
    ...     print(rows.start, columns.start, probabilities[0, :, 0].round(2).tolist())
    0 0 [0.0, 0.0]
    0 2 [0.29, 1.71, 2.0, 2.0]
    1 0 [0.0, 0.0]
    1 2 [0.29, 1.71, 2.0, 2.0]
    """
    shared = [round(side * overlap) for side in tile]
    tops, lefts = (tile_starts(*sides) for sides in zip(size, tile, shared, strict=True))
    lowest, rightmost = (max(0, side - part) for side, part in zip(size, tile, strict=True))  # where tiles can begin
    below: np.ndarray | None = None  # (shared rows, W, outputs): what this row of tiles gives to the next one
    for top in tops:
        is_last_row, first_row = top == tops[-1], min(top, lowest)
        down = tile_weights(tile[0], shared[0], top == 0, is_last_row)[: tile[0] - (top - first_row)]
        height = size[0] - top if is_last_row else tile[0] - shared[0]  # the rows that are finished
        beside: np.ndarray | None = None  # (h, shared columns, outputs): what this tile gives to the next one
        for left in lefts:
            is_last, first_column = left == lefts[-1], min(left, rightmost)
            across = tile_weights(tile[1], shared[1], left == 0, is_last)[: tile[1] - (left - first_column)]
            width = size[1] - left if is_last else tile[1] - shared[1]
            columns = slice(left, left + width)
            part = predict(first_row, first_column)[top - first_row :, left - first_column :]
            part = part * (down[:, None] * across)[..., None]  # (h, w, outputs)
            if beside is not None:
                part[:, : shared[1]] += beside
            if below is not None and top > 0:
                part[: shared[0], :width] += below[:, columns]
            if not is_last:
                beside = part[:, width:].copy()
            if not is_last_row:
                below = np.zeros((shared[0], size[1], part.shape[-1]), np.float32) if below is None else below
                below[:, columns] = part[height:, :width]
            yield slice(top, top + height), columns, part[:height, :width]


def count_tiles(size: tuple[int, int], tile: tuple[int, int], overlap: float) -> int:
    """Return how many tiles `slide` predicts.

    Parameters
    ----------
    size, tile, overlap
        See `slide`.

    Returns
    -------
    int

    Examples
    --------
    >>> count_tiles((1000, 3000), (512, 512), 0.25)
    24
    """
    starts = [tile_starts(side, part, round(part * overlap)) for side, part in zip(size, tile, strict=True)]
    return len(starts[0]) * len(starts[1])


def reflect(piece: np.ndarray, tile: tuple[int, int]) -> np.ndarray:
    """Fill up a piece of an image to the size of a tile: what is missing below and on the right is mirrored.

    Parameters
    ----------
    piece : numpy.ndarray, shape (h, w, C)
        Not larger than a tile.
    tile : (int, int)

    Returns
    -------
    numpy.ndarray, shape (tile height, tile width, C)

    Examples
    --------
    >>> reflect(np.array([[[1], [2], [3]]]), (1, 5))[0, :, 0]
    array([1, 2, 3, 2, 1])
    """
    missing = [(0, side - had) for side, had in zip(tile, piece.shape[:2], strict=True)]
    return np.pad(piece, (*missing, (0, 0)), mode="reflect") if any(more for _, more in missing) else piece
