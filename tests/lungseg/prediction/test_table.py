"""predictions.csv: what it says of a mask, and what it keeps of earlier runs."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from lungseg.prediction import files as prediction_files
from lungseg.prediction.files import segment_files
from predicting import predict, table_of
from radiographs import chest, refusal, save, write_dicom
from stand_ins import threshold_network

GREY = chest()[0].astype(np.uint8)


def test_areas_in_pixels_and_in_square_centimetres(run, tmp_path):
    pytest.importorskip("pydicom")
    files = (
        write_dicom(tmp_path / "film.dcm", GREY, PixelSpacing=["2.0", "1.5"]),
        save(tmp_path / "film.png", GREY),
    )
    _, (sized, plain) = predict(run, *files, out=tmp_path / "out")
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


def test_right_and_left_are_the_patients_in_a_mirrored_film_too(tmp_path, bright_square, monkeypatch):
    image = bright_square.copy()
    image[20:40, 5:15] = 200  # on the left of the image, the smaller one
    file = save(tmp_path / "a.png", image)
    whole = prediction_files.load_file
    areas = []
    for orientation in (None, ("L", "F"), ("R", "F")):

        def load(*settings, orientation=orientation):
            loaded = whole(*settings)
            return dataclasses.replace(loaded, radiograph=loaded.radiograph._replace(orientation=orientation))

        monkeypatch.setattr(prediction_files, "load_file", load)
        segment_files(threshold_network(), [file], tmp_path / "out", progress=False)
        (row,) = table_of(tmp_path / "out")
        areas.append((int(row["right_lung_pixels"]), int(row["left_lung_pixels"])))
    assert areas[0] == areas[1] == areas[2][::-1]
    assert areas[0][0] < areas[0][1] / 2
    assert "mirrored" in row["reasons"]


# ---- Images that are no frontal radiographs: a mask, and reasons for doubt ------------------------


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
    file = save(tmp_path / "film.png", np.ascontiguousarray(make()))
    result, (row,) = predict(run, file, out=tmp_path / "out")
    assert result.exit_code == 0  # it is done, and a person should look
    assert row["plausible"] == "no"
    assert reasons <= set(row["reasons"].split("; "))
    assert f"{file}: {'; '.join(row['reasons'].split('; ')[:3])}" in result.output


def test_a_film_that_is_right_is_not_doubted(run, tmp_path):
    result, (row,) = predict(run, save(tmp_path / "film.png", GREY), out=tmp_path / "out")
    assert (row["plausible"], row["reasons"]) == ("yes", "")
    assert "To look at" not in result.output


# ---- Tables of earlier runs ----------------------------------------------------------------------


def test_rows_of_files_that_failed_stay(tmp_path, bright_square):
    (tmp_path / "broken.png").write_bytes(b"no image")
    save(tmp_path / "film.png", bright_square)
    for name in ("broken.png", "film.png"):
        segment_files(threshold_network(), [tmp_path / name], tmp_path / "out", progress=False)
    assert [bool(row["error"]) for row in table_of(tmp_path / "out")] == [True, False]
    # Once it can be read, its row is like the others.
    save(tmp_path / "broken.png", bright_square)
    segment_files(threshold_network(), [tmp_path / "broken.png"], tmp_path / "out", progress=False)
    assert [row["error"] for row in table_of(tmp_path / "out")] == ["", ""]


def test_a_table_that_a_spreadsheet_has_saved_is_read(tmp_path, bright_square):
    films = [save(tmp_path / name, bright_square) for name in ("a.png", "b.png")]
    segment_files(threshold_network(), films[:1], tmp_path / "out", progress=False)
    table = tmp_path / "out" / "predictions.csv"
    table.write_text(table.read_text(encoding="utf-8"), encoding="utf-8-sig")
    segment_files(threshold_network(), films[1:], tmp_path / "out", progress=False)
    assert [row["mask"] for row in table_of(tmp_path / "out")] == ["a.png", "b.png"]


def segment(file, out):
    segment_files(threshold_network(), [file], out, report=lambda line: None, progress=False)


REFUSED = {
    "another table": ("day,dose\n1,2\n", "Received: day, dose"),
    "a path upwards": ("file,mask\n{film},../thesis.docx\n", "without a folder"),
    "a path upwards to a picture": ("file,mask\n{film},../thesis.png\n", "without a folder"),
    "a path of Windows": ("file,mask\n{film},..\\thesis.png\n", "without a folder"),
    "a whole path": ("file,mask\n{film},{folder}/thesis.png\n", "without a folder"),
    "a drive": ("file,mask\n{film},C:thesis.png\n", "without a folder"),
    "a folder below": ("file,mask\n{film},overlays/a.png\n", "without a folder"),
    "the row of another film": ("file,mask\nelsewhere.png,../thesis.png\n", "without a folder"),
    "a NUL in a name": ("file,mask\n{film},a\0b.png\n", "NUL"),
    "the table itself": ("file,mask\n{film},predictions.csv\n", "expected masks in PNG files"),
    "the lock": ("file,mask\n{film},.lungseg.lock\n", "expected masks in PNG files"),
    "one mask of two films": ("file,mask\n{film},a.png\nother.png,A.png\n", "'A.png' twice"),
    "one mask, stored in two ways": ("file,mask\n{film},u\u0308.png\nother.png,\u00fc.png\n", "'\u00fc.png' twice"),
    "a name without an end": ("file,mask\n{film}," + "a" * 9000 + ".png\n", "at most 255 bytes"),
    "a row that is cut": ("file,mask\n{film}", "Received: 1 in row 2"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_table_that_names_what_is_no_mask_is_refused(tmp_path, bright_square, kind):
    film, out = save(tmp_path / "a.png", bright_square), tmp_path / "out"
    text, said = REFUSED[kind]
    out.mkdir()
    for name in ("thesis.docx", "thesis.png"):
        (tmp_path / name).write_bytes(b"of years")
    text = text.format(film=film, folder=tmp_path)
    (out / "predictions.csv").write_text(text)
    message = refusal(segment, film, out)
    assert said in message
    assert len(message) < len(str(out)) + 350
    assert {path.name: path.read_bytes() for path in tmp_path.glob("thesis*")} == {
        "thesis.docx": b"of years",
        "thesis.png": b"of years",
    }
    assert [path.name for path in out.iterdir()] == ["predictions.csv"]
    assert (out / "predictions.csv").read_text() == text


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_an_empty_table_is_none(tmp_path, bright_square, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "predictions.csv").write_bytes(content)  # a full disk
    for name in ("a.png", "b.png"):
        segment(save(tmp_path / name, bright_square), tmp_path / "out")
    assert [row["mask"] for row in table_of(tmp_path / "out")] == ["a.png", "b.png"]


def test_a_column_that_somebody_has_added_stays(tmp_path, bright_square):
    films, out = [save(tmp_path / name, bright_square) for name in ("a.png", "b.png")], tmp_path / "out"
    segment(films[0], out)
    lines = (out / "predictions.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join(f"{line};{word}" for line, word in zip(lines, ("seen by", "Dr. Müller"), strict=True))
    (out / "predictions.csv").write_text(text.replace(",", ";"), encoding="cp1252")
    segment(films[1], out)
    assert [(row["mask"], row["seen by"]) for row in table_of(out)] == [("a.png", "Dr. Müller"), ("b.png", "")]


@pytest.mark.parametrize("name", ["images\\a", "C:a", "a\nb", "\x1b[2Ja", "a\u2028b", "\udce4"])
def test_a_mask_has_a_name_that_the_table_can_hold(tmp_path, bright_square, name):
    film, out = save(tmp_path / "a.tif", bright_square), tmp_path / "out"
    other = film.rename(tmp_path / f"{name}.tif")
    for _ in range(2):  # the second one reads the table of the first
        segment(other, out)
    (row,) = table_of(out)
    assert not row["error"]
    assert (out / row["mask"]).exists()
    assert row["mask"].isprintable()
    assert not set("/\\:") & set(row["mask"])
