"""What a DICOM file says beside its pixels: their size, where the patient lies, and what is to be doubted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lungseg.radiographs.dicom.attributes import items, number, numbers, text, texts
from lungseg.radiographs.dicom.tables import little_endian, read_table

if TYPE_CHECKING:
    from pydicom import Dataset

LATERAL = {"LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT"}  # of ViewPosition, and words of the name of a view
OBLIQUE = {"RLO", "LLO", "LAO", "RAO", "LPO", "RPO", "OBL", "OBLIQUE"}
LYING = {"RLD", "LLD", "DECUBITUS"}
OTHER_MODALITIES = {
    *("BMD", "CT", "ECG", "ES", "GM", "IO", "IVUS", "MG", "MR", "NM", "OCT", "OP", "OPT", "PT", "PX", "RTDOSE", "SM"),
    *("US", "XC"),
}

SIDE = "the file says that this is a lateral view"
SLANTED = "the file says that this is an oblique view"
ON_A_SIDE = "the file says that the patient lay on a side"
VIEWERS_DIFFER = "the file says two things about black and white, viewers differ: is it a negative?"
UNSAID = "the file does not say whether 0 is black: is it a negative?"


def spacing(dataset: Dataset) -> tuple[tuple[float, float] | None, str | None]:
    """Return height and width of a pixel in mm, and where they are from.

    ImagerPixelSpacing is measured on the detector, where the shadow is larger than the body; it is divided by the
    magnification, if the file tells it. A PixelSpacing that equals it was not corrected either (PS3.3, 10.7.1.1).

    Parameters
    ----------
    dataset : pydicom.Dataset

    Returns
    -------
    size : (float, float) or None
    name : str or None
        The attribute that it is from.
    """
    names = ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"]
    if numbers(dataset, "ImagerPixelSpacing") and numbers(dataset, names[0]) == numbers(dataset, names[1]):
        names.remove("PixelSpacing")
    for name in names:
        match numbers(dataset, name):
            case [float(height), float(width)] if height > 0 and width > 0:
                magnification = number(dataset, "EstimatedRadiographicMagnificationFactor") or 1
                if name == "ImagerPixelSpacing" and magnification > 0:
                    height, width = height / magnification, width / magnification
                return (height, width), name
    return None, None


def orientation(dataset: Dataset) -> tuple[str, str] | None:
    """Return where rows and columns run to, if the file says so.

    Parameters
    ----------
    dataset : pydicom.Dataset

    Returns
    -------
    (str, str) or None
    """
    match texts(dataset, "PatientOrientation"):
        case [rows, columns] if rows and columns:
            return rows, columns
    return None


def oddities(dataset: Dataset, kind: str, guessed: bool) -> tuple[str, ...]:
    """Say what in the file is a reason to have a look at its mask.

    Parameters
    ----------
    dataset : pydicom.Dataset
    kind : str
        "MONOCHROME1", where 0 is white, or another one.
    guessed : bool
        Whether the file does not say its kind.

    Returns
    -------
    tuple of str
    """
    found = []
    modality = text(dataset, "Modality")
    if modality in OTHER_MODALITIES:
        found.append(f"the file says that this is no radiograph but of the modality {modality}")
    found += _view(dataset)
    if guessed:
        found.append(UNSAID)
    elif _contradiction(dataset, kind):
        found.append(VIEWERS_DIFFER)
    return tuple(found)


def _view(dataset: Dataset) -> list[str]:
    """Say what is odd about the direction from which the patient was seen."""
    said = set(texts(dataset, "ViewPosition"))
    for item in items(dataset, "ViewCodeSequence")[:1]:
        said |= set(text(item, "CodeMeaning").split())
    said |= {word for view in said for word in view.replace("_", " ").split()}
    if said & LYING:
        return [ON_A_SIDE]
    if said & OBLIQUE:
        return [SLANTED]
    return [SIDE] if said & LATERAL else []


def _contradiction(dataset: Dataset, kind: str) -> bool:
    """Tell whether a presentation look-up table contradicts the kind: some programs apply it, and some do not."""
    if kind not in ("MONOCHROME1", "MONOCHROME2"):
        return False
    shape = text(dataset, "PresentationLUTShape")
    if shape == {"MONOCHROME2": "INVERSE", "MONOCHROME1": "IDENTITY"}[kind]:
        return True
    for item in items(dataset, "PresentationLUTSequence")[:1]:
        table = read_table(item, little_endian(dataset))
        return table is not None and bool(np.sign(table.entries[-1] - table.entries[0]) < 0)
    return False
