"""A whole folder: the parallel run, its manifest, and files that spoil it."""

import csv
import os

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.preparation import read_manifest
from lungseg.preparation.case import CropBox
from radiographs import save
from raw_sources import contents, film, lungs, make_source, prepare

# --------------------------------------------------------------------------- the run


def test_left_and_right_become_one_mask(tmp_path):
    save(tmp_path / "raw/CXR_png/m.png", film())
    save(tmp_path / "raw/ManualMask/leftMask/m.png", lungs("left"))
    save(tmp_path / "raw/ManualMask/rightMask/m.png", lungs("right") // 255)  # 0/1
    save(tmp_path / "raw/CXR_png/half.png", film())
    save(tmp_path / "raw/ManualMask/leftMask/half.png", lungs("left"))
    report = prepare(tmp_path / "raw", tmp_path / "out", 40)
    assert report.without_mask == ["half.png"]  # one half of a mask is no mask
    mask = np.load(tmp_path / "out/m.npy")[..., 1]
    assert mask[20, 8] == 1  # left
    assert mask[20, 30] == 1  # right
    assert mask[20, 20] == 0


def test_cases_and_manifest(tmp_path):
    raw, out = make_source(tmp_path / "raw"), tmp_path / "deep/out"
    save(raw / "images/b.png", film(1, border=10))
    report = prepare(raw, out)
    assert (report.written, report.reused, report.failed) == (3, 0, [])
    assert report.seconds > 0
    assert sorted(contents(out)) == ["a.npy", "b.npy", "c.npy", "manifest.csv", "overview.png"]  # no stray files
    case = np.load(out / "b.npy", allow_pickle=False)
    assert case.shape == (16, 16, 2)
    assert case.dtype == np.float32
    with (out / "manifest.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["case"] for row in rows] == ["a", "b", "c"]
    expected = dict(image="images/b.png", masks="masks/b.png", height="40", width="30", size="16")
    expected |= dict(top="0", left="0", bottom="30", right="30")
    assert {name: rows[1][name] for name in expected} == expected
    assert 10 < float(rows[1]["low"]) < 60 < 180 < float(rows[1]["high"]) < 200


def test_manifest_leads_back_to_the_original_pixels(raw, out):
    save(raw / "images/b.png", film(1, border=10))
    prepare(raw, out, 64)
    geometry = read_manifest(out)["b"]
    assert geometry.crop == CropBox(0, 0, 30, 30)
    back = geometry.to_original(np.load(out / "b.npy")[..., 1])
    np.testing.assert_array_equal(back, (lungs("left") | lungs("right")) > 0)


def test_processes_do_not_change_a_byte(tmp_path):
    raw = make_source(tmp_path / "raw", [f"case_{i}" for i in range(6)])
    prepare(raw, tmp_path / "one", n_jobs=1)
    prepare(raw, tmp_path / "two", n_jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_partnerless_files_are_reported(raw, out):
    (raw / "masks/b.png").unlink()
    save(raw / "masks/nobody.png", lungs("left"))
    with pytest.warns(
        UserWarning, match=r"^Left out: 1 image without a mask \(b.png\); 1 mask without an image"
    ) as told:
        report = prepare(raw, out)
    assert len(told) == 1
    assert report.written == 2
    assert report.without_mask == ["b.png"]
    assert report.without_image == ["nobody.png"]
    assert "1 image without a mask left out: b.png" in report.summary()
    assert "1 mask without an image left out: nobody.png" in report.summary()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_bad_files_do_not_stop_the_rest(tmp_path, n_jobs):
    raw, out = make_source(tmp_path / "raw", "abcdef"), tmp_path / "out"
    png = raw / "images/a.png"
    png.write_bytes(png.read_bytes()[:200])
    save(raw / "images/b.png", np.zeros((40, 30), np.uint8))
    save(raw / "masks/d.png", lungs("left").T.copy())
    save(raw / "masks/e.png", np.zeros((40, 30), np.uint8))
    report = prepare(raw, out, n_jobs=n_jobs)
    assert report.written == 2
    assert [os.path.basename(file) for file, _ in report.failed] == ["a.png", "b.png", "d.png", "e.png"]
    for (_, reason), said in zip(report.failed, ("truncated", "all-black", "30 x 40", "empty"), strict=True):
        assert said in reason
        assert reason in report.summary()
    assert sorted(contents(out)) == ["c.npy", "f.npy", "manifest.csv", "overview.png"]
    assert list(read_manifest(out)) == ["c", "f"]


def test_nothing_usable_is_an_error_and_leaves_no_folder(tmp_path):
    raw = make_source(tmp_path / "raw", "ab")
    for name in "ab":
        save(raw / f"images/{name}.png", np.zeros((40, 30), np.uint8))
    with pytest.raises(InputError, match=r"2 that failed.*a\.png.*all-black"):
        prepare(raw, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_nothing_behind(raw, out, monkeypatch):
    real, calls = np.save, []

    def full_disk(file, array):
        real(file, array[:2])
        calls.append(array)
        if len(calls) == 2:
            raise OSError("no space left")

    monkeypatch.setattr(np, "save", full_disk)
    report = prepare(raw, out)
    assert [os.path.basename(file) for file, _ in report.failed] == ["b.png"]
    assert "no space left" in report.failed[0][1]
    assert sorted(contents(out)) == ["a.npy", "c.npy", "manifest.csv", "overview.png"]


def test_predicted_masks_are_no_ground_truth(raw, out):
    (raw / "masks" / "predictions.csv").write_text("file,mask\n")
    with pytest.raises(InputError, match=r"masks that somebody has drawn.*predictions\.csv"):
        prepare(raw, out)
    assert not out.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_no_text_fails_alone(tmp_path):
    raw, out = make_source(tmp_path / "raw", ("a", "M\udcfcller")), tmp_path / "out"
    report = prepare(raw, out)
    assert (report.written, len(report.failed)) == (1, 1)
    assert r"M\udcfcller.png: expected a name in UTF-8" in report.failed[0][1]
    assert prepare(raw, out).reused == 1


@pytest.mark.parametrize("size", [0, -1, 12.5, "128", True])
def test_wrong_size_touches_nothing(raw, out, size):
    with pytest.raises(InputError, match="size: expected"):
        prepare(raw, out, size)
    assert not out.exists()


def test_other_wrong_settings(raw, out, tmp_path):
    with pytest.raises(InputError, match="n_jobs: expected"):
        prepare(raw, out, n_jobs=0)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: expected a folder"):
        prepare(raw, tmp_path / "file")
    with pytest.raises(InputError, match="below: expected a folder"):
        prepare(raw, tmp_path / "file/below")


def test_relative_paths_after_a_change_of_the_working_directory(tmp_path, monkeypatch):
    for name in ("first", "second"):  # the processes of the first are those of the second
        make_source(tmp_path / name / "raw", "ab")
        monkeypatch.chdir(tmp_path / name)
        assert prepare("raw", "out", n_jobs=2).written == 2
        assert sorted(contents(tmp_path / name / "out")) == ["a.npy", "b.npy", "manifest.csv", "overview.png"]


def test_progress_is_shown_on_request(raw, out, tmp_path, capsys):
    prepare(raw, out)
    assert capsys.readouterr().err == ""
    prepare(raw, tmp_path / "more", progress=True)
    assert "3/3" in capsys.readouterr().err
