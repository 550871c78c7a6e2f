"""Files and folders that several commands may write: whole files, and one command at a time in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lungseg.errors import InputError

UNFINISHED = ".part"  # how the names of temporary files end; they begin with a dot, so no listing shows them


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
    """Write a text file, in UTF-8, whole or not at all; see `writing`."""
    with writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files that killed processes left; only for one that holds the lock of the folder."""
    for leftover in folder.glob(f".*{UNFINISHED}"):
        leftover.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder, so that a second process is refused; not on Windows, which has no such lock.

    The lock ends with the process, however it ends, and leaves no file behind.

    Parameters
    ----------
    folder : Path
        It exists.

    Raises
    ------
    InputError
        If another process has locked it.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise InputError(
            f"{folder}: another command is at work in this folder. Wait for its end, or name another folder."
        ) from None
    except OSError:  # a disk over the network that has no locks
        pass
    try:
        yield
    finally:
        os.close(handle)
