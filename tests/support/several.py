"""Problems of several classes whose images hold their masks, so that a network of one line can read them off."""

import numpy as np

from drawings import rectangle
from lungseg.problems import Problem, write_problem

ORGANS = Problem(
    channels=("red", "green", "blue"),
    classes=("left", "right", "heart"),
    recipe="colour",
    colours={"heart": "#d55e00"},
)
OVERLAPPING = Problem(channels=("grey", "depth"), classes=("cell", "nucleus"), exclusive=False, recipe="grey")
BANDS = Problem(channels=("infrared", "blue", "green", "red", "height"), classes=("water",), recipe="bands")


def save_several(folder, problem, count=4, size=16, ignore=False):
    """Cases of a problem, by their index i: class k is a rectangle i pixels wider than the case before.

    Channel k holds the mask of class k, at 0.9 on 0.1; further channels hold a ramp.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_problem(problem, folder)
    paths = []
    for i in range(count):
        masks = organs(problem, i, size)
        ramp = np.linspace(0, 1, size * size).reshape(size, size, 1)
        image = np.repeat(ramp, len(problem.channels), axis=-1)
        shared = min(len(problem.channels), len(problem.classes))
        image[..., :shared] = 0.1 + 0.8 * masks[..., :shared]
        if ignore:
            masks[-3:] = -1
        paths.append(folder / f"case_{i}.npy")
        np.save(paths[-1], np.concatenate([image, masks], axis=-1).astype(np.float32))
    return paths


def organs(problem, i, size=16):
    """Masks (H, W, K). In case 0 the last of several classes is missing."""
    masks = np.zeros((size, size, len(problem.classes)), np.float32)
    for k in range(len(problem.classes)):
        rows = (2, 10) if problem.exclusive else (2 + k, 10 - k)
        left = 1 + 5 * k if problem.exclusive else 2 + k
        if len(problem.classes) == 1 or k < len(problem.classes) - 1 or i > 0:
            masks[..., k] = rectangle((size, size), rows, (left, min(left + 2 + min(i, 2), size)))
    return masks


def reader(problem, shift=0):
    """A network that reads the classes off the image, `shift` pixels further down, and is sure of it."""

    def network(images):
        shared = min(len(problem.channels), len(problem.classes))
        found = np.roll(np.asarray(images)[..., :shared] > 0.5, shift, axis=1)  # (B, H, W, K)
        if not problem.softmax:
            return np.where(found, 0.95, 0.05)
        background = ~found.any(axis=-1, keepdims=True)
        right = np.concatenate([background, found], axis=-1)
        return np.where(right, 0.9, 0.1 / (problem.outputs - 1))

    return network
