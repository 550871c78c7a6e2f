"""Cases that belong together: who is who, and parts of a set of cases that tear no group apart."""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from lungseg.cases import case_group, case_id
from lungseg.errors import InputError, counted, quote
from lungseg.files import case_key, name_key
from lungseg.files.untrusted import read_table

Groups: TypeAlias = str | os.PathLike[str] | re.Pattern[str] | Mapping[str, object] | Callable[[str], object]
TABLES = (".csv", ".tsv", ".txt")
COLUMNS = ("case", "group")


def groups_of(cases: Sequence[str | Path], groups: Groups) -> list[str]:
    """Return the group of each case, of all films of a patient for example.

    Parameters
    ----------
    cases : sequence of paths or case ids
    groups : path, pattern, mapping or callable
        Who is who:

        - the path of a table (CSV) with the columns `case` and `group`;
        - a pattern of the names (a regular expression): its first group, or all that matches, is the group;
        - a mapping from case id to group;
        - a function that takes a case id and returns the group.

        A text is a table if a file is called so or it ends in .csv, .tsv or .txt, else a pattern.

    Returns
    -------
    list of str
        In the order of the cases.

    Raises
    ------
    InputError
        If a case has no group, the table or the pattern cannot be read, or the table names two groups for a case.

    Examples
    --------
    >>> groups_of(["p07_front", "p07_side", "p11_front"], "p[0-9]+")
    ['p07', 'p07', 'p11']
    >>> groups_of(["a", "b"], {"a": "Jones", "b": "Smith"}.get)
    ['Jones', 'Smith']
    """
    ids = [case_id(case) for case in cases]
    find, what, remedy = _finder(groups)
    found = [find(name) for name in ids]
    without = [name for name, group in zip(ids, found, strict=True) if _is_empty(group)]
    if without:
        raise InputError(
            f"{what}, for each of {counted(len(ids), 'case')}. Received: none for {len(without)}, "
            f"{quote(without[0])} for one. {remedy}"
        )
    # A column of numbers with a gap comes out of pandas as 1.0, which is the patient 1.
    return [str(int(group)) if isinstance(group, float) and group.is_integer() else str(group) for group in found]


def _finder(groups: Groups) -> tuple[Callable[[str], object], str, str]:
    """Return what gives the group of a case id, what is expected of it, and what to do if it gives none."""
    if isinstance(groups, Mapping):
        table = {case_key(case_id(name)): group for name, group in groups.items()}
        return lambda name: table.get(case_key(name)), "groups: expected a group", "Add what is missing."
    if isinstance(groups, os.PathLike) or (isinstance(groups, str) and _is_table(groups)):
        rows = _read_groups(Path(groups))
        return lambda name: rows.get(case_key(name)), f"{groups}: expected a group", "Add a row for each case."
    if isinstance(groups, str | re.Pattern):
        pattern = _compile(groups) if isinstance(groups, str) else groups
        return (
            lambda name: (found := pattern.search(name_key(name))) and found[min(1, pattern.groups)],
            f"groups: expected the pattern {quote(pattern.pattern)} in the name",
            'A pattern is a regular expression, such as "^[^_]+" for all up to the first underscore; '
            "a table is a file that ends in .csv.",
        )
    if callable(groups):
        return groups, "groups: expected of the function a group", "Return one for each case id."
    raise InputError(
        "groups: expected the path of a table (CSV), a pattern, a dict of case ids, or a function of a case id. "
        f"Received: {quote(groups)}, a {type(groups).__name__}. Give one of these."
    )


def _is_table(text: str) -> bool:
    return text.lower().endswith(TABLES) or os.path.isfile(text)


def _is_empty(group: object) -> bool:
    """Whether a group is none: None, an empty cell, or the NaN that pandas has for one."""
    return group is None or group != group or str(group).strip() == ""


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise InputError(
            f"groups: expected a table (CSV) or a pattern of the names. Received: {quote(pattern)}, which is no file, "
            f"and as a pattern: {error.msg}. Name the file, or correct the pattern."
        ) from None


def _read_groups(path: Path) -> dict[str, str]:
    """Return the group of each case of a table, by the key of the case."""
    table: dict[str, str] = {}
    for row in read_table(path, COLUMNS, "Give it a row for each case, under the names case and group."):
        group = row["group"].strip()
        if table.setdefault(case_key(case_id(row["case"].strip())), group) != group:
            raise InputError(f"{path}: expected one group for {quote(row['case'])}. Received: two. Correct the table.")
    return table


def mark_groups(cases: Sequence[str | Path], groups: Groups) -> str:
    """Return a short text that differs if other cases belong together, whatever the groups are called.

    Parameters
    ----------
    cases : sequence of paths or case ids
        In any order.
    groups
        See `groups_of`.

    Returns
    -------
    str

    Examples
    --------
    >>> mark_groups(["a", "b", "c"], {"a": 1, "b": 1, "c": 2}) == mark_groups(["c", "b", "a"], {"a": 7, "b": 7, "c": 5})
    True
    """
    members = defaultdict(list)
    for case, group in zip(cases, groups_of(cases, groups), strict=True):
        members[group].append(case_key(case_id(case)))
    together = sorted(sorted(names) for names in members.values())
    digest = hashlib.sha256(repr(together).encode("utf-8", "backslashreplace")).hexdigest()
    return f"{counted(len(members), 'group')}, {digest[:16]}"


def check_whole(parts: Mapping[str, Sequence[str | Path]], groups: Groups) -> None:
    """Refuse parts that tear a group apart.

    Parameters
    ----------
    parts : mapping from str to sequence of paths or case ids
        By the name of the part.
    groups
        See `groups_of`.

    Raises
    ------
    InputError
        If cases of one group are in two parts.

    Examples
    --------
    >>> check_whole({"train": ["p1_a", "p1_b"], "test": ["p2_a"]}, "p.")
    """
    place: dict[str, str] = {}
    for part, cases in parts.items():
        for case, group in zip(cases, groups_of(cases, groups), strict=True):
            other = place.setdefault(group, part)
            if other != part:
                raise InputError(
                    f"groups: expected each group in one part of the split. Received: {quote(group)} in {other} and, "
                    f"by the case {case_id(case)}, in {part}. Split by groups, or name the groups that this split has."
                )


def divide(
    cases: Sequence[str | Path], groups: Sequence[str], shares: Sequence[float], rng: np.random.Generator, words: str
) -> list[list[Any]]:
    """Divide cases into parts of about the given shares, stratified by source and diagnosis; groups stay whole.

    Large groups are placed first, those of about one size in random order. Each goes where it brings the numbers of
    cases nearer to what they should be: in all, and of each source and diagnosis.

    Parameters
    ----------
    cases : sequence of paths or case ids
        Sorted, so that the parts do not depend on the order of a list.
    groups : sequence of str
        The group of each case.
    shares : sequence of float
        Of each part; they add up to 1.
    rng : numpy.random.Generator
    words : str
        What the parts are, with which the message begins if there are too few groups.

    Returns
    -------
    list of list
        For each part its cases, sorted by case id. None is empty.

    Raises
    ------
    InputError
        If there are fewer groups than parts.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> divide(["a1", "a2", "b1", "c1"], ["a", "a", "b", "c"], [0.5, 0.5], rng, "halves")
    [['a1', 'a2'], ['b1', 'c1']]
    """
    members: dict[str, list[Any]] = defaultdict(list)
    for case, group in zip(cases, groups, strict=True):
        members[group].append(case)
    if len(members) < len(shares):
        raise InputError(
            f"{words}: expected at least {len(shares)} groups, as each stays whole. Received: {len(members)}, of "
            f"{counted(len(cases), 'case')}. Ask for fewer parts, or give more cases or smaller groups."
        )
    lists = list(members.values())
    strata = sorted({case_group(case) for case in cases})
    counts = np.zeros((len(lists), len(strata) + 1))  # of each group: its cases by stratum, and all
    for row, together in zip(counts, lists, strict=True):
        for case in together:
            row[strata.index(case_group(case))] += 1
    counts[:, -1] = counts.sum(axis=1)

    wanted = np.outer(shares, counts.sum(axis=0))  # (parts, strata + 1)
    placed = np.zeros_like(wanted)
    parts: list[list[Any]] = [[] for _ in shares]
    order = sorted(rng.permutation(len(lists)), key=lambda number: -len(lists[number]).bit_length())
    for left, number in zip(range(len(order), 0, -1), order, strict=True):
        gain = ((placed + counts[number] - wanted) ** 2 - (placed - wanted) ** 2) / wanted
        cost = gain.sum(axis=1)
        filled = np.array([bool(part) for part in parts])
        if left <= (~filled).sum():  # the last ones are for the parts that have none yet
            cost[filled] = np.inf
        best = int(cost.argmin())
        placed[best] += counts[number]
        parts[best] += lists[number]
    return [sorted(part, key=case_id) for part in parts]


def divide_into_folds(
    cases: Sequence[str | Path], groups: Sequence[str], folds: int, validation: float, rng: np.random.Generator
) -> list[tuple[list[Any], list[Any], list[Any]]]:
    """Return train, validation and test of each fold of a cross-validation: each case is tested once.

    Parameters
    ----------
    cases, groups, rng
        See `divide`.
    folds : int
        How many, from 2 upwards.
    validation : float
        The share of what is not tested that validates.

    Returns
    -------
    list of tuple of list

    Raises
    ------
    InputError
        If there are too few groups, or `folds` is no whole number from 2 upwards.
    """
    try:
        known = folds == int(folds) and folds >= 2 and not isinstance(folds, bool)
    except (TypeError, ValueError, OverflowError):
        known = False
    if not known:
        raise InputError(f"folds: expected a whole number from 2 upwards. Received: {folds!r}. Try 5.")
    group_of = dict(zip(map(case_id, cases), groups, strict=True))
    found = []
    for number, test in enumerate(divide(cases, groups, [1 / folds] * int(folds), rng, f"{folds} folds"), start=1):
        tested = set(map(case_id, test))
        rest = [case for case in cases if case_id(case) not in tested]
        words = f"what fold {number} of {folds} leaves for train and validation"
        whose = [group_of[case_id(case)] for case in rest]
        train, validating = divide(rest, whose, [1 - validation, validation], rng, words)
        found.append((train, validating, test))
    return found
