"""DICOM as hospitals, archives and converters write it: a bad value that is not needed refuses nothing."""

import numpy as np
import pytest

from lungseg.radiographs.reading import read_image, read_radiograph
from radiographs import as_it_lies, refusal, write_dicom

pydicom = pytest.importorskip("pydicom")

STORED = np.array([[0, 10, 20], [30, 40, 50]], dtype=np.uint16)
AS_STORED = STORED.tolist()
WINDOWED = [[10, 10, 20], [30, 40, 40]]  # by the window from 10 to 40
WINDOW = {"WindowCenter": "25.5", "WindowWidth": "31"}


def text(value):
    return as_it_lies("DS", value.encode("latin-1"))


def table(descriptor, data, descriptor_vr="US", data_vr="US"):
    """A sequence of one table, its bytes as given."""
    item = pydicom.Dataset()
    raw = pydicom.dataelem.RawDataElement
    for name, vr, value in (("LUTDescriptor", descriptor_vr, descriptor), ("LUTData", data_vr, data)):
        if value is not None:
            value = value if isinstance(value, bytes) else np.array(value, "<u2").tobytes()
            tag = pydicom.tag.Tag(name)
            item[tag] = raw(tag, vr, len(value), value, 0, False, True)
    return pydicom.Sequence([item])


def frame(attributes):
    """The functional groups of a frame with a window."""
    window, group = pydicom.Dataset(), pydicom.Dataset()
    for name, value in attributes.items():
        setattr(window, name, value)
    group.FrameVOILUTSequence = pydicom.Sequence([window])
    return pydicom.Sequence([group])


def words(values, order="<"):
    return np.array(values, f"{order}u2").tobytes()


DOUBLE = [2 * value for value in range(51)]
BELOW, ABOVE = STORED.astype(np.int16) - 2000, STORED + np.uint16(40000)
FULL = np.array([[0, 100, 65535]], np.uint16)
RANGE = {
    "PixelPaddingValue": as_it_lies("US", words([63536])),
    "PixelPaddingRangeLimit": as_it_lies("US", words([63546])),
}
ENDS = np.array([[0, 65535]], np.uint16)
TWICE = [[0, 20, 40], [60, 80, 100]]

# attributes, the grey values
READ = [
    # ---- numbers as people and programs write them
    ({"WindowCenter": text("25,5"), "WindowWidth": "31"}, WINDOWED),
    ({"WindowCenter": text("25,5\\1000,5"), "WindowWidth": text("31,0\\2")}, WINDOWED),
    ({"WindowCenter": text(" 25.5 HU"), "WindowWidth": text("+31\0")}, WINDOWED),
    ({"WindowCenter": text("2.55e1"), "WindowWidth": text("'31'")}, WINDOWED),
    ({"WindowCenter": text("[25.5, 0]"), "WindowWidth": text("[31, 2]")}, WINDOWED),
    ({"WindowCenter": as_it_lies("FD", np.float64(25.5).tobytes()), "WindowWidth": "31"}, WINDOWED),
    ({"WindowCenter": "25.5", "WindowWidth": as_it_lies("US", words([31]))}, WINDOWED),
    ({"RescaleSlope": text("0,5"), "RescaleIntercept": text("-1.000,5")}, (0.5 * STORED - 1000.5).tolist()),
    ({"Rows": as_it_lies("IS", b"2 "), "Columns": as_it_lies("UL", np.uint32(3).tobytes())}, AS_STORED),
    # ---- windows: the first that can be used
    ({"WindowCenter": text("\\25.5"), "WindowWidth": text("\\31")}, WINDOWED),
    ({"WindowCenter": text("wide\\25.5"), "WindowWidth": text("9\\31")}, WINDOWED),
    ({"WindowCenter": ["25.5", "0"], "WindowWidth": ["0", "31"]}, [[0, 10, 14.5], [14.5, 14.5, 14.5]]),
    ({"WindowCenter": ["500", "25.5"], "WindowWidth": ["9", "31"]}, WINDOWED),
    ({"WindowCenter": "25.5", "WindowWidth": text("nan")}, AS_STORED),
    ({"WindowCenter": text("1e999"), "WindowWidth": "31"}, AS_STORED),
    ({"WindowCenter": "25.5", "WindowWidth": "-31"}, AS_STORED),
    ({**WINDOW, "WindowCenterWidthExplanation": ["NORMAL", "HARDER"]}, WINDOWED),
    ({**WINDOW, "VOILUTFunction": "linear_exact"}, [[10, 10, 20], [30, 40, 41]]),
    ({**WINDOW, "VOILUTFunction": "LINEAR EXACT"}, [[10, 10, 20], [30, 40, 41]]),
    ({**WINDOW, "VOILUTFunction": "whatever"}, WINDOWED),
    # ---- rescaling: of a slope that is none, windows have no meaning
    ({"RescaleSlope": "-1", "RescaleIntercept": "50"}, [[50, 40, 30], [20, 10, 0]]),
    ({"RescaleSlope": "-1", "RescaleIntercept": "50", "kind": "MONOCHROME1"}, AS_STORED),
    ({"RescaleSlope": "0", **WINDOW}, AS_STORED),
    ({"RescaleSlope": text("nan"), **WINDOW}, AS_STORED),
    ({"RescaleSlope": text("one"), **WINDOW}, AS_STORED),
    ({"RescaleSlope": text(""), "RescaleIntercept": text(""), **WINDOW}, WINDOWED),
    ({"RescaleSlope": text("1e300"), **WINDOW}, AS_STORED),
    ({"RescaleSlope": "1e-30", "RescaleIntercept": "5"}, AS_STORED),
    # ---- an "enhanced" image of one frame has them in groups; what stands at the top goes before
    ({"SharedFunctionalGroupsSequence": frame(WINDOW)}, WINDOWED),
    ({"PerFrameFunctionalGroupsSequence": frame(WINDOW), "NumberOfFrames": "1"}, WINDOWED),
    ({"SharedFunctionalGroupsSequence": frame({"WindowCenter": "1", "WindowWidth": "9"}), **WINDOW}, WINDOWED),
    ({"SharedFunctionalGroupsSequence": pydicom.Sequence()}, AS_STORED),
    # ---- sequences
    ({"VOILUTSequence": pydicom.Sequence(), **WINDOW}, WINDOWED),
    ({"ModalityLUTSequence": pydicom.Sequence(), "RescaleSlope": "2"}, TWICE),
    ({"VOILUTSequence": pydicom.Sequence([pydicom.Dataset()]), **WINDOW}, WINDOWED),
    ({"VOILUTSequence": table([51, 0], DOUBLE)}, TWICE),  # how many bits an entry has is not needed
    ({"VOILUTSequence": table([51, 0, 16], []), **WINDOW}, WINDOWED),
    ({"VOILUTSequence": table(None, DOUBLE), **WINDOW}, WINDOWED),
    ({"VOILUTSequence": table([51, 0, 16], [7] * 51), **WINDOW}, WINDOWED),  # nothing to be seen
    ({"VOILUTSequence": as_it_lies("LO", b"none"), **WINDOW}, WINDOWED),
    # ---- tables: the first value with the other sign, entries with a sign, in other words
    ({"RescaleIntercept": "-50", "VOILUTSequence": table([51, 65486, 16], DOUBLE)}, TWICE),
    ({"values": STORED + np.uint16(65000), "VOILUTSequence": table([51, 65000, 16], DOUBLE, "SS")}, TWICE),
    ({"values": STORED.astype(np.int16) - 50, "VOILUTSequence": table([51, 65486, 16], DOUBLE)}, TWICE),
    ({"values": STORED.astype(np.int16) - 50, "ModalityLUTSequence": table([51, 65486, 16], DOUBLE)}, TWICE),
    ({"VOILUTSequence": table([51, 0, 16], [v + 40000 for v in DOUBLE], data_vr="SS")}, 2 * STORED + 40000),
    ({"VOILUTSequence": table([51, 0, 12], words(DOUBLE), data_vr="OW")}, TWICE),
    ({"VOILUTSequence": table([51, 0, 12], words(DOUBLE, ">"), data_vr="OW")}, TWICE),  # the other order of bytes
    ({"VOILUTSequence": table([51, 0, 8], bytes(DOUBLE) + b"\0", data_vr="OW")}, TWICE),  # side by side
    ({"VOILUTSequence": table([51, 0, 8], bytes(DOUBLE) + b"\0", data_vr="US")}, TWICE),
    ({"VOILUTSequence": table([51, 0, 8], DOUBLE)}, TWICE),  # each in a word of its own
    ({"VOILUTSequence": table([51, 0, 16], DOUBLE, "UN", "UN")}, TWICE),
    ({"values": ENDS, "VOILUTSequence": table([0, 0, 16], words(range(65536)), data_vr="OW")}, ENDS),
    ({"VOILUTSequence": table([51, 0, 16], DOUBLE), **WINDOW}, TWICE),  # a table goes before a window
    ({"VOILUTSequence": table([51, 0, 16], DOUBLE), "kind": "MONOCHROME1"}, [[100, 80, 60], [40, 20, 0]]),
    # ---- padding
    ({"values": BELOW, "PixelPaddingValue": as_it_lies("US", words([63536]))}, np.maximum(BELOW, -1990)),
    ({"values": ABOVE, "PixelPaddingValue": as_it_lies("SS", words([40050]))}, np.where(ABOVE == 40050, 40000, ABOVE)),
    ({"PixelPaddingValue": as_it_lies("US", words([0, 50]))}, [[10, 10, 20], [30, 40, 10]]),
    ({"PixelPaddingValue": text("none")}, AS_STORED),
    ({"values": FULL, "PixelPaddingValue": 65535, "BitsStored": 12, "HighBit": 11}, [[0, 100, 0]]),  # the whole word
    ({"values": FULL, "PixelPaddingValue": 4095, "BitsStored": 12, "HighBit": 11}, [[0, 100, 0]]),
    ({"values": FULL, "PixelPaddingValue": 4196, "BitsStored": 12, "HighBit": 11}, [[0, 100, 4095]]),  # none of 12
    ({"values": BELOW, **RANGE}, np.maximum(BELOW, -1980)),
    ({"PixelPaddingValue": 0, "PixelPaddingRangeLimit": 50}, AS_STORED),  # all of it: then none is
    ({"PixelPaddingValue": as_it_lies("US", words([7, 8, 9]))}, AS_STORED),
    # ---- what an image can do without
    ({"NumberOfFrames": as_it_lies("IS", b"1A")}, AS_STORED),
    ({"NumberOfFrames": as_it_lies("IS", b"0")}, AS_STORED),
    ({"NumberOfFrames": as_it_lies("IS", b"")}, AS_STORED),
    ({"NumberOfFrames": "1"}, AS_STORED),
    ({"SmallestImagePixelValue": as_it_lies("SS", b"\0")}, AS_STORED),
    ({"BitsStored": None, "HighBit": None}, AS_STORED),
    ({"BitsStored": 0, "HighBit": 99}, AS_STORED),
    ({"BitsStored": 17}, AS_STORED),
    ({"PixelRepresentation": None}, AS_STORED),
    ({"SamplesPerPixel": None}, AS_STORED),
    ({"PhotometricInterpretation": "MONOCHROME 2"}, AS_STORED),
    ({"PhotometricInterpretation": "monochrome1"}, [[50, 40, 30], [20, 10, 0]]),
    ({"PhotometricInterpretation": None}, AS_STORED),
    ({"PhotometricInterpretation": "MONOCHROME"}, AS_STORED),
    ({"SpecificCharacterSet": as_it_lies("CS", b"ISO_IR 999")}, AS_STORED),
    ({"SpecificCharacterSet": as_it_lies("CS", b"\xff\xfe\\\\x")}, AS_STORED),
    ({"StudyDate": as_it_lies("DA", b"01.04.2026, morning")}, AS_STORED),
    ({"PixelAspectRatio": as_it_lies("IS", b"1:1")}, AS_STORED),
    ({"PlanarConfiguration": as_it_lies("US", b"")}, AS_STORED),
    ({"PixelRepresentation": as_it_lies("US", b"")}, AS_STORED),
    ({"SamplesPerPixel": as_it_lies("US", b"")}, AS_STORED),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "expected"), READ)
@pytest.mark.filterwarnings("ignore")  # pydicom's, while a test writes what it should not
def test_what_is_not_needed_refuses_nothing(tmp_path, attributes, expected):
    attributes = {"values": STORED, **attributes}
    np.testing.assert_allclose(read_image(write_dicom(tmp_path / "film.dcm", **attributes)), expected, rtol=1e-6)


# What an image cannot do without, what the line says of it.
NAMED = [
    ({"Rows": None}, "Rows, which an image needs (a whole number). Received: none"),
    ({"Columns": as_it_lies("US", b"")}, "Columns, which an image needs"),
    ({"Rows": as_it_lies("IS", b"two")}, "Rows, which an image needs (a whole number). Received: 'TWO'"),
    ({"Rows": 0}, "an image with pixels. Received: 0 x 3"),
    ({"BitsAllocated": None}, "BitsAllocated, which an image needs (1, 8, 16, 32, 64). Received: none"),
    ({"BitsAllocated": 12}, "BitsAllocated, which an image needs (1, 8, 16, 32, 64). Received: 12"),
    ({"PixelRepresentation": 2}, "PixelRepresentation, which an image needs (0, 1). Received: 2"),
    ({"SamplesPerPixel": 2}, "SamplesPerPixel, which an image needs (1, 3). Received: 2"),
    ({"SamplesPerPixel": 4}, "SamplesPerPixel, which an image needs (1, 3). Received: 4"),
    ({"SamplesPerPixel": None, "PhotometricInterpretation": None}, "SamplesPerPixel"),
    ({"SamplesPerPixel": 3}, "PhotometricInterpretation MONOCHROME2 with 3 values for each pixel"),
    ({"PhotometricInterpretation": "CMYK"}, "PhotometricInterpretation CMYK with 1 value for each pixel"),
    ({"PhotometricInterpretation": "x" * 9000}, "PhotometricInterpretation XXX"),
    ({"ModalityLUTSequence": table([51, 0, 16], [])}, "ModalityLUTSequence"),
    ({"PixelData": b""}, "empty pixel data"),
    ({"PixelData": None}, '"Secondary Capture Image" without pixel data'),
    ({"PixelData": STORED.tobytes()[:-2]}, "12 bytes for 2 x 3 pixels of 16 bits, a whole DICOM image. Received: 10, "),
    ({"PixelData": 2 * STORED.tobytes(), "NumberOfFrames": as_it_lies("IS", b"1A")}, "2 frames"),
    ({"PixelData": 3 * STORED.tobytes()}, "3 frames"),
    ({"PixelData": None, "FloatPixelData": bytes(24)}, "floating-point pixels (FloatPixelData)"),
    ({"PixelData": None, "DoubleFloatPixelData": bytes(48)}, "floating-point pixels (DoubleFloatPixelData)"),
    ({"PixelData": None, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1"}, '"Encapsulated PDF" without pixel data'),
    ({"PixelData": None, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.11"}, '"Basic Text SR" without pixel data'),
    ({"PixelData": None, "SOPClassUID": "1.2.840.10008.1.3.10"}, "a DICOMDIR, the table of contents of other files"),
    ({"PixelData": None, "SOPClassUID": "1.2.3", "Modality": "SR"}, "one of the modality SR without pixel data"),
    ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4"}, "a DICOM segmentation"),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "said"), NAMED)
@pytest.mark.filterwarnings("ignore")
def test_what_an_image_needs_is_named(tmp_path, attributes, said):
    file = write_dicom(tmp_path / "film.dcm", STORED, **attributes)
    line = refusal(read_radiograph, file)
    assert said in line
    assert line.startswith(f"{file}: expected ")
    assert len(line) < 400 + len(str(file))
