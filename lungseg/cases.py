"""A folder of cases: listing, loading, integrity, and what the name of a case tells.

A case is one file `<name>.npy` that holds a float array of shape (H, W, 2):
`[..., 0]` is the image in [0, 1] and `[..., 1]` the lung mask in {0, 1}. Of another problem it has C channels, then
K masks, shape (H, W, C + K); which, says `cases.json` beside it.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lungseg.errors import InputError
from lungseg.files import as_folder, as_path, as_paths, name_key, told_apart
from lungseg.files.untrusted import read_array
from lungseg.problems import CASES_FILE, LUNGS, Problem, problem_of, read_problem

SOURCES = {"CHNCXR": "Shenzhen", "MCUCXR": "Montgomery", "PHANTOM": "Phantom"}
DIAGNOSES = {"0": "normal", "1": "tuberculosis"}


class Group(NamedTuple):
    """Where a radiograph comes from, and what was found on it."""

    source: str
    diagnosis: str


def case_id(case: Any) -> str:
    """Return the id of a case: the stem of its file without a trailing `_mask`.

    Parameters
    ----------
    case : str or Path
        Of a pair or a list, the first entry counts; of anything that is no path, what `str` makes of it.

    Returns
    -------
    str

    Examples
    --------
    >>> case_id("Shezen_128128/CHNCXR_0317_0_mask.npy")
    'CHNCXR_0317_0'
    >>> case_id(("slides/7.png", "masks/7.png")), case_id(7)
    ('7.png', '7')
    """
    first = case[0] if isinstance(case, tuple | list) and case else case
    path = Path(first if isinstance(first, os.PathLike) else str(first))
    return path.name.removesuffix(".npy").removesuffix("_mask")


def case_group(case: str | Path) -> Group:
    """Return the source and the diagnosis that the id of a case tells.

    The names of the course's sets and of phantoms do: `CHNCXR_0317_0`. All others
    are of the source "other", with a diagnosis that is not known.

    Parameters
    ----------
    case : str or Path

    Returns
    -------
    Group

    Examples
    --------
    >>> case_group("CHNCXR_0317_0")
    Group(source='Shenzhen', diagnosis='normal')
    >>> case_group("holiday_photo")
    Group(source='other', diagnosis='unknown')
    """
    parts = case_id(case).split("_")
    if parts[0] not in SOURCES:  # what a last digit means there, nobody knows
        return Group("other", "unknown")
    return Group(SOURCES[parts[0]], DIAGNOSES.get(parts[-1], "unknown"))


def list_cases(folder: str | Path) -> list[Path]:
    """List the cases of a folder, sorted by case id.

    Sorting matters: a disk lists files in any order, and a split made from an
    unsorted list differs from one computer to the next.

    Parameters
    ----------
    folder : str or Path
        A folder of `.npy` files, or one that holds such a folder, as the course's archives do.

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If the folder does not exist, holds no case, or holds two files for the same case.
    """
    folder = as_folder(folder, "list_cases")
    if not folder.is_dir():
        received = "it is a file" if folder.exists() else "there is no such folder"
        raise InputError(
            f"{folder}: expected a folder of cases (.npy files), but {received}. "
            "Make phantoms with `lungseg phantom`, or prepare images and masks with `lungseg prepare`."
        )
    paths = _visible_cases(folder)
    # Jupyter and macOS leave .ipynb_checkpoints and __MACOSX behind.
    subfolders = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))]
    if not paths and len(subfolders) == 1:
        paths = _visible_cases(subfolders[0])
    if not paths:
        raise InputError(
            f"{folder}: expected cases (.npy files), found none. If it holds images and masks, turn them into "
            "cases with `lungseg prepare` (of anything but lungs with --recipe colour or --recipe grey); if it holds "
            "folders of cases, name one of them."
        )
    paths.sort(key=case_id)
    seen: dict[str, Path] = {}
    for path in paths:
        first = seen.setdefault(name_key(case_id(path)), path)
        if first != path:
            both = " and ".join(told_apart(first.name, path.name))
            raise InputError(f"{folder}: {both} are the same case. Remove one of them.")
    return paths


def _visible_cases(folder: Path) -> list[Path]:
    """Return the cases right in a folder, but no hidden files."""
    return [p for p in folder.glob("*.npy") if not p.name.startswith(".")]


def load_case(path: str | Path, problem: Problem | None = None) -> np.ndarray:
    """Read one case and check that it is one.

    Parameters
    ----------
    path : str or Path
        A `.npy` file.
    problem : Problem, optional
        Its channels and classes; by default those that the folder's `cases.json` names, or else grey and lung.

    Returns
    -------
    ndarray, shape (H, W, C + K), float32
        `[..., :C]` the image in [0, 1], `[..., C:]` the masks in {0, 1}; -1 in all of them is a pixel to be ignored.

    Raises
    ------
    InputError
        If the file cannot be read, is not numeric (a pickle is never loaded), or has another shape; if a value is not
        finite or out of range, a mask is not binary, or two masks overlap that should not.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "PHANTOM_0001_0.npy"
    >>> np.save(path, np.zeros((64, 64, 2)))
    >>> load_case(path).shape
    (64, 64, 2)
    """
    path = as_path(path, "load_case", "a case")
    problem = problem or read_problem(path.parent)
    channels, classes = len(problem.channels), len(problem.classes)
    remedy = "Remove the file, or prepare it again with `lungseg prepare`."
    array = read_array(path, remedy)  # never a pickle
    if array.ndim != 3 or array.shape[-1] != channels + classes or array.size == 0:
        if array.ndim == 3 and array.shape[-1] > 2 and not (path.parent / CASES_FILE).exists():
            remedy = f"Is {CASES_FILE} missing, which names channels and classes? Copy it there. If not: {remedy}"
        raise InputError(
            f"{path}: expected an array of shape (H, W, {channels + classes}). Received: shape {array.shape}. {remedy}"
        )
    if array.dtype.kind not in "fiub":
        raise InputError(f"{path}: expected real numbers. Received: dtype {array.dtype}. {remedy}")
    with np.errstate(over="ignore", invalid="ignore"):  # what single precision cannot hold becomes infinite
        array = array.astype(np.float32, copy=False)
        # A NaN or an infinity makes the sum NaN or infinite: one pass instead of a mask of booleans.
        total = array.sum(dtype=np.float64)
    if not np.isfinite(total):
        raise InputError(f"{path}: holds values that are not finite (NaN or infinity). {remedy}")
    image, masks = array[..., :channels], array[..., channels:]
    low, high = float(image.min()), float(image.max())
    if low < -1e-3 or high > 1 + 1e-3:
        raise InputError(f"{path}: expected an image in [0, 1]. Received: {low:.4g} to {high:.4g}. {remedy}")
    # Without the pixels to be ignored; in a folder that has no `cases.json`, a mask below 0 is a fault.
    known = masks if problem is LUNGS or masks.min() >= 0 else masks[(masks != -1).any(axis=-1)]
    if not np.all((known == 0) | (known == 1)):
        raise InputError(
            f"{path}: expected a mask of 0 and 1 only. Received: {float(masks.min()):.4g} to "
            f"{float(masks.max()):.4g}, {len(np.unique(masks))} different values. {remedy}"
        )
    if problem.softmax and known.sum(axis=-1).max(initial=0) > 1:
        raise InputError(
            f"{path}: expected classes that do not overlap, as {CASES_FILE} says. Received: some do. {remedy}"
        )
    return array


def check_cases(cases: Sequence[str | Path]) -> tuple[int, int]:
    """Check every case of a list, and that all have one shape.

    To do this before training costs seconds; to learn of a bad file in the middle of an epoch costs the epoch.

    Parameters
    ----------
    cases : sequence of paths

    Returns
    -------
    (int, int)
        Height and width that all the cases share.

    Raises
    ------
    InputError
        In one line, every bad file (at most five are spelled out) and why.
    """
    cases = as_paths(cases, "check_cases")
    if len(cases) == 0:
        raise InputError("expected at least one case. Received: an empty list. See `list_cases`.")
    problems, shapes = [], defaultdict(list)
    shown = problem_of(cases)
    for path in cases:
        try:
            shapes[load_case(path, shown).shape[:2]].append(path)
        except InputError as error:
            problems.append(str(error))
    if problems:
        more = f" (and {len(problems) - 5} more files)" if len(problems) > 5 else ""
        raise InputError(" | ".join(problems[:5]) + more)
    if len(shapes) > 1:
        rarest = min(shapes, key=lambda shape: len(shapes[shape]))
        usual = max(shapes, key=lambda shape: len(shapes[shape]))
        raise InputError(
            f"{shapes[rarest][0]}: expected shape {usual} like {len(shapes[usual])} other cases. Received: "
            f"{rarest}. Prepare all of them with the same --size."
        )
    return next(iter(shapes))


def __getattr__(name: str) -> object:
    """Find the names that stood here before `lungseg.splits` was a module of its own."""
    from lungseg._moved import find_name

    return find_name(__name__, name)


def mark_cases(cases: Sequence[str | Path]) -> str:
    """Return a short text that differs if the name or a pixel of any case does, wherever the files lie.

    Parameters
    ----------
    cases : sequence of paths
        In any order.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If a case cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=2, size=32)
    >>> mark_cases(cases) == mark_cases(cases[::-1])
    True
    """
    digest = hashlib.sha256()
    for path in sorted(cases, key=case_id):
        array = load_case(path)
        digest.update(f"{case_id(path)} {array.shape} ".encode("utf-8", "surrogateescape"))
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]
