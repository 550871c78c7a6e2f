"""The published split of the Montgomery and Shenzhen sets."""

import csv
from importlib import resources
from typing import Any

from lungseg.cases import case_id
from lungseg.errors import InputError, counted


def split_gaal2020(
    items: list[Any], groups: object = None, folds: object = None
) -> tuple[list[Any], list[Any], list[Any]]:
    """Put each case into the part that the published table names.

    Parameters
    ----------
    items : list of paths or case ids
        Sorted by case id.
    groups, folds
        As `lungseg.splits.split_cases` was given them: the published parts are fixed, and take none.

    Returns
    -------
    tuple of list
        Train, validation and test.

    Raises
    ------
    InputError
        If the table does not know a case, a part is empty, or groups or folds are given.

    Examples
    --------
    >>> split_gaal2020(["CHNCXR_0001_0", "CHNCXR_0002_0", "CHNCXR_0003_0"])
    (['CHNCXR_0001_0'], ['CHNCXR_0002_0'], ['CHNCXR_0003_0'])
    """
    if groups is not None or folds is not None:
        received = "groups" if folds is None else "folds"
        raise InputError(
            f"the parts of the split gaal2020 are fixed. Expected neither groups nor folds. Received: {received}. Use "
            "the default split with them."
        )
    text = resources.files("lungseg").joinpath("data/gaal2020.csv").read_text(encoding="utf-8")
    part_of = {row["case"]: row["part"] for row in csv.DictReader(text.splitlines())}
    ids = [case_id(item) for item in items]
    unknown = [name for name in ids if name not in part_of]
    if unknown:
        raise InputError(
            f"the split gaal2020 does not know {len(unknown)} of {counted(len(ids), 'case')}, {unknown[0]} for "
            "one. It is "
            "for the Montgomery and Shenzhen sets only; use the default split for other data."
        )
    parts: dict[str, list[Any]] = {"train": [], "validation": [], "test": []}
    for item, name in zip(items, ids, strict=True):
        parts[part_of[name]].append(item)
    empty = [part for part, members in parts.items() if not members]
    if empty:
        raise InputError(
            f"none of the {counted(len(ids), 'case')} is in the {empty[0]} part of gaal2020: the set is incomplete."
        )
    return parts["train"], parts["validation"], parts["test"]
