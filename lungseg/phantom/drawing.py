"""Synthetic frontal chest radiographs with exact lung masks.

A phantom is drawn from anatomy (`lungseg.phantom.anatomy`), turned into the attenuation of an X-ray beam
(`lungseg.phantom.rendering`, `lungseg.phantom.findings`) and developed like a film (`lungseg.phantom.acquisition`).
Every number about case ``index`` comes from one random stream that depends on ``(seed, index)``
alone, so a case stays the same however many are made, in whatever order, at whatever size.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.files import writing

SMALLEST, LARGEST = 32, 4096  # pixels a side

# Raise it when the pictures change, so that phantoms kept in a cache are drawn anew.
VERSION = 2


def phantom_id(index: int, seed: int = 0) -> str:
    """Name of a phantom; its last digit is the diagnosis: 0 normal, 1 tuberculosis.

    Parameters
    ----------
    index : int
        Number of the case, from 0; the name counts from 1.
    seed : int
        Seed of the whole set. About half of the cases of a set have tuberculosis.

    Raises
    ------
    InputError
        If index or seed is negative or no whole number.

    Examples
    --------
    >>> phantom_id(0), phantom_id(1)
    ('PHANTOM_0001_0', 'PHANTOM_0002_1')
    """
    from lungseg.phantom.anatomy import draw_lots

    _check(index=index, seed=seed)
    return f"PHANTOM_{index + 1:04d}_{int(draw_lots(index, seed)[1])}"


def make_phantom(index: int, seed: int = 0, size: int = 128) -> np.ndarray:
    """Draw one phantom as a finished case.

    The picture is prepared like a real radiograph: most borders are cropped, and the contrast is
    stretched between the 5th and the 95th percentile. The mask shows both lungs without heart and
    mediastinum; where a finding hides a part of a lung, it follows the anatomy.

    Parameters
    ----------
    index : int
        Number of the case, from 0.
    seed : int
        Seed of the whole set.
    size : int
        Pixels a side, from 32 to 4096. The same case has the same anatomy at every size.

    Returns
    -------
    ndarray, (size, size, 2) float32
        ``[..., 0]`` the picture in [0, 1], ``[..., 1]`` the mask in {0, 1}.

    Raises
    ------
    InputError
        If a number is out of range or not whole.

    Examples
    --------
    >>> case = make_phantom(3, seed=0, size=64)
    >>> case.shape, case.dtype.name, float(case.min()), float(case.max())
    ((64, 64, 2), 'float32', 0.0, 1.0)
    >>> np.unique(case[..., 1]).tolist()
    [0.0, 1.0]
    """
    from lungseg.phantom.acquisition import stretch

    _check(index=index, seed=seed, size=size)
    picture, mask, _ = _film(index, seed, size)
    return np.stack([stretch(picture), mask], -1).astype(np.float32)


def draw_radiograph(index: int, seed: int = 0, size: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """Draw one phantom as a raw film, before any preparation.

    About one film in three has a black border around the exposed field, one in five has 16 bits,
    and its grey values seldom fill their range: material for practising the preparation.

    Parameters
    ----------
    index, seed, size : int
        As for `make_phantom`.

    Returns
    -------
    image : ndarray, (size, size) uint8 or uint16
        The film; bone is bright.
    mask : ndarray, (size, size) bool
        The lungs.

    Raises
    ------
    InputError
        If a number is out of range or not whole.

    Examples
    --------
    >>> image, mask = draw_radiograph(0, size=64)
    >>> image.shape, image.dtype.name, mask.dtype.name
    ((64, 64), 'uint8', 'bool')
    """
    _check(index=index, seed=seed, size=size)
    rng = np.random.default_rng([seed, index, 5113])  # a stream of its own: the film stays as it is
    margins = np.zeros(4, int)
    if rng.random() < 0.35:
        margins = (size * rng.uniform(0, 0.09, 4) * (rng.random(4) < 0.75)).astype(int)
    top, bottom, left, right = margins
    inner = size - max(top + bottom, left + right)
    bottom, right = size - inner - top, size - inner - left
    picture, mask, _ = _film(index, seed, inner)
    dark, light = rng.uniform(0.01, 0.15), rng.uniform(0.7, 1.0)
    low, high = picture.min(), picture.max()
    film = dark + (light - dark) * (picture - low) / max(high - low, 1e-6)
    edge = ((top, bottom), (left, right))
    depth = np.uint16 if rng.random() < 0.2 else np.uint8
    levels = np.round(np.pad(film, edge) * np.iinfo(depth).max).astype(depth)
    return levels, np.pad(mask, edge)


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
        If a number is out of range, or the folder cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_phantoms(folder, count=2, size=32)]
    ['PHANTOM_0001_0.npy', 'PHANTOM_0002_1.npy']
    """
    _check(count=count, size=size, seed=seed)
    folder = _make_folder(folder)
    work = partial(_write_case, folder=folder, seed=seed, size=size)
    return _run(work, count, n_jobs, progress)


def write_raw_phantoms(
    folder: str | os.PathLike,
    count: int = 20,
    size: int = 512,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = False,
) -> list[Path]:
    """Write phantoms as raw films: ``images/<name>.png`` and ``masks/<name>.png`` (0 and 255).

    The parameters, and what is raised, are those of `write_phantoms`.

    Returns
    -------
    list of Path
        The image files, in order.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_raw_phantoms(folder, count=1, size=32)
    ...     sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.png"))
    ['images/PHANTOM_0001_0.png', 'masks/PHANTOM_0001_0.png']
    """
    _check(count=count, size=size, seed=seed)
    folder = _make_folder(folder)
    for name in ("images", "masks"):
        _make_folder(folder / name)
    work = partial(_write_raw, folder=folder, seed=seed, size=size)
    return _run(work, count, n_jobs, progress)


def _film(index: int, seed: int, size: int) -> tuple[np.ndarray, np.ndarray, bool]:
    """Developed film (float), exact mask (bool) and diagnosis of one case."""
    from lungseg.phantom.acquisition import develop, grain, leave_border, stamp
    from lungseg.phantom.anatomy import make_patient
    from lungseg.phantom.canvas import Canvas
    from lungseg.phantom.rendering import attenuation

    index, seed, size = int(index), int(seed), int(size)  # NumPy's integers compute in narrower floats
    patient = make_patient(index, seed)
    layer, mask = attenuation(Canvas(patient, size))
    # The film has its own stream, so that its lots do not depend on what was drawn before.
    rng = np.random.default_rng([seed, index, 9127])
    picture = develop(layer, rng)
    stamp(picture, rng)
    leave_border(picture, rng)
    return grain(picture, rng), mask > 0.5, patient.sick


def _write_case(index: int, folder: Path, seed: int, size: int) -> Path:
    path = folder / f"{phantom_id(index, seed)}.npy"
    case = make_phantom(index, seed, size)
    with writing(path) as temporary, temporary.open("wb") as file:
        np.save(file, case)
    return path


def _write_raw(index: int, folder: Path, seed: int, size: int) -> Path:
    from PIL import Image

    name = f"{phantom_id(index, seed)}.png"
    image, mask = draw_radiograph(index, seed, size)
    for kind, picture in (("masks", mask.astype(np.uint8) * 255), ("images", image)):
        with writing(folder / kind / name) as temporary:
            Image.fromarray(picture).save(temporary, format="PNG")
    return folder / "images" / name


def _run(work, count: int, n_jobs: int, progress: bool) -> list[Path]:
    """Call ``work`` for each index, in one process or several, and keep the order."""
    numbers = range(count)
    if n_jobs == 1:
        results = map(work, numbers)
    else:
        from joblib import Parallel, delayed

        results = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(work)(index) for index in numbers)
    if progress:
        from tqdm import tqdm

        results = tqdm(results, total=count, desc="phantoms", unit="case")
    return list(results)


def _make_folder(folder: str | os.PathLike) -> Path:
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(
            f"Cannot write phantoms to {folder}: expected a folder, or a place where one can be made. "
            f"Received: {type(fault).__name__}. Choose another folder."
        ) from fault
    return folder


def _check(**numbers: int) -> None:
    """Refuse numbers that are not whole or out of range, by name."""
    ranges = {"index": (0, None), "seed": (0, None), "count": (1, None), "size": (SMALLEST, LARGEST)}
    for name, value in numbers.items():
        low, high = ranges[name]
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < low or (high is not None and value > high):
            wanted = f"of at least {low}" if high is None else f"from {low} to {high}"
            raise InputError(f"{name}: expected a whole number {wanted}. Received: {value!r}. Choose such a number.")
