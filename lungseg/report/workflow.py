"""Evaluates the network of a run: predicts the cases once, and writes table, summary, figures and report from that."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

from lungseg.arguments import described
from lungseg.cases import case_id, list_cases, mark_cases
from lungseg.errors import InputError
from lungseg.evaluation.evaluation import Evaluation, measure_cases
from lungseg.evaluation.selection import seen_in_training, seen_text, select_cases
from lungseg.evaluation.subject import check_problem, prepared_otherwise
from lungseg.evaluation.summary import SUMMARY_FILE, TABLE_FILE, summarise, summary_text, write_evaluation
from lungseg.evaluation.thresholds import validation_cases
from lungseg.files import (
    UNFINISHED,
    DiskFull,
    as_folder,
    case_key,
    folder_lock,
    open_folder,
    remove_unfinished,
    telling_of_a_full_disk,
)
from lungseg.masks.cleaning import THRESHOLD
from lungseg.plotting.confusion import plot_confusion
from lungseg.plotting.figure import save_figure
from lungseg.plotting.gallery import save_evaluation_figures
from lungseg.plotting.history import plot_history
from lungseg.problems import LUNGS, problem_of
from lungseg.report.facts import run_name
from lungseg.report.writing import REPORT, write_report
from lungseg.runs import Run, load_run

# Drawn anew, or not at all, by each evaluation.
FIGURES = (
    "figures/dice_by_group.png",
    "figures/dice_by_class.png",
    "figures/confusion.png",
    "figures/gallery.png",
    "figures/history.png",
)


def evaluate_run(
    run: str | Path | Run,
    cases: str | Path | None = None,
    part: str | None = None,
    out: str | Path | None = None,
    clean: bool = False,
    report: Callable[[str], object] = print,
    progress: bool = False,
) -> Evaluation:
    """Evaluate the network of a run on cases that it has not seen; this is the command `lungseg evaluate`.

    Writes `report.html`, `evaluation.csv` with a row for each case, `summary.json` and `figures/`. Each case
    is predicted once, for all of them together. They appear at the end, together: until then, and if anything goes
    wrong, those of an earlier evaluation stay.

    Parameters
    ----------
    run : str, Path or Run
        A run folder or a run; or "pretrained", with `cases` and `out`, for the network that comes with the package.
    cases : str or Path, optional
        A folder of cases; by default the one the run was trained on.
    part : {"test", "validation", "train", "all"}, optional
        Which part of the run's split. By default the test part; of other cases, all that the training has not seen.
    out : str or Path, optional
        Where to write the results; by default the run folder.
    clean : bool
        Keep the two largest components of each mask and fill holes.
    report : callable
        Is given the lines about what is evaluated, the summary, and the names of the files.
    progress : bool
        Show progress bars.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If the run names no folder of cases and none is given, no case is left, a case cannot be used, the results
        cannot be written or would lie among the cases, or another command is at work in their folder.

    Examples
    --------
    >>> import tempfile
    >>> from types import SimpleNamespace
    >>> from lungseg.phantom.writing import write_phantoms
    >>> folder = Path(tempfile.mkdtemp())
    >>> paths = write_phantoms(folder / "cases", count=3, size=32)
    >>> facts = {"settings": {}, "split_ids": {}, "seen_before": set(), "history": {"loss": [0.9, 0.5]}}
    >>> run = SimpleNamespace(folder="darkness", model=lambda images: 1 - images, **facts)
    >>> evaluation = evaluate_run(run, folder / "cases", out=folder / "out", report=lambda line: None)
    >>> len(evaluation.table), sorted(path.name for path in (folder / "out").iterdir())
    (3, ['evaluation.csv', 'figures', 'report.html', 'summary.json'])
    """
    run = load_run(run) if isinstance(run, str | Path) else run
    if not hasattr(run, "settings"):
        raise InputError(
            f"evaluate_run expected a run, or a run folder. Received: {described(run)}. Of a network, use "
            "lungseg.evaluate(model, cases)."
        )
    if not run.settings.get("cases") and (cases is None or out is None):
        raise InputError(
            f"{run.folder.name}: expected the cases to evaluate, and where to write. "
            f"Received: {'no --out' if out is None and cases else 'no --cases'}. Name both: --cases DIR --out DIR."
        )
    folder = Path(run.settings["cases"]) if cases is None else as_folder(cases, "cases")
    out = Path(run.folder) if out is None else as_folder(out, "out")
    try:
        everything = list_cases(folder)
    except InputError as fault:
        if cases is not None:
            raise
        moved = "The network was trained on these; if they lie elsewhere now, name the folder: --cases DIR --part test."
        raise InputError(f"{fault} {moved}") from None
    paths, lines = select_cases(run, everything, folder, part, own=cases is None)
    check_problem(run, problem_of(paths), paths)
    seen = seen_in_training(run, map(case_id, paths))
    if part not in ("train", "validation"):
        lines.append(seen_text(seen))
    lines += [prepared_otherwise(run, paths), _other_pixels(run, part, paths, own=cases is None)]
    for line in filter(None, lines):
        report(line)

    if os.path.realpath(out) in {os.path.realpath(path.parent) for path in everything} and out != Path(run.folder):
        raise InputError(f"{out}: expected a folder for the results. Received: that of the cases. Name another --out.")
    open_folder(out, "Name another --out.")  # before hours of measuring
    try:
        with folder_lock(out), telling_of_a_full_disk("The results of before, if any, are as they were."):
            remove_unfinished(out)
            return _evaluate_into(out, run, paths, everything, folder, part, cases is None, clean, report, progress)
    finally:
        with suppress(OSError):  # something is in it, as usual
            out.rmdir()


def _evaluate_into(
    out: Path,
    run: Run,
    paths: list[Path],
    everything: list[Path],
    folder: Path,
    part: str | None,
    own: bool,
    clean: bool,
    report: Callable[[str], object],
    progress: bool,
) -> Evaluation:
    """Evaluate the chosen cases into a folder that exists and is locked."""
    candidates = everything if own else _validation_candidates(run, everything)
    problem = problem_of(paths)
    curves = _training_curves(run, report)
    validation = validation_cases(run.split_ids, candidates)
    evaluation = replace(
        measure_cases(run.model, paths, clean, progress, validation, problem),
        about={
            "run": run_name(run),
            "cases": folder.resolve().name,
            "part": part or ("test" if own else "not seen in training"),
            "seen_in_training": sum(seen_in_training(run, map(case_id, paths)).values()),
            "clean": clean,
            "threshold": None if problem.softmax else THRESHOLD,
            **({} if problem == LUNGS else {"problem": problem.described()}),
        },
    )
    with _appearing_together(out) as unseen:
        write_evaluation(evaluation.table, unseen, evaluation.about, problem, evaluation.confusion)
        figures = save_evaluation_figures(evaluation.table, evaluation.cases, evaluation.masks, unseen)
        if evaluation.confusion is not None:
            confusion = plot_confusion(evaluation.confusion, problem.names_of_outputs)
            figures.append(save_figure(confusion, unseen / "figures" / "confusion.png"))
        if curves:
            figures.append(save_figure(curves, unseen / "figures" / "history.png"))
        page = write_report(run, evaluation, evaluation.cases, unseen, candidates, progress)
    report(summary_text(summarise(evaluation.table, problem)))
    names = [page.name, "evaluation.csv", "summary.json", *(f"figures/{path.name}" for path in figures)]
    report(f"\nWritten to {out}: {', '.join(names)}")
    return evaluation


@contextmanager
def _appearing_together(out: Path) -> Iterator[Path]:
    """Give a hidden folder, and move the files that were written there into the folder they belong to.

    The report of before goes first and the new one comes last: whatever happens meanwhile, a report never stands
    beside a table that it does not tell of.
    """
    unseen = out / f".{os.urandom(6).hex()}{UNFINISHED}"
    before = unseen / "before"
    try:
        (before / "figures").mkdir(parents=True)
        yield unseen
        (out / "figures").mkdir(exist_ok=True)
        aside = [name for name in (REPORT, *FIGURES) if (out / name).exists()]
        try:
            for name in aside:
                os.replace(out / name, before / name)
            os.replace(unseen / TABLE_FILE, out / TABLE_FILE)
        except OSError:  # as of a table that is open in another program on Windows
            for name in aside:
                if (before / name).exists():
                    os.replace(before / name, out / name)
            raise
        for name in (SUMMARY_FILE, *FIGURES, REPORT):
            if (unseen / name).exists():
                os.replace(unseen / name, out / name)
    except (OSError, DiskFull) as error:  # that names a file of the hidden folder
        file = error.file if isinstance(error, DiskFull) else error.filename
        if file is None or unseen not in Path(file).parents:
            raise
        file = out / Path(file).relative_to(unseen)
        raise (DiskFull(file) if isinstance(error, DiskFull) else OSError(*error.args[:2], str(file))) from None
    finally:
        shutil.rmtree(unseen, ignore_errors=True)


def _other_pixels(run: Run, part: str | None, paths: list[Path], own: bool) -> str:
    """Say if the cases have other pixels than when the network was trained, empty if they have not."""
    part = part or "test"
    mark = (run.settings.get("fingerprint") or {}).get(part)
    same_names = {case_key(case_id(path)) for path in paths} == set(run.split_ids.get(part, ()))
    if not (own and mark and same_names) or mark_cases(paths) == mark:
        return ""
    return "These cases have the same names, but other pixels than when the network was trained. Is that meant?"


def _validation_candidates(run: Run, others: Sequence[Path]) -> Sequence[Path]:
    """Return the cases among which the validation part of a run is looked for, if other cases are evaluated.

    Those of the training, if they are still there: elsewhere a case of that name may be of another patient.
    """
    with suppress(InputError):
        own = list_cases(run.settings["cases"]) if run.settings.get("cases") else []
        if validation_cases(run.split_ids, own):
            return own
    return others


def _training_curves(run: Run, report: Callable[[str], object]) -> Figure | None:
    """Draw the training curves of a run; without them the evaluation goes on."""
    try:
        return plot_history(run.history)
    except InputError as fault:
        report(f"There will be no training curves. {fault}")
        return None
