"""What a student and an author of the course wait for, in seconds and as a ratio to loading TensorFlow.

python benchmarks/course.py

Each check of a right answer (all of its looks) with TensorFlow loaded, and the whole of `course/build.py --check`.
Loading TensorFlow is measured in the same run, as the unit. What a check takes is CPU time, so that a busy machine does
not matter; it ends with an error if that is more than a student should wait.
"""

import ast
import re
import subprocess
import sys
import tempfile
import time
from os import chdir
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3
FUNCTION, NETWORK = 0.5, 3.0  # seconds that a check may take of a plain function, and where networks are made
NETWORKS = ("2.", "4.3", "4.4", "4.5", "5.1")


def seconds(code: list[str]) -> float:
    """Return the shortest time that a new Python process takes."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *code], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def is_needed(node: ast.stmt) -> bool:
    """Whether the answers need a line of another cell: an import, or the block that is given."""
    given = isinstance(node, ast.FunctionDef) and node.name == "encoder_block"
    return given or isinstance(node, ast.Import | ast.ImportFrom)


def answers() -> dict[str, tuple]:
    """Return the number of each exercise → its right answers, out of the solution notebooks."""
    import nbformat

    from lungseg_course.engine.exercises import NOTEBOOKS, find_exercise

    found = {}
    for path in NOTEBOOKS.values():
        module = ModuleType(Path(path).stem)
        sys.modules[module.__name__] = module
        exec("from lungseg import DataGenerator", vars(module))
        for cell in nbformat.read(ROOT / "solutions" / path, as_version=4).cells:
            number = re.match(r"# Exercise (\d\.\d)\n", cell.source)
            if cell.cell_type == "code":
                wanted = [node for node in ast.parse(cell.source).body if number or is_needed(node)]
                exec(compile(ast.Module(wanted, []), f"{path}, {cell.id}", "exec"), vars(module))
            if number:
                names = find_exercise(number.group(1)).names
                found[number.group(1)] = tuple(getattr(module, name) for name in names)
    return found


def main() -> None:
    unit = seconds(["-c", "import tensorflow"])
    print(f"{'':24}{'seconds':>9}{'ratio':>8}")
    slow = []
    print(f"{'import tensorflow':24}{unit:9.2f}{1:8.2f}")
    build = seconds([str(ROOT / "course" / "build.py"), "--check"])
    print(f"{'course/build.py --check':24}{build:9.2f}{build / unit:8.2f}")

    from lungseg_course.engine.checking import first_wrong

    with tempfile.TemporaryDirectory() as folder:
        chdir(folder)  # what was done is noted in the working directory
        for number, answer in answers().items():
            times = []
            for _ in range(REPEATS):
                start = time.process_time()
                wrong = first_wrong(number, *answer)
                times.append(time.process_time() - start)
                assert wrong is None, wrong.report()
            label = f'check("{number}")'
            print(f"{label:24}{min(times):9.2f}{min(times) / unit:8.2f}   the first time {times[0]:.2f} s")
            if min(times) > (NETWORK if number.startswith(NETWORKS) else FUNCTION):
                slow.append(number)
        chdir(ROOT)
    if slow:
        sys.exit(f"A student waits too long for the check of {', '.join(slow)}.")


if __name__ == "__main__":
    main()
