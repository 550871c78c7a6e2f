"""Segments files and folders of files: a mask file for each image file, and a table of what was found."""

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lungseg.dicom import SUFFIXES, is_dicom
from lungseg.errors import InputError, one_line
from lungseg.layouts import EXTENSIONS
from lungseg.measuring import measure_lungs
from lungseg.plausibility import doubts
from lungseg.prediction import Prediction, answer_loaded, check_preparation, finish_loaded, load_file, open_model
from lungseg.runs import Run, load_run

TABLE = "predictions.csv"
OVERLAYS = "overlays"
COLUMNS = (
    *("file", "mask", "height", "width"),
    *("lung_pixels", "right_lung_pixels", "left_lung_pixels", "components"),
    *("pixel_height_mm", "pixel_width_mm", "spacing_from"),
    *("lung_cm2", "right_lung_cm2", "left_lung_cm2"),
    *("plausible", "reasons", "error"),
)


def segment_files(
    model,
    inputs: Sequence[str | Path],
    out: str | Path,
    clean: bool = True,
    overlay: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = True,
) -> list[tuple[Path, str]]:
    """Segment files, and folders of files, into masks of the same names.

    The table `predictions.csv` has a row for each file: the mask's name, its size, the areas of the
    lungs in pixels, and in cm² where the file tells the size of a pixel; whether the mask is
    plausible and, if not, the reasons (`lungseg.plausibility`); or the error. Right and left are
    the patient's: the right lung is on the left of the image.

    Parameters
    ----------
    model
        See `segment`.
    inputs : sequence of paths
        Image files; of a folder, all its images are taken, but not those of its sub-folders.
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

    Returns
    -------
    list of (Path, str)
        The files that could not be used, and why. They do not stop the rest.

    Raises
    ------
    InputError
        If there is no image at all, a mask would overwrite one, the folder cannot be written, the
        model is none, or its run does not say that its cases were prepared as the files are.
    """
    from tqdm.auto import tqdm

    files = _image_files(inputs)
    out = Path(out)
    names = _mask_names(files, out)
    if isinstance(model, (str, Path)):
        model = load_run(model)
    if isinstance(model, Run):
        check_preparation(model)
    model = open_model(model)
    _open_folder(out / OVERLAYS if overlay else out)
    rows, failed = [], []

    def finish(name: str, loaded, probability) -> dict:
        prediction = finish_loaded(loaded, probability, clean)
        _save_png(_as_picture(prediction.mask), out / name)
        if overlay:
            from lungseg.overlays import draw_overlay

            picture = draw_overlay(prediction.film.values, prediction.mask, prediction.geometry)
            _save_png(picture, out / OVERLAYS / name)
        return _row(prediction)

    def collect(file: Path, finished: Future) -> None:
        try:
            rows.append({"file": file, "mask": names[file], **finished.result()})
            return
        except InputError as error:
            reason = str(error)
        except MemoryError:
            reason = f"{file}: is too large for the memory of this computer. Reduce it first."
        failed.append((file, reason))
        rows.append({"file": file, "error": reason})

    under_way = None  # While the network answers, one thread reads the next file and another finishes the last.
    loading = _ahead(lambda file: load_file(model, file), files)
    try:
        with ThreadPoolExecutor(1) as thread:
            for file, future in tqdm(loading, desc="segmenting", unit="image", total=len(files), disable=not progress):
                try:
                    loaded = future.result()
                    finished = thread.submit(finish, names[file], loaded, answer_loaded(model, loaded))
                except (InputError, MemoryError) as error:
                    finished = Future()
                    finished.set_exception(error)
                before, under_way = under_way, (file, finished)
                if before:
                    collect(*before)
    finally:  # also of a run that is interrupted
        try:
            if under_way:
                collect(*under_way)
        finally:
            if rows:
                _write_table(rows, out / TABLE)
    _summarise(rows, failed, out, report)
    return failed


def _ahead(work: Callable, items: Sequence) -> Iterator[tuple[object, Future]]:
    """Yield each item with what becomes of it, while a thread is at work on the next one."""
    with ThreadPoolExecutor(1) as thread:
        under_way = None
        for item in items:
            future = thread.submit(work, item)
            if under_way:
                yield under_way
            under_way = (item, future)
        if under_way:
            yield under_way


def _row(prediction: Prediction) -> dict:
    """Return what the table says about a mask."""
    crop = prediction.geometry.crop
    areas = measure_lungs(prediction.mask, middle=(crop.left + crop.right) / 2)
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
    if prediction.film.spacing:
        height, width = prediction.film.spacing
        row |= {"pixel_height_mm": height, "pixel_width_mm": width, "spacing_from": prediction.film.spacing_from}
        for name in ("lung", "right_lung", "left_lung"):
            row[f"{name}_cm2"] = round(row[f"{name}_pixels"] * height * width / 100, 2)
    return row


def _summarise(rows: list[dict], failed: list, out: Path, report: Callable[[str], object]) -> None:
    report(f"{len(rows) - len(failed)} masks in {out}, areas and reasons in {out / TABLE}.")
    odd = [row for row in rows if row.get("plausible") == "no"]
    if odd:
        report(f"{len(odd)} of them need a look; they may be no frontal chest X-ray, or a poor mask:")
        for row in odd[:10]:
            report(f"  {row['file']}: {row['reasons']}")
        if len(odd) > 10:
            report(f"  ... and {len(odd) - 10} more, see the table")
    if failed:
        report(f"{len(failed)} of {len(rows)} files could not be used:")
        for _, reason in failed:
            report(f"  {reason}")


# --------------------------------------------------------------------------- names


def _image_files(inputs) -> list[Path]:
    files = []
    for item in map(Path, inputs):
        if item.is_dir():
            inside = sorted(path for path in item.iterdir() if _looks_like_an_image(path))
            if not inside:
                kinds = ", ".join(sorted(EXTENSIONS | SUFFIXES))
                raise InputError(
                    f"{item}: expected images ({kinds}), found none. Name the folder that holds them itself."
                )
            files += inside
        elif item.exists():
            files.append(item)
        else:
            raise InputError(f"{item}: no such file or folder. Check the name.")
    return list(dict.fromkeys(files))


def _looks_like_an_image(path: Path) -> bool:
    if path.name.startswith(".") or not path.is_file():
        return False
    if path.suffix:
        return path.suffix.lower() in EXTENSIONS | SUFFIXES
    try:
        return is_dicom(path)  # archives of hospitals export files without an extension
    except OSError:
        return False


def _mask_names(files: Sequence[Path], out: Path) -> dict[Path, str]:
    """Give each file the shortest name for its mask that no other one has.

    `film.png`; where two files would get it, `film_dcm.png` with the extension; where that does not
    help, `january_film.png` with the folder, then with both, and so on up the path; at last a number.
    """
    inputs = {file.resolve() for file in files}
    names: dict[Path, str] = {}
    taken: set[str] = set()
    waiting = list(dict.fromkeys(files))
    for level in range(2 * max(len(file.absolute().parts) for file in files)):
        wanted = {file: _name(file, level) for file in waiting}
        counts = Counter(name.casefold() for name in wanted.values())  # some disks do not tell A from a
        for file, name in wanted.items():
            if counts[name.casefold()] == 1 and name.casefold() not in taken:
                names[file] = name
        taken |= {names[file].casefold() for file in waiting if file in names}
        waiting = [file for file in waiting if file not in names]
    for file in waiting:
        number = next(n for n in range(2, len(files) + 3) if f"{file.stem}_{n}.png".casefold() not in taken)
        names[file] = f"{file.stem}_{number}.png"
        taken.add(names[file].casefold())
    masks_only = (out / TABLE).exists()  # of an earlier run; a folder without the table may hold radiographs
    for file, name in names.items():
        if (out / name).resolve() in inputs or ((out / name).exists() and not masks_only):
            raise InputError(f"{file}: its mask would overwrite the file {out / name}. Name another --out.")
    return {file: names[file] for file in files}


def _name(file: Path, level: int) -> str:
    """Return a name for the mask of a file: with half as many folders as the level; odd ones have the extension."""
    folders = [part for part in file.absolute().parent.parts if part != file.anchor]
    folders = folders[len(folders) - min(level // 2, len(folders)) :]
    extension = [file.suffix[1:]] if level % 2 and file.suffix else []
    return "_".join([*folders, file.stem, *extension]) + ".png"


# --------------------------------------------------------------------------- writing


def _open_folder(folder: Path) -> None:
    """Make the folder and try to write there, before any time is spent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as fault:
        raise InputError(
            f"{folder}: expected a folder that can be written. Received: {one_line(fault)}. Name another --out."
        ) from None


def _as_picture(mask: np.ndarray):
    from PIL import Image

    return Image.fromarray(mask.astype(np.uint8) * 255)


def _save_png(picture, target: Path) -> None:
    temporary = target.with_name(f".{os.getpid()}.part")  # short: the target's name may be as long as names get
    try:
        picture.save(temporary, format="PNG")
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _write_table(rows: list[dict], target: Path) -> None:
    temporary = target.with_name(f".{target.name}.part")
    # A name that is no text, as old archives have them, is written with its bytes as \\x...
    with temporary.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    os.replace(temporary, target)
