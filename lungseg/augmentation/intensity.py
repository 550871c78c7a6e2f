"""Random changes of a radiograph beside its mask, as Keras layers: what they share, and those that change grey values.

Each layer takes images and masks, both (B, H, W, 1) float32, and gives them
back changed. What moves pixels moves both in the same way, and the masks stay
0 and 1. What changes grey values leaves the masks alone. A seed says what is
drawn: the same seed, the same change.
"""

import keras
import numpy as np
from keras import ops


class PairLayer(keras.layers.Layer):
    """What the layers of this file share.

    A layer of your own needs two methods: `draw(rng, count, size)` returns the
    random numbers for a batch as a dictionary of arrays, and
    `change(images, masks, **numbers)` does the work with `keras.ops`. The numbers
    are drawn by NumPy, so that they are the same on each backend of Keras.
    """

    def __init__(self, **kwargs):
        # Masks must not be rounded to half precision by a policy.
        super().__init__(dtype="float32", **{k: v for k, v in kwargs.items() if k != "dtype"})

    def call(self, images, masks, seed=0):
        """Change a batch.

        Parameters
        ----------
        images : tensor, shape (B, H, W, 1)
            In [0, 1].
        masks : tensor, shape (B, H, W, 1)
            In {0, 1}.
        seed : int or sequence of int

        Returns
        -------
        images, masks : tensors of the same shapes
        """
        count, height, width, _ = images.shape
        numbers = self.draw(np.random.default_rng(seed), count, (height, width))
        return self.change(images, masks, **{k: np.asarray(v, dtype="float32") for k, v in numbers.items()})


def _column(values):
    """Shape (B,) → (B, 1, 1, 1), to be multiplied with images."""
    return ops.reshape(values, (-1, 1, 1, 1))


def _beside_lungs(patches, masks):
    """Keep the patches, all (B, H, W, 1) of 0 and 1, that meet no lung.

    One that was cut where a lung begins would draw the true outline into the image.
    """
    meets = ops.max(patches * masks, axis=(1, 2, 3), keepdims=True)  # (B, 1, 1, 1)
    return patches * (1 - meets)


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

    def __init__(self, gamma: float = 0.3, contrast: float = 0.2, brightness: float = 0.1, **kwargs):
        super().__init__(**kwargs)
        self.gamma, self.contrast, self.brightness = gamma, contrast, brightness

    def draw(self, rng, count, size):
        return {
            "exponent": np.exp(rng.uniform(-self.gamma, self.gamma, count)),
            "factor": np.exp(rng.uniform(-self.contrast, self.contrast, count)),
            "offset": rng.uniform(-self.brightness, self.brightness, count),
        }

    def change(self, images, masks, exponent, factor, offset):
        # The slope of x ** gamma at 0 may be infinite: stay a little above.
        images = ops.power(ops.clip(images, 1e-6, 1), _column(exponent))
        images = (images - 0.5) * _column(factor) + 0.5 + _column(offset)
        return ops.clip(images, 0, 1), masks

    def get_config(self):
        own = {"gamma": self.gamma, "contrast": self.contrast, "brightness": self.brightness}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomNoise(PairLayer):
    """Add grain: normal noise, of another strength in each image.

    Parameters
    ----------
    deviation : float
        Of the strongest noise, of a range of 1.
    """

    def __init__(self, deviation: float = 0.03, **kwargs):
        super().__init__(**kwargs)
        self.deviation = deviation

    def draw(self, rng, count, size):
        strength = rng.uniform(0, self.deviation, (count, 1, 1, 1))
        return {"noise": strength * rng.standard_normal((count, *size, 1), dtype=np.float32)}

    def change(self, images, masks, noise):
        return ops.clip(images + noise, 0, 1), masks

    def get_config(self):
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

    def __init__(self, sigma: float = 1.0, probability: float = 0.3, **kwargs):
        super().__init__(**kwargs)
        self.sigma, self.probability = sigma, probability

    def draw(self, rng, count, size):
        sigma = rng.uniform(0, self.sigma, count) * (rng.random(count) < self.probability)
        reach = max(1, int(np.ceil(2 * self.sigma)))
        places = np.arange(-reach, reach + 1)
        weights = np.exp(-0.5 * (places / np.maximum(sigma, 1e-3)[:, None]) ** 2)
        return {"weights": weights / weights.sum(axis=1, keepdims=True)}  # (B, K)

    def change(self, images, masks, weights):
        reach = weights.shape[1] // 2
        for axis in (1, 2):
            size = images.shape[axis]
            padding = [[0, 0]] * 4
            padding[axis] = [reach, reach]
            padded = ops.pad(images, padding, mode="symmetric")
            parts = [
                _column(weights[:, k]) * ops.take(padded, range(k, k + size), axis=axis)
                for k in range(weights.shape[1])
            ]
            images = sum(parts)
        return images, masks

    def get_config(self):
        return {**super().get_config(), "sigma": self.sigma, "probability": self.probability}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomBox(PairLayer):
    """Lay a black or white box beside the lungs of some images, as a marker or a label does.

    Parameters
    ----------
    size : float
        Of the largest box, as a fraction of height and width.
    probability : float
        Share of the images that get one, unless it meets a lung: about every second one of a size of 0.15 does,
        and is left out.
    """

    def __init__(self, size: float = 0.15, probability: float = 0.3, **kwargs):
        super().__init__(**kwargs)
        self.size, self.probability = size, probability

    def draw(self, rng, count, size):
        inside = np.zeros((count, *size, 1))
        for place in np.flatnonzero(rng.random(count) < self.probability):
            top, left = (int(rng.integers(0, side)) for side in size)
            height, width = (int(np.ceil(rng.uniform(0.3, 1) * self.size * side)) for side in size)
            inside[place, top : top + height, left : left + width] = 1
        return {"box": inside, "grey": rng.choice([0.0, 1.0], count)}

    def change(self, images, masks, box, grey):
        box = _beside_lungs(box, masks)
        return images * (1 - box) + box * _column(grey), masks

    def get_config(self):
        return {**super().get_config(), "size": self.size, "probability": self.probability}


@keras.saving.register_keras_serializable(package="lungseg")
class RandomBorder(PairLayer):
    """Darken a strip along each edge of some images: what cropping has left of a black border.

    Parameters
    ----------
    width : float
        Of the widest strip, as a fraction of height and width.
    probability : float
        Share of the images that get them, unless one of the four meets a lung.
    """

    def __init__(self, width: float = 0.08, probability: float = 0.3, **kwargs):
        super().__init__(**kwargs)
        self.width, self.probability = width, probability

    def draw(self, rng, count, size):
        strips = np.zeros((count, *size, 1))
        for place in np.flatnonzero(rng.random(count) < self.probability):
            top, bottom, left, right = (
                int(rng.uniform(0, self.width) * side) for side in (size[0], size[0], size[1], size[1])
            )
            strips[place] = 1
            strips[place, top : size[0] - bottom, left : size[1] - right] = 0
        return {"strips": strips}

    def change(self, images, masks, strips):
        return images * (1 - _beside_lungs(strips, masks)), masks

    def get_config(self):
        return {**super().get_config(), "width": self.width, "probability": self.probability}
