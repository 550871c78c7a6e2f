"""Which files are to be segmented, and what their masks are called."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from lungseg.errors import InputError
from lungseg.prediction.table import whole_path
from lungseg.preparation.layouts import EXTENSIONS
from lungseg.radiographs.dicom import SUFFIXES, is_dicom

NO_TEXT = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of letters, ends of lines and paragraphs
INDEX = "DICOMDIR"  # the table of contents of a hospital's CD: DICOM, but no image


def image_files(inputs: Iterable[str | Path], masks: Iterable[Path] = ()) -> tuple[list[Path], list[Path]]:
    """List the files that are named, and the images in the folders that are named.

    Parameters
    ----------
    inputs : iterable of paths
        Of files and folders.
    masks : iterable of Path
        Masks that an earlier run has made: they are left out, should they lie in one of the folders.

    Returns
    -------
    images, others : list of Path
        The others are files in the folders that are no images. Hidden files are in neither list.

    Raises
    ------
    InputError
        If there is no such file or folder, or no image in a folder.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("chest.png", "notes.txt"):
    ...     (folder / name).touch()
    >>> images, others = image_files([folder])
    >>> images[0].name, others[0].name
    ('chest.png', 'notes.txt')
    """
    known = {mask.resolve() for mask in masks}
    images: list[Path] = []
    others: list[Path] = []
    for item in map(Path, inputs):
        if item.is_dir():
            inside = sorted(path for path in item.iterdir() if path.is_file() and not path.name.startswith("."))
            inside = [path for path in inside if path.resolve() not in known]
            found = [path for path in inside if _looks_like_an_image(path)]
            if not found:
                kinds = ", ".join(sorted(EXTENSIONS | SUFFIXES))
                raise InputError(
                    f"{item}: expected images ({kinds}, or DICOM of any name), found none. "
                    "Name the folder that holds them itself."
                )
            images += found
            others += sorted(set(inside) - set(found))
        elif item.exists():
            images.append(item)
        else:
            raise InputError(f"{item}: no such file or folder. Check the name.")
    return _once(images), _once(others)


def _once(paths: list[Path]) -> list[Path]:
    """Leave out what was named before, perhaps in another way."""
    return list({os.path.abspath(path): path for path in reversed(paths)}.values())[::-1]


def _looks_like_an_image(path: Path) -> bool:
    """Tell whether a file of a folder is taken for an image: by its extension, or as DICOM by its content."""
    if path.suffix.lower() in EXTENSIONS | SUFFIXES:
        return True
    try:  # archives of hospitals export files without an extension, or named by a UID: 1.2.840.10008
        return path.name != INDEX and is_dicom(path)
    except OSError:
        return False


def mask_names(files: Sequence[Path], out: Path, earlier: Sequence[dict] = ()) -> dict[Path, str]:
    """Give each file the shortest name for its mask that no other one has.

    `chest.png`; where two files would get it, `chest_dcm.png` with the extension; where that does not
    help, `january_chest.png` with the folder, then with both, and so on up the path; at last a number.
    A file that had a mask before keeps its name, and no mask of another file is overwritten.

    Parameters
    ----------
    files : sequence of Path
    out : Path
        The folder of the masks.
    earlier : sequence of dict
        The rows of its table, see `lungseg.prediction.table`.

    Returns
    -------
    dict of Path to str
        In the order of the files.

    Raises
    ------
    InputError
        If a mask would overwrite a file that is no mask.

    Examples
    --------
    >>> files = [Path("january/chest.dcm"), Path("january/other.dcm"), Path("february/chest.dcm")]
    >>> list(mask_names(files, Path("out")).values())
    ['january_chest.png', 'other.png', 'february_chest.png']
    """
    # The table names files by their whole paths: of a path like images/chest.png nobody knows from which folder.
    former = {row["file"]: row["mask"] for row in earlier if row["mask"]}
    names = {file: former[whole_path(file)] for file in files if whole_path(file) in former}
    taken = {name.casefold() for name in former.values()}  # some disks do not tell A from a
    waiting = [file for file in dict.fromkeys(files) if file not in names]
    for level in range(2 * max((len(file.absolute().parts) for file in waiting), default=0)):
        wanted = {file: _name(file, level) for file in waiting}
        counts = Counter(name.casefold() for name in wanted.values())
        for file, name in wanted.items():
            if counts[name.casefold()] == 1 and name.casefold() not in taken:
                names[file] = name
        taken |= {names[file].casefold() for file in waiting if file in names}
        waiting = [file for file in waiting if file not in names]
    for file in waiting:
        stem = _as_text(file.stem)
        number = next(n for n in range(2, len(taken) + 3) if f"{stem}_{n}.png".casefold() not in taken)
        names[file] = f"{stem}_{number}.png"
        taken.add(names[file].casefold())
    inputs, masks = {file.resolve() for file in files}, set(former.values())
    for file, name in names.items():
        if (out / name).resolve() in inputs or ((out / name).exists() and name not in masks):
            raise InputError(f"{file}: its mask would overwrite the file {out / name}. Name another --out.")
    return {file: names[file] for file in files}


def _name(file: Path, level: int) -> str:
    """Return a name for the mask of a file: with half as many folders as the level; odd ones have the extension."""
    folders = [part for part in file.absolute().parent.parts if part != file.anchor]
    folders = folders[len(folders) - min(level // 2, len(folders)) :]
    extension = [file.suffix[1:]] if level % 2 and file.suffix else []
    return _as_text("_".join([*folders, file.stem, *extension])) + ".png"


def _as_text(name: str) -> str:
    """Replace by underscores what no table can name: what is no text, as old archives have it, and separators."""
    # Names like images\\chest.png come from archives that were packed on Windows.
    name = "".join("_" if unicodedata.category(letter) in NO_TEXT else letter for letter in name.replace("\\", "_"))
    return re.sub(r"^([A-Za-z]):", r"\1_", name)
