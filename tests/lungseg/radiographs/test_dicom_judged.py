"""pydicom judges: its own look-ups, its own test files, and those files damaged at random."""

import importlib.util
import time
from pathlib import Path

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.radiographs.reading import read_image, read_radiograph
from radiographs import chest, write_dicom

pydicom = pytest.importorskip("pydicom")
from pydicom.pixels import apply_modality_lut, apply_voi_lut  # noqa: E402

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "dicom.py"
spec = importlib.util.spec_from_file_location("benchmark_of_dicom", SCRIPT)
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)

OWN = Path(pydicom.__file__).parent / "data" / "test_files"
# Small ones: grey, in colours, of each syntax and order of bytes, with and without an image.
FEW = (
    *("CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "MR_small_expb.dcm", "MR_small_implicit.dcm"),
    *("MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_padded.dcm", "MR_truncated.dcm", "ExplVR_BigEnd.dcm"),
    *("ExplVR_BigEndNoMeta.dcm", "SC_rgb_small_odd.dcm", "SC_rgb_small_odd_big_endian.dcm", "SC_rgb_rle_16bit.dcm"),
    *("SC_ybr_full_422_uncompressed.dcm", "SC_rgb_jpeg_dcmtk.dcm", "JPGExtended.dcm", "rtdose_1frame.dcm", "badVR.dcm"),
    *("rtplan.dcm", "no_meta_group_length.dcm", "meta_missing_tsyntax.dcm", "reportsi.dcm", "waveform_ecg.dcm"),
    *("dicomdirtests/DICOMDIR", "dicomdirtests/77654033/CR1/6154", "dicomdirtests/77654033/CT2/17136"),
)


@pytest.mark.parametrize("name", FEW)
@pytest.mark.filterwarnings("ignore")
def test_pydicoms_own_files(name):
    assert benchmark.compare(OWN / name)[0] in ("equal", "refused")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.filterwarnings("ignore")
def test_windows_and_tables_at_random(tmp_path, seed):
    random = np.random.default_rng(seed)
    signed, inverted = random.integers(2, size=2)
    values = random.integers(0, 4096, (40, 30)).astype(np.int16 if signed else np.uint16) - (1000 if signed else 0)
    attributes = {
        "RescaleSlope": str(random.choice([1, 2, 0.5, 0.3])),
        "RescaleIntercept": str(random.integers(-1024, 1024)),
    }
    rescaled = values.astype(float) * float(attributes["RescaleSlope"]) + int(attributes["RescaleIntercept"])
    if seed % 3 == 0:
        first = int(rescaled.min())
        item = pydicom.Dataset()
        item.add_new("LUTDescriptor", "SS" if first < 0 else "US", [1000, first, 16])
        item.add_new("LUTData", "OW", np.sort(random.integers(0, 65536, 1000)).astype("<u2").tobytes())
        attributes["VOILUTSequence"] = pydicom.Sequence([item])
    else:
        attributes["WindowCenter"] = str(round(float(np.median(rescaled)), 1))
        attributes["WindowWidth"] = str(random.integers(200, 4000))
        attributes["VOILUTFunction"] = str(random.choice(["LINEAR", "LINEAR_EXACT", "SIGMOID"]))
    file = write_dicom(tmp_path / "film.dcm", values, kind="MONOCHROME1" if inverted else "MONOCHROME2", **attributes)
    assert benchmark.compare(file)[0] == "equal"


def test_a_table_of_8_bits_where_pydicom_is_wrong(tmp_path):
    """It keeps places in the table in the type of its entries, so that grey value 256 is looked up as 0."""
    item = pydicom.Dataset()
    item.LUTDescriptor = [4096, 0, 8]
    item.add_new("LUTData", "OW", (np.arange(4096) // 16).astype("<u2").tobytes())
    values = np.array([[0, 255, 256, 4095]], np.uint16)
    file = write_dicom(tmp_path / "film.dcm", values, VOILUTSequence=pydicom.Sequence([item]))
    np.testing.assert_array_equal(read_image(file), [[0, 15, 16, 255]])
    theirs = apply_voi_lut(apply_modality_lut(values, pydicom.dcmread(file)), pydicom.dcmread(file))
    if theirs[0, 2] == 16:
        pytest.fail("pydicom is right now: benchmarks/dicom.py need not say otherwise")


# ---- a window for another picture ---------------------------------------------------------------


def film(noise=0, letters=False, inverted=False):
    """A chest of 12 bits inside a black border."""
    grey, _ = chest(border=(20, 10, 5, 15))
    values = np.where(grey > 0, 16 * grey + 300, 0)
    if noise:
        values += np.where(grey > 0, 0, np.random.default_rng(0).integers(0, noise, grey.shape))
    if letters:
        values[2:8, 2:12], values[4, 5] = 4095, 3500
    return (4095 - values if inverted else values).astype(np.uint16)


@pytest.mark.parametrize(
    ("made", "centre", "width", "kept"),
    [
        ({}, "127", "255", False),  # for 8 bits: all but the border is white
        ({"noise": 20}, "127", "255", False),
        ({"letters": True}, "127", "255", False),
        ({"inverted": True}, "127", "255", False),
        ({"inverted": True}, "32000", "1000", False),
        ({}, "60000", "100", False),  # all is black
        ({"letters": True}, "3900", "100", False),  # all but the letters
        ({}, "1500", "2000", True),
        ({"inverted": True}, "1500", "2000", True),
        ({}, "2300", "2", True),  # lungs black, tissue white
    ],
)
def test_a_window_that_leaves_the_body_one_grey_is_ignored(tmp_path, made, centre, width, kept):
    values, kind = film(**made), "MONOCHROME1" if made.get("inverted") else "MONOCHROME2"
    plain = read_image(write_dicom(tmp_path / "plain.dcm", values, kind=kind, BitsStored=12, HighBit=11))
    window = {"WindowCenter": centre, "WindowWidth": width}
    read = read_image(write_dicom(tmp_path / "film.dcm", values, kind=kind, BitsStored=12, HighBit=11, **window))
    assert np.array_equal(read, plain) != kept


# ---- damage -------------------------------------------------------------------------------------


def damaged(data, random):
    """Flip a few bits, or cut the end off."""
    data = bytearray(data)
    if random.random() < 0.2:
        return data[: random.integers(len(data))]
    # Half of the damage goes to the head: that is where the attributes are.
    within = len(data) if random.random() < 0.5 else min(len(data), 2000)
    for place in random.integers(within, size=random.integers(1, 6)):
        data[place] ^= 1 << random.integers(8)
    return data


@pytest.mark.parametrize("name", [name for name in FEW if (OWN / name).stat().st_size < 50_000])
def test_damaged_files_are_read_or_refused(tmp_path, name):
    random = np.random.default_rng(sum(name.encode()))
    whole, file = (OWN / name).read_bytes(), tmp_path / "film.dcm"
    said = []
    for _ in range(15):
        file.write_bytes(damaged(whole, random))
        start = time.perf_counter()
        try:
            assert read_radiograph(file).values.ndim == 2
        except InputError as refusal:
            said.append(str(refusal))
        assert time.perf_counter() - start < 5
    assert all("\n" not in line and len(line) < 1000 and " Received: " in line for line in said)
