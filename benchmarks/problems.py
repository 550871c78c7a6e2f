"""Four problems that are no lungs, from image files to a report: Dice of each class on the test part, time, and lines.
The time is that of the whole road after the drawing, on the clock and of the processor.

Runs what stands in docs/other_problems.md, as it stands there: the code in Python, or the commands.

    python benchmarks/problems.py [nuclei thorax fibres land] [--commands]
"""

import argparse
import contextlib
import io
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "other_problems.md"
PROBLEMS = ("nuclei", "thorax", "fibres", "land")
DRAWING = "benchmarks/drawing_problems.py"


def code_of(problem: str, language: str) -> str:
    """Return the block of the page that makes the cases of a problem."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return next(block for block in blocks if f"{problem}_cases" in block)


def run_line(line: str) -> None:
    """Run a line for the shell."""
    subprocess.run(
        line.replace(DRAWING, str(PAGE.parents[1] / DRAWING)), shell=True, check=True, stdout=subprocess.DEVNULL
    )


def processor_seconds() -> float:
    """Return the time of the processor that this process and its children have taken."""
    return sum(os.times()[:4])


def measure(problem: str, commands: bool) -> tuple[dict[str, float], str, int]:
    """Return the Dice of each class, the time after the files were drawn, and the lines that it took."""
    from lungseg.evaluation import read_evaluation

    lines = code_of(problem, "sh").splitlines()
    drawing = [line for line in lines if DRAWING in line or "lungseg phantom" in line]
    for line in drawing:
        run_line(line)
    began, busy = time.perf_counter(), processor_seconds()
    if commands:
        steps = [line for line in lines if line not in drawing]
        for line in steps:
            run_line(line)
    else:
        code = code_of(problem, "python")
        steps = [line for line in code.splitlines() if line.strip()]
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {})
    seconds = f"{time.perf_counter() - began:.0f} s on the clock, {processor_seconds() - busy:.0f} s of the processor"
    table = read_evaluation(f"{problem}_run")
    prefix = "dice_"
    classes = [name for name in table.columns if name.startswith(prefix) and not name.endswith(("_raw", "_cleaned"))]
    return {name.removeprefix(prefix): table[name].mean() for name in classes}, seconds, len(steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", nargs="*", help=f"Some of {', '.join(PROBLEMS)}; by default all.")
    parser.add_argument("--commands", action="store_true", help="The commands of the page, in place of its Python.")
    asked = parser.parse_args()
    print("problem  mean Dice of the test part, by class; time; lines")
    for problem in asked.problems or PROBLEMS:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            dice, seconds, lines = measure(problem, asked.commands)
            scores = ", ".join(f"{name} {value:.3f}" for name, value in dice.items())
            print(f"{problem:8} {scores}; {seconds}; {lines} lines", flush=True)
            os.chdir(PAGE.parent)


if __name__ == "__main__":
    main()
