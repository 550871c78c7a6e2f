"""How large an image may be, in every format, and what a small file that claims more may cost."""

import tracemalloc
import zlib

import numpy as np
import pytest

import bombs
import pngs
import tiffs
from lungseg.prediction import segment_files
from lungseg.preparation import prepare_case, prepare_folder
from lungseg.radiographs import read_image, read_mask, read_radiograph
from radiographs import refusal, save, write_dicom
from raw_sources import make_source

HALF = np.repeat(np.array([[0, 200]], np.uint8), 1000, axis=1).repeat(1000, axis=0)  # two million pixels


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("film.png", bombs.giant_png),
        ("film.jpg", bombs.giant_jpeg),
        ("film.tif", bombs.giant_tiff),
        ("film.gif", bombs.giant_gif),
        ("film.dcm", bombs.giant_dicom),
        ("deflated.dcm", lambda path: bombs.deflated_dicom(path, size=2)),
        ("compressed.dcm", bombs.dicom_of_a_giant_jpeg),
    ],
)
def test_a_header_that_claims_too_much_is_refused_before_anything_is_unfolded(tmp_path, name, make):
    if name.endswith("dcm"):
        pytest.importorskip("pydicom")
    make(tmp_path / name)
    message = refusal(read_radiograph, tmp_path / name)
    assert f"{name}: expected at most 120 million pixels. Received: 20000 x 20000, 400 million." in message
    assert "--max-megapixels" in message


def test_a_deflated_file_that_unfolds_to_more_than_its_header_says(tmp_path):
    pytest.importorskip("pydicom")
    bombs.deflated_dicom(tmp_path / "film.dcm", rows=2, columns=2, size=70 * 2**20)
    assert "unfolds to more than 64 MB" in refusal(read_radiograph, tmp_path / "film.dcm")


@pytest.mark.parametrize("count", [2**19, 2**22])
def test_runs_that_unfold_to_more_than_the_header_says(tmp_path, count):
    """The larger one would be half a gigabyte."""
    pytest.importorskip("pydicom")
    bombs.dicom_of_runs(tmp_path / "film.dcm", count)
    tracemalloc.start()
    try:
        message = refusal(read_radiograph, tmp_path / "film.dcm")
        assert tracemalloc.get_traced_memory()[1] < 5 * 2 * count + 2**24
    finally:
        tracemalloc.stop()
    assert "8 x 8 compressed pixels, as the file says. Received: runs that unfold to more than 1 MB" in message


def test_runs_as_they_should_be_are_read(tmp_path):
    """More than a megabyte of them, and several fragments."""
    pydicom = pytest.importorskip("pydicom")
    noise = np.random.default_rng([3]).integers(0, 2**16, (900, 800), np.uint16)
    file = pydicom.dcmread(write_dicom(tmp_path / "film.dcm", noise))
    file.compress(pydicom.uid.RLELossless, generate_instance_uid=False)
    file.save_as(tmp_path / "film.dcm")
    assert (tmp_path / "film.dcm").stat().st_size > 2**20
    np.testing.assert_array_equal(read_radiograph(tmp_path / "film.dcm").values, noise)
    (frame,) = pydicom.encaps.generate_frames(file.PixelData, number_of_frames=1)
    file.PixelData = pydicom.encaps.encapsulate([frame], fragments_per_frame=3, has_bot=False)
    file.save_as(tmp_path / "film.dcm")
    np.testing.assert_array_equal(read_radiograph(tmp_path / "film.dcm").values, noise)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (b"", None),
        (b"\0", None),
        (b"\xfc\xff\xfc\xffOB\0\0\x04\0\0\0\0\0\0\0", None),
        (b"\0" * 16, "which ends later"),
        (b"\xff" * 9, "which ends later"),
        (None, "which ends earlier"),
    ],
    ids=["whole", "filled up", "padding", "zeros", "more", "less"],
)
def test_a_deflated_file_ends_where_it_says(tmp_path, more, said):
    """A damaged one unfolds to more, or less, and has no checksum."""
    pydicom = pytest.importorskip("pydicom")
    file = pydicom.dcmread(write_dicom(tmp_path / "film.dcm", np.arange(64, dtype=np.uint8).reshape(8, 8)))
    file.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    file.save_as(tmp_path / "film.dcm")
    whole = (tmp_path / "film.dcm").read_bytes()
    meta = 144 + pydicom.filereader.read_file_meta_info(tmp_path / "film.dcm").FileMetaInformationGroupLength
    unfolded = zlib.decompress(whole[meta:], -zlib.MAX_WBITS)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    changed = unfolded[:-9] if more is None else unfolded + more
    (tmp_path / "film.dcm").write_bytes(whole[:meta] + packer.compress(changed) + packer.flush())
    if said:
        assert said in refusal(read_radiograph, tmp_path / "film.dcm")
    else:
        assert read_radiograph(tmp_path / "film.dcm").values.shape == (8, 8)


@pytest.mark.parametrize("read", [read_image, read_mask])
def test_the_limit_can_be_moved(tmp_path, read):
    file = save(tmp_path / "film.png", HALF)
    assert read(file, max_megapixels=2).shape == (1000, 2000)
    assert "expected at most 1.9 million" in refusal(read, file, max_megapixels=1.9)


def test_wide_numbers_count_for_more(tmp_path):
    """A pixel of 64 bits takes as much memory as eight of 8 bits."""
    file = tmp_path / "film"
    for data in (
        tiffs.tiff(np.zeros((1000, 2000)), compression=tiffs.DEFLATE),
        pngs.png(np.zeros((1000, 2000, 4), np.uint8), 16, pngs.RGB_ALPHA),
    ):
        file.write_bytes(data)
        assert "at most 14 MB of pixels. Received: 16 MB, 1000 x 2000 of 8 bytes" in refusal(
            read_image, file, max_megapixels=3.5
        )
        assert read_image(file, max_megapixels=4).shape == (1000, 2000)


@pytest.mark.parametrize("limit", [0, -1, True, "many", None, float("nan"), float("inf")])
def test_a_limit_is_a_number_above_0(tmp_path, limit):
    file = save(tmp_path / "film.png", HALF)
    for call in (read_image, read_mask):
        assert "max_megapixels: expected a number above 0" in refusal(call, file, max_megapixels=limit)
    assert "max_megapixels" in refusal(prepare_folder, tmp_path, tmp_path / "out", max_megapixels=limit)
    assert "max_megapixels" in refusal(segment_files, "no run", [file], tmp_path / "out", max_megapixels=limit)


def test_the_limit_reaches_the_processes_that_prepare(tmp_path):
    source = make_source(tmp_path / "raw", names=("a", "b"))  # of 40 x 30 pixels
    message = refusal(prepare_folder, source, tmp_path / "out", 16, n_jobs=2, progress=False, max_megapixels=0.001)
    assert "40 x 30" in message
    file = source / "images" / "a.png"
    assert "40 x 30" in refusal(prepare_case, file, file, 16, max_megapixels=0.001)
