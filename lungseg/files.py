"""alone_in(): two processes never write into one folder at the same time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lungseg.errors import InputError


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
