"""Random changes of the values of an image, as Keras layers. They leave its masks alone.

All channels of an image are changed in the same way, as one exposure or one lens changes them; only the grain of each
is its own.
"""

from typing import Any

import keras
import numpy as np
from keras import KerasTensor, ops

from lungseg.augmentation.pair_layer import Pair, PairLayer


def _column(values: KerasTensor) -> KerasTensor:
    """Return (B,) as (B, 1, 1, 1), to be multiplied with images."""
    return ops.reshape(values, (-1, 1, 1, 1))


@keras.saving.register_keras_serializable(package="lungseg")
class RandomExposure(PairLayer):
    """Change gamma, contrast and brightness, as another machine or exposure would.

    Parameters
    ----------
    gamma : float
        0.3 draws exponents from about 0.74 to 1.35.
    contrast : float
        0.2 draws factors from about 0.82 to 1.22, about the middle grey.
    brightness : float
        At most added or taken away, of a range of 1.
    """

    def __init__(self, gamma: float = 0.3, contrast: float = 0.2, brightness: float = 0.1, **kwargs: object):
        super().__init__(**kwargs)
        self.gamma, self.contrast, self.brightness = gamma, contrast, brightness

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        return {
            "exponent": np.exp(rng.uniform(-self.gamma, self.gamma, count)),
            "factor": np.exp(rng.uniform(-self.contrast, self.contrast, count)),
            "offset": rng.uniform(-self.brightness, self.brightness, count),
        }

    def change(
        self, images: KerasTensor, masks: KerasTensor, exponent: KerasTensor, factor: KerasTensor, offset: KerasTensor
    ) -> Pair:
        # The gradient of x ** gamma at 0 may be infinite: stay a little above.
        images = ops.power(ops.clip(images, 1e-6, 1), _column(exponent))
        images = (images - 0.5) * _column(factor) + 0.5 + _column(offset)
        return ops.clip(images, 0, 1), masks

    def get_config(self) -> dict[str, Any]:
        own = {"gamma": self.gamma, "contrast": self.contrast, "brightness": self.brightness}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomNoise(PairLayer):
    """Add grain: normal noise, of another strength in each image, and other grain in each channel.

    Parameters
    ----------
    deviation : float
        Of the strongest noise, of a range of 1.
    """

    def __init__(self, deviation: float = 0.03, **kwargs: object):
        super().__init__(**kwargs)
        self.deviation = deviation

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        strength = rng.uniform(0, self.deviation, (count, 1, 1, 1))
        return {"noise": strength * rng.standard_normal((count, *size, 1), dtype=np.float32)}

    def change(self, images: KerasTensor, masks: KerasTensor, noise: KerasTensor) -> Pair:
        # White noise that is moved is other noise.
        grain = [ops.roll(noise, channel, axis=1) for channel in range(images.shape[-1])]
        return ops.clip(images + ops.concatenate(grain, axis=-1), 0, 1), masks

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "deviation": self.deviation}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomBlur(PairLayer):
    """Blur, as a patient who breathes or a coarse detector would.

    Parameters
    ----------
    sigma : float
        Of the widest Gaussian, in pixels.
    probability : float
        Share of the images that are blurred.
    """

    def __init__(self, sigma: float = 1.0, probability: float = 0.3, **kwargs: object):
        super().__init__(**kwargs)
        self.sigma, self.probability = sigma, probability

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        sigma = rng.uniform(0, self.sigma, count) * (rng.random(count) < self.probability)
        reach = max(1, int(np.ceil(2 * self.sigma)))
        places = np.arange(-reach, reach + 1)
        weights = np.exp(-0.5 * (places / np.maximum(sigma, 1e-3)[:, None]) ** 2)
        return {"weights": weights / weights.sum(axis=1, keepdims=True)}  # (B, K)

    def change(self, images: KerasTensor, masks: KerasTensor, weights: KerasTensor) -> Pair:
        reach = weights.shape[1] // 2
        for axis in (1, 2):
            size = images.shape[axis]
            mirrored = np.pad(np.arange(size), reach, mode="symmetric")  # Keras' own differs on PyTorch
            parts = [
                _column(weights[:, k]) * ops.take(images, mirrored[k : k + size], axis=axis)
                for k in range(weights.shape[1])
            ]
            images = sum(parts)
        return images, masks

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "sigma": self.sigma, "probability": self.probability}


class _Patches(PairLayer):
    """Lay patches of one grey over some images, but over no class; `mark` says where, in one image (H, W, 1)."""

    greys: tuple[float, ...] = (0.0,)
    probability: float

    def mark(self, rng: np.random.Generator, patches: np.ndarray) -> None:
        """Set to 1 what is to be covered."""
        raise NotImplementedError

    def draw(self, rng: np.random.Generator, count: int, size: tuple[int, int]) -> dict[str, np.ndarray]:
        patches = np.zeros((count, *size, 1))
        for place in np.flatnonzero(rng.random(count) < self.probability):
            self.mark(rng, patches[place])
        return {"patches": patches, "grey": rng.choice(self.greys, count)}

    def change(self, images: KerasTensor, masks: KerasTensor, patches: KerasTensor, grey: KerasTensor) -> Pair:
        # One that was cut where a lung begins would draw the true outline into the image: it is left out whole.
        meets = ops.max(patches * masks, axis=(1, 2, 3), keepdims=True)  # (B, 1, 1, 1)
        patches = patches * (1 - meets)
        return images * (1 - patches) + patches * _column(grey), masks


@keras.saving.register_keras_serializable(package="lungseg")
class RandomBox(_Patches):
    """Lay a black or white box beside the lungs (or whatever is segmented) of some images, as a marker or a label does.

    Parameters
    ----------
    size : float
        Of the largest box, as a fraction of height and width.
    probability : float
        Share of the images that get one, unless it meets a lung: about every second one of a size of 0.15 does,
        and is left out.
    """

    greys = (0.0, 1.0)

    def __init__(self, size: float = 0.15, probability: float = 0.3, **kwargs: object):
        super().__init__(**kwargs)
        self.size, self.probability = size, probability

    def mark(self, rng: np.random.Generator, patches: np.ndarray) -> None:
        top, left = (int(rng.integers(0, side)) for side in patches.shape[:2])
        height, width = (int(np.ceil(rng.uniform(0.3, 1) * self.size * side)) for side in patches.shape[:2])
        patches[top : top + height, left : left + width] = 1

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "size": self.size, "probability": self.probability}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomBorder(_Patches):
    """Darken a strip along each edge of some images: what cropping has left of a black border.

    Parameters
    ----------
    width : float
        Of the widest strip, as a fraction of height and width.
    probability : float
        Share of the images that get them, unless one of the four meets a lung.
    """

    def __init__(self, width: float = 0.08, probability: float = 0.3, **kwargs: object):
        super().__init__(**kwargs)
        self.width, self.probability = width, probability

    def mark(self, rng: np.random.Generator, patches: np.ndarray) -> None:
        height, width, _ = patches.shape
        top, bottom, left, right = (int(rng.uniform(0, self.width) * side) for side in (height, height, width, width))
        patches[:] = 1
        patches[top : height - bottom, left : width - right] = 0

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "width": self.width, "probability": self.probability}
