"""The folder for downloads and phantoms, and how folders of cases come to be there: whole or not at all."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lungseg.errors import InputError
from lungseg.files import folder_lock


def cache_folder() -> Path:
    """Return the folder for downloads and phantoms: `LUNGSEG_CACHE`, or the usual place of the platform.

    Returns
    -------
    Path
        It need not exist yet.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, LUNGSEG_CACHE="/data/lungseg"):
    ...     print(cache_folder().as_posix())
    /data/lungseg
    """
    chosen = os.environ.get("LUNGSEG_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    import pooch

    return Path(pooch.os_cache("lungseg"))


def count_cases(folder: Path) -> int:
    """Return the number of files of cases in a folder."""
    return sum(not path.name.startswith(".") for path in folder.glob("*.npy"))


def remove_abandoned(parent: Path) -> None:
    """Remove the staging folders that killed processes left in a folder."""
    for old in parent.glob(".lungseg-*"):  # of a process that was killed, unless it is still at work
        # Gone meanwhile, another process is done with it; and one that is at work has locked it.
        with suppress(FileNotFoundError, InputError):
            long_ago = old.is_dir() and time.time() - old.stat().st_mtime > 24 * 3600
            with folder_lock(old) as locked:
                if locked or long_ago:  # there are disks without locks
                    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staging_folder(parent: Path) -> Iterator[Path]:
    """Yield a new empty folder, to be filled and then moved; what is left of it at the end is removed.

    Parameters
    ----------
    parent : Path
        The folder in which it is made: so both are on the same disk.
    """
    remove_abandoned(parent)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".lungseg-") as temporary, folder_lock(temporary):
        folder = Path(temporary) / "new"  # with the usual permissions, which a temporary folder does not have
        folder.mkdir()
        yield folder


@contextmanager
def usable_folder(folder: Path) -> Iterator[None]:
    """Make a folder; errors of the disk become InputErrors, here and in the `with` block.

    Parameters
    ----------
    folder : Path
        The one that the message names.

    Raises
    ------
    InputError
        If the folder cannot be made or used, or the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        remedy = "Ask whoever set it up, or name" if isinstance(error, PermissionError) else "Make room or name"
        raise InputError(
            f"{folder}: cannot be used. Received: {error.strerror or error}{where}. "
            f"{remedy} another folder; LUNGSEG_CACHE names the one for downloads and phantoms."
        ) from error


def move_cases(cases: Path, folder: Path) -> None:
    """Rename a complete folder of cases, or move its files into the folder that has the name already.

    Parameters
    ----------
    cases : Path
        From `staging_folder`.
    folder : Path
        On the same disk.
    """
    if not os.path.lexists(folder):
        try:
            os.rename(cases, folder)
            return
        except OSError:
            if not folder.is_dir():  # otherwise someone else was quicker, with the same cases
                raise
    # The marker sorts first: should this be interrupted, the next call knows whose folder it is.
    for path in sorted(cases.iterdir()):
        os.replace(path, folder / path.name)
