"""Phantoms on demand, or the folder of LUNGSEG_DATA."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from lungseg.cases import list_cases, load_case
from lungseg.datasets import default_cases
from lungseg.datasets.cache import cache_folder
from lungseg.errors import InputError
from lungseg.files import folder_lock
from lungseg.problems import read_problem
from zips import everything_under

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def made(monkeypatch):
    """A stand-in for the drawing of phantoms, quick and with a knob to fail; the list of its calls."""
    calls = []

    def write_phantoms(folder, count=300, size=128, seed=0, n_jobs=1, progress=False, classes="lungs"):
        calls.append((count, size, seed))
        for i in range(count):
            if i == calls.fail_at:
                raise KeyboardInterrupt
            np.save(Path(folder) / f"PHANTOM_{i:04d}_{i % 2}.npy", np.full((size, size, 2), seed, np.float32))

    class Calls(list):
        fail_at = None

    calls = Calls()
    monkeypatch.setattr("lungseg.phantom.writing.write_phantoms", write_phantoms)
    monkeypatch.setattr("lungseg.phantom.drawing.VERSION", 7)
    return calls


def test_phantoms_are_made_once(made, cache):
    folder = default_cases(size=8, count=5, seed=1)
    assert folder == cache / "phantoms-v7-5x8-seed1"
    assert len(list_cases(folder)) == 5
    assert default_cases(size=8, count=5, seed=1) == folder
    assert made == [(5, 8, 1)]
    assert everything_under(cache)[0] == folder.name  # no temporary folder is left


def test_other_phantoms_have_another_folder(made, monkeypatch):
    folders = {default_cases(size=8, count=2), default_cases(size=8, count=3), default_cases(size=4, count=2)}
    folders.add(default_cases(size=8, count=2, seed=1))
    monkeypatch.setattr("lungseg.phantom.drawing.VERSION", 8)
    folders.add(default_cases(size=8, count=2))
    assert len(folders) == len(made) == 5


def test_the_phantoms_of_the_thorax_have_a_folder_of_their_own_whatever_the_data_are(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("LUNGSEG_DATA", str(tmp_path / "radiographs"))
    folder = default_cases(size=32, count=2, classes="thorax")
    assert folder.parent == cache
    assert [load_case(path).shape for path in list_cases(folder)] == [(32, 32, 4)] * 2
    assert read_problem(folder).classes == ("right lung", "left lung", "heart")


def test_a_half_made_set_is_never_seen_and_is_made_again(made, cache):
    made.fail_at = 3
    with pytest.raises(KeyboardInterrupt):
        default_cases(size=8, count=5)
    assert everything_under(cache) == []
    made.fail_at = None
    folder = default_cases(size=8, count=5)
    list_cases(folder)[2].unlink()
    assert len(list_cases(default_cases(size=8, count=5))) == 5
    assert len(made) == 3


def test_with_the_phantoms_themselves():
    folder = default_cases(size=32, count=3, seed=5)
    assert [load_case(path).shape for path in list_cases(folder)] == [(32, 32, 2)] * 3
    with pytest.raises(InputError):
        default_cases(size=32, count=0)


@pytest.mark.parametrize("folder", ["mine", "mine/Shezen_128128"])  # or that of an archive, in the folder
def test_lungseg_data_goes_first(made, tmp_path, monkeypatch, folder):
    (tmp_path / folder).mkdir(parents=True)
    np.save(tmp_path / folder / "a.npy", np.zeros((4, 4, 2)))
    monkeypatch.setenv("LUNGSEG_DATA", str(tmp_path / "mine"))
    assert default_cases() == tmp_path / folder
    assert made == []


@pytest.mark.parametrize(("exists", "says"), [(False, "no such folder"), (True, "found none")])
def test_lungseg_data_without_cases_is_refused(made, tmp_path, monkeypatch, exists, says):
    if exists:
        (tmp_path / "mine").mkdir()
    monkeypatch.setenv("LUNGSEG_DATA", str(tmp_path / "mine"))
    with pytest.raises(InputError, match=rf"\A.*LUNGSEG_DATA.*{says}.*unset.*\Z"):
        default_cases()
    assert made == []


def test_cache_folder_without_the_variable(monkeypatch):
    monkeypatch.delenv("LUNGSEG_CACHE")
    assert cache_folder().name in ("lungseg", "Cache")
    monkeypatch.setenv("LUNGSEG_CACHE", "~/lungs")
    assert cache_folder() == Path.home() / "lungs"


def test_a_relative_folder_is_found_from_the_folders_of_the_notebooks(tmp_path, monkeypatch):
    for name in ("cases", "Data_Generator"):
        (tmp_path / "project" / name).mkdir(parents=True)
    np.save(tmp_path / "project" / "cases" / "case.npy", np.zeros((16, 16, 2)))
    monkeypatch.setenv("LUNGSEG_DATA", "cases")
    for folder in ("project", "project/Data_Generator"):
        monkeypatch.chdir(tmp_path / folder)
        assert default_cases().samefile(tmp_path / "project" / "cases")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"cases: .*no such folder"):
        default_cases()


@pytest.mark.parametrize("locks", [True, False])
def test_what_a_killed_process_left_is_cleared_up(tmp_path, monkeypatch, locks):
    """At once; on a disk without locks, where nobody knows whether the process still works, after a day."""
    monkeypatch.setenv("LUNGSEG_CACHE", str(tmp_path))
    monkeypatch.delenv("LUNGSEG_DATA", raising=False)
    for name in (".lungseg-old", ".lungseg-new"):
        (tmp_path / name / "new").mkdir(parents=True)
    yesterday = time.time() - 25 * 3600
    os.utime(tmp_path / ".lungseg-old", (yesterday, yesterday))
    if not locks:
        fcntl = pytest.importorskip("fcntl")
        monkeypatch.setattr(fcntl, "flock", lambda *_: exec("raise OSError(37, 'No locks')"))
    (tmp_path / ".lungseg-at work" / "new").mkdir(parents=True)
    with folder_lock(tmp_path / ".lungseg-at work"):
        default_cases(size=32, count=1)
        left = {path.name for path in tmp_path.glob(".lungseg-*")}
    assert left == {".lungseg-at work"} if locks else {".lungseg-at work", ".lungseg-new"}


def test_a_cache_that_somebody_else_owns_is_told_as_such(tmp_path, monkeypatch):
    def locked(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("LUNGSEG_CACHE", str(tmp_path))
    monkeypatch.delenv("LUNGSEG_DATA", raising=False)
    monkeypatch.setattr("lungseg.datasets.cache.tempfile.TemporaryDirectory", locked)
    with pytest.raises(InputError, match=r"Permission denied.*Ask whoever set it up"):
        default_cases(size=32, count=1)
