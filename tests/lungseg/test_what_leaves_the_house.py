"""What is shared with others names nobody: neither who ran the command, on which computer, nor the patient."""

import base64
import csv
import json
import os
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from lungseg.cases import case_id
from lungseg.cli import main
from lungseg.phantom import write_phantoms
from lungseg.preparation import prepare_folder
from lungseg.runs import write_json
from radiographs import chest, write_dicom
from stand_ins import threshold_network

pytestmark = pytest.mark.slow

USER, PATIENT = "annamaria.huber", "Mustermann"
HEADER = {  # nothing of which a mask needs
    "PatientName": f"{PATIENT}^Erika",
    "PatientID": "ID4711-0815",
    "PatientBirthDate": "19640812",
    "OtherPatientIDs": "OTHER-9393",
    "InstitutionName": "Kreiskrankenhaus",
    "ReferringPhysicianName": "Sauerbruch^Ferdinand",
    "AccessionNumber": "ACC-112233",
    "StudyDate": "20190703",
    "StudyDescription": "Thorax bei Husten",
    "StationName": "RAUM-17",
    "PatientComments": "kommt aus Buxtehude",
    "DeviceSerialNumber": "SER-55555",
}
SECRETS = [USER, *(word for text in HEADER.values() for word in re.split(r"[\^ ]", text) if len(word) > 4)]
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
SHARED = ("evaluation.csv", "summary.json", "report.html")


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home" / USER
    folder.mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, USER)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(home):
    """A run as a training of this user leaves it, which went on from a network that lay on a computer with Windows."""
    cases = write_phantoms(home / "cases", count=6, size=32, seed=2)
    names = [case_id(path) for path in cases]
    folder = home / "run"
    folder.mkdir()
    threshold_network(32, scale=-30).save(folder / "best.keras")
    settings = {
        "cases": str(home / "cases"),
        "start": f"C:\\Users\\{USER}\\older run",
        "count": {"train": 1, "validation": 2, "test": 3},
        "size": [32, 32],
        "preparation": {"low": 5.0, "high": 95.0, "crop": True},
    }
    write_json(folder / "settings.json", settings)
    write_json(folder / "split.json", {"train": names[:1], "validation": names[1:3], "test": names[3:]})
    (folder / "history.csv").write_text("epoch,loss,val_dice\n0,0.9,0.5\n1,0.5,0.6\n", encoding="utf-8")
    return folder


def lungseg(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output


def chunks(png):
    """Give the chunks of a PNG: name and content."""
    place = 8
    while place < len(png):
        length, name = int.from_bytes(png[place : place + 4], "big"), png[place + 4 : place + 8]
        yield name, png[place + 8 : place + 8 + length]
        place += length + 12


def readable(content):
    """Return all that a file says: the text of pictures in it unpacked, in each encoding of text."""
    parts = [content]
    for found in re.findall(rb"data:image/png;base64,([A-Za-z0-9+/=]+)", content):
        parts += [data for name, data in chunks(base64.b64decode(found)) if name in TEXT_CHUNKS]
    if content.startswith(b"\x89PNG"):
        for name, data in chunks(content):
            parts += [zlib.decompress(data.split(b"\0", 1)[1][1:])] if name == b"zTXt" else []
    return b"\n".join(parts).lower()


def secrets_in(path, more=()):
    text = readable(path.read_bytes())
    words = [*SECRETS, *more]
    return [word for word in words if any(word.lower().encode(code) in text for code in ("utf-8", "utf-16-le"))]


def test_an_evaluation_names_neither_user_nor_folders(run, home):
    lungseg("evaluate", "run", "--out", "results")
    files = [path for path in (home / "results").rglob("*") if path.is_file()]
    assert {*SHARED} <= {path.name for path in files}
    found = {path.name: secrets_in(path, [str(home), str(home.parent), os.sep + "home"]) for path in files}
    assert not any(found.values()), found
    assert "older run" in (home / "results" / "report.html").read_text(encoding="utf-8")  # by its last part
    summary = json.loads((home / "results" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["evaluated"]["run"], summary["evaluated"]["cases"]) == ("run", "cases")


def test_masks_and_outlines_say_nothing_but_their_pixels(run, home):
    pytest.importorskip("pydicom")
    write_dicom(home / "IM0001.dcm", chest()[0].astype(np.uint8), **HEADER)
    assert secrets_in(home / "IM0001.dcm")  # the search finds what is there
    lungseg("predict", "IM0001.dcm", "--model", "run", "--out", "masks", "--overlay")
    masks = home / "masks"
    for path in (masks / "IM0001.png", masks / "overlays" / "IM0001.png"):
        assert {name for name, _ in chunks(path.read_bytes())} <= {b"IHDR", b"IDAT", b"IEND"}
        assert secrets_in(path) == []
    # The table is for this computer: it must find the file again, but says nothing of the patient.
    with (masks / "predictions.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row.pop("file") == str(home / "IM0001.dcm")
    assert [word for word in [*SECRETS, str(home)] if word.lower() in str(row).lower()] == []


def test_a_picture_of_a_phone_leaves_nothing_of_itself_in_its_mask(run, home):
    from PIL import Image

    picture = Image.fromarray(chest()[0].astype(np.uint8))
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x9286] = "Maker-of-phones", "2019:07:03 10:11:12", PATIENT
    picture.save(home / "photo.jpg", exif=exif, comment=PATIENT.encode())
    assert secrets_in(home / "photo.jpg")
    lungseg("predict", "photo.jpg", "--model", "run", "--out", "masks", "--overlay")
    for path in (home / "masks").rglob("*.png"):
        assert {name for name, _ in chunks(path.read_bytes())} <= {b"IHDR", b"IDAT", b"IEND"}


def test_prepared_cases_name_no_folder_and_no_patient(home):
    pytest.importorskip("pydicom")
    from PIL import Image

    grey, mask = chest()
    for name in ("images", "masks"):
        (home / "raw" / name).mkdir(parents=True)
    write_dicom(home / "raw" / "images" / "a.dcm", grey.astype(np.uint8), **HEADER)
    Image.fromarray(mask.astype(np.uint8) * 255).save(home / "raw" / "masks" / "a.png")
    prepare_folder("raw", "cases", 32, n_jobs=1, progress=False)
    files = [path for path in Path("cases").rglob("*") if path.is_file()]
    assert {"a.npy", "manifest.csv"} <= {path.name for path in files}
    found = {path.name: secrets_in(path, [str(home), str(home.parent)]) for path in files}
    assert not any(found.values()), found
