"""Which images and masks a folder of somebody's holds, and which belong together."""

from lungseg.preparation.sources.layouts import Radiograph, find_radiographs

__all__ = ["Radiograph", "find_radiographs"]
