"""How far a deflated DICOM file unfolds: a small one may hold any number of bytes."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.errors import InputError
from lungseg.radiographs.dicom.attributes import number, text
from lungseg.radiographs.limits import check_pixels

if TYPE_CHECKING:
    from pydicom import Dataset

DEFLATED = "1.2.840.10008.1.2.1.99"
PREAMBLE = 132  # bytes before the file meta information
META = 0x0002  # the group of that information
PIXEL_DATA = 0x7FE00008  # the first of the tags that hold pixels
UNDEFINED = 0xFFFFFFFF
LAST_GROUPS = (b"\xfa\xff", b"\xfc\xff")  # of signatures and of padding, which may follow pixels
MEGABYTE = 2**20
BESIDE_PIXELS = 64 * MEGABYTE  # what a header may take


def check_deflated(path: Path, max_megapixels: float) -> None:
    """Refuse a deflated DICOM file that would unfold to more than its header says, or more than the limit.

    Parameters
    ----------
    path : Path
        Any DICOM file; of those that are not deflated nothing is said.
    max_megapixels : float

    Raises
    ------
    InputError
    """
    from pydicom.filereader import read_dataset

    with path.open("rb") as file:
        file.seek(PREAMBLE if file.read(PREAMBLE).endswith(b"DICM") else 0)
        try:
            meta = read_dataset(file, False, True, stop_when=lambda tag, *_: tag >> 16 != META)
        except Exception:  # as broken as this, pydicom does not unfold it either
            return
        if text(meta, "TransferSyntaxUID") != DEFLATED:
            return
        packed = file.read()
    unfolding = zlib.decompressobj(-zlib.MAX_WBITS)
    start = unfolding.decompress(packed, 4 * MEGABYTE)
    unfolded = io.BytesIO(start)
    header = read_dataset(unfolded, False, True, stop_when=lambda tag, *_: tag >= PIXEL_DATA)
    end = _end_of_pixels(start[unfolded.tell() :], unfolded.tell())
    rows, columns = (int(number(header, name) or 0) for name in ("Rows", "Columns"))
    if rows and columns:  # what lacks them is refused elsewhere
        check_pixels(path, rows, columns, max_megapixels)
    total, behind = len(start), start[end:][:8]
    most = BESIDE_PIXELS + rows * columns * _bits(header) // 8  # so that several frames are not unfolded either
    while not unfolding.eof and (part := unfolding.decompress(unfolding.unconsumed_tail, MEGABYTE)):
        behind = (behind + part[max(0, end - total) :])[:8]
        total += len(part)
        if total > most:
            raise InputError(
                f"{path}: expected a DICOM image of {rows} x {columns} pixels. "
                f"Received: one that unfolds to more than {most // MEGABYTE} MB. Leave it out."
            )
    if total < end or not (len(behind) < 2 or behind[:2] in LAST_GROUPS):  # an odd number may be filled up
        where = "earlier" if total < end else "later"
        raise InputError(
            f"{path}: expected pixels that end {end} bytes after the beginning, as the deflated file says. Received: a "
            f"damaged file, which ends {where}. Copy or export it again."
        )


def _end_of_pixels(start: bytes, place: int) -> int:
    """Return where the pixels end, whose element begins at a place; 0 if their length is not said."""
    if start[4:6] not in (b"OB", b"OW") or (length := int.from_bytes(start[8:12], "little")) == UNDEFINED:
        return 0
    return place + 12 + length


def _bits(header: Dataset) -> int:
    """Return the bits of a pixel."""
    samples, allocated = (number(header, name) or 0 for name in ("SamplesPerPixel", "BitsAllocated"))
    return max(1, min(int(samples), 4)) * max(8, min(int(allocated), 64))
