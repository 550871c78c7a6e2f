"""One command at a time in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lungseg.errors import InputError

LOCK = ".lungseg.lock"  # hidden, so that no listing takes it for an image


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
    ...     (folder / "a.txt").touch()
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
