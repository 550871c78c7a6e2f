"""From radiographs and their masks, or images of anything, to a folder of cases."""

from lungseg._moved import with_former_names
from lungseg.preparation.case import PREPARATION, prepare_case, prepare_image
from lungseg.preparation.contrast import HIGH, LOW, stretch_contrast
from lungseg.preparation.cropping import CropBox, find_body
from lungseg.preparation.folder.lungs import PreparationReport, prepare_folder
from lungseg.preparation.folder.problem import prepare
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.manifest import read_manifest
from lungseg.preparation.recipe import Recipe, Window
from lungseg.preparation.recipes import find_recipe, read_file, recipe_beside, recipe_from, recipe_of, register_recipe
from lungseg.preparation.resizing import resize_image, resize_mask
from lungseg.preparation.sources.layouts import Radiograph, find_radiographs

__all__ = [
    "HIGH",
    "LOW",
    "PREPARATION",
    "CropBox",
    "Geometry",
    "PreparationReport",
    "Radiograph",
    "Recipe",
    "Window",
    "find_body",
    "find_radiographs",
    "find_recipe",
    "prepare",
    "prepare_case",
    "prepare_folder",
    "prepare_image",
    "read_file",
    "read_manifest",
    "recipe_beside",
    "recipe_from",
    "recipe_of",
    "register_recipe",
    "resize_image",
    "resize_mask",
    "stretch_contrast",
]

__path__ = with_former_names(__path__)
