"""Sums up the scores of a group of cases, and of a class."""

from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.evaluation.comparison import COUNTS, MILLIMETRES, SCORES
from lungseg.evaluation.confusion import normalised
from lungseg.masks.overlap import f1_score
from lungseg.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

LOW_IS_WORST = ("dice", "jaccard")


def summarise_group(table: "pd.DataFrame", parts: bool) -> dict[str, Any]:
    """Return the summary of some cases; with the share of those of two parts, if masks should have two."""
    group: dict[str, Any] = {"count": len(table), **{score: _summarise_score(table, score) for score in SCORES}}
    for score in MILLIMETRES:
        if score in table:
            known = table[table[score].notna()]
            group[score] = {"count": len(known), **(_summarise_score(known, score) or {})}
    group["pooled_f1"] = f1_score(*(int(table[name].sum()) for name in COUNTS))
    if parts:
        group["two_components"] = float((table["components"] == 2).mean())
    return group


def summarise_class(table: "pd.DataFrame", name: str) -> dict[str, Any]:
    """Return the summary of a class over the cases that have it in truth or prediction."""
    tp, fp, fn = (table[f"{count}_{name}"] for count in COUNTS)
    scored = table[tp + fp + fn > 0]
    scores = [score for score in (*SCORES, *MILLIMETRES) if f"{score}_{name}" in table]
    return {
        "count": int((tp + fn > 0).sum()),
        "scored": len(scored),
        **{score: _summarise_score(scored, score, f"{score}_{name}") for score in scores},
        "pooled_f1": f1_score(int(tp.sum()), int(fp.sum()), int(fn.sum())) if len(scored) else None,
    }


def _summarise_score(table: "pd.DataFrame", score: str, column: str = "") -> dict[str, Any] | None:
    """Return mean, spread, median and worst of a column; None if it holds no number."""
    table = table[table[column or score].notna()]
    values = table[column or score].to_numpy(dtype=float)
    if not len(values):
        return None
    at = int(values.argmin() if score in LOW_IS_WORST else values.argmax())
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)) if len(values) > 1 else None,
        "median": float(np.median(values)),
        "worst": float(values[at]),
        "worst_case": str(table["case"].iloc[at]),
    }


def describe_confusion(matrix: np.ndarray, problem: Problem) -> dict[str, Any]:
    """Return a confusion matrix as JSON holds it: names, pixels, and the shares of each true class."""
    names = list(problem.names_of_outputs)
    shares = [[None if np.isnan(share) else float(share) for share in row] for row in normalised(matrix)]
    return {"rows": names, "columns": names, "pixels": matrix.tolist(), "shares": shares}
