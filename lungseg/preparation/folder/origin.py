"""From which files a case was made, and whether it may stay as it is: columns of the manifest."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from lungseg.files.untrusted import read_shape
from lungseg.preparation.sources.layouts import Radiograph


def describe_origin(radiograph: Radiograph, source: Path) -> dict[str, str]:
    """Return the columns that say from which files of which folder a case is made.

    Parameters
    ----------
    radiograph : Radiograph
    source : Path
        The folder.

    Returns
    -------
    dict of str to str
        `image`, `masks` and `source`.
    """
    return {
        "image": _from(source, radiograph.image),
        "masks": ";".join(_from(source, path) for path in radiograph.masks),
        "source": _number(source.absolute()),
    }


def _from(source: Path, path: Path) -> str:
    """Return the way from a folder to a file, which may lie elsewhere: corrected masks do."""
    if path.is_relative_to(source):
        return path.relative_to(source).as_posix()
    try:
        return Path(os.path.relpath(path, source)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.name


@lru_cache
def _number(source: Path) -> str:
    """Return the number that stands for a folder, given its whole path."""
    return hashlib.sha256(str(source.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def describe_files(radiograph: Radiograph) -> dict[str, str]:
    """Return the columns that tell whether a file has changed.

    Parameters
    ----------
    radiograph : Radiograph

    Returns
    -------
    dict of str to str
        `bytes`, of all files together, and `modified`, of each in nanoseconds.
    """
    found = [path.stat() for path in (radiograph.image, *radiograph.masks)]
    modified = ";".join(str(file.st_mtime_ns) for file in found)
    return {"bytes": str(sum(file.st_size for file in found)), "modified": modified}


def is_same_source(row: dict[str, str], origin: dict[str, str]) -> bool:
    """Tell whether a case may be from this folder: rows of older manifests do not say.

    Parameters
    ----------
    row : dict
        Of the manifest.
    origin : dict
        From `describe_origin`.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_same_source({"case": "a"}, {"source": "0b5"}), is_same_source({"source": "77c"}, {"source": "0b5"})
    (True, False)
    """
    return row.get("source") in (None, "", origin["source"])


def is_done(
    radiograph: Radiograph,
    row: dict[str, str] | None,
    origin: dict[str, str],
    case: Path,
    size: int,
    lung_values: tuple[str, ...] = (),
) -> bool:
    """Tell whether the file of a case is whole, and was made from these very files, by the same values of the mask.

    Parameters
    ----------
    radiograph : Radiograph
    row : dict or None
        Of the manifest.
    origin : dict
        From `describe_origin`.
    case : Path
        The file of the case.
    size : int
        Its side in pixels.
    lung_values : tuple of str
        From :func:`lungseg.radiographs.masks.check_lung_values`.

    Returns
    -------
    bool
    """
    if row is None or row.get("lung_values", "") != ",".join(lung_values):
        return False
    if not _is_whole(case, size):
        return False
    if not row.get("modified"):  # an older manifest
        try:
            newest = max(int(time) for time in describe_files(radiograph)["modified"].split(";"))
        except OSError:
            return False
        if case.stat().st_mtime_ns < newest:
            return False
    return is_unchanged(radiograph, row, origin)


def is_unchanged(radiograph: Any, row: dict[str, str], origin: dict[str, str]) -> bool:
    """Tell whether a case was made from these very files, as they are now.

    Parameters
    ----------
    radiograph : named tuple
        With `image` and `masks`.
    row : dict
        Of the manifest. Where an older one does not say when the files were changed, their size must do.
    origin : dict
        From `describe_origin`.

    Returns
    -------
    bool
    """
    try:
        now = describe_files(radiograph)
    except OSError:  # gone since the folder was listed: to be tried, and named
        return False
    same = row["bytes"] == now["bytes"] and row.get("modified") in (None, "", now["modified"])
    return same and is_same_source(row, origin) and all(row[name] == origin[name] for name in ("image", "masks"))


def _is_whole(case: Path, size: int) -> bool:
    """Tell whether a file holds a whole case of this size; only its head is read."""
    return read_shape(case) == (size, size, 2)
