"""Small folders of raw radiographs with masks, for the tests of their preparation."""

import numpy as np

from lungseg.preparation import find_radiographs, prepare_folder
from radiographs import save


def lungs(side):
    """A rectangle on the given side of a 40 x 30 radiograph."""
    mask = np.zeros((40, 30), np.uint8)
    mask[8:30, slice(3, 12) if side == "left" else slice(18, 27)] = 255
    return mask


def film(seed=0, border=0):
    grey = np.random.default_rng([seed]).integers(100, 200, (40, 30), dtype=np.uint8)
    grey[lungs("left") + lungs("right") > 0] //= 4
    grey[40 - border :] = 0
    return grey


def make_source(folder, names=("a", "b", "c")):
    """Plain images/ + masks/."""
    for seed, name in enumerate(names):
        save(folder / "images" / f"{name}.png", film(seed))
        save(folder / "masks" / f"{name}.png", lungs("left") | lungs("right"))
    return folder


def prepare(source, out, size=16, **options):
    return prepare_folder(source, out, size, **{"n_jobs": 1, "progress": False} | options)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def touch(source, names):
    """Empty files."""
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).touch()
    return source


def pairs(source, **settings):
    """Case → the files of its mask, below the source."""
    found = find_radiographs(source, **settings)
    return {one.case: [str(path.relative_to(source)) for path in one.masks] for one in found}
