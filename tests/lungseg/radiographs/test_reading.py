"""Files of radiographs: every format keeps its grey values, and what cannot be used is named."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from lungseg.radiographs.masks import read_mask
from lungseg.radiographs.reading import read_image
from radiographs import refusal, save

GREY = np.array([[0, 50, 100], [150, 200, 250]], dtype=np.uint8)
RGB = np.repeat(GREY[..., None], 3, axis=-1)
OPAQUE = np.full_like(GREY, 255)
HALF = np.array([[255, 0, 255], [255, 255, 0]], dtype=np.uint8)  # opacity
SEEN = np.where(HALF > 0, GREY, 0)


def palette_image():
    image = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3), "P")
    image.putpalette([value for grey in GREY.ravel().tolist() for value in (grey,) * 3])
    return image


def cmyk_image():
    return Image.merge("CMYK", [Image.new("L", (3, 2))] * 3 + [Image.fromarray(255 - GREY)])


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        ("grey8.png", lambda: Image.fromarray(GREY), GREY),
        ("grey8.PNG", lambda: Image.fromarray(GREY), GREY),
        ("grey8.tif", lambda: Image.fromarray(GREY), GREY),
        ("grey16.png", lambda: Image.fromarray(GREY.astype(np.uint16) * 257), GREY * 257.0),
        ("grey16.tiff", lambda: Image.fromarray(GREY.astype(np.uint16) * 257), GREY * 257.0),
        ("grey16_big_endian.tif", lambda: Image.fromarray(GREY.astype(">u2") * 257), GREY * 257.0),
        ("int32.tif", lambda: Image.fromarray(GREY.astype(np.int32) * 300), GREY * 300.0),
        ("float.tif", lambda: Image.fromarray(GREY.astype(np.float32) / 8), GREY / 8.0),
        ("rgb.png", lambda: Image.fromarray(RGB), GREY),
        ("rgb.tif", lambda: Image.fromarray(RGB), GREY),
        ("rgba.png", lambda: Image.fromarray(np.dstack([RGB, OPAQUE])), GREY),
        ("rgba_holes.png", lambda: Image.fromarray(np.dstack([RGB, HALF])), SEEN),
        ("la.png", lambda: Image.fromarray(np.dstack([GREY, OPAQUE]), "LA"), GREY),
        ("la_holes.png", lambda: Image.fromarray(np.dstack([GREY, HALF]), "LA"), SEEN),
        ("palette.png", palette_image, GREY),
        ("binary.png", lambda: Image.fromarray(GREY > 120), np.where(GREY > 120, 255, 0)),
        ("cmyk.tif", cmyk_image, GREY),
    ],
)
@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
def test_every_format_keeps_its_grey_values(tmp_path, name, make, expected):
    make().save(tmp_path / name)
    read = read_image(tmp_path / name)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, np.asarray(expected, dtype=np.float32))


def test_a_compressed_tiff(tmp_path):
    save(tmp_path / "packed.tif", GREY.astype(np.uint16) * 257, compression="tiff_lzw")
    np.testing.assert_array_equal(read_image(tmp_path / "packed.tif"), GREY * 257.0)


@pytest.mark.parametrize("name", ["grey.jpg", "colour.jpeg"])
def test_jpeg_is_read_up_to_its_losses(tmp_path, name):
    smooth = np.tile(np.linspace(20, 220, 32).astype(np.uint8), (16, 1))
    array = smooth if name == "grey.jpg" else np.dstack([smooth] * 3)
    read = read_image(save(tmp_path / name, array, quality=95))
    assert read.shape == (16, 32)
    assert np.abs(read - smooth).max() <= 4


def test_colour_becomes_luma(tmp_path):
    read = read_image(save(tmp_path / "red.png", np.full((2, 2, 3), (255, 0, 0), np.uint8)))
    np.testing.assert_array_equal(read, np.full((2, 2), 76))  # 0.299 * 255


def test_transparent_colour_key_is_black(tmp_path):
    Image.fromarray(RGB).save(tmp_path / "key.png", transparency=(250, 250, 250))
    np.testing.assert_array_equal(read_image(tmp_path / "key.png"), np.where(GREY == 250, 0, GREY))


@pytest.mark.parametrize("name", ["turned.png", "turned.tif", "turned.jpg"])
def test_exif_orientation_is_carried_out_once(tmp_path, name):
    array = np.zeros((16, 32), np.uint8)
    array[:, 16:] = 200  # bright on the right
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees clockwise to view": the right side comes to the bottom
    read = read_image(save(tmp_path / name, array, exif=exif))
    assert read.shape == (32, 16)
    assert read[20:].mean() > 190
    assert read[:12].mean() < 10


def test_white_is_zero_in_a_16_bit_tiff_is_turned(tmp_path):
    values = GREY.astype(np.uint16) * 257
    save(tmp_path / "inverted.tif", values, tiffinfo={262: 0})
    with Image.open(tmp_path / "inverted.tif") as image:
        assert image.tag_v2[262] == 0
    np.testing.assert_array_equal(read_image(tmp_path / "inverted.tif"), 65535.0 - values)


def truncated(path):
    noise = np.random.default_rng([0]).integers(0, 255, (64, 64), dtype=np.uint8)
    whole = save(path.with_name(f"whole_{path.name}"), noise).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def several(path):
    pages = [Image.fromarray(GREY)] * 3
    pages[0].save(path, save_all=True, append_images=pages[1:])


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("cut.png", truncated, "truncated"),
        ("cut.jpg", truncated, "truncated"),
        ("cut.tif", truncated, "PNG, JPEG, TIFF, GIF or DICOM"),
        ("pages.tif", several, "3 images"),
        ("empty.png", lambda path: path.touch(), "empty file"),
        ("text.png", lambda path: path.write_text("no image"), "no known kind"),
        ("folder.png", lambda path: path.mkdir(), "a folder"),
        ("missing.png", lambda path: None, "no such file"),
        ("nan.tif", lambda path: save(path, np.float32([[1, np.nan]])), "1 pixel of NaN"),
    ],
)
def test_unreadable_file_is_named(tmp_path, name, make, said):
    make(tmp_path / name)
    for read in (read_image, read_mask):
        message = refusal(read, tmp_path / name)
        assert message.startswith(str(tmp_path / name))
        assert said in message


def test_threads_leave_the_filters_of_warnings_as_they_were(tmp_path):
    file = save(tmp_path / "grey.png", GREY)
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(read_image, [file] * 200))
    assert warnings.filters == before
