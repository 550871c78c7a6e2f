"""Reads a radiograph from a DICOM file, and what else the file says. Needs pydicom (the extra `dicom`)."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.radiographs.dicom.unfolding import check_deflated
from lungseg.radiographs.image import RadiographImage, coloured_share
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.silence import ignored_warnings

DEFERRED = 64 * 2**20  # bytes: a larger element is not read before the header was looked at
SUFFIXES = {".dcm", ".dicom", ".ima"}
FIRST_GROUPS = {0x0002, 0x0008}  # of attributes: where a file without DICOM's preamble begins
LATER_GROUPS = {0x0010, 0x0018, 0x0020, 0x0028}  # or where one does that lacks those, and is called DICOM


def is_dicom(path: Path) -> bool:
    """Tell whether a file is DICOM by its content: DICOM's preamble or, without it, how its first attribute lies.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool

    Raises
    ------
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "export")
    >>> _ = file.write_bytes(bytes(128) + b"DICM")
    >>> is_dicom(file)
    True
    """
    with path.open("rb") as file:
        start = file.read(132)
    groups = FIRST_GROUPS | LATER_GROUPS if path.suffix.lower() in SUFFIXES else FIRST_GROUPS
    return start[128:] == b"DICM" or _begins_like_dicom(start, groups)


def _begins_like_dicom(start: bytes, groups: set[int]) -> bool:
    """Tell whether bytes are an attribute of one of these groups, in one of DICOM's three ways."""
    if len(start) < 8:
        return False
    for order in "<>":
        group, element = struct.unpack_from(f"{order}2H", start)
        if group in groups and element < 0x1000:
            named = start[4:6].isalpha() and start[4:6].isupper()
            return named or struct.unpack_from(f"{order}I", start, 4)[0] < 1024
    return False


def read_dicom(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> RadiographImage:
    """Read the one image of a DICOM file as grey values, the bones bright.

    In the order of the standard: stored values, rescale slope and intercept (or a modality table),
    the first VOI window (or table), and inversion if the file is MONOCHROME1. A window that leaves
    nothing but one grey, or a body of one grey, is ignored. Padding becomes black; colours become their luma.
    An attribute that an image can do without refuses no file, whatever it holds.

    Parameters
    ----------
    path : Path
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    RadiographImage

    Raises
    ------
    InputError
        pydicom or a decoder is missing, or the file has no image, several, or a broken one.
    """
    try:
        import pydicom  # noqa: F401
    except ImportError:
        raise InputError(
            f"{path}: expected pydicom to read DICOM with. Received: it is not installed. "
            'Run `pip install "lungseg[dicom]"`.'
        ) from None
    with ignored_warnings():  # pydicom warns about each oddity that it can cope with
        try:
            return _read(path, max_megapixels)
        except (InputError, MemoryError):
            raise
        except OSError as fault:
            raise InputError(
                f"{path}: expected a whole DICOM file. Received: one that cannot be read: {one_line(fault)[:200]}. "
                "Copy it again."
            ) from None
        except Exception as fault:  # on a broken file, pydicom and decoders raise whatever they like
            raise InputError(
                f"{path}: expected a whole DICOM image. Received: {one_line(fault)[:200]}. Export the file again."
            ) from None


def _read(path: Path, max_megapixels: float) -> RadiographImage:
    """Read pixels and facts."""
    from pydicom import dcmread

    from lungseg.radiographs.dicom import facts
    from lungseg.radiographs.dicom.attributes import lift_functional_groups
    from lungseg.radiographs.dicom.display import colours_of, displayed
    from lungseg.radiographs.dicom.pixels import read_pixels

    check_deflated(path, max_megapixels)
    dataset = dcmread(path, force=True, defer_size=DEFERRED)
    lift_functional_groups(dataset)
    stored, kind, bits, guessed = read_pixels(dataset, path, max_megapixels)
    if kind == "PALETTE COLOR":
        stored, bits = colours_of(stored, dataset, path)
    if stored.ndim == 3:
        values = (stored.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
        coloured = coloured_share((stored >> max(bits - 8, 0)).astype(np.uint8))
    else:
        values, coloured = displayed(stored, dataset, path, inverted=kind == "MONOCHROME1"), 0.0
    return RadiographImage(
        values,
        *facts.spacing(dataset),
        coloured=coloured,
        orientation=facts.orientation(dataset),
        oddities=facts.oddities(dataset, kind, guessed),
    )
