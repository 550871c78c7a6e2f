"""Reads one file of a mask: which class its values and colours mean, as somebody has named them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, counted
from lungseg.files.untrusted import read_array
from lungseg.preparation.classes.table import BACKGROUND, ClassTable, Value
from lungseg.radiographs.channels import ARRAYS
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_choice import NOISE, is_map, own_labels
from lungseg.radiographs.mask_levels import (
    ALIKE,
    MANY_VALUES,
    SHOWN,
    as_keys,
    count,
    filling,
    find_levels,
    name_label,
    one_channel,
)
from lungseg.radiographs.mask_values import PICTURE
from lungseg.radiographs.masks import indices_of, is_lossy, opacity_of
from lungseg.radiographs.reading import read_pixels

MANY = 256  # more values than that are no labels, but greys, or numbers of objects


@dataclass(frozen=True)
class MaskFile:
    """The values of a mask.

    Attributes
    ----------
    known : numpy.ndarray, shape (n,)
        The values, sorted: numbers, or colours as 0xRRGGBB; of a file with a palette, places in it.
    colours : numpy.ndarray, shape (n,)
        The colours of a palette; otherwise the values again.
    counts : numpy.ndarray of int, shape (n,)
        How many pixels have each.
    places : numpy.ndarray of int, shape (H, W)
        Which of the values each pixel has.
    coloured : (bool, bool)
        Whether values, and colours, are colours, or greys.
    lossy : bool
        Whether the file was compressed with losses: its noise moves whole areas a little.
    """

    known: np.ndarray
    colours: np.ndarray
    counts: np.ndarray
    places: np.ndarray
    coloured: tuple[bool, bool]
    lossy: bool

    def has(self, value: Value) -> np.ndarray:
        """Return which of the values are meant by one that somebody has named: bool (n,)."""
        if not value.colour and not self.coloured[0]:
            first, last = (value.first, value.last)
            if self.lossy and first == last:
                first = last = _nearest(first, self.known, False)
            return (self.known >= first) & (self.known <= last)
        if not value.colour:  # a grey of a picture in colour
            grey = self.known & 255
            return (grey * 0x010101 == self.known) & (grey >= value.first) & (grey <= value.last)
        colour = int(value.first)
        if not self.coloured[1]:
            return self.colours == (colour & 255 if (colour & 255) * 0x010101 == colour else -1)
        return self.colours == (_nearest(colour, self.colours, True) if self.lossy else colour)

    def listed(self, chosen: np.ndarray, by_colour: bool = False) -> tuple[list[str], str]:
        """Return some of the values, as `--class` has them, and as a message has them, with their pixels."""
        values, coloured = (self.colours, self.coloured[1]) if by_colour else (self.known, self.coloured[0])
        names = [name_label(value, coloured) for value in values[chosen]]
        counts = self.counts[chosen]
        most = np.sort(np.argsort(-counts, kind="stable")[:SHOWN])
        shown = ", ".join(f"{names[place]} ({counted(int(counts[place]), 'pixel')})" for place in most)
        return names, shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def open_mask(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> MaskFile:
    """Read a file of a mask.

    Parameters
    ----------
    path : Path
    max_megapixels : float

    Returns
    -------
    MaskFile

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    numbers, colours, lossy = read_numbers(path, max_megapixels)
    keys = own_labels(numbers, True)[1] if lossy else as_keys(numbers)
    known, counts = count(keys)
    if keys.dtype == np.uint8:
        table = np.zeros(256, np.uint8)
        table[known] = np.arange(len(known))
        places = table[keys]
    else:
        places = np.searchsorted(known, keys)
    shown = known
    if colours is not numbers and colours.ndim == 3 and numbers.ndim == 2:  # a palette
        firsts = np.unique(places, return_index=True)[1]
        shown = as_keys(colours).ravel()[firsts]
    in_colour = numbers.ndim == 3
    return MaskFile(known, shown, counts, places, (in_colour, in_colour or shown is not known), lossy)


def values_of(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> list[str]:
    """Return the values of a mask, as `--class` has them.

    Parameters
    ----------
    path : Path
    max_megapixels : float

    Returns
    -------
    list of str
        At most `MANY`, those of the most pixels.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    mask = open_mask(path, max_megapixels)
    most = np.sort(np.argsort(-mask.counts, kind="stable")[:MANY])
    return [name_label(value, mask.coloured[0]) for value in mask.known[most]]


def meanings(
    mask: MaskFile, path: Path, named: Mapping[str, tuple[Value, ...]], table: ClassTable
) -> dict[str, np.ndarray]:
    """Return which values of a mask mean which class.

    Parameters
    ----------
    mask : MaskFile
    path : Path
        Which a message names.
    named : mapping of str to tuple of Value
        The classes that the file may hold, with their values; without any for a single class, which then is all that is
        no background.
    table : ClassTable
        It tells what is background and what is ignored.

    Returns
    -------
    dict of str to numpy.ndarray of bool, shape (n,)
        By class, and "ignore": one for each value.

    Raises
    ------
    InputError
        If the file holds values that nobody has named.
    """
    said = {**named, BACKGROUND: table.background, "ignore": table.ignored}
    by_colour = any(value.colour for values in said.values() for value in values)
    none = np.zeros(len(mask.known), bool)
    told = {name: np.logical_or.reduce([none, *map(mask.has, values)]) for name, values in said.items()}
    if not table.background:  # 0, or black
        told[BACKGROUND] = (mask.colours if by_colour else mask.known) == 0
    rest = ~np.logical_or.reduce(list(told.values()))
    if rest.any():
        names, shown = mask.listed(rest, by_colour)
        if len(named) > 1 or any(named.values()):
            remedy = about_many_values(mask, next(iter(named))) or _remedy(names)
            raise InputError(
                f"{path}: expected values of {', '.join(named)} or background. Received: {shown}. {remedy}"
            )
        (name,) = named
        if len(names) > 1:
            if remedy := about_many_values(mask, name):
                raise InputError(
                    f"{path}: expected one value beside the background, that of {name}. Received: {shown}. {remedy}"
                )
            colours = names[0].startswith("#")
            every = ",".join(names[:SHOWN]) if colours else f"{names[0]}-{names[-1]}"
            raise InputError(
                f"{path}: expected one value beside the background, that of {name}. Received: {shown}. Say which "
                f"value is which class (--class NAME={names[0]} --class ...), or that all are of it "
                f'(--class "{name}={every}").'
            )
        told[name] = rest
    for name in (*named, BACKGROUND):
        told[name] = told[name] & ~told["ignore"]
    del told[BACKGROUND]
    return told


def about_many_values(mask: MaskFile, name: str) -> str:
    """Say what the values of a mask are, if they are too many to be labels: grey edges, or those of a picture.

    Parameters
    ----------
    mask : MaskFile
    name : str
        A class, for the command that is proposed.

    Returns
    -------
    str
        A sentence; empty, if they may be labels.
    """
    known, counts = mask.known, mask.counts
    keys = known[mask.places]
    if mask.coloured[0]:
        areas = counts[np.isin(known, filling(keys)[0])].sum()
        smoothed = len(known) > 2 * SHOWN and areas > (1 - PICTURE) * keys.size
        return "Most are shades at edges that were smoothed: save masks without smoothing, as PNG." * bool(smoothed)
    if len(known) <= MANY_VALUES:
        return ""
    if known.dtype.kind == "f" and known[0] >= 0 and known[-1] <= 1:
        return "If these are probabilities, save where they are cut, (mask > 0.5).astype(np.uint8) for one."
    if is_map(keys, known, counts):
        return ""
    levels = find_levels(keys, known, counts, False, mask.lossy)
    low, high = (levels[0], levels[-1]) if len(levels) > 1 else (known[0], known[-1])
    between = (known > low + ALIKE * (high - low)) & (known < high - ALIKE * (high - low))
    if len(levels) > 2 or counts[between].sum() > PICTURE * mask.places.size:
        return "So many, all over it, are those of a picture: name the folder that holds the masks (--masks)."
    half = (low + high) / 2
    first, last = min(0, known[0]), 255 if half < known[-1] <= 255 and half > 99 else known[-1]  # of other files, too
    ranges = f'--class "{name}={int(half) + 1}-{last:.10g}" --class "background={first:.10g}-{int(half)}"'
    what = "the noise of JPEG, and edges that were smoothed" if mask.lossy else "edges that were smoothed"
    return f"These are {what}: say where they are cut, {ranges}; or save masks without smoothing, as PNG."


def _remedy(names: list[str]) -> str:
    """Return what to do with values that nobody has named."""
    if len(names) > SHOWN and not names[0].startswith("#"):
        return "Save masks without smoothing, or name ranges: --class NAME=128-255 --class background=0-127."
    return f"Name it (--class NAME={names[0]}), or have it ignored (--ignore {names[0]})."


def _nearest(value: float, known: np.ndarray, coloured: bool) -> float:
    """Return the value of a JPEG that is meant by another one, if there is one near it."""
    own = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=-1) if coloured else known[:, None]
    meant = [int(value) >> 16, int(value) >> 8 & 255, int(value) & 255] if coloured else [value]
    apart = np.abs(own.astype(float) - meant).max(axis=-1)
    place = int(np.argmin(apart))
    return float(known[place]) if apart[place] <= NOISE else value


def read_numbers(path: Path, max_megapixels: float) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return a mask as numbers (places in a palette, if it has one) and as colours, and whether it has losses."""
    if path.suffix.lower() == ARRAYS:
        array = read_array(path)
        array = array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array
        if array.ndim != 2 or array.dtype.kind not in "buif" or array.size == 0:
            raise InputError(
                f"{path}: expected a mask of shape (H, W). Received: {array.dtype} of shape {array.shape}. Save one "
                "mask for each class, or one with the number of the class in each pixel."
            )
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise InputError(
                f"{path}: expected finite numbers. Received: NaN or infinity. Save a number of its own in their place, "
                "and have it ignored (--ignore)."
            )
        array = array.astype(np.uint8) if array.dtype == bool else array
        return array, array, False
    pixels = read_pixels(path, max_megapixels)
    if not pixels.any():  # drawn in black on nothing?
        pixels = opacity_of(path, pixels)
        return pixels, pixels, is_lossy(path)
    numbers = indices_of(path, pixels)
    return one_channel(numbers) if numbers is pixels else numbers, pixels, is_lossy(path)
