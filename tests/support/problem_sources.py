"""Small folders of images of anything, with masks of every kind, for the tests of their preparation."""

import csv

import numpy as np
from PIL import Image

from lungseg.preparation.folder.problem import prepare as prepare_cases
from radiographs import save

# 0 is background, 1 road, 2 water.
INDEX = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 0, 0], [2, 2, 0, 2]], np.uint8)
RED, BLUE = (255, 0, 0), (0, 0, 255)
ROAD, WATER = (INDEX == 1).astype(np.uint8), (INDEX == 2).astype(np.uint8)
NUMBERS = ["road=1", "water=2"]  # the classes, as somebody names them


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


def rows_of(out):
    """The rows of the manifest, by case."""
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return {row["case"]: row for row in csv.DictReader(file)}


# ---- The masks of an image `a`, written in one way or another ------------------------------------


def numbers(source):
    save(source / "masks" / "a.png", INDEX)


def other_numbers(source):
    save(source / "labels" / "a_label.png", np.array([0, 40, 250], np.uint8)[INDEX])


def numbers_of_16_bits(source):
    save(source / "masks" / "a.tif", np.array([0, 1, 60000], np.uint16)[INDEX])


def an_array(source):
    (source / "masks").mkdir()
    np.save(source / "masks" / "a.npy", INDEX.astype(np.int64))


def places_in_a_palette(source):
    with_palette(source / "masks" / "a.png")


def colours(source):
    save(source / "masks" / "a.png", coloured())


def folders(source):
    save(source / "masks" / "road" / "a.png", 255 * ROAD)
    save(source / "masks" / "water" / "a.png", WATER)


def folders_of_masks(source):
    save(source / "road masks" / "a.png", 255 * ROAD)
    save(source / "water_masks" / "a_mask.png", 255 * WATER)


def endings(source):
    save(source / "masks" / "a_road.png", 255 * ROAD)
    save(source / "masks" / "a_water.png", 255 * WATER)


def endings_beside_images(source):
    save(source / "images" / "a_road.png", 255 * ROAD)
    save(source / "images" / "a_water.png", 255 * WATER)
