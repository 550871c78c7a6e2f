"""What people give to `lungseg predict`: tables of odd inputs, each of which ends in a right mask or one clear line.

The film has two dark lungs in a bright body, and the network calls lung what is dark: any mistake in reading it, or
in where the mask lies, shows as a low Dice. How formats are read is told in the tests of `lungseg.radiographs`.
"""

import io
import os
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from lungseg.masks.overlap import dice_of
from lungseg.runs import write_json
from predicting import predict
from radiographs import chest, write_dicom

pydicom = pytest.importorskip("pydicom")

GREY, LUNGS = chest()[0].astype(np.uint8), chest()[1]
RGB = np.repeat(GREY[:, :, None], 3, axis=-1)

# ---- Makers of files: each writes `path`; what it returns, if anything, is the right mask ----


def picture(array_or_image, **options):
    def make(path):
        image = array_or_image() if callable(array_or_image) else array_or_image
        image = image if isinstance(image, Image.Image) else Image.fromarray(image)
        image.save(path, **options)

    return make


def content(data, stop=1.0):
    def make(path):
        whole = data() if callable(data) else data
        path.write_bytes(whole[: int(stop * len(whole))])

    return make


def encoded(kind, image=GREY, **options):
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind, **options)
    return file.getvalue()


def dicom(values=GREY, syntax=None, preamble=True, cut=None, **attributes):
    """A DICOM file; of a syntax, it holds a JPEG."""

    def make(path):
        write_dicom(path, values, **attributes)
        if syntax:
            file = pydicom.dcmread(path)
            file.PixelData = pydicom.encaps.encapsulate([encoded("JPEG", values, quality=95)])
            file["PixelData"].VR = "OB"
            file.file_meta.TransferSyntaxUID = syntax
            file.save_as(path)
        path.write_bytes(path.read_bytes()[0 if preamble else 132 : cut])

    return make


def turned(path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be seen, it must be turned by 90 degrees clockwise
    Image.fromarray(np.rot90(GREY)).save(path, exif=exif, quality=95)


def bordered(path):
    grey, lungs = chest(border=(40, 0, 10, 60))
    Image.fromarray(grey.astype(np.uint8)).save(path)
    return lungs


def small(path):
    grey, lungs = chest(37, 23)
    Image.fromarray(grey.astype(np.uint8)).save(path)
    return lungs


def zipped(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("film.txt", "a film")


def giant_header(path):
    """A PNG of a few bytes that claims 60,000 x 60,000 pixels."""
    data = bytearray(encoded("PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)


SIGNED = GREY.astype(np.int16) * 4 - 1024
BASELINE, VIDEO = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.102"

# name of the file, what makes it
RIGHT = [
    ("grey 8 bits.png", picture(GREY)),
    ("16 bits.png", picture(GREY.astype(np.uint16) * 257)),
    ("two grey values.png", picture(lambda: Image.fromarray(GREY > 120))),
    ("colour.png", picture(RGB)),
    ("progressive.jpeg", picture(RGB, quality=95, progressive=True)),
    ("cmyk.jpg", picture(lambda: Image.fromarray(RGB).convert("CMYK"), quality=95)),
    ("turned in EXIF.jpg", turned),
    ("black borders.png", bordered),
    ("37 x 23.png", small),
    ("bitmap.bmp", picture(GREY)),
    ("a PNG called.jpg", content(encoded("PNG"))),
    ("a JPEG called.dcm", content(encoded("JPEG", quality=95))),
    ("Röntgen 胸部 film.PNG", content(encoded("PNG"))),
    ("no extension", content(encoded("PNG"))),
    ("-dash first.png", picture(GREY)),
    ("a" * 251 + ".png", picture(GREY)),
    ("plain.dcm", dicom()),
    ("a DICOM called.png", dicom()),
    ("DICOM without extension", dicom()),
    ("without preamble.dcm", dicom(preamble=False)),
    ("signed, rescaled.dcm", dicom(SIGNED, RescaleSlope="0.25", RescaleIntercept="256")),
    ("JPEG.dcm", dicom(syntax=BASELINE)),
]

# name of the file, what makes it, what the line says
REFUSED = [
    ("1 x 1.png", picture(GREY[:1, :1]), "one grey value"),
    ("all white.png", picture(np.full((50, 40), 255, np.uint8)), "one grey value 255"),
    ("in a border.png", picture(np.pad(GREY * 0 + 200, 20)), "one grey value inside the black border"),
    ("in a border.dcm", dicom(np.pad(GREY * np.uint16(0) + 4000, 20)), "one grey value inside the black border"),
    ("transparent.png", picture(np.zeros((50, 40, 4), np.uint8)), "all-black"),
    ("document.pdf", content(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), "no known kind of image"),
    ("archive.zip", zipped, "no known kind of image"),
    ("case.npy", lambda path: np.save(path, GREY), "no known kind of image"),
    ("cut.png", content(lambda: encoded("PNG"), stop=0.6), "truncated"),
    (
        "animation.gif",
        picture(Image.fromarray(GREY), save_all=True, append_images=[Image.new("L", (100, 120))]),
        "2 images",
    ),
    ("60,000 x 60,000.png", giant_header, "million pixels"),
    ("without pixel data.dcm", dicom(PixelData=None), "without pixel data"),
    ("text.dcm", content(b"not a film at all, but a long text. " * 9), "text.dcm"),
    ("cut.dcm", dicom(cut=-4000), "whole DICOM image"),
    ("frames.dcm", dicom(np.vstack([GREY, GREY]), Rows=120, NumberOfFrames=2), "2 frames"),
    ("film of a film.dcm", dicom(syntax=VIDEO), "MPEG"),
]


@pytest.mark.parametrize(("name", "make"), RIGHT, ids=[name[:40] for name, _ in RIGHT])
def test_a_right_mask(run, tmp_path, name, make):
    file = tmp_path / "in" / name
    file.parent.mkdir()
    made = make(file)
    truth = LUNGS if made is None else made
    result, (row,) = predict(run, file, out=tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert row["file"] == str(file)
    mask = np.asarray(Image.open(tmp_path / "out" / row["mask"]))
    assert set(np.unique(mask)) == {0, 255}
    assert dice_of(mask > 0, truth) > 0.93
    assert int(row["lung_pixels"]) == np.count_nonzero(mask)
    assert row["components"] == "2"


@pytest.mark.parametrize(("name", "make", "said"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_one_clear_line_and_the_rest_is_done(run, tmp_path, name, make, said):
    (tmp_path / "in").mkdir()
    odd, good = tmp_path / "in" / name, tmp_path / "in" / "good.png"
    make(odd)
    picture(GREY)(good)
    result, (odd_row, good_row) = predict(run, odd, good, out=tmp_path / "out")
    assert result.exit_code == 1
    lines = [line for line in result.output.splitlines() if str(odd) in line]
    assert len(lines) == 1, result.output
    assert said in lines[0]
    assert odd_row["error"] == lines[0].strip()
    assert (odd_row["mask"], odd_row["plausible"], good_row["error"]) == ("", "", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["good.png", "predictions.csv"]


# ---- Places: links, pipes, permissions, runs ----------------------------------------------------


def expect_refusal(result, *parts):
    assert result.exit_code == 1
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    for part in parts:
        assert str(part) in line


@pytest.mark.parametrize("missing", [True, False])
def test_a_link_that_leads_nowhere_or_to_a_film(run, tmp_path, missing):
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "film.png")
    if not missing:
        picture(GREY)(tmp_path / "film.png")
    result, rows = predict(run, link, out=tmp_path / "out")
    if missing:
        expect_refusal(result, link, "no such file")
    else:
        assert [row["mask"] for row in rows] == ["link.png"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_wait_for_ever(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    result, (row,) = predict(run, tmp_path / "pipe.png", out=tmp_path / "out")
    assert result.exit_code == 1
    assert "a device or a pipe" in row["error"]


def test_an_output_folder_that_cannot_be_written(run, tmp_path, monkeypatch):
    picture(GREY)(tmp_path / "film.png")
    (tmp_path / "file").write_text("")
    result, _ = predict(run, tmp_path / "film.png", out=tmp_path / "file" / "out")
    expect_refusal(result, tmp_path / "file" / "out", "--out")

    def read_only(*_, **__):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "locked").mkdir()
    if os.name == "nt" or os.access("/", os.W_OK):  # whoever may write everywhere is not stopped by a mode
        monkeypatch.setattr("lungseg.files.disk.tempfile.TemporaryFile", read_only)
    else:
        (tmp_path / "locked").chmod(0o555)
    result, _ = predict(run, tmp_path / "film.png", out=tmp_path / "locked")
    expect_refusal(result, tmp_path / "locked", "Permission denied", "--out")
    assert not list((tmp_path / "locked").iterdir())


def test_a_run_of_which_nobody_knows_how_its_cases_were_prepared(run, tmp_path):
    other = tmp_path / "run"
    other.mkdir()
    (other / "best.keras").write_bytes((run / "best.keras").read_bytes())
    write_json(other / "settings.json", {})
    picture(GREY)(tmp_path / "film.png")
    result, rows = predict(other, tmp_path / "film.png", out=tmp_path / "out")
    expect_refusal(result, other / "settings.json", "were prepared", "no recipe", "--recipe lungs")
    assert rows == []


def test_a_run_whose_cases_were_prepared_otherwise_wants_films_like_them(run, tmp_path):
    ramp = np.tile(np.r_[np.zeros(50), np.arange(0, 200), np.full(50, 255)], (100, 1)).astype(np.uint8)
    picture(ramp)(tmp_path / "film.png")
    areas = []
    for low in (0.0, 30.0):
        other = tmp_path / f"run_{low}"
        other.mkdir()
        (other / "best.keras").write_bytes((run / "best.keras").read_bytes())
        write_json(other / "settings.json", {"preparation": {"low": low, "high": 90.0, "crop": False}})
        _, (row,) = predict(other, tmp_path / "film.png", out=tmp_path / "out")
        areas.append(int(row["lung_pixels"]))
    # Dark is below half-way between the percentiles: of 300 columns, 0 and 255; and 39 and 255.
    assert areas == pytest.approx([100 * (50 + 128), 100 * (50 + 147)], abs=100 * 3)
