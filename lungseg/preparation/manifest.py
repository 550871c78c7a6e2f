"""The manifest of a prepared folder: from which files each case was made, and how it lies in them."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from lungseg.errors import InputError, one_line, quote
from lungseg.files import check_name, writing
from lungseg.files.untrusted import read_number, read_table
from lungseg.preparation.cropping import CropBox
from lungseg.preparation.geometry import Geometry

MANIFEST = "manifest.csv"
PROBLEM = "cases.json"  # channels and classes, where they are not those of lungs
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
    *("pixel_height_mm", "pixel_width_mm"),  # of a pixel of the case; empty, if the file does not tell
    "settings",  # of other problems: recipe, channels and classes, in a line
    "whole",  # of a tile: the image that it is cut from
)
LUNGS_ONLY = {"lung_values", "absent", "lung_pixels"}
OTHERS_ONLY = {"settings", "whole"}
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


def write_rows(folder: Path, rows: dict[str, dict[str, Any]]) -> None:
    """Write the manifest of a folder whole, sorted by case id, or leave it as it was.

    Parameters
    ----------
    folder : Path
    rows : dict of str to dict
        Case id to row.
    """
    with writing(folder / MANIFEST) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        names = dict.fromkeys(name for row in rows.values() for name in row)
        absent = (LUNGS_ONLY if any(row.get("settings") for row in rows.values()) else OTHERS_ONLY) - set(names)
        columns = [name for name in COLUMNS if name not in absent]
        writer = csv.DictWriter(file, [*columns, *(name for name in names if name not in COLUMNS)])
        writer.writeheader()
        writer.writerows(rows[case] for case in sorted(rows))


def geometry_columns(geometry: Geometry, spacing: tuple[float, float] | None) -> dict[str, object]:
    """Return the columns that say how a case lies in its file, and how large its pixels are.

    Parameters
    ----------
    geometry : Geometry
    spacing : (float, float) or None
        Height and width of a pixel of the file in mm, if it tells them.

    Returns
    -------
    dict

    Examples
    --------
    >>> columns = geometry_columns(Geometry(100, 80, CropBox(0, 0, 100, 80), (50, 20)), (0.2, 0.2))
    >>> columns["size"], columns["pixel_height_mm"], columns["pixel_width_mm"]
    ('50x20', '0.4', '0.8')
    """
    rows, columns = geometry.size
    row: dict[str, object] = {"height": geometry.height, "width": geometry.width, **geometry.crop._asdict()}
    row |= {"size": size_text(geometry.size), "low": _joined(geometry.low), "high": _joined(geometry.high)}
    tall, wide = geometry.crop.bottom - geometry.crop.top, geometry.crop.right - geometry.crop.left
    in_mm = ("", "") if spacing is None else (spacing[0] * tall / rows, spacing[1] * wide / columns)
    texts = [f"{side:.10g}" if side else "" for side in in_mm]
    return row | {"pixel_height_mm": texts[0], "pixel_width_mm": texts[1]}


def size_text(size: tuple[int, int]) -> str:
    """Return the size of cases as the manifest has it: 256, or height and width, 256x128."""
    return str(size[0]) if size[0] == size[1] else f"{size[0]}x{size[1]}"


def _joined(numbers: float | tuple[float, ...]) -> object:
    """Return one number as it is, and several as text."""
    return ";".join(map(str, numbers)) if isinstance(numbers, tuple) else numbers


def read_manifest(folder: str | os.PathLike[str]) -> dict[str, Geometry]:
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
    height, width = int(row["height"]), int(row["width"])
    sides = [int(side) for side in row["size"].split("x")]
    size = (sides[0], sides[-1])
    box = CropBox(*(int(row[side]) for side in CropBox._fields))
    lows, highs = ([read_number(text) for text in row[name].split(";")] for name in ("low", "high"))
    inside = 0 <= box.top < box.bottom <= height and 0 <= box.left < box.right <= width
    right = len(lows) == len(highs) and all(low < high for low, high in zip(lows, highs, strict=False))
    if not (inside and right and len(sides) < 3 and min(size) > 0 and max(height, width, *size) <= LARGEST_SIDE):
        raise ValueError(f"a box or grey values that no radiograph has, for {quote(row['case'])}")
    low, high = (numbers[0] if len(numbers) == 1 else tuple(numbers) for numbers in (lows, highs))
    return Geometry(height, width, box, size, low, high)
