"""What is evaluated: a network, the cases, and the classes that they show."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lungseg.arguments import described
from lungseg.cases import case_id, list_cases
from lungseg.errors import InputError, warn_caller
from lungseg.evaluation.selection import select_cases
from lungseg.files import as_items, as_paths
from lungseg.loading import Load
from lungseg.prediction.cases import shown_by
from lungseg.preparation.recipes import recipe_beside, recipe_in_words
from lungseg.problems import LUNGS, Problem
from lungseg.runs import Run, load_run


class Subject(NamedTuple):
    """A network and the cases it is evaluated on.

    Attributes
    ----------
    model : keras.Model or callable
    cases : sequence of paths, or of what `load` takes
    problem : Problem
    """

    model: Callable[..., Any]
    cases: Sequence[Any]
    problem: Problem


def open_subject(model: Any, cases: Any = None, load: Load | None = None, problem: Problem | None = None) -> Subject:
    """Find out what is to be evaluated.

    Parameters
    ----------
    model, cases, load, problem
        As `lungseg.evaluate` takes them.

    Returns
    -------
    Subject

    Raises
    ------
    InputError
        If there are no cases, or they show other channels or classes than the network knows.
    """
    run = load_run(model) if isinstance(model, str | Path) else model if isinstance(model, Run) else None
    if run is None and not (callable(model) or hasattr(model, "predict_on_batch")):
        raise InputError(
            f"evaluate expected a network, a run or a run folder as model, and then the cases. Received: "
            f"{described(model)}. Give them in this order: evaluate(model, cases)."
        )
    if cases is None and run is None:
        raise InputError(
            f"evaluate expected the cases. Received: only a {type(model).__name__}. Pass them, as "
            "`split.test` or the name of their folder; or a run, which knows them."
        )
    cases = _list_cases(run, cases, load)
    if run is None:
        return Subject(model, cases, shown_by(cases, load, problem))
    found = shown_by(cases, load, problem if load is None else problem or run.problem)
    if len(cases):  # that there are none is said elsewhere
        check_problem(run, found, cases)
    if load is None and (said := prepared_otherwise(run, cases)):
        warn_caller(said)
    return Subject(run.model, cases, found)


def check_problem(run: Run, problem: Problem, cases: Sequence[Any]) -> None:
    """Refuse cases that show other channels or classes than the training of a run had.

    Parameters
    ----------
    run : Run
    problem : Problem
        That of the cases.
    cases : sequence
        Named in the message.

    Raises
    ------
    InputError
        If they do.
    """
    known = getattr(run, "problem", LUNGS)
    same = known.classes == problem.classes and known.softmax == problem.softmax
    alike = len(known.channels) == len(problem.channels) == 1 or known.channels == problem.channels
    if not (same and alike):
        raise InputError(
            f"{case_id(cases[0])}: expected what the network of {run.folder.name} was trained on, {_in_words(known)}. "
            f"Received: {_in_words(problem)}. Name other cases, or another run."
        )


def prepared_otherwise(run: Run, cases: Sequence[str | Path]) -> str:
    """Say if cases were prepared otherwise than those that a run was trained on.

    Parameters
    ----------
    run : Run
    cases : sequence of paths

    Returns
    -------
    str
        Empty if they were not, or nobody knows.
    """
    trained, said = run.settings.get("preparation"), recipe_beside(cases)
    if not trained or not said:
        return ""
    before, now = recipe_in_words(trained), recipe_in_words(said)
    if before == now:
        return ""
    return (
        f"These cases were prepared otherwise than those of the training: {now}. The network expects: {before}. "
        "Prepare them by the same recipe, or the figures tell of the preparation, too."
    )


def _list_cases(run: Run | None, cases: Any, load: Load | None) -> Sequence[Any]:
    """Return the cases as a list; those of a folder that a run has not seen, if there is a run."""
    if cases is None and run is not None:
        folder = run.settings.get("cases")
        if not isinstance(folder, str):
            raise InputError(
                f"{run.folder.name}: expected the cases, which this run does not name. Received: none. "
                f"Pass them: evaluate(run, cases{', load=...' * bool(run.settings.get('load'))})."
            )
        return select_cases(run, list_cases(folder), folder, own=True)[0]
    if not isinstance(cases, str | Path):
        return as_paths(cases, "evaluate") if load is None else as_items(cases, "evaluate")
    if Path(cases).suffix == ".npy" and Path(cases).is_file():
        return [Path(cases)]
    return list_cases(cases) if run is None else select_cases(run, list_cases(cases), cases)[0]


def _in_words(problem: Problem) -> str:
    kind = "exclusive classes" if problem.softmax else "class" if len(problem.classes) == 1 else "classes"
    channels = f"the channels {', '.join(problem.channels)}" if len(problem.channels) > 1 else "1 channel"
    return f"{channels} and the {kind} {', '.join(problem.classes)}"
