"""Masks in files that say something about their numbers: white is 0."""

import numpy as np
import pytest
import tifffile

from lungseg.masks.drawn import NEGATIVE
from problem_sources import image, images, masks_of, prepare
from radiographs import refusal, save
from tiffs import tiff

SIDE = 8
CELL, EDGE = np.zeros((2, SIDE, SIDE), bool)
CELL[1:4, 1:4] = EDGE[5:7, 5:7] = True


def negative(mask):
    """A TIFF of bits in which white is 0, and the mask black."""
    return tiff(mask.astype(np.uint8), bits=1, photometric=0)


@pytest.fixture
def source(tmp_path):
    save(tmp_path / "source" / "images" / "a.png", image(0, (SIDE, SIDE, 3)))
    for name in ("cell", "edge"):
        (tmp_path / "source" / "masks" / name).mkdir(parents=True)
    return tmp_path / "source"


def test_bits_of_tifffile_are_true_where_they_were(source, tmp_path):
    for name, mask in (("cell", CELL), ("edge", EDGE)):
        tifffile.imwrite(source / "masks" / name / "a.tif", mask)
        assert b"tifffile.py" in (source / "masks" / name / "a.tif").read_bytes()
    assert prepare(source, tmp_path / "out", SIDE).doubts == {}
    masks = np.load(tmp_path / "out" / "a.npy")[..., -2:]
    np.testing.assert_array_equal(masks, np.stack([CELL, EDGE], axis=-1))


def test_negatives_of_several_classes_are_told(source, tmp_path):
    for name, mask in (("cell", CELL), ("edge", EDGE)):
        (source / "masks" / name / "a.tif").write_bytes(negative(mask))
    said = refusal(prepare, source, tmp_path / "out", SIDE)
    assert "expected masks of cell and edge that are apart. Received: two that touch all four corners of the" in said
    assert "--overlapping" not in said
    report = prepare(source, tmp_path / "out", SIDE, overlapping=True)
    each = [NEGATIVE.replace("mask", f"mask of {name}") for name in ("cell", "edge")]
    assert report.doubts == {doubt: ["a.png"] for doubt in each}
    save(source / "masks" / "cell" / "a.tif", CELL)
    assert list(prepare(source, tmp_path / "one", SIDE, overlapping=True).doubts) == each[1:]


def test_white_is_zero_where_a_file_says_so(tmp_path):
    source = images(tmp_path / "source", "a")
    (source / "masks").mkdir()
    (source / "masks" / "a.tif").write_bytes(negative(np.eye(4) == 0))
    prepare(source, tmp_path / "out")
    assert masks_of(tmp_path / "out", classes=1) == "1000 0100 0010 0001"
