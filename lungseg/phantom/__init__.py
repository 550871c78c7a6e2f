"""Synthetic frontal chest radiographs with exact lung masks."""

from lungseg.phantom.drawing import VERSION, draw_radiograph, make_phantom, phantom_id
from lungseg.phantom.writing import write_phantoms, write_raw_phantoms

__all__ = ["VERSION", "draw_radiograph", "make_phantom", "phantom_id", "write_phantoms", "write_raw_phantoms"]
