"""The whole path in one go: executes the notebooks Train_UNET and Predict_UNet, and shows what came of it.

Leaves the executed notebooks, the run folder, its figures and its report under `results/demo`, where no student's
notebook writes. On a desktop the report is opened.
"""

import os
import shutil
import sys
import time
import webbrowser
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import lungseg_course
from lungseg.evaluation import read_evaluation, summarise, summary_text
from lungseg.report import evaluate_run
from lungseg.training import duration

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results" / "demo"
RUN = RESULTS / "run"
PICTURE, REPORT = RUN / "figures" / "gallery.png", RUN / "report.html"
NOTEBOOKS = {"Train_UNET": "about two minutes on two cores", "Predict_UNet": "half a minute"}
WIDTH = 79  # of a terminal


class Follower(NotebookClient):
    """Executes a notebook, and tells which cell runs and what the training says of itself."""

    def __init__(self, notebook: nbformat.NotebookNode, folder: Path):
        super().__init__(
            notebook,
            timeout=3600,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],  # the kernel's notices are not about this course
            resources={"metadata": {"path": str(folder)}},
            on_cell_executed=self.count,
        )
        self.cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        self.done, self.epoch = 0, ""

    def count(self, cell, cell_index, execute_reply):
        self.done += 1
        show_on_one_line(f"cell {self.done} of {self.cells}")

    def process_message(self, msg, cell, cell_index):
        """Do with a message of the kernel what the client does; look out for those of the live figure."""
        if msg["msg_type"] in ("display_data", "update_display_data"):
            line, _, _ = msg["content"]["data"].get("text/plain", "").partition("\n")
            if line.startswith("epoch "):
                self.tell(line)
        return super().process_message(msg, cell, cell_index)

    def tell(self, line: str) -> None:
        """Show a line about the training: in its place on a terminal, elsewhere once an epoch."""
        epoch = line.partition(" · ")[0]
        if sys.stdout.isatty():
            show_on_one_line(f"cell {self.done + 1} of {self.cells}: {line}")
        elif "batch" not in line and epoch != self.epoch:
            self.epoch = epoch
            print(f"  {line}", flush=True)


def show_on_one_line(text: str) -> None:
    """Write over what stands on the line of a terminal; elsewhere nothing."""
    if sys.stdout.isatty():
        print(f"\r  {text[: WIDTH - 3]:{WIDTH - 3}}", end="", flush=True)


def execute(name: str, folder: Path, out: Path) -> None:
    """Execute a notebook in its folder; write it with its outputs to `out`, also if a cell fails."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    try:
        Follower(notebook, folder).execute()
    finally:
        show_on_one_line("")
        if sys.stdout.isatty():
            print("\r", end="", flush=True)
        nbformat.write(notebook, out / f"{name}.ipynb")


def is_a_desktop() -> bool:
    """Whether somebody sits before a screen on which a browser can open."""
    if os.environ.get("CI") or os.environ.get("SSH_CONNECTION") or not sys.stdout.isatty():
        return False
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or bool(screen)


def show_results(seconds: float) -> None:
    """Say where the picture of the result is, then the rest; on a desktop, open the report."""
    if not REPORT.is_file():
        evaluate_run(RUN, report=lambda line: None)
    summary = summarise(read_evaluation(RUN))
    print(f"\nThe result, as a picture: {shown(PICTURE)}")
    print(f"and as a page to read:    {shown(REPORT)}")
    print(f"\n{summary_text(summary)}\n")
    print(f"Test Dice: {summary['dice']['mean']:.3f} (mean of {summary['count']} test cases)")
    print(f"Time: {duration(seconds)}")
    print("There are also:")
    others = [path for path in sorted((RUN / "figures").glob("*.png")) if path != PICTURE]
    for path in [RESULTS / f"{name}.ipynb" for name in NOTEBOOKS] + others:
        print(f"  {shown(path)}")
    if is_a_desktop() and webbrowser.open(REPORT.as_uri()):
        print("The report opens in your browser.")


def shown(path: Path) -> str:
    """Return a path as one types it in the folder of the project."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def main() -> int:
    os.environ["LUNGSEG_RUN"] = str(RUN)
    os.environ.pop("LUNGSEG_COURSE", None)  # where a student works
    # The kernel is this Python, whatever kernels the computer has installed.
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    shutil.rmtree(RUN, ignore_errors=True)  # of an earlier demo: the notebook would find it finished
    RESULTS.mkdir(parents=True, exist_ok=True)
    print(f"A picture of the result will be in {shown(PICTURE)}.")
    start = time.perf_counter()
    for name, expected in NOTEBOOKS.items():
        print(f"Executing {name}.ipynb ({expected}) ...", flush=True)
        try:
            execute(name, ROOT / "solutions", RESULTS)
        except CellExecutionError as error:
            print(f"{name}.ipynb stopped: {error.ename}: {error.evalue}. See {RESULTS / name}.ipynb.", file=sys.stderr)
            return 1
    show_results(time.perf_counter() - start)
    return 0


if __name__ == "__main__":
    sys.exit(main())
