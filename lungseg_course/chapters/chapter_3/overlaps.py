"""Masks and predictions to try, the Dice coefficient of each image, and how results are compared with it."""

from dataclasses import dataclass

import numpy as np

from lungseg_course.engine.kinds import Numbers

BATCH, HEIGHT, WIDTH = 3, 4, 6  # all different: a sum over the wrong axes shows in the shape
PIXELS = (1, 2, 3)
IMAGES = f"{BATCH} images of {HEIGHT} x {WIDTH} pixels"


def masks_and_probabilities(rng: np.random.Generator, count: int = BATCH) -> tuple[np.ndarray, np.ndarray]:
    """Return masks of 0 and 1, and predictions between 0 and 1, away from 0.5; (B, 4, 6, 1) float32."""
    # From a small lung to a large one, and from a poor prediction to a good one: no mean is like another.
    size, quality = (np.linspace(low, high, count).reshape(-1, 1, 1, 1) for low, high in ((0.25, 0.7), (0.2, 0.8)))
    masks = (rng.random((count, HEIGHT, WIDTH, 1)) < size).astype("float32")
    masks[:, 0, 0], masks[:, 1, 1] = 1, 0  # neither empty nor full
    sure = rng.random(masks.shape) < 0.5 + quality * (masks - 0.5)
    probabilities = rng.uniform(0.02, 0.46, masks.shape) + 0.5 * sure
    return masks, probabilities.astype("float32")


def dice_of_each(true, predicted, smooth: float = 1.0, axes: int | tuple[int, ...] = PIXELS) -> np.ndarray:
    """Return the Dice coefficient, by default of each image: shape (B,), float64."""
    true, predicted = np.asarray(true, dtype="float64"), np.asarray(predicted, dtype="float64")
    total = true.sum(axis=axes) + predicted.sum(axis=axes)
    return (2 * (true * predicted).sum(axis=axes) + smooth) / (total + smooth)


@dataclass(frozen=True)
class Coefficients(Numbers):
    """A number for each image. A mistake is known by its numbers or by their mean, whatever the shape.

    Parameters
    ----------
    near : float
        Tolerance for known mistakes: two that are made alike may come near each other.
    """

    near: float = 2e-5

    def same(self, value: np.ndarray, right) -> bool:
        return super().distance(value, right) < np.inf

    def distance(self, value: np.ndarray, other) -> float:
        numbers, smallest = value.ravel(), np.inf
        for known in (np.ravel(other), np.ravel(np.mean(other))):
            if known.shape == numbers.shape and np.allclose(numbers, known, self.near, self.near, equal_nan=True):
                smallest = min(smallest, np.nansum(np.abs(numbers - known)))
        return smallest
