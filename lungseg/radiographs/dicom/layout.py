"""How the pixels of a DICOM image lie in the file: the attributes that an image cannot do without."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lungseg.errors import InputError
from lungseg.radiographs.dicom.attributes import number, numbers, text, texts
from lungseg.radiographs.limits import check_pixels

if TYPE_CHECKING:
    from pydicom import Dataset

GREY = ("MONOCHROME1", "MONOCHROME2")
COLOURS = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


class Layout(NamedTuple):
    """How the pixels lie in the file.

    Attributes
    ----------
    rows, columns, samples : int
    allocated, stored, high : int
        Bits of a word, bits of them that hold a value, and the highest of those.
    signed, planar : int
        0 or 1.
    kind : str
        The photometric interpretation.
    guessed : bool
        Whether the file does not say that.
    """

    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int
    high: int
    signed: int
    planar: int
    kind: str
    guessed: bool

    @property
    def length(self) -> int:
        """The bytes of the image, uncompressed."""
        bits = self.rows * self.columns * self.samples * self.allocated
        return math.ceil(bits / 8) // 3 * 2 if self.kind == "YBR_FULL_422" else math.ceil(bits / 8)


def read_layout(dataset: Dataset, path: Path, max_megapixels: float) -> Layout:
    """Read how the pixels lie in the file: what can be done without is put right, what an image needs is named.

    Parameters
    ----------
    dataset : pydicom.Dataset
    path : Path
        The file, which messages name.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    Layout

    Raises
    ------
    InputError
        An attribute that an image needs is missing or makes no sense, or the image is too large.
    """
    rows, columns = (_needed(dataset, name, path, range(65536)) for name in ("Rows", "Columns"))
    kind = _kind(dataset)
    if numbers(dataset, "SamplesPerPixel") or not kind:
        samples = _needed(dataset, "SamplesPerPixel", path, (1, 3))
    else:
        samples = 3 if kind in COLOURS else 1
    if kind and kind not in (COLOURS if samples == 3 else (*GREY, "PALETTE COLOR")):
        raise InputError(
            f"{path}: expected grey values or RGB. Received: PhotometricInterpretation {kind[:32]} with "
            f"{samples} {'value' if samples == 1 else 'values'} for each pixel. Export the image in grey."
        )
    allocated = _needed(dataset, "BitsAllocated", path, (1, 8, 16, 32, 64))
    check_pixels(path, rows, columns, max_megapixels, samples * allocated / 8)
    stored, high = (number(dataset, name) for name in ("BitsStored", "HighBit"))
    stored = int(stored) if stored and 0 < stored <= allocated else allocated
    high = int(high) if high and stored - 1 <= high < allocated else stored - 1
    said = numbers(dataset, "PixelRepresentation")  # an empty value says nothing
    signed = _needed(dataset, "PixelRepresentation", path, (0, 1)) if said else 0
    planar = int(number(dataset, "PlanarConfiguration") == 1)
    guess = "RGB" if samples == 3 else GREY[1]
    return Layout(rows, columns, samples, allocated, stored, high, signed, planar, kind or guess, guessed=not kind)


def _needed(dataset: Dataset, name: str, path: Path, allowed: range | tuple[int, ...]) -> int:
    """Return a whole number that an image cannot do without."""
    found = number(dataset, name)
    if found is None or found not in allowed:
        said = texts(dataset, name)
        received = repr(said[0][:32]) if found is None and said else "none" if found is None else f"{found:g}"
        expected = "a whole number" if isinstance(allowed, range) else ", ".join(map(str, allowed))
        raise InputError(
            f"{path}: expected the attribute {name}, which an image needs ({expected}). Received: {received}. "
            "Export the file again."
        )
    return int(found)


def _kind(dataset: Dataset) -> str:
    """Return the photometric interpretation, an empty string if the file does not say it."""
    kind = text(dataset, "PhotometricInterpretation").replace("COLOUR", "COLOR")
    squeezed = "".join(kind.split())
    if squeezed.replace("_", "") == "PALETTECOLOR":
        return "PALETTE COLOR"
    return "" if squeezed in ("MONOCHROME", "GREYSCALE", "GRAYSCALE") else squeezed  # which does not say what 0 is


def check_length(layout: Layout, length: int, path: Path) -> Layout:
    """Compare the bytes of uncompressed pixels with what the file says of them.

    Parameters
    ----------
    layout : Layout
    length : int
        How many bytes there are.
    path : Path

    Returns
    -------
    Layout
        The same; of colours that are not subsampled, though the file says so, with their true kind.

    Raises
    ------
    InputError
        There are fewer, or so many that the layout cannot be right.
    """
    if layout.kind == "YBR_FULL_422" and length >= layout.length // 2 * 3:
        layout = layout._replace(kind="YBR_FULL")
    expected = layout.length
    if expected <= length < 2 * expected or length == expected + 1:
        return layout
    size = f"{layout.rows} x {layout.columns} pixels of {layout.samples * layout.allocated} bits"
    received = f"{length}, the file was cut short" if length < expected else f"{length}"
    raise InputError(
        f"{path}: expected {expected} bytes for {size}, a whole DICOM image. Received: {received}. "
        "Copy or export the file again."
    )
