"""Sums up a table of evaluated cases, overall, by group and by class, and keeps it in a folder."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.evaluation.comparison import SCORES
from lungseg.evaluation.groups import describe_confusion, summarise_class, summarise_group
from lungseg.files import telling_of_a_full_disk, write_text, writing
from lungseg.files.untrusted import read_table
from lungseg.problems import LUNGS, Problem

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("case", "source", "diagnosis", "dice", "jaccard", "hd95", "assd", "components", "tp", "fp", "fn")
TEXT = COLUMNS[:3]
NUMBERS: dict[str, type] = {**dict.fromkeys(COLUMNS[3:7], float), **dict.fromkeys(COLUMNS[7:], int)}
MAY_BE_EMPTY = tuple(f"{score}_" for score in SCORES)  # a class that is not there, or pixels of unknown size
ANEW = "Run `lungseg evaluate` again."
TABLE_FILE, SUMMARY_FILE = "evaluation.csv", "summary.json"


def classes_of(table: "pd.DataFrame") -> list[str]:
    """Return the classes that a table tells apart; none if there is a single one.

    Parameters
    ----------
    table : pandas.DataFrame
        From `evaluate`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> classes_of(pd.DataFrame(columns=["dice", "jaccard", "jaccard_nucleus", "jaccard_edge"]))
    ['nucleus', 'edge']
    """
    return [name.removeprefix("jaccard_") for name in table.columns if name.startswith("jaccard_")]


def summarise(table: "pd.DataFrame", problem: Problem = LUNGS, confusion: np.ndarray | None = None) -> dict[str, Any]:
    """Summarise a table of `evaluate`, over all cases, by group and by class.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a case.
    problem : Problem
        The classes, of which `by_class` is.
    confusion : numpy.ndarray of int, shape (K + 1, K + 1), optional
        The matrix of an `Evaluation`.

    Returns
    -------
    dict
        Plain numbers and text, ready for JSON:

        - `count`;
        - for each of `dice`, `jaccard`, `hd95`, `assd` a dict of `mean`, `sd` (of the sample, with
          n - 1; None for a single case), `median`, `worst` and `worst_case`, the id of the case.
          Each image counts the same;
        - `pooled_f1`: 2 TP / (2 TP + FP + FN) over the pixels of all cases. Large lungs count more, and
          it is usually a little higher than the mean Dice. Compare like with like;
        - `two_components`, of lungs: the share of predictions that have exactly two components;
        - `by_source`, `by_diagnosis`, `by_source_and_diagnosis`: the same for each group. The keys of
          the last one look like `"Shenzhen, normal"`;
        - `by_class`, of several classes: scores and `pooled_f1` of each, and `count`, the number of cases whose true
          mask has the class. The scores are of those that have it in truth or prediction, `scored`; None if none has;
        - where the table has distances in millimetres, `hd95_mm` and `assd_mm`, each with the `count` of cases whose
          pixel size is known;
        - `confusion`, if given: the names of its `rows` (true) and `columns` (predicted), `pixels`, and `shares` of the
          true class, None in the row of a class without pixels.

    Raises
    ------
    InputError
        If the table is empty or lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> from lungseg.evaluation.comparison import evaluate_masks
    >>> perfect = evaluate_masks("PHANTOM_0001_0", [[1, 0, 1]], [[1, 0, 1]])
    >>> missed = evaluate_masks("PHANTOM_0002_1", [[1, 1, 1]], [[0, 0, 0]])
    >>> summary = summarise(pd.DataFrame([perfect, missed]))
    >>> summary["dice"]["mean"], summary["dice"]["worst_case"], round(summary["pooled_f1"], 3)
    (0.5, 'PHANTOM_0002_1', 0.571)
    >>> list(summary["by_source_and_diagnosis"])
    ['Phantom, normal', 'Phantom, tuberculosis']
    """
    _check_columns(table, "the table")
    if len(table) == 0:
        raise InputError("The table should have at least one row. Received: an empty table. Evaluate some cases.")
    pairs = table["source"] + ", " + table["diagnosis"]
    by_class = {name: summarise_class(table, name) for name in classes_of(table)}
    parts = problem.recipe == "lungs" and not by_class
    return {
        **summarise_group(table, parts),
        "by_source": {name: summarise_group(part, parts) for name, part in table.groupby("source")},
        "by_diagnosis": {name: summarise_group(part, parts) for name, part in table.groupby("diagnosis")},
        "by_source_and_diagnosis": {name: summarise_group(part, parts) for name, part in table.groupby(pairs)},
        **({"by_class": by_class} if by_class else {}),
        **({} if confusion is None else {"confusion": describe_confusion(confusion, problem)}),
    }


def summary_text(summary: dict[str, Any]) -> str:
    """Return a summary as a table of text for the terminal or a notebook.

    Parameters
    ----------
    summary : dict
        From `summarise`, or read from `summary.json`.

    Returns
    -------
    str
        Several lines, without one at the end. A group that would only repeat a line above it is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from lungseg.evaluation.comparison import evaluate_masks
    >>> row = evaluate_masks("PHANTOM_0001_0", [[1, 0, 1]], [[1, 0, 1]])
    >>> print(summary_text(summarise(pd.DataFrame([row]))))
               cases  Dice ± SD      median   worst  Jaccard    HD95    ASSD  pooled F1  two parts
    all cases      1  1.000           1.000   1.000    1.000     0.0    0.00      1.000       100%
    <BLANKLINE>
    lowest Dice: PHANTOM_0001_0 (1.000); highest HD95: PHANTOM_0001_0 (0.0 pixels)
    """
    parts = ("by_source", "by_diagnosis", "by_source_and_diagnosis")
    others = (*parts, "evaluated", "by_class", "confusion")
    groups = {"all cases": {name: value for name, value in summary.items() if name not in others}}
    for part in parts:
        groups |= {name: group for name, group in summary[part].items() if group not in groups.values()}
    classes = summary.get("by_class", {})
    width = max(map(len, [*groups, *classes]))
    last = "  two parts" if "two_components" in summary else ""
    header = f"cases  Dice ± SD      median   worst  Jaccard    HD95    ASSD  pooled F1{last}"
    lines = [f"{'':{width}}  {header}", *(_line(name, group, width) for name, group in groups.items())]
    if classes:
        lines += ["", *(_line(name, group, width) for name, group in classes.items())]
        stray = [(name, group["scored"] - group["count"]) for name, group in classes.items()]
        if any(count for _, count in stray):
            named = ", ".join(f"{name} {count}" for name, count in stray if count)
            lines.append(f"predicted in cases that do not have it, each with a Dice of 0: {named}")
    lines += [
        "",
        f"lowest Dice: {summary['dice']['worst_case']} ({summary['dice']['worst']:.3f}); "
        f"highest HD95: {summary['hd95']['worst_case']} ({summary['hd95']['worst']:.1f} pixels)",
    ]
    if summary.get("hd95_mm", {}).get("count"):
        far, average = summary["hd95_mm"], summary["assd_mm"]
        lines.append(
            f"in millimetres, of {far['count']} of {summary['count']} cases: HD95 {far['mean']:.1f}, "
            f"ASSD {average['mean']:.2f}"
        )
    return "\n".join(lines)


def _line(name: str, group: dict[str, Any], width: int) -> str:
    """Return the line of a group or of a class."""
    dice = group["dice"]
    if dice is None:
        return f"{name:{width}}  {group['count']:5d}  in no mask, true or predicted"
    spread = f"{dice['mean']:.3f}" + ("" if dice["sd"] is None else f" ± {dice['sd']:.3f}")
    parts = f"  {group['two_components']:9.0%}" if "two_components" in group else ""
    return (
        f"{name:{width}}  {group['count']:5d}  {spread:<13}  {dice['median']:6.3f}  "
        f"{dice['worst']:6.3f}  {group['jaccard']['mean']:7.3f}  {group['hd95']['mean']:6.1f}  "
        f"{group['assd']['mean']:6.2f}  {group['pooled_f1']:9.3f}{parts}"
    )


def write_evaluation(
    table: "pd.DataFrame",
    folder: str | Path,
    about: dict[str, Any] | None = None,
    problem: Problem = LUNGS,
    confusion: np.ndarray | None = None,
) -> None:
    """Write `evaluation.csv` and its `summary.json` into a folder, which is made if need be.

    Each file appears whole or not at all.

    Parameters
    ----------
    table : pandas.DataFrame
        From `evaluate`.
    folder : str or Path
        Usually the run folder.
    about : dict, optional
        What was evaluated and how, as text and plain numbers: it goes into the summary as `evaluated`.
    problem, confusion
        As for `summarise`.

    Raises
    ------
    InputError
        If the table is empty or lacks a column, or the folder cannot be written.
    """
    content = {**({"evaluated": about} if about else {}), **summarise(table, problem, confusion)}
    summary = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    folder = Path(folder)
    try:
        with telling_of_a_full_disk():
            folder.mkdir(parents=True, exist_ok=True)
            with writing(folder / TABLE_FILE) as temporary:
                table.to_csv(temporary, index=False, lineterminator="\n")
            write_text(folder / SUMMARY_FILE, summary)
    except OSError as error:
        raise InputError(
            f"{folder}: the evaluation cannot be written. Received: {error.strerror or error}. "
            "Name a folder that you may write to."
        ) from error


def read_evaluation(folder: str | Path) -> "pd.DataFrame":
    """Read the table that `write_evaluation` wrote, number for number the same.

    Parameters
    ----------
    folder : str or Path
        The folder that holds `evaluation.csv`.

    Returns
    -------
    pandas.DataFrame
        One row a case. `summarise` gives the summary again.

    Raises
    ------
    InputError
        If there is no `evaluation.csv`, or it is not such a table.
    """
    import pandas as pd

    path = Path(folder) / TABLE_FILE
    if not path.is_file():
        raise InputError(f"{path}: expected the table of an evaluation, found no file. Run `lungseg evaluate` first.")
    rows = read_table(path, COLUMNS, ANEW)
    if not rows:
        raise InputError(f"{path}: expected a row for each case. Received: none. {ANEW}")
    return pd.DataFrame({name: _column(name, [row[name] for row in rows], path) for name in rows[0]})


def _column(name: str, cells: list[str], path: Path) -> list[Any]:
    """Return the cells of a column as what they are: left to itself, a reader would turn the id 0042 into a number."""
    if name in TEXT:
        return cells
    if name not in NUMBERS and name.startswith(MAY_BE_EMPTY):
        cells = [cell.strip() or "nan" for cell in cells]
    for kind in (NUMBERS[name],) if name in NUMBERS else (int, float):
        try:
            return [kind(cell.replace(",", ".")) for cell in cells]
        except ValueError as error:
            problem = one_line(error, 100)
    if name in NUMBERS:
        raise InputError(f"{path}: expected numbers of {name}. Received: {problem}. {ANEW}")
    return cells


def _check_columns(table: "pd.DataFrame", name: str | Path) -> None:
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise InputError(
            f"{name}: expected the columns {', '.join(COLUMNS)}. "
            f"Received: a table without {', '.join(missing)}. Make it with `lungseg evaluate`."
        )
