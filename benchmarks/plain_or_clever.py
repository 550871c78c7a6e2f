"""What do the faster ways gain in `lungseg prepare` and `lungseg predict`, each against a plain library call?

    python benchmarks/plain_or_clever.py [--rounds 5] [--model pretrained]

A row is a whole command, in turns with the plain and with the faster way, several times; the gain is the median of
the rounds, in time of the processor, or of the clock where threads are compared. Both ways stand here, since the
package holds only one of them: the plain one, unless the other gains 5 % or more.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from PIL import Image
from scipy import ndimage

from lungseg.masks.cleaning import EIGHT_NEIGHBOURS
from lungseg.phantom import write_raw_phantoms
from lungseg.prediction import open_model, segment_files
from lungseg.preparation import prepare_folder

LARGE = (2500, 2000)
percentile = np.percentile  # as long as it is NumPy's


# ---- Opening a mask with a square, which finds the body -----------------------------------------


def binary_opening(mask: np.ndarray, side: int) -> np.ndarray:
    return ndimage.binary_opening(mask, np.ones((side, side)))


def grey_opening(mask: np.ndarray, side: int) -> np.ndarray:
    return ndimage.grey_opening(mask.astype(np.uint8), side, mode="constant").astype(bool)


def opening_by_shifts(mask: np.ndarray, side: int) -> np.ndarray:
    """Combine copies of the mask that are shifted against each other."""
    rows, columns = mask.shape[0] - side + 1, mask.shape[1] - side + 1
    if rows < 1 or columns < 1:
        return np.zeros(mask.shape, bool)
    tall = np.logical_and.reduce([mask[k : k + rows] for k in range(side)])
    squares = np.logical_and.reduce([tall[:, k : k + columns] for k in range(side)])
    wide, opened = np.zeros((rows, mask.shape[1]), bool), np.zeros(mask.shape, bool)
    for k in range(side):
        wide[:, k : k + columns] |= squares
    for k in range(side):
        opened[k : k + rows] |= wide
    return opened


# ---- Percentiles --------------------------------------------------------------------------------


def percentiles_by_counting(values: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Count the values instead of sorting them, where they are whole numbers from 0 to 255."""
    if values.min() < 0 or values.max() > 255 or not np.array_equal(whole := values.astype(np.uint8), values):
        return percentile(values, shares)
    up_to = np.cumsum(np.bincount(whole.ravel()))
    place = (values.size - 1) * (np.asarray(shares) / 100)
    below = np.floor(place)
    lower, upper = (np.searchsorted(up_to, np.minimum(p, values.size - 1), side="right") for p in (below, below + 1))
    return lower + (place - below) * (upper - lower)


# ---- Components and holes of a mask -------------------------------------------------------------


def label_the_whole(mask: np.ndarray) -> tuple[np.ndarray, int, tuple[slice, slice]]:
    return *ndimage.label(mask, structure=EIGHT_NEIGHBOURS), (slice(0, None), slice(0, None))


def label_in_a_box(mask: np.ndarray) -> tuple[np.ndarray, int, tuple[slice, slice]]:
    places = [np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (slice(int(p[0]), int(p[-1]) + 1) if p.size else slice(0, 1) for p in places)
    return *ndimage.label(mask[rows, columns], structure=EIGHT_NEIGHBOURS), (rows, columns)


def fill_holes_by_labels(component: np.ndarray) -> np.ndarray:
    background, _ = ndimage.label(np.pad(~component, 1, constant_values=True))
    return (background != background[0, 0])[1:-1, 1:-1]


# ---- Threads ------------------------------------------------------------------------------------


class OneAfterTheOther(ThreadPoolExecutor):
    def submit(self, work, /, *arguments, **named) -> Future:
        done = Future()
        done.set_result(work(*arguments, **named))
        return done


# ---- Measuring ----------------------------------------------------------------------------------

CLEANING = ("lungseg.masks.cleaning", "lungseg.masks.measuring", "lungseg.masks.plausibility")
LABEL = [f"{module}.label_components" for module in CLEANING]
# what is compared, where it is called, the plain way, the faster one, the clock, in which commands
COMPARED = [
    ("opening: scipy's binary / by shifts", ["lungseg.preparation.cropping._open"], binary_opening, opening_by_shifts),
    ("opening: scipy's grey / by shifts", ["lungseg.preparation.cropping._open"], grey_opening, opening_by_shifts),
    ("percentiles: numpy's / by counting", ["numpy.percentile"], percentile, percentiles_by_counting),
    ("components: of the whole / in a box", LABEL, label_the_whole, label_in_a_box),
    (
        "holes: scipy's / by labels",
        ["lungseg.masks.cleaning._fill_holes"],
        ndimage.binary_fill_holes,
        fill_holes_by_labels,
    ),
    (
        "files: one by one / in threads",
        ["lungseg.prediction.files.ThreadPoolExecutor"],
        OneAfterTheOther,
        ThreadPoolExecutor,
    ),
]


def enlarge(source: Path, out: Path, count: int) -> Path:
    """Write the first images of a folder, and their masks, at the size of real radiographs, with noise."""
    for kind in ("images", "masks"):
        (out / kind).mkdir(parents=True)
        for index, file in enumerate(sorted((source / kind).iterdir())[:count]):
            with Image.open(file) as image:
                values = np.asarray(image.resize(LARGE, Image.Resampling.NEAREST)).astype(np.float32)
            if kind == "images":
                values += np.random.default_rng(index).normal(0, 3, values.shape).astype(np.float32)
            Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(out / kind / file.name)
    return out


def measure(command: Callable[[Path], object], places: list[str], way: Callable, clock: Callable[[], float]) -> float:
    with ExitStack() as stack, tempfile.TemporaryDirectory() as out:
        for place in places:
            stack.enter_context(patch(place, way))
        start = clock()
        command(Path(out) / "out")
        return clock() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="pretrained")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    model = open_model(options.model)

    def prepare(source: Path, out: Path) -> None:
        prepare_folder(source, out, n_jobs=1, progress=False)

    def predict(source: Path, out: Path) -> None:
        segment_files(model, [source / "images"], out, report=lambda line: None, progress=False)

    print(f"{'':<38} {'command':<8} {'images':<16} {'plain':>8} {'faster':>8} {'gain':>6}")
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write_raw_phantoms(small, count=40, size=512)
        enlarge(small, large, count=4)
        for name, places, plain, faster in COMPARED:
            clock = time.perf_counter if faster is ThreadPoolExecutor else time.process_time
            commands = (prepare, predict) if "preparation" in places[0] or "numpy" in places[0] else (predict,)
            for command in commands:
                for source, images in ((small, "40 of 512 x 512"), (large, f"4 of {LARGE[0]} x {LARGE[1]}")):
                    run = partial(command, source)
                    measure(run, places, plain, clock)  # the first one is slower
                    pairs = [
                        [measure(run, places, way, clock) for way in (plain, faster)] for _ in range(options.rounds)
                    ]
                    gain = statistics.median(1 - fast / slow for slow, fast in pairs)
                    slow, fast = (statistics.median(times) for times in zip(*pairs, strict=True))
                    print(
                        f"{name:<38} {command.__name__:<8} {images:<16} {slow:>6.2f} s {fast:>6.2f} s {gain:>6.1%}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
