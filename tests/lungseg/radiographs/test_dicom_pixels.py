"""Where the values lie in a DICOM file: bits, words, orders of bytes, codecs, files without a beginning."""

import numpy as np
import pytest
from PIL import Image

from lungseg.radiographs.dicom import is_dicom
from lungseg.radiographs.dicom.codestreams import read_codestream
from lungseg.radiographs.reading import read_image, read_radiograph
from pixel_values import pillow
from radiographs import refusal, write_dicom

pydicom = pytest.importorskip("pydicom")
from pydicom.encaps import encapsulate  # noqa: E402

TWELVE = np.array([[0, 100, 4095], [7, 2048, 3000]], np.uint16)
SIGNED = np.array([[-2048, -1, 0], [1, 100, 2047]], np.int16)
GARBAGE = np.array([[1, 2, 3], [15, 8, 0]], np.uint16)


@pytest.mark.parametrize(
    ("words", "attributes", "expected"),
    [
        (TWELVE, {"BitsStored": 12, "HighBit": 11}, TWELVE),
        (TWELVE | GARBAGE << 12, {"BitsStored": 12, "HighBit": 11}, TWELVE),  # as overlays of old lie above
        (TWELVE << 4, {"BitsStored": 12, "HighBit": 15}, TWELVE),
        (TWELVE << 4 | GARBAGE, {"BitsStored": 12, "HighBit": 15}, TWELVE),
        (TWELVE << 2 | GARBAGE << 14, {"BitsStored": 12, "HighBit": 13}, TWELVE),
        (TWELVE & 255, {"BitsStored": 12, "HighBit": 15}, TWELVE & 255),  # the values tell that HighBit is wrong
        (TWELVE, {"BitsStored": 12, "HighBit": 3}, TWELVE),
        (SIGNED, {"BitsStored": 12, "HighBit": 11}, SIGNED),
        (SIGNED & 0x0FFF, {"BitsStored": 12, "HighBit": 11}, SIGNED),  # without the sign in the upper bits
        (SIGNED << 4, {"BitsStored": 12, "HighBit": 15}, SIGNED),
        (SIGNED.astype(np.int32) * 1000, {}, SIGNED.astype(np.int32) * 1000),
        (np.array([[0, 2**32 - 1]], np.uint32), {}, [[0, 2**32]]),  # nearest in 32 bits of floating point
        (np.array([[-128, 127]], np.int8), {}, [[-128, 127]]),
    ],
)
def test_bits(tmp_path, words, attributes, expected):
    np.testing.assert_array_equal(read_image(write_dicom(tmp_path / "film.dcm", words, **attributes)), expected)


def test_one_bit_for_a_pixel(tmp_path):
    bits = np.array([[1, 0, 1, 1], [0, 0, 1, 0]], np.uint8)
    file = write_dicom(
        tmp_path / "film.dcm",
        bits,
        PixelData=np.packbits(bits, bitorder="little").tobytes() + b"\0",
        BitsAllocated=1,
        BitsStored=1,
        HighBit=0,
    )
    np.testing.assert_array_equal(read_image(file), bits)


@pytest.mark.parametrize("syntax", ["ImplicitVRLittleEndian", "ExplicitVRBigEndian", "DeflatedExplicitVRLittleEndian"])
@pytest.mark.parametrize("preamble", [True, False])
def test_transfer_syntaxes(tmp_path, syntax, preamble):
    file = pydicom.dcmread(write_dicom(tmp_path / "plain.dcm", SIGNED, BitsStored=12, HighBit=11))
    file.WindowCenter, file.WindowWidth = "0.5", "201"
    file = pydicom.Dataset(file)  # forgets in which order of bytes it was read
    file.file_meta = pydicom.dataset.FileMetaDataset()
    file.file_meta.TransferSyntaxUID = getattr(pydicom.uid, syntax)
    big = syntax == "ExplicitVRBigEndian"
    file["PixelData"].VR = "OW"
    file.PixelData = SIGNED.astype(">i2" if big else "<i2").tobytes()
    pydicom.dcmwrite(tmp_path / "film", file, enforce_file_format=True)
    if not preamble:
        (tmp_path / "film").write_bytes((tmp_path / "film").read_bytes()[132:])
    assert is_dicom(tmp_path / "film")
    np.testing.assert_array_equal(read_image(tmp_path / "film"), np.clip(SIGNED, -100, 100))


@pytest.mark.parametrize("big", [True, False])
@pytest.mark.parametrize("implicit", [True, False])
def test_without_file_meta_information_the_data_tell_the_syntax(tmp_path, big, implicit):
    """As files were before DICOM had a preamble, and as programs write the data alone."""
    if big and implicit:
        pytest.skip("there is no such syntax")
    file = pydicom.dcmread(write_dicom(tmp_path / "plain.dcm", TWELVE))
    file["PixelData"].VR = "OW"
    file.PixelData = TWELVE.astype(">u2" if big else "<u2").tobytes()
    with (tmp_path / "film").open("wb") as stream:
        pydicom.filewriter.write_dataset(writing(stream, implicit, not big), file)
    assert is_dicom(tmp_path / "film")
    np.testing.assert_array_equal(read_image(tmp_path / "film"), TWELVE)


def writing(stream, implicit, little):
    stream = pydicom.filebase.DicomFileLike(stream)
    stream.is_implicit_VR, stream.is_little_endian = implicit, little
    return stream


@pytest.mark.parametrize(
    ("start", "dicom"),
    [
        (b"", False),
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", True),
        (b"\x08\x00\x00\x00\x04\x00\x00\x00\xc2\x00\x00\x00", True),  # implicit: the length of the group
        (b"\x00\x08\x00\x05CS\x00\x0aISO_IR 100", True),
        (b"\x28\x00\x02\x00US\x02\x00\x01\x00", True),  # not by the first group, but named DICOM
        (b"\x08\x00\x00\x00\xff\xff\xff\xff", False),
        (b"BM\x08\x00\x05\x00CS", False),
        (b"GIF89a" + bytes(130), False),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", False),
        (b"not a film at all, but a long text" * 9, False),
        (bytes(132), False),
    ],
)
def test_the_content_tells_what_is_dicom(tmp_path, start, dicom):
    (tmp_path / "film.dcm").write_bytes(start)
    assert is_dicom(tmp_path / "film.dcm") is dicom


@pytest.mark.parametrize("kind", ["BMP", "GIF", "PNG", "WEBP"])
def test_another_image_called_dcm_is_read_as_what_it_is(tmp_path, kind):
    Image.fromarray(TWELVE.astype(np.uint8)).save(
        tmp_path / "film.dcm", kind, **({"lossless": True} if kind == "WEBP" else {})
    )
    np.testing.assert_array_equal(read_image(tmp_path / "film.dcm"), TWELVE.astype(np.uint8))


# ---- colours ------------------------------------------------------------------------------------

COLOURS = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).astype(np.uint8)
LUMA = COLOURS @ [0.299, 0.587, 0.114]


@pytest.mark.parametrize(
    ("values", "attributes", "expected"),
    [
        (COLOURS, {}, LUMA),
        (COLOURS, {"PhotometricInterpretation": "rgb"}, LUMA),
        (COLOURS, {"SamplesPerPixel": None}, LUMA),
        (COLOURS, {"PixelData": np.moveaxis(COLOURS, -1, 0).tobytes(), "PlanarConfiguration": 1}, LUMA),
        (COLOURS.astype(np.uint16) * 257, {}, LUMA * 257),
        (
            COLOURS.astype(np.uint16) * 16,
            {
                "PixelData": np.moveaxis(COLOURS.astype(np.uint16) * 16, -1, 0).tobytes(),
                "PlanarConfiguration": 1,
                "BitsStored": 12,
                "HighBit": 11,
            },
            LUMA * 16,
        ),
    ],
)
@pytest.mark.filterwarnings("ignore")  # pydicom's, of small letters
def test_colours_become_their_luma(tmp_path, values, attributes, expected):
    read = read_radiograph(write_dicom(tmp_path / "film.dcm", values, kind="RGB", **attributes))
    np.testing.assert_allclose(read.values, expected, rtol=1e-4)
    assert read.coloured > 0.5  # of 12 bits too, which lie in words of 16


@pytest.mark.parametrize(("kind", "length"), [("YBR_FULL", 3), ("YBR_FULL_422", 3), ("YBR_FULL_422", 2)])
def test_luma_and_chroma(tmp_path, kind, length):
    """Of subsampled pixels, four bytes are two pixels: their lumas, and the colour of both."""
    luma = np.arange(24, dtype=np.uint8).reshape(4, 6) * 10
    if length == 3:
        data = np.stack([luma, np.full_like(luma, 128), np.full_like(luma, 128)], -1)
    else:
        data = np.insert(luma.reshape(-1, 2), [2, 2], 128, axis=1)
    file = write_dicom(tmp_path / "film.dcm", COLOURS, kind=kind, PixelData=data.tobytes())
    read = read_radiograph(file)
    np.testing.assert_allclose(read.values, luma, atol=1)
    assert read.coloured == 0


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette(tmp_path, bits):
    places = np.array([[0, 1], [2, 1]], np.uint8)
    colours = np.array([[255, 0, 9], [0, 255, 9], [0, 0, 9]]) * (257 if bits == 16 else 1)
    attributes = {}
    for channel, name in enumerate(("Red", "Green", "Blue")):
        attributes[f"{name}PaletteColorLookupTableDescriptor"] = [3, 0, bits]
        attributes[f"{name}PaletteColorLookupTableData"] = colours[:, channel].astype(
            f"<u{bits // 8}"
        ).tobytes() + b"\0" * (bits == 8)
    file = write_dicom(tmp_path / "film.dcm", places, kind="PALETTE COLOR", **attributes)
    np.testing.assert_allclose(read_image(file), (colours @ [0.299, 0.587, 0.114])[places], rtol=1e-4)
    assert "palette" in refusal(read_radiograph, write_dicom(tmp_path / "none.dcm", places, kind="PALETTE COLOR"))


# ---- codecs -------------------------------------------------------------------------------------


def compressed(path, data, syntax, **attributes):
    """A file whose pixels are this codestream."""
    file = pydicom.dcmread(write_dicom(path, TWELVE, **attributes))
    file.PixelData = encapsulate([data])
    file["PixelData"].VR = "OB"
    file.file_meta.TransferSyntaxUID = syntax
    file.save_as(path)
    return path


SIZ = b"\xff\x4f\xff\x51\x00\x29\x00\x00"  # how JPEG 2000 begins


def jpeg(height, width, bits=12, mark=0xC1):
    """The beginning of one."""
    sizes = bytes([0, 11, bits, *divmod(height, 256), *divmod(width, 256), 1, 1, 0x11, 0])
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff" + bytes([mark]) + sizes


def test_a_jpeg_of_12_bits_names_the_extra(tmp_path, monkeypatch):
    decoder = pydicom.pixels.get_decoder("1.2.840.10008.1.2.4.51")
    for plugin in set(decoder.available_plugins) - {"pillow"}:
        monkeypatch.delitem(decoder._available, plugin)
        monkeypatch.setitem(decoder._unavailable, plugin, (plugin,))
    file = compressed(tmp_path / "film.dcm", jpeg(2, 3), decoder.UID, BitsStored=12, HighBit=11)
    line = refusal(read_radiograph, file)
    assert "JPEG Extended" in line
    assert "12-bit" in line
    assert 'pip install "lungseg[dicom,codecs]"' in line


@pytest.mark.parametrize(
    ("data", "syntax", "said"),
    [
        (jpeg(200, 300), "1.2.840.10008.1.2.4.51", "2 x 3 compressed pixels, as the file says. Received: 200 x 300"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(40), "1.2.840.10008.1.2.4.90", "broken JPEG 2000"),
        (b"no codestream at all", "1.2.840.10008.1.2.4.50", "Received: pillow: cannot identify"),
        (jpeg(2, 3), "1.2.840.10008.1.2.4.102", "a still image. Received: pixels coded as MPEG-4"),
        (jpeg(2, 3), "1.2.3", "pixels coded as 1.2.3, which cannot be decoded"),
        (jpeg(2, 3), "1.2.840.10008.1.2.1", "uncompressed pixels, as the file says (Explicit VR Little Endian)."),
        (jpeg(2, 3), "", "pixels coded as no TransferSyntaxUID"),
    ],
)  # fmt: skip
def test_compressed_pixels_that_cannot_be_decoded(tmp_path, data, syntax, said):
    file = compressed(tmp_path / "film.dcm", data, "1.2.840.10008.1.2.4.50")
    file.write_bytes(with_syntax(file, syntax))
    assert said in refusal(read_radiograph, file)


def with_syntax(file, syntax):
    """The bytes of a file that says another transfer syntax, whatever pydicom would think of it."""
    dataset = pydicom.dcmread(file)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    del dataset.file_meta.TransferSyntaxUID
    if syntax:
        dataset.file_meta.TransferSyntaxUID = syntax
    from io import BytesIO

    meta, rest = BytesIO(), BytesIO()
    pydicom.filewriter.write_file_meta_info(meta, dataset.file_meta, enforce_standard=False)
    pydicom.filewriter.write_dataset(writing(rest, False, True), dataset)
    return bytes(128) + b"DICM" + meta.getvalue() + rest.getvalue()


def test_a_jpeg_of_8_bits_in_a_file_that_says_16(tmp_path):
    """Viewers show it; pydicom takes one byte of it for two."""
    grey = np.add.outer(np.arange(40), np.arange(30)).astype(np.uint8)
    file = compressed(
        tmp_path / "film.dcm", pillow(grey, "JPEG", quality=100), "1.2.840.10008.1.2.4.50", Rows=40, Columns=30
    )
    assert pydicom.dcmread(file).BitsAllocated == 16
    np.testing.assert_allclose(read_image(file), grey, atol=2)


def test_a_jpeg_in_colour_in_a_file_that_says_grey(tmp_path):
    data = pillow(np.zeros((2, 3, 3), np.uint8), "JPEG")
    line = refusal(read_radiograph, compressed(tmp_path / "film.dcm", data, "1.2.840.10008.1.2.4.50"))
    assert "expected 1 value for each of the compressed pixels, as the file says (SamplesPerPixel). Received: 3" in line


def test_pixels_that_should_be_compressed_and_are_not(tmp_path):
    file = write_dicom(tmp_path / "film.dcm", TWELVE)
    file.write_bytes(with_syntax(file, "1.2.840.10008.1.2.4.50"))
    assert (
        "expected compressed pixels, as the file says (JPEG Baseline (Process 1)). Received: pixels that lie in one"
        in refusal(read_radiograph, file)
    )


def test_an_unknown_number_of_frames_of_compressed_pixels(tmp_path):
    picture = pydicom.dcmread(
        write_dicom(
            tmp_path / "film.dcm",
            np.zeros((2, 8, 8), np.uint8),
            Rows=8,
            Columns=8,
            SamplesPerPixel=1,
            PhotometricInterpretation="MONOCHROME2",
            NumberOfFrames=2,
        )
    )
    picture.compress(pydicom.uid.RLELossless, generate_instance_uid=False)
    tag = pydicom.tag.Tag("NumberOfFrames")
    picture[tag] = pydicom.dataelem.RawDataElement(tag, "IS", 2, b"1A", 0, False, True)
    picture.save_as(tmp_path / "film.dcm")
    assert "2 frames" in refusal(read_radiograph, tmp_path / "film.dcm")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (jpeg(300, 200), (300, 200, 12, 1)),
        (jpeg(300, 200, 16, 0xF7), (300, 200, 16, 1)),  # JPEG-LS
        (jpeg(300, 200, 8, 0xC4), None),  # a table of Huffman codes
        (SIZ + bytes(20), None),  # cut short
        (SIZ + np.array([210, 320, 10, 20, 0, 0, 0, 0], ">u4").tobytes() + b"\0\1\x0b", (300, 200, 12, 1)),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)  # fmt: skip
def test_what_compressed_pixels_say_of_themselves(data, expected):
    assert read_codestream(data) == expected
