"""Damaged DICOM files: strange attributes, lengths that lie, items without end, pixels that unfold."""

import io
import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID

from fuzzing.damage import EXTREMES, TEXTS, Damaged, Part, also_in_bytes, damaged_parts, numbers
from fuzzing.pictures import HEIGHT, WIDTH, chest, saved

IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN = (f"1.2.840.10008.1.2{end}" for end in ("", ".1", ".1.99", ".2"))
JPEG, JPEG_EXTENDED, JPEG_LS, JPEG_2000, RLE, MPEG2 = (
    f"1.2.840.10008.1.2.{end}" for end in ("4.50", "4.51", "4.80", "4.90", "5", "4.100")
)
LONG = (
    "OB",
    "OW",
    "OF",
    "OD",
    "OL",
    "OV",
    "SQ",
    "UC",
    "UN",
    "UR",
    "UT",
    "SV",
    "UV",
)  # a length of 4 bytes, after 2 of nothing


def dicom_file(pixels: np.ndarray, syntax: str = EXPLICIT, **attributes: Any) -> bytes:
    """Return a whole DICOM file of an image (H, W) or (H, W, 3)."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID("1.2.840.10008.5.1.4.1.1.7"), UID("1.2.3")
    file = FileDataset("", {}, bytes(128), meta, syntax == IMPLICIT, syntax != BIG_ENDIAN)
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    file.PatientName, file.Modality = "Somebody", "DX"
    file.Rows, file.Columns = pixels.shape[:2]
    file.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    if pixels.ndim == 3:
        file.PlanarConfiguration = 0
    file.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    file.BitsAllocated = file.BitsStored = 8 * pixels.dtype.itemsize
    file.HighBit = file.BitsStored - 1
    file.PixelRepresentation = int(pixels.dtype.kind == "i")
    for name, value in attributes.items():
        setattr(file, name, value)
    file.PixelData = pixels.astype(pixels.dtype.newbyteorder(">" if syntax == BIG_ENDIAN else "<")).tobytes()
    if syntax == JPEG:
        from pydicom.encaps import encapsulate

        file.PixelData = encapsulate([saved(pixels, "JPEG")])
        file["PixelData"].VR, file["PixelData"].is_undefined_length = "OB", True
    elif syntax == RLE:
        meta.TransferSyntaxUID = UID(EXPLICIT)
        file.compress(UID(RLE), generate_instance_uid=False)
    buffer = io.BytesIO()
    file.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@cache
def dicoms() -> tuple[bytes, ...]:
    """Return whole files: plain ones, and each way to write one."""
    grey, _ = chest()
    deep = grey.astype(np.uint16) * 16
    spaced: dict[str, Any] = {
        "PixelSpacing": [0.2, 0.2],
        "ImagerPixelSpacing": [0.2, 0.2],
        "PatientOrientation": ["L", "F"],
    }
    window: dict[str, Any] = {
        "WindowCenter": 2000,
        "WindowWidth": 3000,
        "RescaleSlope": 1,
        "RescaleIntercept": 0,
        "RescaleType": "US",
    }
    return (
        dicom_file(deep, BitsStored=12, HighBit=11, **spaced, **window),
        dicom_file(grey),
        dicom_file(deep.astype(np.int16) - 1000, PhotometricInterpretation="MONOCHROME1", PixelPaddingValue=-1000),
        dicom_file(np.dstack([grey] * 3)),
        *(dicom_file(deep, syntax) for syntax in (IMPLICIT, DEFLATED, BIG_ENDIAN, RLE)),
        dicom_file(grey, JPEG),
    )


# --------------------------------------------------------------------------- elements


def dicom_parts(data: bytes) -> list[Part]:
    """Return the elements of an explicit little-endian file; each is named by its tag and its VR."""
    parts, place = [], 132
    while place < len(data):
        group, element = struct.unpack_from("<HH", data, place)
        vr = data[place + 4 : place + 6].decode("ascii")
        start = place + (12 if vr in LONG else 8)
        (length,) = struct.unpack_from("<I" if vr in LONG else "<H", data, start - (4 if vr in LONG else 2))
        length = len(data) - start if length == 2**32 - 1 else length
        parts.append((f"{group:04x}{element:04x}{vr}", data[start : start + length]))
        place = start + length
    return parts


def dicom_from(parts: list[Part], syntax: str | None = None) -> bytes:
    """Return a file of elements, with their lengths mended; deflated, if its transfer syntax says so."""
    meta, rest = b"", b""
    for name, inside in parts:
        tag, vr = bytes.fromhex(name[2:4] + name[:2] + name[6:8] + name[4:6]), name[8:]
        inside += b"\0" * (len(inside) % 2)
        if name == "00020010UI" and syntax:
            inside = syntax.encode() + b"\0" * (len(syntax) % 2)
        if vr in LONG:
            # What is encapsulated ends with a delimiter, not after a length.
            length = 2**32 - 1 if name == "7fe00010OB" and inside.startswith(b"\xfe\xff\x00\xe0") else len(inside)
            element = tag + vr.encode() + bytes(2) + struct.pack("<I", length) + inside
        else:
            element = tag + vr.encode() + struct.pack("<H", min(len(inside), 65534)) + inside
        if name.startswith("0002"):
            meta += element if name[4:8] != "0000" else b""
        else:
            rest += element
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        rest = packer.compress(rest) + packer.flush()
    return bytes(128) + b"DICM\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(meta)) + meta + rest


def _item(content: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(content)) + content


def _table(descriptor: tuple[int, int, int], data: bytes, vr: bytes = b"US") -> bytes:
    return _item(
        b"\x28\x00\x02\x30" + vr + b"\x06\x00" + numbers("<HHH", *descriptor)
        + b"\x28\x00\x06\x30OW\0\0" + struct.pack("<I", len(data)) + data
    )  # fmt: skip


def _nested(depth: int) -> bytes:
    """Return sequences in items in sequences, all of undefined length."""
    return b"\xfe\xff\x00\xe0\xff\xff\xff\xff\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" * depth


NUMBERS = ("1", "0", "-1", "1,5", "1000,5", "1e400", "NaN", "", " ", "1A", "1\\2\\3", "9" * 70, "\x00", "1.0E+")
US, DS = (
    ("00280010US", "00280011US", "00280002US", "00280006US", "00280100US", "00280101US", "00280102US", "00280103US"),
    ("00281050DS", "00281051DS", "00281053DS", "00281052DS", "00280030DS", "00181164DS", "00181114DS"),
)
STRANGE_ELEMENTS = (
    *((name, numbers("<H", value)) for name in US for value in EXTREMES if value < 2**16),
    *((name, b"") for name in (*US, *DS, "00280004CS", "7fe00010OW", "00020010UI")),
    *((name, numbers("<HHH", 1, 2, 3)) for name in US),
    *((name, text.encode()) for name in DS for text in NUMBERS),
    *(("00280008IS", text.encode()) for text in (*NUMBERS, "2", "99999999999", "-3")),
    *(
        ("00280004CS", text.encode())
        for text in ("MONOCHROME1", "monochrome2", "RGB", "YBR_FULL", "YBR_FULL_422", "PALETTE COLOR", "ARGB", "x" * 99)
    ),
    *(("00281056CS", text.encode()) for text in ("sigmoid", "LINEAR_EXACT", "?", "")),
    *(("20500020CS", text.encode()) for text in ("INVERSE", "IDENTITY", "?")),
    *(("00200020CS", text.encode()) for text in ("", "L", "R\\H", "L\\F\\A", "?\\?", "\\")),
    *(("00280120US", numbers("<HH", value, value)) for value in (0, 255, 65535)),
    *(("00080005CS", text.encode()) for text in ("ISO_IR 192", "ISO 2022 IR 87", "unknown", "\\\\\\")),
    *(("00100010PN", text.encode("utf-8", "replace")) for text in TEXTS[::4]),
    *((f"0028{tag}SQ", data) for tag in ("3010", "3000") for data in (
        b"", _item(b""), _item(b"") * 50, _table((0, 0, 16), bytes(4)), _table((256, 0, 8), bytes(256)),
        _table((2048, 64512, 16), bytes(4096)), _table((65535, 65535, 65535), b""), _table((4, 0, 0), bytes(8)),
        _table((4, 0, 16), bytes(7), b"SS"), _nested(50), _nested(3000),
    )),
    *((f"0028110{n}US", numbers("<HHH", *numbers_))
      for n in (1, 2, 3) for numbers_ in ((256, 0, 8), (0, 0, 16), (1, 9, 99))),
    *((f"0028120{n}OW", bytes(length)) for n in (1, 2, 3) for length in (0, 2, 256, 512)),
    *((f"7fe00010{vr}", data) for vr in ("OW", "OB") for data in (b"", b"\0", b"\xff" * 100, bytes(100_000))),
    ("7fe00010OB", _item(b"") + _item(saved(chest()[0], "JPEG")) + b"\xfe\xff\xdd\xe0\0\0\0\0"),
    ("7fe00010OB", _item(b"") + _item(b"\xff\xd8\xff") * 3),
    ("7fe00010OB", _item(b"\xff" * 4000)),
    ("7fe00008OF", bytes(4 * HEIGHT * WIDTH)),
    ("7fe00009OD", bytes(8 * HEIGHT * WIDTH)),
    ("00081140SQ", _nested(3000)),
    ("00081140SQ", b"\xfe\xff\x00\xe0\xff\xff\xff\x7f"),
    ("00420011OB", b"%PDF-1.4"),
    ("60003000OW", bytes(60)),
)  # fmt: skip
SYNTAXES = (
    IMPLICIT,
    EXPLICIT,
    DEFLATED,
    BIG_ENDIAN,
    JPEG,
    JPEG_EXTENDED,
    JPEG_LS,
    JPEG_2000,
    RLE,
    MPEG2,
    "1.2.3",
    "",
    "x",
)


def _bomb(side: int) -> bytes:
    """Return a small deflated file that says it holds a large picture, and does."""
    rest = [
        (name, data) for name, data in dicom_parts(dicoms()[1]) if name[:8] not in ("00280010", "00280011", "7fe00010")
    ]
    size = [("00280010US", numbers("<H", side)), ("00280011US", numbers("<H", side))]
    return dicom_from([*rest, *size, ("7fe00010OB", bytes(side * side))], DEFLATED)


@cache
def bombs() -> tuple[Damaged, ...]:
    """Return small files of large pictures."""
    return tuple(Damaged(_bomb(side), (f"{side} x {side} pixels, deflated",)) for side in (12_000, 20_000))


@st.composite
def _elements(draw) -> Damaged:
    parts, how = draw(damaged_parts(dicom_parts(draw(st.sampled_from(dicoms()[:4]))), STRANGE_ELEMENTS))
    syntax = draw(st.sampled_from(SYNTAXES)) if draw(st.integers(0, 3)) == 0 else None
    return Damaged(dicom_from(parts, syntax), (*how, *([f"transfer syntax {syntax!r}"] if syntax is not None else [])))


def damaged_dicom() -> st.SearchStrategy[Damaged]:
    """Return damaged DICOM files."""
    return st.one_of(*[also_in_bytes(_elements(), dicoms())] * 3)
