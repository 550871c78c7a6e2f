"""The split of cases into train, validation and test; and sources of unequal size, balanced."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np

from lungseg.arguments import whole_number
from lungseg.cases import case_group, case_id
from lungseg.errors import InputError, counted, quote
from lungseg.files import as_items, case_key, name_key, told_apart, write_text
from lungseg.files.untrusted.run_files import read_split
from lungseg.grouping import Groups, divide, divide_into_folds, groups_of
from lungseg.protocols import split_gaal2020

# Of 704 cases, 500 train the network, 90 validate it and 114 test it.
VALIDATION_FRACTION = 90 / 704
TEST_FRACTION = 114 / 704


class Split(NamedTuple):
    """Three lists of cases that have none in common."""

    train: list[Any]
    validation: list[Any]
    test: list[Any]


@overload
def split_cases(
    cases: Iterable[Any], seed: int = 0, protocol: str = "default", *, groups: Groups | None = None
) -> Split: ...
@overload
def split_cases(
    cases: Iterable[Any], seed: int = 0, protocol: str = "default", *, groups: Groups | None = None, folds: int
) -> list[Split]: ...
def split_cases(
    cases: Iterable[Any],
    seed: int = 0,
    protocol: str = "default",
    *,
    groups: Groups | None = None,
    folds: int | None = None,
) -> Split | list[Split]:
    """Split cases into three parts: train, validation and test.

    The split is stratified: each part has its share of every source and diagnosis. It depends on the case ids and
    the seed, not on the order of the list. Names do not tell patients: of somebody with several radiographs it may put
    one into the training and another into the test, whose score is then too good, unless `groups` tells who is who.

    Parameters
    ----------
    cases : sequence of paths or case ids
    seed : int
        From 0 upwards. Another seed gives another split. The named protocol ignores it.
    protocol : {"default", "gaal2020"}
        "default" splits 704 cases 500 / 90 / 114, other numbers in proportion. "gaal2020" is the published split of
        the Montgomery and Shenzhen sets [1]_.
    groups : path, pattern, mapping or callable, optional
        Cases that stay together, those of a patient: a table (CSV) with the columns case and group; a regular
        expression that finds the group in the name; a mapping or a function from case id to group.
    folds : int, optional
        So many splits for a cross-validation, from 2 upwards: each case is in the test part of one of them.

    Returns
    -------
    Split, or list of Split if `folds` is given
        `train`, `validation` and `test`: lists of the given items, sorted by
        case id, no two of which share a case.

    Raises
    ------
    InputError
        If `cases` is a folder and no list, there are fewer than three cases, a case comes twice or has no group, there
        are too few groups, the seed is below 0, or the protocol is unknown, does not know a case or has its own groups.

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
    items = sorted(as_items(cases, "split_cases"), key=case_id)
    ids = [case_id(item) for item in items]
    twice = sorted(name for name, count in Counter(map(name_key, ids)).items() if count > 1)
    if twice:
        raise InputError(f"the case {twice[0]} comes twice in the list: a split would put it on both sides.")
    if protocol == "gaal2020":
        return Split(*split_gaal2020(items, groups, folds))
    if protocol != "default":
        raise InputError(f'unknown split. Expected "default" or "gaal2020". Received: "{protocol}".')
    if len(items) < 3:
        raise InputError(f"a split into train, validation and test needs at least 3 cases. Received: {len(items)}.")
    rng = np.random.default_rng(whole_number(seed, "split_cases", "seed", least=0))
    whose = ids if groups is None else groups_of(items, groups)
    if folds is not None:
        validation = VALIDATION_FRACTION / (1 - TEST_FRACTION)  # of what is not tested
        return [Split(*parts) for parts in divide_into_folds(items, whose, folds, validation, rng)]
    if len(set(whose)) < len(items):  # some belong together
        shares = (1 - VALIDATION_FRACTION - TEST_FRACTION, VALIDATION_FRACTION, TEST_FRACTION)
        return Split(*divide(items, whose, shares, rng, "a split into train, validation and test"))

    strata = defaultdict(list)
    for item, name in zip(items, ids, strict=True):
        strata[case_group(name)].append(item)
    # Each case gets its place, between 0 and 1, in its own shuffled stratum. Sorted by that place, the
    # strata are mixed evenly, so any stretch of the line holds each of them in proportion.
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


def save_split(split: Split, path: str | Path) -> None:
    """Write a split as JSON, three lists of case ids, whole or not at all.

    Parameters
    ----------
    split : Split
    path : str or Path
    """
    parts = {part: [case_id(item) for item in items] for part, items in split._asdict().items()}
    write_text(path, json.dumps(parts, indent=1) + "\n")


def load_split(path: str | Path, cases: Iterable[str | Path]) -> Split:
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
    parts = read_split(Path(path))
    ids = [name for names in parts.values() for name in names]
    wanted = set(ids)
    by_id: dict[str, Any] = {}
    for item in cases:
        name = case_key(case_id(item))
        if name in by_id and name in wanted:
            both = " and ".join(told_apart(str(by_id[name]), str(item)))
            raise InputError(
                f"{path}: the case {name} was found twice, {both}, and the split cannot tell them apart. Name the "
                "folder that the network was trained on."
            )
        by_id[name] = item
    missing = [name for name in ids if name not in by_id]
    if missing:
        raise InputError(
            f"{path}: {len(missing)} of its {counted(len(ids), 'case')} cannot be found in the folder of cases, "
            f"{quote(missing[0])[1:-1]} for one. Name the folder that the network was trained on."
        )
    return Split(*([by_id[name] for name in names] for names in parts.values()))


def balance_sources(cases: Iterable[Any]) -> list[Any]:
    """Repeat the cases of small sources, so that an epoch shows about as many cases of each.

    Hospitals draw masks in ways of their own. Of two sets, the network learns the way of the larger one, unless the
    smaller one is seen more often. The source is what `lungseg.cases.case_group` reads from the name: Montgomery,
    Shenzhen, Phantom; all other cases together are one source.

    Parameters
    ----------
    cases : sequence of paths or case ids
        Of the training part only.

    Returns
    -------
    list
        Each case as often as its source goes into the largest one, rounded.

    Examples
    --------
    >>> balance_sources(["CHNCXR_0001_0", "CHNCXR_0002_0", "MCUCXR_0001_0"])
    ['CHNCXR_0001_0', 'CHNCXR_0002_0', 'MCUCXR_0001_0', 'MCUCXR_0001_0']
    """
    cases = as_items(cases, "balance_sources")
    counts = Counter(case_group(case).source for case in cases)
    largest = max(counts.values(), default=0)
    return [case for case in cases for _ in range(round(largest / counts[case_group(case).source]))]
