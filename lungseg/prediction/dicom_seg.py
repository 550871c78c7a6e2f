"""Writes a mask as a DICOM Segmentation object that refers to its radiograph. Needs highdicom (the extra `dicom`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.files import writing
from lungseg.masks.measuring import split_lungs
from lungseg.masks.plausibility import LATERAL
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.silence import ignored_warnings

if TYPE_CHECKING:
    from highdicom.seg import SegmentDescription
    from pydicom import DataElement, Dataset

MODEL = "lungseg"  # the name of the "device": by it, an object of an earlier run is known
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"

# SNOMED CT, as the standard has them (PS3.16, CID 7150, 7166 and 244)
CATEGORY = ("91723000", "SCT", "Anatomical Structure")
LUNG = ("39607008", "SCT", "Lung")
SIDES = {"Right lung": ("24028007", "SCT", "Right"), "Left lung": ("7771000", "SCT", "Left")}

# What the object holds of the header of its radiograph, and nothing else: what refers to it, and the attributes of
# patient and study that each DICOM object must have, though they may be empty.
REFERENCES = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
PATIENT = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex")
STUDY = ("StudyDate", "StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName")
PLACE = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness")
LOSSY = ("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod")


def write_object(file: Path, mask: np.ndarray, radiograph: RadiographImage, target: Path) -> None:
    """Write a mask as a DICOM Segmentation object.

    It has a segment for each lung of the patient; a single one for both, where the sides are not known: there are not
    two lungs side by side, or the file says that it is a lateral view.

    Parameters
    ----------
    file : Path
        The DICOM file of the radiograph.
    mask : numpy.ndarray of bool, shape (H, W)
        At the file's own size.
    radiograph : RadiographImage
        What was read from the file.
    target : Path
        The file to write or replace.

    Raises
    ------
    InputError
        If the file lacks what a segmentation must refer to.
    OSError
        If the object cannot be written.
    """
    with ignored_warnings():
        try:
            segmentation = make_object(file, mask, radiograph)
        except (InputError, OSError):
            raise
        except Exception as fault:  # highdicom and pydicom raise whatever they like
            raise InputError(
                f"{file}: expected a header from which a segmentation object can be made. "
                f"Received: {one_line(fault)[:200]}. Its mask is in the PNG file."
            ) from None
        with writing(target) as temporary:
            segmentation.save_as(temporary)


def make_object(file: Path, mask: np.ndarray, radiograph: RadiographImage) -> Dataset:
    """Make a segmentation object without writing it, see `write_object`.

    Parameters
    ----------
    file, mask, radiograph
        See `write_object`.

    Returns
    -------
    highdicom.seg.Segmentation

    Raises
    ------
    InputError
        If the file lacks what a segmentation must refer to.
    """
    import pydicom
    from highdicom.seg import Segmentation

    header = pydicom.dcmread(file, force=True, stop_before_pixels=True)
    source = _source(header, file, mask.shape)
    labels, names = _labels(mask, radiograph)

    def make() -> Segmentation:
        return Segmentation(
            source_images=[source],
            pixel_array=labels,
            segmentation_type="BINARY",
            segment_descriptions=[_describe(number, name) for number, name in enumerate(names, 1)],
            series_instance_uid=pydicom.uid.generate_uid(prefix=None),
            series_number=900,
            sop_instance_uid=pydicom.uid.generate_uid(prefix=None),
            instance_number=1,
            manufacturer="lungseg",
            manufacturer_model_name=MODEL,
            software_versions=version("lungseg"),
            device_serial_number="0",
            content_label="LUNGS",
            content_description="Lungs, segmented automatically, checked by nobody",
            series_description="Segmentation of the lungs",
            omit_empty_frames=False,
            specific_character_set="ISO_IR 192",  # all alphabets
        )

    try:
        segmentation = make()
    except Exception:
        if "ImagePositionPatient" not in source:
            raise
        for name in PLACE:  # a place in space that is not whole: without it, the pixels still are those of the image
            source.pop(name, None)
        segmentation = make()
    kind = _text(header, "SOPClassUID")
    segmentation.walk(lambda item, element: _set_if(element, "ReferencedSOPClassUID", kind))
    # highdicom would write a name that breaks the rules into the log.
    segmentation.PatientName = _text(header, "PatientName")
    return segmentation


def _source(header: Dataset, file: Path, shape: tuple[int, ...]) -> Dataset:
    """Return a header of what a segmentation needs of its radiograph, in values that the standard allows."""
    from pydicom import Dataset

    source = Dataset()
    for name in REFERENCES:
        uid = _text(header, name)
        if not re.fullmatch(r"[0-9.]{1,64}", uid):
            raise InputError(
                f"{file}: expected {name}, by which a segmentation object refers to its image. Received: "
                f"{uid[:64] or 'none'}. Its mask is in the PNG file; export the image again."
            )
        setattr(source, name, uid)
    for name in (*PATIENT, *STUDY):
        setattr(source, name, None if name == "PatientName" else _allowed(name, _text(header, name)))
    # highdicom asks much of some kinds of image, and knows no private ones: `make_object` puts the true one in.
    source.SOPClassUID = SECONDARY_CAPTURE
    source.Rows, source.Columns = shape
    place = _text(header, "FrameOfReferenceUID")
    names = list(LOSSY)
    if re.fullmatch(r"[0-9.]{1,64}", place):
        source.FrameOfReferenceUID = place
        names += PLACE
    for name in names:
        with suppress(Exception):  # pydicom raises whatever it likes on a broken value
            if name in header and header[name].value not in (None, ""):
                source[name] = header[name]
    return source


def _set_if(element: DataElement, name: str, value: str) -> None:
    """Give an element another value, if it has this name."""
    if element.keyword == name:
        element.value = value


def _text(header: Dataset, name: str) -> str:
    """Return an attribute as text; empty, if it is missing or broken."""
    try:
        return str(header.get(name) or "").strip(" \0")
    except Exception:  # pydicom raises whatever it likes on a broken value
        return ""


def _allowed(name: str, value: str) -> str | None:
    """Return a value if the standard allows it for an attribute, else none: it may be empty."""
    from pydicom.valuerep import DA, TM

    checks: dict[str, Callable[[str], Any]] = {
        "Date": lambda text: DA(text.replace(".", "")),  # with points, as the predecessor of DICOM had it
        "Time": TM,
        "Sex": lambda text: text if text in ("M", "F", "O") else None,
    }
    for ending, check in checks.items():
        if name.endswith(ending):
            try:
                return str(check(value) or "") or None
            except ValueError:
                return None
    return value or None


def _labels(mask: np.ndarray, radiograph: RadiographImage) -> tuple[np.ndarray, list[str]]:
    """Number the pixels of each segment from 1 on, and name the segments."""
    rows = radiograph.orientation[0][:1] if radiograph.orientation else "L"
    lungs = split_lungs(mask) if rows in "LR" and LATERAL not in radiograph.oddities else None
    if lungs is None:
        return mask.astype(np.uint8), ["Lungs"]
    right, left = lungs if rows == "L" else lungs[::-1]  # rows that run to the patient's right: a mirrored image
    return right + np.uint8(2) * left, list(SIDES)


def _describe(number: int, name: str) -> SegmentDescription:
    """Describe a segment in the codes of the standard."""
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.seg import SegmentDescription
    from highdicom.sr import CodedConcept
    from pydicom.sr.codedict import codes

    segment = SegmentDescription(
        segment_number=number,
        segment_label=name,
        segmented_property_category=CodedConcept(*CATEGORY),
        segmented_property_type=CodedConcept(*LUNG),
        algorithm_type="AUTOMATIC",
        algorithm_identification=AlgorithmIdentificationSequence(
            name="lungseg", version=version("lungseg"), family=codes.cid7162.ArtificialIntelligence
        ),
    )
    if name in SIDES:
        side = CodedConcept(*SIDES[name])
        segment.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = [side]
    return segment
