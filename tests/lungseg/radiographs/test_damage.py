"""Files of masks in which one bit is not what it was, files that are no image, and what decoders say meanwhile."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

import pngs
import tiffs
from lungseg.errors import InputError
from lungseg.radiographs import read_image, read_mask
from lungseg.radiographs.gif import check_gif
from lungseg.radiographs.kinds import foreign_kind
from lungseg.radiographs.lzw import tiff_size
from pixel_values import pillow
from radiographs import refusal, save, write_dicom

y, x = np.mgrid[-1:1:96j, -1:1:80j]
MASK = ((np.minimum((x + 0.4) ** 2, (x - 0.4) ** 2) / 0.09 + y**2 / 0.4 < 1) * 255).astype(np.uint8)

FILES = {  # and how many of 100 flips may change pixels without being told
    "PNG": (lambda: pngs.png(MASK), 0),
    "deflate TIFF": (lambda: tiffs.tiff(MASK, compression=tiffs.DEFLATE, rows=40), 0),
    "LZMA TIFF": (lambda: tiffs.tiff(MASK, compression=tiffs.LZMA, rows=40), 0),
    "LZW TIFF": (lambda: tiffs.tiff(MASK, compression=tiffs.LZW, rows=40), 3),  # one grey in place of another
    "GIF": (lambda: pillow(MASK, "GIF"), 15),
    "PackBits TIFF": (lambda: tiffs.tiff(MASK, compression=tiffs.PACKBITS, rows=40), 30),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_flipped_bit_is_told_where_the_format_lets_one_tell_it(tmp_path, kind, capfd):
    make, most = FILES[kind]
    whole, path = make(), tmp_path / "mask"
    silent = told = 0
    for bit in np.random.default_rng([3]).choice(8 * len(whole), 100, replace=False).tolist():
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            silent += not np.array_equal(read_mask(path), MASK > 0)
        except InputError:
            told += 1
    assert silent <= most
    assert told > 40
    assert capfd.readouterr() == ("", "")


def test_the_length_of_lzw_is_that_of_what_it_unpacks_to():
    rng = np.random.default_rng([4])
    for values in (
        rng.integers(0, 256, 20_000),
        np.arange(90_000) // 700,
        np.zeros(300_000),
        rng.integers(0, 2, 50_000),
        np.arange(1),
    ):
        data = values.astype(np.uint8).tobytes()
        assert tiff_size(tiffs.compress(data, tiffs.LZW)) == len(data)
        if len(data) < 2**16:
            assert check_gif(pillow(Image.frombytes("L", (len(data), 1), data), "GIF")) is None


def test_pillow_is_silent_about_a_transparency_behind_the_pixels(tmp_path, recwarn):
    palette = (b"PLTE", bytes([0, 0, 0, 255, 255, 255]))
    path = tmp_path / "mask.png"
    for transparent in (b"", b"\xff", b"\xff\xff\xff"):
        path.write_bytes(pngs.png(MASK // 255, colour=pngs.PALETTE, before=[palette], after=[(b"tRNS", transparent)]))
        with suppress(InputError):
            np.testing.assert_array_equal(read_mask(path), MASK > 0)
    assert not recwarn.list


def test_pillow_is_silent_about_what_surrounds_the_pixels(tmp_path, recwarn):
    """Of a TIFF that holds a JPEG, Pillow reads the tags once more behind the pixels."""
    whole = io.BytesIO()
    Image.fromarray(MASK).save(whole, "TIFF", compression="jpeg")
    path = tmp_path / "film.tif"
    for start in range(8, len(whole.getvalue()), 7):
        path.write_bytes(whole.getvalue()[:start] + whole.getvalue()[start + 11 :])
        with suppress(InputError):
            read_image(path)
    assert not recwarn.list


def test_libtiff_is_silent_in_threads_too(tmp_path, capfd):
    """Of a fax, which it decodes, the lines are damaged."""
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng([5]).random((64, 64)) > 0.5).save(file, "TIFF", compression="group4")
    data = bytearray(file.getvalue())
    data[40:80] = bytes(40)
    (tmp_path / "fax.tif").write_bytes(data)

    def read(_):
        try:
            return read_image(tmp_path / "fax.tif") is None
        except InputError:
            return True

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(read, range(40)))
    assert capfd.readouterr() == ("", "")


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("film.txt", "a film")
    return file.getvalue()


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!DOCTYPE html>\n<html><head><title>Log in</title>", "a web page, saved in place of the image"),
        (b"\xef\xbb\xbf  <HTML lang='de'><body>404", "a web page, saved in place of the image"),
        (
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
            "a web page, saved in place of the image",
        ),
        (b"<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>", "an error message of a server, in XML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "a pointer of Git LFS"),
        (b'{"error": "quota exceeded"}', "a JSON file"),
        ("case;mask\nRöntgen;1\n".encode(), "a text file"),
        ("text".encode("utf-16"), "a text file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (zipped(), "a zip archive"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "packed with gzip"),
        (b"\x5c\x01\0\0" + bytes(340) + b"n+1\0", "a NIfTI volume"),
        (b"ObjectType = Image\nNDims = 2\n", "a MetaImage"),
        (b"NRRD0004\n", "an NRRD volume"),
        (saved(MASK), "a NumPy array"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "a HEIC photo"),
        (b"\0\0\0\x18ftypmp42" + bytes(99), "a video"),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "what macOS keeps beside a file"),
        (bytes(5000), "nothing but zeros"),
        (bytes(128) + b"DICM" + bytes(99), "a DICOM file"),
        (b"MZ\x90\0\x03\0\0\0\xff\xff", "a program"),
        (b"\x12\x99\x01\xfe" * 9, "no known kind of image"),
    ],
)
def test_what_is_no_image_is_called_by_its_name(tmp_path, data, said):
    (tmp_path / "film.png").write_bytes(data)
    message = refusal(read_mask, tmp_path / "film.png")
    assert message.startswith(
        f"{tmp_path / 'film.png'}: expected PNG, JPEG, TIFF, GIF or DICOM. Received: no known kind"
    )
    assert said in message


def test_no_image_is_taken_for_something_else(tmp_path):
    for name, options in (
        *(("a.png", {}), ("a.jpg", {}), ("a.tif", {}), ("a.gif", {}), ("a.bmp", {}), ("a.webp", {}), ("a.jp2", {})),
        ("a.pgm", {}),
    ):
        assert foreign_kind(save(tmp_path / name, MASK, **options).read_bytes()[:4096]) == "", name


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_file_that_is_cut_anywhere_is_refused_or_whole(tmp_path, kind):
    file = io.BytesIO()
    Image.fromarray(MASK).save(file, kind)
    data, path = file.getvalue(), tmp_path / "mask"
    path.write_bytes(data)
    whole = read_image(path)
    for stop in np.linspace(1, len(data) - 1, 40).astype(int):
        path.write_bytes(data[:stop])
        with suppress(InputError):
            np.testing.assert_array_equal(read_image(path), whole, err_msg=f"cut at {stop} of {len(data)}")


GREY = np.random.default_rng([4]).integers(0, 256, (160, 160), dtype=np.uint8)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "BMP", "PPM", "WEBP", "DICOM"])
def test_a_transfer_of_text_is_noticed(tmp_path, kind):
    path = tmp_path / "film"
    if kind == "DICOM":
        pytest.importorskip("pydicom")
        write_dicom(path, GREY)
    else:
        Image.fromarray(GREY).save(path, kind)
    assert read_image(path).shape == GREY.shape
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "ends of lines were changed" in refusal(read_image, path)


def test_numbers_in_text_may_have_any_ends_of_lines(tmp_path):
    path = tmp_path / "film"
    path.write_bytes(b"P2\r\n40 40\r\n255\r\n" + b"7 9\r\n" * 800)
    assert read_image(path)[0, :2].tolist() == [7, 9]
