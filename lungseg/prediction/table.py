"""The table `predictions.csv` that lies beside the masks: a row for each file that was segmented."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lungseg.errors import InputError, quote
from lungseg.files import check_name, name_key, writing
from lungseg.files.untrusted import read_table
from lungseg.preparation.sources.layouts import PREDICTIONS as TABLE

SIZE, SPACING = ("file", "mask", "height", "width"), ("pixel_height_mm", "pixel_width_mm", "spacing_from")
COLUMNS = (  # of lungs
    *SIZE,
    *("lung_pixels", "right_lung_pixels", "left_lung_pixels", "components"),
    *SPACING,
    *("lung_cm2", "right_lung_cm2", "left_lung_cm2"),
    *("plausible", "reasons", "error"),
)
SEPARATOR = "|"  # between the masks of one file: no mask has it in its name
NAME_ANOTHER = "Name another --out."
NOT_REACHED = "not segmented: the command ended before. Run it again."


def columns_of(classes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a table on other classes than lungs.

    Parameters
    ----------
    classes : sequence of str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> columns_of(["nucleus"])[:5]
    ('file', 'mask', 'height', 'width', 'nucleus_pixels')
    """
    pixels, areas = ([f"{name}_{unit}" for name in classes] for unit in ("pixels", "cm2"))
    return (*SIZE, *pixels, *SPACING, *areas, "error")


def check_classes(folder: Path, classes: Sequence[str]) -> None:
    """Refuse a folder with masks of other classes, before a network is built.

    Parameters
    ----------
    folder : Path
    classes : sequence of str

    Raises
    ------
    InputError
        As `read_rows` does.
    """
    read_rows(folder, [f"{name}_pixels" for name in classes])


def masks_in(cell: str) -> list[str]:
    """Return the names of the masks in a cell of the table.

    Parameters
    ----------
    cell : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> masks_in("chest.png"), masks_in("slide_nucleus.png|slide_edge.png"), masks_in("")
    (['chest.png'], ['slide_nucleus.png', 'slide_edge.png'], [])
    """
    return [name for name in cell.split(SEPARATOR) if name]


def read_rows(folder: Path, columns: Sequence[str] = COLUMNS) -> list[dict[str, str]]:
    """Read the table of a folder of masks.

    Parameters
    ----------
    folder : Path
    columns : sequence of str
        Those of the run that is to come.

    Returns
    -------
    list of dict of str to str
        The rows, each with all columns, and with those that somebody has added; empty if the folder has no table, or
        an empty one.

    Raises
    ------
    InputError
        If the file exists, but is no such table, or that of another problem; or if it names as a mask what is none, or
        one mask for two files.
    """
    path = folder / TABLE
    if not path.exists():
        return []
    rows = read_table(path, ("file", "mask"), NAME_ANOTHER, cut_rows=True)
    found, needed = (
        {name for name in names if name.endswith("_pixels")} for names in (rows[0] if rows else (), columns)
    )
    if found and not needed <= found:
        raise InputError(
            f"{path}: expected masks of the same classes, {_said(needed)}. Received: {_said(found)}. {NAME_ANOTHER}"
        )
    rows = [dict.fromkeys(columns, "") | row for row in rows]
    owners: dict[str, str] = {}
    for row in rows:
        for mask in masks_in(row["mask"]):
            check_name(mask, f"{path}, column mask")  # it is going to be replaced
            if mask.startswith(".") or not mask.lower().endswith(".png"):
                raise InputError(f"{path}: expected masks in PNG files. Received: {quote(mask)}. {NAME_ANOTHER}")
            if owners.setdefault(name_key(mask).casefold(), row["file"]) != row["file"]:
                raise InputError(
                    f"{path}: expected a mask of its own for each file. Received: {quote(mask)} twice. {NAME_ANOTHER}"
                )
    return rows


def _said(columns: Iterable[str]) -> str:
    """Return the classes of which a table has pixels, as a message names them."""
    return quote(", ".join(sorted(name.removesuffix("_pixels") for name in columns)))


def write_table(rows: Iterable[dict[str, Any]], folder: Path, columns: Sequence[str] = COLUMNS) -> None:
    """Write the table of a folder of masks whole, or leave it as it was.

    Parameters
    ----------
    rows : iterable of dict
        With some or all of the columns; others follow behind.
    folder : Path
    columns : sequence of str
        Those of millimetres are left out, of other problems than lungs, where no file tells the size of its pixels.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    # The reason of a failure may name a file whose name is no text, as old archives have them.
    with (
        writing(folder / TABLE) as temporary,
        temporary.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file,
    ):
        rows = list(rows)
        known = set(columns)
        columns = [name for name in columns if not _of_no_use(name, rows, columns)]
        others = dict.fromkeys(name for row in rows for name in row if name not in known)
        writer = csv.DictWriter(file, [*columns, *others], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _of_no_use(name: str, rows: list[dict[str, Any]], columns: Sequence[str]) -> bool:
    """Tell whether a column is of the size of pixels, in a table of no lungs, and nobody knows it."""
    in_mm = name in SPACING or (name.endswith("_cm2") and f"{name.removesuffix('_cm2')}_pixels" in columns)
    return tuple(columns) != COLUMNS and in_mm and not any(row.get(name) for row in rows)


def whole_path(file: Path) -> str:
    """Return the absolute path as the table holds it: what is no text, as in old archives, as \\udc...

    Parameters
    ----------
    file : Path

    Returns
    -------
    str

    Examples
    --------
    >>> Path(whole_path(Path("chest.png"))).name
    'chest.png'
    """
    return os.path.abspath(file).encode("utf-8", "backslashreplace").decode("utf-8")


def merge(earlier: Iterable[dict[str, Any]], names: dict[Path, str], folder: Path) -> dict[str, dict[str, Any]]:
    """Begin the table of a run: what earlier runs left in the folder, and a row for each file to come.

    The names of the masks are in the table before the masks are in the folder. So a run that is killed
    leaves no mask that the next one would have to take for somebody's image.

    Parameters
    ----------
    earlier : iterable of dict
        The rows of the table as it is. Those whose mask has been deleted are dropped, those of failed files stay.
    names : dict of Path to str
        The cell with the names of the masks for each file to come.
    folder : Path
        Of the masks.

    Returns
    -------
    dict of str to dict
        From the whole path of a file to its row.
    """
    kept = (row for row in earlier if row["error"] or any((folder / mask).exists() for mask in masks_in(row["mask"])))
    rows: dict[str, dict[str, Any]] = {row["file"]: row for row in kept}
    for file, name in names.items():
        path = whole_path(file)
        rows.setdefault(path, {"file": path, "mask": name, "error": NOT_REACHED})
    return rows
