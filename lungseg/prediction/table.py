"""The table `predictions.csv` that lies beside the masks: a row for each file that was segmented."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from lungseg.errors import InputError, quote
from lungseg.files import check_name, name_key, writing
from lungseg.preparation.layouts import PREDICTIONS as TABLE
from lungseg.untrusted import read_table

COLUMNS = (
    *("file", "mask", "height", "width"),
    *("lung_pixels", "right_lung_pixels", "left_lung_pixels", "components"),
    *("pixel_height_mm", "pixel_width_mm", "spacing_from"),
    *("lung_cm2", "right_lung_cm2", "left_lung_cm2"),
    *("plausible", "reasons", "error"),
)
NAME_ANOTHER = "Name another --out."
NOT_REACHED = "not segmented: the command ended before. Run it again."


def read_rows(folder: Path) -> list[dict[str, str]]:
    """Read the table of a folder of masks.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of dict of str to str
        The rows, each with all `COLUMNS`, and with those that somebody has added; empty if the folder has no table, or
        an empty one.

    Raises
    ------
    InputError
        If the file exists, but is no such table; or if it names as a mask what is none, or one mask for two files.
    """
    path = folder / TABLE
    if not path.exists():
        return []
    rows = [dict.fromkeys(COLUMNS, "") | row for row in read_table(path, ("file", "mask"), NAME_ANOTHER, cut_rows=True)]
    owners: dict[str, str] = {}
    for row in rows:
        mask, file = row["mask"], row["file"]
        if not mask:
            continue
        check_name(mask, f"{path}, column mask")  # it is going to be replaced
        if mask.startswith(".") or not mask.lower().endswith(".png"):
            raise InputError(f"{path}: expected masks in PNG files. Received: {quote(mask)}. {NAME_ANOTHER}")
        if owners.setdefault(name_key(mask).casefold(), file) != file:
            raise InputError(
                f"{path}: expected a mask of its own for each file. Received: {quote(mask)} twice. {NAME_ANOTHER}"
            )
    return rows


def write_table(rows: Iterable[dict], folder: Path) -> None:
    """Write the table of a folder of masks whole, or leave it as it was.

    Parameters
    ----------
    rows : iterable of dict
        With some or all of `COLUMNS`; other columns follow behind.
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
        rows = list(rows)
        others = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
        writer = csv.DictWriter(file, [*COLUMNS, *others])
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
