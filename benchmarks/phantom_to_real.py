"""How real are the phantoms? Train a U-Net on phantoms alone and score it on real radiographs.

python benchmarks/phantom_to_real.py CASES                     CASES: a folder of real cases (lungseg prepare)
python benchmarks/phantom_to_real.py CASES --phantoms 3200 --epochs 10 --seed 1

Prints how many phantoms a second one core draws, and the mean Dice per image (threshold 0.5, no
clean-up of the predictions) over all cases, by source and by diagnosis. No real case is trained on,
and it is the last epoch that is scored, not the best. But the score is not a blind one on the
Montgomery and Shenzhen sets: the ranges of the phantoms' anatomy, and their edges, were adjusted to
averages of those very radiographs and to the errors made on them.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

from lungseg.cases import list_cases, load_case
from lungseg.evaluation import evaluate
from lungseg.generator import DataGenerator
from lungseg.losses import DiceCrossentropyLoss
from lungseg.phantom import make_phantom, write_phantoms
from lungseg.unet import build_unet


def phantoms_per_second(size: int, seed: int, count: int = 100) -> float:
    """Phantoms drawn in a second of processor time, by one process."""
    make_phantom(0, seed, size)
    start = time.process_time()
    for index in range(count):
        make_phantom(index, seed, size)
    return count / (time.process_time() - start)


def train_on_phantoms(size: int, count: int, epochs: int, seed: int, jobs: int) -> keras.Model:
    """A U-Net that has seen ``count`` phantoms, each ``epochs`` times."""
    keras.utils.set_random_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        cases = write_phantoms(folder, count, size, seed, n_jobs=jobs, progress=True)
        batches = DataGenerator(cases, batch_size=8, seed=seed)
        rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
        model = build_unet((size, size, 1))
        model.compile(keras.optimizers.Adam(rate), DiceCrossentropyLoss())
        model.fit(batches, epochs=epochs, verbose=2)
    return model


def print_table(table) -> None:
    """Mean, standard deviation and median Dice of each group of cases."""
    print(f"\n{'cases':<28} {'images':>6} {'mean':>7} {'sd':>7} {'median':>7} {'worst':>7}")
    groups = [("all", table)]
    groups += list(table.groupby("source"))
    groups += [(f"diagnosis: {name}", part) for name, part in table.groupby("diagnosis")]
    groups += [(", ".join(map(str, name)), part) for name, part in table.groupby(["source", "diagnosis"])]
    for name, part in groups:
        dice = part["dice"]
        numbers = f"{dice.mean():7.4f} {dice.std():7.4f} {dice.median():7.4f} {dice.min():7.4f}"
        print(f"{name:<28} {len(part):>6} {numbers}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cases", type=Path, help="folder of prepared real cases")
    parser.add_argument("--phantoms", type=int, default=1600)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=-1, help="processes that draw (default: one per core)")
    options = parser.parse_args()
    real = list_cases(options.cases)
    size = load_case(real[0]).shape[0]
    print(f"{phantoms_per_second(size, options.seed):.0f} phantoms a second at {size} x {size} on one core")
    start = time.perf_counter()
    model = train_on_phantoms(size, options.phantoms, options.epochs, options.seed, options.jobs)
    print(f"{options.phantoms} phantoms, {options.epochs} epochs: {time.perf_counter() - start:.0f} s")
    print_table(evaluate(model, real, batch_size=32))


if __name__ == "__main__":
    main()
