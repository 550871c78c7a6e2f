"""Downloads the course's archives of cases from where they are published."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from lungseg.datasets.archives import BadArchive, unpack_cases
from lungseg.datasets.cache import (
    cache_folder,
    count_cases,
    move_cases,
    remove_abandoned,
    staging_folder,
    usable_folder,
)
from lungseg.datasets.checksums import CHECKSUMS_FILE, DiffersFromRecord, compare_checksum, record_checksum
from lungseg.datasets.fetching import NotDelivered, fetch
from lungseg.errors import InputError, counted, quote
from lungseg.files.untrusted import read_json

# For each size the archive and the places that publish it, in the order in which they are asked.
ADDRESS = "https://pandora.infn.it/public/{share}/dl/{archive}"
ARCHIVES = {
    128: ("Shezen_128128.zip", ("f10e06", "0e1e5d")),
    256: ("Shezen_256256.zip", ("88b1cf", "3a4a44")),
    512: ("Shezen_512512.zip", ("ced7f7", "80a4eb")),
}
MARKER_FILE = ".lungseg.json"  # in a folder of cases: which archive they come from, and how many there are


def archive_urls(size: int = 128) -> list[str]:
    """Return the addresses of the archive of a size, the first choice first.

    Parameters
    ----------
    size : {128, 256, 512}
        Height and width of the images.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If there is no archive of this size.

    Examples
    --------
    >>> archive_urls(256)[1]
    'https://pandora.infn.it/public/3a4a44/dl/Shezen_256256.zip'
    """
    if size not in ARCHIVES:
        sizes = ", ".join(map(str, ARCHIVES))
        raise InputError(
            f"The archives come in the sizes {sizes}. Received: {size!r}. Take one of them, or make cases of "
            "any size with `lungseg prepare` or `lungseg phantom`."
        )
    archive, shares = ARCHIVES[size]
    return [ADDRESS.format(share=share, archive=archive) for share in shares]


def download(
    size: int = 128,
    out: str | Path | None = None,
    progress: bool = True,
    urls: Sequence[str] | None = None,
    force: bool = False,
    report: Callable[[str], object] = print,
) -> Path:
    """Get the course's archive of Montgomery and Shenzhen cases, and unpack it.

    The archive is kept in `cache_folder()`; what is there already is used
    without asking the network. Its SHA-256 is recorded at the first download
    (in `checksums.json` beside it), and an archive that differs from the record
    is refused ever after. Archive and cases are written under a temporary name
    and renamed when whole, so that an interruption leaves nothing half-written.

    Parameters
    ----------
    size : {128, 256, 512}
        Height and width of the images.
    out : str or Path, optional
        The folder for the cases; new, empty, or filled by an earlier download of
        the same archive. By default a folder in the cache.
    progress : bool
        Show a progress bar.
    urls : sequence of str, optional
        Where to look for the archive, instead of the published addresses. The next one is tried when one fails.
    force : bool
        Download again even if the archive is there. The old one stays until
        the new one is whole and found to be the same.
    report : callable
        Is given each line there is to say: an address that failed, the number of cases. `print` by default.

    Returns
    -------
    Path
        The folder that holds the `.npy` cases.

    Raises
    ------
    InputError
        If the size is unknown; the folder holds something else; no address delivers the archive (the message says
        where to put a copy by hand); the archive in the cache is damaged or differs from the record; or the disk is
        full or write-protected.

    References
    ----------
    S. Jaeger et al., "Automatic tuberculosis screening using chest
    radiographs", IEEE TMI 33(2):233-245 (2014). S. Candemir et al., "Lung
    segmentation in chest radiographs using anatomical atlases with nonrigid
    registration", IEEE TMI 33(2):577-590 (2014).
    """
    published = archive_urls(size)
    name = ARCHIVES[size][0]
    archive = cache_folder() / name
    folder = Path(out).expanduser() if out is not None else archive.with_suffix("")
    count = count_unpacked(folder, name)
    remove_abandoned(folder.parent)  # of a process that was killed when all was done
    if not count or force:
        with usable_folder(archive.parent), usable_folder(folder.parent), staging_folder(folder.parent) as cases:
            if archive.is_file() and not force:
                count = _unpack_from_cache(archive, cases)
            else:
                count = _fetch(published if urls is None else urls, archive, cases, progress, report)
            marker = json.dumps({"archive": name, "cases": count}) + "\n"
            (cases / MARKER_FILE).write_text(marker, encoding="utf-8")
            move_cases(cases, folder)
    report(f"{counted(count, 'case')} in {folder}")
    return folder


def count_unpacked(folder: Path, name: str) -> int:
    """Return how many cases of an archive a folder holds, 0 if not all; refuse a folder of other things.

    Parameters
    ----------
    folder : Path
        It need not exist.
    name : str
        Of the archive.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If there is something else in it.
    """
    if not os.path.lexists(folder):
        return 0
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder for the cases, found a file. Name another folder.")
    try:
        marker = read_json(folder / MARKER_FILE)
        archive, expected = str(marker["archive"]), int(marker["cases"])
    except (ValueError, KeyError, TypeError):
        if all(path.name.startswith(".") for path in folder.iterdir()):
            return 0
        raise InputError(
            f"{folder}: expected a new or empty folder for the cases, found other files in it. Name another "
            "folder; if it holds cases already, use it as it is."
        ) from None
    if archive != name:
        raise InputError(f"{folder}: holds the cases of {quote(archive)[1:-1]}, not of {name}. Name another folder.")
    count = count_cases(folder)
    return count if count >= expected else 0


def _unpack_from_cache(archive: Path, cases: Path) -> int:
    """Unpack an archive that is there already, be it from an earlier download or put there by hand."""
    checksums = archive.with_name(CHECKSUMS_FILE)
    try:
        checksum = compare_checksum(archive, archive)
        count = unpack_cases(archive, cases)
    except BadArchive as error:
        raise InputError(
            f"{archive}: {error}. Delete it and download it again, or put a good copy in its place"
            f"{_if_renewed(error, checksums)}."
        ) from None
    record_checksum(archive, checksum)
    return count


def _fetch(urls: Sequence[str], archive: Path, cases: Path, progress: bool, report: Callable[[str], object]) -> int:
    """Download an archive from the first address that has it, and unpack it."""
    renewed = ""

    def accept(arrived: Path) -> tuple[int, str]:
        nonlocal renewed
        try:
            # A page that is no zip is called that, rather than "different from the record".
            return unpack_cases(arrived, cases), compare_checksum(arrived, archive)
        except BadArchive as error:
            for path in cases.iterdir():
                path.unlink()
            renewed = renewed or _if_renewed(error, archive.with_name(CHECKSUMS_FILE))
            raise

    try:
        count, checksum = fetch(urls, archive, accept, progress, report)
    except NotDelivered as error:
        raise InputError(
            f"{error}. Make phantoms with `lungseg phantom` and work with them, or put a copy of the archive at "
            f"{archive} and ask again{renewed}."
        ) from None
    record_checksum(archive, checksum)
    return count


def _if_renewed(error: Exception, checksums: Path) -> str:
    if not isinstance(error, DiffersFromRecord):
        return ""
    return f" (if it was published anew and you trust it, delete its line in {checksums} first)"
