"""DICOM: the grey values that a viewer would show, the size of a pixel, and what is missing in one line."""

import sys

import numpy as np
import pytest

from lungseg import InputError
from lungseg.radiographs.reading import read_image, read_radiograph
from radiographs import refusal, write_dicom

pydicom = pytest.importorskip("pydicom")

STORED = np.array([[0, 10, 20], [30, 40, 50]], dtype=np.uint16)


def write(path, values=STORED, **attributes):
    return write_dicom(path, values, **attributes)


def table(values, bits=16, first=0):
    """Return a look-up table, from the grey value `first` on, as a DICOM sequence."""
    item = pydicom.Dataset()
    item.LUTDescriptor = [len(values) % 65536, first, bits]  # 65536 does not fit: the standard writes 0
    item.LUTData = list(values)
    item["LUTData"].VR = "US"
    if len(values) > 32767:  # more than 64 kilobytes
        item.add_new("LUTData", "OW", np.array(values, "<u2").tobytes())
    item["LUTDescriptor"].VR = "SS" if first < 0 else "US"
    return pydicom.Sequence([item])


def packed(values):
    """The same with entries of one byte each, side by side."""
    sequence = table(values, bits=8)
    sequence[0].add_new("LUTData", "OW", bytes(values))
    return sequence


EIGHT_BITS = [value // 16 for value in range(4096)]
CURVE = [0] * 51
for index, value in zip(range(0, 51, 10), (0, 1, 4, 9, 16, 25), strict=True):
    CURVE[index] = value


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, [[0, 10, 20], [30, 40, 50]]),
        ({"RescaleSlope": "2", "RescaleIntercept": "-5"}, [[-5, 15, 35], [55, 75, 95]]),
        ({"kind": "MONOCHROME1"}, [[50, 40, 30], [20, 10, 0]]),
        # linear: from centre - 0.5 - (width - 1) / 2 to centre - 0.5 + (width - 1) / 2, here 10 to 40
        ({"WindowCenter": "25.5", "WindowWidth": "31"}, [[10, 10, 20], [30, 40, 40]]),
        ({"WindowCenter": "25", "WindowWidth": "30", "VOILUTFunction": "LINEAR_EXACT"}, [[10, 10, 20], [30, 40, 40]]),
        ({"WindowCenter": ["25.5", "0"], "WindowWidth": ["31", "2"]}, [[10, 10, 20], [30, 40, 40]]),
        # the window is on rescaled values, the inversion comes last
        (
            {"kind": "MONOCHROME1", "RescaleSlope": "2", "WindowCenter": "50.5", "WindowWidth": "61"},
            [[60, 60, 40], [20, 0, 0]],
        ),
        ({"WindowCenter": "500", "WindowWidth": "10"}, [[0, 10, 20], [30, 40, 50]]),  # beside all values: ignored
        ({"WindowCenter": "25", "WindowWidth": "0"}, [[0, 10, 20], [30, 40, 50]]),
        ({"WindowCenter": "25"}, [[0, 10, 20], [30, 40, 50]]),
        (
            {"WindowCenter": "25", "WindowWidth": "-30", "VOILUTFunction": "SIGMOID"},  # no width
            [[0, 10, 20], [30, 40, 50]],
        ),
        ({"PixelPaddingValue": 50}, [[0, 10, 20], [30, 40, 0]]),
        ({"PixelPaddingValue": 0, "kind": "MONOCHROME1"}, [[0, 40, 30], [20, 10, 0]]),
        ({"PixelPaddingValue": 40, "PixelPaddingRangeLimit": 50}, [[0, 10, 20], [30, 0, 0]]),
        ({"VOILUTSequence": table(CURVE)}, [[0, 1, 4], [9, 16, 25]]),
        # the table is on rescaled values, which 8 bits would not hold ...
        (
            {"values": STORED.astype(np.uint8), "RescaleSlope": "10", "VOILUTSequence": table(range(501))},
            [[0, 100, 200], [300, 400, 500]],
        ),
        # ... and which may be negative
        ({"RescaleIntercept": "-50", "VOILUTSequence": table(range(51), first=-50)}, [[0, 10, 20], [30, 40, 50]]),
        # Entries of 8 bits for 12-bit pixels, as they are, and side by side in bytes.
        ({"RescaleSlope": "80", "VOILUTSequence": table(EIGHT_BITS, 8)}, [[0, 50, 100], [150, 200, 250]]),
        ({"RescaleSlope": "80", "VOILUTSequence": packed(EIGHT_BITS)}, [[0, 50, 100], [150, 200, 250]]),
        ({"values": np.array([[0, 65535]], np.uint16), "VOILUTSequence": table(range(65535, -1, -1))}, [[65535, 0]]),
        # Below the table its first entry, above it the last.
        ({"VOILUTSequence": table([5, 6, 7], first=10)}, [[5, 5, 7], [7, 7, 7]]),
        ({"PixelPaddingValue": 50, "PixelPaddingRangeLimit": None}, [[0, 10, 20], [30, 40, 0]]),
    ],
)
def test_grey_values(tmp_path, attributes, expected):
    read = read_image(write(tmp_path / "film.dcm", **attributes))
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("centre", "width", "expected"),  # 1 / (1 + exp(-4 (x - centre) / width))
    [
        ("20", "40", [[0.119203, 0.268941, 0.5], [0.731059, 0.880797, 0.952574]]),
        ("20.5", "1", [[0, 0, 0.119203], [1, 1, 1]]),
    ],
)
def test_a_sigmoid_window(tmp_path, centre, width, expected):
    window = {"WindowCenter": centre, "WindowWidth": width, "VOILUTFunction": "SIGMOID"}
    np.testing.assert_allclose(read_image(write(tmp_path / "film.dcm", **window)), expected, atol=1e-5)


def test_a_file_that_the_system_does_not_give(tmp_path, monkeypatch):
    path = write(tmp_path / "film.dcm")

    def broken(*arguments, **settings):
        raise OSError("input/output error")

    monkeypatch.setattr(pydicom, "dcmread", broken)
    with pytest.raises(InputError, match="cannot be read: input/output error"):
        read_radiograph(path)


def test_signed_values(tmp_path):
    read = read_image(write(tmp_path / "film.dcm", STORED.astype(np.int16) - 1000, PixelPaddingValue=-1000))
    np.testing.assert_array_equal(read, [[-990, -990, -980], [-970, -960, -950]])


def test_colour_becomes_luma(tmp_path):
    red = np.zeros((2, 3, 3), np.uint8)
    red[0, 0] = (255, 0, 0)
    read = read_image(write(tmp_path / "film.dcm", red, kind="RGB"))
    np.testing.assert_allclose(read, [[76.245, 0, 0], [0, 0, 0]], atol=1e-3)
    assert read_radiograph(tmp_path / "film.dcm").coloured == pytest.approx(1 / 6)


def test_a_tint_of_16_bits_is_no_colour(tmp_path):
    pixels = np.full((2, 3, 3), (100 * 256, 110 * 256, 120 * 256), np.uint16)
    pixels[0, 0] = (65535, 0, 0)
    assert read_radiograph(write(tmp_path / "film.dcm", pixels, kind="RGB")).coloured == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("attributes", "orientation"),
    [
        ({}, None),
        ({"PatientOrientation": ["L", "F"]}, ("L", "F")),
        ({"PatientOrientation": ["R", "FL"]}, ("R", "FL")),
        ({"PatientOrientation": ""}, None),
        ({"PatientOrientation": ["L", ""]}, None),
    ],
)
def test_where_rows_and_columns_run_to(tmp_path, attributes, orientation):
    assert read_radiograph(write(tmp_path / "film.dcm", **attributes)).orientation == orientation


def test_a_window_changes_what_the_network_sees_as_pydicom_would(tmp_path):
    """Up to the stretch that follows, clipping is all that a linear window does."""
    from pydicom.pixels import apply_voi_lut

    values = np.random.default_rng(0).integers(0, 4096, (40, 30)).astype(np.uint16)
    file = write(tmp_path / "film.dcm", values, WindowCenter="2000", WindowWidth="1500")
    theirs = apply_voi_lut(values, pydicom.dcmread(file)).astype(np.float32)
    ours = read_image(file)
    np.testing.assert_allclose(
        (ours - ours.min()) / np.ptp(ours), (theirs - theirs.min()) / np.ptp(theirs), rtol=0, atol=1e-5
    )


@pytest.mark.parametrize(
    ("attributes", "spacing", "source"),
    [
        ({}, None, None),
        ({"PixelSpacing": ["0.2", "0.1"]}, (0.2, 0.1), "PixelSpacing"),  # between rows, between columns
        ({"ImagerPixelSpacing": ["0.2", "0.1"]}, (0.2, 0.1), "ImagerPixelSpacing"),
        (
            {"ImagerPixelSpacing": ["0.2", "0.1"], "EstimatedRadiographicMagnificationFactor": "1.25"},
            (0.16, 0.08),
            "ImagerPixelSpacing",
        ),
        ({"PixelSpacing": ["0.3", "0.3"], "ImagerPixelSpacing": ["0.2", "0.2"]}, (0.3, 0.3), "PixelSpacing"),
        (  # equal: the detector's, which nobody has corrected
            {
                "PixelSpacing": ["0.2", "0.2"],
                "ImagerPixelSpacing": ["0.20", "0.2"],
                "EstimatedRadiographicMagnificationFactor": "1.25",
            },
            (0.16, 0.16),
            "ImagerPixelSpacing",
        ),
        ({"PixelSpacing": ["0", "0"], "NominalScannedPixelSpacing": ["0.5", "0.5"]}, (0.5, 0.5), None),
        ({"PixelSpacing": ["-1", "0.1"]}, None, None),
        ({"PixelSpacing": ["0", "0.1"]}, None, None),
        ({"PixelSpacing": None}, None, None),
    ],
)
def test_the_size_of_a_pixel(tmp_path, attributes, spacing, source):
    radiograph = read_radiograph(write(tmp_path / "film.dcm", **attributes))
    assert radiograph.spacing == (None if spacing is None else pytest.approx(spacing))
    if source:
        assert radiograph.spacing_from == source


@pytest.mark.parametrize("syntax", ["RLELossless", "JPEG2000Lossless"])
def test_compressed_without_loss(tmp_path, syntax):
    if syntax == "JPEG2000Lossless":
        pytest.importorskip("openjpeg", reason="the codec is optional")
    values = np.random.default_rng(0).integers(0, 4096, (90, 80)).astype(np.uint16)
    file = pydicom.dcmread(write(tmp_path / "plain.dcm", values))
    file.compress(getattr(pydicom.uid, syntax), generate_instance_uid=False)
    file.save_as(tmp_path / "packed.dcm")
    np.testing.assert_array_equal(read_image(tmp_path / "packed.dcm"), values)


def test_without_pydicom_one_line_says_what_to_install(tmp_path, monkeypatch):
    file = write(tmp_path / "film.dcm")
    monkeypatch.setitem(sys.modules, "pydicom", None)
    message = refusal(read_radiograph, file)
    assert message.startswith(f"{file}: expected")
    assert 'pip install "lungseg[dicom]"' in message


def test_without_a_decoder_one_line_says_what_to_install(tmp_path, monkeypatch):
    class Missing:
        is_available = False

    file = write(tmp_path / "film.dcm")
    monkeypatch.setattr("pydicom.pixels.get_decoder", lambda syntax: Missing())
    message = refusal(read_radiograph, file)
    assert "Explicit VR Little Endian" in message
    assert 'pip install "lungseg[dicom,codecs]"' in message


def test_the_package_does_not_need_pydicom_for_other_files():
    import subprocess

    code = "import sys; sys.modules['pydicom'] = None; import lungseg.prediction, lungseg.preparation; print('well')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "well"
