"""Paths as they are given to a function: one of them, or any list, tuple or generator of texts and Paths."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lungseg.arguments import described
from lungseg.errors import InputError


def as_items(cases: Iterable[Any], asked_by: str) -> list[Any]:
    """Return a list of cases of any kind, and refuse what is none.

    Parameters
    ----------
    cases : iterable
        A list, a tuple, a generator, a column of a table.
    asked_by : str
        The name of the function, with which the message begins.

    Returns
    -------
    list
        As they were given.

    Raises
    ------
    InputError
        If it is one path, a split of three parts, or something else.

    Examples
    --------
    >>> as_items(range(3), "train")
    [0, 1, 2]
    >>> as_items("cases", "split_cases")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: split_cases expected a list of cases. Received: 'cases'. Use `list_cases`.
    """
    if isinstance(cases, str | os.PathLike):
        raise InputError(f"{asked_by} expected a list of cases. Received: {str(cases)!r}. Use `list_cases`.")
    no_list = isinstance(cases, bytes | Mapping) or getattr(cases, "ndim", 1) != 1 or hasattr(cases, "on_epoch_end")
    if no_list or not isinstance(cases, Iterable):  # images, a table, a generator of batches
        raise InputError(
            f"{asked_by} expected a list of the paths of cases. Received: {described(cases)}. `list_cases(folder)` "
            "makes one."
        )
    if isinstance(cases, tuple) and hasattr(cases, "validation"):
        raise InputError(
            f"{asked_by} expected a list of the paths of cases. Received: a split of three parts. Give it one of "
            "them, `split.train` for example."
        )
    return list(cases)


def as_paths(cases: Iterable[str | Path], asked_by: str) -> list[str | Path]:
    """Return a list of the paths of cases, and refuse all else that people give in its place.

    Parameters
    ----------
    cases : iterable of str or Path
        A list, a tuple, a generator, a column of a table.
    asked_by : str
        The name of the function, with which the message begins.

    Returns
    -------
    list of str or Path
        As they were given.

    Raises
    ------
    InputError
        As `as_items` does, and if one of them is no path.

    Examples
    --------
    >>> as_paths(("a.npy", Path("b.npy")), "train")[0]
    'a.npy'
    """
    paths = as_items(cases, asked_by)
    others = [item for item in paths if not isinstance(item, str | os.PathLike)]
    if others:
        raise InputError(
            f"{asked_by} expected a list of the paths of cases. Received: one with {described(others[0])} in "
            "it. Give it one part of a split, `split.train` for example, or what `list_cases(folder)` returns."
        )
    return paths


def as_path(path: str | os.PathLike[str], asked_by: str, what: str) -> Path:
    """Return a path, and refuse all else.

    Parameters
    ----------
    path : str or path
    asked_by, what : str
        The name of the function, and what kind of file it expects, for the message.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If it is no path.

    Examples
    --------
    >>> as_path("a.npy", "load_case", "a case").suffix
    '.npy'
    >>> as_path(["a.npy"], "load_case", "a case")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: load_case expected the path of a case. Received: ['a.npy']. Give one path.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"{asked_by} expected the path of {what}. Received: {described(path)}. Give one path.")
    return Path(path)
