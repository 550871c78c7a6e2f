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
