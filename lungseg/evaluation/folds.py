"""What a cross-validation comes to: the mean over its folds, how far they spread, and all cases together."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.errors import InputError, quote
from lungseg.evaluation.comparison import SCORES
from lungseg.files.untrusted.run_files import read_state
from lungseg.runs import SETTINGS, Run, load_run

if TYPE_CHECKING:
    import pandas as pd

FOLD = re.compile(r"fold (\d+) of (\d+)")
STATE = "state.json"
AGAIN = "Train with the same command again: it goes on with what is missing."
ROWS = ("mean of folds", "SD of folds", "all cases", "SD of cases")


def is_cross_validation(folder: str | Path) -> bool:
    """Tell whether a folder holds the folds of a cross-validation, and is no run folder itself.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    bool
    """
    folder = Path(folder)
    return not (folder / SETTINGS).exists() and (folder / "fold_1" / SETTINGS).is_file()


def find_folds(folder: str | Path) -> list[Run]:
    """Return the runs of a cross-validation, fold by fold.

    Parameters
    ----------
    folder : str or Path
        That `lungseg.training.train_folds` was given.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        If a fold is missing or not finished, or is one of another cross-validation.
    """
    first, count = _read_fold(Path(folder), 1)
    others = [_read_fold(Path(folder), number, count)[0] for number in range(2, count + 1)]
    return [first, *others]


def _read_fold(folder: Path, number: int, count: int = 0) -> tuple[Run, int]:
    """Return the run of a fold, and of how many it is one: of `count`, unless that is 0."""
    place = folder / f"fold_{number}"
    if not (place / SETTINGS).is_file():
        raise InputError(f"{folder}: expected a run folder {place.name}. Received: none. {AGAIN}")
    run = load_run(place)
    split = run.settings.get("split", "default")
    found = FOLD.fullmatch(split)
    if not found or int(found[1]) != number or count not in (0, int(found[2])):
        raise InputError(
            f"{place}: expected fold {number} of {count or 'several'}. Received: a training with the split "
            f"{quote(split)}. Train all folds into a new folder."
        )
    if (place / STATE).exists() and not read_state(place / STATE)["finished"]:
        raise InputError(f"{place}: expected a finished training. Received: one that was interrupted. {AGAIN}")
    return run, int(found[2])


def summarise_folds(table: "pd.DataFrame") -> "pd.DataFrame":
    """Summarise the cases of a cross-validation.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a case, with the column `fold`.

    Returns
    -------
    pandas.DataFrame
        A row for each fold, with the means of its cases; then the mean of these means and their SD (of the sample, with
        n - 1), which tells how much the score differs from fold to fold; then the mean of all cases, which is another
        one if the folds differ in size, and the SD of all cases. Columns `fold`, `cases`, and the
        scores `dice`, `jaccard`, `hd95` and `assd`, also of each class if there are several. Empty cells do not count.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = {"dice": [0.9, 0.8, 0.6], "jaccard": 1.0, "hd95": 0.0, "assd": 0.0}
    >>> summarise_folds(pd.DataFrame({"fold": [1, 1, 2], **scores}))[["fold", "cases", "dice"]].round(3)
                fold cases   dice
    0              1     2  0.850
    1              2     1  0.600
    2  mean of folds        0.725
    3    SD of folds        0.177
    4      all cases     3  0.767
    5    SD of cases        0.153
    """
    import pandas as pd

    scores = [
        name for name in table.columns if name.split("_")[0] in SCORES and not name.endswith(("_raw", "_cleaned"))
    ]
    folds = table.groupby("fold")[scores].mean()
    rows = [folds.mean(), folds.std(), table[scores].mean(), table[scores].std()]
    everything = pd.concat([folds.reset_index(drop=True), pd.DataFrame(rows)], ignore_index=True)
    everything.insert(0, "fold", [*folds.index, *ROWS])
    everything.insert(1, "cases", [*table.groupby("fold").size(), "", "", len(table), ""])
    return everything


def folds_text(summary: "pd.DataFrame") -> str:
    """Return what `summarise_folds` found as a table of text for the terminal or a notebook.

    Parameters
    ----------
    summary : pandas.DataFrame

    Returns
    -------
    str
        Several lines, without one at the end.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = {"dice": [0.9, 0.8, 0.6], "jaccard": 0.5, "hd95": 4.0, "assd": 1.0}
    >>> print(folds_text(summarise_folds(pd.DataFrame({"fold": [1, 1, 2], **scores}))))
                   cases   Dice  Jaccard    HD95    ASSD
    fold 1             2  0.850    0.500     4.0    1.00
    fold 2             1  0.600    0.500     4.0    1.00
    mean of folds         0.725    0.500     4.0    1.00
    SD of folds           0.177    0.000     0.0    0.00
    all cases          3  0.767    0.500     4.0    1.00
    SD of cases           0.153    0.000     0.0    0.00
    """
    lines = [f"{'':13}  cases   Dice  Jaccard    HD95    ASSD"]
    for row in summary.to_dict("records"):
        name = row["fold"] if row["fold"] in ROWS else f"fold {row['fold']}"
        lines.append(
            f"{name:13}  {row['cases']:>5}  {row['dice']:.3f}  {row['jaccard']:7.3f}  {row['hd95']:6.1f}  "
            f"{row['assd']:6.2f}"
        )
    return "\n".join(lines)
