"""Downloads from a server on this very machine, which misbehaves on request."""

import hashlib
import json
import threading
import zipfile
from pathlib import Path

import pytest

from lungseg.cases import list_cases, load_case
from lungseg.datasets import archive_urls, archives, download, transfer
from lungseg.datasets import published as datasets
from lungseg.errors import InputError
from refusals import refusal
from zips import NAMES, everything_under, npy, zipped

pytestmark = pytest.mark.usefixtures("cache")
HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.fixture
def get(lines):
    """`download` that is silent and keeps its lines."""
    return lambda *urls, **settings: download(urls=urls, **{"progress": False, "report": lines.append, **settings})


ARRIVING = ".Shezen_128128.zip.arriving"
WHOLE_CACHE = sorted(
    ["Shezen_128128", "Shezen_128128.zip", "Shezen_128128/.lungseg.json", "checksums.json"]
    + [f"Shezen_128128/{name}.npy" for name in NAMES]
)


def test_addresses_in_their_order():
    for size, shares in {128: ("f10e06", "0e1e5d"), 256: ("88b1cf", "3a4a44"), 512: ("ced7f7", "80a4eb")}.items():
        archive = f"Shezen_{size}{size}.zip"
        assert archive_urls(size) == [f"https://pandora.infn.it/public/{share}/dl/{archive}" for share in shares]


def test_download_unpacks_records_and_reports(server, get, lines, cache):
    folder = get(server.page("/a.zip", zipped()))
    assert folder == cache / "Shezen_128128"
    assert [path.stem for path in list_cases(folder)] == NAMES
    assert load_case(folder / "MCUCXR_0094_0.npy").shape == (8, 8, 2)
    assert lines == [f"3 cases in {folder}"]
    assert everything_under(cache) == WHOLE_CACHE
    checksum = hashlib.sha256(zipped()).hexdigest()
    assert json.loads((cache / "checksums.json").read_text()) == {"Shezen_128128.zip": checksum}


def test_the_second_call_asks_nobody(server, get, lines, tmp_path):
    url = server.page("/a.zip", zipped())
    assert get(url) == get(url)
    assert lines[0] == lines[1]
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new" / "folder"):
        assert get(url, out=folder) == folder
        assert len(list_cases(folder)) == 3
    assert server.requests == ["/a.zip"]


def test_a_case_that_was_deleted_comes_back(server, get, lines):
    url = server.page("/a.zip", zipped())
    folder = get(url)
    (folder / "MCUCXR_0094_0.npy").unlink()
    (folder / "notes.txt").write_text("mine")
    get(url)
    assert len(list_cases(folder)) == 3
    assert (folder / "notes.txt").read_text() == "mine"
    assert lines[-1] == f"3 cases in {folder}"
    assert server.requests == ["/a.zip"]


def test_an_archive_put_there_by_hand_is_found(get, cache):
    cache.mkdir()
    (cache / "Shezen_128128.zip").write_bytes(zipped())
    get("http://127.0.0.1:9/never-asked.zip")
    assert everything_under(cache) == WHOLE_CACHE


def test_each_size_has_its_own_folder(server, get, cache):
    body = zipped({"Shezen_256256/a.npy": npy(size=16)})
    assert get(server.page("/b.zip", body), size=256) == cache / "Shezen_256256"
    get(server.page("/a.zip", zipped()))
    assert len(json.loads((cache / "checksums.json").read_text())) == 2


def test_progress_and_lines_are_shown_by_default(server, capsys):
    download(urls=[server.page("/a.zip", zipped())])
    shown = capsys.readouterr()
    assert "100%" in shown.err
    assert shown.out.startswith("3 cases in ")


# --- addresses that fail ---------------------------------------------------------------------------------


FAILURES = {
    "not found": ({"body": b"gone", "status": 404}, "answers 404"),
    "broken server": ({"body": b"oh", "status": 503}, "answers 503"),
    "login page": ({"body": HTML}, "web page"),
    "nothing": ({"body": b""}, "is empty"),
    "text": ({"body": b"some text"}, "not a zip"),
    "breaks off": ({"body": zipped()[:300], "length": len(zipped())}, "broke off"),
    "breaks off unnoticed": ({"body": zipped()[:300]}, "cut short"),
    "one byte wrong": ({"body": zipped(compression=zipfile.ZIP_STORED).replace(b"NUMPY", b"NUMPI", 1)}, "damaged"),
    "no cases": ({"body": zipped({"readme.txt": b"hello"})}, "no case"),
    "climbs out": ({"body": zipped({"a.npy": npy(), "../../out.npy": npy()})}, "outside"),
    "not NumPy's": ({"body": zipped({"a.npy": b"hello"})}, "in NumPy's format"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_when_an_address_fails_nothing_is_left_behind_and_the_next_one_is_asked(server, get, lines, cache, failure):
    settings, says = FAILURES[failure]
    first, second = server.page("/first.zip", **settings), server.page("/second.zip", zipped())
    assert first in refusal(get, first)
    assert everything_under(cache) == ([ARRIVING] if failure == "breaks off" else [])
    assert not (cache.parent.parent / "out.npy").exists()
    folder = get(first, second)
    assert server.requests == ["/first.zip", "/first.zip", "/second.zip"]
    assert len(list_cases(folder)) == 3
    assert everything_under(cache) == WHOLE_CACHE
    assert lines[0].startswith(f"Not downloaded: {first} ")
    assert any(part in lines[0] for part in says.split("|"))


def test_without_a_network_one_line_says_what_to_do(server, get, cache):
    gone = server.page("/a.zip", zipped()).replace(str(server.http.server_port), "9")
    with pytest.raises(InputError, match=r"\A.*cannot be reached.*lungseg phantom.*\Z") as error:
        get(gone, gone)
    assert str(cache / "Shezen_128128.zip") in str(error.value)


def test_a_server_that_does_not_answer_is_left(server, get, lines, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.05)
    answer = threading.Event()
    get(server.page("/slow.zip", zipped(), event=answer), server.page("/fast.zip", zipped()))
    answer.set()
    assert "in time" in lines[0]


# --- the record of checksums -----------------------------------------------------------------------------


OTHER = zipped({"Shezen_128128/other.npy": npy()})


def test_another_file_the_next_time_is_refused(server, get, cache):
    get(server.page("/a.zip", zipped()))
    before = (cache / "checksums.json").read_bytes()
    with pytest.raises(InputError, match=r"differs from the one recorded.*checksums\.json"):
        get(server.page("/a.zip", OTHER), force=True)
    assert (cache / "Shezen_128128.zip").read_bytes() == zipped()  # the good one is still there
    assert (cache / "checksums.json").read_bytes() == before
    assert everything_under(cache) == WHOLE_CACHE


def test_a_record_that_was_half_written_by_a_killed_process_is_removed(server, get, cache):
    cache.mkdir(exist_ok=True)
    for name in (".0123456789ab.part", ".somebody's own.part"):
        (cache / name).write_text("{")
    get(server.page("/a.zip", zipped()))
    assert everything_under(cache) == sorted([*WHOLE_CACHE, ".somebody's own.part"])


def test_the_recorded_file_is_taken_again_from_whichever_address_has_it(server, get, cache, lines):
    good = server.page("/good.zip", zipped())
    get(good)
    get(server.page("/bad.zip", OTHER), good, force=True)
    assert server.requests == ["/good.zip", "/bad.zip", "/good.zip"]
    assert "differs" in lines[1]
    assert (cache / "Shezen_128128.zip").read_bytes() == zipped()
    assert everything_under(cache) == WHOLE_CACHE


def test_an_archive_that_was_swapped_in_the_cache_is_refused(server, get, cache, tmp_path):
    url = server.page("/a.zip", zipped())
    get(url)
    (cache / "Shezen_128128.zip").write_bytes(OTHER)
    with pytest.raises(InputError, match=r"\A.*Shezen_128128\.zip: differs.*Delete it.*\Z"):
        get(url, out=tmp_path / "out")
    assert (cache / "Shezen_128128.zip").read_bytes() == OTHER  # not ours to delete
    assert not (tmp_path / "out").exists()
    (cache / "checksums.json").unlink()  # the remedy for one that is trusted
    assert [path.stem for path in list_cases(get(url, out=tmp_path / "out"))] == ["other"]


@pytest.mark.parametrize("body", [HTML, zipped()[:300], b""])
def test_a_bad_copy_put_there_by_hand_is_named_and_not_recorded(get, cache, body):
    cache.mkdir()
    (cache / "Shezen_128128.zip").write_bytes(body)
    with pytest.raises(InputError, match=r"Shezen_128128\.zip: is .*Delete it"):
        get("http://127.0.0.1:9/never-asked.zip")
    assert everything_under(cache) == ["Shezen_128128.zip"]


@pytest.mark.parametrize("record", ["{half a rec", "[1, 2]"])
def test_a_record_that_cannot_be_read_is_named(server, get, cache, record):
    cache.mkdir()
    (cache / "checksums.json").write_text(record)
    with pytest.raises(InputError, match=r"checksums\.json: expected (a )?JSON"):
        get(server.page("/a.zip", zipped()))
    assert everything_under(cache) == [ARRIVING, "checksums.json"]  # nothing of it has to be sent again


# --- folders that are in use, interruptions --------------------------------------------------------------


def test_a_folder_of_other_things_is_left_alone(server, get, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("dear")
    url = server.page("/a.zip", zipped())
    with pytest.raises(InputError, match="thesis: expected a new or empty folder"):
        get(url, out=tmp_path / "thesis")
    with pytest.raises(InputError, match="found a file"):
        get(url, out=tmp_path / "thesis" / "chapter.txt")
    assert server.requests == []
    assert everything_under(tmp_path / "thesis") == ["chapter.txt"]
    get(url, out=tmp_path / "out")
    with pytest.raises(InputError, match=r"holds the cases of Shezen_128128\.zip"):
        get(url, out=tmp_path / "out", size=256)


def test_the_cache_cannot_be_made(get, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LUNGSEG_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(InputError, match=r"\A.*cannot be used.*\Z"):
        get("http://127.0.0.1:9/a.zip")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_unpacking_leaves_nothing_half_written(server, get, cache, monkeypatch, stop):
    url = server.page("/a.zip", zipped())
    copy = archives.shutil.copyfileobj
    copied = []

    def stops(source, target, length):
        if len(copied) == 2:
            target.write(b"half")
            raise stop
        copied.append(target.name)
        copy(source, target, length)

    with monkeypatch.context() as patch:
        patch.setattr(archives.shutil, "copyfileobj", stops)
        with pytest.raises(KeyboardInterrupt if stop is KeyboardInterrupt else InputError):
            get(url)
    assert len(copied) == 2
    assert everything_under(cache) == [ARRIVING]
    assert len(list_cases(get(url))) == 3


def test_an_interrupted_move_is_finished_by_the_next_call(server, get, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()  # it exists, so the cases are moved into it one by one
    url = server.page("/a.zip", zipped())
    replace = datasets.os.replace

    def stops(source, target):
        if Path(target).name == NAMES[1] + ".npy":
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(datasets.os, "replace", stops)
        with pytest.raises(KeyboardInterrupt):
            get(url, out=tmp_path / "out")
    assert len(list_cases(tmp_path / "out")) == 1
    assert len(list_cases(get(url, out=tmp_path / "out"))) == 3


@pytest.mark.parametrize("size", [64, "128", None])
def test_unknown_sizes_are_refused(get, size):
    with pytest.raises(InputError, match="128, 256, 512"):
        get("http://127.0.0.1:9/a.zip", size=size)
