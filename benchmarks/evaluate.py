"""How often does `lungseg evaluate` send a case through the network, and how long does it take?

    python benchmarks/evaluate.py [CASES] [--before DIR] [--count 300] [--size 128] [--rounds 3]

CASES is a folder of cases; without one, phantoms are drawn. A network is trained on them for an epoch, and
evaluated by the command, on its test part and on all cases. The validation cases are predicted as well: they
show the effect of the threshold. DIR is a checkout of another version, which evaluates the same network in
turns with this one, each in a process of its own. The seconds are those of the command, without the import of
Keras: those of the clock, and of all processor cores together, which other programs disturb less. Images that
only fill the last batch are not counted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

HERE = Path(__file__).resolve().parents[1]
COMMAND = """
import json, sys, time
from collections import Counter
import lungseg
import keras
from lungseg.cli import main

seen = Counter()
predict = keras.Model.predict_on_batch

def counted(model, images):
    seen.update(image.tobytes() for image in images if image.any())
    return predict(model, images)

keras.Model.predict_on_batch = counted
clocks = time.perf_counter, time.process_time
start = [clock() for clock in clocks]
main(sys.argv[1:], standalone_mode=False)
seconds = [clock() - begin for clock, begin in zip(clocks, start)]
print(json.dumps([seen.total(), len(seen), max(seen.values(), default=0), *seconds]))
"""


class Cost(NamedTuple):
    """What a command cost: images predicted, cases among them, the most images of one case, and seconds."""

    images: int
    cases: int
    most: int
    seconds: float
    processor: float


def run(version: Path, *arguments: str | Path) -> Cost:
    """Run a command of lungseg in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(version.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="?", help="a folder of cases; by default phantoms")
    parser.add_argument("--before", type=Path, metavar="DIR", help="a checkout of the version to compare with")
    parser.add_argument("--count", type=int, default=300, help="how many phantoms")
    parser.add_argument("--size", type=int, default=128, help="height and width of the phantoms")
    parser.add_argument("--rounds", type=int, default=3, help="how many times")
    options = parser.parse_args()
    versions = {"before": options.before} if options.before else {}
    versions["after" if options.before else "now"] = HERE
    with tempfile.TemporaryDirectory() as workplace:
        cases, trained = options.cases or Path(workplace) / "phantoms", Path(workplace) / "run"
        if options.cases is None:
            run(HERE, "phantom", cases, "--count", str(options.count), "--size", str(options.size))
        run(HERE, "train", cases, trained, "--epochs", "1")
        print(f"{'part':6}{'version':>9}{'cases':>8}{'images':>8}{'per case':>10}{'most':>6}{'clock':>10}{'cores':>10}")
        for part in ("test", "all"):
            costs: dict[str, list[Cost]] = {name: [] for name in versions}
            for _ in range(options.rounds):  # in turns: a computer's speed changes from minute to minute
                for name, version in versions.items():
                    out = Path(workplace) / name
                    cost = run(version, "evaluate", trained, "--part", part, "--out", out)
                    costs[name].append(cost)
                    counts = f"{cost.cases:8}{cost.images:8}{cost.images / cost.cases:10.2f}{cost.most:6}"
                    print(f"{part:6}{name:>9}{counts}{cost.seconds:8.1f} s{cost.processor:8.1f} s", flush=True)
            if options.before:
                before, after = (np.median(np.array(costs[name]), axis=0) for name in versions)
                images, _, _, clock, cores = after / before
                print(f"{part}: ratio of images {images:.2f}, clock {clock:.2f}, cores {cores:.2f}", flush=True)


if __name__ == "__main__":
    main()
