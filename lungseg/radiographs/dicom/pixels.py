"""Finds the image in a DICOM file and decodes it, or says in one line why there is none that can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.radiographs.dicom.attributes import number, text
from lungseg.radiographs.dicom.codestreams import JP2, fragments, read_codestream
from lungseg.radiographs.dicom.layout import COLOURS, Layout, check_length, read_layout
from lungseg.radiographs.dicom.rle import unfolded_bytes
from lungseg.radiographs.kinds import ends_of_lines_changed
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_pixels

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.pixels.decoders.base import Decoder

DIRECTORY, SEGMENTATION = "1.2.840.10008.1.3.10", "1.2.840.10008.5.1.4.1.1.66.4"
RLE = "1.2.840.10008.1.2.5"
MEGABYTE = 2**20
UNDEFINED = 0xFFFFFFFF  # the length of compressed pixels, which lie in pieces


class Pixels(NamedTuple):
    """The image of a DICOM file, as it is stored.

    Attributes
    ----------
    values : numpy.ndarray of int, shape (H, W) or (H, W, 3)
        Grey values, places in a palette, or red, green and blue.
    kind : str
        "MONOCHROME1", where 0 is white, "MONOCHROME2", "PALETTE COLOR" or "RGB".
    bits : int
        How many bits of a value count.
    guessed : bool
        Whether the file does not say what kind it is.
    """

    values: np.ndarray
    kind: str
    bits: int
    guessed: bool


def read_pixels(dataset: Dataset, path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> Pixels:
    """Decode the one image of a DICOM file.

    Parameters
    ----------
    dataset : pydicom.Dataset
    path : Path
        The file, which messages name.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    Pixels

    Raises
    ------
    InputError
        The file has no image, several, one that is too large, or one that no decoder at hand can decode.
    """
    data, compressed = _pixel_data(dataset, path)
    if ends_of_lines_changed(data):
        raise InputError(
            f"{path}: expected a whole DICOM image. Received: pixels in which the ends of lines were changed, as by a "
            "transfer of text. Copy the file again, as a binary file."
        )
    layout = read_layout(dataset, path, max_megapixels)
    decoder = _decoder(dataset, path, compressed)
    if compressed:
        listed, first = fragments(data)
        _check_frames(dataset, path, listed)
        layout = _check_codestream(first, layout, path, max_megapixels)
        if decoder.UID == RLE:
            _check_runs(data, layout, path)
    else:
        _check_frames(dataset, path, 1 if len(data) == layout.length + 1 else len(data) // layout.length)
        layout = check_length(layout, len(data), path)
    odd = layout.high != layout.stored - 1 and (not compressed or "RLE" in decoder.UID.name)
    options: dict[str, Any] = {
        "rows": layout.rows,
        "columns": layout.columns,
        "samples_per_pixel": layout.samples,
        "bits_allocated": layout.allocated,
        "bits_stored": layout.stored,
        "pixel_representation": layout.signed,
        "planar_configuration": layout.planar,
        "photometric_interpretation": layout.kind,
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
        "pixel_vr": dataset.get_item("PixelData").VR or "OW",
    }
    if odd:
        options["correct_unused_bits"] = False
    try:
        values, _ = decoder.as_array(data, index=0, **options)
    except Exception as fault:  # on broken pixels, decoders raise whatever they like
        raise InputError(_not_decoded(fault, decoder, path)) from None
    if odd:
        values = _from_high_bits(values, layout)
    kind = "RGB" if layout.kind in COLOURS else layout.kind
    return Pixels(values, kind, layout.stored, layout.guessed)


def _pixel_data(dataset: Dataset, path: Path) -> tuple[bytes, bool]:
    """Return the bytes of the pixels, and whether they are compressed."""
    sort = text(dataset, "SOPClassUID") or text(getattr(dataset, "file_meta", dataset), "MediaStorageSOPClassUID")
    if sort == SEGMENTATION:
        raise InputError(
            f"{path}: expected a radiograph. Received: a DICOM segmentation, which holds masks. Leave this file out."
        )
    element = dataset.get_item("PixelData")
    if element is None:
        for name in ("FloatPixelData", "DoubleFloatPixelData"):
            if name in dataset:
                raise InputError(
                    f"{path}: expected pixels of whole numbers, as radiographs have them. Received: floating-point "
                    f"pixels ({name}). Export the image with 8 or 16 bits."
                )
        raise InputError(
            f"{path}: expected a DICOM file with an image in it. Received: {_name_of(dataset, sort)} without pixel "
            f"data. {'Name the files that it lists' if sort == DIRECTORY else 'Export the image itself'}, or leave "
            "this file out."
        )
    if not element.value:
        raise InputError(
            f"{path}: expected an image. Received: empty pixel data (PixelData has no bytes). Export the file again."
        )
    return bytes(element.value), getattr(element, "length", None) == UNDEFINED or bool(
        getattr(element, "is_undefined_length", False)
    )


def _name_of(dataset: Dataset, sort: str) -> str:
    """Return what a file without an image is, as the standard names it."""
    from pydicom.uid import UID_dictionary

    if sort == DIRECTORY:
        return "a DICOMDIR, the table of contents of other files,"
    if sort in UID_dictionary:
        return f'"{UID_dictionary[sort][0].removesuffix(" Storage")}"'
    modality = text(dataset, "Modality")
    return f"one of the modality {modality[:16]}" if modality else "one"


def _check_frames(dataset: Dataset, path: Path, found: int) -> None:
    """Refuse several frames: as many as the file says or, where that is no number, as many as were found."""
    said = number(dataset, "NumberOfFrames")
    frames = found if said is None or said < 1 else int(said)
    if frames > 1:
        raise InputError(
            f"{path}: expected one image in the file. Received: {frames} frames. "
            "Save the one you need to a file of its own."
        )


# --------------------------------------------------------------------------- decoding


def _decoder(dataset: Dataset, path: Path, compressed: bool) -> Decoder:
    """Return what decodes the pixels."""
    from pydicom.pixels import get_decoder
    from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    syntax = UID(text(getattr(dataset, "file_meta", dataset), "TransferSyntaxUID"))
    if not syntax and not compressed:  # then the file itself tells
        implicit, little = dataset.original_encoding
        explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        syntax = ImplicitVRLittleEndian if implicit else explicit
    name = syntax.name[:120] or "no TransferSyntaxUID"
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError:
        raise InputError(
            f"{path}: expected a still image. Received: pixels coded as {name}, which cannot be decoded. "
            "Export the image uncompressed."
        ) from None
    if not decoder.is_available:
        raise InputError(
            f"{path}: expected a decoder for {name}. Received: none is installed. "
            'Run `pip install "lungseg[dicom,codecs]"`, or export the image uncompressed.'
        )
    if compressed != decoder.is_encapsulated:
        said, found = ("compressed", "in one piece") if decoder.is_encapsulated else ("uncompressed", "in fragments")
        raise InputError(
            f"{path}: expected {said} pixels, as the file says ({name}). Received: pixels that lie {found}. "
            "Export the file again."
        )
    return decoder


def _check_codestream(first: bytes, layout: Layout, path: Path, max_megapixels: float) -> Layout:
    """Compare what compressed pixels tell of themselves with the file: a decoder would unfold all of them.

    Returns the layout, with words of 8 bits where a JPEG has no more, though the file says 16.
    """
    found = read_codestream(first)
    if found is None and first.startswith(JP2):  # pydicom would look for them without end
        raise InputError(f"{path}: expected compressed pixels. Received: broken JPEG 2000. Export the file again.")
    if found:
        check_pixels(path, found.height, found.width, max_megapixels)
    if found and (found.height, found.width) != (layout.rows, layout.columns):
        raise InputError(
            f"{path}: expected {layout.rows} x {layout.columns} compressed pixels, as the file says. Received: "
            f"{found.height} x {found.width}. Export the file again."
        )
    if found and found.samples != layout.samples:
        values = "1 value" if layout.samples == 1 else f"{layout.samples} values"
        raise InputError(
            f"{path}: expected {values} for each of the compressed pixels, as the file says (SamplesPerPixel). "
            f"Received: {found.samples}. Export the file again."
        )
    if found and found.bits <= 8 and layout.allocated == 16 and first.startswith(b"\xff\xd8"):
        stored = min(layout.stored, found.bits)
        return layout._replace(allocated=8, stored=stored, high=stored - 1)
    return layout


def _check_runs(data: bytes, layout: Layout, path: Path) -> None:
    """Refuse runs that unfold to far more bytes than a plane of the image has: a decoder would unfold all of them."""
    from pydicom.encaps import generate_fragments

    plane = layout.rows * layout.columns
    enough = 2 * plane + MEGABYTE
    if unfolded_bytes(b"".join(list(generate_fragments(data))[1:]), enough) > enough:
        raise InputError(
            f"{path}: expected {layout.rows} x {layout.columns} compressed pixels, as the file says. Received: runs "
            f"that unfold to more than {enough // MEGABYTE} MB. Leave the file out."
        )


def _not_decoded(fault: Exception, decoder: Decoder, path: Path) -> str:
    """Say why the pixels could not be decoded, and what may help."""
    reason = one_line(fault).rpartition("available plugins: ")[2][:200].rstrip(" .")
    if any("pylibjpeg" in plugin for plugin in decoder.missing_dependencies):
        return (
            f"{path}: expected {decoder.UID.name} that a decoder at hand can decode. Received: {reason}. "
            'Run `pip install "lungseg[dicom,codecs]"` for another decoder, or export the image uncompressed.'
        )
    return f"{path}: expected a whole DICOM image. Received: {reason}. Export the file again."


def _from_high_bits(values: np.ndarray, layout: Layout) -> np.ndarray:
    """Take the values from where HighBit says they lie in their words.

    Some files say so and hold the values in the low bits nevertheless: then the bits above are empty, and those below
    are not.
    """
    above = layout.high + 1 - layout.stored
    words = values.view(values.dtype.str.replace("i", "u"))
    low = words & (2**above - 1)
    beyond = (words >> layout.stored) & (2**above - 1)
    high = layout.stored - 1 if low.any() and not beyond.any() else layout.high
    return (values << (layout.allocated - 1 - high)) >> (layout.allocated - layout.stored)
