"""What disks and other programs do to a folder while it is prepared; names that are long or odd; where OUT may lie."""

import os
import tempfile
import unicodedata

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.phantom import write_phantoms
from lungseg.preparation import find_radiographs, read_manifest
from lungseg.preparation.folder import lungs as preparation
from lungseg.preparation.folder import place
from radiographs import save
from raw_sources import contents, film, lungs, make_source, prepare

LONG = "胸" * 83  # with an extension, 253 bytes: nearly the longest name a disk takes


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen when the case of this name has been read."""

    def happens(name, what):
        real = preparation.make_case

        def read(image, *arguments):
            result = real(image, *arguments)
            if image.stem == name:
                what()
            return result

        monkeypatch.setattr(preparation, "make_case", read)

    return happens


def failures(report):
    assert all("\n" not in reason for _, reason in report.failed)
    return [(os.path.basename(file), reason) for file, reason in report.failed]


def test_a_long_name_is_a_name(tmp_path):
    raw, out = make_source(tmp_path / "raw", ["a", LONG]), tmp_path / "out"
    assert prepare(raw, out).written == 2
    assert sorted(contents(out)) == ["a.npy", "manifest.csv", "overview.png", f"{LONG}.npy"]
    assert prepare(raw, out).reused == 2


def test_a_name_that_becomes_too_long_fails_alone(tmp_path):
    for seed, folder in enumerate(("one", "two")):
        make_source(tmp_path / "raw" / folder, ["a"])
        save(tmp_path / "raw" / folder / "images/a.png", film(seed))
    make_source(tmp_path / "raw/one", [LONG])
    report = prepare(tmp_path / "raw", tmp_path / "out")
    ((name, reason),) = failures(report)
    assert name == f"{LONG}.png"
    assert "at most 255 bytes" in reason
    assert sorted(contents(tmp_path / "out")) == ["manifest.csv", "one_a.npy", "overview.png", "two_a.npy"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["b\nc", "b\x1b[31mc", "b\rc", "b\u2028c"])
def test_a_name_with_control_characters_fails_alone_in_one_line(tmp_path, name):
    raw, out = make_source(tmp_path / "raw", ["a", name]), tmp_path / "out"
    ((_, reason),) = failures(prepare(raw, out))
    assert "without control characters" in reason
    assert "\x1b" not in reason
    assert prepare(raw, out).reused == 1


def test_a_file_that_is_gone_when_its_turn_comes_fails_alone(raw, out, meanwhile):
    meanwhile("a", lambda: (raw / "images/b.png").unlink())
    report = prepare(raw, out)
    ((name, reason),) = failures(report)
    assert (name, report.written) == ("b.png", 2)
    assert "No such file" in reason or "no such file" in reason


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_a_file_that_is_gone_fails_alone(raw, out):
    (raw / "images/b.png").unlink()
    (raw / "images/b.png").symlink_to("nowhere.png")
    for _ in range(2):
        report = prepare(raw, out)
        assert [name for name, _ in failures(report)] == ["b.png"]
        assert report.written + report.reused == 2


@pytest.mark.parametrize("what", ["images", "masks"])
def test_a_file_that_is_written_meanwhile_is_no_case(raw, out, meanwhile, what):
    meanwhile("b", lambda: os.utime(raw / what / "b.png", (10**9, 10**9)))
    ((name, reason),) = failures(prepare(raw, out))
    assert name == "b.png"
    assert "changed while it was read" in reason


def test_a_file_of_somebody_else_fails_alone(raw, out, monkeypatch):
    real = preparation.make_case

    def read(image, *arguments):
        if image.stem == "b":
            raise PermissionError(13, "Permission denied", str(image))
        return real(image, *arguments)

    monkeypatch.setattr(preparation, "make_case", read)
    report = prepare(raw, out)
    assert (report.written, failures(report)) == (2, [("b.png", "images/b.png: Permission denied.")])


def test_doubts_about_images_of_one_name_tell_their_folders(tmp_path):
    for seed, folder in enumerate(("COVID", "Normal")):
        save(tmp_path / folder / "images/1.png", film(seed))
        save(tmp_path / folder / "masks/1.png", lungs("left"))
    summary = prepare(tmp_path, tmp_path / "out").summary()
    assert "2 cases need a look" in summary
    assert "COVID/images/1.png, Normal/images/1.png" in summary


# --------------------------------------------------------------------------- where OUT may lie


def test_the_cases_may_lie_in_the_source(raw):
    out = raw / "cases"
    assert prepare(raw, out).written == 3
    save(out / "overview.png", film())
    save(out / "masks/a.png", lungs("left"))
    report = prepare(raw, out)
    assert report.reused == 3
    assert report.notes == ["images from images; masks from masks"]


def test_the_source_may_lie_in_the_folder_of_the_cases(tmp_path):
    raw = make_source(tmp_path / "raw")
    before = {path: path.read_bytes() for path in raw.rglob("*.png")}
    assert prepare(raw, tmp_path).written == 3
    assert prepare(raw, tmp_path, overwrite=True).written == 3
    assert {path: path.read_bytes() for path in raw.rglob("*.png")} == before


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (".", "that of the images and masks"),
        ("images/..", "that of the images and masks"),
        ("images", "one of images or masks"),
        ("masks", "one of images or masks"),
        ("images/../masks", "one of images or masks"),
    ],
)
def test_source_and_cases_do_not_share_a_folder(raw, place, said):
    before = sorted(raw.rglob("*"))
    with pytest.raises(InputError, match=f"expected a folder for the cases.* Received: {said}"):
        prepare(raw, raw / place)
    assert sorted(raw.rglob("*")) == before


def test_cases_of_another_origin_are_not_mixed_with_those_of_the_source(raw, out):
    (other,) = write_phantoms(out, count=1, size=32)
    for overwrite in (False, True):
        with pytest.raises(InputError, match=f"Received: 1 case of another origin, {other.stem} for one"):
            prepare(raw, out, overwrite=overwrite)
    assert [path.name for path in out.iterdir()] == [other.name]


def test_of_prepared_cases_the_overview_is_no_radiograph(raw, tmp_path):
    assert prepare(raw, raw / "cases").written == 3
    assert [one.case for one in find_radiographs(raw)] == ["a", "b", "c"]
    assert prepare(raw, tmp_path / "again").notes == ["images from images; masks from masks"]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_a_folder_that_cannot_be_written_is_asked_first(raw, out, monkeypatch, error):
    def refuse(**settings):
        raise error

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(preparation, "make_case", None)  # not reached
    with pytest.raises(InputError, match=rf"out: expected a folder that can be written\. Received: .*{error.strerror}"):
        prepare(raw, out)


NFC, NFD = (unicodedata.normalize(form, "müller") for form in ("NFC", "NFD"))


@pytest.mark.parametrize("names", [("a", "A"), ("ss", "ß")])
def test_names_that_a_disk_cannot_tell_apart(tmp_path, monkeypatch, names):
    raw, out = make_source(tmp_path / "raw", names), tmp_path / "out"
    assert prepare(raw, out).written == 2
    assert list(read_manifest(out)) == sorted(names)
    monkeypatch.setattr(place, "_tells_case", lambda folder: False)
    with pytest.raises(InputError, match="names that this disk can tell apart"):
        prepare(raw, out, overwrite=True)


def test_a_disk_is_asked_whether_it_tells_case(tmp_path, monkeypatch):
    assert place._tells_case(tmp_path)
    monkeypatch.setattr(place.Path, "exists", lambda path: True)  # finds it by any other case, too
    assert not place._tells_case(tmp_path)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------- of other kinds


def test_radiographs_as_dicom_with_masks_as_png_and_gif(tmp_path):
    from PIL import Image

    from radiographs import write_dicom

    mask = lungs("left") | lungs("right")
    for name in ("a.dcm", "1.2.840.113619.7"):
        (tmp_path / "raw/images").mkdir(parents=True, exist_ok=True)
        write_dicom(tmp_path / "raw/images" / name, film().astype(np.uint16) * 16)
    save(tmp_path / "raw/masks/a.png", mask)
    Image.fromarray(mask).save(tmp_path / "raw/masks/1.2.840.113619.7.gif")
    assert prepare(tmp_path / "raw", tmp_path / "out", 40).written == 2
    cases = [np.load(tmp_path / "out" / f"{name}.npy") for name in ("a", "1.2.840.113619.7")]
    np.testing.assert_array_equal(*cases)
    assert cases[0][20, 8, 1] == cases[0][20, 30, 1] == 1
