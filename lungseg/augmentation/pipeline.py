"""Augmentation: random changes of the training cases, batch by batch, as a step of the generator."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import KerasTensor, ops

from lungseg.arguments import number
from lungseg.augmentation.intensity import RandomBlur, RandomBorder, RandomBox, RandomExposure, RandomNoise
from lungseg.augmentation.pair_layer import Pair, PairLayer
from lungseg.augmentation.spatial import RandomAffine, RandomElastic


@keras.saving.register_keras_serializable(package="lungseg")
class Augmentation(keras.layers.Layer):
    """Some of these layers, one after the other.

    Parameters
    ----------
    layers : sequence of PairLayer
        `standard()` gives a selection that suits radiographs.

    Examples
    --------
    As the `augment` of a generator; for the training cases only:

    >>> import tempfile
    >>> from lungseg import DataGenerator
    >>> from lungseg.phantom.writing import write_phantoms
    >>> cases = write_phantoms(tempfile.mkdtemp(), count=2, size=32)
    >>> generator = DataGenerator(cases, batch_size=2, augment=Augmentation([RandomAffine(rotation=10)]))
    >>> images, masks = generator[0]
    >>> images.shape, sorted(set(masks.ravel().tolist()))
    ((2, 32, 32, 1), [0.0, 1.0])
    """

    def __init__(self, layers: Sequence[PairLayer], **kwargs: object):
        super().__init__(dtype="float32", **{k: v for k, v in kwargs.items() if k != "dtype"})
        self.steps = list(layers)

    def call(self, images: KerasTensor, masks: KerasTensor, seed: int | Sequence[int] = 0) -> Pair:
        """Change a batch, layer by layer.

        Parameters
        ----------
        images, masks, seed
            As for `PairLayer.call`.

        Returns
        -------
        images, masks : tensors of the same shapes
            NumPy arrays where the augmentation itself is called.
        """
        for place, layer in enumerate(self.steps):
            images, masks = layer(images, masks, seed=[place, *np.atleast_1d(seed).tolist()])
        return images, masks

    def __call__(
        self, images: npt.ArrayLike, masks: npt.ArrayLike, seed: int | Sequence[int] = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        images, masks = super().__call__(images, masks, seed=seed)
        return ops.convert_to_numpy(images), ops.convert_to_numpy(masks)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "layers": [keras.saving.serialize_keras_object(layer) for layer in self.steps]}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Augmentation":
        layers = [keras.saving.deserialize_keras_object(layer) for layer in config.pop("layers")]
        return cls(layers=layers, **config)


def standard(strength: float = 1.0, elastic: bool = False) -> Augmentation:
    """Return these layers, for chest radiographs.

    Parameters
    ----------
    strength : float
        1 is about what differs between hospitals; 0.5 is half of it, and does
        for cases that come from the hospitals that the network was trained on.
    elastic : bool
        Whether `RandomElastic` is among them.

    Returns
    -------
    Augmentation

    Raises
    ------
    InputError
        If the strength is not above 0 and at most 2.
    """
    number(strength, "standard", "strength", "above 0 and at most 2", lambda value: 0 < value <= 2, "Try 1.")
    moving = [RandomAffine(rotation=5 * strength, zoom=0.1 * strength, shift=0.05 * strength)]
    if elastic:
        moving.append(RandomElastic(deviation=0.012 * strength))
    return Augmentation(
        [
            *moving,
            RandomExposure(gamma=0.3 * strength, contrast=0.2 * strength, brightness=0.1 * strength),
            RandomBlur(sigma=1.0 * strength, probability=min(0.3 * strength, 1)),
            RandomNoise(deviation=0.03 * strength),
            RandomBox(size=0.15, probability=min(0.5 * strength, 1)),
            RandomBorder(width=0.08, probability=min(0.3 * strength, 1)),
        ]
    )
