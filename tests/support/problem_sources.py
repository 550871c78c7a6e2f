"""Small folders of images of anything, with masks of every kind, for the tests of their preparation."""

import numpy as np
from PIL import Image

from lungseg.preparation.problem_folder import prepare as prepare_cases
from radiographs import save

# 0 is background, 1 road, 2 water.
INDEX = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 0, 0], [2, 2, 0, 2]], np.uint8)
RED, BLUE = (255, 0, 0), (0, 0, 255)


def image(seed=0, shape=(4, 4, 3)):
    return np.random.default_rng([seed]).integers(0, 256, shape).astype(np.uint8)


def coloured(index=INDEX):
    """An index mask, painted: road red, water blue."""
    return np.array([(0, 0, 0), RED, BLUE], np.uint8)[index]


def with_palette(path, index=INDEX):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(index)
    picture.putpalette([0, 0, 0, *RED, *BLUE])
    picture.save(path)
    return path


def images(source, names=("a", "b"), folder="images"):
    for seed, name in enumerate(names):
        save(source / folder / f"{name}.png", image(seed))
    return source


def prepare(source, out, size=4, **options):
    return prepare_cases(source, out, size, **{"recipe": "colour", "n_jobs": 1, "progress": False} | options)


def masks_of(out, case="a", classes=2):
    """The masks of a case: a digit for each pixel, a row a word; "x" where it is ignored, "+" where classes overlap."""
    masks = np.load(out / f"{case}.npy")[..., -classes:]
    index = np.where(masks.sum(-1) > 1, "+", (masks * np.arange(1, classes + 1)).sum(-1).astype(int).astype(str))
    return " ".join("".join(row) for row in np.where((masks == -1).all(-1), "x", index))
