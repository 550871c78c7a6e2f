"""What notebook 5 evaluates: the student's trained network with its test cases, or a stand-in; and its report."""

import html
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lungseg.cases import case_id, check_cases
from lungseg.datasets import default_cases
from lungseg.evaluation.selection import seen_in_training
from lungseg.phantom import write_phantoms
from lungseg.pretrained import copy_pretrained, load_pretrained
from lungseg.report.workflow import evaluate_run
from lungseg.report.writing import REPORT
from lungseg.runs import BEST_MODEL, PRETRAINED, Run, load_run
from lungseg.splits import Split
from lungseg_course.engine.lines import in_lines
from lungseg_course.record import place_of
from lungseg_course.training.folders import find_run_folder

TASKS = {"best": "chose its best epoch", "last": "watched (its last epoch was kept)"}


@dataclass
class Trained:
    """A training that is over.

    Attributes
    ----------
    run : Run
    split : Split
        Its cases in their three parts.
    shown_as : str
        The name of its folder, as a text tells it.
    is_stand_in : bool
        Whether it is not the student's.
    """

    run: Run
    split: Split
    shown_as: str
    is_stand_in: bool = False
    _folder: Any = field(default=None, repr=False)  # goes when this object goes

    def write_report(self) -> "Page":
        """Evaluate the run once more, for a report with all its figures, and return the page.

        It lies in the run folder, with the table of the test cases, its summary, and the figures.
        """
        folder = Path(self.split.test[0]).parent
        moved = None if Path(self.run.settings["cases"]) == folder else folder
        part = None if moved is None else "test"
        evaluate_run(self.run, cases=moved, part=part, out=self.run.folder, report=lambda line: None)
        return Page(self.run.folder / REPORT, f"{self.shown_as}/{REPORT}", inside=self.is_stand_in)


def find_training(few: int = 24) -> Trained:
    """Return the training that notebook 4 left behind, and say what is known of it.

    If there is none, the network that comes with the package stands in, with phantoms that nothing was trained on.

    Parameters
    ----------
    few : int
        How many phantoms are drawn for the stand-in.

    Returns
    -------
    Trained
    """
    folder = find_run_folder(make=False)
    if not (folder / BEST_MODEL).is_file():
        return _stand_in(folder, few)
    run = load_run(folder)
    settings, counts = run.settings, run.settings["count"]
    cases = Path(settings["cases"])
    if not cases.is_dir():  # trained on another computer
        cases = default_cases(size=settings["size"][0], count=sum(counts.values()))
    split = run.find_split(cases)
    _describe(run, split)
    return Trained(run, split, f"{folder.parent.name}/{folder.name}")


def _stand_in(missing: Path, few: int) -> Trained:
    shown_as = f"{missing.parent.name}/{missing.name}"
    print(in_lines(f"There is no trained network in {shown_as}: run {place_of('4')} first."))
    print(in_lines("Until then the network that comes with the package stands in."))
    place = tempfile.TemporaryDirectory()
    phantoms = write_phantoms(Path(place.name) / "cases", count=few, size=256)
    run = copy_pretrained(Path(place.name) / "run", phantoms)
    split = run.find_split(phantoms)
    _describe(run, split)
    return Trained(run, split, "a folder that goes when you close this notebook", True, place)


def _describe(run: Run, split: Split) -> None:
    """Print what a run tells of its training."""
    settings, counts = run.settings, run.settings["count"]
    task = TASKS[settings.get("keep", "best")]
    print(f"{counts['train']} cases trained this network, {counts['validation']} {task},")
    print(f"and {len(split.test)} have waited for this notebook.")
    print(f"{len(run.history)} epochs, best val_dice {run.history['val_dice'].max():.3f}")
    if settings.get("finished") is False:
        print("The training was interrupted; this is the best network so far.")
    authors = settings.get("code", {"all of it": "lungseg"})
    print("Code:", ", ".join(f"{part} by {author}" for part, author in authors.items()))


class Page:
    """A page that a notebook shows as a link to it, or inside of itself where no link can lead there.

    Attributes
    ----------
    path : Path
    shown_as : str
        The path as a text tells it.
    inside : bool
        Whether the page is shown inside of the notebook. On Colab it always is.
    """

    def __init__(self, path: Path, shown_as: str, inside: bool = False):
        self.path, self.shown_as = path, shown_as
        self.inside = inside or "google.colab" in sys.modules

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        if self.inside:
            page = html.escape(self.path.read_text(encoding="utf-8"))
            tag = f'<iframe title="The report" srcdoc="{page}" style="width: 100%; height: 40em;"></iframe>'
            return {"text/html": tag, "text/plain": "The report of this run."}
        link = quote(Path(os.path.relpath(self.path)).as_posix())
        tag = f'<a href="{link}" target="_blank">Open the report</a> ({html.escape(self.shown_as)})'
        return {"text/html": tag, "text/plain": f"The report is {self.shown_as}."}


def shipped_network(cases: Sequence[str | Path]) -> Any:
    """Return the network that comes with the package, for cases of this size; say so if it has learnt from some.

    It works at the size at which it was trained: images are enlarged for it, and its answers made smaller again.

    Parameters
    ----------
    cases : sequence of paths

    Returns
    -------
    keras.Model
        From images (B, H, W, 1) to probabilities (B, H, W, 1).
    """
    import keras

    network, size = load_pretrained(), check_cases(cases)
    seen = sum(seen_in_training(load_run(PRETRAINED), map(case_id, cases)).values())
    if seen:
        print(in_lines(f"The shipped network has learnt from {seen} of these {len(cases)} cases: it has an advantage."))
    enlarge = keras.layers.Resizing(*network.input_shape[1:3], data_format="channels_last")
    make_smaller = keras.layers.Resizing(*size, antialias=True, data_format="channels_last")
    return keras.Sequential([keras.Input((*size, 1)), enlarge, network, make_smaller])
