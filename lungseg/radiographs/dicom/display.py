"""From the stored values of a DICOM image to the grey values that are meant to be seen (PS3.3, C.11)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg.errors import InputError
from lungseg.radiographs.dicom.attributes import items, number, numbers, text
from lungseg.radiographs.dicom.tables import little_endian, read_table

if TYPE_CHECKING:
    from pydicom import Dataset

BORDER = 0.06  # of the range of greys: what is nearer to black may be a border
THUMBNAIL = 64 * 64  # pixels
SEEN = 256  # pixels of each side: enough to tell whether a picture is of one grey


def displayed(stored: np.ndarray, dataset: Dataset, path: Path, inverted: bool) -> np.ndarray:
    """Return the grey values as they are meant to be seen, black lowest.

    The order is the standard's: rescaling (or a modality table), the first VOI window (or table), inversion.

    Parameters
    ----------
    stored : numpy.ndarray of int, shape (H, W)
    dataset : pydicom.Dataset
    path : Path
        The file, which messages name.
    inverted : bool
        Whether 0 is white.

    Returns
    -------
    numpy.ndarray of float32, shape (H, W)

    Raises
    ------
    InputError
        The modality table is broken, without which the values have no meaning.
    """
    padding = _padding(stored, dataset)
    values, known = _modality(stored, dataset, path)
    if known:  # windows and tables are for true values only
        values = _voi(values, dataset, inverted)
    if inverted:
        np.subtract(values.max(), values, out=values)
    if padding.any() and not padding.all():
        values[padding] = values.min(where=~padding, initial=np.inf)
    return values


def _padding(stored: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Mark the pixels that only fill the frame up; of several values, each counts."""
    bits = int(number(dataset, "BitsStored") or 0)
    first = [
        _as_stored(value, stored.dtype, bits) for value in numbers(dataset, "PixelPaddingValue") if value is not None
    ]
    last = number(dataset, "PixelPaddingRangeLimit")
    bounds = [(value, value) for value in first]
    if first and last is not None:
        limit = _as_stored(last, stored.dtype, bits)
        bounds[0] = (min(first[0], limit), max(first[0], limit))
    marked = np.zeros(stored.shape, bool)
    for low, high in bounds:
        marked |= stored == low if low == high else (stored >= low) & (stored <= high)
    return marked


def _as_stored(value: float, dtype: np.dtype, bits: int) -> float:
    """Return a value in the form that pixels have.

    It may be written with the other sign, 63536 for -2000, or fill the whole word, 65535 for the highest of 12 bits.
    """
    for size in (np.iinfo(dtype).bits, bits):
        if size < 1:
            continue
        lowest, highest = (-(2 ** (size - 1)), 2 ** (size - 1) - 1) if dtype.kind == "i" else (0, 2**size - 1)
        turned = (value - lowest) % 2**size + lowest
        if size == np.iinfo(dtype).bits or turned in (lowest, highest):
            value = turned
    return value


def _modality(stored: np.ndarray, dataset: Dataset, path: Path) -> tuple[np.ndarray, bool]:
    """Return true values, and whether they are known to be: of a slope that is no number, they are not."""
    tables = items(dataset, "ModalityLUTSequence")
    if tables:
        table = read_table(tables[0], little_endian(dataset))
        if table is None:
            raise InputError(
                f"{path}: expected a table of grey values in ModalityLUTSequence. Received: one without entries. "
                "Export the file again."
            )
        return table.look_up(stored), True
    values = stored.astype(np.float32)
    factors = []
    for name, none in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0)):
        said = numbers(dataset, name)
        factors.append(said[0] if said else none)
    slope, intercept = factors
    if slope is None or intercept is None or slope == 0:
        return values, False
    if (slope, intercept) == (1, 0):
        return values, True
    lowest, highest = float(values.min()), float(values.max())
    ends = np.array([lowest, highest], np.float32) * np.float32(slope) + np.float32(intercept)
    if not np.isfinite(ends).all() or (lowest < highest and ends[0] == ends[1]):
        return values, False
    values *= np.float32(slope)
    values += np.float32(intercept)
    return values, True


def colours_of(stored: np.ndarray, dataset: Dataset, path: Path) -> tuple[np.ndarray, int]:
    """Return the colours of an image that is stored as places in a palette.

    Parameters
    ----------
    stored : numpy.ndarray of int, shape (H, W)
    dataset : pydicom.Dataset
    path : Path
        The file, which messages name.

    Returns
    -------
    colours : numpy.ndarray of int, shape (H, W, 3)
    bits : int
        Of each of the three values.

    Raises
    ------
    InputError
        The palette is missing or broken.
    """
    from pydicom.pixels import apply_color_lut

    if "SegmentedRedPaletteColorLookupTableData" in dataset:
        colours = apply_color_lut(stored, dataset)
        return colours, 8 * colours.dtype.itemsize
    names = [f"{colour}PaletteColorLookupTable" for colour in ("Red", "Green", "Blue")]
    tables = [read_table(dataset, little_endian(dataset), name) for name in names]
    if None in tables:
        raise InputError(
            f"{path}: expected a palette for PALETTE COLOR. Received: none, or one without entries. "
            "Export the image in grey."
        )
    colours = np.stack([table.look_up(stored) for table in tables if table], axis=-1).astype(np.uint16)
    return colours, 8 if colours.max() < 256 else 16


# --------------------------------------------------------------------------- the values of interest


def _voi(values: np.ndarray, dataset: Dataset, inverted: bool) -> np.ndarray:
    """Apply the first table or window that leaves something to be seen."""
    for seen in _views(values, dataset):
        if not _one_grey(seen) and not _hides_the_body(seen, values, inverted):
            return seen
    return values


def _views(values: np.ndarray, dataset: Dataset) -> Iterator[np.ndarray]:
    """Yield the values as each table and each window shows them; tables come first, as in other programs."""
    for item in items(dataset, "VOILUTSequence"):
        table = read_table(item, little_endian(dataset))
        if table is not None:
            yield table.look_up(values)
    function = text(dataset, "VOILUTFunction").replace(" ", "_").replace("-", "_")
    for centre, width in zip_longest(numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")):
        if centre is not None and width is not None and width > 0:
            yield _window(values, np.float32(centre), np.float32(width), function)


def _window(values: np.ndarray, centre: np.float32, width: np.float32, function: str) -> np.ndarray:
    """Clip to a window.

    The standard then stretches it to the range of the display. That is left to the preparation, which
    stretches between percentiles anyway: all that a linear window changes for it is what it clips.
    """
    if function == "SIGMOID":
        return 1 / (1 + np.exp(-4 * (values - centre) / width))
    if function == "LINEAR_EXACT":
        return np.clip(values, centre - width / 2, centre + width / 2)
    half = np.maximum(width - 1, 0) / 2  # PS3.3, C.11.2.1.2.1: a width of 1 is a step at the centre
    return np.clip(values, centre - np.float32(0.5) - half, centre - np.float32(0.5) + half)


def _one_grey(values: np.ndarray) -> bool:
    return bool(values.min() == values.max())


def _hides_the_body(seen: np.ndarray, values: np.ndarray, inverted: bool) -> bool:
    """Tell whether a view leaves but one grey of what has many: of the picture, or of all that is no black border.

    So does a window for 8 bits on values of 12: all that is no border is white.
    """
    rows, columns = (max(1, side // SEEN) for side in values.shape)
    seen, values = seen[::rows, ::columns], values[::rows, ::columns]
    few = 1 if seen.size > THUMBNAIL else 0  # per cent: letters, for instance; of a thumbnail, each pixel counts
    if _spread(seen, few) == 0:
        return _spread(values, few) > 0
    black, dark, bright, white = np.percentile(values, (0.5, 10, 90, 99.5))
    lit = values < white - BORDER * (white - dark) if inverted else values > black + BORDER * (bright - black)
    if lit.all() or not lit.any() or np.median(seen[~lit]) == np.median(seen[lit]):  # no border
        return False
    return _spread(seen[lit], 5) == 0 < _spread(values[lit], 5)


def _spread(values: np.ndarray, left_out: float) -> float:
    """Return how far the greys of a picture lie apart, a percentage of the darkest and the brightest left out."""
    low, high = np.percentile(values, (left_out, 100 - left_out))
    return float(high - low)
