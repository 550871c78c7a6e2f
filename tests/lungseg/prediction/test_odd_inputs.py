"""What people give to `lungseg predict`: tables of odd inputs, each of which ends in a right mask or one clear line.

The film has two dark lungs in a bright body, and the network calls lung what is dark: so the right
mask is known, and any mistake on the way there and back shows as a low Dice.
"""

import csv
import io
import os
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg.cli import main
from lungseg.masks.overlap import dice_of
from lungseg.runs import write_json

pydicom = pytest.importorskip("pydicom")
SIZE = 64


def chest(height=120, width=100):
    """Return grey values 0..255 (uint8) and the mask of two lungs; neither looks the same upside down or mirrored."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    right, left = x + 0.45 + 0.15 * y, x - 0.45 - 0.15 * y  # further apart below
    lungs = (right**2 / 0.07 + (y + 0.1) ** 2 / 0.4 < 1) | (left**2 / 0.06 + (y + 0.15) ** 2 / 0.3 < 1)
    return np.where(lungs, 60.0 + 8 * x, 180.0 + 20 * x).astype(np.uint8), lungs


GREY, LUNGS = chest()
RGB = np.repeat(GREY[:, :, None], 3, axis=-1)
PAGES = [Image.fromarray(GREY)] * 3


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose network calls lung what is dark."""
    folder = tmp_path_factory.mktemp("run")
    inputs = keras.Input((SIZE, SIZE, 1))
    layer = keras.layers.Conv2D(1, 1, activation="sigmoid")
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.full((1, 1, 1, 1), -60.0), np.array([30.0])])
    model.save(folder / "best.keras")
    write_json(folder / "settings.json", {"preparation": {"low": 5.0, "high": 95.0, "crop": True}})
    return folder


def predict(run, *inputs, out):
    """Run the command; return its result and the rows of its table."""
    arguments = ["predict", "--model", run, "--out", out, "--", *inputs]
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    table = out / "predictions.csv"
    rows = list(csv.DictReader(table.open(newline="", encoding="utf-8"))) if table.exists() else []
    return result, rows


# ---- Makers of files: each writes `path`; what it returns, if anything, is the right mask ----


def picture(array_or_image, **options):
    def make(path):
        image = array_or_image() if callable(array_or_image) else array_or_image
        image = image if isinstance(image, Image.Image) else Image.fromarray(image)
        image.save(path, **options)

    return make


def content(data, start=0.0, stop=1.0):
    def make(path):
        whole = data() if callable(data) else data
        path.write_bytes(whole[int(start * len(whole)) : int(stop * len(whole))])

    return make


def encoded(kind, image=GREY, **options):
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind, **options)
    return file.getvalue()


def dicom(values=GREY, kind="MONOCHROME2", syntax=None, preamble=True, **attributes):
    """Write a DICOM file of an image (H, W) or (H, W, 3); an attribute of None is deleted."""

    def make(path):
        from pydicom.dataset import FileDataset, FileMetaDataset
        from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["film"])
        file = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
        file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        file.Rows, file.Columns = values.shape[:2]
        file.SamplesPerPixel = 1 if values.ndim == 2 else 3
        if values.ndim == 3:
            file.PlanarConfiguration = 0
        file.PhotometricInterpretation = kind
        file.BitsAllocated = file.BitsStored = 8 * values.dtype.itemsize
        file.HighBit = file.BitsStored - 1
        file.PixelRepresentation = int(values.dtype.kind == "i")
        file.PixelData = values.tobytes()
        for name, value in attributes.items():
            if value is None:
                delattr(file, name)
            else:
                setattr(file, name, value)
        if syntax == "RLE":
            file.compress(pydicom.uid.RLELossless, generate_instance_uid=False)
        elif syntax:
            file.PixelData = pydicom.encaps.encapsulate([encoded("JPEG", values, quality=95)])
            file["PixelData"].VR = "OB"
            meta.TransferSyntaxUID = syntax
        file.save_as(path, enforce_file_format=True)
        if not preamble:
            path.write_bytes(path.read_bytes()[132:])

    return make


def cut_dicom(path):
    dicom()(path)
    path.write_bytes(path.read_bytes()[:-4000])


def turned(path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be seen, it must be turned by 90 degrees clockwise
    Image.fromarray(np.rot90(GREY)).save(path, exif=exif, quality=95)


def bordered(path):
    Image.fromarray(np.pad(GREY, ((40, 10), (0, 60)))).save(path)
    return np.pad(LUNGS, ((40, 10), (0, 60)))


def small(path):
    values, lungs = chest(37, 23)
    Image.fromarray(values).save(path)
    return lungs


def zipped(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("film.txt", "a film")


def giant_header(path):
    """A PNG of a few bytes that claims 60,000 x 60,000 pixels."""
    data = bytearray(encoded("PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)


def palette():
    return Image.fromarray(GREY).convert("P")


def not_finite():
    values = GREY.astype(np.float32)
    values[5, 5] = np.nan
    return values


SIGNED = GREY.astype(np.int16) * 4 - 1024
BASELINE, VIDEO = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.102"

# name of the file, what makes it
RIGHT = [
    ("grey 8 bits.png", picture(GREY)),
    ("16 bits.png", picture(GREY.astype(np.uint16) * 257)),
    ("12 of 16 bits.png", picture(GREY.astype(np.uint16) * 16)),
    ("two grey values.png", picture(lambda: Image.fromarray(GREY > 120))),
    ("colour.png", picture(RGB)),
    ("alpha.png", picture(np.dstack([RGB, np.full_like(GREY, 255)]))),
    ("grey and alpha.png", picture(lambda: Image.merge("LA", [PAGES[0], Image.new("L", PAGES[0].size, 255)]))),
    ("palette.png", picture(palette)),
    ("grey.jpg", picture(GREY, quality=95)),
    ("progressive.jpeg", picture(RGB, quality=95, progressive=True)),
    ("cmyk.jpg", picture(lambda: Image.fromarray(RGB).convert("CMYK"), quality=95)),
    ("turned in EXIF.jpg", turned),
    ("8 bits.tif", picture(GREY)),
    ("16 bits, compressed.tiff", picture(GREY.astype(np.uint16) * 257, compression="tiff_lzw")),
    ("big endian.tif", picture(GREY.astype(">u2") * 257)),
    ("floating point.tif", picture(GREY.astype(np.float32) / 255)),
    ("white is zero.tif", picture(65535 - GREY.astype(np.uint16) * 257, tiffinfo={262: 0})),
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
    ("MONOCHROME1.dcm", dicom(255 - GREY, kind="MONOCHROME1")),
    ("signed, rescaled.dcm", dicom(SIGNED, RescaleSlope="0.25", RescaleIntercept="256")),
    ("12 bits.dcm", dicom(GREY.astype(np.uint16) * 16, BitsStored=12, HighBit=11)),
    ("window.dcm", dicom(GREY.astype(np.uint16) * 16, WindowCenter="1900", WindowWidth="2000")),
    ("two windows.dcm", dicom(WindowCenter=["120", "5"], WindowWidth=["200", "1"])),
    ("window beside the values.dcm", dicom(WindowCenter="9000", WindowWidth="10")),
    ("colour.dcm", dicom(RGB, kind="RGB")),
    ("RLE.dcm", dicom(syntax="RLE")),
    ("JPEG.dcm", dicom(syntax=BASELINE)),
]

# name of the file, what makes it, what the line says
REFUSED = [
    ("1 x 1.png", picture(GREY[:1, :1]), "one grey value"),
    ("all black.png", picture(np.zeros((50, 40), np.uint8)), "all-black"),
    ("all white.png", picture(np.full((50, 40), 255, np.uint8)), "one grey value 255"),
    ("transparent.png", picture(np.zeros((50, 40, 4), np.uint8)), "all-black"),
    ("empty.png", content(b""), "an empty file"),
    ("text.png", content(b"Dear colleague, here are the films."), "no known kind of image"),
    ("document.pdf", content(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), "no known kind of image"),
    ("archive.zip", zipped, "no known kind of image"),
    ("case.npy", lambda path: np.save(path, GREY), "no known kind of image"),
    ("cut.png", content(lambda: encoded("PNG"), stop=0.6), "truncated"),
    ("cut.jpg", content(lambda: encoded("JPEG"), stop=0.6), "truncated"),
    ("cut.tif", content(lambda: encoded("TIFF"), stop=0.6), "PNG, JPEG, TIFF or DICOM"),
    ("several pages.tif", picture(PAGES[0], save_all=True, append_images=PAGES[1:]), "3 images"),
    ("animation.gif", picture(PAGES[0], save_all=True, append_images=[Image.new("L", (100, 120))]), "2 images"),
    ("not finite.tif", picture(not_finite), "NaN"),
    ("60,000 x 60,000.png", giant_header, "million pixels"),
    ("without pixel data.dcm", dicom(PixelData=None), "without pixel data"),
    ("text.dcm", content(b"not a film at all, but a long text. " * 9), "text.dcm"),
    ("cut.dcm", cut_dicom, "whole DICOM image"),
    ("frames.dcm", dicom(np.vstack([GREY, GREY]), Rows=120, NumberOfFrames=2), "2 frames"),
    ("film of a film.dcm", dicom(syntax=VIDEO), "MPEG"),
    ("all one value.dcm", dicom(np.full((50, 40), 7, np.uint8)), "one grey value"),
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


# ---- Images that are no radiographs: a mask, and a word of doubt -------------------------------


def noise():
    return np.random.default_rng(0).integers(0, 256, (90, 80)).astype(np.uint8)


def cat():
    """A head with two ears, two eyes and a striped coat, in colour."""
    y, x = np.mgrid[-1:1:120j, -1:1:120j]
    coat = 120 + 60 * np.sin(14 * x + 5 * y)
    head = x**2 + (y - 0.2) ** 2 < 0.4
    ears = (np.abs(np.abs(x) - 0.4) < 0.25 * (y + 0.9)) & (y > -0.9) & (y < -0.2)
    eyes = np.hypot(np.abs(x) - 0.25, y - 0.1) < 0.1
    grey = np.where(eyes, 20, np.where(head | ears, coat, 230))
    return np.dstack([grey, 0.7 * grey, 0.3 * grey]).astype(np.uint8)


def lateral():
    """One lung field in the middle of a body seen from the side, with the spine behind it."""
    y, x = np.mgrid[-1:1:120j, -1:1:100j]
    lung = (x / 0.5) ** 2 + (y / 0.7) ** 2 < 1
    return (np.where(lung, 60, 180) + 30 * (np.abs(x - 0.7) < 0.1)).astype(np.uint8)


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        (noise, {"the lungs touch the edge of the image"}),
        (cat, {"the image is in colour"}),
        (lateral, {"only one lung found, or two that touch"}),
        (lambda: 255 - GREY, {"the lungs touch the edge of the image"}),
        (lambda: GREY[::-1], {"the lungs are no further apart below than above: upside down?"}),
        (lambda: np.rot90(GREY), {"a lung is wider than it is tall"}),
        (lambda: GREY[:, :50], {"only one lung found, or two that touch"}),
        (lambda: GREY[50:], {"the lungs touch the edge of the image"}),
    ],
    ids=["noise", "a cat", "lateral view", "negative", "upside down", "on its side", "half a chest", "cut off"],
)
def test_what_is_no_frontal_radiograph_is_doubted(run, tmp_path, make, reasons):
    file = tmp_path / "film.png"
    Image.fromarray(np.ascontiguousarray(make())).save(file)
    result, (row,) = predict(run, file, out=tmp_path / "out")
    assert result.exit_code == 0  # it is done, and a person should look
    assert row["plausible"] == "no"
    assert reasons <= set(row["reasons"].split("; "))
    assert f"{file}: {row['reasons']}" in result.output


# ---- What the table says ------------------------------------------------------------------------


def test_areas_in_pixels_and_in_square_centimetres(run, tmp_path):
    dicom(PixelSpacing=["2.0", "1.5"])(tmp_path / "film.dcm")
    picture(GREY)(tmp_path / "film.png")
    _, (sized, plain) = predict(run, tmp_path / "film.dcm", tmp_path / "film.png", out=tmp_path / "out")
    mask = np.asarray(Image.open(tmp_path / "out" / sized["mask"])) > 0
    right, left = np.count_nonzero(mask[:, :50]), np.count_nonzero(mask[:, 50:])  # the patient's right is on the left
    assert right > left
    assert (int(sized["right_lung_pixels"]), int(sized["left_lung_pixels"])) == (right, left)
    assert int(sized["lung_pixels"]) == right + left
    assert float(sized["right_lung_cm2"]) == pytest.approx(right * 0.03, abs=0.005)  # 2 mm x 1.5 mm = 0.03 cm2
    assert float(sized["lung_cm2"]) == pytest.approx((right + left) * 0.03, abs=0.005)
    assert (sized["pixel_height_mm"], sized["pixel_width_mm"]) == ("2.0", "1.5")
    assert sized["spacing_from"] == "PixelSpacing"
    assert (plain["lung_pixels"], plain["lung_cm2"], plain["spacing_from"]) == (sized["lung_pixels"], "", "")


def test_an_overlay_has_the_outline_where_the_mask_ends(run, tmp_path):
    picture(GREY)(tmp_path / "film.png")
    arguments = ["predict", tmp_path / "film.png", "--model", run, "--out", tmp_path / "out", "--overlay"]
    assert CliRunner().invoke(main, [str(argument) for argument in arguments]).exit_code == 0
    picture_ = np.asarray(Image.open(tmp_path / "out" / "overlays" / "film.png")).astype(int)
    mask = np.asarray(Image.open(tmp_path / "out" / "film.png")) > 0
    orange = (picture_ == (213, 94, 0)).all(axis=-1)
    inside = np.pad(mask, 1)
    inside = mask & inside[2:, 1:-1] & inside[:-2, 1:-1] & inside[1:-1, 2:] & inside[1:-1, :-2]
    assert (mask & ~inside)[orange].sum() > 0.7 * orange.sum()
    assert orange[mask & ~inside].all()
    assert not orange[~mask].any()


# ---- Places: folders, names, permissions -------------------------------------------------------


def test_a_film_that_is_right_is_not_doubted(run, tmp_path):
    picture(GREY)(tmp_path / "film.png")
    result, (row,) = predict(run, tmp_path / "film.png", out=tmp_path / "out")
    assert (row["plausible"], row["reasons"]) == ("yes", "")
    assert "need a look" not in result.output


def test_a_folder_takes_images_and_nothing_else(run, tmp_path):
    folder = tmp_path / "films"
    (folder / "sub.png").mkdir(parents=True)  # a folder called like an image
    for name, make in [("b.png", picture(GREY)), ("a.dcm", dicom()), ("IM0001", dicom()), ("c.TIF", picture(GREY))]:
        make(folder / name)
    (folder / "notes.txt").write_text("not a film")
    (folder / "README").write_text("no extension, and no DICOM")
    picture(GREY)(folder / ".hidden.png")
    result, rows = predict(run, folder, out=tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert [row["mask"] for row in rows] == ["IM0001.png", "a.png", "b.png", "c.png"]


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
        monkeypatch.setattr("lungseg.prediction.files.tempfile.TemporaryFile", read_only)
    else:
        (tmp_path / "locked").chmod(0o555)
    result, _ = predict(run, tmp_path / "film.png", out=tmp_path / "locked")
    expect_refusal(result, tmp_path / "locked", "Permission denied", "--out")
    assert not list((tmp_path / "locked").iterdir())


@pytest.mark.parametrize("preparation", [None, {"low": 1.0, "high": 99.0, "crop": True}])
def test_a_run_whose_cases_were_prepared_otherwise(run, tmp_path, preparation):
    other = tmp_path / "run"
    other.mkdir()
    (other / "best.keras").write_bytes((run / "best.keras").read_bytes())
    write_json(other / "settings.json", {"preparation": preparation} if preparation else {})
    picture(GREY)(tmp_path / "film.png")
    result, rows = predict(other, tmp_path / "film.png", out=tmp_path / "out")
    expect_refusal(result, other / "settings.json", "preparation", "99.0" if preparation else "none named")
    assert rows == []


# ---- Large ones --------------------------------------------------------------------------------

LARGE = """
import resource, sys
from click.testing import CliRunner
from lungseg.cli import main
from lungseg.prediction import open_model
open_model(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = CliRunner().invoke(main, ["predict", sys.argv[1], "--model", sys.argv[2], "--out", sys.argv[3], "--overlay"])
assert result.exit_code == 0, result.output
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
def test_10000_x_8000_pixels(run, tmp_path):
    values, lungs = chest(200, 160)
    picture(Image.fromarray(values).resize((8000, 10000), Image.Resampling.NEAREST))(tmp_path / "large.tif")
    command = [sys.executable, "-c", LARGE, str(tmp_path / "large.tif"), str(run), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    mask = Image.open(tmp_path / "out" / "large.png")
    assert mask.size == (8000, 10000)
    small = np.asarray(mask.resize((160, 200), Image.Resampling.NEAREST))
    assert dice_of(small > 0, lungs) > 0.93
    assert max(Image.open(tmp_path / "out" / "overlays" / "large.png").size) == 2048
    assert int(done.stdout.split()[-1]) < 1.7e6, "kilobytes above those of Keras and the network"
