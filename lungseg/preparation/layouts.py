"""Finds the radiographs in a folder, and the masks that belong to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from lungseg.cases import case_id
from lungseg.errors import InputError

PREDICTIONS = "predictions.csv"
EXTENSIONS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif"}
# images, then the mask folders that each hold a part of every mask
LAYOUTS = (
    ("CXR_png", ("masks",)),  # both public sets combined
    ("CXR_png", ("ManualMask/leftMask", "ManualMask/rightMask")),  # Montgomery
    ("CXR_png", ("mask",)),  # Shenzhen
    ("images", ("masks",)),
)
EXPECTED = (
    "CXR_png/ + masks/, CXR_png/ + ManualMask/leftMask/ + ManualMask/rightMask/, CXR_png/ + mask/, or images/ + masks/"
)


class Radiograph(NamedTuple):
    """A raw radiograph and its mask.

    Attributes
    ----------
    case : str
        The case id.
    image : Path
    masks : tuple of Path
        The files that make up the mask.
    """

    case: str
    image: Path
    masks: tuple[Path, ...]


def find_radiographs(source: str | os.PathLike) -> list[Radiograph]:
    """List the radiographs of a folder that have masks, sorted by case id.

    These layouts are recognised, in the folder itself or in its only sub-folder that has one:

    - ``CXR_png/`` + ``masks/``: both public sets combined
    - ``CXR_png/`` + ``ManualMask/leftMask/`` + ``ManualMask/rightMask/``: Montgomery
    - ``CXR_png/`` + ``mask/``: Shenzhen
    - ``images/`` + ``masks/``: anything else

    A mask is called like its image, or like it with ``_mask`` at the end; the extensions (PNG,
    JPEG, TIFF, GIF) may differ. Hidden and other files are ignored.

    Parameters
    ----------
    source : str or Path

    Returns
    -------
    list of Radiograph

    Raises
    ------
    InputError
        The folder is missing or of another layout, nothing matches, two files claim one case, or
        the masks are predicted ones.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("images/a.jpg", "images/b.png", "masks/a_mask.png"):
    ...         Path(folder, name).parent.mkdir(exist_ok=True)
    ...         Path(folder, name).touch()
    ...     [radiograph.case for radiograph in find_radiographs(folder)]
    ['a']
    """
    return scan(Path(source))[0]


def _by_case(folder: Path) -> dict[str, Path]:
    """Map case id to file; two files for one id are an error."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in EXTENSIONS or not path.is_file():
            continue
        case = case_id(path.stem)
        if case in found:
            raise InputError(
                f"{folder}: expected one file for {case}. Received: {found[case].name} and {path.name}. "
                "Remove the one that is not meant."
            )
        found[case] = path
    return found


def _layout(source: Path) -> tuple[Path, tuple[Path, ...]] | None:
    """Return the folder of images and those of masks, if a folder has one of the layouts."""
    for images, masks in LAYOUTS:
        folders = [source / images, *(source / mask for mask in masks)]
        if all(folder.is_dir() for folder in folders):
            return folders[0], tuple(folders[1:])
    return None


def scan(source: Path) -> tuple[list[Radiograph], list[str], list[str]]:
    """List the radiographs of a folder that have masks, and the files that have no partner.

    Parameters
    ----------
    source : Path

    Returns
    -------
    radiographs : list of Radiograph
    without_mask, without_image : list of str
        Names of images and masks.

    Raises
    ------
    InputError
        As `find_radiographs` does.
    """
    if not source.is_dir():
        received = "a file" if source.exists() else "no such folder"
        raise InputError(f"{source}: expected a folder with {EXPECTED}. Received: {received}. Check it.")
    layout = _layout(source)
    if layout is None:  # an unpacked archive often has one folder around everything
        inside = [_layout(folder) for folder in sorted(source.iterdir()) if folder.is_dir()]
        inside = [found for found in inside if found]
        layout = inside[0] if len(inside) == 1 else None
    if layout is None:
        names = sorted(path.name + "/" * path.is_dir() for path in source.iterdir() if path.name[0] != ".")
        received = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") or "an empty folder"
        raise InputError(
            f"{source}: expected images and masks as {EXPECTED}. Received: {received}. "
            "Name the folders like one of these."
        )
    for folder in layout[1]:
        if (folder / PREDICTIONS).exists():
            raise InputError(
                f"{folder}: expected masks that somebody has drawn. Received: a folder with {PREDICTIONS}, into which "
                "`lungseg predict` wrote its own. Move those, and the table, to another folder."
            )
    images = _by_case(layout[0])
    parts = [_by_case(folder) for folder in layout[1]]
    complete = set.intersection(*(set(part) for part in parts))
    radiographs = [
        Radiograph(case, images[case], tuple(part[case] for part in parts)) for case in sorted(set(images) & complete)
    ]
    if not radiographs:
        raise InputError(
            f"{source}: expected images and masks of the same name in {EXPECTED}. Received: {len(images)} "
            f"images and {len(complete)} masks, none of which match. A mask is called like its image, "
            "or like it with _mask at the end."
        )
    return (
        radiographs,
        [images[case].name for case in sorted(set(images) - complete)],
        sorted({part[case].name for part in parts for case in set(part) - set(images)}),
    )
