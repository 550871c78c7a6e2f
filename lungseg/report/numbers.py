"""The numbers of a report, computed from the table of cases, with their intervals."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lungseg.errors import counted
from lungseg.evaluation.statistics import Interval, bootstrap_interval, pooled_f1
from lungseg.evaluation.summary import classes_of
from lungseg.evaluation.surface import TOLERANCE
from lungseg.plotting.gallery import with_something
from lungseg.problems import LUNGS, Problem

if TYPE_CHECKING:
    import pandas as pd


class Score(NamedTuple):
    """A figure of a set of cases: what it is called, how it is computed, and how it is written and read."""

    name: str
    columns: str | list[str]
    statistic: Callable[..., Any]
    digits: int
    meaning: str

    def values(self, table: "pd.DataFrame") -> np.ndarray:
        """Return what the figure is computed from: one number for each case that has it, or several."""
        return table[self.columns].dropna().to_numpy(dtype=float)

    def value_of(self, table: "pd.DataFrame") -> float:
        """Return the figure of the cases of a table."""
        return float(self.statistic(self.values(table)[None], axis=1)[0])


SCORES = {
    "dice": Score("mean Dice", "dice", np.mean, 3, "Overlap of true and predicted mask, from 0 to 1; 1 is best."),
    "median": Score("median Dice", "dice", np.median, 3, "Half of the cases have more; a few failures do not move it."),
    "jaccard": Score("mean Jaccard", "jaccard", np.mean, 3, "Intersection over union: the same overlap, stricter."),
    "hd95": Score(
        "mean HD95, pixels", "hd95", np.mean, 1, "How far apart the outlines are where they differ most; 0 is best."
    ),
    "assd": Score("mean ASSD, pixels", "assd", np.mean, 2, "How far apart the outlines are on average; 0 is best."),
    "surface_dice": Score(
        "mean surface Dice",
        "surface_dice",
        np.mean,
        3,
        f"Share of both outlines that lies within {TOLERANCE} pixels of the other one; 1 is best.",
    ),
    "pooled_f1": Score(
        "pooled F1",
        ["tp", "fp", "fn"],
        pooled_f1,
        3,
        "Dice of all pixels of all cases together: large lungs count more.",
    ),
}


def scores_for(table: "pd.DataFrame", problem: Problem = LUNGS) -> dict[str, Score]:
    """Return the scores that a table has, with words that fit what was segmented.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluation.measure_cases`.
    problem : Problem

    Returns
    -------
    dict
        `SCORES`, and distances in millimetres if the size of a pixel is known of some cases.

    Examples
    --------
    >>> import pandas as pd
    >>> [name for name in scores_for(pd.DataFrame({"hd95_mm": [1.0], "assd_mm": [0.5]})) if name not in SCORES]
    ['hd95_mm', 'assd_mm']
    """
    scores = dict(SCORES)
    if problem.recipe != "lungs":
        scores["pooled_f1"] = scores["pooled_f1"]._replace(
            meaning="Dice of all pixels of all cases together: large objects count more."
        )
    if len(problem.classes) > 1:
        dice, pooled = scores["dice"], scores["pooled_f1"]
        scores["dice"] = dice._replace(meaning=f"{dice.meaning} Of each case the mean over its classes.")
        scores["pooled_f1"] = pooled._replace(meaning="Dice of all pixels of all cases and classes together.")
    for score in ("hd95", "assd"):
        known = table[f"{score}_mm"].notna().sum() if f"{score}_mm" in table else 0
        if known:
            name = SCORES[score].name.replace("pixels", "mm")
            meaning = f"The same in millimetres, of the {counted(int(known), 'case')} whose pixel size is known."
            columns = f"{score}_mm"
            scores[columns] = SCORES[score]._replace(name=name, columns=columns, digits=2, meaning=meaning)
    return scores


class Change(NamedTuple):
    """A mean score before and after cleaning, and what became of the cases."""

    before: float
    after: float
    difference: Interval  # mean of after - before
    better: int
    worse: int
    same: int


def score_intervals(table: "pd.DataFrame", scores: dict[str, Score] = SCORES) -> dict[str, Interval]:
    """Return each score with its bootstrap interval over the cases of the table.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluation.measure_cases`.
    scores : dict
        `SCORES`, or those of `scores_for`.

    Returns
    -------
    dict
        By the key of the score; pixels are the unit of distances.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"dice": [0.5, 0.5], "jaccard": 1 / 3, "hd95": 2.0, "assd": 1.0, "surface_dice": 0.8,
    ...                       "tp": [1, 2], "fp": [1, 2], "fn": [1, 2]})
    >>> score_intervals(table)["pooled_f1"]
    Interval(value=0.5, low=0.5, high=0.5)
    """
    return {name: bootstrap_interval(score.values(table), score.statistic) for name, score in scores.items()}


def groups_of(table: "pd.DataFrame") -> dict[str, "pd.DataFrame"]:
    """Return the parts of a table: all cases, by source, by diagnosis, by both; none that repeats another.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns `source` and `diagnosis`.

    Returns
    -------
    dict
        Tables by the name of the group, "all cases" first.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"source": ["A", "B"], "diagnosis": ["normal", "normal"]})
    >>> list(groups_of(table))
    ['all cases', 'A', 'B']
    """
    groups = {"all cases": table}
    for keys in (table["source"], table["diagnosis"], table["source"] + ", " + table["diagnosis"]):
        for name, part in table.groupby(keys):
            if not any(part.index.equals(listed.index) for listed in groups.values()):
                groups[name] = part
    return groups


def effect_of_cleaning(table: "pd.DataFrame", score: str) -> Change:
    """Compare a score of the raw predictions with that of the cleaned ones, case by case.

    Parameters
    ----------
    table : pandas.DataFrame
        From `lungseg.evaluation.evaluation.measure_cases`.
    score : str
        "dice", of which more is better, or "hd95", of which less is.

    Returns
    -------
    Change

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"hd95_raw": [9.0, 2.0, 4.0], "hd95_cleaned": [3.0, 2.0, 4.0]})
    >>> change = effect_of_cleaning(table, "hd95")
    >>> change.before, change.after, change.difference.value, change.better, change.worse, change.same
    (5.0, 3.0, -2.0, 1, 0, 2)
    """
    before, after = (table[f"{score}_{kind}"].to_numpy(dtype=float) for kind in ("raw", "cleaned"))
    difference = after - before
    gain = -difference if score == "hd95" else difference
    better, worse = int((gain > 0).sum()), int((gain < 0).sum())
    interval = bootstrap_interval(difference)
    return Change(float(before.mean()), float(after.mean()), interval, better, worse, len(table) - better - worse)


def lung_areas(table: "pd.DataFrame", name: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Return the true and the predicted area of each case, in percent of its image.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns `tp`, `fp`, `fn` and `pixels`.
    name : str
        The class, of several.

    Returns
    -------
    true, predicted : numpy.ndarray, shape (n,)

    Examples
    --------
    >>> import pandas as pd
    >>> lung_areas(pd.DataFrame({"tp": [20], "fp": [10], "fn": [5], "pixels": [200]}))
    (array([12.5]), array([15.]))
    """
    counts = [f"{count}_{name}" if name else count for count in ("tp", "fp", "fn")]
    tp, fp, fn, pixels = (table[column].to_numpy(dtype=float) for column in (*counts, "pixels"))
    return 100 * (tp + fn) / pixels, 100 * (tp + fp) / pixels


def count_stray(table: "pd.DataFrame") -> int:
    """Return how many cases have a class that was predicted and is not there: its Dice is 0, for a single pixel, too.

    Parameters
    ----------
    table : pandas.DataFrame
        With `tp`, `fp` and `fn`, of several classes those of each.

    Returns
    -------
    int

    Examples
    --------
    >>> import pandas as pd
    >>> count_stray(pd.DataFrame({"tp": [5, 0, 0], "fp": [0, 1, 0], "fn": [1, 0, 4]}))
    1
    """
    endings = [f"_{name}" for name in classes_of(table)] or [""]
    stray = [(table[f"tp{end}"] + table[f"fn{end}"] == 0) & (table[f"fp{end}"] > 0) for end in endings]
    return int(np.any(stray, axis=0).sum())


def choose_cases(table: "pd.DataFrame", worst: int = 12) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Choose the best and the median case by Dice, and the worst ones, from the worst upwards; none twice.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns `case` and `dice`.
    worst : int
        The most to choose of the cases below the median.

    Returns
    -------
    typical, worst : list of (kind, case id)
        Equal Dice go by case id. Empty cases that were predicted empty are left out, see `with_something`.

    Examples
    --------
    >>> import pandas as pd
    >>> choose_cases(pd.DataFrame({"case": list("abcde"), "dice": [0.7, 0.9, 0.6, 0.8, 0.5]}), worst=3)
    ([('best', 'b'), ('median', 'a')], [('worst', 'e'), ('worst', 'c')])
    """
    table = with_something(table)
    ranked = table.sort_values(["dice", "case"], ascending=[False, True])["case"].tolist()
    middle = (len(ranked) - 1) // 2
    typical = [("best" if len(ranked) > 1 else "only", ranked[0])]
    if middle > 0:
        typical.append(("median", ranked[middle]))
    return typical, [("worst", name) for name in ranked[middle + 1 :][::-1][:worst]]
