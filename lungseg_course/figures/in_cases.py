"""Notebook 5: cases with what a network found in them, and what can be measured of cases."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg.cases import load_case
from lungseg.plotting.cases import plot_overlay
from lungseg.plotting.figure import WIDTH, NotebookFigure

if TYPE_CHECKING:
    import pandas as pd


def plot_in_cases(
    chosen: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], table: "pd.DataFrame"
) -> NotebookFigure:
    """Draw cases side by side, with the true outline and the predicted one, and what the table says of them.

    Parameters
    ----------
    chosen : dict of str → (image, truth, prediction)
        Case id → three arrays (H, W).
    table : pandas.DataFrame
        From `lungseg.evaluate`: `case`, `diagnosis`, `dice`, `hd95`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"case": ["a"], "diagnosis": ["normal"], "dice": [1.0], "hd95": [0.0]})
    >>> plot_in_cases({"a": (np.eye(8), np.eye(8), np.eye(8))}, table).alt_text
    'a, normal Dice 1.000, HD95 0.0 pixels: an image with the true outline and the predicted one.'
    """
    rows = table.set_index("case")
    figure = NotebookFigure(figsize=(WIDTH, 5), layout="constrained")
    axes = figure.subplots(1, len(chosen), squeeze=False)[0]
    for ax, (case, (image, truth, prediction)) in zip(axes, chosen.items(), strict=True):
        row = rows.loc[case]
        words = f"{case}, {row['diagnosis']}\nDice {row['dice']:.3f}, HD95 {row['hd95']:.1f} pixels"
        plot_overlay(image, truth, prediction, words, ax=ax)
    return figure


def traits_of(cases: Sequence[str | Path]) -> "pd.DataFrame":
    """Return what can be measured of image and true mask, a row for each case.

    Parameters
    ----------
    cases : sequence of paths

    Returns
    -------
    pandas.DataFrame
        How much of the image is lung, in percent; how bright the lungs are; and how far the rest of the image is
        brighter than they.
    """
    import pandas as pd

    traits = []
    for path in cases:
        image, truth = np.moveaxis(load_case(path), -1, 0)
        lung = truth == 1
        traits.append(
            {
                "lung, % of the image": 100 * lung.mean(),
                "brightness of the lungs": image[lung].mean(),
                "contrast to the rest": image[~lung].mean() - image[lung].mean(),
            }
        )
    return pd.DataFrame(traits)
