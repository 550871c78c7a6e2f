"""Files that appear whole or not at all."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

# Hidden, so that no listing takes them for cases or images.
UNFINISHED = ".part"  # how the names of temporary files end; they begin with a dot
# Ours, and no other program's; version 0.1.0 had a process's number in them.
LEFTOVER = re.compile(rf"\.([0-9a-f]{{12}}|lungseg-a\w+|.+\.\d+){re.escape(UNFINISHED)}(\.keras|\.weights\.h5)?")


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


def write_array(path: str | Path, array: np.ndarray) -> None:
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
