"""Reads one file of a mask: the pixels of each class, by the values and colours that somebody has named."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.classes import ClassTable, Value
from lungseg.radiographs.channels import ARRAYS
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_choice import NOISE, own_labels
from lungseg.radiographs.mask_levels import SHOWN, as_keys, as_vectors, count, name_label, one_channel
from lungseg.radiographs.masks import indices_of, is_lossy
from lungseg.radiographs.reading import read_pixels
from lungseg.untrusted import read_array

MANY = 256  # more values than that are no labels, but greys, or numbers of objects


def values_of(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> dict[str, int]:
    """Return the values of a mask, as a message and `--class` have them, and how many pixels have each.

    Parameters
    ----------
    path : Path
    max_megapixels : float

    Returns
    -------
    dict of str to int
        At most `MANY`, those of the most pixels.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    numbers, _, lossy = _pictures(path, max_megapixels)
    coloured = numbers.ndim == 3
    known, counts = count(_keys(numbers, lossy))
    most = np.sort(np.argsort(-counts, kind="stable")[:MANY])
    return {name_label(known[place], coloured): int(counts[place]) for place in most}


def read_class_masks(
    path: Path,
    named: dict[str, tuple[Value, ...]],
    table: ClassTable,
    shape: tuple[int, int],
    image: Path,
    max_megapixels: float,
) -> dict[str, np.ndarray]:
    """Return the mask of each class that a file may hold, and of what is ignored in it.

    Parameters
    ----------
    path : Path
    named : dict of str to tuple of Value
        The classes that it may hold, with their values; without any for a single class, which then is all that is no
        background.
    table : ClassTable
        It tells background and what is ignored.
    shape : (int, int)
        Height and width of the image.
    image : Path
        Which a message names.
    max_megapixels : float

    Returns
    -------
    dict of str to numpy.ndarray of bool, shape (H, W)
        By class, and "ignore".

    Raises
    ------
    InputError
        If the file cannot be read, is of another size, or holds values that nobody has named.
    """
    numbers, colours, lossy = _pictures(path, max_megapixels)
    if numbers.shape[:2] != tuple(shape):
        raise InputError(
            f"{path}: expected {shape[0]} x {shape[1]} pixels (rows x columns) like {image}. Received: "
            f"{numbers.shape[0]} x {numbers.shape[1]}. Use the mask drawn on this very image."
        )
    said = {**named, "background": table.background, "ignore": table.ignored}
    by_colour = any(value.colour for values in said.values() for value in values)
    picture = colours if by_colour and colours.ndim == 3 else numbers
    keys = _keys(picture, lossy)
    # Numbers beside colours: those of the palette, or greys.
    other = _keys(numbers, lossy) if picture is not numbers else keys
    chosen = {name: np.zeros(keys.shape, bool) for name in said}
    for name, values in said.items():
        for value in values:
            where = (
                _with_colour(value, keys, picture, lossy)
                if value.colour
                else _with_number(value, other, numbers, lossy)
            )
            chosen[name] |= where
    nothing = (keys == 0) if not table.background else np.zeros(keys.shape, bool)
    if len(named) == 1 and not any(named.values()):  # whatever is no background is of the one class
        (name,) = named
        rest = ~(nothing | chosen["ignore"] | chosen["background"])
        _check_one_value(path, name, keys[rest], picture)
        chosen[name] = rest
    unnamed = ~(np.logical_or.reduce(list(chosen.values())) | nothing)
    if unnamed.any():
        raise InputError(_unnamed(path, keys[unnamed], picture, list(named)))
    del chosen["background"]
    for name in named:
        chosen[name] &= ~chosen["ignore"]
    return chosen


def _pictures(path: Path, max_megapixels: float) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return a mask as numbers (places in a palette, if it has one) and as colours, and whether it has losses."""
    if path.suffix.lower() == ARRAYS:
        array = read_array(path)
        if array.ndim != 2 or array.dtype.kind not in "buif" or array.size == 0:
            raise InputError(
                f"{path}: expected a mask of shape (H, W). Received: {array.dtype} of shape {array.shape}. Save one "
                "mask for each class, or one with the number of the class in each pixel."
            )
        array = array.astype(np.uint8) if array.dtype == bool else array
        return array, array, False
    pixels = read_pixels(path, max_megapixels)
    numbers = indices_of(path, pixels)
    return one_channel(numbers) if numbers is pixels else numbers, pixels, is_lossy(path)


def _keys(picture: np.ndarray, lossy: bool) -> np.ndarray:
    """Return the value of each pixel, a number or a colour as 0xRRGGBB, without JPEG's noise."""
    return own_labels(picture, lossy)[1] if lossy else as_keys(picture)


def _with_number(value: Value, keys: np.ndarray, numbers: np.ndarray, lossy: bool) -> np.ndarray:
    """Mark the pixels with a number; in a picture in colour, with the grey of that number."""
    if numbers.ndim == 3:
        grey = (keys & 255) * 0x010101 == keys
        return grey & ((keys & 255) >= value.first) & ((keys & 255) <= value.last)
    first = last = value.first
    if value.first != value.last:
        last = value.last
    elif lossy:
        first = last = _nearest(value.first, keys, numbers)
    return (keys >= first) & (keys <= last)


def _with_colour(value: Value, keys: np.ndarray, picture: np.ndarray, lossy: bool) -> np.ndarray:
    """Mark the pixels with a colour; in a grey picture, of that grey."""
    colour = int(value.first)
    red, green, blue = colour >> 16, colour >> 8 & 255, colour & 255
    if picture.ndim == 2:
        return keys == red if red == green == blue else np.zeros(keys.shape, bool)
    return keys == (_nearest(colour, keys, picture) if lossy else colour)


def _nearest(value: float, keys: np.ndarray, picture: np.ndarray) -> float:
    """Return the value of a JPEG that is meant: its noise moves whole areas a little."""
    known = np.unique(keys)
    own = as_vectors(known, picture)
    apart = np.abs(own - as_vectors(np.array([int(value)]), picture)).max(axis=-1)
    place = int(np.argmin(apart))
    return float(known[place]) if apart[place] <= NOISE else value


def _check_one_value(path: Path, name: str, keys: np.ndarray, picture: np.ndarray) -> None:
    """Refuse several values where one class was expected."""
    known, counts = np.unique(keys, return_counts=True)
    if len(known) > 1:
        first = name_label(known[0], picture.ndim == 3)
        last = name_label(known[-1], picture.ndim == 3)
        every = f"{first}-{last}" if picture.ndim == 2 else f"{first},{last}"
        raise InputError(
            f"{path}: expected one value beside the background, that of {name}. Received: "
            f"{_listed(known, counts, picture)}. Say which value is which class (--class NAME={first} --class ...), or "
            f'that all are of it (--class "{name}={every}").'
        )


def _unnamed(path: Path, keys: np.ndarray, picture: np.ndarray, names: list[str]) -> str:
    """Say which values of a mask nobody has named."""
    known, counts = np.unique(keys, return_counts=True)
    first = name_label(known[0], picture.ndim == 3)
    soft = len(known) > SHOWN
    remedy = (
        "Save masks without smoothing, or name ranges as 128-255."
        if soft and picture.ndim == 2
        else f"Name it (--class NAME={first}), or have it ignored (--ignore {first})."
    )
    return (
        f"{path}: expected values of {', '.join(names)} or background. Received: {_listed(known, counts, picture)}. "
        f"{remedy}"
    )


def _listed(known: np.ndarray, counts: np.ndarray, picture: np.ndarray) -> str:
    """Return values, and how many pixels have each: those of the most pixels."""
    most = np.sort(np.argsort(-counts, kind="stable")[:SHOWN])
    shown = [f"{name_label(known[place], picture.ndim == 3)} ({counts[place]:,} pixels)" for place in most]
    return ", ".join(shown) + (f" and {len(known) - SHOWN} more" if len(known) > SHOWN else "")
