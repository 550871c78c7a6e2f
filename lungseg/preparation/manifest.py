"""The manifest of a prepared folder: from which files each case was made, and how it lies in them."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from lungseg.errors import InputError, one_line
from lungseg.files import writing
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry

MANIFEST = "manifest.csv"
COLUMNS = (
    *("case", "image", "masks", "height", "width", "top", "left", "bottom", "right"),
    *("size", "low", "high"),
    "bytes",  # of image and masks together; with the next one it tells whether a source file has changed
    "modified",  # when image and masks were, in nanoseconds
    "source",  # the folder, as a number: where it lay is nobody's business, but two hospitals must not be mixed up
)
NEEDED = COLUMNS[:-2]  # older manifests have no more


def read_rows(folder: Path) -> dict[str, dict[str, str]]:
    """Read the manifest of a folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to dict
        Case id to row; empty if the folder has no manifest.

    Raises
    ------
    InputError
        If the manifest lacks columns, or is no table in UTF-8.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # spreadsheets put a mark at the start
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or ())
    except (ValueError, csv.Error) as fault:
        raise InputError(
            f"{path}: cannot be read as the table of prepared cases: {one_line(fault)}. Prepare into a new folder."
        ) from None
    if not set(NEEDED) <= set(columns):
        raise InputError(
            f"{path}: expected the columns {', '.join(NEEDED)}. Received: "
            f"{', '.join(columns) or 'nothing'}. Prepare into a new folder."
        )
    return {row["case"]: row for row in rows}


def write_rows(folder: Path, rows: dict[str, dict]) -> None:
    """Write the manifest of a folder whole, sorted by case id, or leave it as it was.

    Parameters
    ----------
    folder : Path
    rows : dict of str to dict
        Case id to row.
    """
    with writing(folder / MANIFEST) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows[case] for case in sorted(rows))


def read_manifest(folder: str | os.PathLike) -> dict[str, Geometry]:
    """Read the geometry of every case that :func:`prepare_folder` wrote into a folder.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    dict of str to Geometry
        By case id, sorted.

    Raises
    ------
    InputError
        The folder has no manifest, or one that is not ours.
    """
    rows = read_rows(Path(folder))
    if not rows:
        raise InputError(
            f"{Path(folder) / MANIFEST}: expected the manifest of a prepared folder. Received: none, or an "
            "empty one. Run `lungseg prepare` first."
        )
    try:
        return {case: _geometry(row) for case, row in rows.items()}
    except (TypeError, ValueError) as fault:
        raise InputError(
            f"{Path(folder) / MANIFEST}: expected whole numbers of pixels. Received: {fault}. "
            "Run `lungseg prepare` again, into a new folder."
        ) from None


def _geometry(row: dict[str, str]) -> Geometry:
    """Return the geometry that a row of the manifest holds."""
    size = int(row["size"])
    box = CropBox(*(int(row[side]) for side in CropBox._fields))
    low, high = float(row["low"]), float(row["high"])
    return Geometry(int(row["height"]), int(row["width"]), box, (size, size), low, high)
