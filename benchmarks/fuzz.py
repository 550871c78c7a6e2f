"""Does a damaged file end in one line? Damages many, and gives them to all that reads files.

    python benchmarks/fuzz.py                                    all of it, ten minutes on two cores
    python benchmarks/fuzz.py --only readers/png predict         one kind of one target, and all of another
    python benchmarks/fuzz.py --only prepare --count 300 --seed 7

Hypothesis draws the damage: in small whole files bits are flipped, bytes go or come twice, the end is cut off, lengths
and sizes say something extreme, parts are exchanged, dropped or replaced, with checksums mended so that the damage gets
past them. The same seed gives the same files, as long as neither Hypothesis nor the package
changes, whose constants it draws, too. Each is tried in a process that may be stopped. It fails if anything but
an InputError is raised; if what is said is not one short line; if it takes more than 10 s or 500 MB; if anything is
written outside the folder that may be written into, or to the terminal; if code runs that came with the file; or if
whole files beside it suffer. Files that fail are kept in FAILED, with what was done to them.
"""

import argparse
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from fuzzing.attempts import Outcome, Place, Target
from fuzzing.damage import Damaged
from fuzzing.drawing import damaged_files
from fuzzing.targets import TARGETS
from fuzzing.trainings import TRAININGS
from fuzzing.workers import UNUSABLE, WAIT, Worker

COUNTS = {
    "readers": 17_000,
    "prepare": 4_000,
    "predict": 2_000,
    "unpack": 500,
    "networks": 500,
    "evaluate": 200,
    "train": 200,
    "resume": 200,
}
FEW = {"readers/dicom bomb": 2}  # kinds of which there are no more


class Row(NamedTuple):
    """What came of one kind of files at one target."""

    name: str
    outcomes: list[Outcome]

    def __str__(self) -> str:
        faults = sum(bool(outcome.fault) for outcome in self.outcomes)
        refused = sum(outcome.refused and not outcome.fault for outcome in self.outcomes)
        slowest = max((outcome.seconds for outcome in self.outcomes), default=0)
        growth = max((outcome.growth for outcome in self.outcomes), default=0) / 1e6
        count = len(self.outcomes)
        numbers = f"{count:8,}{count - refused - faults:8,}{refused:9,}{faults:9,}"
        return f"{self.name:24}{numbers}{slowest:10.2f} s{growth:9.0f} MB"


def keep(folder: Path, name: str, seed: int, number: int, place: Place, damaged: Damaged, outcome: Outcome) -> None:
    """Keep a file that failed, and how it was made."""
    folder = folder / f"{name.replace('/', '-').replace(' ', '_')}-{seed}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / Path(place.file).name).write_bytes(damaged.data)
    lines = [
        f"{outcome.fault} ({outcome.seconds:.2f} s, {outcome.growth / 1e6:.0f} MB)",
        f"{place.file}:",
        *damaged.how,
    ]
    command = f"python benchmarks/fuzz.py --seed {seed} --only '{name}' --count {number + 1}"
    text = "\n".join([*lines, "", f"number {number} of {command}", "", outcome.said])
    (folder / "how.txt").write_text(text, encoding="utf-8", errors="backslashreplace")


def run(
    target: Target, whole: Path, kinds: dict[str, list[Place]], count: int, options: argparse.Namespace
) -> list[Row]:
    """Try all files of some kinds at one target, by turns in one process."""
    first = next(iter(kinds.values()))[0]
    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Worker(target, whole, (first.file, first.instead_of, first.whole), Path(folder, "s"), options.limit) as worker,
    ):
        for name, places in kinds.items():
            row = Row(name, [])
            for place in places:
                outcome = worker.attempt(place.file, place.instead_of, place.whole)
                if outcome.refused or outcome.fault:
                    outcome = outcome._replace(fault=UNUSABLE)
                    keep(options.failed, name, options.seed, 0, place, Damaged(place.whole, ()), outcome)
                    row.outcomes.append(outcome)
            few = min(count, FEW.get(name, count)) if not row.outcomes else 0
            for number, place, damaged in damaged_files(places, few, options.seed, name):
                outcome = worker.attempt(place.file, place.instead_of, damaged.data)
                row.outcomes.append(outcome)
                if outcome.fault:
                    keep(options.failed, name, options.seed, number, place, damaged, outcome)
            print(row, flush=True)
            rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="TARGET[/KIND]", help="by default all")
    parser.add_argument("--count", type=int, help="files of each kind; by default 23,700 altogether")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--limit", type=float, default=WAIT, help="seconds until a file is given up")
    parser.add_argument("--failed", type=Path, default=Path("results/fuzz"), help="a folder for the files that fail")
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(options.jobs) as threads:
        jobs = []
        for target_name, target in (TARGETS | TRAININGS).items():
            if options.only and not any(only.split("/")[0] == target_name for only in options.only):
                continue
            whole = Path(made) / target_name
            whole.mkdir()
            target.make(whole)
            kinds = {f"{target_name}/{kind}": places for kind, places in target.places(whole).items()}
            count = options.count or -(-COUNTS[target_name] // len(kinds))
            wanted = {
                name: kinds[name] for name in kinds if not options.only or {name, target_name} & set(options.only)
            }
            # Where Keras is imported, one process does all kinds.
            parts = [wanted] if target_name in TRAININGS else [{name: places} for name, places in wanted.items()]
            jobs += [(target, whole, part, count, options) for part in parts]
        print(f"{'':24}{'files':>8}{'read':>8}{'refused':>9}{'failed':>9}{'slowest':>12}{'growth':>12}")
        rows = [row for rows in threads.map(lambda job: run(*job), jobs) for row in rows]
        print(Row("all", [outcome for row in rows for outcome in row.outcomes]))
    faults = Counter(f"{row.name}: {outcome.fault}" for row in rows for outcome in row.outcomes if outcome.fault)
    for fault, times in faults.most_common():
        print(f"{times:6} x {fault}")
    print(f"seed {options.seed}, {time.perf_counter() - start:.0f} s")
    if faults:
        raise SystemExit(f"{sum(faults.values())} files failed; they are in {options.failed}.")


if __name__ == "__main__":
    main()
