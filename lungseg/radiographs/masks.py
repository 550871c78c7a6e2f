"""Reads the masks of a radiograph: which pixels are lung."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.reading import read_pixels


def read_mask(
    paths: str | os.PathLike | Sequence[str | os.PathLike],
    shape: tuple[int, int] | None = None,
    image_path: str | os.PathLike | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> np.ndarray:
    """Read a lung mask from one file, or from several that are joined (left and right lung).

    In each file a pixel is lung where it reaches half of the file's largest value, so that 0/1,
    0/255 and 16-bit masks are read alike, and grey edges become sharp. Of a coloured pixel the
    strongest channel counts. Files are joined by a logical OR: sums of 8-bit masks overflow.

    Parameters
    ----------
    paths : path, or sequence of paths
    shape : (int, int), optional
        Height and width of the radiograph that the mask must fit.
    image_path : str or Path, optional
        The file of the radiograph, which the message names if the mask does not fit.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        With at least one lung pixel.

    Raises
    ------
    InputError
        A file cannot be read or holds labels of several organs, the shapes differ, or no pixel or
        every pixel is lung.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, values in (("left", [[1, 0, 0]]), ("right", [[0, 0, 255]])):
    ...         Image.fromarray(np.array(values, np.uint8)).save(f"{folder}/{name}.png")
    ...     read_mask([f"{folder}/left.png", f"{folder}/right.png"])
    array([[ True, False,  True]])
    """
    files = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not files:
        raise InputError("masks: expected at least one mask file. Received: none. Name the file of the mask.")
    partner = "the radiograph" if image_path is None else image_path
    parts: list[np.ndarray] = []
    for path in files:
        part = _read_part(path, max_megapixels)
        if shape is None:
            shape, partner = part.shape, path
        if part.shape != tuple(shape):
            raise InputError(
                f"{path}: expected {shape[0]} x {shape[1]} pixels (rows x columns) like {partner}. "
                f"Received: {part.shape[0]} x {part.shape[1]}. Use the mask drawn on this very image."
            )
        parts.append(part)
    lungs = np.logical_or.reduce(parts)
    if not lungs.any():
        raise InputError(
            f"{', '.join(map(str, files))}: expected a mask with lungs in it. Received: an empty mask, "
            "no pixel above 0. Draw it again, or leave this case out."
        )
    if lungs.all():
        raise InputError(
            f"{', '.join(map(str, files))}: expected a mask with something beside the lungs. Received: one in which "
            "every pixel is lung. Draw it again, or leave this case out."
        )
    return lungs


def _read_part(path: Path, max_megapixels: float) -> np.ndarray:
    """Read one file of a mask: bool (H, W)."""
    values = read_pixels(path, max_megapixels)
    if values.ndim == 3:
        values = values.max(axis=-1)
    highest = values.max()
    if 2 <= highest <= 10 and len(np.unique(values)) > 2:  # as programs for drawing export organs
        found = ", ".join(f"{label:g}" for label in np.unique(values))
        raise InputError(
            f"{path}: expected a mask of two values. Received: the labels {found}, of several organs perhaps. Make "
            "one mask of those that are lung, or a file for each lung."
        )
    return (values > 0) & (values >= highest / 2)
