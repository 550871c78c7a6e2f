"""What is odd about the cases of a folder: columns of the manifest, and what a report says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from lungseg.cases import load_case
from lungseg.errors import InputError
from lungseg.masks.drawn import doubt_image, doubt_mask

NONE_HAS = "none of the masks has"
BETWEEN = "; "  # two reasons in a cell of the manifest


def doubt_columns(doubts: Iterable[str]) -> dict[str, str]:
    """Return the columns that hold the doubts about a case.

    Parameters
    ----------
    doubts : iterable of str

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> doubt_columns([]), doubt_columns(["the lungs are very small"])
    ({'plausible': 'yes', 'reasons': ''}, {'plausible': 'no', 'reasons': 'the lungs are very small'})
    """
    reasons = BETWEEN.join(doubts)
    return {"plausible": "no" if reasons else "yes", "reasons": reasons}


def doubts_of(row: Mapping[str, str]) -> list[str]:
    """Return the doubts that a row of the manifest holds.

    Parameters
    ----------
    row : mapping of str to str

    Returns
    -------
    list of str

    Examples
    --------
    >>> doubts_of({"reasons": "the lungs are very small; there are holes in the lungs"})
    ['the lungs are very small', 'there are holes in the lungs']
    """
    return (row.get("reasons") or "").split(BETWEEN) if row.get("reasons") else []


def judge_again(row: dict[str, str], case: Path) -> None:
    """Add to a row of an older manifest, which says nothing of doubts, those about the case itself.

    Parameters
    ----------
    row : dict
    case : Path
        The file of the case.
    """
    if row.get("plausible"):
        return
    try:
        image, mask = np.moveaxis(load_case(case), -1, 0)
    except InputError as fault:
        row |= doubt_columns([str(fault).removeprefix(f"{case}: ")])
        return
    row |= doubt_columns([*doubt_mask(mask), *doubt_image(image, mask > 0.5)])


def collect_doubts(rows: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return each reason for doubt with the names of the images, those of the most images first.

    Parameters
    ----------
    rows : iterable of mappings
        Of the manifest.

    Returns
    -------
    dict of str to list of str

    Examples
    --------
    >>> rows = [{"image": "images/a.png", "reasons": "small"}, {"image": "images/b.png", "reasons": "small; high"}]
    >>> collect_doubts(rows)
    {'small': ['a.png', 'b.png'], 'high': ['b.png']}
    """
    rows = list(rows)
    counts = Counter(row["image"].rpartition("/")[2] for row in rows)
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        name = row["image"].rpartition("/")[2]
        for reason in doubts_of(row):
            found[reason].append(name if counts[name] == 1 else row["image"])  # one name in several folders
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def absent_values(lung_values: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return a line on the lung values that none of the masks has.

    Parameters
    ----------
    lung_values : tuple of str
    rows : iterable of mappings
        Of the manifest.

    Returns
    -------
    list of str
        Of one line or none.

    Examples
    --------
    >>> absent_values(("150", "201"), [{"absent": "201"}, {"absent": "150,201"}])
    ['none of the masks has the lung value 201']
    """
    lacking = [set((row.get("absent") or "").split(",")) for row in rows]
    nowhere = [value for value in lung_values if lacking and all(value in some for some in lacking)]
    return [f"{NONE_HAS} the lung value {' or '.join(nowhere)}"] if nowhere else []
