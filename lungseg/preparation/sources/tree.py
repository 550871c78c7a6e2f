"""Walks through the folders below a source, past the litter of archives and operating systems."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter, deque
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lungseg.errors import InputError
from lungseg.preparation.manifest import MANIFEST, OVERVIEW
from lungseg.radiographs.channels import ARRAYS
from lungseg.radiographs.dicom import SUFFIXES, is_dicom

EXTENSIONS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif"}
MASK_EXTENSIONS = EXTENSIONS | {".bmp"}  # so a BMP beside radiographs is a mask
RADIOGRAPHS = EXTENSIONS | SUFFIXES
IMAGES = MASK_EXTENSIONS | SUFFIXES | {ARRAYS}  # of anything but lungs
DICOM_INDEX = "DICOMDIR"  # the table of contents of a hospital's CD: DICOM, but no image
# Of Windows, of network drives (which keep a small copy of every picture), of Linux; and what `lungseg predict` draws.
SYSTEM_FOLDERS = {"$recycle.bin", "system volume information", "@eadir", "#recycle", "lost+found", "overlays"}
DEEPEST = 8
MOST_FOLDERS = 100_000


@dataclass(frozen=True, eq=False)
class Folder:
    """A folder below a source.

    Attributes
    ----------
    path : Path
    parts : tuple of str
        The names that lead to it from the source.
    files : list of str
        The names of its files, sorted, without hidden ones.
    """

    path: Path
    parts: tuple[str, ...]
    files: list[str]

    @cached_property
    def images(self) -> list[Path]:
        """Return the files that are radiographs: by their extension, or DICOM of any name."""
        return [self.path / name for name in self.files if is_image(self.path / name)]

    @cached_property
    def images_of_anything(self) -> list[Path]:
        """Return the files that are images, of problems other than lungs."""
        return [self.path / name for name in self.files if is_image(self.path / name, IMAGES)]

    @cached_property
    def masks(self) -> list[Path]:
        """Return the files that may be masks."""
        return [self.path / name for name in self.files if _extension(name) in MASK_EXTENSIONS]

    def shown(self) -> str:
        """Return the folder as a message names it, with what is in it."""
        if not self.files:
            return f"{show('/'.join(self.parts) or '.')}/"
        kinds = Counter(map(_extension, self.files))
        listed = ", ".join(f"{count} {kind or 'without an extension'}" for kind, count in kinds.most_common(2))
        return f"{show('/'.join(self.parts) or '.')}/ ({listed})"


def is_image(path: Path, extensions: Container[str] = RADIOGRAPHS) -> bool:
    """Tell whether a file of a folder is taken for an image: by its extension, or as DICOM by its content.

    Parameters
    ----------
    path : Path
    extensions : container of str
        `RADIOGRAPHS`, or `IMAGES` of anything.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_image(Path("chest.JPG")), is_image(Path("leaf.bmp")), is_image(Path("leaf.bmp"), IMAGES)
    (True, False, True)
    """
    if _extension(path.name) in extensions:
        return True
    try:  # archives of hospitals export files without an extension, or named by a UID: 1.2.840.10008
        return path.name != DICOM_INDEX and path.is_file() and is_dicom(path)
    except OSError:
        return False


def stem(path: Path) -> str:
    """Return the name of a picture without its extension; a UID has dots, and no extension.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str

    Examples
    --------
    >>> stem(Path("chest.png")), stem(Path("1.2.840.113619.7"))
    ('chest', '1.2.840.113619.7')
    """
    name, extension = os.path.splitext(path.name)
    return name if extension.lower() in MASK_EXTENSIONS | SUFFIXES else path.name


def kinds_of_images(extensions: Iterable[str] = IMAGES) -> str:
    """Return what is read as an image, as a message lists it.

    Parameters
    ----------
    extensions : iterable of str
        `RADIOGRAPHS`, or `IMAGES` of anything.

    Returns
    -------
    str

    Examples
    --------
    >>> kinds_of_images({".png", ".bmp"})
    '.bmp, .png, or DICOM of any name'
    """
    return f"{', '.join(sorted(extensions))}, or DICOM of any name"


def _extension(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def show(name: str | os.PathLike[str], most: int = 120) -> str:
    """Return a name as it can stand in a line: cut where it is long, with what is no text as escapes.

    Parameters
    ----------
    name : str or path
    most : int
        Characters.

    Returns
    -------
    str

    Examples
    --------
    >>> show("left" + chr(10) + "lung"), show("Müller")
    ('left\\\\nlung', 'Müller')
    """
    text = str(name)
    if len(text) > most:
        text = f"{text[: most // 2]}...{text[-most // 2 :]}"
    return "".join(
        letter if unicodedata.category(letter)[0] != "C" else letter.encode("unicode_escape").decode()
        for letter in text
    )


def listed(names: Iterable[str], most: int = 6) -> str:
    """Return the first names, and how many more there are.

    Parameters
    ----------
    names : iterable of str
    most : int

    Returns
    -------
    str

    Examples
    --------
    >>> listed("abc", most=2)
    'a, b and 1 more'
    """
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def walk(source: Path, skip: Path | None = None) -> tuple[list[Folder], list[str]]:
    """List a source and the folders below it, those nearest first; links are followed, each folder is met once.

    Parameters
    ----------
    source : Path
        A folder.
    skip : Path, optional
        A folder of cases, which is left out if it lies below the source.

    Returns
    -------
    folders : list of Folder
    unreadable : list of str
        Folders that cannot be read.

    Raises
    ------
    InputError
        If there are thousands of them, as in somebody's home.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp())
    >>> for name in ("set/images", "__MACOSX/images", ".git"):
    ...     (source / name).mkdir(parents=True)
    >>> ["/".join(folder.parts) for folder in walk(source)[0]]
    ['', 'set', 'set/images']
    """
    folders, unreadable = [], []
    of_cases = os.path.realpath(skip) if skip else None
    # A link to the source, or to a folder above it, leads out of what was named.
    top = Path(os.path.realpath(source))
    seen = {str(folder) for folder in top.parents}
    waiting: deque[tuple[str, ...]] = deque([()])
    links: deque[tuple[str, ...]] = deque()  # after all others: a folder is known by its own name, if it has one
    while waiting or links:
        parts = waiting.popleft() if waiting else links.popleft()
        path = source.joinpath(*parts)
        place = os.path.realpath(path)
        if place in seen:
            continue
        seen.add(place)
        if len(seen) > MOST_FOLDERS:
            raise InputError(
                f"{source}: expected a folder of radiographs. Received: one with more than {MOST_FOLDERS} folders in "
                "it. Name the one that holds images and masks."
            )
        try:
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as fault:
            unreadable.append(f"{show('/'.join(parts) or source)} ({fault.strerror})")
            continue
        prepared = any(entry.name == MANIFEST for entry in entries)
        if place == of_cases and prepared:
            continue
        files = []
        for entry in entries:
            if _is_folder(entry):
                if not _is_litter(entry.name) and len(parts) < DEEPEST:
                    (links if entry.is_symlink() else waiting).append((*parts, entry.name))
            elif (
                _is_file(entry) and not entry.name.startswith((".", "~$")) and not (prepared and entry.name == OVERVIEW)
            ):
                files.append(entry.name)
        folders.append(Folder(path, parts, files))
    return folders, unreadable


def _is_litter(folder: str) -> bool:
    """Tell whether a folder is none of the user's: .ipynb_checkpoints, __MACOSX, $RECYCLE.BIN."""
    return folder.startswith((".", "__")) or folder.casefold() in SYSTEM_FOLDERS


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file, or a link to one that is gone: that one is to be named, not forgotten."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))
    except OSError:
        return entry.is_symlink()
