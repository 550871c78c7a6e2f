"""Whether trainings of two versions give the same weights, bit for bit, and what an epoch costs the processor.

    python benchmarks/same_weights.py COMMIT     the version to compare with, as git names it
    python benchmarks/same_weights.py COMMIT --cases CASES --epochs 4

Both train on the same cases (by default 40 phantoms of 64 x 64 pixels) with the same seed and one thread, each in a
process of its own: as they are, and with augmentation. Exit status 1 if a weight or a score differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
AUGMENT = {"plain": "None", "augmented": "standard(1.0, elastic=True)"}
TRAIN = """
import sys, time
import keras, numpy
from lungseg import train
from lungseg.augmentation import standard

cases, out, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])

class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.took = []
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.process_time()
    def on_epoch_end(self, epoch, logs=None):
        self.took.append(time.process_time() - self.began)

clock = Clock()
run = train(cases, out, epochs=epochs, augment={augment}, callbacks=[clock], report=lambda line: None)
numpy.savez(out + "/weights.npz", *run.model.get_weights(), seconds=min(clock.took[1:]))
"""


def train(version: Path, cases: Path, out: Path, epochs: int, augment: str) -> None:
    """Train with a version of the package in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(version), "TF_NUM_INTRAOP_THREADS": "1"}
    environment |= {"TF_NUM_INTEROP_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1"}
    program = TRAIN.replace("{augment}", augment)
    arguments = [sys.executable, "-c", program, str(cases), str(out), str(epochs)]
    subprocess.run(arguments, check=True, env=environment, cwd=out.parent)


def compare(one: Path, other: Path) -> dict[str, float | bool]:
    """Compare two runs, the numbers of their weights and of their history."""
    weights, others = (np.load(run / "weights.npz") for run in (one, other))
    names = [name for name in weights.files if name != "seconds"]
    history, before = (pd.read_csv(run / "history.csv") for run in (one, other))
    return {
        "same weights": names == [name for name in others.files if name != "seconds"]
        and all(np.array_equal(weights[name], others[name]) for name in names),
        "same history": history[list(before)].equals(before),
        "processor s an epoch": float(weights["seconds"]),
        "before": float(others["seconds"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        before, cases = place / "before", options.cases and options.cases.resolve()
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", before, options.commit], check=True)
        try:
            if cases is None:
                from lungseg.phantom.writing import write_phantoms

                cases = place / "cases"
                write_phantoms(cases, count=40, size=64)
            rows = {}
            for name, augment in AUGMENT.items():
                for label, version in (("before", before), ("now", ROOT)):
                    train(version, cases, place / f"{name}_{label}", options.epochs, augment)
                rows[name] = compare(place / f"{name}_now", place / f"{name}_before")
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", before], check=True)
    table = pd.DataFrame(rows).T
    print(table.to_string())
    if not table[["same weights", "same history"]].to_numpy().all():
        sys.exit(1)


if __name__ == "__main__":
    main()
