"""Files appear whole or not at all; and one command at a time works in a folder."""

import errno
import os
import subprocess
import sys
import threading

import pytest

from lungseg.cases import list_cases
from lungseg.errors import InputError
from lungseg.files import UNFINISHED, check_name, folder_lock, name_key, remove_unfinished, write_text, writing
from lungseg.prediction.names import image_files
from lungseg.preparation import find_radiographs

LOCKED = "another command is at work"


def everything_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_written_and_nothing_else(tmp_path):
    write_text(tmp_path / "scores.csv", "größer\n")
    assert everything_in(tmp_path) == {"scores.csv": "größer\n".encode()}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError("of the writer"), OSError(errno.ENOSPC, "disk full")])
def test_the_file_of_before_stays_whole_after_an_interruption(tmp_path, stop):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")

    def write():
        with writing(path) as temporary:
            temporary.write_bytes(b"half")
            raise stop

    with pytest.raises(stop if isinstance(stop, type) else type(stop)):
        write()
    assert everything_in(tmp_path) == {"scores.csv": b"old"}


def test_a_killed_process_leaves_the_old_file_and_nothing_to_see(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")
    code = (
        "import os, sys; from lungseg.files import writing\n"
        "with writing(sys.argv[1]) as temporary: temporary.write_bytes(b'half'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 9
    assert path.read_bytes() == b"old"
    (leftover,) = (name for name in everything_in(tmp_path) if name != path.name)
    assert leftover.startswith(".")
    assert leftover.endswith(UNFINISHED)
    remove_unfinished(tmp_path)
    assert everything_in(tmp_path) == {"scores.csv": b"old"}


def test_a_name_may_be_as_long_as_the_disk_takes(tmp_path):
    name = "x" * 251 + ".csv"
    write_text(tmp_path / name, "")
    assert list(everything_in(tmp_path)) == [name]


def test_threads_that_write_one_file_do_not_disturb_each_other(tmp_path):
    contents = [str(number) * 10_000 for number in range(8)]
    threads = [threading.Thread(target=write_text, args=(tmp_path / "a.txt", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((_, found),) = everything_in(tmp_path).items()
    assert found.decode() in contents


def test_a_fault_of_the_disk_names_the_file_and_not_the_temporary_one(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        write_text(tmp_path / "missing" / "a.txt", "")
    assert caught.value.filename == str(tmp_path / "missing" / "a.txt")
    with pytest.raises(OSError, match="full") as caught, writing(tmp_path / "a.txt"):
        raise OSError(errno.ENOSPC, "disk full")  # as a write into an open file raises it
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(tmp_path / "a.txt"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as caught:  # noqa: PT011 (which one depends on the platform)
        write_text(tmp_path / "folder", "")
    assert caught.value.filename == str(tmp_path / "folder")
    with pytest.raises(FileNotFoundError) as caught, writing(tmp_path / "a.txt"):
        os.stat(tmp_path / "another")
    assert caught.value.filename == str(tmp_path / "another")
    assert list(everything_in(tmp_path / "folder")) == []
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


# ---- The lock --------------------------------------------------------------------------------


@pytest.fixture
def locked_by_another(tmp_path):
    """A folder that another process has locked, and that process."""
    code = (
        "import sys, time; from lungseg.files import folder_lock\n"
        "with folder_lock(sys.argv[1]): print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "locked\n"
        yield tmp_path, process
        process.kill()


def refused(folder):
    with pytest.raises(InputError, match=LOCKED), folder_lock(folder):
        pass
    return True


def test_a_second_process_is_refused_until_the_first_one_ends_however_it_ends(locked_by_another):
    folder, process = locked_by_another
    assert refused(folder)
    assert refused(folder)  # having been refused has not removed the lock
    process.kill()
    process.wait()
    with folder_lock(folder):
        assert refused(folder)
    assert everything_in(folder) == {}


def test_the_lock_is_free_again_after_an_exception(tmp_path):
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), folder_lock(tmp_path):
            raise KeyboardInterrupt
    assert everything_in(tmp_path) == {}


def test_no_listing_shows_the_lock(tmp_path):
    for name in ("a.npy", "images/a.png", "masks/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with folder_lock(tmp_path), folder_lock(tmp_path / "images"), folder_lock(tmp_path / "masks"):
        assert list_cases(tmp_path) == [tmp_path / "a.npy"]
        assert image_files([tmp_path / "images"]) == ([tmp_path / "images" / "a.png"], [])
        assert [radiograph.case for radiograph in find_radiographs(tmp_path)] == ["a"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_disk_without_locks_stops_nobody(tmp_path, monkeypatch, number):
    fcntl = pytest.importorskip("fcntl")

    def no_locks(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with folder_lock(tmp_path), folder_lock(tmp_path):
        write_text(tmp_path / "a.txt", "written")
    assert everything_in(tmp_path) == {"a.txt": b"written"}


# --------------------------------------------------------------------------- names from files


@pytest.mark.parametrize(
    "name",
    [
        *("PHANTOM_0001_0", "chest.png", "Müller 1", "胸" * 83, "a..b", "..a", "a...", ".hidden", "x'y", "a b.c", "-"),
        *("صدر", "a\u200fb", "1.2.840.10008.1", "Auxiliary", "12:30", "\udce4", "a" * 251),
    ],
)
def test_a_name_is_returned_as_it_is(name):
    assert check_name(name, "manifest.csv", ".npy", windows=False) == name


NO_NAMES = [
    *(
        "../thesis.docx",
        "..\\thesis.docx",
        "a/../../b",
        "/etc/passwd",
        "\\\\server\\share",
        "C:\\a",
        "C:a",
        "c:",
        "a/b",
        "a\\b",
    ),
    *(
        "",
        " ",
        ".",
        "..",
        ".. ",
        "a\0b",
        "a\nb",
        "\x1b[2J",
        "\x7f",
        "\x85",
        "a\u2028b",
        "a" * 252,
        "胸" * 84,
        "é" * 126,
    ),
    *(None, 5, 2.5, True, ["a"], {"a": 1}, b"a", float("nan"), 10**5000),
]


@pytest.mark.parametrize(
    "name", NO_NAMES, ids=lambda name: ascii(name)[:20] if isinstance(name, str) else type(name).__name__
)
def test_what_is_no_name_is_refused_in_one_short_line(name):
    with pytest.raises(InputError, match=r"^manifest\.csv: expected ") as refused:
        check_name(name, "manifest.csv", ".npy", windows=False)
    message = str(refused.value)
    assert "Received: " in message
    assert message.isprintable()
    assert len(message) < 250


@pytest.mark.parametrize(
    "name",
    ["CON", "con.png", "aux.tar.gz", "COM1", "lpt9.x", "nul ", "12:30", "a.", "a ", "a?", "<a>", 'a"', "a|b", "a*"],
)
def test_what_windows_does_not_take_is_refused_there(name):
    assert check_name(name, "a.csv", windows=False) == name
    with pytest.raises(InputError, match="a name that Windows takes"):
        check_name(name, "a.csv", windows=True)


@pytest.mark.parametrize("name", ["Müller", "胸" * 80, "console", "com10", "a.b", "a"])
def test_what_windows_takes_is_taken_there(name):
    assert check_name(name, "a.csv", ".npy", windows=True) == name


def test_names_are_compared_as_people_see_them():
    assert name_key("Mu\u0308ller") == name_key("M\u00fcller")
    assert name_key("a") != name_key("b")
