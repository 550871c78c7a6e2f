"""A file of a mask as it was read: its values, and which of them each pixel has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, counted
from lungseg.files.untrusted import read_array
from lungseg.preparation.classes.lossy import snap, values_of_areas
from lungseg.preparation.classes.table import Value
from lungseg.radiographs import tiff_tags as tag
from lungseg.radiographs.channels import ARRAYS
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_choice import NOISE, own_labels
from lungseg.radiographs.mask_levels import ALIKE, SHOWN, as_keys, count, name_label, one_channel
from lungseg.radiographs.mask_values import BESIDE
from lungseg.radiographs.modes import indices_of, is_lossy, opacity_of, stored_of
from lungseg.radiographs.reading import FORMATS, read_pixels
from lungseg.radiographs.tiff import BLACK_IS_ZERO, WHITE_IS_ZERO, read_tiff

NOT_IN_CHANNELS = (
    "Save one mask with the number of the class in each pixel, of channels of 0 and 1 np.where(mask.any(axis=-1), "
    "mask.argmax(axis=-1) + 1, 0).astype(np.uint8); or one for each class, masks/CLASS/NAME.png."
)
BY_TIFFFILE = b"tifffile.py\0"  # the program, in a tag of the file
JPEG = "JPEG"  # the edges of a mask that it has blurred


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
    edges : str
        What became of blurred edges, if that is to be told.
    """

    known: np.ndarray
    colours: np.ndarray
    counts: np.ndarray
    places: np.ndarray
    coloured: tuple[bool, bool]
    lossy: bool
    edges: str = ""

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


def open_mask(
    path: Path,
    max_megapixels: float = MAX_MEGAPIXELS,
    said: Sequence[Value] = (),
    empty: Sequence[Value] = (),
    several: bool = False,
) -> MaskFile:
    """Read a file of a mask.

    Parameters
    ----------
    path : Path
    max_megapixels : float
    said : sequence of Value
        All that may be in it, the background too. Three or more tell what the noise of JPEG has blurred; without them,
        or of two, the mask itself does.
    empty : sequence of Value
        Those of the background, and of what is ignored, as somebody has named them.
    several : bool
        Whether several classes may be in it, even if nobody has named them.

    Returns
    -------
    MaskFile

    Raises
    ------
    InputError
        If the file cannot be read; or if it is a JPEG that does not tell which pixels have which of these values.
    """
    numbers, colours, lossy = read_numbers(path, max_megapixels, empty, several or len(said) > 2)
    if lossy and len(said) > 2:
        values, places = snap(numbers, said, path)
        counts = np.bincount(places.ravel(), minlength=len(values))
        return MaskFile(values, values, counts, places, (numbers.ndim == 3,) * 2, lossy=False, edges=JPEG)
    keys = _nearest_levels(numbers) if lossy else as_keys(numbers)
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
    own_colours = in_colour or shown is not known
    return MaskFile(known, shown, counts, places, (in_colour, own_colours), lossy, JPEG * lossy)


def _nearest_levels(pixels: np.ndarray) -> np.ndarray:
    """Give each pixel of a JPEG the nearest of its own values; also of those that noise keeps from being levels."""
    levels, keys, blurred = own_labels(pixels, True)
    if not blurred or pixels.ndim == 3 or pixels.dtype != np.uint8:
        return keys
    span = float(levels[-1] - levels[0])
    apart = np.abs(np.arange(256.0)[:, None] - levels)  # of each grey that JPEG has
    more = values_of_areas(pixels, (apart.min(axis=1) > BESIDE * span)[pixels], ALIKE * span)
    if not more:
        return keys
    levels = np.sort(np.append(levels, np.array(more).round().astype(levels.dtype)))
    return levels[np.abs(np.arange(256.0)[:, None] - levels).argmin(axis=1)][pixels]


def _nearest(value: float, known: np.ndarray, coloured: bool) -> float:
    """Return the value of a JPEG that is meant by another one, if there is one near it."""
    own = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=-1) if coloured else known[:, None]
    meant = [int(value) >> 16, int(value) >> 8 & 255, int(value) & 255] if coloured else [value]
    apart = np.abs(own.astype(float) - meant).max(axis=-1)
    place = int(np.argmin(apart))
    return float(known[place]) if apart[place] <= NOISE else value


def read_numbers(
    path: Path, max_megapixels: float, empty: Sequence[Value] = (), several: bool = False
) -> tuple[np.ndarray, np.ndarray, bool]:
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
    try:
        pixels = read_pixels(path, max_megapixels, _read_tiff)
    except InputError as fault:
        raise InputError(str(fault).replace(FORMATS, "PNG, JPEG, TIFF, GIF, BMP or .npy")) from None
    pixels = pixels if pixels.dtype in (np.uint8, np.uint16) else one_channel(pixels)
    if pixels.ndim == 3 and pixels.dtype not in (np.uint8, np.uint16):
        raise InputError(
            f"{path}: expected whole numbers, one for each pixel, or colours of 8 bits. Received: {pixels.dtype} in "
            f"{pixels.shape[2]} channels. {NOT_IN_CHANNELS}"
        )
    stored = stored_of(path, pixels, several)
    if stored is None:
        raise InputError(
            f"{path}: expected a mask that is opaque, or transparent altogether, where nothing is drawn. Received: one "
            "that is transparent in part. Save it as PNG of 8 bits, or without alpha."
        )
    pixels = stored
    if not pixels.any():  # drawn in black on nothing?
        pixels = opacity_of(path, pixels)
        return pixels, pixels, is_lossy(path)
    places = [k for k in range(256) if any(not one.colour and one.first <= k <= one.last for one in empty)]
    numbers = indices_of(path, pixels, places)
    return one_channel(numbers) if numbers is pixels else numbers, pixels, is_lossy(path)


def _read_tiff(path: Path, data: bytes, max_megapixels: float) -> np.ndarray | int:
    """Read a TIFF as `read_tiff` does; but bits of tifffile, which says that 1 is black, and takes it for True."""
    pixels, page = read_tiff(path, data, max_megapixels), tag.read_pages(data)[0]
    negative = page.one(tag.PHOTOMETRIC, BLACK_IS_ZERO) == WHITE_IS_ZERO and page.same(tag.BITS, 1) == 1
    return 255 - pixels if negative and BY_TIFFFILE in data and not isinstance(pixels, int) else pixels
