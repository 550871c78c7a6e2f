"""The Montgomery set from a server on this very machine: a zip of its layout, with a checksum of its own."""

import hashlib
import io
import json
import shutil
import zipfile
from collections import namedtuple
from functools import partial

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg import cli, datasets
from lungseg.cases import list_cases
from lungseg.datasets import download_montgomery, montgomery, transfer
from lungseg.errors import InputError
from raw_sources import film, lungs
from refusals import refusal
from zips import everything_under, zipped

pytestmark = pytest.mark.usefixtures("cache")
CASES = ["MCUCXR_0001_0", "MCUCXR_0104_1"]
HIDDEN = ".NLM-MontgomeryCXRSet.zip.arriving"
Usage = namedtuple("Usage", "total used free")


def png(values):
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


def archive(cases=CASES):
    files = {"MontgomerySet/NLM-MontgomeryCXRSet-ReadMe.pdf": b"%PDF", "__MACOSX/MontgomerySet/._CXR_png": b"litter"}
    for seed, case in enumerate(cases):
        files[f"MontgomerySet/CXR_png/{case}.png"] = png(film(seed))
        files[f"MontgomerySet/ClinicalReadings/{case}.txt"] = b"Patient's Sex: F"
        for side in ("left", "right"):
            files[f"MontgomerySet/ManualMask/{side}Mask/{case}.png"] = png(lungs(side) // 255)
    files |= {"MontgomerySet/CXR_png/Thumbs.db": b"litter", "__MACOSX/MontgomerySet/CXR_png/._a.png": b"litter"}
    return zipped(files)


BODY = archive()
HALF = len(BODY) // 2


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(montgomery, "CHECKSUM", hashlib.sha256(BODY).hexdigest())
    monkeypatch.setattr(transfer, "PAUSE", 0)


@pytest.fixture
def get(lines):
    def call(*urls, size=16, **settings):
        return download_montgomery(
            size, urls=urls, **{"progress": False, "n_jobs": 1, "report": lines.append} | settings
        )

    return call


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_published_address_and_checksum():
    assert montgomery.ADDRESS == "http://openi.nlm.nih.gov/imgs/collections/NLM-MontgomeryCXRSet.zip"


def test_the_set_is_downloaded_checked_and_prepared(server, get, lines, cache):
    folder = get(server.page("/m.zip", BODY))
    assert folder == cache / "Montgomery_1616"
    assert [path.stem for path in list_cases(folder)] == CASES
    case = np.load(folder / f"{CASES[0]}.npy")
    assert case.shape == (16, 16, 2)
    assert case[8, 4, 1] == case[8, 12, 1] == 1  # both lungs
    assert lines[-1] == f"2 cases in {folder}"
    assert "images from CXR_png; masks from ManualMask/leftMask, ManualMask/rightMask" in lines[0]
    assert sorted(path.name for path in cache.iterdir()) == ["Montgomery_1616", "NLM-MontgomeryCXRSet.zip"]


def test_the_second_call_asks_nobody_and_another_size_only_the_cache(server, get, cache, tmp_path):
    url = server.page("/m.zip", BODY)
    get(url, out=tmp_path / "out")
    assert get(url, out=tmp_path / "out") == tmp_path / "out"
    assert np.load(get(url, size=32) / f"{CASES[0]}.npy").shape == (32, 32, 2)
    assert server.requests == ["/m.zip"]
    assert "holds the cases of NLM-MontgomeryCXRSet.zip at 16 x 16" in refusal(get, url, out=tmp_path / "out", size=32)


def test_a_copy_put_there_by_hand_is_found(get, cache):
    cache.mkdir()
    (cache / "NLM-MontgomeryCXRSet.zip").write_bytes(BODY)
    assert len(list_cases(get("http://127.0.0.1:9/never-asked.zip"))) == 2


def test_what_a_person_has_unpacked_beside_the_archive_stays(get, cache):
    folder = cache / "NLM-MontgomeryCXRSet/MontgomerySet/CXR_png"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    (cache / "NLM-MontgomeryCXRSet.zip").write_bytes(BODY)
    assert len(list_cases(get("http://127.0.0.1:9/never-asked.zip"))) == 2
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("body", [archive(CASES[:1]), BODY[:-5], b"<!DOCTYPE html>", b""])
def test_a_bad_copy_put_there_by_hand_is_named(get, cache, body):
    cache.mkdir()
    (cache / "NLM-MontgomeryCXRSet.zip").write_bytes(body)
    assert "NLM-MontgomeryCXRSet.zip: " in refusal(get, "http://127.0.0.1:9/never-asked.zip")
    assert everything_under(cache) == ["NLM-MontgomeryCXRSet.zip"]


# --------------------------------------------------------------------------- a connection that breaks off


def test_a_connection_that_breaks_off_is_gone_on_with(server, get):
    folder = get(server.page("/m.zip", BODY, ranges=True, cuts=(HALF, 100)))
    assert len(list_cases(folder)) == 2
    assert server.begins == [0, HALF, HALF + 100]


def test_the_next_call_goes_on_where_the_last_one_ended(server, get, cache, monkeypatch):
    monkeypatch.setattr(transfer, "ATTEMPTS", 1)
    url = server.page("/m.zip", BODY, ranges=True, cuts=(HALF,))
    assert "broke off before the end" in refusal(get, url)
    assert (cache / HIDDEN).read_bytes() == BODY[:HALF]
    assert len(list_cases(get(url))) == 2
    assert server.begins == [0, HALF]
    assert (cache / "NLM-MontgomeryCXRSet.zip").read_bytes() == BODY
    assert not (cache / HIDDEN).exists()


def test_a_server_that_cannot_go_on_begins_anew(server, get):
    url = server.page("/m.zip", BODY, cuts=(HALF,))
    assert "broke off" in refusal(get, url)
    assert len(list_cases(get(url))) == 2
    assert server.begins == [0, 0]


@pytest.mark.parametrize(
    ("left", "begins"),
    [
        (b"of another file" * 9, [135, 0]),  # the pieces do not fit together
        (BODY, [len(BODY)]),  # killed between the last byte and the renaming
        (BODY + b"more", [len(BODY) + 4, 0]),
        (bytes(len(BODY)), [len(BODY), 0]),
    ],
)
def test_what_an_earlier_call_left_is_checked(server, get, cache, left, begins):
    cache.mkdir()
    (cache / HIDDEN).write_bytes(left)
    assert len(list_cases(get(server.page("/m.zip", BODY, ranges=True)))) == 2
    assert server.begins == begins
    assert (cache / "NLM-MontgomeryCXRSet.zip").read_bytes() == BODY


def test_a_kill_at_any_moment_is_made_good_by_the_same_command(server, get, cache, tmp_path, monkeypatch):
    url = server.page("/m.zip", BODY, ranges=True)
    whole = contents(get(url, out=tmp_path / "whole"))
    for module, name in (
        (transfer.shutil, "disk_usage"),  # before the first byte
        (montgomery, "_set_time"),  # while it is unpacked
        (montgomery, "move_cases"),
        (montgomery, "write_text"),
        (montgomery.shutil, "rmtree"),
    ):
        shutil.rmtree(cache)
        out = tmp_path / name

        def kill(*arguments, **settings):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(module, name, kill)
            with pytest.raises(KeyboardInterrupt):
                get(url, out=out)
        get(url, out=out)
        assert contents(out) == whole


# --------------------------------------------------------------------------- servers that do not deliver

FAILURES = {
    "not found": ({"body": b"gone", "status": 404}, "answers 404"),
    "forbidden": ({"body": b"no", "status": 403}, "answers 403"),
    "a login page": ({"body": b"<!DOCTYPE html><html>"}, "sent a file that is a web page"),
    "another archive": ({"body": archive(CASES[:1])}, "differs from the published one"),
    "no radiographs": ({"body": zipped()}, "differs from the published one"),
    "one byte wrong": ({"body": BODY[:500] + b"?" + BODY[501:]}, "differs from the published one"),
    "nothing": ({"body": b""}, "sent a file that is empty"),
    "sent round": ({"body": b"", "status": 302, "location": "/m.zip"}, "from one address to the next without end"),
}


@pytest.mark.parametrize(("settings", "says"), FAILURES.values(), ids=FAILURES)
def test_a_server_that_does_not_deliver(server, get, cache, lines, settings, says):
    url = server.page("/m.zip", **settings)
    message = refusal(get, url)
    assert f"{url} " in message
    assert says in message
    assert str(cache / "NLM-MontgomeryCXRSet.zip") in message
    assert everything_under(cache) == []
    assert len(list_cases(get(url, server.page("/mirror.zip", BODY)))) == 2
    assert lines[0] == f"Not downloaded: {url} {reason_in(lines[0])}."


def reason_in(line):
    return line.split(".zip ", 1)[1].removesuffix(".")


def test_redirects_are_followed(server, get):
    server.page("/real.zip", BODY)
    assert len(list_cases(get(server.page("/m.zip", b"", status=301, location="/real.zip")))) == 2


def test_without_a_network_one_line_says_what_to_do(get, cache):
    with pytest.raises(
        InputError, match=r"\A.*cannot be reached\. Download http://openi.*by hand.*same command again\.\Z"
    ) as error:
        get("http://127.0.0.1:9/m.zip")
    assert str(cache / "NLM-MontgomeryCXRSet.zip") in str(error.value)


def test_a_proxy_that_is_not_there_is_named(get, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert "cannot be reached through the proxy" in refusal(get, "http://openi.example/m.zip")


def test_a_server_that_stops_in_the_middle_is_left(server, get, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.05)
    url = server.page("/m.zip", BODY[:100], length=len(BODY), pause=0.2)
    assert "does not answer in time" in refusal(get, url)


def test_a_server_that_trickles_is_left(server, get, monkeypatch):
    monkeypatch.setattr(transfer, "PATIENCE", 0.05)
    url = server.page("/m.zip", BODY, pause=0.01)
    assert "is too slow" in refusal(get, url)


# --------------------------------------------------------------------------- disks


def test_a_disk_without_room_is_asked_before_the_first_byte(server, get, cache, monkeypatch):
    url = server.page("/m.zip", BODY)
    with monkeypatch.context() as patch:
        patch.setattr(transfer.shutil, "disk_usage", lambda folder: Usage(0, 0, 2 * len(BODY)))
        message = refusal(get, url)
    assert "are needed" in message
    assert everything_under(cache) == []
    assert len(list_cases(get(url))) == 2


def test_a_disk_that_becomes_full_keeps_what_has_arrived(server, get, cache, monkeypatch):
    url = server.page("/m.zip", BODY, ranges=True)

    def full(answer, file, bar):
        file.write(answer.raw.read(HALF))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_receive", full)
        assert "No space left on device" in refusal(get, url)
    assert (cache / HIDDEN).stat().st_size == HALF
    assert len(list_cases(get(url))) == 2
    assert server.begins == [0, HALF]


def test_a_folder_of_other_things_is_left_alone(server, get, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.txt").write_text("dear")
    assert "thesis: expected a new or empty folder" in refusal(
        get, server.page("/m.zip", BODY), out=tmp_path / "thesis"
    )
    assert server.requests == []


@pytest.mark.parametrize("size", [0, "128", True])
def test_sizes_that_are_none(get, size):
    assert "size: expected" in refusal(get, "http://127.0.0.1:9/m.zip", size=size)


def test_on_the_command_line(server, tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "download_montgomery", partial(download_montgomery, n_jobs=1))
    url = server.page("/m.zip", BODY)
    arguments = ["download", str(tmp_path / "my cases"), "--set", "montgomery", "--url", url]
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == 0, result.output
    assert f'Next: lungseg train "{tmp_path / "my cases"}" RUN' in result.output
    assert json.loads((tmp_path / "my cases/.lungseg.json").read_text())["cases"] == 2


def test_members_that_would_land_outside_are_refused():
    with (
        zipfile.ZipFile(io.BytesIO(zipped({"../CXR_png/a.png": b""}))) as evil,
        pytest.raises(ValueError, match="outside"),
    ):
        montgomery.choose_radiographs(evil.infolist())
