"""Reads attributes of a DICOM file as lenient as a viewer does: what is no number is none, and refuses no file.

pydicom converts a value when it is asked for, by the letter of the standard, and raises where the value breaks it.
Here the value is read as it lies in the file, so that a decimal comma, a unit, blanks, or a type of value that does
not belong to the attribute stand in nobody's way.
"""

from __future__ import annotations

import math
import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset
    from pydicom.dataelem import RawDataElement

BINARY = {
    "US": "H",
    "SS": "h",
    "UL": "I",
    "SL": "i",
    "UV": "Q",
    "SV": "q",
    "FL": "f",
    "FD": "d",
}  # as `struct` has them
FUNCTIONAL_GROUPS = ("PixelValueTransformationSequence", "FrameVOILUTSequence", "PixelMeasuresSequence")
BLANKS = " \0\t\r\n\"'"
NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?:mm|HU)?", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d*")  # 1.000,5 and 1,000.5


def numbers(dataset: Dataset, name: str) -> list[float | None]:
    """Return the values of an attribute as numbers.

    Parameters
    ----------
    dataset : pydicom.Dataset
    name : str
        The attribute's keyword, such as "PixelSpacing".

    Returns
    -------
    list of float or None
        None where a value is no finite number; an empty list if the file lacks the attribute.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> dataset = Dataset()
    >>> dataset.add_new("WindowCenter", "LO", ["1000,5", " 40 HU", "wide"])
    >>> numbers(dataset, "WindowCenter")
    [1000.5, 40.0, None]
    """
    element = dataset.get_item(name)
    value = None if element is None else element.value
    if element is None or value is None:
        return []
    if isinstance(value, bytes):
        code = BINARY.get(_representation(element))
        if code:
            order = "<" if getattr(element, "is_little_endian", True) else ">"
            count = len(value) // struct.calcsize(code)
            return [_finite(v) for v in struct.unpack_from(f"{order}{count}{code}", value)]
    elif not isinstance(value, str):
        several = value if _is_list(value) else [value]
        return [as_number(v) if isinstance(v, str) else _finite(v) for v in several]
    return [as_number(text) for text in _split(value)]


def number(dataset: Dataset, name: str) -> float | None:
    """Return the first value of an attribute, see `numbers`; None if there is none.

    Parameters
    ----------
    dataset : pydicom.Dataset
    name : str

    Returns
    -------
    float or None
    """
    return next(iter(numbers(dataset, name)), None)


def texts(dataset: Dataset, name: str) -> list[str]:
    """Return the values of an attribute of coded text: in capitals, without the blanks around them.

    Parameters
    ----------
    dataset : pydicom.Dataset
    name : str

    Returns
    -------
    list of str
        Empty if the file lacks the attribute.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> dataset = Dataset()
    >>> dataset.add_new("PatientOrientation", "LO", ["l", "F "])
    >>> texts(dataset, "PatientOrientation")
    ['L', 'F']
    """
    element = dataset.get_item(name)
    value = None if element is None else element.value
    if value is None:
        return []
    if not isinstance(value, bytes | str):
        return [str(v).strip(BLANKS).upper() for v in (value if _is_list(value) else [value])]
    return [part.upper() for part in _split(value)]


def text(dataset: Dataset, name: str) -> str:
    """Return the first value of an attribute of coded text, see `texts`; an empty string if there is none.

    Parameters
    ----------
    dataset : pydicom.Dataset
    name : str

    Returns
    -------
    str
    """
    return next(iter(texts(dataset, name)), "")


def items(dataset: Dataset, name: str) -> list[Dataset]:
    """Return the items of a sequence; none if the file lacks it, or holds something else in its place.

    Parameters
    ----------
    dataset : pydicom.Dataset
    name : str

    Returns
    -------
    list of pydicom.Dataset
    """
    from pydicom import Dataset

    try:
        value = dataset.get(name)
    except Exception:  # of a broken value, pydicom raises whatever it likes
        return []
    return [item for item in value if isinstance(item, Dataset)] if _is_list(value) else []


def lift_functional_groups(dataset: Dataset) -> None:
    """Put attributes of the one frame of an "enhanced" image where other images have them: at the top.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Changed in place; what stands at the top stays.

    Examples
    --------
    >>> from pydicom import Dataset, Sequence
    >>> window, group, dataset = Dataset(), Dataset(), Dataset()
    >>> window.WindowWidth, group.FrameVOILUTSequence = 400, Sequence([window])
    >>> dataset.SharedFunctionalGroupsSequence = Sequence([group])
    >>> lift_functional_groups(dataset)
    >>> numbers(dataset, "WindowWidth")
    [400.0]
    """
    for groups in ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"):
        for group in items(dataset, groups)[:1]:
            for name in FUNCTIONAL_GROUPS:
                for item in items(group, name)[:1]:
                    for tag in item.keys() - dataset.keys():
                        dataset[tag] = item.get_item(tag)


def as_number(text: str) -> float | None:
    """Return the finite number that a text stands for, perhaps with a decimal comma or a unit; else None.

    Parameters
    ----------
    text : str

    Returns
    -------
    float or None

    Examples
    --------
    >>> [as_number(text) for text in ("1000,5", "1.000,5", ".5 mm", "1e400", "nan", "1A")]
    [1000.5, 1000.5, 0.5, None, None, None]
    """
    text = text.strip(BLANKS)
    if thousands := THOUSANDS.fullmatch(text):
        text = text.replace(thousands[1], "")
    found = NUMBER.fullmatch(text.replace(",", "."))
    return _finite(found[1]) if found else None


def _split(value: bytes | str) -> list[str]:
    """Split a text at its backslashes, or at the commas of a list as Python prints it."""
    whole = value.decode("latin-1") if isinstance(value, bytes) else value
    whole = whole.strip(BLANKS)
    listed = whole[:1] in ("[", "(") and whole[-1:] in ("]", ")")
    parts = whole[1:-1].split(",") if listed else whole.split("\\")
    return [part.strip(BLANKS) for part in parts] if whole else []


def _representation(element: DataElement | RawDataElement) -> str:
    """Return the type of a value: what the file says, or what the standard says where the file does not."""
    from pydicom.datadict import dictionary_VR

    named = element.VR
    if named in (None, "UN", "OB", "OW"):
        named = dictionary_VR(element.tag)
    return named.partition(" ")[0]  # "US or SS"


def _is_list(value: object) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, bytes | str)


def _finite(value: object) -> float | None:
    """Return a value as a finite float; None if it is none."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
