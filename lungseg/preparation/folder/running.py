"""Makes all cases of a folder, in parallel: what is done stays, what fails is named, what was interrupted goes on."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lungseg.errors import InputError, counted, one_line, warn_caller
from lungseg.files import (
    FULL,
    DiskFull,
    as_folder,
    check_name,
    folder_lock,
    telling_of_a_full_disk,
    write_array,
)
from lungseg.preparation.folder.doubts import collect_doubts, judge_again
from lungseg.preparation.folder.earlier import check_settings, check_sources, open_cases, remember
from lungseg.preparation.folder.origin import describe_files, describe_origin
from lungseg.preparation.folder.overview import write_overview
from lungseg.preparation.folder.place import check_apart, check_names, check_other_cases, check_place, make_folder
from lungseg.preparation.folder.report import PreparationReport, none_usable
from lungseg.preparation.manifest import write_rows
from lungseg.preparation.sources.tree import show
from lungseg.radiographs.limits import check_max_megapixels

SAVE_EVERY = 10  # seconds between two savings of the manifest
Row = dict[str, Any]


def image_of(row: Row) -> str:
    """Return the case of a row of the manifest; of a tile, that of the whole image."""
    return str(row.get("whole") or row["case"])


class Maker(Protocol):
    """What makes cases of an image and its masks. An image is a named tuple with `case`, `image` and `masks`."""

    @property
    def size(self) -> str:
        """The size of all cases, as the manifest has it."""

    @property
    def settings(self) -> str:
        """What else decides the cases; a folder with cases of another one is refused."""

    def begin(self, out: Path, earlier: dict[str, Row]) -> list[str]:
        """Write what the folder holds beside cases and manifest; return lines for the report."""

    def make(self, one: Any) -> Iterable[tuple[Row, np.ndarray]]:
        """Give the cases of an image, each with its row of the manifest; a row has the key "case" at least."""

    def is_done(self, one: Any, rows: list[Row], origin: dict[str, str], out: Path) -> bool:
        """Tell whether the cases of an image are whole, and were made from these very files."""

    def own_names(self, out: Path, ones: Sequence[Any]) -> set[str]:
        """Return the names of cases that belong to these images."""

    def notes(self, rows: list[Row]) -> list[str]:
        """Return lines for the report."""


def prepare_all(
    source: Path, out: Path, found: Any, maker: Maker, n_jobs: int, progress: bool, overwrite: bool
) -> PreparationReport:
    """Make the cases of all images that were found.

    Parameters
    ----------
    source, out : Path
    found : Found or FoundPairs
        From `scan`, `scan_corrected` or `scan_classes`.
    maker : Maker
    n_jobs : int
        Processes; -1 is one per core.
    progress : bool
        Show a progress bar.
    overwrite : bool
        Make every case anew, and remove what an earlier run left in ``out``.

    Returns
    -------
    PreparationReport

    Warns
    -----
    UserWarning
        What was left out, in a line.

    Raises
    ------
    InputError
        If no image can be used, or the folder holds other cases, or another command is at work in it.
    """
    check_place(out, found)
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    make_folder(out)
    try:
        with folder_lock(out), telling_of_a_full_disk(lambda: _what_is_kept(out)):
            report = _prepare_into(out, source, found, maker, n_jobs, progress, overwrite)
    finally:
        with suppress(OSError):  # something is in it, as usual
            for folder in made:
                folder.rmdir()
    if said := report.left_out():
        warn_caller(said)
    return report


def check_call(
    source: str | os.PathLike[str], out: str | os.PathLike[str], n_jobs: int, max_megapixels: float
) -> tuple[Path, Path]:
    """Return source and out as folders, before anything is listed.

    Parameters
    ----------
    source, out : str or Path
    n_jobs : int
    max_megapixels : float

    Returns
    -------
    (Path, Path)

    Raises
    ------
    InputError
        If they are no folders, or the same one; or a number cannot be.
    """
    source, out = as_folder(source, "source"), as_folder(out, "out")
    check_max_megapixels(max_megapixels)
    check_apart(source, out)
    if not isinstance(n_jobs, int) or n_jobs == 0:
        raise InputError(f"n_jobs: expected a number of processes, or -1 for all cores. Received: {n_jobs!r}.")
    return source, out


def _prepare_into(
    out: Path, source: Path, found: Any, maker: Maker, n_jobs: int, progress: bool, overwrite: bool
) -> PreparationReport:
    """Prepare what was found into a folder that exists and is locked."""
    from joblib import Parallel, delayed
    from tqdm import tqdm

    start = time.perf_counter()
    images = found.radiographs
    earlier = open_cases(out, maker.size, overwrite)
    check_names(out, images)
    check_other_cases(out, earlier.keys() | maker.own_names(out, images))
    origin = {one.case: describe_origin(one, source) for one in images}
    rows: dict[str, list[Row]] = defaultdict(list)  # of each image, which may give several cases
    for case, row in earlier.items():
        if (out / f"{case}.npy").exists():
            rows[row.get("whole") or case].append(row)
    todo = [one for one in images if overwrite or not maker.is_done(one, rows.get(one.case, []), origin[one.case], out)]
    others = set(rows) - set(origin)
    if not overwrite:
        check_sources(todo, rows, origin, out)
        check_settings(_flat(rows).values(), maker.settings, out)
    put_back = remember(out)
    report = PreparationReport(
        images=len(images),
        kept=0 if overwrite else sum(len(rows[case]) for case in others),
        without_mask=found.without_mask,
        without_image=found.without_image,
        notes=found.notes,
    )
    report.reused = sum(len(rows.get(one.case, [])) for one in images if one not in todo)
    above = show(source.absolute(), most=2000) + os.sep  # as in the manifest, files are named from the source on
    # Processes are kept for the next call, and would look for a relative path where they were started.
    results = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(
        delayed(_prepare_one)(_with_whole_paths(one), out.absolute(), maker) for one in todo
    )
    bar = tqdm(results, desc="preparing", total=len(todo), unit="image", disable=not progress)
    failed: set[str] = set()
    stale: set[str] = set()  # cases of an earlier run that the new one does not make: tiles of another size
    saved = time.perf_counter()
    try:
        report.notes = report.notes + maker.begin(out, earlier)
        for one, result in bar:
            if isinstance(result, str):
                report.failed.append((str(one.image), result.replace(above, "")))
                failed.add(one.case)
            else:
                report.written += len(result)
                stale |= {row["case"] for row in rows.get(one.case, [])} - {row["case"] for row in result}
                rows[one.case] = [row | origin[one.case] for row in result]
            if time.perf_counter() - saved > SAVE_EVERY:  # even a killed run can go on from here
                write_rows(out, _flat(rows))
                saved = time.perf_counter()
        # What is out of date goes at the end, and only if there is something in its place: a full disk, on which
        # every case fails, costs nobody the cases of before.
        if report.written + report.reused:
            for case in (failed | others if overwrite else failed) & set(rows):
                stale |= {row["case"] for row in rows.pop(case)}
            for case in stale:
                (out / f"{case}.npy").unlink(missing_ok=True)
        ours = sorted((row for case in origin for row in rows.get(case, [])), key=lambda row: row["case"])
        for row in ours:
            judge_again(row, out / f"{row['case']}.npy")
    finally:
        if report.written + report.reused:
            _remove_others(rows, maker, out)
            write_rows(out, _flat(rows))
        else:  # nothing has come of it
            put_back()
    report.failed.sort()
    if not report.written + report.reused:
        raise InputError(f"{source}: expected at least one usable image. Received: {none_usable(report.failed, above)}")
    report.doubts = collect_doubts(ours)
    report.notes = report.notes + maker.notes(ours)
    report.overview = write_overview(out, _flat(rows))
    report.seconds = time.perf_counter() - start
    return report


def _remove_others(rows: dict[str, list[Row]], maker: Maker, out: Path) -> None:
    """Remove cases of another size or problem: an interrupted run that was to replace them has left them."""
    for several in rows.values():
        for row in [row for row in several if (row["size"], row.get("settings") or "") != (maker.size, maker.settings)]:
            several.remove(row)
            (out / f"{row['case']}.npy").unlink(missing_ok=True)


def _flat(rows: dict[str, list[Row]]) -> dict[str, Row]:
    """Return the rows of all cases by their names."""
    return {row["case"]: row for several in rows.values() for row in several}


def _prepare_one(one: Any, out: Path, maker: Maker) -> tuple[Any, list[Row] | str]:
    """Write the cases of an image; return their rows of the manifest, or the reason why there are none."""
    for path in (one.image, *one.masks):
        try:
            str(path).encode("utf-8")
        except UnicodeEncodeError:
            shown = str(path).encode("utf-8", "backslashreplace").decode()
            return one, f"{shown}: expected a name in UTF-8, which the manifest can hold. Rename the file."
    rows: list[Row] = []
    try:
        check_name(one.case, show(one.image), suffix=".npy")  # or the manifest could not be read again
        files = describe_files(one)  # before they are read
        for row, case in maker.make(one):
            if describe_files(one) != files:
                raise InputError(f"{show(one.image)}: it, or its mask, changed while it was read. Run this again.")
            write_array(out / f"{row['case']}.npy", case)
            rows.append(row | files)
        return one, rows
    except InputError as fault:
        said = show(str(fault), most=2000)  # a name may hold line breaks
    except OSError as fault:  # a name that is too long, a file that is gone
        if fault.errno in FULL:  # the others would fail as well
            raise DiskFull(fault.filename or out) from None
        said = f"{show(fault.filename or one.image)}: {fault.strerror or one_line(fault)}."
    except Exception as fault:  # one bad file must not stop the rest
        said = f"{one.image}: {type(fault).__name__}: {' '.join(str(fault).split())}"
    for row in rows:  # some of its tiles
        (out / f"{row['case']}.npy").unlink(missing_ok=True)
    return one, said


def _with_whole_paths(one: Any) -> Any:
    """Return the same image with absolute paths."""
    masks = tuple(path.absolute() for path in one.masks)
    return one._replace(image=one.image.absolute(), masks=masks)


def _what_is_kept(out: Path) -> str:
    """Say what a full disk leaves of a preparation."""
    count = len(list(out.glob("*.npy")))
    return f"The folder holds {counted(count, 'case')}, each of them whole."
