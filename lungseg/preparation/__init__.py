"""From radiographs and their masks to a folder of cases."""

from lungseg.preparation.case import (
    HIGH,
    LOW,
    PREPARATION,
    prepare_case,
    prepare_image,
    stretch_contrast,
)
from lungseg.preparation.cropping import CropBox, find_body
from lungseg.preparation.folder import PreparationReport, prepare_folder
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.layouts import Radiograph, find_radiographs
from lungseg.preparation.manifest import read_manifest
from lungseg.preparation.resizing import resize_image, resize_mask

__all__ = [
    "HIGH",
    "LOW",
    "PREPARATION",
    "CropBox",
    "Geometry",
    "PreparationReport",
    "Radiograph",
    "find_body",
    "find_radiographs",
    "prepare_case",
    "prepare_folder",
    "prepare_image",
    "read_manifest",
    "resize_image",
    "resize_mask",
    "stretch_contrast",
]
