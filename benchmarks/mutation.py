"""Do the tests notice when the code is wrong? Plants small faults one at a time and counts those that a test catches.

    pip install cosmic-ray
    python benchmarks/mutation.py                      a sample of each module, two processes
    python benchmarks/mutation.py --modules losses     one module
    python benchmarks/mutation.py --each 60 --seed 1   another and larger sample

Each mutant (`+` becomes `-`, `<` becomes `<=`, 1 becomes 2, a decorator goes ...) runs its tests in a fresh process and
in a copy of the project. Type annotations are left out. What survives is printed with its line, unless `EQUIVALENT`
gives the reason why nobody can tell the difference.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from mutation_reasons import EQUIVALENT

ROOT = Path(__file__).resolve().parents[1]
# Module → the tests that should notice, below tests/lungseg or tests/lungseg_course; the likeliest first.
MODULES = {
    "lungseg/splits.py": "test_splits.py",
    "lungseg/generator.py": "test_generator*.py",
    "lungseg/losses.py": "test_losses.py",
    "lungseg/metrics.py": "test_metrics.py",
    "lungseg/masks/cleaning.py": "masks/test_cleaning.py masks/test_measuring.py",
    "lungseg/masks/measuring.py": "masks/test_measuring.py",
    "lungseg/masks/overlap.py": "masks/test_overlap.py",
    "lungseg/masks/plausibility.py": "masks/test_plausibility.py",
    "lungseg/preparation/geometry.py": "preparation/test_geometry.py preparation/test_case.py",
    "lungseg/preparation/cropping.py": "preparation/test_cropping.py preparation/test_case.py",
    "lungseg/training/resume.py": "training/test_resume.py training/test_damaged_runs.py training/test_training.py",
    "lungseg/training/settings.py": "training/test_settings.py test_older_runs.py training/test_training.py",
    "lungseg/evaluation/selection.py": "evaluation/test_selection.py report/test_workflow.py",
    "lungseg/evaluation/thresholds.py": "evaluation/test_thresholds.py report/test_workflow.py",
    "lungseg/radiographs/dicom/display.py": "radiographs/test_dicom*.py",
    "lungseg/radiographs/dicom/tables.py": "radiographs/test_dicom*.py",
    "lungseg_course/engine/checking.py": "student_tools/test_check.py",
}
WORKER = """
import json, sys
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import MutationSpec
job = json.load(sys.stdin)
result = mutate_and_test([MutationSpec(**job["spec"])], job["command"], job["timeout"])
print(json.dumps({"outcome": result.test_outcome or "none", "diff": result.diff or ""}))
"""


def positions(path: Path) -> list[dict]:
    """List the mutants of a module, one for each place and kind of fault, without those in annotations."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB

    with tempfile.TemporaryDirectory() as folder:
        database = WorkDB(str(Path(folder) / "session.sqlite"), WorkDB.Mode.create)
        init([path], database, {})
        mutations = [item.mutations[0] for item in database.work_items]
        database.close()
    annotated = _annotation_lines(path)
    found = []
    for spec in mutations:
        if any(start <= spec.start_pos and spec.end_pos <= end for start, end in annotated):
            continue
        kind = spec.operator_name.split("/")[-1].split("_")[0]
        found.append({"spec": spec, "place": (spec.start_pos, kind)})
    return found


def _annotation_lines(path: Path) -> list[tuple]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes if n is not None]


def sample(path: Path, count: int, rng: random.Random) -> list:
    """Draw mutants at different places, at most one of a kind at each."""
    by_place: dict = {}
    for each in positions(path):
        by_place.setdefault(each["place"], []).append(each["spec"])
    places = sorted(by_place)
    return [rng.choice(by_place[place]) for place in sorted(rng.sample(places, min(count, len(places))))]


def copy_project(folder: Path) -> Path:
    """Copy what git knows of the project, so that a mutant meets no other one and no half-edited file."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, files):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def command(module: str) -> str:
    folder = ROOT / "tests" / module.split("/")[0]
    tests = [str(p.relative_to(ROOT)) for pattern in MODULES[module].split() for p in sorted(folder.glob(pattern))]
    return f"{sys.executable} -m pytest -x -q -p no:randomly -p no:cacheprovider {module} {' '.join(tests)}"


def try_mutant(copies: SimpleQueue, module: str, spec, timeout: float) -> tuple:
    """Run the tests of a module with one fault in it; return what came out, and the changed lines."""
    import json

    folder = copies.get()
    try:
        job = {
            "spec": {
                "module_path": str(module),
                "operator_name": spec.operator_name,
                "occurrence": spec.occurrence,
                "start_pos": spec.start_pos,
                "end_pos": spec.end_pos,
                "operator_args": spec.operator_args,
            },
            "command": command(module),
            "timeout": timeout,
        }
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", WORKER],
            input=json.dumps(job),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        answer = json.loads(done.stdout.splitlines()[-1])
        return module, spec, answer["outcome"], answer["diff"]
    finally:
        copies.put(folder)


def changed(diff: str) -> list[str]:
    """Return the lines of a diff that were taken out and put in."""
    return [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("---", "+++")]


def reason_for(module: str, diff: str) -> str | None:
    """Return why a mutant is equivalent, from the line that it changed."""
    before, after = (" ".join(line[1:] for line in changed(diff) if line[0] == sign).strip() for sign in "-+")
    return EQUIVALENT.get((module, before, after))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", nargs="*", help="parts of their names, as losses")
    parser.add_argument("--each", type=int, default=22, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=300, help="seconds for the tests of one mutant")
    options = parser.parse_args()
    chosen = [m for m in MODULES if not options.modules or any(word in m for word in options.modules)]
    began, outcomes = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as work:
        copies: SimpleQueue = SimpleQueue()
        for number in range(options.jobs):
            copies.put(copy_project(Path(work) / str(number)))
        with ThreadPoolExecutor(options.jobs) as pool:
            rng = random.Random(options.seed)
            waiting = [
                pool.submit(try_mutant, copies, module, spec, options.timeout)
                for module in chosen
                for spec in sample(ROOT / module, options.each, rng)
            ]
            for future in waiting:
                module, spec, outcome, diff = future.result()
                why = reason_for(module, diff) if outcome == "survived" else None
                outcomes.append((module, "equivalent" if why else outcome))
                if outcome == "survived":
                    print(f"{why or 'SURVIVED'}  {module}:{spec.start_pos[0]}  {spec.operator_name}", flush=True)
                    print("\n".join(f"    {line}" for line in changed(diff)), flush=True)
    return report(chosen, outcomes, time.perf_counter() - began)


def report(chosen: list[str], outcomes: list[tuple[str, str]], seconds: float) -> int:
    """Print a row for each module and the sum; return 1 if fewer than nine in ten are caught."""
    print(f"\n{'module':38} {'mutants':>8} {'caught':>8} {'equivalent':>11} {'survived':>9}")
    for name in [*chosen, "all"]:
        rows = [outcome for module, outcome in outcomes if name in (module, "all")]
        caught = sum(outcome in ("killed", "incompetent") for outcome in rows)
        print(f"{name:38} {len(rows):8} {caught:8} {rows.count('equivalent'):11} {rows.count('survived'):9}")
    real = [outcome for _, outcome in outcomes if outcome != "equivalent"]
    share = sum(outcome in ("killed", "incompetent") for outcome in real) / max(1, len(real))
    print(f"{share:.1%} of those that can be told are caught, in {seconds / 60:.0f} min.")
    return int(share < 0.9)


if __name__ == "__main__":
    sys.exit(main())
