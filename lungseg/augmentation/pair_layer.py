"""PairLayer: a Keras layer that changes images and their masks together.

Each takes images (B, H, W, C) and masks (B, H, W, K), float32, and returns them
changed: (B, H, W, 1) both, in the course. What moves pixels moves both in the
same way, and the masks stay 0 and 1. What changes grey values leaves the masks
alone. The same seed gives the same change.
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import KerasTensor, ops

Pair = tuple[KerasTensor, KerasTensor]  # images (B, H, W, C) and masks (B, H, W, K)


class PairLayer(keras.layers.Layer):
    """A random change of a batch of images and masks.

    A layer of your own needs two methods: `draw(rng, count, size)` returns the random numbers for a batch as a
    dictionary of arrays, and `change(images, masks, **numbers)` does the work with `keras.ops`. The numbers are drawn
    by NumPy, so that they are the same on each backend of Keras.

    Parameters
    ----------
    **kwargs
        Of `keras.layers.Layer`, but for `dtype`.

    Examples
    --------
    >>> class Negative(PairLayer):
    ...     def draw(self, rng, count, size):
    ...         return {"share": rng.random((count, 1, 1, 1))}
    ...
    ...     def change(self, images, masks, share):
    ...         return (1 - share) * images + share * (1 - images), masks
    >>> images, masks = Negative()(np.zeros((2, 4, 4, 1)), np.zeros((2, 4, 4, 1)), seed=3)
    >>> tuple(images.shape)
    (2, 4, 4, 1)
    """

    def __init__(self, **kwargs: object):
        # Masks must not be rounded to half precision by a policy.
        super().__init__(dtype="float32", **{k: v for k, v in kwargs.items() if k != "dtype"})

    def call(self, images: KerasTensor, masks: KerasTensor, seed: int | Sequence[int] = 0) -> Pair:
        """Change a batch.

        Parameters
        ----------
        images : tensor, shape (B, H, W, C)
            In [0, 1].
        masks : tensor, shape (B, H, W, K)
            In {0, 1}, without the background; more than one if there are several classes.
        seed : int or sequence of int

        Returns
        -------
        images, masks : tensors of the same shapes
        """
        count, height, width, _ = images.shape
        numbers = self.draw(np.random.default_rng(seed), count, (height, width))
        # As tensors: PyTorch does not compute with arrays of NumPy.
        images, masks = ops.convert_to_tensor(images, "float32"), ops.convert_to_tensor(masks, "float32")
        return self.change(images, masks, **{k: ops.convert_to_tensor(v, "float32") for k, v in numbers.items()})
