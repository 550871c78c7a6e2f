"""The SHA-256 of each archive at its first download: a later one that differs is refused."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from lungseg.datasets.archives import BadArchive
from lungseg.errors import InputError
from lungseg.files import folder_lock, remove_unfinished, write_text
from lungseg.files.untrusted import read_json

CHECKSUMS_FILE = "checksums.json"  # beside the archives: their names, and the SHA-256 of each


class DiffersFromRecord(BadArchive):
    """The archive is another one than the first time."""


def compare_checksum(path: Path, archive: Path) -> str:
    """Return the SHA-256 of a file that is, or wants to be, an archive of the cache.

    Parameters
    ----------
    path : Path
        The file.
    archive : Path
        The archive's place in the cache.

    Returns
    -------
    str
        In hexadecimal digits.

    Raises
    ------
    DiffersFromRecord
        If the record beside the archive has another checksum for it.
    InputError
        If the record cannot be read.
    """
    with open(path, "rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    recorded = _read_checksums(archive).get(archive.name, checksum)
    if recorded != checksum:
        raise DiffersFromRecord(
            f"differs from the one recorded at the first download (SHA-256 {checksum[:12]}…, "
            f"expected {str(recorded)[:12]}…)"
        )
    return checksum


def record_checksum(archive: Path, checksum: str) -> None:
    """Record the SHA-256 of an archive in `checksums.json` beside it.

    Parameters
    ----------
    archive : Path
        Its place in the cache.
    checksum : str
        From `compare_checksum`.

    Raises
    ------
    InputError
        If the record cannot be read.
    """
    checksums = _read_checksums(archive)
    if checksums.get(archive.name) == checksum:
        return
    with suppress(InputError), folder_lock(archive.parent) as locked:
        if locked:
            remove_unfinished(archive.parent)  # left by a process that was killed just here
    text = json.dumps({**checksums, archive.name: checksum}, indent=2, sort_keys=True) + "\n"
    write_text(archive.with_name(CHECKSUMS_FILE), text)


def _read_checksums(archive: Path) -> dict[str, Any]:
    path = archive.with_name(CHECKSUMS_FILE)
    return read_json(path, "Mend it, or delete it to record the checksums anew.") if path.exists() else {}
