"""How much longer does a training step take with augmentation?

    python benchmarks/augmentation.py [--size 256] [--filters 16] [--depth 4] [--rounds 5]

Trains the same network on the same phantoms without and with `standard(elastic=True)`, in turns, and prints the
ratio of the medians. The batches are made while the network computes, so this is the cost as felt; what
augmentation takes by itself is printed beside it.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from lungseg import DataGenerator, build_unet
from lungseg.augmentation import standard
from lungseg.phantom import write_phantoms
from lungseg.training import compile_model

BATCHES, BATCH_SIZE = 12, 8


def epoch_time(model, cases: list[Path], augment) -> float:
    generator = DataGenerator(cases, BATCH_SIZE, augment=augment)
    start = time.perf_counter()
    model.fit(generator, epochs=1, shuffle=False, verbose=0)
    return time.perf_counter() - start


def alone(augment, cases: list[Path]) -> float:
    """Return the seconds that augmentation takes for all the batches, with nothing beside it."""
    images = np.stack([np.load(case) for case in cases[:BATCH_SIZE]]).astype("float32")
    start = time.perf_counter()
    for number in range(BATCHES):
        augment(images[..., :1], images[..., 1:], seed=number)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--filters", type=int, default=16)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    augment = standard(elastic=True)
    model = build_unet((options.size, options.size, 1), options.filters, options.depth)
    compile_model(model)
    with tempfile.TemporaryDirectory() as folder:
        cases = write_phantoms(folder, count=BATCHES * BATCH_SIZE, size=options.size)
        epoch_time(model, cases, augment)  # Keras builds its graph
        plain, augmented = [], []
        for _ in range(options.rounds):
            plain.append(epoch_time(model, cases, None))
            augmented.append(epoch_time(model, cases, augment))
        by_itself = alone(augment, cases)
    without, with_it = statistics.median(plain), statistics.median(augmented)
    print(f"{BATCHES} steps of {BATCH_SIZE} images, {options.size} x {options.size}")
    print(f"{'without augmentation':28}{without:8.2f} s")
    print(f"{'with standard(elastic=True)':28}{with_it:8.2f} s")
    print(f"{'augmentation by itself':28}{by_itself:8.2f} s")
    print(f"{'ratio':28}{with_it / without:8.2f}")


if __name__ == "__main__":
    main()
