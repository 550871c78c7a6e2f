"""Files and folders that several commands may write: whole files, and one command at a time in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lungseg.errors import InputError

# Both are hidden, so that no listing takes them for cases or images.
UNFINISHED = ".part"  # how the names of temporary files end; they begin with a dot
LOCK = ".lungseg.lock"


@contextmanager
def writing(path: str | Path) -> Iterator[Path]:
    """Let a file appear whole or not at all: give a temporary path, and rename it at the end.

    After an exception the temporary file is removed, and a file that was there before is as it was. A process that
    is killed may leave a temporary file; it is hidden, and nothing reads it.

    Parameters
    ----------
    path : str or Path
        The file to write or replace. Its folder exists.

    Yields
    ------
    Path
        A path in the same folder that no other thread or process uses. Its name is short, whatever the length of the
        file's own name, and does not have the file's suffix: a writer that goes by the suffix must be told the format.

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
    temporary = path.with_name(f".{os.urandom(6).hex()}{UNFINISHED}")
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


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder; only for a process that has locked it."""
    for leftover in folder.glob(f".*{UNFINISHED}"):
        leftover.unlink(missing_ok=True)


@contextmanager
def folder_lock(folder: str | Path) -> Iterator[None]:
    """Lock a folder, so that a second command is refused.

    The lock is that of the operating system on the hidden file `.lungseg.lock`: it ends with the process, however
    that ends. The file is removed at the end; that of a killed process locks nothing, and the next command removes it.
    A disk over the network that has no locks, and a folder that cannot be written, are not locked.

    Parameters
    ----------
    folder : str or Path
        It exists.

    Raises
    ------
    InputError
        If another command has locked it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with folder_lock(folder):
    ...     write_text(folder / "a.txt", "")
    """
    from filelock import FileLock, Timeout  # here: importing it takes time, and few who import this module lock

    file = Path(folder) / LOCK
    # Other users of a shared folder must be able to open the file, or they could not tell that it is locked.
    lock = FileLock(file, timeout=0, mode=0o666, fallback_to_soft=False)
    removable = True
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{folder}: another command is at work in this folder. Wait for its end, or name another folder."
        ) from None
    except PermissionError:  # writing will fail as well, and say so
        removable = False
    except OSError:  # the disk has no locks
        pass
    try:
        yield
    finally:
        # The file is removed while it is locked; after the release it might be that of the next command. A process that
        # opened it before and locks it after is refused by filelock, which looks whether it still has a name. Windows
        # removes no open file: there, filelock removes it after the release.
        if removable:
            with suppress(OSError):
                file.unlink()
        lock.release()
