"""Losses for segmentation: Dice, cross-entropy, and their sum.

All of them take masks and predictions of shape (B, H, W, C) and give one number
per image, shape (B,), as Keras' own losses do; Keras then takes the mean. A
pixel that is -1 in its masks is ignored.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import KerasTensor, ops

from lungseg.arguments import check_masks, number
from lungseg.errors import InputError

SMOOTH = 1.0


def dice_coefficient(y_true: KerasTensor, y_pred: KerasTensor, smooth: float = SMOOTH) -> KerasTensor:
    """Return the Dice similarity coefficient of each image and class.

    ::

        DSC = (2 |A n B| + smooth) / (|A| + |B| + smooth)

    where the sizes are sums over the pixels of one image [1]_. With probabilities instead of 0 and 1 the same formula
    is differentiable [2]_. `smooth`, in the numerator and in the denominator, makes a mask that is empty, and is
    predicted empty, worth 1 rather than 0 / 0.

    Parameters
    ----------
    y_true : tensor, shape (B, H, W, C)
        Masks in {0, 1}, and -1 where a pixel does not count. Others are refused in arrays of NumPy, and not noticed in
        tensors: masks of 0 and 255 give a coefficient near 2, and NaN gives NaN. (`DataGenerator` refuses both.)
    y_pred : tensor, shape (B, H, W, C)
        Probabilities in [0, 1].
    smooth : float
        In pixels.

    Returns
    -------
    tensor, shape (B, C), float32
        From 0 (no overlap) to 1 (the same mask).

    References
    ----------
    .. [1] L. R. Dice, "Measures of the amount of ecologic association between
       species", Ecology 26(3):297-302 (1945).
    .. [2] F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV (2016),
       arXiv:1606.04797.

    Examples
    --------
    >>> import numpy as np
    >>> true = np.array([1, 1, 0, 0]).reshape(1, 2, 2, 1)
    >>> predicted = np.array([1, 0, 0, 0]).reshape(1, 2, 2, 1)
    >>> round(float(dice_coefficient(true, predicted, smooth=0)[0, 0]), 3)
    0.667
    """
    check_masks(y_true, y_pred)
    # A float16 sum ends at 65,504 pixels, a square of 256: sum in float32.
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    check_shapes(y_true, y_pred)
    known = ops.cast(y_true >= 0, "float32")
    y_true, y_pred = y_true * known, y_pred * known
    pixels = (1, 2)
    intersection = ops.sum(y_true * y_pred, axis=pixels)  # (B, C)
    total = ops.sum(y_true, axis=pixels) + ops.sum(y_pred, axis=pixels)  # (B, C)
    return (2 * intersection + smooth) / (total + smooth)


def check_shapes(y_true: KerasTensor, y_pred: KerasTensor) -> None:
    """Refuse masks and predictions whose shapes differ, which would be broadcast.

    Parameters
    ----------
    y_true, y_pred : tensor, shape (B, H, W, C)

    Raises
    ------
    InputError
        If they have other shapes.
    """
    true, predicted = tuple(y_true.shape), tuple(y_pred.shape)
    # While Keras traces a graph, a size that varies between batches is None.
    known = [(a, b) for a, b in zip(true, predicted, strict=False) if None not in (a, b)]
    if len(true) != 4 or len(predicted) != 4 or any(a != b for a, b in known):
        raise InputError(
            f"expected masks and predictions of one shape (B, H, W, C). Received: y_true {true}, y_pred {predicted}."
        )


@keras.saving.register_keras_serializable(package="lungseg")
def dice_loss(
    y_true: KerasTensor,
    y_pred: KerasTensor,
    smooth: float = SMOOTH,
    class_weights: Sequence[float] | None = None,
) -> KerasTensor:
    """Return 1 - DSC of each image, the mean over its classes.

    The Dice coefficient is taken image by image. Summed over a whole batch instead, it would depend on the batch
    size, and the large lungs of one image could hide that the small ones of another were missed. Nothing is
    rounded: a step has no gradient to descend. Masks of 0 and 255 are not noticed in tensors, and give losses below
    zero: divide them by 255 first. One mask with a NaN makes the loss of its image NaN, and then the network.

    Parameters
    ----------
    y_true, y_pred, smooth
        See `dice_coefficient`.
    class_weights : sequence of C numbers, optional
        What each class counts in the mean.

    Returns
    -------
    tensor, shape (B,), float32
        From 0 (the same mask) to 1 (no overlap).

    Examples
    --------
    >>> import numpy as np
    >>> mask = np.ones((2, 4, 4, 1))
    >>> [float(loss) for loss in dice_loss(mask, mask)]
    [0.0, 0.0]
    """
    dice = dice_coefficient(y_true, y_pred, smooth)  # (B, C)
    if class_weights is None:
        return 1 - ops.mean(dice, axis=-1)
    weights = ops.convert_to_tensor(class_weights, "float32")
    return 1 - ops.sum(dice * weights, axis=-1) / ops.sum(weights)


@keras.saving.register_keras_serializable(package="lungseg")
def dice_crossentropy_loss(
    y_true: KerasTensor,
    y_pred: KerasTensor,
    smooth: float = SMOOTH,
    exclusive: bool = True,
    class_weights: Sequence[float] | None = None,
) -> KerasTensor:
    """Return the Dice loss plus the cross-entropy of each image.

    Cross-entropy looks at each pixel alone, so its gradient is steady from the first step on; Dice looks at the whole
    shape, so nothing is earned with the background, however much there is. The sum has both, and is the usual choice
    in medical segmentation [1]_.

    Parameters
    ----------
    y_true : tensor, shape (B, H, W, C)
        Masks in {0, 1}, and -1 where a pixel does not count; one-hot along the last axis if C > 1 and `exclusive`.
        Masks of 0 and 255 are not noticed in tensors, and give losses far below zero: divide them by 255 first.
    y_pred : tensor, shape (B, H, W, C)
        Probabilities: of a softmax if C > 1 and `exclusive`, else of sigmoids.
    smooth : float
        See `dice_coefficient`.
    exclusive : bool
        False for classes that overlap.
    class_weights : sequence of C numbers, optional
        What each class counts: in the mean of the Dice coefficients, and the pixels of each in the cross-entropy.

    Returns
    -------
    tensor, shape (B,), float32

    References
    ----------
    .. [1] F. Isensee et al., "nnU-Net", Nature Methods 18:203-211 (2021).
    """
    check_masks(y_true, y_pred)
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    known = ops.cast(y_true >= 0, "float32")
    masks = y_true * known
    weights = None if class_weights is None else ops.convert_to_tensor(class_weights, "float32")
    if y_pred.shape[-1] > 1 and exclusive:
        crossentropy = keras.losses.categorical_crossentropy(masks, y_pred)  # (B, H, W)
        if weights is not None:
            crossentropy = crossentropy * ops.sum(masks * weights, axis=-1)
    elif weights is None:
        crossentropy = keras.losses.binary_crossentropy(masks, y_pred)  # (B, H, W), the mean over the classes
    else:
        each = keras.losses.binary_crossentropy(masks[..., None], y_pred[..., None])  # (B, H, W, C)
        crossentropy = ops.sum(each * weights, axis=-1) / ops.sum(weights)
    known = known[..., 0]  # (B, H, W)
    share = ops.mean(known, axis=(1, 2))  # (B,): of the pixels that count
    crossentropy = ops.mean(crossentropy * known, axis=(1, 2)) / ops.maximum(share, keras.config.epsilon())
    return dice_loss(y_true, y_pred, smooth, class_weights) + crossentropy


class _LossWithSettings(keras.losses.Loss):
    """A loss as a class, which keeps its settings when a network is saved."""

    def __init__(self, function: Callable[..., Any], name: str, settings: dict[str, Any], **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.function = function
        self.settings = {key: value for key, value in settings.items() if value is not None}
        self.smooth = settings["smooth"]
        number(self.smooth, type(self).__name__, "smooth", "from 0 upwards", lambda pixels: pixels >= 0)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> KerasTensor:
        check_masks(y_true, y_pred)
        return super().__call__(y_true, y_pred, sample_weight)

    def call(self, y_true: KerasTensor, y_pred: KerasTensor) -> KerasTensor:
        return self.function(y_true, y_pred, **self.settings)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self.settings}


@keras.saving.register_keras_serializable(package="lungseg")
class DiceLoss(_LossWithSettings):
    """`dice_loss` as a class, for settings of your own.

    Parameters
    ----------
    smooth, class_weights
        See `dice_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> mask, empty = np.ones((1, 2, 2, 1)), np.zeros((1, 2, 2, 1))
    >>> round(float(DiceLoss(smooth=1)(mask, empty)), 3)
    0.8
    """

    def __init__(
        self,
        smooth: float = SMOOTH,
        name: str = "dice_loss",
        class_weights: Sequence[float] | None = None,
        **kwargs: Any,
    ):
        super().__init__(dice_loss, name, {"smooth": smooth, "class_weights": class_weights}, **kwargs)


@keras.saving.register_keras_serializable(package="lungseg")
class DiceCrossentropyLoss(_LossWithSettings):
    """`dice_crossentropy_loss` as a class, for settings of your own.

    Parameters
    ----------
    smooth, exclusive, class_weights
        See `dice_crossentropy_loss`.
    """

    def __init__(
        self,
        smooth: float = SMOOTH,
        name: str = "dice_crossentropy_loss",
        exclusive: bool = True,
        class_weights: Sequence[float] | None = None,
        **kwargs: Any,
    ):
        settings = {"smooth": smooth, "exclusive": None if exclusive else False, "class_weights": class_weights}
        super().__init__(dice_crossentropy_loss, name, settings, **kwargs)
