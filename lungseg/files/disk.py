"""A folder is asked whether it can be written before time is spent, and a full disk is told in one line."""

import errno
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lungseg.errors import InputError, one_line

FULL = {errno.ENOSPC, errno.EDQUOT}  # the disk, or what one may use of it


class DiskFull(InputError):
    """A file does not fit on the disk.

    Parameters
    ----------
    file : str or Path
        That file.
    kept : str
        A sentence: what of the work, and of what was there before, is whole.

    Examples
    --------
    >>> print(DiskFull("run/best.keras", "The state after epoch 3 is kept."))
    run/best.keras: the disk is full. The state after epoch 3 is kept. Free some space, and do the same again.
    """

    def __init__(self, file: str | Path, kept: str = ""):
        self.file, self.kept = file, kept
        super().__init__(f"{file}: the disk is full. {kept}{' ' * bool(kept)}Free some space, and do the same again.")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:  # from one process to another
        return DiskFull, (self.file, self.kept)


@contextmanager
def telling_of_a_full_disk(kept: str | Callable[[], str] = "") -> Iterator[None]:
    """Turn the error of a full disk into one line; other errors pass.

    Parameters
    ----------
    kept : str or callable
        See `DiskFull`; a function is asked for it after the error.

    Raises
    ------
    DiskFull
        It names the file, if the error does.
    """
    try:
        yield
    except (OSError, DiskFull) as error:
        if isinstance(error, OSError) and error.errno not in FULL:
            raise
        file = error.file if isinstance(error, DiskFull) else error.filename
        raise DiskFull(file or "A file", kept() if callable(kept) else kept) from None


def open_folder(folder: str | Path, remedy: str) -> None:
    """Make a folder and try to write there, before any time is spent.

    Parameters
    ----------
    folder : str or Path
    remedy : str
        What to do if that fails, as a sentence.

    Raises
    ------
    InputError
        If it cannot be made or written.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with telling_of_a_full_disk("Nothing was changed."), tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))  # of a full disk, some give a new file, but no room in it
            file.flush()
    except OSError as error:
        received = "a file of this name" if Path(folder).is_file() else one_line(error)
        raise InputError(f"{folder}: expected a folder that can be written. Received: {received}. {remedy}") from None
