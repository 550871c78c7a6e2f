"""What the name of a case tells: its id, its source and the diagnosis."""

from pathlib import Path
from typing import NamedTuple

SOURCES = {"CHNCXR": "Shenzhen", "MCUCXR": "Montgomery", "PHANTOM": "Phantom"}
DIAGNOSES = {"0": "normal", "1": "tuberculosis"}


class Group(NamedTuple):
    """Where a radiograph comes from, and what was found on it."""

    source: str
    diagnosis: str


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

    The names of the course's sets and of phantoms do: `CHNCXR_0317_0`. All others
    are of the source "other", with a diagnosis that is not known.

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
