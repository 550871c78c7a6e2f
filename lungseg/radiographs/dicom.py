"""Reads a radiograph from a DICOM file, and the size of its pixels. Needs pydicom (the extra `dicom`)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.radiographs.image import RadiographImage, coloured_share
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.silence import ignored_warnings
from lungseg.radiographs.unfolding import check_deflated, check_frame, check_header

if TYPE_CHECKING:
    from pydicom import Dataset

DEFERRED = 64 * 2**20  # bytes: a larger element is not read before the header was looked at
SUFFIXES = {".dcm", ".dicom", ".ima"}
OTHER_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")  # how PNG, JPEG and TIFF begin


def is_dicom(path: Path) -> bool:
    """Tell whether a file is DICOM by its content; by its name, where it lacks DICOM's preamble.

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
    return start[128:] == b"DICM" or (path.suffix.lower() in SUFFIXES and not start.startswith(OTHER_IMAGES))


def read_dicom(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> RadiographImage:
    """Read the one image of a DICOM file as grey values, the bones bright.

    In the order of the standard: stored values, rescale slope and intercept (or a modality table),
    the first VOI window (or table), and inversion if the file is MONOCHROME1. A window that leaves
    nothing but one grey is ignored. Padding becomes black; colours become their luma.

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
        import pydicom
    except ImportError:
        raise InputError(
            f"{path}: expected pydicom to read DICOM with. Received: it is not installed. "
            'Run `pip install "lungseg[dicom]"`.'
        ) from None
    with ignored_warnings():  # pydicom warns about each oddity that it can cope with
        try:
            check_deflated(path, max_megapixels)
            dataset = pydicom.dcmread(path, force=True, defer_size=DEFERRED)
            check_header(path, dataset, max_megapixels)
            _check_image(dataset, path)
            check_frame(path, dataset, max_megapixels)
            radiograph = _decode(dataset)
        except InputError:
            raise
        except OSError as fault:
            raise InputError(f"{path}: cannot be read: {one_line(fault)}. Copy it again.") from None
        except Exception as fault:  # on a broken file, decoders raise whatever they like
            raise InputError(
                f"{path}: expected a whole DICOM image. Received: {one_line(fault)}. Export the file again."
            ) from None
    return radiograph


def _check_image(dataset: Dataset, path: Path) -> None:
    """Say what is missing before pydicom does, whose message would name its own functions."""
    from pydicom.pixels import get_decoder

    if "PixelData" not in dataset:
        raise InputError(
            f"{path}: expected a DICOM file with an image in it. Received: one without pixel data. "
            "Export the image itself, or leave this file out."
        )
    frames = int(dataset.get("NumberOfFrames") or 1)
    if frames > 1:
        raise InputError(
            f"{path}: expected one image in the file. Received: {frames} frames. "
            "Save the one you need to a file of its own."
        )
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    if syntax is None:  # what the standard falls back to
        from pydicom.uid import ImplicitVRLittleEndian

        dataset.ensure_file_meta()
        syntax = dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    try:
        ready = get_decoder(syntax).is_available
    except NotImplementedError:
        raise InputError(
            f"{path}: expected a still image. Received: pixels coded as {syntax.name}, which cannot be decoded. "
            "Export the image uncompressed."
        ) from None
    if not ready:
        raise InputError(
            f"{path}: expected a decoder for {syntax.name}. Received: none is installed. "
            'Run `pip install "lungseg[dicom,codecs]"`, or export the image uncompressed.'
        )


# --------------------------------------------------------------------------- grey values


def _decode(dataset: Dataset) -> RadiographImage:
    """Decode the pixels, and collect what else the file says."""
    from pydicom.pixels import apply_color_lut, pixel_array

    stored = pixel_array(dataset)  # YBR is turned into RGB on the way
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        stored = apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        values = (stored.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
        # Tables of a palette hold 16 bits.
        coloured = coloured_share(stored if stored.dtype == np.uint8 else (stored >> 8).astype(np.uint8))
    else:
        values, coloured = _values(stored, dataset), 0.0
    return RadiographImage(values, *_spacing(dataset), coloured=coloured, orientation=_orientation(dataset))


def _values(stored: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Return the grey values as they are meant to be seen, black lowest: float32 (H, W)."""
    from pydicom.pixels import apply_modality_lut

    padding = _padding(stored, dataset)
    if "ModalityLUTSequence" in dataset:
        values = apply_modality_lut(stored, dataset).astype(np.float32)
    else:
        values = stored.astype(np.float32)
        values *= float(dataset.get("RescaleSlope") or 1)
        values += float(dataset.get("RescaleIntercept") or 0)
    if "VOILUTSequence" in dataset:
        values = _look_up(values, dataset.VOILUTSequence[0], "<" if dataset.original_encoding[1] else ">")
    else:
        values = _window(values, dataset)
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":  # 0 is white
        np.subtract(values.max(), values, out=values)
    if padding is not None and padding.any() and not padding.all():
        values[padding] = values[~padding].min()
    return values


def _look_up(values: np.ndarray, table: Dataset, byte_order: str) -> np.ndarray:
    """Map values by a lookup table for display (PS3.3, C.11.2.1.1).

    `pydicom.pixels.apply_voi_lut` keeps the places in the table in the type of its entries: where those have 8 bits,
    place 256 becomes place 0.
    """
    count, first, _ = table.LUTDescriptor
    entries = table.LUTData
    if isinstance(entries, bytes):
        bits = 8 if len(entries) <= (count or 65536) + 1 else 16  # 8-bit entries may lie side by side
        entries = np.frombuffer(entries, dtype=np.uint8 if bits == 8 else f"{byte_order}u2")
    entries = np.asarray(entries, dtype=np.float32)[: count or 65536]
    # Rescaled values may be negative. What lies beyond the table gets its first or its last entry.
    places = np.clip(np.rint(values) - first, 0, len(entries) - 1)
    return entries[places.astype(np.int32)]


def _window(values: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Clip to the first VOI window.

    The standard then stretches it to the range of the display. That is left to the preparation, which
    stretches between percentiles anyway: all that a linear window changes for it is what it clips.
    """
    from pydicom.multival import MultiValue

    centre, width = (
        value[0] if isinstance(value, MultiValue) and len(value) else value
        for value in (dataset.get("WindowCenter"), dataset.get("WindowWidth"))
    )
    if centre in (None, "") or width in (None, "") or isinstance(centre, MultiValue) or isinstance(width, MultiValue):
        return values
    centre, width = float(centre), float(width)
    function = dataset.get("VOILUTFunction") or "LINEAR"
    if not width > 0 or not math.isfinite(centre + width):
        return values
    if function == "SIGMOID":
        seen = 1 / (1 + np.exp(-4 * (values - np.float32(centre)) / np.float32(width)))
    elif function == "LINEAR_EXACT":
        seen = np.clip(values, centre - width / 2, centre + width / 2)
    else:  # PS3.3, C.11.2.1.2.1: a width of 1 is a step at the centre
        seen = np.clip(values, centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2)
    return seen if seen.min() < seen.max() else values


def _padding(stored: np.ndarray, dataset: Dataset) -> np.ndarray | None:
    """Mark the pixels that only fill the frame up."""
    first = dataset.get("PixelPaddingValue")
    if first is None:
        return None
    last = dataset.get("PixelPaddingRangeLimit")
    last = first if last is None else last
    return (stored >= min(first, last)) & (stored <= max(first, last))


# --------------------------------------------------------------------------- the size of a pixel


def _spacing(dataset: Dataset) -> tuple[tuple[float, float] | None, str | None]:
    """Return height and width of a pixel in mm, and where they are from.

    ImagerPixelSpacing is measured on the detector, where the shadow is larger than the body; it is divided by the
    magnification, if the file tells it. A PixelSpacing that equals it was not corrected either (PS3.3, 10.7.1.1).
    """
    names = ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"]
    if dataset.get("ImagerPixelSpacing") and dataset.get("PixelSpacing") == dataset.get("ImagerPixelSpacing"):
        names.remove("PixelSpacing")
    for name in names:
        try:
            height, width = (float(value) for value in dataset.get(name) or ())
        except (TypeError, ValueError):
            continue
        if name == "ImagerPixelSpacing":
            magnification = float(dataset.get("EstimatedRadiographicMagnificationFactor") or 1)
            height, width = height / magnification, width / magnification
        if height > 0 and width > 0 and math.isfinite(height + width):
            return (height, width), name
    return None, None


# --------------------------------------------------------------------------- the patient in the image


def _orientation(dataset: Dataset) -> tuple[str, str] | None:
    """Return where rows and columns run to, if the file says so."""
    said = list(dataset.get("PatientOrientation") or ())
    return (str(said[0]), str(said[1])) if len(said) == 2 and all(said) else None
