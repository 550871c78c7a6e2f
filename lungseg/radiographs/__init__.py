"""From a file to the grey values of a radiograph."""

from lungseg.radiographs.channels import read_channels
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.masks import read_mask
from lungseg.radiographs.reading import read_image, read_radiograph

__all__ = ["RadiographImage", "read_channels", "read_image", "read_mask", "read_radiograph"]
