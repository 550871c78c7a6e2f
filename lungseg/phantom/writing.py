"""Phantoms as files: cases, or raw radiographs with their masks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lungseg.errors import InputError, quote
from lungseg.files import as_folder, write_array, writing
from lungseg.phantom.drawing import check_numbers, draw_radiograph, make_phantom, phantom_id
from lungseg.phantom.organs import problem_named
from lungseg.problems import Problem, read_problem, write_problem


def write_phantoms(
    folder: str | os.PathLike[str],
    count: int = 300,
    size: int = 128,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = False,
    classes: str = "lungs",
) -> list[Path]:
    """Write phantoms as cases, one ``.npy`` file each.

    Parameters
    ----------
    folder : path
        Where to write; made if missing.
    count : int
        How many, at least 1.
    size, seed : int
        As for `make_phantom`.
    n_jobs : int
        Processes that share the work (joblib); -1 takes every core. The files are the same.
    progress : bool
        Whether to show a progress bar.
    classes : {"lungs", "thorax", "overlapping"}
        What has a mask, see `make_phantom`. All but the first write `cases.json`, too, which names the classes.

    Returns
    -------
    list of Path
        The files, in order.

    Raises
    ------
    InputError
        If a number is out of range, there are no such classes, the folder cannot be made, or it holds cases that are
        none of these.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_phantoms(folder, count=2, size=32)]
    ['PHANTOM_0001_0.npy', 'PHANTOM_0002_1.npy']
    """
    check_numbers(count=count, size=size, seed=seed)
    problem = problem_named(classes)
    folder = _make_folder(folder)
    _check_others(folder, "*.npy", count, seed)
    _check_problem(folder, problem)
    write_problem(problem, folder)
    # Processes are kept for the next call, and would look for a relative path where they were started.
    work = partial(_write_case, folder=folder.absolute(), seed=seed, size=size, classes=classes)
    return [folder / name for name in _run(work, count, n_jobs, progress)]


def write_raw_phantoms(
    folder: str | os.PathLike[str],
    count: int = 20,
    size: int = 512,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = False,
    classes: str = "lungs",
) -> list[Path]:
    """Write phantoms as raw radiographs: ``images/<name>.png`` and ``masks/<name>.png``.

    A mask of the lungs is 0 and 255. Of the thorax it holds the number of the class, 1 to 3, and 0 elsewhere, with a
    palette that gives each its colour. Classes that overlap have a folder each, ``masks/<class>/<name>.png``.

    Parameters
    ----------
    folder, count, size, seed, n_jobs, progress, classes
        As for `write_phantoms`. There is no `cases.json`: to name the classes is a part of the preparation.

    Returns
    -------
    list of Path
        The image files, in order.

    Raises
    ------
    InputError
        As `write_phantoms` does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_raw_phantoms(folder, count=1, size=32)
    ...     sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.png"))
    ['images/PHANTOM_0001_0.png', 'masks/PHANTOM_0001_0.png']
    """
    check_numbers(count=count, size=size, seed=seed)
    problem = problem_named(classes)
    folder = _make_folder(folder)
    for place in ["masks"] if problem.exclusive else [f"masks/{name}" for name in problem.classes]:
        _check_others(_make_folder(folder / place), "*", count, seed)
    _check_others(_make_folder(folder / "images"), "*", count, seed)
    if not problem.exclusive:
        _check_others(folder / "masks", "*.png", 0, seed)
    work = partial(_write_raw, folder=folder.absolute(), seed=seed, size=size, classes=classes)
    return [folder / "images" / name for name in _run(work, count, n_jobs, progress)]


def _write_case(index: int, folder: Path, seed: int, size: int, classes: str) -> str:
    name = f"{phantom_id(index, seed)}.npy"
    write_array(folder / name, make_phantom(index, seed, size, classes))
    return name


def _write_raw(index: int, folder: Path, seed: int, size: int, classes: str) -> str:
    from PIL import Image

    name = f"{phantom_id(index, seed)}.png"
    image, masks = draw_radiograph(index, seed, size, classes)
    for place, picture in {**_mask_files(masks, classes), "images": Image.fromarray(image)}.items():
        with writing(folder / place / name) as temporary:
            picture.save(temporary, format="PNG")
    return name


def _mask_files(masks: np.ndarray, classes: str) -> dict[str, Any]:
    """Return the folders for the masks of a radiograph, (size, size) or (size, size, K), and the picture for each."""
    from PIL import Image

    problem = problem_named(classes)
    if classes == "lungs":
        return {"masks": Image.fromarray(masks.astype(np.uint8) * 255)}
    if not problem.exclusive:
        layers = np.moveaxis(masks.astype(np.uint8) * 255, -1, 0)
        return {f"masks/{name}": Image.fromarray(layer) for name, layer in zip(problem.classes, layers, strict=True)}
    labels = Image.fromarray((masks @ np.arange(1, masks.shape[-1] + 1)).astype(np.uint8))
    labels.putpalette([0, 0, 0, *bytes.fromhex("".join(problem.colour(name)[1:] for name in problem.classes))])
    return {"masks": labels}


def _run(work: Callable[[int], str], count: int, n_jobs: int, progress: bool) -> list[str]:
    """Call ``work`` for each index, in one process or several, and keep the order."""
    numbers = range(count)
    if n_jobs == 1:
        results: Iterable[str] = map(work, numbers)
    else:
        from joblib import Parallel, delayed

        results = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(work)(index) for index in numbers)
    if progress:
        from tqdm import tqdm

        results = tqdm(results, total=count, desc="phantoms", unit="case")
    return list(results)


def _check_others(folder: Path, files: str, count: int, seed: int) -> None:
    """Refuse a folder with files of another origin, which would be taken for phantoms."""
    there = [path for path in sorted(folder.glob(files)) if not path.name.startswith(".")]
    ours = {phantom_id(index, seed) for index in range(count if there else 0)}
    others = [path.name for path in there if path.stem not in ours]
    if others:
        raise InputError(
            f"{folder}: expected an empty folder, or one with these phantoms. Received: one with others in it, "
            f"{quote(others[0])} for one. Choose another folder."
        )


def _check_problem(folder: Path, problem: Problem) -> None:
    """Refuse a folder of phantoms with other masks: their files have the same names."""
    there = read_problem(folder)
    if there != problem and any(folder.glob("*.npy")):
        expected, received = (
            f"{', '.join(each.classes)}{'' if each.exclusive else ', which overlap'}" for each in (problem, there)
        )
        raise InputError(
            f"{folder}: expected an empty folder, or phantoms with masks of {expected}. Received: masks of {received}. "
            "Choose another folder."
        )


def _make_folder(folder: str | os.PathLike[str]) -> Path:
    folder = as_folder(folder, "folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(
            f"Cannot write phantoms to {folder}: expected a folder, or a place where one can be made. "
            f"Received: {type(fault).__name__}. Choose another folder."
        ) from fault
    return folder
