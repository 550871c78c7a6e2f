"""Segments files and folders of files: masks for each image file, and a table of what was found."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.errors import InputError
from lungseg.files import as_folder, folder_lock, open_folder, remove_unfinished, telling_of_a_full_disk
from lungseg.masks.cleaning import THRESHOLD
from lungseg.prediction.dicom_objects import SegmentationObjects, check_highdicom, own_objects
from lungseg.prediction.finishing import check_cleaning
from lungseg.prediction.image import check_threshold
from lungseg.prediction.loaded import load_file, predict_loaded
from lungseg.prediction.model import OpenModel, open_network
from lungseg.prediction.names import check_order, class_endings, image_files, mask_names, with_endings
from lungseg.prediction.overlay import draw_classes, draw_overlay
from lungseg.prediction.pictures import pictures_of, save_png
from lungseg.prediction.remarks import Remark, remark_lines, remark_on
from lungseg.prediction.rows import row_of, summarise
from lungseg.prediction.table import (
    COLUMNS,
    SEPARATOR,
    check_classes,
    columns_of,
    masks_in,
    merge,
    read_rows,
    whole_path,
    write_table,
)
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_max_megapixels
from lungseg.runs import Run, load_run

if TYPE_CHECKING:
    import keras

    from lungseg.preparation.recipe import Recipe
    from lungseg.problems import Problem

OVERLAYS = "overlays"
SAVE_EVERY = 10  # seconds between two savings of the table
THREADS = 3  # one reads a file, one waits for the network, one writes a mask; see benchmarks/plain_or_clever.py


def predict(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path = "masks",
    model: keras.Model | Run | str | Path = "run",
    clean: bool | None = None,
    threshold: float = THRESHOLD,
    overlay: bool = False,
    tile: int | Sequence[int] | bool | None = None,
    overlap: float | None = None,
    recipe: str | Recipe | None = None,
    problem: Problem | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    dicom_seg: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = True,
) -> list[tuple[Path, str]]:
    """Segment files, and folders of files, into masks of the same names: `lungseg predict` in Python.

    The table `predictions.csv` has a row for each file: its whole path, the mask's name, its size, the area of each
    class in pixels, and in cm² where the file tells the size of a pixel; or the error. For lungs it has both lungs, and
    whether the mask is plausible and, if not, the reasons (`lungseg.masks.plausibility`). Right and left are the
    patient's: the right lung is on the left of the image, unless a DICOM file says otherwise. The table is saved every
    few seconds; rows and masks of other files, from earlier runs into the same folder, stay.

    Parameters
    ----------
    inputs : path, or several
        Image files; of a folder, all its images are taken, but not those of its sub-folders, nor masks
        that an earlier run has left there.
    out : str or Path
        Masks are written there as PNG, at the size of their images. One class: 0 and 255. Classes that exclude each
        other: 0, and k for the k-th class, with a palette of their colours. Classes that overlap: 0 and 255 in a file
        for each, `NAME_CLASS.png`. Where several images have the same name, the masks' names tell extensions and
        folders apart.
    model : keras.Model, Run, str or Path
        See `segment`.
    clean : bool, optional
        See `segment`; by default if the recipe says how many components a mask has, as that for lungs does.
    threshold, tile, overlap, recipe, problem
        See `segment`.
    overlay : bool
        Also write `overlays/`, each image with the outlines of its masks.
    max_megapixels : float
        A file with more million pixels is refused.
    dicom_seg : bool
        Also write a DICOM Segmentation object beside the mask of each DICOM file, see
        `lungseg.prediction.dicom_seg`. For lungs alone.
    report : callable
        Is given the lines of the summary.
    progress : bool
        Show a progress bar.

    Returns
    -------
    list of (Path, str)
        The files that could not be used, and why. They do not stop the rest.

    Raises
    ------
    InputError
        If there is no image at all, a mask would overwrite one, the folder cannot be written, holds masks of another
        problem or another process segments into it, the model is none, or nobody knows how its cases were prepared.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg import build_unet
    >>> from lungseg.phantom import write_raw_phantoms
    >>> folder = Path(tempfile.mkdtemp())
    >>> files = write_raw_phantoms(folder / "raw", count=2, size=64)
    >>> network = build_unet((32, 32, 1), filters=2, depth=2)
    >>> predict(files, folder / "masks", network, report=lambda line: None, progress=False)
    []
    >>> sorted(path.name for path in (folder / "masks").iterdir())
    ['PHANTOM_0001_0.png', 'PHANTOM_0002_1.png', 'predictions.csv']
    """
    check_max_megapixels(max_megapixels)
    check_threshold(threshold)
    if isinstance(inputs, str | Path) or not isinstance(inputs, Iterable):  # a number is refused as a path
        inputs = [inputs]
    inputs = list(inputs)
    if not inputs:
        raise InputError("inputs: expected images, or folders of them. Received: none. Name one.")
    check_order(inputs, model)
    if dicom_seg:
        check_highdicom()
    out = as_folder(out, "out")
    image_files(inputs, anything=True)  # what is wrong with them is said before a folder is made
    if isinstance(model, str | Path):
        model = load_run(model)
    if isinstance(model, Run):  # before its network is built, which takes a while
        check_threshold(threshold, problem or model.problem)
        check_classes(out, (problem or model.problem).classes)
    opened = open_network(model, recipe, problem, tile, overlap)
    check_threshold(threshold, opened.problem)
    if dicom_seg and not opened.of_lungs:
        raise InputError(
            "--dicom-seg (in Python dicom_seg): expected a network for lungs, whose codes the objects have. Received: "
            f"{', '.join(opened.problem.classes)} by the recipe {opened.recipe.name}. Leave it out."
        )
    wanted = Wanted(check_cleaning(clean, opened), threshold, overlay, max_megapixels, dicom_seg)
    open_folder(out / OVERLAYS if overlay else out, "Name another --out.")
    with folder_lock(out), telling_of_a_full_disk("The masks that were finished are whole."):
        for folder in (out, out / OVERLAYS):
            remove_unfinished(folder)
        return _segment_into(out, opened, inputs, wanted, report, progress)


def segment_files(
    model: keras.Model | Run | str | Path,
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    clean: bool | None = None,
    overlay: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = True,
    max_megapixels: float = MAX_MEGAPIXELS,
    dicom_seg: bool = False,
) -> list[tuple[Path, str]]:
    """Do what `predict` does, with the model first: the name that it had before.

    Parameters
    ----------
    model, inputs, out, clean, overlay, report, progress, max_megapixels, dicom_seg
        See `predict`.

    Returns
    -------
    list of (Path, str)

    Raises
    ------
    InputError
        See `predict`.
    """
    return predict(
        inputs,
        out,
        model,
        clean=clean,
        overlay=overlay,
        report=report,
        progress=progress,
        max_megapixels=max_megapixels,
        dicom_seg=dicom_seg,
    )


@dataclass(frozen=True)
class Wanted:
    """What is asked for, see `predict`.

    Attributes
    ----------
    clean : bool
    threshold : float
    overlay : bool
    max_megapixels : float
    dicom_seg : bool
    """

    clean: bool
    threshold: float
    overlay: bool
    max_megapixels: float
    dicom_seg: bool


def _segment_into(
    out: Path,
    opened: OpenModel,
    inputs: Sequence[str | Path],
    wanted: Wanted,
    report: Callable[[str], object],
    progress: bool,
) -> list[tuple[Path, str]]:
    """Segment files into a folder that exists and is locked."""
    from tqdm.auto import tqdm

    problem = opened.problem
    columns = COLUMNS if opened.of_lungs else columns_of(problem.classes)
    endings = [""] if problem.softmax or len(problem.classes) == 1 else class_endings(problem.classes)
    earlier = read_rows(out, columns)
    own = [*(out / mask for row in earlier for mask in masks_in(row["mask"])), *own_objects(out)]
    files, others = image_files(inputs, own, anything=not opened.recipe.lungs)
    names = mask_names(files, out, earlier, endings)
    cells = {file: SEPARATOR.join(with_endings(name, endings)) for file, name in names.items()}
    objects = SegmentationObjects(names, out, wanted.dicom_seg)
    rows: list[dict] = []
    remarks: dict[str, Remark] = {}
    failed: list[tuple[Path, str]] = []
    table = merge(earlier, cells, out)
    write_table(table.values(), out, columns)
    network = threading.Lock()  # some backends of Keras cannot run one network in two threads at a time

    def segment_file(file: Path) -> dict:
        loaded = load_file(opened, file, wanted.max_megapixels)
        prediction = predict_loaded(opened, loaded, wanted.clean, wanted.threshold, network, progress)
        for picture, name in zip(pictures_of(prediction.mask, problem), masks_in(cells[file]), strict=True):
            save_png(picture, out / name)
        remarks[str(file)] = remark_on(prediction, opened)
        objects.write(file, prediction.mask, prediction.radiograph)
        if wanted.overlay:
            shown = (prediction.radiograph.values, prediction.mask, prediction.geometry)
            drawn = draw_overlay(*shown) if opened.of_lungs else draw_classes(*shown, opened)
            save_png(drawn, out / OVERLAYS / names[file])
        return row_of(prediction, opened, wanted.threshold)

    def collect(file: Path, finished: Future) -> None:
        try:
            row = {"file": whole_path(file), "mask": cells[file], **finished.result()}
        except (InputError, MemoryError) as error:
            too_large = f"{file}: is too large for the memory of this computer. Reduce it first."
            row = {"file": whole_path(file), "error": too_large if isinstance(error, MemoryError) else str(error)}
            if all((out / mask).is_file() for mask in masks_in(cells[file])):  # of an earlier run
                row["mask"] = cells[file]
            failed.append((file, row["error"]))
        rows.append(row)
        table[row["file"]] = row

    saved = time.monotonic()
    with ThreadPoolExecutor(1 if opened.tiled else THREADS) as threads:  # of large images, one at a time in memory
        futures = {file: threads.submit(segment_file, file) for file in files}
        try:
            for file in tqdm(files, desc="segmenting", unit="image", disable=not progress):
                collect(file, futures[file])
                del futures[file]
                if time.monotonic() - saved > SAVE_EVERY:
                    write_table(table.values(), out, columns)
                    saved = time.monotonic()
        finally:  # also of a run that is interrupted: what was under way is finished
            try:
                threads.shutdown(cancel_futures=True)
                for file, future in futures.items():
                    if not future.cancelled() and not future.exception():
                        collect(file, future)
            finally:
                write_table(table.values(), out, columns)
    typed = {whole_path(file): file for file in files}
    said = [{**row, "file": typed[row["file"]]} for row in rows]
    summarise(said, failed, others, out, opened, report)
    for line in remark_lines(remarks):
        report(line)
    objects.summarise(report)
    return failed
