"""Segments files and folders of files: a mask file for each image file, and a table of what was found."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lungseg.errors import InputError, counted
from lungseg.files import as_folder, folder_lock, open_folder, remove_unfinished, telling_of_a_full_disk, writing
from lungseg.masks.measuring import measure_lungs
from lungseg.masks.plausibility import doubts
from lungseg.prediction.dicom_objects import SegmentationObjects, check_highdicom, own_objects
from lungseg.prediction.image import Prediction, load_file, open_model
from lungseg.prediction.names import image_files, mask_names
from lungseg.prediction.overlay import draw_overlay
from lungseg.prediction.table import TABLE, merge, read_rows, whole_path, write_table
from lungseg.radiographs.limits import MAX_MEGAPIXELS, check_max_megapixels

if TYPE_CHECKING:
    import keras

    from lungseg.runs import Run

OVERLAYS = "overlays"
REASONS = 3  # why a mask needs a look, in a line; the table has them all
SAVE_EVERY = 10  # seconds between two savings of the table
THREADS = 3  # one reads a file, one waits for the network, one writes a mask; see benchmarks/plain_or_clever.py


def segment_files(
    model: keras.Model | Run | str | Path,
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    clean: bool = True,
    overlay: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = True,
    max_megapixels: float = MAX_MEGAPIXELS,
    dicom_seg: bool = False,
) -> list[tuple[Path, str]]:
    """Segment files, and folders of files, into masks of the same names.

    The table `predictions.csv` has a row for each file: its whole path, the mask's name, its size, the areas of the
    lungs in pixels, and in cm² where the file tells the size of a pixel; whether the mask is plausible and, if not,
    the reasons (`lungseg.masks.plausibility`); or the error. Right and left are the patient's: the right lung is on
    the left of the image, unless a DICOM file says otherwise. The table is saved every few seconds; rows and masks of
    other files, from earlier runs into the same folder, stay.

    Parameters
    ----------
    model : keras.Model, Run, str or Path
        See `segment`.
    inputs : path, or several
        Image files; of a folder, all its images are taken, but not those of its sub-folders, nor masks
        that an earlier run has left there.
    out : str or Path
        A PNG of 0 and 255 is written there for each image, at its own size. Where several images
        have the same name, the masks' names tell extensions and folders apart.
    clean : bool
        See `segment`.
    overlay : bool
        Also write `overlays/`, each radiograph with the outline of its mask.
    report : callable
        Is given the lines of the summary.
    progress : bool
        Show a progress bar.
    max_megapixels : float
        A file with more million pixels is refused.
    dicom_seg : bool
        Also write a DICOM Segmentation object beside the mask of each DICOM file, see
        `lungseg.prediction.dicom_seg`.

    Returns
    -------
    list of (Path, str)
        The files that could not be used, and why. They do not stop the rest.

    Raises
    ------
    InputError
        If there is no image at all, a mask would overwrite one, the folder cannot be written or another process
        segments into it, the model is none, or its run does not say that its cases were prepared as the files are.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg import build_unet
    >>> from lungseg.phantom import write_raw_phantoms
    >>> folder = Path(tempfile.mkdtemp())
    >>> files = write_raw_phantoms(folder / "raw", count=2, size=64)
    >>> network = build_unet((32, 32, 1), filters=2, depth=2)
    >>> segment_files(network, files, folder / "masks", report=lambda line: None, progress=False)
    []
    >>> sorted(path.name for path in (folder / "masks").iterdir())
    ['PHANTOM_0001_0.png', 'PHANTOM_0002_1.png', 'predictions.csv']
    """
    check_max_megapixels(max_megapixels)
    if dicom_seg:
        check_highdicom()
    out = as_folder(out, "out")
    inputs = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    if not inputs:
        raise InputError("inputs: expected images, or folders of them. Received: none. Name one.")
    image_files(inputs)  # what is wrong with them is said before a folder is made
    model = open_model(model)
    open_folder(out / OVERLAYS if overlay else out, "Name another --out.")
    with folder_lock(out), telling_of_a_full_disk("The masks that were finished are whole."):
        for folder in (out, out / OVERLAYS):
            remove_unfinished(folder)
        return _segment_into(out, model, inputs, clean, overlay, report, progress, max_megapixels, dicom_seg)


def _segment_into(
    out: Path,
    model: keras.Model,
    inputs: Sequence[str | Path],
    clean: bool,
    overlay: bool,
    report: Callable[[str], object],
    progress: bool,
    max_megapixels: float,
    dicom_seg: bool,
) -> list[tuple[Path, str]]:
    """Segment files into a folder that exists and is locked."""
    from tqdm.auto import tqdm

    earlier = read_rows(out)
    own = [*(out / row["mask"] for row in earlier if row["mask"]), *own_objects(out)]
    files, others = image_files(inputs, own)
    names = mask_names(files, out, earlier)
    objects = SegmentationObjects(names, out, dicom_seg)
    rows: list[dict] = []
    failed: list[tuple[Path, str]] = []
    table = merge(earlier, names, out)
    write_table(table.values(), out)
    network = threading.Lock()  # some backends of Keras cannot run one network in two threads at a time

    def segment_file(file: Path) -> dict:
        loaded = load_file(model, file, max_megapixels)
        with network:
            probability = loaded.predict(model)
        prediction = loaded.finish(probability, clean)
        _save_png(Image.fromarray(prediction.mask.astype(np.uint8) * 255), out / names[file])
        objects.write(file, prediction.mask, prediction.radiograph)
        if overlay:
            picture = draw_overlay(prediction.radiograph.values, prediction.mask, prediction.geometry)
            _save_png(picture, out / OVERLAYS / names[file])
        return _row(prediction)

    def collect(file: Path, finished: Future) -> None:
        try:
            row = {"file": whole_path(file), "mask": names[file], **finished.result()}
        except (InputError, MemoryError) as error:
            too_large = f"{file}: is too large for the memory of this computer. Reduce it first."
            row = {"file": whole_path(file), "error": too_large if isinstance(error, MemoryError) else str(error)}
            if (out / names[file]).is_file():  # of an earlier run
                row["mask"] = names[file]
            failed.append((file, row["error"]))
        rows.append(row)
        table[row["file"]] = row

    saved = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        futures = {file: threads.submit(segment_file, file) for file in files}
        try:
            for file in tqdm(files, desc="segmenting", unit="image", disable=not progress):
                collect(file, futures[file])
                del futures[file]
                if time.monotonic() - saved > SAVE_EVERY:
                    write_table(table.values(), out)
                    saved = time.monotonic()
        finally:  # also of a run that is interrupted: what was under way is finished
            try:
                threads.shutdown(cancel_futures=True)
                for file, future in futures.items():
                    if not future.cancelled() and not future.exception():
                        collect(file, future)
            finally:
                write_table(table.values(), out)
    typed = {whole_path(file): file for file in files}
    _summarise([{**row, "file": typed[row["file"]]} for row in rows], failed, others, out, report)
    objects.summarise(report)
    return failed


def _row(prediction: Prediction) -> dict:
    """Return what the table says about a mask."""
    crop = prediction.geometry.crop
    areas = measure_lungs(prediction.mask, middle=(crop.left + crop.right) / 2)
    if prediction.radiograph.orientation and prediction.radiograph.orientation[0].startswith("R"):  # a mirrored one
        areas = areas._replace(right=areas.left, left=areas.right)
    reasons = doubts(prediction)
    row = {
        "height": prediction.mask.shape[0],
        "width": prediction.mask.shape[1],
        "lung_pixels": areas.lungs,
        "right_lung_pixels": areas.right,
        "left_lung_pixels": areas.left,
        "components": areas.components,
        "plausible": "no" if reasons else "yes",
        "reasons": "; ".join(reasons),
    }
    if prediction.radiograph.spacing:
        height, width = prediction.radiograph.spacing
        row |= {"pixel_height_mm": height, "pixel_width_mm": width, "spacing_from": prediction.radiograph.spacing_from}
        for name in ("lung", "right_lung", "left_lung"):
            row[f"{name}_cm2"] = round(row[f"{name}_pixels"] * height * width / 100, 2)
    return row


def _summarise(rows: list[dict], failed: list, others: list[Path], out: Path, report: Callable[[str], object]) -> None:
    """Report how many masks were made, which are doubted, and which files failed or were left out."""
    if len(rows) > len(failed):
        report(f"{counted(len(rows) - len(failed), 'mask')} in {out}, areas and reasons in {out / TABLE}.")
    else:
        report(f"No mask was made; {out / TABLE} also says why.")
    odd = [row for row in rows if row.get("plausible") == "no"]
    if odd:
        report(f"To look at: {len(odd)}, perhaps no frontal chest X-ray, or a poor mask:")
        for row in odd[:10]:
            reasons = row["reasons"].split("; ")
            more = f" and {len(reasons) - REASONS} more" if len(reasons) > REASONS else ""
            report(f"  {row['file']}: {'; '.join(reasons[:REASONS])}{more}")
        if len(odd) > 10:
            report(f"  ... and {len(odd) - 10} more, see the table")
    if failed:
        report(f"{len(failed)} of {counted(len(rows), 'file')} could not be used:")
        for _, reason in failed:
            report(f"  {reason}")
    if others:
        shown = ", ".join(path.name for path in others[:5]) + (", ..." if len(others) > 5 else "")
        report(f"{counted(len(others), 'other file')} of the folders left out: {shown}")


# --------------------------------------------------------------------------- writing


def _save_png(picture: Image.Image, target: Path) -> None:
    """Write a picture whole or not at all."""
    if target.is_dir():
        raise InputError(f"{target}: expected a free name. Received: a folder. Remove it, or name another --out.")
    try:
        with writing(target) as temporary:
            picture.save(temporary, format="PNG", compress_level=3)  # twice as fast as by default
    except OSError as fault:
        if fault.errno == errno.ENAMETOOLONG:
            raise InputError(
                f"{target}: this name is too long for the disk. Give the image a shorter one, or name another --out."
            ) from None
        raise
