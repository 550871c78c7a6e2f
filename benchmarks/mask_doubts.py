"""How many true masks `lungseg prepare` doubts, and how many of those with a planted fault.

python benchmarks/mask_doubts.py SOURCE    a folder of radiographs and masks, in any layout that lungseg knows

First all masks as they are, then each kind of fault in the same number of them (--count), spread over the set. A fault
counts as named if there is any doubt about the case.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy import ndimage

from lungseg.errors import InputError
from lungseg.preparation import find_radiographs
from lungseg.preparation.case import doubt_case
from lungseg.radiographs import read_image, read_mask


def outline(mask: np.ndarray, width: int) -> np.ndarray:
    return mask & ~ndimage.binary_erosion(mask, np.ones((3, 3)), iterations=width)


def one_lung(mask: np.ndarray, left: bool) -> np.ndarray:
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    centres = [centre[1] for centre in ndimage.center_of_mass(mask, labels, range(1, count + 1))]
    middle = np.mean([min(centres), max(centres)])
    keep = [index + 1 for index, centre in enumerate(centres) if (centre > middle) == left]
    return np.isin(labels, keep)


def moved(mask: np.ndarray, down: float, right: float) -> np.ndarray:
    return ndimage.shift(mask, (down * mask.shape[0], right * mask.shape[1]), order=0)


def zoomed(mask: np.ndarray, factor: float) -> np.ndarray:
    y, x = np.indices(mask.shape)
    places = [
        ((axis - side / 2) / factor + side / 2).astype(int) for axis, side in zip((y, x), mask.shape, strict=True)
    ]
    inside = np.logical_and.reduce([(p >= 0) & (p < side) for p, side in zip(places, mask.shape, strict=True)])
    rows, columns = (np.clip(p, 0, side - 1) for p, side in zip(places, mask.shape, strict=True))
    return mask[rows, columns] & inside


def specks(mask: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng([0]).random(mask.shape) < 0.001
    return mask | ndimage.binary_dilation(noise, iterations=4)


FAULTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "upside down": np.flipud,
    "turned by 90 degrees": lambda mask: np.rot90(mask).copy(),
    "negative": np.logical_not,
    "outline, 1 pixel": lambda mask: outline(mask, 1),
    "outline, 3 pixels": lambda mask: outline(mask, 3),
    "outline, 6 pixels": lambda mask: outline(mask, 6),
    "right lung only": lambda mask: one_lung(mask, left=False),
    "left lung only": lambda mask: one_lung(mask, left=True),
    "half of one lung missing": lambda mask: (
        mask & ~((np.indices(mask.shape)[0] > 0.4 * len(mask)) & one_lung(mask, True))
    ),
    "enlarged by 30 %": lambda mask: zoomed(mask, 1.3),
    "enlarged by 60 %": lambda mask: zoomed(mask, 1.6),
    "reduced to a half": lambda mask: zoomed(mask, 0.5),
    "moved to the right by 15 %": lambda mask: moved(mask, 0, 0.15),
    "moved up by 20 %": lambda mask: moved(mask, -0.2, 0),
    "moved down by 20 %": lambda mask: moved(mask, 0.2, 0),
    "bounding box": lambda mask: box(mask),
    "specks all over": specks,
    "left and right swapped": np.fliplr,
}


def box(mask: np.ndarray) -> np.ndarray:
    boxes = np.zeros_like(mask)
    for place in ndimage.find_objects(ndimage.label(mask, np.ones((3, 3)))[0]):
        boxes[place] = True
    return boxes


def judge(image: np.ndarray, mask: np.ndarray) -> list[str]:
    """Return the doubts, or what is refused."""
    try:
        return doubt_case(image, mask)
    except InputError as fault:
        return [f"refused: {fault}"]


def look(files: tuple, faults: bool) -> dict[str, list[str]]:
    image, mask = read_image(files[0]), read_mask(files[1])
    if not faults:
        return {"": judge(image, mask)}
    return {name: judge(image, np.asarray(plant(mask))) for name, plant in FAULTS.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("source", type=Path, help="folder of radiographs and masks")
    parser.add_argument("--count", type=int, default=50, help="masks to plant each fault in")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one per core)")
    options = parser.parse_args()
    found = find_radiographs(options.source)
    files = [(radiograph.image, radiograph.masks) for radiograph in found]
    as_they_are = Parallel(options.jobs)(delayed(look)(one, False) for one in files)
    doubted = [
        (radiograph.case, reasons[""]) for radiograph, reasons in zip(found, as_they_are, strict=True) if reasons[""]
    ]
    print(f"true masks: {len(doubted)} of {len(found)} doubted, {100 * len(doubted) / len(found):.1f} %")
    for reason, number in Counter(reason for _, reasons in doubted for reason in reasons).most_common():
        print(f"  {number:4}  {reason}")
    certain = [one for one, reasons in zip(files, as_they_are, strict=True) if not reasons[""]]
    some = [certain[index] for index in np.linspace(0, len(certain) - 1, min(options.count, len(certain))).astype(int)]
    planted = Parallel(options.jobs)(delayed(look)(one, True) for one in some)
    print(f"\n{'planted fault':<28} {'named':>9}   the most frequent reason")
    for name in FAULTS:
        reasons = [one[name] for one in planted]
        first = Counter(reason for one in reasons for reason in one).most_common(1)
        words = f"{first[0][0][:70]} ({first[0][1]})" if first else ""
        print(f"{name:<28} {sum(map(bool, reasons)):>3} of {len(reasons):<3}  {words}")


if __name__ == "__main__":
    main()
