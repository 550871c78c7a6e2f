"""Looks grey values up in the tables of a DICOM file (PS3.3, C.11.1.1 and C.11.2.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lungseg.radiographs.dicom.attributes import numbers

if TYPE_CHECKING:
    from pydicom import Dataset


class LookUpTable(NamedTuple):
    """A table of grey values.

    Attributes
    ----------
    first : int
        The grey value of the first entry.
    entries : numpy.ndarray of float32, shape (N,)
    """

    first: int
    entries: np.ndarray

    def look_up(self, values: np.ndarray) -> np.ndarray:
        """Return the entry of each value; below the table its first one, above it its last.

        The first value may be written with the other sign than the values have, 64512 for -1024: of the two, the one
        counts that meets more of the values.

        `pydicom.pixels.apply_voi_lut` keeps the places in the table in the type of its entries: where those have
        8 bits, place 256 becomes place 0.

        Parameters
        ----------
        values : numpy.ndarray, shape (H, W)
            Rescaled values may be negative. Between two whole numbers, the lower one counts, as in pydicom.

        Returns
        -------
        numpy.ndarray of float32, shape (H, W)

        Examples
        --------
        >>> LookUpTable(65534, np.array([5, 6, 7], np.float32)).look_up(np.array([[-2, 0, 1]]))
        array([[5., 7., 7.]], dtype=float32)
        """
        places = np.floor(np.asarray(values, np.float64) + 0.001)  # what was rescaled to 9.9999 is meant to be 10
        firsts = [self.first] + [f for f in (self.first - 65536, self.first + 65536) if -32768 <= f < 65536]
        first = max(firsts, key=lambda f: np.count_nonzero((places >= f) & (places < f + len(self.entries))))
        return self.entries[np.clip(places - first, 0, len(self.entries) - 1).astype(np.int32)]


def read_table(item: Dataset, little_endian: bool, name: str = "LUT") -> LookUpTable | None:
    """Read a table from an item of a sequence.

    Parameters
    ----------
    item : pydicom.Dataset
        With LUTDescriptor and LUTData.
    little_endian : bool
        Of the words in the file.
    name : str
        What the names of the two attributes begin with, in place of "LUT".

    Returns
    -------
    LookUpTable or None
        None if it has no entries, or does not say where it begins.
    """
    descriptor = numbers(item, f"{name}Descriptor")
    if len(descriptor) < 2 or descriptor[0] is None or descriptor[1] is None:
        return None
    count = int(descriptor[0]) % 65536 or 65536  # 0 stands for 65536, which 16 bits do not hold
    bits = int(descriptor[2] or 16) if len(descriptor) > 2 else 16
    words = _words(item, little_endian, f"{name}Data")
    if len(words) <= (count + 1) // 2 and bits <= 8:  # two entries in a word, the first one in its lower half
        words = words.view(np.uint8).astype("<u2")
    elif words.size and bits < 16 and words.max() >= 2**bits > words.byteswap().max():  # the other order of bytes
        words = words.byteswap()
    entries = words[:count].astype(np.float32)
    return LookUpTable(int(descriptor[1]), entries) if len(entries) else None


def _words(item: Dataset, little_endian: bool, name: str) -> np.ndarray:
    """Return the words of 16 bits that a table consists of: uint16, little-endian."""
    element = item.get_item(name)
    value = getattr(element, "value", None)
    if isinstance(value, bytes):
        value += bytes(len(value) % 2)
        return np.frombuffer(value, "<u2" if little_endian else ">u2").astype("<u2")
    # An entry has no sign; one that was written with a sign has lost its highest bit to it.
    found = [int(v) % 65536 for v in numbers(item, name) if v is not None]
    return np.array(found, "<u2")


def little_endian(dataset: Dataset) -> bool:
    """Tell the order of bytes in the file.

    Parameters
    ----------
    dataset : pydicom.Dataset

    Returns
    -------
    bool
    """
    return dataset.original_encoding[1] is not False
