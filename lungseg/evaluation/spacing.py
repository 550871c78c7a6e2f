"""How large the pixels of cases are, in millimetres, where the manifest beside them tells."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.files import case_key
from lungseg.files.untrusted import read_number, read_table
from lungseg.preparation.manifest import MANIFEST

HEIGHT, WIDTH = "pixel_height_mm", "pixel_width_mm"
REMEDY = "Mend the table, or prepare the cases again."

Spacing = tuple[float, float]  # height and width of a pixel in millimetres


def spacing_of(cases: Iterable[Any]) -> dict[Any, Spacing]:
    """Read how large the pixels of cases are.

    Parameters
    ----------
    cases : iterable of paths
        Others than paths are left out.

    Returns
    -------
    dict
        Height and width of a pixel in millimetres, by the case; without those of which nothing is known: there is no
        `manifest.csv` beside them, it has no columns `pixel_height_mm` and `pixel_width_mm`, or these are empty.

    Raises
    ------
    InputError
        If the manifest is no table, or names a size that cannot be one.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "manifest.csv").write_text("case,pixel_height_mm,pixel_width_mm\\na,0.8,0.4\\nb,,\\n")
    >>> {path.name: size for path, size in spacing_of([folder / "a.npy", folder / "b.npy"]).items()}
    {'a.npy': (0.8, 0.4)}
    """
    known: dict[Path, dict[str, Spacing]] = {}
    found = {}
    for case in cases:
        if not isinstance(case, str | Path):
            continue
        folder = Path(case).parent
        if folder not in known:
            known[folder] = _read_manifest(folder / MANIFEST)
        name = case_key(case_id(case))
        if name in known[folder]:
            found[case] = known[folder][name]
    return found


def _read_manifest(path: Path) -> dict[str, Spacing]:
    """Return the sizes that a manifest tells, by the name of the case."""
    if not path.is_file():
        return {}
    rows = [row for row in read_table(path, remedy=REMEDY) if {"case", HEIGHT, WIDTH} <= row.keys()]
    told = [row for row in rows if row[HEIGHT].strip() or row[WIDTH].strip()]
    return {case_key(row["case"]): _spacing(row, path) for row in told}


def _spacing(row: dict[str, str], path: Path) -> Spacing:
    try:
        height, width = read_number(row[HEIGHT]), read_number(row[WIDTH])
    except ValueError:
        height = width = 0.0
    if not (height > 0 and width > 0):
        raise InputError(
            f"{path}, case {row['case']}: expected {HEIGHT} and {WIDTH} above 0. "
            f"Received: {row[HEIGHT]!r} and {row[WIDTH]!r}. {REMEDY}"
        )
    return height, width
