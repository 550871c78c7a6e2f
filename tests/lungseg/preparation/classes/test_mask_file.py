"""Masks in files that say more than their numbers: that white is 0, or how opaque each pixel is."""

import numpy as np
import pytest
import tifffile

from lungseg.masks.drawn import NEGATIVE
from problem_sources import BLUE, INDEX, NUMBERS, RED, image, images, masks_of, prepare
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


def half_seen(index, colours, opacity=128):
    """A mask that is transparent where nothing is drawn, and in part where something is."""
    pixels = np.asarray(colours, np.uint8)[index]
    return np.dstack([pixels, np.where(index, opacity, 0).astype(np.uint8)])


GREYS = [[0], [1], [4]]
CLASSES = ["road=1", "water=4"]


@pytest.mark.parametrize(
    ("mask", "classes"),
    [
        (half_seen(INDEX, GREYS), CLASSES),
        (half_seen(INDEX, GREYS, 60), CLASSES),  # laid on black, nothing would be left of 1
        (half_seen(INDEX, GREYS, 10 * np.arange(1, 17).reshape(4, 4)), CLASSES),
        (half_seen(INDEX, [[9, 9, 9], [1, 1, 1], [2, 2, 2]]), NUMBERS),
        (half_seen(INDEX, [[0, 0, 0], RED, BLUE]), ["road=#ff0000", "water=#0000ff"]),
        (half_seen(INDEX, [[0, 0, 0], [255, 0, 0], [128, 0, 0]]), ["road=#ff0000", "water=#800000"]),
    ],
)
def test_numbers_of_masks_that_are_partly_transparent(tmp_path, mask, classes):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.png", mask)
    prepare(source, tmp_path / "out", classes=classes)
    assert masks_of(tmp_path / "out") == "0011 0011 2200 2202"


def test_values_of_masks_that_are_partly_transparent_are_listed_as_they_are_read(tmp_path):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.png", half_seen(INDEX, GREYS))
    assert "Received: 1 (in 1 file), 4 (in 1 file), beside 0." in refusal(prepare, source, tmp_path / "out")


def test_smooth_edges_in_opacity_are_cut_half_way(tmp_path):
    save(tmp_path / "source" / "images" / "a.png", image(0, (64, 64, 3)))
    away = np.hypot(*(np.mgrid[:64, :64] - 31.5))
    opacity = (255 * np.clip((24 - away) / 6, 0, 1)).astype(np.uint8)
    save(tmp_path / "source" / "masks" / "a.png", np.dstack([np.full_like(opacity, 255), opacity]))
    for classes in (["cell"], ["cell=255"]):
        prepare(tmp_path / "source", tmp_path / classes[0], 64, classes=classes)
        assert abs(np.load(tmp_path / classes[0] / "a.npy")[..., -1].sum() / (away < 21).sum() - 1) < 0.02


def test_what_is_multiplied_by_its_opacity_perhaps_is_refused(tmp_path):
    source = images(tmp_path / "source", "a")
    save(source / "masks" / "a.tif", half_seen(INDEX, [[0, 0, 0], RED, BLUE]))
    said = refusal(prepare, source, tmp_path / "out", classes=["road=#ff0000", "water=#0000ff"])
    assert "Received: one that is transparent in part. Save it as PNG of 8 bits, or without alpha." in said


@pytest.mark.parametrize("classes", [None, ["road"], ["road", "water"], ["road=1"], ["road=1", "water=2"]])
@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_numbers_in_three_channels_are_no_colours(tmp_path, kind, classes):
    source = images(tmp_path / "source", "a")
    (source / "masks").mkdir()
    tifffile.imwrite(source / "masks" / "a.tif", np.eye(3, dtype=kind)[INDEX], photometric="rgb")
    said = refusal(prepare, source, tmp_path / "out", classes=classes)
    assert "masks/a.tif: expected whole numbers, one for each pixel, or colours of 8 bits. Received: " in said
    assert f"{np.dtype(kind)} in 3 channels. Save one mask" in said


def test_three_channels_that_are_alike_are_one(tmp_path):
    source = images(tmp_path / "source", "a")
    (source / "masks").mkdir()
    tifffile.imwrite(source / "masks" / "a.tif", np.dstack([INDEX.astype(np.float32)] * 3), photometric="rgb")
    prepare(source, tmp_path / "out", classes=NUMBERS)
    assert masks_of(tmp_path / "out") == "0011 0011 2200 2202"
