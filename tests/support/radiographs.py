"""Radiographs whose lungs are known, and files of them."""

import numpy as np
from PIL import Image

import refusals

NEEDED = ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation")
NEEDED += ("SamplesPerPixel", "PhotometricInterpretation")


def chest(height=120, width=100, border=(0, 0, 0, 0), level=0.0):
    """Return a chest of dark lungs in bright tissue (float32, 0 to 255), and the mask of its lungs.

    It looks different upside down and mirrored. The border is added to its size: top, left, bottom, right.
    """
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    right, left = x + 0.45 + 0.15 * y, x - 0.45 - 0.15 * y  # further apart below
    lungs = (right**2 / 0.07 + (y + 0.1) ** 2 / 0.4 < 1) | (left**2 / 0.06 + (y + 0.15) ** 2 / 0.3 < 1)
    grey = np.where(lungs, 60.0 + 8 * x, 180.0 + 20 * x)
    top, left, bottom, right = border
    pad = ((top, bottom), (left, right))
    return np.pad(grey, pad, constant_values=level).astype(np.float32), np.pad(lungs, pad)


def save(path, array, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(array)).save(path, **options)
    return path


def refusal(function, *arguments, **settings):
    """Return the message of an `InputError`, which is one line that says what was received."""
    message = refusals.refusal(function, *arguments, **settings)
    assert "Received: " in message
    return message


def as_it_lies(vr, value):
    """The bytes of an attribute as they shall lie in a DICOM file, of a type that pydicom would refuse, too."""
    return vr, value + b" " * (len(value) % 2)


def write_dicom(path, values, kind="MONOCHROME2", **attributes):
    """Write a DICOM file of an image (H, W) or (H, W, 3); one of None is deleted, see also `as_it_lies`."""
    from pydicom.dataelem import RawDataElement
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.tag import Tag
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    file = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    file.Rows, file.Columns = values.shape[:2]
    file.SamplesPerPixel = 1 if values.ndim == 2 else 3
    if values.ndim == 3:
        file.PlanarConfiguration = 0
    file.PhotometricInterpretation = kind
    file.BitsAllocated = file.BitsStored = 8 * values.dtype.itemsize
    file.HighBit = file.BitsStored - 1
    file.PixelRepresentation = int(values.dtype.kind == "i")
    file.PixelData = values.tobytes()
    for name, value in attributes.items():
        if value is None and name in NEEDED:
            del file[name]
        elif isinstance(value, tuple):
            tag = Tag(name)
            file[tag] = RawDataElement(tag, value[0], len(value[1]), value[1], 0, False, True)
        else:
            setattr(file, name, value)
    file.save_as(path, enforce_file_format=True)
    return path
