"""Gets a data set: the course's published archives, the Montgomery set, or phantoms made on the spot."""

from lungseg.datasets.cache import cache_folder
from lungseg.datasets.default import data_folder, default_cases
from lungseg.datasets.montgomery import download_montgomery
from lungseg.datasets.published import archive_urls, download

__all__ = ["archive_urls", "cache_folder", "data_folder", "default_cases", "download", "download_montgomery"]
