"""Phantoms as files: cases, or raw radiographs with their masks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, quote
from lungseg.files import as_folder, write_array, writing
from lungseg.phantom.drawing import check_numbers, draw_radiograph, make_phantom, phantom_id


def write_phantoms(
    folder: str | os.PathLike,
    count: int = 300,
    size: int = 128,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = False,
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

    Returns
    -------
    list of Path
        The files, in order.

    Raises
    ------
    InputError
        If a number is out of range, the folder cannot be made, or it holds cases that are none of these.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_phantoms(folder, count=2, size=32)]
    ['PHANTOM_0001_0.npy', 'PHANTOM_0002_1.npy']
    """
    check_numbers(count=count, size=size, seed=seed)
    folder = _make_folder(folder)
    _check_others(folder, "*.npy", count, seed)
    # Processes are kept for the next call, and would look for a relative path where they were started.
    work = partial(_write_case, folder=folder.absolute(), seed=seed, size=size)
    return [folder / name for name in _run(work, count, n_jobs, progress)]


def write_raw_phantoms(
    folder: str | os.PathLike,
    count: int = 20,
    size: int = 512,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = False,
) -> list[Path]:
    """Write phantoms as raw radiographs: ``images/<name>.png`` and ``masks/<name>.png`` (0 and 255).

    Parameters
    ----------
    folder, count, size, seed, n_jobs, progress
        As for `write_phantoms`.

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
    folder = _make_folder(folder)
    for name in ("images", "masks"):
        _check_others(_make_folder(folder / name), "*", count, seed)
    work = partial(_write_raw, folder=folder.absolute(), seed=seed, size=size)
    return [folder / "images" / name for name in _run(work, count, n_jobs, progress)]


def _write_case(index: int, folder: Path, seed: int, size: int) -> str:
    name = f"{phantom_id(index, seed)}.npy"
    case = make_phantom(index, seed, size)
    write_array(folder / name, case)
    return name


def _write_raw(index: int, folder: Path, seed: int, size: int) -> str:
    from PIL import Image

    name = f"{phantom_id(index, seed)}.png"
    image, mask = draw_radiograph(index, seed, size)
    for kind, picture in (("masks", mask.astype(np.uint8) * 255), ("images", image)):
        with writing(folder / kind / name) as temporary:
            Image.fromarray(picture).save(temporary, format="PNG")
    return name


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


def _make_folder(folder: str | os.PathLike) -> Path:
    folder = as_folder(folder, "folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(
            f"Cannot write phantoms to {folder}: expected a folder, or a place where one can be made. "
            f"Received: {type(fault).__name__}. Choose another folder."
        ) from fault
    return folder
