"""Downloads the Montgomery set as the National Library of Medicine publishes it, and prepares it."""

from __future__ import annotations

import calendar
import hashlib
import json
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from lungseg.datasets.archives import BadArchive, choose_files, unpack
from lungseg.datasets.cache import cache_folder, move_cases, staging_folder, usable_folder
from lungseg.datasets.fetching import NotDelivered, fetch
from lungseg.datasets.published import MARKER_FILE, count_unpacked
from lungseg.errors import InputError, counted
from lungseg.files import folder_lock, write_text

ADDRESS = "http://openi.nlm.nih.gov/imgs/collections/NLM-MontgomeryCXRSet.zip"
CHECKSUM = "54601e952315d8f67383e9202a6e145997ade429f54f7e0af44b4e158714f424"  # SHA-256
FOLDERS = ("CXR_png", "ManualMask/leftMask", "ManualMask/rightMask")
ROOM = 2.1  # sizes of the archive: PNGs do not become smaller in a zip, and both are on the disk for a while


def download_montgomery(
    size: int = 128,
    out: str | Path | None = None,
    progress: bool = True,
    urls: Sequence[str] | None = None,
    n_jobs: int = -1,
    report: Callable[[str], object] = print,
) -> Path:
    """Get the 138 Montgomery radiographs with masks of both lungs, and prepare them.

    The archive (590 MB) is kept in `cache_folder()`; what is there already is used without asking the network. It is
    checked against the SHA-256 of the published one. An interrupted download goes on where it was, an interrupted
    preparation too. While the cases are prepared, the files of the archive are unpacked beside it.

    Parameters
    ----------
    size : int
        Height and width of the cases.
    out : str or Path, optional
        The folder for the cases; new, empty, or filled by an earlier download of the same set and size. By default a
        folder in the cache.
    progress : bool
        Show progress bars.
    urls : sequence of str, optional
        Where to look for the archive, instead of the published address. The next one is tried when one fails.
    n_jobs : int
        Processes that prepare; -1 is one per core.
    report : callable
        Is given each line there is to say. `print` by default.

    Returns
    -------
    Path
        The folder that holds the `.npy` cases.

    Raises
    ------
    InputError
        If the size is not possible; the folder holds something else; no address delivers the archive (the message says
        where to put a copy by hand); the archive in the cache is another one; or the disk is full or write-protected.

    References
    ----------
    S. Jaeger et al., "Two public chest X-ray datasets for computer-aided screening of pulmonary diseases",
    Quantitative Imaging in Medicine and Surgery 4(6):475-477 (2014).
    """
    from lungseg.preparation import find_radiographs, prepare_folder
    from lungseg.preparation.folder.report import LEFT_OUT

    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InputError(f"size: expected a whole number of pixels above 0. Received: {size!r}.")
    archive = cache_folder() / PurePosixPath(ADDRESS).name
    raw = archive.with_name(f".{archive.stem}.unpacked")  # not as a person would call what they have unpacked
    folder = Path(out).expanduser() if out is not None else archive.with_name(f"Montgomery_{size}{size}")
    name = f"{archive.name} at {size} x {size}"
    count = count_unpacked(folder, name)
    if not count:
        try:
            with usable_folder(archive.parent), usable_folder(folder):
                _get(archive, raw, [ADDRESS] if urls is None else urls, progress, report)
                marker = {"archive": name, "cases": len(find_radiographs(raw))}
                write_text(folder / MARKER_FILE, json.dumps(marker) + "\n")
        finally:
            with suppress(OSError):  # something is in it, as usual
                folder.rmdir()
        with folder_lock(raw), warnings.catch_warnings():
            warnings.filterwarnings("ignore", LEFT_OUT)  # the summary says it
            result = prepare_folder(raw, folder, size, n_jobs, progress)
            shutil.rmtree(raw, ignore_errors=True)  # the archive is kept
        report(result.summary())
        count = result.written + result.reused
    report(f"{counted(count, 'case')} in {folder}")
    return folder


def _get(archive: Path, raw: Path, urls: Sequence[str], progress: bool, report: Callable[[str], object]) -> None:
    """Bring the files of the archive into a folder, from the archive in the cache or from the network."""
    if raw.is_dir():  # whole: left by an earlier call that was interrupted while it prepared
        return
    with staging_folder(archive.parent) as files:
        if archive.is_file():
            try:
                _unpack(archive, files)
            except BadArchive as error:
                raise InputError(
                    f"{archive}: {error}. Delete it and download it again, or put a good copy in its place."
                ) from None
        else:
            try:
                fetch(urls, archive, lambda arrived: _unpack(arrived, files), progress, report, ROOM)
            except NotDelivered as error:
                raise InputError(
                    f"{error}. Download {ADDRESS} by hand, with a browser or on another computer, put the file at "
                    f"{archive}, and run the same command again."
                ) from None
        move_cases(files, raw)


def _unpack(archive: Path, folder: Path) -> None:
    """Check an archive, and unpack its radiographs and masks."""
    if not zipfile.is_zipfile(archive):
        unpack(archive, folder, choose_radiographs, lambda path, member: None)  # says what it is instead
    with open(archive, "rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    if checksum != CHECKSUM:
        raise BadArchive(f"differs from the published one (SHA-256 {checksum[:12]}…, expected {CHECKSUM[:12]}…)")
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    unpack(archive, folder, choose_radiographs, _set_time)


def choose_radiographs(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the radiographs and masks among the members of the archive, by the names of the files to be written.

    Parameters
    ----------
    infos : list of zipfile.ZipInfo

    Returns
    -------
    dict of str to zipfile.ZipInfo

    Raises
    ------
    BadArchive
        See `lungseg.datasets.archives.choose_files`.

    Examples
    --------
    >>> names = ["MontgomerySet/CXR_png/a.png", "__MACOSX/CXR_png/._a.png", "MontgomerySet/ManualMask/leftMask/a.png"]
    >>> list(choose_radiographs([zipfile.ZipInfo(name) for name in names]))
    ['CXR_png/a.png', 'ManualMask/leftMask/a.png']
    """

    def place(path: PurePosixPath) -> str | None:
        found = [name for name in FOLDERS if path.parent.as_posix().endswith(name)]
        return f"{found[0]}/{path.name}" if found and path.suffix == ".png" else None

    return choose_files(infos, place, "radiograph (CXR_png/*.png)")


def _set_time(path: Path, member: zipfile.ZipInfo) -> None:
    """Give a file the time that its archive tells, so that a preparation that goes on knows it again."""
    time = calendar.timegm((*member.date_time, 0, 0, 0))
    os.utime(path, (time, time))
