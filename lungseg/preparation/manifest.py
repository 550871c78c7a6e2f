"""The manifest of a prepared folder: from which files each case was made, and how it lies in them."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from lungseg.errors import InputError, one_line, quote
from lungseg.files import check_name, writing
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry
from lungseg.untrusted import read_number, read_table

MANIFEST = "manifest.csv"
OVERVIEW = "overview.png"  # a picture of the cases, beside it
COLUMNS = (
    *("case", "image", "masks", "height", "width", "top", "left", "bottom", "right"),
    *("size", "low", "high"),
    "bytes",  # of image and masks together; with the next one it tells whether a source file has changed
    "modified",  # when image and masks were, in nanoseconds
    "source",  # the folder, as a number: where it lay is nobody's business, but two hospitals must not be mixed up
    *("plausible", "reasons"),  # of image and mask, as predictions.csv has them
    "lung_values",  # those that were asked for; empty, if the masks were clear by themselves
    "absent",  # those of them that the mask does not have
    "lung_pixels",  # of the mask, at the size of its file
)
NEEDED = COLUMNS[: COLUMNS.index("bytes") + 1]  # older manifests have no more
ANEW = "Prepare into a new folder."
LARGEST_SIDE = 2**20  # pixels: no radiograph has more


def read_rows(folder: Path) -> dict[str, dict[str, str]]:
    """Read the manifest of a folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to dict
        Case id to row; empty if the folder has no manifest, or an empty one. Columns that somebody has added stay.

    Raises
    ------
    InputError
        If the manifest is no whole table, lacks columns, names a case twice, or names as one what is none.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {}
    rows: dict[str, dict[str, str]] = {}
    for row in read_table(path, NEEDED, ANEW):
        case = check_name(row["case"], f"{path}, column case", suffix=".npy")  # it is replaced, and may be deleted
        if case in rows:
            raise InputError(f"{path}: expected each case once. Received: {quote(case)} twice. {ANEW}")
        rows[case] = row
    return rows


def write_rows(folder: Path, rows: dict[str, dict]) -> None:
    """Write the manifest of a folder whole, sorted by case id, or leave it as it was.

    Parameters
    ----------
    folder : Path
    rows : dict of str to dict
        Case id to row.
    """
    with writing(folder / MANIFEST) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        others = dict.fromkeys(name for row in rows.values() for name in row if name not in COLUMNS)
        writer = csv.DictWriter(file, [*COLUMNS, *others])
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
    except ValueError as fault:
        raise InputError(
            f"{Path(folder) / MANIFEST}: expected whole numbers of pixels. Received: {one_line(fault, 100)}. "
            "Run `lungseg prepare` again, into a new folder."
        ) from None


def _geometry(row: dict[str, str]) -> Geometry:
    """Return the geometry that a row of the manifest holds."""
    height, width, size = (int(row[name]) for name in ("height", "width", "size"))
    box = CropBox(*(int(row[side]) for side in CropBox._fields))
    low, high = read_number(row["low"]), read_number(row["high"])
    inside = 0 <= box.top < box.bottom <= height and 0 <= box.left < box.right <= width
    if not (inside and size > 0 and max(height, width, size) <= LARGEST_SIDE and low < high):
        raise ValueError(f"a box or grey values that no radiograph has, for {quote(row['case'])}")
    return Geometry(height, width, box, (size, size), low, high)
