"""The cases of a training: files, or items of any kind that a function of the user's own makes images and masks of."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lungseg.cases import case_id, check_cases, list_cases, mark_cases
from lungseg.errors import InputError
from lungseg.files import as_items, as_paths, check_name
from lungseg.grouping import Groups
from lungseg.loading import Load, load_pair
from lungseg.problems import LUNGS, Problem, describe_problem, problem_of
from lungseg.splits import Split
from lungseg.training.parts import choose_split


class Examples(NamedTuple):
    """The cases of a training, looked at.

    Attributes
    ----------
    parts : Split
    problem : Problem
        Their channels and classes.
    load : callable or None
        What makes image and mask of an item; None for files of cases.
    size : (int, int)
        Height and width that all of them share.
    fingerprint : dict of str to str
        For each part a short text that differs if the name or a pixel of any case does.
    absent : tuple of str
        The classes that no training case has.
    """

    parts: Split
    problem: Problem
    load: Load | None
    size: tuple[int, int]
    fingerprint: dict[str, str]
    absent: tuple[str, ...] = ()


def settle_split(
    cases: str | Path | Sequence[Any],
    split: str | Split = "default",
    seed: int = 0,
    load: Load | None = None,
    groups: Groups | None = None,
) -> Split:
    """Return the three parts; refuse parts that are empty or share a case, which the split tells by its name.

    Parameters
    ----------
    cases, split, seed, load, groups
        See `lungseg.train`.

    Returns
    -------
    Split

    Raises
    ------
    InputError
        If a part is empty, a name comes twice, or is none that a file can hold.
    """
    as_list = as_paths if load is None else as_items
    items = list_cases(cases) if isinstance(cases, str | Path) else as_list(cases, "train")
    parts = choose_split(items, seed, split, groups)
    seen: dict[str, str] = {}
    for part, members in parts._asdict().items():
        if part != "test" and not members:
            raise InputError(f"The {part} part of the split is empty. Expected at least one case in it.")
        for item in members:
            name = case_id(item)
            if load is not None:
                check_name(name, "cases")  # the split is kept by names
            if name in seen:
                raise InputError(
                    f"{item}: the case {name} is in the {seen[name]} part of the split already. Expected each name "
                    "once, also of files from several folders. Rename it, or take it out of one part."
                )
            seen[name] = part
    return parts


def settle_problem(parts: Split, load: Load | None = None, problem: Problem | None = None) -> Problem:
    """Return the channels and classes of the cases.

    Parameters
    ----------
    parts : Split
    load, problem
        See `lungseg.train`.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If there is a function that loads, and no problem; or `cases.json` names another one.
    """
    if problem is not None and not isinstance(problem, Problem):
        raise InputError(f"problem: expected a lungseg.problems.Problem. Received: {problem!r}.")
    if load is not None:
        if not callable(load):
            raise InputError(f"load: expected a function that returns an image and its mask. Received: {load!r}.")
        if problem is None:
            raise InputError(
                "problem: expected the channels and classes of what load returns. Received: none. Give "
                'problem=Problem(channels=("red", "green", "blue"), classes=("nucleus",)), for example.'
            )
        return problem
    found = problem_of([path for part in parts for path in part])
    if problem is None:
        return found
    if found not in (LUNGS, problem):
        raise InputError(
            f"problem: expected that of cases.json, {describe_problem(found)}. Received: {describe_problem(problem)}. "
            "Leave it out, or mend the file."
        )
    return problem


def look_at_examples(parts: Split, load: Load | None = None, problem: Problem | None = None) -> Examples:
    """Read every case once, check it, and that all have one size: to learn of a bad one in an epoch costs the epoch.

    Parameters
    ----------
    parts : Split
    load, problem
        See `lungseg.train`.

    Returns
    -------
    Examples

    Raises
    ------
    InputError
        If a case cannot be used, or has another size than the others.
    """
    settled = settle_problem(parts, load, problem)
    if load is None and problem is None:
        size = check_cases([path for part in parts for path in part])
        marks = {part: mark_cases(paths) for part, paths in parts._asdict().items()}
        return Examples(
            parts, settled, None, size, marks, _absent(settled, (load_pair(path, settled)[1] for path in parts.train))
        )
    sizes: dict[tuple[int, int], Any] = {}
    marks = {}
    absent = set(settled.classes)
    for part, items in parts._asdict().items():
        digest = hashlib.sha256()
        for item in sorted(items, key=case_id):
            pair = np.concatenate(load_pair(item, settled, load), axis=-1)  # (H, W, C + K)
            sizes.setdefault((pair.shape[0], pair.shape[1]), item)
            digest.update(f"{case_id(item)} {pair.shape} ".encode("utf-8", "surrogateescape"))
            digest.update(pair.tobytes())
            if part == "train" and absent:
                absent &= set(_absent(settled, [pair[..., len(settled.channels) :]]))
        marks[part] = digest.hexdigest()[:16]
    if len(sizes) > 1:
        (size, first), (other, second) = list(sizes.items())[:2]
        raise InputError(
            f"{case_id(second)}: expected an image of {size[0]} x {size[1]} pixels like {case_id(first)}. Received: "
            f"{other[0]} x {other[1]}. Resize all of them to one size."
        )
    return Examples(parts, settled, load, next(iter(sizes)), marks, tuple(c for c in settled.classes if c in absent))


def _absent(problem: Problem, several: Iterable[np.ndarray]) -> tuple[str, ...]:
    """Return the classes that no mask (H, W, K) has; none is read any more when all classes were seen."""
    absent = dict(enumerate(problem.classes))
    for masks in several:
        absent = {place: name for place, name in absent.items() if not (masks[..., place] > 0).any()}
        if not absent:
            break
    return tuple(absent.values())


def any_ignored(examples: Examples) -> bool:
    """Tell whether a pixel of any case is to be ignored.

    Parameters
    ----------
    examples : Examples

    Returns
    -------
    bool
    """
    items = (item for part in examples.parts for item in part)
    return any(load_pair(item, examples.problem, examples.load)[1].min() < 0 for item in items)


def folders_of(examples: Examples) -> set[Path]:
    """Return the folders of files of cases; of items that a function loads, none is known.

    Parameters
    ----------
    examples : Examples

    Returns
    -------
    set of Path
    """
    if examples.load is not None:
        return set()
    return {Path(path).parent.resolve() for part in examples.parts for path in part}
