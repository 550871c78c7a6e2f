"""Reads the masks of a radiograph: which pixels are lung."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lungseg.errors import InputError, quote
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_choice import choose_labels, own_labels
from lungseg.radiographs.mask_levels import count, name_label, one_channel
from lungseg.radiographs.mask_values import find_lungs
from lungseg.radiographs.modes import indices_of, is_lossy, opacity_of
from lungseg.radiographs.reading import read_pixels

COLOUR = re.compile(r"#[0-9a-f]{6}")


class LungMask(NamedTuple):
    """A mask as it was read.

    Attributes
    ----------
    lungs : numpy.ndarray of bool, shape (H, W)
    stray : bool
        Whether there are pixels that are neither background nor lung, nor at an edge between the two.
    absent : tuple of str
        Those of the lung values asked for that no pixel has.
    """

    lungs: np.ndarray
    stray: bool = False
    absent: tuple[str, ...] = ()


def read_mask(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    shape: tuple[int, int] | None = None,
    image_path: str | os.PathLike[str] | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    lung_values: str | float | Sequence[str | float] | None = None,
) -> np.ndarray:
    """Read a lung mask from one file, or from several that are joined (left and right lung).

    Without `lung_values` the picture has to be clear: background and lung, of two values whichever they are. The larger
    value, or the brighter colour, is lung; grey edges are cut half-way. Two lungs in two values beside the background
    are both taken, if they do not touch. Labels of several organs, and pictures of many greys, are refused; see
    :mod:`lungseg.radiographs.mask_values`. Where everything opaque is black, what is opaque is lung. Files are joined
    by a logical OR.

    Parameters
    ----------
    paths : path, or sequence of paths
    shape : (int, int), optional
        Height and width of the radiograph that the mask must fit.
    image_path : str or Path, optional
        The file of the radiograph, which the message names if the mask does not fit.
    max_megapixels : float
        A file with more million pixels is refused.
    lung_values : str, number, or sequence of them, optional
        The values that are lung, for masks with labels of several organs: grey values, or colours as ``"#ff0000"``;
        of a file with a palette of colours, numbers are places in it. A text may hold several: ``"150,200"``.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        With at least one lung pixel.

    Raises
    ------
    InputError
        A file cannot be read or holds labels of several organs, the shapes differ, no pixel or every pixel is lung,
        or none has one of the lung values.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name, values in (("left", [[1, 0, 0]]), ("right", [[0, 0, 255]]), ("organs", [[85, 150, 200]])):
    ...     Image.fromarray(np.array(values, np.uint8)).save(folder / f"{name}.png")
    >>> read_mask([folder / "left.png", folder / "right.png"])
    array([[ True, False,  True]])
    >>> read_mask(folder / "organs.png", lung_values=[150, 200])
    array([[False,  True,  True]])
    """
    return examine_mask(paths, shape, image_path, max_megapixels, check_lung_values(lung_values)).lungs


def examine_mask(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    shape: tuple[int, int] | None = None,
    image_path: str | os.PathLike[str] | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    lung_values: tuple[str, ...] = (),
) -> LungMask:
    """Read a mask as `read_mask` does, with what is odd about its values.

    Parameters
    ----------
    paths, shape, image_path, max_megapixels
        See `read_mask`.
    lung_values : tuple of str
        From `check_lung_values`.

    Returns
    -------
    LungMask

    Raises
    ------
    InputError
        As `read_mask` does.
    """
    files = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not files:
        raise InputError("masks: expected at least one mask file. Received: none. Name the file of the mask.")
    partner = "the radiograph" if image_path is None else image_path
    parts: list[LungMask] = []
    for path in files:
        part = _read_part(path, max_megapixels, lung_values)
        if shape is None:
            shape, partner = part.lungs.shape, path
        if part.lungs.shape != tuple(shape):
            raise InputError(
                f"{path}: expected {shape[0]} x {shape[1]} pixels (rows x columns) like {partner}. "
                f"Received: {part.lungs.shape[0]} x {part.lungs.shape[1]}. Use the mask drawn on this very image."
            )
        parts.append(part)
    lungs = np.logical_or.reduce([part.lungs for part in parts])
    absent = tuple(value for value in lung_values if all(value in part.absent for part in parts))
    named = ", ".join(map(str, files))
    if not lungs.any():
        if lung_values:
            there = _values_of(files[0], max_megapixels)
            raise InputError(
                f"{named}: expected the lung values {', '.join(lung_values)}. Received: {there}. Name values that the "
                "mask has."
            )
        raise InputError(
            f"{named}: expected a mask with lungs in it. Received: an empty mask, no pixel above 0. Draw it again, or "
            "leave this case out."
        )
    if lungs.all():
        raise InputError(
            f"{named}: expected a mask with something beside the lungs. Received: one in which every pixel is lung. "
            "Draw it again, or leave this case out."
        )
    return LungMask(lungs, any(part.stray for part in parts), absent)


def check_lung_values(lung_values: str | float | Sequence[str | float] | None) -> tuple[str, ...]:
    """Return the values that are lung in one spelling, each once.

    Parameters
    ----------
    lung_values : str, number, or sequence of them, or None
        See `read_mask`.

    Returns
    -------
    tuple of str
        Empty, if None is given: then the masks must be clear by themselves.

    Raises
    ------
    InputError
        If one of them is no number and no colour, or there is none.

    Examples
    --------
    >>> check_lung_values("150, 200.0,#FF0000"), check_lung_values([1, 1]), check_lung_values(None)
    (('150', '200', '#ff0000'), ('1',), ())
    """
    if lung_values is None:
        return ()
    if isinstance(lung_values, str):
        lung_values = lung_values.split(",")
    try:
        found = [lung_values] if isinstance(lung_values, int | float | np.number) else list(lung_values)
    except TypeError:  # something else
        raise _wrong_value(quote(lung_values)) from None
    values = []
    for value in found:
        text = str(value).strip().lower()
        if not COLOUR.fullmatch(text):
            try:
                number = float(text)
                if isinstance(value, bool | np.bool_) or not np.isfinite(number):
                    raise ValueError
            except ValueError:
                raise _wrong_value(repr(text[:40])) from None
            text = name_label(number, colour=False)
        values.append(text)
    if not values:
        raise _wrong_value("none")
    return tuple(dict.fromkeys(values))


def _wrong_value(received: str) -> InputError:
    """Return the error that says what lung values look like."""
    return InputError(
        f"lung_values: expected grey values as 150,200, or colours as #ff0000,#800000. Received: {received}. Look up "
        "the values of the mask in a program for images."
    )


# --------------------------------------------------------------------------- one file


def _read_part(path: Path, max_megapixels: float, lung_values: tuple[str, ...]) -> LungMask:
    """Read one file of a mask."""
    pixels = read_pixels(path, max_megapixels)
    lossy = is_lossy(path)
    if not lung_values:
        if not pixels.any():  # drawn in black on nothing?
            pixels = opacity_of(path, pixels)
        lungs, stray = find_lungs(pixels, path, lossy)
        return LungMask(lungs, stray)
    numbers = [value for value in lung_values if not value.startswith("#")]
    colours = [value for value in lung_values if value.startswith("#")]
    lungs, absent = np.zeros(pixels.shape[:2], bool), []
    for values, picture in ((numbers, indices_of(path, pixels)), (colours, pixels)):
        if values:
            part, found = choose_labels(picture, _labels(values, picture), lossy)
            lungs |= part
            absent += [value for value, there in zip(values, found, strict=True) if not there]
    return LungMask(lungs, absent=tuple(absent))


def _labels(values: list[str], picture: np.ndarray) -> list[float]:
    """Return lung values as the labels of a picture: grey values, or colours as 0xRRGGBB."""
    labels = []
    for value in values:
        if not value.startswith("#"):
            grey = float(value)
            labels.append(grey if picture.ndim == 2 else grey * 0x010101)
        elif picture.ndim == 3:
            labels.append(int(value[1:], 16))
        else:  # a grey picture has only colours that are greys
            red, green, blue = bytes.fromhex(value[1:])
            labels.append(red if red == green == blue else -1)
    return labels


def _values_of(path: Path, max_megapixels: float) -> str:
    """Return the values of a mask in words, as `--lung-values` would take them."""
    pixels = read_pixels(path, max_megapixels)
    if pixels.ndim == 3:
        pixels = one_channel(pixels) if indices_of(path, pixels) is pixels else pixels
    known, counts = count(own_labels(pixels, is_lossy(path))[1])
    most = np.sort(np.argsort(-counts, kind="stable")[:8])
    names = ", ".join(name_label(known[index], pixels.ndim == 3) for index in most)
    return names + (f" and {len(known) - 8} more" if len(known) > 8 else "")
