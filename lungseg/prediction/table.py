"""The table `predictions.csv` that lies beside the masks: a row for each file that was segmented."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from lungseg.errors import InputError
from lungseg.files import writing
from lungseg.preparation.layouts import PREDICTIONS as TABLE

COLUMNS = (
    *("file", "mask", "height", "width"),
    *("lung_pixels", "right_lung_pixels", "left_lung_pixels", "components"),
    *("pixel_height_mm", "pixel_width_mm", "spacing_from"),
    *("lung_cm2", "right_lung_cm2", "left_lung_cm2"),
    *("plausible", "reasons", "error"),
)
NOT_REACHED = "not segmented: the command ended before. Run it again."


def read_table(folder: Path) -> list[dict[str, str]]:
    """Read the table of a folder of masks.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of dict of str to str
        The rows, each with all `COLUMNS`; empty if the folder has no table.

    Raises
    ------
    InputError
        If the file exists, but is no such table.
    """
    path = folder / TABLE
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # spreadsheets put a mark at the start
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or ())
    except (OSError, ValueError, csv.Error) as fault:
        raise InputError(f"{path}: cannot be read as a table of masks: {fault}. Name another --out.") from None
    if not {"file", "mask"} <= set(columns):
        raise InputError(
            f"{path}: expected the table of an earlier run, with the columns {', '.join(COLUMNS)}. "
            f"Received: {', '.join(columns) or 'nothing'}. Name another --out."
        )
    return [{name: row.get(name) or "" for name in COLUMNS} for row in rows]


def write_table(rows: Iterable[dict], folder: Path) -> None:
    """Write the table of a folder of masks whole, or leave it as it was.

    Parameters
    ----------
    rows : iterable of dict
        With some or all of `COLUMNS`.
    folder : Path

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
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


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


def merge(earlier: Iterable[dict], names: dict[Path, str], folder: Path) -> dict[str, dict]:
    """Begin the table of a run: what earlier runs left in the folder, and a row for each file to come.

    The names of the masks are in the table before the masks are in the folder. So a run that is killed
    leaves no mask that the next one would have to take for somebody's image.

    Parameters
    ----------
    earlier : iterable of dict
        The rows of the table as it is. Those whose mask has been deleted are dropped, those of failed files stay.
    names : dict of Path to str
        The name of the mask for each file to come.
    folder : Path
        Of the masks.

    Returns
    -------
    dict of str to dict
        From the whole path of a file to its row.
    """
    kept = (row for row in earlier if row["error"] or (row["mask"] and (folder / row["mask"]).exists()))
    rows: dict[str, dict] = {row["file"]: row for row in kept}
    for file, name in names.items():
        path = whole_path(file)
        rows.setdefault(path, {"file": path, "mask": name, "error": NOT_REACHED})
    return rows
