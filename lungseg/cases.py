"""A folder of cases: listing, loading, integrity, groups and the split.

A case is one file `<name>.npy` that holds a float array of shape (H, W, 2):
`[..., 0]` is the image in [0, 1] and `[..., 1]` the lung mask in {0, 1}.
"""

import csv
import itertools
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lungseg.errors import InputError

SOURCES = {"CHNCXR": "Shenzhen", "MCUCXR": "Montgomery", "PHANTOM": "Phantom"}
DIAGNOSES = {"0": "normal", "1": "tuberculosis"}

# Of 704 cases, 500 train the network, 90 validate it and 114 test it.
VALIDATION_FRACTION = 90 / 704
TEST_FRACTION = 114 / 704


class Group(NamedTuple):
    """Where a radiograph comes from, and what was found on it."""

    source: str
    diagnosis: str


class Split(NamedTuple):
    """Three lists of cases that have none in common."""

    train: list
    validation: list
    test: list


def case_id(case: str | Path) -> str:
    """Return the id of a case: the stem of its file without a trailing `_mask`.

    Examples
    --------
    >>> case_id("Shezen_128128/CHNCXR_0317_0_mask.npy")
    'CHNCXR_0317_0'
    >>> case_id("MCUCXR_0094_0")
    'MCUCXR_0094_0'
    """
    return Path(case).name.removesuffix(".npy").removesuffix("_mask")


def case_group(case: str | Path) -> Group:
    """Return the source and the diagnosis that the id of a case tells.

    Examples
    --------
    >>> case_group("CHNCXR_0317_0")
    Group(source='Shenzhen', diagnosis='normal')
    >>> case_group("holiday_photo")
    Group(source='other', diagnosis='unknown')
    """
    name = case_id(case)
    source = SOURCES.get(name.split("_")[0], "other")
    diagnosis = DIAGNOSES.get(name.rsplit("_", 1)[1], "unknown") if "_" in name else "unknown"
    return Group(source, diagnosis)


def list_cases(folder: str | Path) -> list[Path]:
    """List the cases of a folder, sorted by case id.

    Sorting matters: a disk lists files in any order, and a split made from an
    unsorted list differs from one computer to the next.

    Parameters
    ----------
    folder : str or Path
        A folder of `.npy` files, or one that holds such a folder, as the
        course's archives do.

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If the folder does not exist, holds no case, or holds two files for
        the same case.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder}: expected a folder of cases (.npy files), but there is no such folder. "
            "Make phantoms with `lungseg phantom`, or prepare radiographs with `lungseg prepare`."
        )
    paths = _visible_cases(folder)
    # Jupyter and macOS leave .ipynb_checkpoints and __MACOSX behind.
    subfolders = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))]
    if not paths and len(subfolders) == 1:
        paths = _visible_cases(subfolders[0])
    if not paths:
        raise InputError(
            f"{folder}: expected cases (.npy files), found none. If it holds radiographs, turn them into "
            "cases with `lungseg prepare`; if it holds folders of cases, name one of them."
        )
    paths.sort(key=case_id)
    for first, second in itertools.pairwise(paths):
        if case_id(first) == case_id(second):
            raise InputError(f"{folder}: {first.name} and {second.name} are the same case. Remove one of them.")
    return paths


def _visible_cases(folder: Path) -> list[Path]:
    return [p for p in folder.glob("*.npy") if not p.name.startswith(".")]


def load_case(path: str | Path) -> np.ndarray:
    """Read one case and check that it is one.

    Parameters
    ----------
    path : str or Path
        A `.npy` file.

    Returns
    -------
    ndarray, shape (H, W, 2), float32
        `[..., 0]` the image in [0, 1], `[..., 1]` the mask in {0, 1}.

    Raises
    ------
    InputError
        If the file cannot be read, is not numeric (a pickle is never loaded),
        or has another shape; if a value is not finite or out of range, or the
        mask is not binary.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "PHANTOM_0001_0.npy"
    >>> np.save(path, np.zeros((64, 64, 2)))
    >>> load_case(path).shape
    (64, 64, 2)
    """
    path = Path(path)
    remedy = "Remove the file, or prepare it again with `lungseg prepare`."
    try:
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Was the folder moved? List it again.") from None
    except ValueError as error:
        if "pickle" in str(error).lower():
            raise InputError(
                f"{path}: expected a plain array, but the file holds a pickle (or is not .npy at all), which "
                f"could run any code and is not loaded. {remedy}"
            ) from None
        raise InputError(f"{path}: cannot be read: {_one_line(error)}. {remedy}") from None
    except Exception as error:  # what NumPy raises depends on which bytes of a file are damaged
        raise InputError(f"{path}: cannot be read: {_one_line(error)}. {remedy}") from None

    if isinstance(array, np.lib.npyio.NpzFile):
        array.close()
        raise InputError(f"{path}: expected one array, but the file is an archive of them (.npz). {remedy}")
    if array.ndim != 3 or array.shape[-1] != 2 or array.size == 0:
        raise InputError(f"{path}: expected an array of shape (H, W, 2). Received: shape {array.shape}. {remedy}")
    if array.dtype.kind not in "fiub":
        raise InputError(f"{path}: expected real numbers. Received: dtype {array.dtype}. {remedy}")
    array = array.astype(np.float32, copy=False)
    # A NaN or an infinity makes the sum NaN or infinite: one pass instead of a mask of booleans.
    if not np.isfinite(array.sum(dtype=np.float64)):
        raise InputError(f"{path}: holds values that are not finite (NaN or infinity). {remedy}")
    image, mask = array[..., 0], array[..., 1]
    low, high = float(image.min()), float(image.max())
    if low < -1e-3 or high > 1 + 1e-3:
        raise InputError(f"{path}: expected an image in [0, 1]. Received: {low:.4g} to {high:.4g}. {remedy}")
    if not np.all((mask == 0) | (mask == 1)):
        raise InputError(
            f"{path}: expected a mask of 0 and 1 only. Received: {float(mask.min()):.4g} to "
            f"{float(mask.max()):.4g}, {len(np.unique(mask))} different values. {remedy}"
        )
    return array


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def check_cases(cases: Sequence[str | Path]) -> tuple[int, int]:
    """Check every case of a list, and that all have one shape.

    To do this before training costs seconds; to learn of a bad file in the
    middle of an epoch costs the epoch.

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
    if len(cases) == 0:
        raise InputError("expected at least one case. Received: an empty list. See `list_cases`.")
    problems, shapes = [], defaultdict(list)
    for path in cases:
        try:
            shapes[load_case(path).shape[:2]].append(path)
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


def split_cases(cases: Sequence[str | Path], seed: int = 0, protocol: str = "default") -> Split:
    """Split cases into three parts: train, validation and test.

    The split is stratified: each part has its share of every source and
    diagnosis. It depends on the case ids and the seed, not on the order of
    the list.

    Parameters
    ----------
    cases : sequence of paths or case ids
    seed : int
        Another seed gives another split. The named protocol ignores it.
    protocol : {"default", "gaal2020"}
        "default" splits 704 cases 500 / 90 / 114, other numbers in
        proportion. "gaal2020" is the published split of the Montgomery and
        Shenzhen sets [1]_.

    Returns
    -------
    Split
        `train`, `validation` and `test`: lists of the given items, sorted by
        case id, no two of which share a case.

    Raises
    ------
    InputError
        If there are fewer than three cases, a case comes twice, or the
        protocol is unknown or does not know a case.

    References
    ----------
    .. [1] G. Gaál, B. Maga, A. Lukács, "Attention U-Net based adversarial
       architectures for chest X-ray lung segmentation", arXiv:2003.10304.

    Examples
    --------
    >>> names = [f"PHANTOM_{i:04d}_{i % 2}" for i in range(704)]
    >>> [len(part) for part in split_cases(names)]
    [500, 90, 114]
    """
    items = sorted(cases, key=case_id)
    ids = [case_id(item) for item in items]
    twice = sorted({a for a, b in itertools.pairwise(ids) if a == b})
    if twice:
        raise InputError(f"the case {twice[0]} comes twice in the list: a split would put it on both sides.")
    if protocol == "gaal2020":
        return _split_gaal2020(items, ids)
    if protocol != "default":
        raise InputError(f'unknown split. Expected "default" or "gaal2020". Received: "{protocol}".')
    if len(items) < 3:
        raise InputError(f"a split into train, validation and test needs at least 3 cases. Received: {len(items)}.")

    strata = defaultdict(list)
    for item, name in zip(items, ids, strict=True):
        strata[case_group(name)].append(item)
    # Each case gets its place, between 0 and 1, in its own shuffled stratum. Sorted by that place, the
    # strata are mixed evenly, so any stretch of the line holds each of them in proportion.
    rng = np.random.default_rng(seed)
    places = []
    for group in sorted(strata):
        members = strata[group]
        for rank, k in enumerate(rng.permutation(len(members))):
            places.append(((rank + 0.5) / len(members), group, members[k]))
    places.sort(key=lambda place: place[:2])
    line = [item for _, _, item in places]

    n_test = max(1, round(TEST_FRACTION * len(line)))
    n_validation = max(1, round(VALIDATION_FRACTION * len(line)))
    parts = line[n_test + n_validation :], line[n_test : n_test + n_validation], line[:n_test]
    return Split(*(sorted(part, key=case_id) for part in parts))


def _split_gaal2020(items: list, ids: list[str]) -> Split:
    text = resources.files("lungseg").joinpath("data/gaal2020.csv").read_text(encoding="utf-8")
    part_of = {row["case"]: row["part"] for row in csv.DictReader(text.splitlines())}
    unknown = [name for name in ids if name not in part_of]
    if unknown:
        raise InputError(
            f"the split gaal2020 does not know {len(unknown)} of {len(ids)} cases, {unknown[0]} for one. It is "
            "for the Montgomery and Shenzhen sets only; use the default split for other data."
        )
    split = Split([], [], [])
    for item, name in zip(items, ids, strict=True):
        getattr(split, part_of[name]).append(item)
    empty = [part for part, members in split._asdict().items() if not members]
    if empty:
        raise InputError(f"none of the {len(ids)} cases is in the {empty[0]} part of gaal2020: the set is incomplete.")
    return split


def save_split(split: Split, path: str | Path) -> None:
    """Write a split as JSON: three lists of case ids."""
    parts = {part: [case_id(item) for item in items] for part, items in split._asdict().items()}
    path = Path(path)
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def load_split(path: str | Path, cases: Sequence[str | Path]) -> Split:
    """Read a split that `save_split` wrote, and find its cases again.

    Parameters
    ----------
    path : str or Path
        A `split.json`.
    cases : sequence of paths
        The cases to look in, as `list_cases` gives them.

    Returns
    -------
    Split
        Lists of items of `cases`.

    Raises
    ------
    InputError
        If the file is not a split or a case is missing.
    """
    try:
        parts = json.loads(Path(path).read_text(encoding="utf-8"))
        split = Split(**parts)
        ids = [str(name) for part in split for name in part]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path}: is not a split: {_one_line(error)}. Train again to make one.") from None
    by_id = {case_id(item): item for item in cases}
    missing = [name for name in ids if name not in by_id]
    if missing:
        raise InputError(
            f"{path}: {len(missing)} of its {len(ids)} cases are not in the folder of cases, {missing[0]} for "
            "one. Name the folder that the network was trained on."
        )
    return Split(*([by_id[name] for name in part] for part in split))
