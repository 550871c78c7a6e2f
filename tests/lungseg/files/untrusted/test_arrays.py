"""NumPy's files of any origin: the same numbers as NumPy reads, or one short line, and no code that is run."""

import io
import pickle
import struct
import time
import zipfile

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.files.untrusted import read_array, read_arrays, read_shape
from refusals import file_refusal


def npy(array, **kwargs):
    buffer = io.BytesIO()
    np.save(buffer, array, **kwargs)
    return buffer.getvalue()


def made_up(header, data=b"", version=(1, 0)):
    text = header.encode("latin-1") + b"\n"
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version == (1, 0) else "<I", len(text)) + text + data


def described(shape="(2, 2)", descr="'<f4'", fortran="False"):
    return f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}"


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "f8", "f2", "u1", ">u2", "i8", "?", "c8", "longdouble"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_are_read_as_numpy_reads_them(tmp_path, dtype, order):
    path = tmp_path / "a.npy"
    array = np.asarray(np.arange(24).reshape(2, 3, 4) % 5, dtype=dtype, order=order)
    np.save(path, array)
    found = read_array(path)
    np.testing.assert_array_equal(found, np.load(path))
    assert found.dtype == np.load(path).dtype
    assert found.flags.writeable
    assert read_shape(path) == (2, 3, 4)


@pytest.mark.parametrize("array", [np.float32(3), np.zeros((0, 4)), np.zeros((3, 0, 2), order="F")])
def test_a_number_and_an_empty_array_are_read(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    np.testing.assert_array_equal(read_array(tmp_path / "a.npy"), array)


def test_a_long_header_of_the_second_version_is_read(tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(made_up(described("(2,)"), np.float32([1, 2]).tobytes(), (2, 0)))
    assert read_array(path).tolist() == [1, 2]


class Trap:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (open, (str(self.target), "w"))


REFUSED = {
    "nothing": (b"", "it is empty"),
    "text": (b"image,mask\n0,1\n", "holds a pickle"),
    "the first bytes": (b"\x93NUM", "cut short"),
    "a pickle": (pickle.dumps([1]), "holds a pickle"),
    "objects": (npy(np.array([{}, None]), allow_pickle=True), "holds a pickle"),
    "an archive": (b"PK\x03\x04rest of it", ".npz"),
    "cut in its numbers": (npy(np.zeros(100))[:-1], "expected 800 bytes of numbers. Received: 799 bytes"),
    "cut in its header": (npy(np.zeros(100))[:50], "its header is damaged"),
    "brackets in brackets": (made_up("(" * 3000), "its header is damaged"),
    "a number of many signs": (made_up("-" * 3000 + "1"), "its header is damaged"),
    "a header without an end": (made_up(described(), version=(2, 0))[:8] + b"\xff\xff\xff\x7f{", "at most 4096 bytes"),
    "a long header": (made_up(described() + " " * 5000), "at most 4096 bytes"),
    "a version that is to come": (made_up(described(), version=(9, 0)), "Received: 9.0"),
    "a backslash": (made_up("{'\\d': 1}"), "its header is damaged"),
    "no dictionary": (made_up("[1, 2]"), "its header is damaged"),
    "a call": (made_up("__import__('os').abort()"), "its header is damaged"),
    "more than it holds": (made_up(described("(1000000, 1000000, 2)")), "expected 7 TB of numbers. Received: 0 bytes"),
    "more than any computer holds": (made_up(described(f"({10**12}, {10**12}, {10**12})")), "more than 1000 PB"),
    "a side of many digits": (made_up(described(f"(1{'0' * 300},)")), "sides from 0 upwards"),
    "a negative side": (made_up(described("(-1, 2)"), bytes(64)), "sides from 0 upwards"),
    "a side that is a truth": (made_up(described("(True, 2)"), bytes(8)), "sides from 0 upwards"),
    "too many sides": (made_up(described(str((1,) * 100)), bytes(4)), "sides from 0 upwards"),
    "fields": (npy(np.zeros(3, dtype=[("a", "f4"), ("b", "i2")])), "expected numbers"),
    "text in an array": (npy(np.array(["a", "b"])), "expected numbers"),
    "times": (npy(np.array(["2020-01-01"], dtype="datetime64[D]")), "expected numbers"),
    "arrays of arrays": (made_up(described("(2,)", "('<f4', (1000, 1000))"), bytes(64)), "expected numbers"),
    "a type of a billion bytes": (made_up(described("(2,)", "'V1000000000'"), bytes(64)), "expected numbers"),
    "an unknown type": (made_up(described("(2,)", "'q9'")), "its header is damaged"),
    "a nested type": (made_up(described("(2,)", "[('a'," * 300 + "'f4'" + ")]" * 300)), "its header is damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_array_of_numbers_is_one_short_line(tmp_path, kind):
    path = tmp_path / "a.npy"
    content, says = REFUSED[kind]
    path.write_bytes(content)
    assert says in file_refusal(read_array, path)
    assert read_shape(path) is None


def test_an_array_larger_than_asked_for_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(1000))
    with pytest.raises(InputError, match=r"at most 1 kB\. Received: 7 kB"):
        read_array(tmp_path / "a.npy", largest=1024)


@pytest.mark.parametrize("wrap", [pickle.dumps, lambda trap: npy(np.array([trap]), allow_pickle=True)])
def test_no_code_is_run(tmp_path, wrap):
    trap = wrap(Trap(tmp_path / "it ran"))
    (tmp_path / "a.npy").write_bytes(trap)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as zipped:
        zipped.writestr("a.npy", trap)
    for read, name in ((read_array, "a.npy"), (read_arrays, "a.npz")):
        with pytest.raises(InputError, match="pickle"):
            read(tmp_path / name)
    assert not (tmp_path / "it ran").exists()


def test_damaged_bytes_never_surprise(tmp_path):
    rng = np.random.default_rng(0)
    whole = npy(np.zeros((4, 4, 2), np.float32))
    path, messages = tmp_path / "a.npy", []
    for _ in range(300):
        content = bytearray(whole)
        for place in rng.integers(0, 128, rng.integers(1, 5)):
            content[place] = rng.integers(0, 256)
        path.write_bytes(content[: rng.integers(1, len(content) + 1)])
        try:
            assert isinstance(read_array(path), np.ndarray)
        except InputError as error:
            messages.append(str(error))
    assert messages
    assert all("\n" not in message and len(message) < len(str(path)) + 300 for message in messages)


# --------------------------------------------------------------------------- archives of arrays


def test_the_arrays_of_an_archive_are_read(tmp_path):
    arrays = {
        "0000": np.arange(6, dtype=np.float16).reshape(2, 3),
        "0001": np.asfortranarray(np.eye(3)),
        "0002": np.array(5),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)
        found = read_arrays(tmp_path / "a.npz")
        assert list(found) == list(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array)
            assert found[name].dtype == array.dtype
            assert found[name].flags.writeable


def test_an_archive_that_unfolds_without_end_is_refused_at_once(tmp_path):
    path = tmp_path / "a.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped,
        zipped.open("a.npy", "w", force_zip64=True) as file,
    ):
        file.write(npy(np.zeros(0))[:-1] + b" ")
        for _ in range(64):
            file.write(bytes(2**20))
    start = time.perf_counter()
    with pytest.raises(InputError, match="at most 16 MB of arrays"):
        read_arrays(path, largest=2**24)
    assert time.perf_counter() - start < 1


def lying(path):
    """Write an archive whose member says that it is smaller than it is."""
    np.savez_compressed(path, a=np.zeros(100_000))
    content = bytearray(path.read_bytes())
    size = struct.pack("<I", len(npy(np.zeros(100_000))))
    while size in content:
        place = content.index(size)
        content[place : place + 4] = struct.pack("<I", 1000)
    path.write_bytes(content)


ARCHIVES = {
    "no archive": lambda path: path.write_bytes(b"PK\x03\x04"),
    "nothing": lambda path: path.write_bytes(b""),
    "an array": lambda path: path.write_bytes(npy(np.zeros(3))),
    "a size that lies": lying,
    "half of one": lambda path: (np.savez(path, a=np.zeros(100)), path.write_bytes(path.read_bytes()[:300])),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_what_is_no_archive_of_arrays_is_one_short_line(tmp_path, kind):
    path = tmp_path / "a.npz"
    ARCHIVES[kind](path)
    assert "is not a whole archive of arrays" in file_refusal(read_arrays, path)


def test_an_array_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as zipped:
        zipped.writestr("a.npy", npy(np.zeros(2)))
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("a.npy", npy(np.ones(2)))
    with pytest.raises(InputError, match="twice"):
        read_arrays(tmp_path / "a.npz")
