"""One radiograph and its masks: reading, border crop, contrast, size, and the way back."""

import numpy as np
import pytest
from PIL import Image

from lungseg.errors import InputError
from lungseg.preparation.case import (
    CropBox,
    Geometry,
    find_body,
    prepare_case,
    prepare_image,
    read_image,
    read_mask,
    resize_image,
    resize_mask,
    stretch_contrast,
)
from lungseg.preparation.cropping import percentiles

GREY = np.array([[0, 50, 100], [150, 200, 250]], dtype=np.uint8)


def save(path, array, **options):
    Image.fromarray(np.asarray(array)).save(path, **options)
    return path


def film(height=120, width=100, border=(0, 0, 0, 0), level=0.0):
    """A chest of two dark lungs in bright tissue, with a border (top, left, bottom, right)."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    lungs = np.minimum((x + 0.45) ** 2, (x - 0.45) ** 2) / 0.1 + y**2 / 0.5 < 1
    body = np.where(lungs, 60.0, 180.0) + 20 * x
    top, left, bottom, right = border
    pad = ((top, bottom), (left, right))
    return np.pad(body, pad, constant_values=level).astype(np.float32), np.pad(lungs, pad)


def one_line(raised):
    """The message, after checking that it is a single line that says what came."""
    message = str(raised.value)
    assert "\n" not in message
    assert "Received: " in message
    return message


# --------------------------------------------------------------------------- reading radiographs

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


def truncated(folder, name):
    noise = np.random.default_rng([0]).integers(0, 255, (64, 64), dtype=np.uint8)
    whole = save(folder / f"whole_{name}", noise).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])


def several(folder, name):
    pages = [Image.fromarray(GREY)] * 3
    pages[0].save(folder / name, save_all=True, append_images=pages[1:])


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("cut.png", truncated, "truncated"),
        ("cut.jpg", truncated, "truncated"),
        ("cut.tif", truncated, ""),
        ("pages.tif", several, "3 images"),
        ("empty.png", lambda folder, name: (folder / name).touch(), "empty file"),
        ("text.png", lambda folder, name: (folder / name).write_text("no image"), "no known kind"),
        ("folder.png", lambda folder, name: (folder / name).mkdir(), ""),
        ("missing.png", lambda folder, name: None, "no such file"),
        ("nan.tif", lambda folder, name: save(folder / name, np.float32([[1, np.nan]])), "1 pixels"),
    ],
)
def test_unreadable_file_is_named(tmp_path, name, make, said):
    make(tmp_path, name)
    with pytest.raises(InputError) as raised:
        read_image(tmp_path / name)
    message = one_line(raised)
    assert message.startswith(str(tmp_path / name))
    assert said in message
    with pytest.raises(InputError):
        read_mask(tmp_path / name)


# --------------------------------------------------------------------------- reading masks

LUNG = np.array([[0, 1, 1, 0], [0, 1, 0, 0]], dtype=bool)
INDEX = LUNG.astype(np.uint8)


def colour_palette():
    image = Image.fromarray(INDEX * 2, "P")
    image.putpalette([0, 0, 0, 255, 255, 255, 0, 0, 128])  # the lung is dark blue
    return image


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Image.fromarray(INDEX), id="0/1"),
        pytest.param(lambda: Image.fromarray(INDEX * 255), id="0/255"),
        pytest.param(lambda: Image.fromarray(INDEX.astype(np.uint16) * 65535), id="16 bits"),
        pytest.param(lambda: Image.fromarray(LUNG), id="1 bit"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 255] * 3)), id="RGB"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 0, INDEX * 0, INDEX * 200])), id="blue"),
        pytest.param(lambda: Image.fromarray(np.dstack([INDEX * 0 + 255] * 3 + [INDEX * 255])), id="RGBA"),
        pytest.param(colour_palette, id="palette"),
    ],
)
@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
def test_every_kind_of_mask_is_binary(tmp_path, make):
    make().save(tmp_path / "mask.png")
    read = read_mask(tmp_path / "mask.png")
    assert read.dtype == bool
    np.testing.assert_array_equal(read, LUNG)


def test_grey_edges_are_cut_at_half_the_maximum(tmp_path):
    save(tmp_path / "mask.png", np.array([[0, 60, 99, 100, 140, 200]], np.uint8))
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), [[0, 0, 0, 1, 1, 1]])


def test_left_and_right_are_joined_without_overflow(tmp_path):
    left = save(tmp_path / "left.png", np.array([[255, 255, 0, 0]], np.uint8))
    right = save(tmp_path / "right.png", np.array([[0, 1, 1, 0]], np.uint8))  # 255 + 1 is 0 in 8 bits
    np.testing.assert_array_equal(read_mask([left, right]), [[1, 1, 1, 0]])


def test_one_lung_may_be_missing_but_not_both(tmp_path):
    left = save(tmp_path / "left.png", INDEX)
    right = save(tmp_path / "right.png", INDEX * 0)
    np.testing.assert_array_equal(read_mask([left, right]), LUNG)
    with pytest.raises(InputError, match="empty mask") as raised:
        read_mask([right])
    assert "right.png" in one_line(raised)


def test_masks_of_two_shapes_are_both_named(tmp_path):
    left, right = save(tmp_path / "left.png", INDEX), save(tmp_path / "right.png", INDEX.T)
    with pytest.raises(InputError) as raised:
        read_mask([left, right])
    message = one_line(raised)
    assert all(part in message for part in ("left.png", "right.png", "2 x 4", "4 x 2"))


def test_mask_of_another_shape_than_the_image(tmp_path):
    image = save(tmp_path / "film.png", film()[0].astype(np.uint8))
    mask = save(tmp_path / "mask.png", film(60, 50)[1])
    with pytest.raises(InputError) as raised:
        prepare_case(image, mask, 32)
    message = one_line(raised)
    assert all(part in message for part in ("film.png", "mask.png", "120 x 100", "60 x 50"))


def test_no_mask_file_at_all():
    with pytest.raises(InputError, match="masks: expected at least one"):
        read_mask([])


# --------------------------------------------------------------------------- crop


def noisy(image):
    return np.clip(image + np.random.default_rng([1]).normal(0, 2, image.shape), 0, 255)


@pytest.mark.parametrize("size", [1, 2, 7, 500])
def test_percentiles_by_counting_are_those_of_numpy(size):
    rng = np.random.default_rng(size)
    for values in (
        rng.integers(0, 256, size).astype(np.float32),
        rng.integers(100, 103, (size, 3), dtype=np.uint8),  # many equal ones
        rng.integers(0, 65536, size),
        rng.normal(100, 20, size),
        -rng.integers(0, 256, size),
    ):
        for shares in ((5.0, 95.0), (0.5, 90), (0, 100), (37,)):
            np.testing.assert_allclose(percentiles(values, shares), np.percentile(values, shares), rtol=1e-14)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([[0, 1, 2], [0, 1, 3]], r"the labels 0, 1, 2, 3, of several organs perhaps"),  # right lung, left lung, heart
        ([[0, 1, 2], [0, 1, 2]], r"the labels 0, 1, 2"),
        ([[255, 255, 255], [255, 255, 255]], "every pixel is lung"),
    ],
)
def test_masks_that_would_be_misread(tmp_path, values, says):
    Image.fromarray(np.array(values, np.uint8)).save(tmp_path / "mask.png")
    with pytest.raises(InputError, match=says):
        read_mask(tmp_path / "mask.png")


@pytest.mark.parametrize("value", [1, 2, 255])
def test_masks_of_two_values_are_read_whatever_they_are(tmp_path, value):
    Image.fromarray(np.array([[0, 1, 0]], np.uint8) * value).save(tmp_path / "mask.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), [[0, 1, 0]])


@pytest.mark.parametrize("border", [(0, 0, 0, 0), (40, 0, 70, 0), (0, 60, 0, 50), (40, 60, 70, 50)])
@pytest.mark.parametrize("change", [lambda image: image, noisy, lambda image: image * 257])
@pytest.mark.parametrize("level", [0, 20])
def test_border_is_found_to_the_pixel(border, change, level):
    image, _ = film(240, 200, border, level)
    top, left, bottom, right = border
    assert find_body(change(image)) == CropBox(top, left, top + 240, left + 200)
    assert image.shape == (top + 240 + bottom, left + 200 + right)


def test_letters_and_lines_in_the_border_are_cut_off():
    image, _ = film(240, 200, (40, 60, 70, 50))
    image[8:20, 10:13] = image[17:20, 10:18] = 255  # an L
    image[330:344, 250:265] = 255  # a solid marker
    image[100:103, :60] = image[5:300, 280] = 200  # a line from the body to the edge, and a ruler
    assert find_body(image) == CropBox(40, 60, 280, 260)


@pytest.mark.parametrize("level", [25, 60])
def test_grey_border_around_a_film_with_black_air(level):
    image, _ = film(240, 200)
    image[:60, :40] = image[:60, -40:] = 0
    image[-20:] = 60  # a dark part of the body that is not all of an edge of the image
    image[-20:, 30:] = 180
    box = find_body(np.pad(image, ((30, 40), (50, 60)), constant_values=level))
    assert box == CropBox(30, 50, 270, 250)


def test_tilted_border_never_cuts_the_lungs():
    body, lungs = film(400, 400)
    image = np.asarray(Image.fromarray(np.pad(body, 60)).rotate(3, Image.Resampling.BILINEAR))
    lungs = np.asarray(Image.fromarray(np.pad(lungs, 60)).rotate(3))
    box = find_body(image)
    assert box.cut(lungs).sum() == lungs.sum()
    assert min(box.top, box.left, 520 - box.bottom, 520 - box.right) > 40


def test_large_image_is_cut_outside_the_body():
    box = find_body(film(1900, 1500, (203, 101, 307, 0))[0])
    assert 203 - 5 <= box.top <= 203
    assert 101 - 5 <= box.left <= 101
    assert 2103 <= box.bottom <= 2103 + 5
    assert box.right == 1601


def test_black_lungs_and_black_air_are_no_border():
    image, lungs = film()
    image[lungs] = 0
    image[:40, :15] = image[:40, -15:] = 0  # air above the shoulders
    assert find_body(image) == CropBox(0, 0, *image.shape)


def test_a_mere_bright_spot_is_no_body():
    image = np.zeros((100, 100))
    image[20:35, 20:35] = 200
    assert find_body(image) == CropBox(0, 0, 100, 100)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((20, 20)), "all-black"),
        (np.full((20, 20), 255.0), "one grey value 255"),
        (np.full((20, 20), np.nan), "NaN"),
        (np.zeros((20, 20, 3)), r"\(20, 20, 3\)"),
        (np.zeros((0, 20)), r"\(0, 20\)"),
    ],
)
@pytest.mark.parametrize("function", [find_body, stretch_contrast, lambda image: prepare_image(image, 8)])
def test_no_radiograph(image, said, function):
    with pytest.raises(InputError, match=said) as raised:
        function(image)
    one_line(raised)


# --------------------------------------------------------------------------- contrast and size


def test_percentiles_become_0_and_1():
    stretched = stretch_contrast(np.arange(101.0).reshape(1, 101))
    assert stretched.dtype == np.float32
    np.testing.assert_allclose(stretched[0, [0, 5, 50, 95, 100]], [0, 0, 0.5, 1, 1], atol=1e-6)


def test_contrast_does_not_depend_on_the_scale():
    image = film()[0]
    np.testing.assert_allclose(stretch_contrast(image), stretch_contrast(image * 257 + 9), atol=1e-5)


def test_image_with_one_prevailing_value_falls_back_to_its_range():
    image = np.full((10, 10), 255.0)
    image[0, :4] = (5, 55, 130, 205)  # 96 % saturated
    np.testing.assert_allclose(stretch_contrast(image)[0, :5], [0, 0.2, 0.5, 0.8, 1])


@pytest.mark.parametrize(("low", "high"), [(95, 5), (5, 5), (-1, 50), (5, 101)])
def test_wrong_percentiles(low, high):
    with pytest.raises(InputError, match="percentiles"):
        stretch_contrast(GREY, low, high)


def test_resize_is_antialiased_and_keeps_the_range():
    stripes = np.tile(np.array([0.0, 1.0]), (64, 32))  # finer than the new pixels
    small = resize_image(stripes, 8)
    assert small.dtype == np.float32
    np.testing.assert_allclose(small[:, 1:-1], 0.5, atol=0.02)
    large = resize_image(np.eye(4), (9, 13))
    assert large.shape == (9, 13)
    assert large.min() >= 0
    assert large.max() <= 1


def test_resized_mask_is_decided_by_area():
    mask = np.zeros((4, 8), bool)
    mask[:2, 0] = True  # 2 of 4 pixels in its block
    mask[0, 2] = True  # 1 of 4
    mask[2:, 5:8] = True  # 2 and 4 of 4
    np.testing.assert_array_equal(resize_mask(mask, (2, 4)), [[1, 0, 0, 0], [0, 0, 1, 1]])


def test_resized_mask_is_binary():
    mask = resize_mask(film()[1], 37)
    assert mask.dtype == bool
    assert mask.shape == (37, 37)


@pytest.mark.parametrize("size", [0, -4, 2.5, "64", (64,), (64, 64, 1), (64, 0), None, True])
def test_wrong_size(size):
    with pytest.raises(InputError, match="size: expected") as raised:
        resize_image(GREY, size)
    one_line(raised)


# --------------------------------------------------------------------------- there and back


def test_case_has_the_fixed_format(tmp_path):
    image, lungs = film(border=(30, 0, 0, 20))
    paths = save(tmp_path / "a.png", image.astype(np.uint8)), save(tmp_path / "a_mask.png", lungs)
    case, geometry = prepare_case(*paths, 64)
    assert case.dtype == np.float32
    assert case.shape == (64, 64, 2)
    assert case[..., 0].min() == 0
    assert case[..., 0].max() == 1
    assert set(np.unique(case[..., 1])) == {0, 1}
    assert geometry == Geometry(150, 120, CropBox(30, 0, 150, 100), (64, 64), geometry.low, geometry.high)


def test_image_and_mask_are_cropped_alike(tmp_path):
    image, lungs = film(128, 128, (40, 10, 20, 30))
    paths = save(tmp_path / "a.png", image.astype(np.uint8)), save(tmp_path / "a_mask.png", lungs)
    case, _ = prepare_case(*paths, 128)  # the body keeps its size, so nothing is interpolated
    np.testing.assert_array_equal(case[..., 1], film(128, 128)[1])
    np.testing.assert_array_equal(case[..., 0] < 0.5, film(128, 128)[1])


def test_mask_in_the_border_widens_the_crop(tmp_path):
    image, lungs = film(border=(30, 0, 0, 0))
    lungs[25, 50] = True
    paths = save(tmp_path / "a.png", image.astype(np.uint8)), save(tmp_path / "a_mask.png", lungs)
    assert prepare_case(*paths, 64)[1].crop == CropBox(25, 0, 150, 100)


@pytest.mark.parametrize("size", [64, 256, (96, 80)])
def test_mask_returns_to_its_original_pixels(size):
    image, lungs = film(300, 260, (50, 0, 25, 40))
    _, geometry = prepare_image(image, size)
    back = geometry.to_original(resize_mask(geometry.crop.cut(lungs), size))
    assert back.dtype == bool
    assert back.shape == lungs.shape
    dice = 2 * (back & lungs).sum() / (back.sum() + lungs.sum())
    assert dice > (0.97 if size == 64 else 0.985)


def test_probabilities_return_too():
    geometry = Geometry(4, 4, CropBox(0, 1, 4, 3), (2, 2))
    prediction = np.array([[0.2, 0.6], [0.2, 0.6]])
    back = geometry.to_original(prediction[..., None], threshold=None)
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, np.tile([0, 0.2, 0.6, 0], (4, 1)), atol=1e-6)
    np.testing.assert_array_equal(geometry.to_original(prediction), np.tile([0, 0, 1, 0], (4, 1)))
    np.testing.assert_array_equal(geometry.to_original(prediction, 0.1), np.tile([0, 1, 1, 0], (4, 1)))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64])
def test_integer_masks_of_any_scale_return(dtype):
    geometry = Geometry(3, 8, CropBox(0, 0, 2, 8), (2, 2))
    mask = (np.array([[0, 1], [0, 1]]) * (1 if dtype is bool else 255)).astype(dtype)
    half = [0, 0, 0, 0, 1, 1, 1, 1]
    np.testing.assert_array_equal(geometry.to_original(mask), [half, half, [0] * 8])


def test_prediction_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"expected shape \(2, 2\).*\(3, 3\)"):
        Geometry(4, 4, CropBox(0, 0, 4, 4), (2, 2)).to_original(np.zeros((3, 3)))


def test_crop_can_be_left_out():
    image = film(border=(30, 0, 0, 0))[0]
    assert prepare_image(image, 32, crop=False)[1].crop == CropBox(0, 0, 150, 100)


def test_all_black_file_is_named(tmp_path):
    paths = save(tmp_path / "dark.png", np.zeros((9, 9), np.uint8)), save(tmp_path / "m.png", np.eye(9) > 0)
    with pytest.raises(InputError, match="all-black") as raised:
        prepare_case(*paths, 32)
    assert one_line(raised).startswith(str(tmp_path / "dark.png"))


def test_input_is_left_as_it_was():
    image = film(border=(30, 0, 0, 0))[0]
    before = image.copy()
    prepare_image(image, image.shape)
    np.testing.assert_array_equal(image, before)


def test_an_opening_is_that_of_scipy():
    from scipy import ndimage

    from lungseg.preparation.cropping import open_with_square

    rng = np.random.default_rng(0)
    for side in range(1, 7):
        mask = ndimage.binary_dilation(rng.random((side + 9, side + 20)) < 0.1)
        np.testing.assert_array_equal(open_with_square(mask, side), ndimage.binary_opening(mask, np.ones((side, side))))
    for shape in ((1, 9), (9, 2), (3, 3)):
        mask = np.ones(shape, bool)
        np.testing.assert_array_equal(open_with_square(mask, 3), ndimage.binary_opening(mask, np.ones((3, 3))))


@pytest.mark.parametrize("shape", [(1, 512), (2, 400), (400, 2)])
def test_a_strip_too_thin_to_look_for_a_body_stays_whole(shape):
    strip = np.random.default_rng(0).random(shape) * 100
    assert find_body(strip) == CropBox(0, 0, *shape)
