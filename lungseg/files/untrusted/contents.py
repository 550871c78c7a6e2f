"""The bytes of a file that may be anything: a folder, a device without an end, one that nobody may read, a huge one."""

import os
import stat
from pathlib import Path

from lungseg.errors import InputError


def read_bytes(path: str | Path, largest: int, remedy: str) -> bytes:
    """Return what a file holds.

    Parameters
    ----------
    path : str or Path
    largest : int
        Bytes; a larger file is refused.
    remedy : str
        The end of the message: what to do.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If there is no such file, or it is none, too large, or cannot be read.
    """
    try:
        check_file(path, largest, remedy)
        with open(path, "rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}. {remedy}") from None
    if len(content) > largest:  # it has grown meanwhile, or lies about its size
        raise InputError(f"{path}: expected at most {size_text(largest)}. Received: more. {remedy}")
    return content


def check_file(path: str | Path, largest: int | None, remedy: str) -> int:
    """Return the size of a file, or refuse what is none or too large: to read a pipe or a device may never end.

    Parameters
    ----------
    path : str or Path
    largest : int or None
        Bytes.
    remedy : str
        The end of the message: what to do.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    InputError
    OSError
        As `os.stat` raises it, but for a file that does not exist.
    """
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Was it moved or renamed?") from None
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "something else"
        raise InputError(f"{path}: cannot be read: expected a file. Received: {kind}. {remedy}")
    if largest is not None and found.st_size > largest:
        raise InputError(
            f"{path}: expected at most {size_text(largest)}. Received: a file of {size_text(found.st_size)}. {remedy}"
        )
    return found.st_size


def size_text(count: int) -> str:
    """Say a number of bytes as people do.

    Examples
    --------
    >>> size_text(1), size_text(1500), size_text(5 * 2**30), size_text(10**40)
    ('1 byte', '1 kB', '5 GB', 'more than 1000 PB')
    """
    for unit, least in (("PB", 2**50), ("TB", 2**40), ("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if count >= least:
            return f"{count // least} {unit}" if count < 1000 * 2**50 else "more than 1000 PB"
    return f"{count} byte" + ("" if count == 1 else "s")
