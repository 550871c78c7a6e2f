"""Makes a folder of cases with a manifest from a folder of raw radiographs, in parallel."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lungseg.errors import InputError, counted, one_line, quote
from lungseg.files import (
    FULL,
    DiskFull,
    as_folder,
    check_name,
    folder_lock,
    remove_unfinished,
    telling_of_a_full_disk,
    write_array,
)
from lungseg.preparation.case import make_case
from lungseg.preparation.corrected import count_changed, scan_corrected
from lungseg.preparation.doubts import absent_values, collect_doubts, doubt_columns, judge_again
from lungseg.preparation.layouts import Found, Radiograph, scan
from lungseg.preparation.manifest import read_rows, write_rows
from lungseg.preparation.origin import describe_files, describe_origin, is_done, is_same_source
from lungseg.preparation.overview import write_overview
from lungseg.preparation.place import check_apart, check_names, check_other_cases, check_place, make_folder
from lungseg.preparation.report import PreparationReport
from lungseg.preparation.tree import show
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_max_megapixels
from lungseg.radiographs.masks import check_lung_values

SAVE_EVERY = 10  # seconds between two savings of the manifest


def _check_sources(todo: list[Radiograph], rows: dict[str, dict], origin: dict[str, dict], out: Path) -> None:
    """Refuse to replace a case that was made from a file of the same name in another folder."""
    clashes = [
        radiograph.case
        for radiograph in todo
        if not is_same_source(rows.get(radiograph.case, {}), origin[radiograph.case])
    ]
    if clashes:
        raise InputError(
            f"{out}: holds {counted(len(clashes), 'case')} of the same names from another folder, {clashes[0]} "
            "for one. Prepare "
            "into a new folder, or give the files other names, or replace the cases with --overwrite."
        )


def _with_whole_paths(radiograph: Radiograph) -> Radiograph:
    """Return the same radiograph with absolute paths."""
    masks = tuple(path.absolute() for path in radiograph.masks)
    return radiograph._replace(image=radiograph.image.absolute(), masks=masks)


def _prepare_one(
    radiograph: Radiograph, out: Path, size: int, max_megapixels: float, lung_values: tuple[str, ...]
) -> tuple[Radiograph, dict | str]:
    """Write one case; return its row of the manifest, or the reason why there is none."""
    for path in (radiograph.image, *radiograph.masks):
        try:
            str(path).encode("utf-8")
        except UnicodeEncodeError:
            shown = str(path).encode("utf-8", "backslashreplace").decode()
            return radiograph, f"{shown}: expected a name in UTF-8, which the manifest can hold. Rename the file."
    try:
        check_name(radiograph.case, show(radiograph.image), suffix=".npy")  # or the manifest could not be read again
        files = describe_files(radiograph)  # before they are read
        made = make_case(radiograph.image, radiograph.masks, size, max_megapixels, lung_values)
        if describe_files(radiograph) != files:
            return radiograph, f"{show(radiograph.image)}: it, or its mask, changed while it was read. Run this again."
        write_array(out / f"{radiograph.case}.npy", made.case)
        geometry = made.geometry
        row = {"case": radiograph.case, "height": geometry.height, "width": geometry.width}
        row |= geometry.crop._asdict() | {"size": size, "low": geometry.low, "high": geometry.high}
        row |= {"lung_values": ",".join(lung_values), "absent": ",".join(made.absent), "lung_pixels": made.lung_pixels}
        return radiograph, row | files | doubt_columns(made.doubts)
    except InputError as fault:
        return radiograph, show(str(fault), most=2000)  # a name may hold line breaks
    except OSError as fault:  # a name that is too long, a file that is gone
        if fault.errno in FULL:  # the others would fail as well
            raise DiskFull(fault.filename or out) from None
        return radiograph, f"{show(fault.filename or radiograph.image)}: {fault.strerror or one_line(fault)}."
    except Exception as fault:  # one bad file must not stop the rest
        return radiograph, f"{radiograph.image}: {type(fault).__name__}: {' '.join(str(fault).split())}"


def prepare_folder(
    source: str | os.PathLike,
    out: str | os.PathLike,
    size: int = 256,
    n_jobs: int = -1,
    progress: bool = True,
    overwrite: bool = False,
    max_megapixels: float = MAX_MEGAPIXELS,
    images: str | os.PathLike | None = None,
    masks: str | os.PathLike | None = None,
    lung_values: str | float | Sequence[str | float] | None = None,
    corrected: str | os.PathLike | None = None,
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
    source, out = as_folder(source, "source"), as_folder(out, "out")
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise InputError(f"size: expected a whole number of pixels above 0. Received: {size!r}.")
    if not isinstance(n_jobs, int) or n_jobs == 0:
        raise InputError(f"n_jobs: expected a number of processes, or -1 for all cores. Received: {n_jobs!r}.")
    check_max_megapixels(max_megapixels)
    chosen = check_lung_values(lung_values)
    check_apart(source, out)
    predicted: dict[str, int] = {}
    if corrected is None:
        found = scan(source, out, images, masks)
    elif images is None and masks is None:
        found, predicted = scan_corrected(source, Path(corrected), out)
    else:
        raise InputError("corrected: expected alone. Received: images or masks, too. Name the images as the source.")
    check_place(out, found)
    make_folder(out)
    try:
        with folder_lock(out), telling_of_a_full_disk(lambda: _what_is_kept(out)):
            settings = (size, n_jobs, progress, overwrite, max_megapixels, chosen)
            return _prepare_into(out, source, found, predicted, *settings)
    finally:
        with suppress(OSError):  # something is in it, as usual
            out.rmdir()


def _prepare_into(
    out: Path,
    source: Path,
    found: Found,
    predicted: dict[str, int],
    size: int,
    n_jobs: int,
    progress: bool,
    overwrite: bool,
    max_megapixels: float,
    lung_values: tuple[str, ...],
) -> PreparationReport:
    """Prepare what `scan` found into a folder that exists and is locked."""
    from joblib import Parallel, delayed
    from tqdm import tqdm

    start = time.perf_counter()
    radiographs = found.radiographs
    earlier = _open_folder(out, size, overwrite)
    check_names(out, radiographs)
    check_other_cases(out, earlier.keys() | {radiograph.case for radiograph in radiographs})
    origin = {radiograph.case: describe_origin(radiograph, source) for radiograph in radiographs}
    rows = {case: row for case, row in earlier.items() if (out / f"{case}.npy").exists()}

    def finished(radiograph: Radiograph) -> bool:
        case = radiograph.case
        return is_done(radiograph, rows.get(case), origin[case], out / f"{case}.npy", size, lung_values)

    todo = [radiograph for radiograph in radiographs if overwrite or not finished(radiograph)]
    if not overwrite:
        _check_sources(todo, rows, origin, out)
    others = set(rows) - set(origin)
    report = PreparationReport(
        reused=len(radiographs) - len(todo),
        kept=0 if overwrite else len(others),
        without_mask=found.without_mask,
        without_image=found.without_image,
        notes=found.notes,
    )
    above = show(source.absolute(), most=2000) + os.sep  # as in the manifest, files are named from the source on
    # Processes are kept for the next call, and would look for a relative path where they were started.
    results = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(
        delayed(_prepare_one)(_with_whole_paths(radiograph), out.absolute(), size, max_megapixels, lung_values)
        for radiograph in todo
    )
    bar = tqdm(results, desc="preparing", total=len(todo), unit="image", disable=not progress)
    failed = set()
    saved = time.perf_counter()
    try:
        for radiograph, result in bar:
            if isinstance(result, str):
                report.failed.append((str(radiograph.image), result.replace(above, "")))
                failed.add(radiograph.case)
            else:
                report.written += 1
                rows[radiograph.case] = result | origin[radiograph.case]
            if time.perf_counter() - saved > SAVE_EVERY:  # even a killed run can go on from here
                write_rows(out, rows)
                saved = time.perf_counter()
        # What is out of date goes at the end, and only if there is something in its place: a full disk, on which
        # every case fails, costs nobody the cases of before.
        if report.written + report.reused:
            for case in (failed | others if overwrite else failed) & set(rows):
                del rows[case]
                (out / f"{case}.npy").unlink(missing_ok=True)
        ours = [rows[case] for case in sorted(set(origin) & set(rows))]
        for row in ours:
            judge_again(row, out / f"{row['case']}.npy")
    finally:
        if rows or earlier:
            write_rows(out, rows)
    report.failed.sort()
    report.doubts = collect_doubts(ours)
    report.notes = report.notes + absent_values(lung_values, ours) + count_changed(predicted, ours)
    if report.written + report.reused:
        report.overview = write_overview(out, rows)
    report.seconds = time.perf_counter() - start
    if not report.written + report.reused:
        raise InputError(
            f"{source}: expected at least one usable radiograph. Received: {len(report.failed)} that failed, "
            f"the first of them {report.failed[0][1]}"
        )
    return report


def _what_is_kept(out: Path) -> str:
    """Say what a full disk leaves of a preparation."""
    count = len(list(out.glob("*.npy")))
    return f"The folder holds {counted(count, 'case')}, each of them whole."


def _open_folder(out: Path, size: int, overwrite: bool) -> dict[str, dict[str, str]]:
    """Refuse a folder of another size; return the rows of an earlier run."""
    rows = read_rows(out)
    others = sorted({row["size"] for row in rows.values()} - {str(size)})
    if others and not overwrite:
        raise InputError(
            f"{out}: expected cases of size {size}. Received: a folder with cases of size {quote(others[0])[1:-1]}. "
            "Prepare into a new folder, or make this one anew (--overwrite; in Python overwrite=True)."
        )
    remove_unfinished(out)
    return rows
