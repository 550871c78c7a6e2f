"""Dice and Jaccard as Keras metrics: of each image, at a threshold, then the mean."""

from collections.abc import Callable
from typing import Any

import keras
from keras import KerasTensor, ops

from lungseg import losses
from lungseg.arguments import number
from lungseg.masks.cleaning import THRESHOLD


def jaccard_coefficient(y_true: KerasTensor, y_pred: KerasTensor, smooth: float = 0.0) -> KerasTensor:
    """Return the Jaccard index of each image and class, from its Dice coefficient.

    ::

        J = |A n B| / |A u B| = D / (2 - D)

    Also called intersection over union, IoU [1]_.

    Parameters
    ----------
    y_true, y_pred : tensor, shape (B, H, W, C)
        See `lungseg.losses.dice_coefficient`.
    smooth : float
        That of the Dice coefficient, in pixels.

    Returns
    -------
    tensor, shape (B, C), float32

    References
    ----------
    .. [1] P. Jaccard, "The distribution of the flora in the alpine zone", New
       Phytologist 11(2):37-50 (1912).

    Examples
    --------
    >>> import numpy as np
    >>> true = np.array([1, 1, 0, 0]).reshape(1, 2, 2, 1)
    >>> predicted = np.array([1, 0, 0, 0]).reshape(1, 2, 2, 1)
    >>> round(float(jaccard_coefficient(true, predicted)[0, 0]), 3)
    0.5
    """
    dice = losses.dice_coefficient(y_true, y_pred, smooth)
    return dice / (2 - dice)


class _OverlapMetric(keras.metrics.Mean):
    """The mean over images of an overlap coefficient of masks cut at a threshold."""

    def __init__(
        self,
        coefficient: Callable[..., Any],
        threshold: float,
        name: str,
        dtype: str | None,
        exclusive: bool,
        channel: int | None,
    ):
        # The sum over an epoch is kept in float32 under any policy.
        super().__init__(name=name, dtype=dtype or "float32")
        self.coefficient = coefficient
        self.threshold = number(
            threshold, type(self).__name__, "threshold", "from 0 to 1", lambda share: 0 <= share <= 1
        )
        self.exclusive = exclusive
        self.channel = channel

    def update_state(
        self, y_true: KerasTensor, y_pred: KerasTensor, sample_weight: KerasTensor | None = None
    ) -> KerasTensor:
        if self.exclusive:
            predicted = ops.one_hot(ops.argmax(y_pred, axis=-1), y_pred.shape[-1], dtype="float32")
        else:
            predicted = ops.cast(ops.cast(y_pred, "float32") >= self.threshold, "float32")
        # Smoothed by far less than a pixel: two empty masks count 1, all else is left as it is.
        values = self.coefficient(y_true, predicted, smooth=1e-4)  # (B, C)
        if self.channel is not None:
            values = values[:, self.channel : self.channel + 1]
        elif self.exclusive:
            values = values[:, 1:]  # without the background
        return super().update_state(ops.mean(values, axis=-1), sample_weight=sample_weight)

    def get_config(self) -> dict[str, Any]:
        config = {"name": self.name, "dtype": self.dtype, "threshold": self.threshold}
        return {**config, "exclusive": self.exclusive, "channel": self.channel}


@keras.saving.register_keras_serializable(package="lungseg")
class Dice(_OverlapMetric):
    """Mean Dice similarity coefficient of the images seen so far.

    Each image counts the same, whatever the batch size. With several classes,
    each class is cut at the threshold, and the mean is over the classes too. Masks
    hold 0 and 1, or -1 where a pixel does not count; of 0 and 255 this would be a number near 2.

    Parameters
    ----------
    threshold : float
        Probabilities from here on count as lung.
    name : str
        Keras logs the metric under this name, and as `val_` and this name.
    dtype : str, optional
    exclusive : bool
        Whether the channels are those of a softmax, the background first: each pixel goes to the most probable class,
        and the background does not enter the mean.
    channel : int, optional
        Only this class, counted from 0.

    Examples
    --------
    >>> import numpy as np
    >>> metric = Dice()
    >>> true = np.array([1, 1, 0, 0]).reshape(1, 2, 2, 1)
    >>> metric.update_state(true, np.array([0.9, 0.3, 0.1, 0.2]).reshape(1, 2, 2, 1))
    >>> round(float(metric.result()), 3)
    0.667
    """

    def __init__(
        self,
        threshold: float = THRESHOLD,
        name: str = "dice",
        dtype: str | None = None,
        exclusive: bool = False,
        channel: int | None = None,
    ):
        super().__init__(losses.dice_coefficient, threshold, name, dtype, exclusive, channel)


@keras.saving.register_keras_serializable(package="lungseg")
class Jaccard(_OverlapMetric):
    """Mean Jaccard index (intersection over union) of the images seen so far.

    Parameters
    ----------
    threshold, name, dtype, exclusive, channel
        See `Dice`.
    """

    def __init__(
        self,
        threshold: float = THRESHOLD,
        name: str = "jaccard",
        dtype: str | None = None,
        exclusive: bool = False,
        channel: int | None = None,
    ):
        super().__init__(jaccard_coefficient, threshold, name, dtype, exclusive, channel)
