"""Augmentation: random changes of the training cases, the same for an image and its mask."""

from lungseg.augmentation.intensity import RandomBlur, RandomBorder, RandomBox, RandomExposure, RandomNoise
from lungseg.augmentation.pair_layer import PairLayer
from lungseg.augmentation.pipeline import Augmentation, standard
from lungseg.augmentation.spatial import RandomAffine, RandomElastic

__all__ = [
    "Augmentation",
    "PairLayer",
    "RandomAffine",
    "RandomBlur",
    "RandomBorder",
    "RandomBox",
    "RandomElastic",
    "RandomExposure",
    "RandomNoise",
    "standard",
]
