"""How large a DICOM image is, told from its header: a small file may unfold to any size."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from lungseg.errors import InputError
from lungseg.radiographs.limits import check_pixels
from lungseg.radiographs.silence import ignored_limit

if TYPE_CHECKING:
    from pydicom import Dataset

DEFLATED = "1.2.840.10008.1.2.1.99"
PREAMBLE = 132  # bytes before the file meta information
GROUP_LENGTH = 12  # bytes of the element that tells how long the rest of the file meta information is
PIXEL_DATA = 0x7FE00008  # the first of the tags that hold pixels
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
    from pydicom.filereader import read_dataset, read_file_meta_info

    with path.open("rb") as file:
        if not file.read(PREAMBLE).endswith(b"DICM"):
            return
        meta = read_file_meta_info(path)
        if meta.get("TransferSyntaxUID") != DEFLATED:
            return
        file.seek(PREAMBLE + GROUP_LENGTH + meta.FileMetaInformationGroupLength)
        packed = file.read()
    unfolding = zlib.decompressobj(-zlib.MAX_WBITS)
    start = unfolding.decompress(packed, 4 * MEGABYTE)
    header = read_dataset(io.BytesIO(start), False, True, stop_when=lambda tag, vr, length: tag >= PIXEL_DATA)
    check_header(path, header, max_megapixels)
    total = len(start)
    most = BESIDE_PIXELS + _size(header)  # so that several frames are not unfolded either
    while not unfolding.eof and (part := unfolding.decompress(unfolding.unconsumed_tail, MEGABYTE)):
        total += len(part)
        if total > most:
            raise InputError(
                f"{path}: expected a DICOM image of {header.get('Rows')} x {header.get('Columns')} pixels. "
                f"Received: one that unfolds to more than {most // MEGABYTE} MB. Leave it out."
            )


def check_header(path: Path, header: Dataset, max_megapixels: float) -> None:
    """Refuse a DICOM image whose header says that it is larger than the limit.

    Parameters
    ----------
    path : Path
    header : pydicom.Dataset
    max_megapixels : float

    Raises
    ------
    InputError
    """
    if "Rows" in header and "Columns" in header:  # what lacks them is refused elsewhere
        check_pixels(path, int(header.Rows or 0), int(header.Columns or 0), max_megapixels)


def check_frame(path: Path, header: Dataset, max_megapixels: float) -> None:
    """Refuse a compressed image whose JPEG or JPEG 2000 says that it is larger than the limit.

    Parameters
    ----------
    path : Path
    header : pydicom.Dataset
        With its pixel data.
    max_megapixels : float

    Raises
    ------
    InputError
    """
    from pydicom.encaps import get_frame

    if not header.file_meta.TransferSyntaxUID.is_encapsulated:
        return
    try:
        frame = get_frame(header.PixelData, 0, number_of_frames=1)
        with ignored_limit(), Image.open(io.BytesIO(frame)) as image:
            width, height = image.size
    except Exception:  # of a kind that Pillow does not know, or broken: its decoder says so
        return
    check_pixels(path, height, width, max_megapixels)


def _size(header: Dataset) -> int:
    """Return the bytes of one image."""
    bits = int(header.get("SamplesPerPixel") or 1) * int(header.get("BitsAllocated") or 8)
    return int(header.get("Rows") or 0) * int(header.get("Columns") or 0) * bits // 8
