"""The whole path in one go: executes the notebooks Train_UNET and Predict_UNet.

Leaves the executed notebooks, the run folder and its figures under `results/demo`, where no student's notebook writes.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from lungseg.evaluation import read_evaluation, summarise, summary_text
from lungseg.training import duration

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results" / "demo"
NOTEBOOKS = {"Train_UNET": "about two minutes on two cores", "Predict_UNet": "half a minute"}


def execute(name: str, folder: Path, out: Path) -> None:
    """Execute a notebook in its folder; write it with its outputs to `out`, also if a cell fails."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = iter(range(1, cells + 1))

    def show(cell, cell_index, execute_reply):
        print(f"\r  cell {next(done)} of {cells}", end="", flush=True)

    client = NotebookClient(
        notebook,
        timeout=3600,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # the kernel's notices are not about this course
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=show,
    )
    try:
        client.execute()
    finally:
        print()
        nbformat.write(notebook, out / f"{name}.ipynb")


def main() -> int:
    run = RESULTS / "run"
    os.environ["LUNGSEG_RUN"] = str(run)
    # The kernel is this Python, whatever kernels the computer has installed.
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    shutil.rmtree(run, ignore_errors=True)  # of an earlier demo: the notebook would find it finished
    RESULTS.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    for name, expected in NOTEBOOKS.items():
        print(f"Executing {name}.ipynb ({expected}) ...", flush=True)
        try:
            execute(name, ROOT / "solutions", RESULTS)
        except CellExecutionError as error:
            print(f"{name}.ipynb stopped: {error.ename}: {error.evalue}. See {RESULTS / name}.ipynb.", file=sys.stderr)
            return 1
    summary = summarise(read_evaluation(run))
    print(f"\n{summary_text(summary)}\n")
    print(f"Test Dice: {summary['dice']['mean']:.3f} (mean of {summary['count']} test cases)")
    print(f"Time: {duration(time.perf_counter() - start)}")
    print("Look at:")
    for path in [RESULTS / f"{name}.ipynb" for name in NOTEBOOKS] + sorted((run / "figures").glob("*.png")):
        print(f"  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
