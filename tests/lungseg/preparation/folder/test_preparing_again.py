"""A folder of cases that is prepared once more: what is kept, what is made again, and what goes."""

import csv
import os
from contextlib import contextmanager

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.files import DiskFull, folder_lock
from lungseg.preparation import read_manifest
from lungseg.preparation.folder import lungs as preparation
from radiographs import save
from raw_sources import contents, lungs, make_source, prepare


@contextmanager
def interrupted_at(name, monkeypatch):
    """Interrupt a run, as Ctrl+C does, when it comes to the image of this name."""
    real = preparation.make_case

    def interrupt(image, *settings):
        if image.stem == name:
            raise KeyboardInterrupt
        return real(image, *settings)

    with monkeypatch.context() as patch:
        patch.setattr(preparation, "make_case", interrupt)
        with pytest.raises(KeyboardInterrupt):
            yield


def times(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.npy")}


def test_rerun_reuses_what_is_finished(raw, out):
    prepare(raw, out)
    first, before = contents(out), times(out)
    report = prepare(raw, out)
    assert (report.written, report.reused) == (0, 3)
    assert times(out) == before
    (out / "b.npy").unlink()
    (out / ".b.1.part").touch()  # what a killed run leaves
    report = prepare(raw, out)
    assert (report.written, report.reused) == (1, 2)
    assert contents(out) == first


def test_rerun_notices_a_changed_source(raw, out):
    prepare(raw, out)
    before = times(out)
    save(raw / "masks/b.png", lungs("left"))
    report = prepare(raw, out)
    assert (report.written, report.reused) == (1, 2)
    assert [name for name, time in times(out).items() if time != before[name]] == ["b.npy"]
    assert np.load(out / "b.npy")[8, 12, 1] == 0


def test_a_source_that_has_gone_bad_takes_its_case_along(raw, out):
    prepare(raw, out)
    (raw / "images/b.png").write_bytes(b"no image")
    report = prepare(raw, out)
    assert (report.written, report.reused, len(report.failed)) == (0, 2, 1)
    assert list(read_manifest(out)) == ["a", "c"]
    assert not (out / "b.npy").exists()


def test_interrupted_run_goes_on(raw, out, tmp_path, monkeypatch):
    prepare(raw, tmp_path / "whole")
    with interrupted_at("c", monkeypatch):
        prepare(raw, out)
    assert sorted(contents(out)) == ["a.npy", "b.npy", "manifest.csv"]
    report = prepare(raw, out)
    assert (report.written, report.reused) == (1, 2)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("left", [0, 500])
def test_a_case_that_is_cut_short_is_made_again(raw, out, left):
    prepare(raw, out)
    whole = contents(out)
    (out / "b.npy").write_bytes(whole["b.npy"][:left])
    report = prepare(raw, out)
    assert (report.written, report.reused) == (1, 2)
    assert contents(out) == whole


def test_a_mask_that_was_replaced_by_an_older_file_is_noticed(raw, out):
    prepare(raw, out)
    mask = raw / "masks" / "b.png"
    size = mask.stat().st_size
    content = lungs("left").copy()
    save(mask, content)
    mask.write_bytes(mask.read_bytes().ljust(size, b"\0"))  # of the same size, and from years ago, as `cp -p` leaves it
    assert mask.stat().st_size == size
    os.utime(mask, (10**9, 10**9))
    assert (prepare(raw, out).written, np.load(out / "b.npy")[8, 12, 1]) == (1, 0)


def test_an_overwriting_run_that_is_interrupted_forgets_nothing(tmp_path, monkeypatch):
    first, second, out = make_source(tmp_path / "raw", "abc"), make_source(tmp_path / "more", "xyz"), tmp_path / "out"
    prepare(first, out)
    with interrupted_at("z", monkeypatch):
        prepare(second, out, overwrite=True)
    assert list(read_manifest(out)) == ["a", "b", "c", "x", "y"]
    assert prepare(second, out, overwrite=True).written == 3
    assert sorted(contents(out)) == ["manifest.csv", "overview.png", "x.npy", "y.npy", "z.npy"]


def test_an_overwriting_run_that_fails_altogether_costs_nothing(raw, out, monkeypatch):
    prepare(raw, out)
    before = contents(out)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preparation, "make_case", full)
    with pytest.raises(DiskFull, match=r"the disk is full\. The folder holds 3 cases, each of them whole\."):
        prepare(raw, out, overwrite=True)
    assert contents(out) == before


def test_two_runs_into_one_folder_are_refused(raw, out):
    out.mkdir()
    with folder_lock(out), pytest.raises(InputError, match="another command is at work"):
        prepare(raw, out)
    assert prepare(raw, out).written == 3


def test_another_size_is_refused_unless_overwritten(raw, out):
    prepare(raw, out, 16)
    before = contents(out)
    with pytest.raises(InputError, match=r"cases of size 24\. Received: .* 16\. .*new folder"):
        prepare(raw, out, 24)
    assert contents(out) == before
    (raw / "images/b.png").unlink()
    assert prepare(raw, out, 24, overwrite=True).written == 2
    assert sorted(contents(out)) == ["a.npy", "c.npy", "manifest.csv", "overview.png"]  # none of size 16 is left
    assert np.load(out / "a.npy").shape == (24, 24, 2)


def test_a_second_source_joins_the_folder(tmp_path):
    out = tmp_path / "out"
    prepare(make_source(tmp_path / "raw", "ab"), out)
    report = prepare(make_source(tmp_path / "more", "cd"), out)
    assert (report.written, report.kept) == (2, 2)
    assert list(read_manifest(out)) == ["a", "b", "c", "d"]
    assert "2 cases from an earlier source stay" in report.summary()


def test_cases_of_the_same_names_from_another_source_replace_nothing(tmp_path):
    out = tmp_path / "out"
    first, second = make_source(tmp_path / "raw", "ab"), make_source(tmp_path / "more", "xbc")
    prepare(first, out)
    before = contents(out)
    with pytest.raises(InputError, match=r"holds 1 case of the same names from another folder, b for one"):
        prepare(second, out)
    assert contents(out) == before
    assert prepare(first, out).reused == 2
    assert prepare(second, out, overwrite=True).written == 3


@pytest.mark.parametrize("columns", [1, 2])
def test_a_manifest_of_an_older_version_is_read_all_the_same(tmp_path, columns):
    out = tmp_path / "out"
    source = make_source(tmp_path / "raw", "ab")
    prepare(source, out)
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row[:-columns] for row in csv.reader(file)]
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert list(read_manifest(out)) == ["a", "b"]
    assert prepare(source, out).reused == 2
