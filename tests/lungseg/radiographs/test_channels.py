"""Images of any number of channels."""

import numpy as np
import pytest

from lungseg.radiographs.channels import read_channels
from lungseg.radiographs.reading import read_image
from radiographs import refusal, save
from tiffs import page, tiff, whole_file

RNG = np.random.default_rng(1)
FIVE = RNG.integers(0, 4000, (6, 7, 5)).astype(np.uint16)


def written(tmp_path, data, name="scene.tif"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("options", [{}, {"planar": 2}, {"compression": 8}, {"tile": (4, 4)}, {"extra": (0, 0, 0, 0)}])
def test_a_tiff_of_several_samples(tmp_path, options):
    path = written(tmp_path, tiff(FIVE, photometric=1, **options))
    values = read_channels(path).values
    assert values.dtype == np.uint16
    np.testing.assert_array_equal(values, FIVE)


def test_a_page_for_each_channel(tmp_path):
    path = written(tmp_path, whole_file([page(FIVE[..., k]) for k in range(5)]))
    np.testing.assert_array_equal(read_channels(path, 5).values, FIVE)
    assert "5 images" in refusal(read_image, path)  # no radiograph


def test_pages_that_differ(tmp_path):
    path = written(tmp_path, whole_file([page(FIVE[..., 0]), page(FIVE[:3, :, 1])]))
    assert "2 images that are not the channels of one" in refusal(read_channels, path)


def test_a_fourth_sample_is_alpha_unless_four_are_named(tmp_path):
    values = RNG.integers(0, 255, (4, 5, 4)).astype(np.uint8)
    values[..., 3] = 255
    for extra in ((), (2,)):
        path = written(tmp_path, tiff(values, photometric=2, extra=extra))
        np.testing.assert_array_equal(read_channels(path).values, values[..., :3])
        np.testing.assert_array_equal(read_channels(path, 4).values, values)


def test_alpha_of_a_png_is_no_channel(tmp_path):
    path = save(tmp_path / "a.png", np.full((2, 3, 4), [200, 100, 50, 255], np.uint8))
    np.testing.assert_array_equal(read_channels(path, 3).values[0, 0], [200, 100, 50])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, bool])
def test_arrays(tmp_path, dtype):
    values = (FIVE % 2).astype(dtype)
    np.save(tmp_path / "a.npy", values)
    read = read_channels(tmp_path / "a.npy", 5).values
    assert read.dtype == dtype
    np.testing.assert_array_equal(read, values)
    np.save(tmp_path / "b.npy", values[..., :1])
    assert read_channels(tmp_path / "b.npy", 1).values.shape == (6, 7)


@pytest.mark.parametrize(
    ("array", "received"),
    [
        (np.zeros((5, 64, 64)), "np.moveaxis"),
        (np.zeros((4, 4, 2, 2)), "(4, 4, 2, 2)"),
        (np.zeros(4), "(4,)"),
        (np.zeros((4, 4), complex), "complex"),
        (np.full((4, 4), np.nan), "NaN"),
    ],
)
def test_arrays_that_are_no_image(tmp_path, array, received):
    np.save(tmp_path / "a.npy", array)
    assert received in refusal(read_channels, tmp_path / "a.npy")


def test_other_numbers_of_channels(tmp_path):
    path = written(tmp_path, tiff(FIVE, photometric=1))
    for wanted in (1, 3, 4):
        assert f"expected {wanted} channel" in refusal(read_channels, path, wanted)


def test_what_is_missing_or_too_large(tmp_path):
    assert "no such file" in refusal(read_channels, tmp_path / "none.png")
    path = written(tmp_path, tiff(FIVE, photometric=1))
    assert "max_megapixels" in refusal(read_channels, path, None, 1e-6)
