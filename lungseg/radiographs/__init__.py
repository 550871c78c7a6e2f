"""From a file to the grey values of a radiograph."""

from lungseg.radiographs.film import Film
from lungseg.radiographs.reading import read_film, read_image, read_mask

__all__ = ["Film", "read_film", "read_image", "read_mask"]
