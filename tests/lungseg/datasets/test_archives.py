"""Archives that mean harm, or are damaged."""

import io
import stat
import zipfile

import numpy as np
import pytest

from lungseg.datasets import archives
from lungseg.datasets.archives import BadArchive, unpack_cases
from zips import everything_under, npy, zipped


def unpack(body, folder):
    (folder / "a.zip").write_bytes(body)
    (folder / "in" / "here").mkdir(parents=True)
    return unpack_cases(folder / "a.zip", folder / "in" / "here")


OUTSIDE = (
    "../a.npy",
    "x/../../a.npy",
    "/tmp/a.npy",
    "..\\a.npy",
    "C:\\a.npy",
    "c:a.npy",
    "\\a.npy",
    "x/../../readme.txt",
)
ODD = (
    "a\nb.npy",
    "a?.npy",
    "a" * 300 + ".npy",
    "胸" * 100 + ".npy",
    "con.npy",
    "x/AUX.npy",
    "a\x1b[2J.npy",
    "\u202ea.npy",
)


@pytest.mark.parametrize(
    ("name", "says"),
    [*((name, "outside") for name in OUTSIDE), *((name, "file name") for name in ODD), ("x/GOOD.npy", "twice")],
)
def test_members_of_such_names_are_refused_in_one_line(tmp_path, name, says):
    with pytest.raises(BadArchive, match=rf"\A.*{says}.*\Z"):
        unpack(zipped({"good.npy": npy(), name: npy()}), tmp_path)
    assert everything_under(tmp_path) == ["a.zip", "in", "in/here"]


@pytest.mark.parametrize("name", ["a" * 60_000 + "?.npy", "../" + "a" * 60_000, "\x1b]0;title\x07.npy"])
def test_a_long_or_odd_name_does_not_fill_the_terminal(tmp_path, name):
    with pytest.raises(BadArchive) as refused:
        unpack(zipped({name: npy()}), tmp_path)
    assert len(str(refused.value)) < 200
    assert str(refused.value).isprintable()


def test_names_that_some_disks_take_for_the_same_are_refused(tmp_path):
    with pytest.raises(BadArchive, match="twice"):
        unpack(zipped({"x/Mu\u0308ller.npy": npy(), "y/M\u00dcLLER.npy": npy()}), tmp_path)


OBJECTS = io.BytesIO()
np.save(OBJECTS, np.array([{}, None]), allow_pickle=True)


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"text", OBJECTS.getvalue(), npy()[:-1]], ids=lambda value: str(len(value))
)
def test_a_case_that_is_no_array_of_numbers_is_refused(tmp_path, content):
    with pytest.raises(BadArchive, match="no array of numbers"):
        unpack(zipped({"good.npy": npy(), "x/bad.npy": content}), tmp_path)


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("a.npy")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("good.npy", npy())
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadArchive, match="which is a link"):
        unpack(buffer.getvalue(), tmp_path)
    assert everything_under(tmp_path) == ["a.zip", "in", "in/here"]


def test_bombs_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_CASE_BYTES", 2**20)
    with pytest.raises(BadArchive, match="larger than 1 MiB"):
        unpack(zipped({"a.npy": npy(), "b.npy": bytes(2**20 + 1)}), tmp_path)
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 2**21)
    many = zipped({f"{i}.npy": bytes(2**20) for i in range(3)})
    (tmp_path / "a.zip").write_bytes(many)
    with pytest.raises(BadArchive, match="more than"):
        unpack_cases(tmp_path / "a.zip", tmp_path / "in" / "here")
    monkeypatch.setattr(archives, "MAX_CASES", 2)
    (tmp_path / "a.zip").write_bytes(zipped())
    with pytest.raises(BadArchive, match="more than 2 cases"):
        unpack_cases(tmp_path / "a.zip", tmp_path / "in" / "here")
    assert everything_under(tmp_path) == ["a.zip", "in", "in/here"]


def test_a_member_that_lies_about_its_size_is_caught(tmp_path):
    body = zipped({"a.npy": npy()})
    place = body.rindex(b"PK\x01\x02") + 24  # the size in the table of contents
    lying = body[:place] + (40).to_bytes(4, "little") + body[place + 4 :]
    with pytest.raises(BadArchive, match="damaged"):
        unpack(lying, tmp_path)
    assert (tmp_path / "in" / "here" / "a.npy").stat().st_size <= 40


def test_a_full_disk_is_noticed_before(tmp_path, monkeypatch):
    class Usage:
        free = 100

    monkeypatch.setattr(archives.shutil, "disk_usage", lambda folder: Usage)
    with pytest.raises(OSError, match="are free"):
        unpack(zipped(), tmp_path)
    assert everything_under(tmp_path) == ["a.zip", "in", "in/here"]


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_whatever_bytes_are_wrong_the_answer_is_a_clear_one(tmp_path, compression):
    rng = np.random.default_rng([8, compression])
    body = np.frombuffer(zipped({"x/a.npy": npy(0.5, 3)}, compression), dtype=np.uint8)
    refused = 0
    for i in range(150):
        spoilt = body.copy()
        spoilt[rng.integers(len(body), size=1 + i % 3)] = rng.integers(0, 256, 1 + i % 3)
        (tmp_path / str(i)).mkdir()
        try:
            assert unpack(spoilt.tobytes(), tmp_path / str(i)) == 1
        except BadArchive:
            refused += 1
    assert refused > 50
