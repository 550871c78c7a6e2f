"""Makes a folder of cases with a manifest from a folder of raw radiographs, in parallel."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.case import make_case
from lungseg.preparation.folder.doubts import absent_values, doubt_columns
from lungseg.preparation.folder.origin import is_done
from lungseg.preparation.folder.report import PreparationReport
from lungseg.preparation.folder.running import Row, check_call, prepare_all
from lungseg.preparation.folder.turned import about_turned, turned_column
from lungseg.preparation.manifest import PROBLEM, geometry_columns
from lungseg.preparation.recipes import RECIPE
from lungseg.preparation.sources.corrected import count_changed, scan_corrected
from lungseg.preparation.sources.layouts import Radiograph, scan
from lungseg.preparation.sources.swapped import check_not_swapped
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.masks import check_lung_values


@dataclass(frozen=True)
class LungCases:
    """How a radiograph and its mask become a case, and when one may stay as it is: a `Maker`."""

    side: int
    max_megapixels: float
    lung_values: tuple[str, ...]
    predicted: Mapping[str, int]  # of masks that a person has corrected: the pixels of lung before

    settings = ""

    @property
    def size(self) -> str:
        return str(self.side)

    def begin(self, out: Path, earlier: dict[str, Row]) -> list[str]:
        if any(row.get("settings") for row in earlier.values()):  # the folder held another problem
            for name in (PROBLEM, RECIPE):
                (out / name).unlink(missing_ok=True)
            return []
        now = ",".join(self.lung_values)
        before = sorted({row.get("lung_values") or "" for row in earlier.values()} - {now})
        if not before:
            return []
        said = f"{before[0] or 'none'} before, {now or 'none'} now"
        return [f"the lung values differ from those of an earlier run, {said}: its cases are made anew"]

    def make(self, one: Radiograph) -> list[tuple[Row, np.ndarray]]:
        made = make_case(one.image, one.masks, self.side, self.max_megapixels, self.lung_values)
        row: Row = {"case": one.case, **geometry_columns(made.geometry, made.spacing)}
        row |= {"lung_values": ",".join(self.lung_values), "absent": ",".join(made.absent)}
        row |= {"lung_pixels": made.lung_pixels} | doubt_columns(made.doubts) | turned_column(one.image, one.masks)
        return [(row, made.case)]

    def is_done(self, one: Radiograph, rows: list[Row], origin: dict[str, str], out: Path) -> bool:
        row = rows[0] if rows else None
        if row is not None and row.get("settings"):
            return False
        return is_done(one, row, origin, out / f"{one.case}.npy", self.side, self.lung_values)

    def own_names(self, out: Path, ones: Sequence[Radiograph]) -> set[str]:
        return {one.case for one in ones}

    def notes(self, rows: list[Row]) -> list[str]:
        return about_turned(rows) + absent_values(self.lung_values, rows) + count_changed(dict(self.predicted), rows)


def prepare_folder(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    size: int = 256,
    n_jobs: int = -1,
    progress: bool = True,
    overwrite: bool = False,
    max_megapixels: float = MAX_MEGAPIXELS,
    images: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
    lung_values: str | float | Sequence[str | float] | None = None,
    corrected: str | os.PathLike[str] | None = None,
) -> PreparationReport:
    """Prepare all radiographs of a folder, in parallel.

    Every case is written to ``<out>/<case>.npy``, and its origin and geometry to a row of
    ``<out>/manifest.csv``. A file that cannot be used is reported and does not stop the rest.
    Run again, finished cases whose files have not changed are reused; so an interrupted run goes
    on, and a second source may be added to the folder, if its files have other names.
    Masks are judged as predictions are: the report names those that a person should look at, and
    ``<out>/overview.png`` shows them first, with their outlines.

    Parameters
    ----------
    source : str or Path
        A folder of images and masks in a layout that :func:`find_radiographs` knows.
    out : str or Path
        The folder for the cases; made if it is missing.
    size : int
        The side of the square cases, in pixels.
    n_jobs : int
        Processes; -1 is one per core.
    progress : bool
        Show a progress bar.
    overwrite : bool
        Make every case anew, and remove what an earlier run left in ``out``.
    max_megapixels : float
        A file with more million pixels is refused.
    images, masks : str or Path, optional
        The folder in the source that holds them, where the names of the folders do not tell.
    lung_values : str, number, or sequence of them, optional
        The values of the masks that are lung, for masks with labels of several organs; see
        :func:`lungseg.radiographs.read_mask`. Cases that were made with others are made anew.
    corrected : str or Path, optional
        A folder into which `lungseg predict` wrote masks of the radiographs in the source, and in which a person has
        corrected them. Otherwise predicted masks are refused.

    Returns
    -------
    PreparationReport

    Warns
    -----
    UserWarning
        If images or masks were left out: how many, and why the first of them. The report names them all.

    Raises
    ------
    InputError
        The source has no usable radiograph; ``out`` is the source or the folder of the images or masks, holds cases of
        another size, of the same names from another source or of another origin, or another command is at work in it;
        or a setting is out of range.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom import write_raw_phantoms
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = write_raw_phantoms(folder / "raw", count=2, size=64)
    >>> prepare_folder(folder / "raw", folder / "cases", size=32, n_jobs=1, progress=False).written
    2
    >>> sorted(path.name for path in (folder / "cases").iterdir())
    ['PHANTOM_0001_0.npy', 'PHANTOM_0002_1.npy', 'manifest.csv', 'overview.png']
    """
    source, out = check_call(source, out, n_jobs, max_megapixels)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise InputError(
            f"size: expected a whole number of pixels above 0, as cases of lungs are square. Received: {size!r}. Name "
            "the length of a side, 256 for one."
        )
    chosen = check_lung_values(lung_values)
    predicted: dict[str, int] = {}
    if corrected is None:
        found = scan(source, out, images, masks)
    elif images is None and masks is None:
        found, predicted = scan_corrected(source, Path(corrected), out)
    else:
        raise InputError("corrected: expected alone. Received: images or masks, too. Name the images as the source.")
    check_not_swapped(source, found.radiographs, max_megapixels)
    maker = LungCases(size, max_megapixels, chosen, predicted)
    return prepare_all(source, out, found, maker, n_jobs, progress, overwrite)
