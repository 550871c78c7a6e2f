"""A folder of cases is made of a folder of images: of radiographs and lungs, or of anything."""

from lungseg.preparation.folder.lungs import prepare_folder
from lungseg.preparation.folder.problem import prepare
from lungseg.preparation.folder.report import PreparationReport

__all__ = ["PreparationReport", "prepare", "prepare_folder"]
