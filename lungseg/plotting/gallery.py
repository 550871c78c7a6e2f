"""The gallery of an evaluation, its best, median and worst cases with both outlines, and the files of its figures."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.cases import case_id
from lungseg.errors import InputError, counted
from lungseg.masks.cleaning import THRESHOLD
from lungseg.masks.overlap import mean_dice
from lungseg.plotting.charts import check_table, plot_dice_by_class, plot_dice_by_group
from lungseg.plotting.classes import as_masks, draw_added, draw_masks
from lungseg.plotting.figure import NotebookFigure, check_count, panel_grid, save_figure, show_title
from lungseg.plotting.legends import explain_masks
from lungseg.plotting.overlays import draw_image, draw_mistakes
from lungseg.plotting.shown import Shown, read_shown
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.outcome import components_to_keep, predicted, tidy, without_ignored
from lungseg.problems import Problem, problem_of

if TYPE_CHECKING:
    import pandas as pd


def plot_gallery(
    table: "pd.DataFrame",
    cases: Sequence[str | Path],
    predict: Callable[..., Any] | Mapping[str, np.ndarray],
    count: int = 3,
    threshold: float = THRESHOLD,
    clean: bool = False,
) -> NotebookFigure:
    """Draw the cases with the highest, the middle and the lowest Dice, and both outlines.

    Only the cases shown are read.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluate`, or the table of an `Evaluation`.
    cases : sequence of paths
        The files of the cases in the table; others do no harm.
    predict : keras.Model or callable, or mapping from case ids to masks (H, W) or (H, W, K)
        The network of the evaluation: it predicts the cases shown once more. Or the masks that it gave already, as
        `Evaluation.masks` holds them.
    count : int
        Cases of each kind. Fewer are shown when the table has less than three
        times as many, so that none is shown twice.
    threshold, clean
        As they were given to `evaluate`. Masks that were given are shown as they are.

    Returns
    -------
    matplotlib.figure.Figure
        A row each of best, median and worst cases (a single row if there is
        one of each). Above each panel stand case id, Dice and HD95 in pixels, or which class was not found at all. What
        was added is tinted, and of one class what was missed, too.

    Raises
    ------
    InputError
        If a case of the table is missing or cannot be used, or the predictions do not have the Dice of the table:
        then the figure would show others than those that were evaluated.

    Examples
    --------
    A "network" that calls bright pixels lung:

    >>> import tempfile
    >>> from lungseg.evaluation import evaluate
    >>> folder, rng = Path(tempfile.mkdtemp()), np.random.default_rng(0)
    >>> for name in "abc":
    ...     np.save(folder / f"{name}.npy", rng.integers(0, 2, (8, 8, 2)))
    >>> cases = sorted(folder.iterdir())
    >>> def bright(images):
    ...     return images
    >>> figure = plot_gallery(evaluate(bright, cases), cases, bright)
    >>> [ax.get_title().split(":")[0] for ax in figure.axes]
    ['best', 'median', 'worst']
    """
    check_table(table, ["case", "dice", "hd95"])
    check_count(count=count)
    chosen = choose_examples(table, count)
    shown = [(kind, name) for kind, names in chosen.items() for name in names]
    most = max(map(len, chosen.values()))
    if most == 1:
        return draw_examples(table, cases, predict, shown, len(shown), threshold, clean)
    figure = draw_examples(table, cases, predict, shown, most, threshold, clean, rows=True)
    for ax, (kind, name) in zip(figure.axes, shown, strict=True):
        if name == chosen[kind][0]:
            ax.set_ylabel(kind, fontsize=12, fontweight="bold")
    return figure


def draw_examples(
    table: "pd.DataFrame",
    cases: Sequence[str | Path],
    predict: Callable[..., Any] | Mapping[str, np.ndarray],
    shown: Sequence[tuple[str, str]],
    columns: int,
    threshold: float = THRESHOLD,
    clean: bool = False,
    rows: bool = False,
) -> NotebookFigure:
    """Draw chosen cases with both outlines, and the scores that the table gives them.

    Parameters
    ----------
    table, cases, predict, threshold, clean
        As for `plot_gallery`.
    shown : sequence of (kind, case id)
        "best", "median", "worst" or nothing: stands above the panel, and in the alternative text.
    columns : int
        Panels in a row.
    rows : bool
        Leave the kind out above the panels, and room for it on the left.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        As `plot_gallery` does.
    """
    path_of = {case_id(path): path for path in cases}
    for _, name in shown:
        if name not in path_of:
            raise InputError(
                f"{name}: is in the table, but not among the {len(path_of)} cases. Received: another folder of cases? "
                "Name the cases that were evaluated."
            )
    chosen = [path_of[name] for _, name in shown]
    problem = problem_of(chosen)
    drawn = _read_masks(chosen, predict, threshold, clean, problem)
    score_of = table.drop_duplicates("case").set_index("case")
    height, width = drawn[0][0].masks.shape[:2]
    figure, axes, panel = panel_grid(
        len(shown), columns, height / width, title_lines=2, footer=True, side=0.3 if rows else 0
    )
    words = []
    for ax, (kind, name), (case, found) in zip(axes, shown, drawn, strict=True):
        dice, hd95 = score_of.loc[name, ["dice", "hd95"]]
        if abs(mean_dice(case.masks, found) - dice) > 0.02:
            raise InputError(
                f"{path_of[name]}: the table says Dice {dice:.3f}. Received: a prediction with "
                f"{mean_dice(case.masks, found):.3f}. Pass the network, threshold and clean of the evaluation."
            )
        draw_image(ax, case.image)
        if found.ndim == 2:
            draw_mistakes(ax, case.masks, found)
        else:
            draw_added(ax, case.masks, found, problem)
        draw_masks(ax, case.masks, found, problem, case.ignored)
        head = name if rows or not kind else f"{kind}: {name}"
        lost = _not_found(case.masks, found, problem)
        show_title(ax, f"{head}\nDice {dice:.3f} · {lost or f'HD95 {hd95:.1f} px'}", panel)
        words.append(f"{kind} {name}: Dice {dice:.3f}, {lost or f'HD95 {hd95:.1f} pixels'}".lstrip())
    hatched = any(case.ignored is not None for case, _ in drawn)
    explain_masks(figure, True, True, problem, hatched, mistakes=True)
    what = "True masks, filled, and predicted outlines" if len(problem.classes) > 1 else "True and predicted outlines"
    if len(problem.classes) > 1:
        what += f" of {', '.join(problem.classes)}"
    elif problem.classes[0] == "lung":
        what = "True and predicted lung outlines"
    figure.alt_text = f"{what}. {'; '.join(words)}."
    return figure


def _not_found(truth: np.ndarray, found: np.ndarray, problem: Problem) -> str:
    """Return which classes a prediction does not have at all: then a distance between outlines tells nothing."""
    axes = (0, 1)
    missing = np.atleast_1d(truth.any(axis=axes) & ~found.any(axis=axes))
    if not missing.any():
        return ""
    if not found.any():
        return "nothing found"
    names = [name for name, lost in zip(problem.classes, missing, strict=True) if lost]
    return f"{names[0] if len(names) == 1 else f'{len(names)} classes'} not found"


def choose_examples(table: "pd.DataFrame", count: int = 3) -> dict[str, list[str]]:
    """Choose the cases with the highest, the middle and the lowest Dice; none twice.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns `case` and `dice`.
    count : int
        Cases of each kind; fewer if the table has less than three times as many.

    Returns
    -------
    dict
        Case ids, from higher to lower Dice, under `best`, `median` and `worst`. Of two cases
        there is no median; a single one is called `only`. Equal Dice go by case id. See `with_something`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": list("abcde"), "dice": [0.7, 0.9, 0.6, 0.8, 0.5]})
    >>> choose_examples(table, count=1)
    {'best': ['b'], 'median': ['a'], 'worst': ['e']}
    """
    table = with_something(table)
    ranked = table.sort_values(["dice", "case"], ascending=[False, True])["case"].tolist()
    total = len(ranked)
    if total < 3:
        return {"best": ranked[:1], "worst": ranked[1:]} if total == 2 else {"only": ranked}
    count = min(count, total // 3)
    middle = (total - count) // 2
    return {"best": ranked[:count], "median": ranked[middle : middle + count], "worst": ranked[-count:]}


def with_something(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return the cases that hold something, in truth or prediction: the best is no empty tile, which has a Dice of 1.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns `tp`, `fp` and `fn`; without them, nothing is left out.

    Returns
    -------
    pandas.DataFrame
        All cases, if fewer than three of them hold something.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": list("abcd"), "tp": [0, 9, 7, 0], "fp": [0, 1, 1, 2], "fn": 0})
    >>> with_something(table)["case"].tolist()
    ['b', 'c', 'd']
    """
    counts = ["tp", "fp", "fn"]
    if not set(counts) <= set(table.columns):
        return table
    held = table[table[counts].sum(axis=1) > 0]
    return held if len(held) >= 3 else table


def save_evaluation_figures(
    table: "pd.DataFrame",
    cases: Sequence[str | Path],
    predict: Callable[..., Any] | Mapping[str, np.ndarray],
    folder: str | Path,
    threshold: float = THRESHOLD,
    clean: bool = False,
) -> list[Path]:
    """Write `figures/dice_by_group.png` and `figures/gallery.png` into a folder, usually the run folder.

    Of several classes also `figures/dice_by_class.png`; groups by source and diagnosis are for lungs. Each file appears
    whole or not at all.

    Parameters
    ----------
    table, cases, predict, threshold, clean
        As for `plot_gallery`.
    folder : str or Path
        Made if need be.

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        As `plot_dice_by_group`, `plot_gallery` and `save_figure` do.
    """
    problem = problem_of(cases)
    figures = {"dice_by_group.png": plot_dice_by_group(table)} if problem.recipe == "lungs" else {}
    if len(problem.classes) > 1:
        figures["dice_by_class.png"] = plot_dice_by_class(table, problem)
    figures["gallery.png"] = plot_gallery(table, cases, predict, threshold=threshold, clean=clean)
    return [save_figure(figure, Path(folder) / "figures" / name) for name, figure in figures.items()]


def _read_masks(
    paths: Sequence[str | Path],
    predict: Callable[..., Any] | Mapping[str, np.ndarray],
    threshold: float,
    clean: bool,
    problem: Problem,
) -> list[tuple[Shown, np.ndarray]]:
    """Return each case, and its predicted masks (H, W) or (H, W, K)."""
    if isinstance(predict, Mapping):
        missing = [case_id(path) for path in paths if case_id(path) not in predict]
        if missing:
            raise InputError(
                f"{missing[0]}: expected its predicted mask. Received: masks of {counted(len(predict), 'other case')}. "
                "Pass those of the evaluation, or its network."
            )
        masks = [predict[case_id(path)] for path in paths]
    else:
        found = (without_ignored(*pair) for _, *pair in predict_cases(predict, paths, problem=problem))
        masks = [predicted(probability, problem, threshold) for _, probability in found]
        masks = [tidy(mask, components_to_keep(problem, paths), problem) for mask in masks] if clean else masks
    cases = [read_shown(path, problem) for path in paths]
    return [
        (case, as_masks(mask, "prediction", case.masks.shape[:2], problem))
        for case, mask in zip(cases, masks, strict=True)
    ]
