"""Files and folders that several commands may write: whole files, safe names, one command at a time in a folder."""

import io
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, quote

# Both are hidden, so that no listing takes them for cases or images.
UNFINISHED = ".part"  # how the names of temporary files end; they begin with a dot
# Ours, and no other program's; version 0.1.0 had a process's number in them.
LEFTOVER = re.compile(rf"\.([0-9a-f]{{12}}|lungseg-a\w+|.+\.\d+){re.escape(UNFINISHED)}(\.keras|\.weights\.h5)?")
LOCK = ".lungseg.lock"
LONGEST_NAME = 255  # bytes; of UTF-16 units on Windows
# What Windows takes for a device, with any suffix.
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"
}


@contextmanager
def writing(path: str | Path, suffix: str = "") -> Iterator[Path]:
    """Let a file appear whole or not at all: give a temporary path, and rename it at the end.

    After an exception the temporary file is removed, and a file that was there before is as it was. A process that
    is killed may leave a temporary file; it is hidden, and nothing reads it.

    Parameters
    ----------
    path : str or Path
        The file to write or replace. Its folder exists.
    suffix : str
        Of the temporary path, for writers that go by it.

    Yields
    ------
    Path
        A path in the same folder that no other thread or process uses. Its name is short, whatever the length of the
        file's own name.

    Raises
    ------
    OSError
        If the file cannot be written; it names `path`, not the temporary file.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with writing(folder / "scores.csv") as temporary:
    ...     _ = temporary.write_text("dice\\n0.97\\n", encoding="utf-8")
    >>> [file.name for file in folder.iterdir()]
    ['scores.csv']
    """
    path = Path(path)
    temporary = path.with_name(f".{os.urandom(6).hex()}{UNFINISHED}{suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary)):  # of something else
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def check_name(name: object, where: str | Path, suffix: str = "", windows: bool = os.name == "nt") -> str:
    """Return a name that was read from a file, if it is one: that of a file in the folder, and of nothing else.

    A table, a JSON file or an archive may have been made or changed by anybody. A name in it becomes a path that is
    written, replaced or deleted, so every one of them comes through here first.

    Parameters
    ----------
    name : object
        As it was read.
    where : str or Path
        The file, and perhaps the row or the key, with which the message begins.
    suffix : str
        What is put behind the name to make the file's name.
    windows : bool
        Also refuse what Windows does not take, or takes for another file: a colon, `con`, a dot at the end.

    Returns
    -------
    str
        The name as it is. To compare it with another one, see `name_key`.

    Raises
    ------
    InputError
        If it is no text, empty, `.` or `..`, has a separator of any system, a drive letter or a control character,
        or is too long for a disk.

    Examples
    --------
    >>> check_name("PHANTOM_0001_0", "manifest.csv", suffix=".npy")
    'PHANTOM_0001_0'
    >>> check_name("../thesis.docx", "predictions.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: predictions.csv: expected the name of a file, without a folder. Received: '../thesis...
    """
    problem = _what_is_wrong(name, suffix, windows)
    if problem:
        raise InputError(
            f"{where}: expected {problem}. Received: {quote(name)}. Correct the name, or remove what names it."
        )
    return str(name)


def _what_is_wrong(name: object, suffix: str, windows: bool) -> str | None:
    """Return what was expected of a name that is none, or None."""
    if not isinstance(name, str) or not name.strip():
        return "the name of a file"
    whole = name + suffix
    if set(name) & set("/\\") or name.strip() in (".", "..") or re.match("[A-Za-z]:", name):
        return "the name of a file, without a folder"
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in name):
        return "the name of a file, without control characters"
    in_utf16 = os.name == "nt"
    if len(whole.encode("utf-16-le" if in_utf16 else "utf-8", "surrogatepass")) > LONGEST_NAME * (2 if in_utf16 else 1):
        return f"a name of at most {LONGEST_NAME} bytes"
    if windows and (
        set(whole) & set('<>:"|?*') or whole[-1] in ". " or whole.split(".")[0].strip().casefold() in DEVICES
    ):
        return "a name that Windows takes"
    return None


def name_key(name: str) -> str:
    """Return a name in the form in which names are compared: letters with accents can be stored in two ways.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> name_key("Mu\u0308ller") == name_key("M\u00fcller"), name_key("a") == name_key("A")
    (True, False)
    """
    return unicodedata.normalize("NFC", name)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file, in UTF-8, whole or not at all.

    Parameters
    ----------
    path : str or Path
    text : str

    Raises
    ------
    OSError
        See `writing`.
    """
    with writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_array(path: str | Path, array: "np.ndarray") -> None:
    """Write an array as `.npy`, whole or not at all.

    Parameters
    ----------
    path : str or Path
    array : numpy.ndarray

    Raises
    ------
    OSError
        See `writing`. (Of a full disk, NumPy itself says how many numbers it could write, and nothing of the disk.)
    """
    content = io.BytesIO()
    np.save(content, array)
    with writing(path) as temporary:
        temporary.write_bytes(content.getbuffer())


def remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder; only for a process that has locked it."""
    for leftover in folder.glob(f".*{UNFINISHED}*"):
        if not LEFTOVER.fullmatch(leftover.name):
            continue
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


@contextmanager
def folder_lock(folder: str | Path) -> Iterator[bool]:
    """Lock a folder, so that a second command is refused.

    The lock is that of the operating system on the hidden file `.lungseg.lock`: it ends with the process, however
    that ends. The file is removed at the end; that of a killed process locks nothing, and the next command removes it.
    A disk over the network that has no locks, and a folder that cannot be written, are not locked.

    Parameters
    ----------
    folder : str or Path
        It exists.

    Yields
    ------
    bool
        Whether it is locked.

    Raises
    ------
    InputError
        If another command has locked it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with folder_lock(folder) as locked:
    ...     write_text(folder / "a.txt", "")
    """
    from filelock import FileLock, Timeout  # here: importing it takes time, and few who import this module lock

    file = Path(folder) / LOCK
    # Other users of a shared folder must be able to open the file, or they could not tell that it is locked.
    lock = FileLock(file, timeout=0, mode=0o666, fallback_to_soft=False)
    removable = locked = True
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{folder}: another command is at work in this folder. Wait for its end, or name another folder."
        ) from None
    except PermissionError:  # writing will fail as well, and say so
        removable = locked = False
    except OSError:  # the disk has no locks
        locked = False
    try:
        yield locked
    finally:
        # The file is removed while it is locked; after the release it might be that of the next command. A process that
        # opened it before and locks it after is refused by filelock, which looks whether it still has a name. Windows
        # removes no open file: there, filelock removes it after the release.
        if removable:
            with suppress(OSError):
                file.unlink()
        lock.release()
