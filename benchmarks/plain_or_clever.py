"""What do the faster ways gain in `lungseg prepare` and `lungseg predict`, each against a plain library call?

    python benchmarks/plain_or_clever.py [--rounds 15] [--model pretrained]

A row is a whole command, in turns with the plain and with the faster way; its time is the shortest of the rounds, of
the processor, or of the clock where threads are compared. The package holds the faster way where it gains 5 % or
more, on images of one size or the other.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import numpy as np
from PIL import Image
from scipy import ndimage

from lungseg.masks.cleaning import EIGHT_NEIGHBOURS, fill_holes, label_components
from lungseg.phantom import write_raw_phantoms
from lungseg.prediction import open_model, segment_files
from lungseg.preparation import prepare_folder
from lungseg.preparation.cropping import open_with_square, percentiles

LARGE = (2500, 2000)  # width and height of a real radiograph


def opening(mask: np.ndarray, side: int) -> np.ndarray:
    """Open a mask in the plain way; `ndimage.binary_opening` takes twice as long."""
    return ndimage.grey_opening(mask.astype(np.uint8), side, mode="constant").astype(bool)


def label(mask: np.ndarray) -> tuple[np.ndarray, int, tuple[slice, slice]]:
    return *ndimage.label(mask, structure=EIGHT_NEIGHBOURS), (slice(0, None), slice(0, None))


class OneByOne(ThreadPoolExecutor):
    """No threads: each piece of work is done when it is submitted."""

    def submit(self, work, /, *arguments, **named) -> Future:
        future: Future = Future()
        try:
            future.set_result(work(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


CROPPING, CASE = "lungseg.preparation.cropping", "lungseg.preparation.case"
MASKS, FILES = "lungseg.masks", "lungseg.prediction.files"
# what is compared, in which names, the plain way, the faster one
COMPARED: list[tuple[str, list[str], Callable, Callable]] = [
    ("opening: scipy, or by shifts", [f"{CROPPING}.open_with_square"], opening, open_with_square),
    (
        "percentiles: numpy, or by counting",
        [f"{CROPPING}.percentiles", f"{CASE}.percentiles"],
        np.percentile,
        percentiles,
    ),
    (
        "components: of the whole, or in a box",
        [f"{MASKS}.{module}.label_components" for module in ("cleaning", "measuring", "plausibility")],
        label,
        label_components,
    ),
    ("holes: scipy, or by labels", [f"{MASKS}.cleaning.fill_holes"], ndimage.binary_fill_holes, fill_holes),
    ("files: one by one, or in threads", [f"{FILES}.ThreadPoolExecutor"], OneByOne, ThreadPoolExecutor),
]


def enlarge(source: Path, out: Path, count: int) -> None:
    """Write the first images of a folder, and their masks, at the size of real radiographs, with noise."""
    for kind in ("images", "masks"):
        (out / kind).mkdir(parents=True)
        for index, file in enumerate(sorted((source / kind).iterdir())[:count]):
            with Image.open(file) as image:
                values = np.asarray(image.resize(LARGE, Image.Resampling.NEAREST))
            if kind == "images":
                most = np.iinfo(values.dtype).max
                noise = np.random.default_rng(index).normal(0, most / 100, values.shape)
                values = (values + noise).clip(0, most).astype(values.dtype)
            Image.fromarray(values).save(out / kind / file.name)


def measure(command: Callable, source: Path, names: list[str], way: Callable, clock: Callable[[], float]) -> float:
    with ExitStack() as stack, tempfile.TemporaryDirectory() as out:
        for name in names:
            stack.enter_context(patch(name, way))
        start = clock()
        command(source, Path(out) / "out")
        return clock() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="pretrained")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    model = open_model(options.model)

    def prepare(source: Path, out: Path) -> None:
        prepare_folder(source, out, n_jobs=1, progress=False)

    def predict(source: Path, out: Path) -> None:
        segment_files(model, [source / "images"], out, report=lambda line: None, progress=False)

    print(f"{'':<38} {'command':<8} {'images':<16} {'plain':>8} {'faster':>8} {'gain':>6}")
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write_raw_phantoms(small, count=10, size=512)
        enlarge(small, large, count=2)
        for title, names, plain, faster in COMPARED:
            clock = time.perf_counter if plain is OneByOne else time.process_time
            for command in (prepare, predict) if CROPPING in names[0] else (predict,):
                for source, images in ((small, "10 of 512 x 512"), (large, f"2 of {LARGE[0]} x {LARGE[1]}")):
                    rounds = [
                        [measure(command, source, names, way, clock) for way in (plain, faster)]
                        for _ in range(options.rounds + 1)
                    ]
                    slow, fast = (min(times) for times in zip(*rounds[1:], strict=True))  # the first one warms up
                    print(
                        f"{title:<38} {command.__name__:<8} {images:<16} {slow:>6.3f} s {fast:>6.3f} s "
                        f"{1 - fast / slow:>6.1%}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
