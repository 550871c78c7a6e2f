"""Every kind of TIFF and PNG, and the other formats: read as the numbers they hold, or refused with the word for it."""

import io

import numpy as np
import pytest

from image_files import table
from lungseg.radiographs import read_image, read_mask
from lungseg.radiographs.reading import read_pixels
from radiographs import refusal

TABLE = table()
LUMA = np.array([0.299, 0.587, 0.114])
# What tifffile leaves to the caller (inversion, alpha, palettes, turning), and what it has no decoder for.
NOT_TOLD_BY_TIFFFILE = (
    *(
        "white",
        "bit",
        "channel",
        "palette",
        "orientation",
        "thumbnail",
        "CMYK",
        "unexplained",
        "luminance",
        "wrong length",
    ),
    *("LZW", "Zstandard", "JPEG", "fax", "predictor 2", "predictor 3", "last strip"),
)


def test_the_names_of_the_table_are_different():
    assert len({row.name for row in TABLE}) == len(TABLE) > 300


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
def test_a_file_is_read_as_the_numbers_it_holds_or_refused(tmp_path, row, capfd):
    file = tmp_path / "film"
    file.write_bytes(row.make())
    if isinstance(row.expected, str):
        message = refusal(read_image, file)
        assert row.expected in message
        assert len(message) < 400
    else:
        pixels = read_pixels(file)
        if row.tolerance:
            pixels = pixels if pixels.ndim == row.expected.ndim else pixels[..., 0]
            assert np.abs(pixels.astype(float) - row.expected).max() <= row.tolerance
        else:
            assert pixels.dtype.newbyteorder("=") == row.expected.dtype
            np.testing.assert_array_equal(pixels, row.expected)
        grey = pixels @ LUMA if pixels.ndim == 3 else pixels
        largest = float(np.abs(pixels.astype(float)).max())
        rounding = max(1, 1e-6 * largest) if pixels.ndim == 3 else 0
        np.testing.assert_allclose(read_image(file), grey, rtol=1e-6, atol=rounding)
    assert capfd.readouterr() == ("", "")  # nothing of a decoder on the terminal


def test_the_files_of_the_table_are_what_they_are_called():
    """Another reader, where it can: tifffile, which brings no decoder of its own for LZW."""
    tifffile = pytest.importorskip("tifffile")
    read = 0
    for row in TABLE:
        plain = row.name.startswith(("TIFF", "BigTIFF")) and not any(word in row.name for word in NOT_TOLD_BY_TIFFFILE)
        if plain and not isinstance(row.expected, str):
            values = tifffile.imread(io.BytesIO(row.make()))
            values = np.moveaxis(values, 0, -1) if "planes" in row.name else values
            np.testing.assert_array_equal(values, row.expected, err_msg=row.name)
            read += 1
    assert read > 60


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colour_of_any_depth_becomes_luma(tmp_path, dtype):
    import pngs

    highest = np.iinfo(dtype).max
    values = np.array([[[highest, 0, 0], [0, highest, 0], [0, 0, highest], [highest] * 3]], dtype)
    (tmp_path / "film.png").write_bytes(pngs.png(values, 8 * values.itemsize, 2))
    expected = [[0.299 * highest, 0.587 * highest, 0.114 * highest, highest]]
    np.testing.assert_allclose(read_image(tmp_path / "film.png"), expected, atol=0.6)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PNG"])
def test_a_mask_may_have_any_of_the_formats(tmp_path, kind):
    from pixel_values import pillow

    lungs = np.zeros((20, 30), bool)
    lungs[4:15, 3:12] = lungs[4:15, 18:27] = True
    (tmp_path / "mask").write_bytes(pillow(lungs * np.uint8(255), kind))
    np.testing.assert_array_equal(read_mask(tmp_path / "mask"), lungs)
