"""Checks a downloaded archive of cases and unpacks it, and trusts nothing in it."""

import errno
import lzma
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from lungseg.errors import InputError, one_line, quote
from lungseg.files import check_name, name_key
from lungseg.files.untrusted import read_shape

# A case of 512 x 512 pixels in float64 takes 4 MiB, and the 704 of them take 3 GiB.
MAX_CASES = 20_000
MAX_CASE_BYTES = 64 * 2**20
MAX_TOTAL_BYTES = 8 * 2**30

# What the libraries raise for an archive that is damaged, encrypted or compressed in an unknown way.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,  # without a number: a damaged stream; with EINVAL: a place before the beginning of the file
)


class BadArchive(ValueError):
    """What is wrong with an archive, as the rest of a sentence that begins with its name."""


def unpack_cases(archive: Path, folder: Path) -> int:
    """Unpack the `.npy` files of a zip archive into a folder, without the archive's own folders.

    Other files (a readme, the litter of some operating systems) are left out.
    Every member is looked at before the first one is written.

    Parameters
    ----------
    archive : Path
        A zip file.
    folder : Path
        An existing, empty folder. After an exception it may hold a part of the cases, so let it be a temporary one.

    Returns
    -------
    int
        The number of cases.

    Raises
    ------
    BadArchive
        If the file is not a whole zip archive; if a member is a link or would land outside of the folder; if there is
        no case, two have one name, or there are more or larger ones than any set of radiographs has; if a case is
        damaged or is not in NumPy's format.
    """

    def check(path: Path, member: zipfile.ZipInfo) -> None:
        if read_shape(path) is None:
            raise BadArchive(f"holds {quote(member.filename)}, which is no array of numbers in NumPy's format")

    return unpack(archive, folder, choose_members, check)


def unpack(
    archive: Path,
    folder: Path,
    choose: Callable[[list[zipfile.ZipInfo]], dict[str, zipfile.ZipInfo]],
    check: Callable[[Path, zipfile.ZipInfo], object],
) -> int:
    """Unpack chosen members of a zip archive; every member is looked at before the first one is written.

    Parameters
    ----------
    archive : Path
        A zip file.
    folder : Path
        An existing, empty folder, see `unpack_cases`.
    choose : callable
        From all members to the chosen ones, by the names of the files to be written; or raises `BadArchive`.
    check : callable
        Is given each file that was written, and its member.

    Returns
    -------
    int
        The number of files.

    Raises
    ------
    BadArchive
        See `unpack_cases`.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = choose(zipped.infolist())
            needed = sum(member.file_size for member in members.values())
            free = shutil.disk_usage(folder).free
            if needed > free:
                text = f"{needed / 2**20:.0f} MiB are needed, and {free / 2**20:.0f} MiB are free"
                raise OSError(errno.ENOSPC, text)
            for name, member in members.items():
                with zipped.open(member) as source, open(folder / name, "xb") as target:
                    shutil.copyfileobj(source, target, 2**20)
                check(folder / name, member)
    except UNREADABLE as error:
        of_the_disk = isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)
        if isinstance(error, BadArchive) or of_the_disk:
            raise
        if not zipfile.is_zipfile(archive):
            raise BadArchive(_what_it_is_instead(archive)) from None
        raise BadArchive(f"is damaged ({one_line(error)})") from None
    return len(members)


def choose_members(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the cases among the members of an archive, by file name, or refuse the archive.

    Examples
    --------
    >>> names = ["set/b.npy", "set/a.npy", "set/readme.txt"]
    >>> list(choose_members([zipfile.ZipInfo(name) for name in names]))
    ['a.npy', 'b.npy']
    >>> choose_members([zipfile.ZipInfo("../../a.npy")])
    Traceback (most recent call last):
    ...
    lungseg.datasets.archives.BadArchive: holds '../../a.npy', which would land outside of its folder
    """
    return choose_files(infos, lambda path: path.name if path.suffix == ".npy" else None, "case (.npy file)")


def choose_files(
    infos: list[zipfile.ZipInfo], place: Callable[[PurePosixPath], str | None], kind: str
) -> dict[str, zipfile.ZipInfo]:
    """Return the members of an archive that are wanted, by the names of the files to be written, or refuse it.

    Parameters
    ----------
    infos : list of zipfile.ZipInfo
    place : callable
        From the path of a member to the name of its file, perhaps in a folder; or None, if it is not wanted.
    kind : str
        What the files are.

    Returns
    -------
    dict of str to zipfile.ZipInfo

    Raises
    ------
    BadArchive
        See `unpack_cases`.
    """
    chosen: dict[str, zipfile.ZipInfo] = {}
    folded = set()  # some disks take a.npy and A.npy for the same file, and two forms of an accent
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename:
            raise BadArchive(f"holds {quote(info.filename)}, which would land outside of its folder")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadArchive(f"holds {quote(info.filename)}, which is a link")
        name = None if info.is_dir() or path.name.startswith(".") else place(path)
        if name is None:
            continue
        try:
            plain = re.fullmatch(r"[\w .,()+-]+", name_key(check_name(path.name, "", windows=True)))
        except InputError:
            plain = None
        if not plain:
            raise BadArchive(f"holds {quote(info.filename)}, which not every disk takes for a file name")
        key = name_key(name).casefold()
        if key in folded:
            raise BadArchive(f"holds {quote(name)} twice")
        if info.file_size > MAX_CASE_BYTES:
            raise BadArchive(f"holds {quote(info.filename)}, which is larger than {MAX_CASE_BYTES // 2**20} MiB")
        folded.add(key)
        chosen[name] = info
    if not chosen:
        raise BadArchive(f"holds no {kind}")
    if len(chosen) > MAX_CASES or sum(info.file_size for info in chosen.values()) > MAX_TOTAL_BYTES:
        raise BadArchive(f"holds more than {MAX_CASES} cases or {MAX_TOTAL_BYTES // 2**30} GiB")
    return dict(sorted(chosen.items()))


def _what_it_is_instead(path: Path) -> str:
    with open(path, "rb") as file:
        start = file.read(1024).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, not a zip archive"
    if start.startswith(b"pk"):
        return "is cut short"
    return "is not a zip archive" if start else "is empty"
