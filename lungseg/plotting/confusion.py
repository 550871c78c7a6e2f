"""The confusion matrix: which class is taken for which."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError
from lungseg.plotting.figure import WIDTH, NotebookFigure

MOST_NUMBERS = 12  # classes: with more, numbers would not fit into the squares


def plot_confusion(matrix: npt.ArrayLike, names: Sequence[str]) -> NotebookFigure:
    """Draw which class is taken for which, as a square for each pair: the share of the true class, and its pixels.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Pixels by true class (rows) and predicted class (columns), as `lungseg.evaluation.confusion_matrix` counts them.
    names : sequence of str, n of them

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If there is another number of names, or a number is below 0.

    Examples
    --------
    >>> plot_confusion([[90, 10], [0, 50]], ["background", "nucleus"]).alt_text
    'Confusion matrix of 150 pixels. background: 90.0 % right, 10.0 % as nucleus. nucleus: 100.0 % right.'
    """
    counts = np.asarray(matrix)
    if counts.shape != (len(names), len(names)) or not len(names) or counts.min() < 0:
        raise InputError(
            f"the confusion matrix: expected pixels, a row and a column for each of {', '.join(names)}. "
            f"Received: shape {counts.shape}. Take that of an evaluation."
        )
    totals = counts.sum(axis=1, keepdims=True)
    shares = 100 * counts / np.maximum(totals, 1)
    side = min(0.95, (WIDTH - 2.6) / len(names))  # inches of a square
    figure = NotebookFigure(figsize=(2.2 + side * len(names), 1.3 + side * len(names)), layout="constrained")
    ax = figure.subplots()
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    ax.set(xlabel="predicted", ylabel="true")
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor", parse_math=False)
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    words = []
    for row, name in enumerate(names):
        order = np.argsort(-shares[row], kind="stable")
        others = [f"{shares[row, at]:.1f} % as {names[at]}" for at in order if at != row and shares[row, at] >= 0.05]
        right = f"{shares[row, row]:.1f} % right" if totals[row] else "no pixels"
        words.append(f"{name}: {', '.join([right, *others[:3]])}.")
        for column in range(len(names)) if len(names) <= MOST_NUMBERS else ():
            ink = "white" if shares[row, column] > 60 else "black"
            text = f"{shares[row, column]:.1f} %" if totals[row] else "–"
            size = 9 if side > 0.8 else 7
            ax.text(column, row - 0.12, text, ha="center", va="center", color=ink, fontsize=size)
            ax.text(column, row + 0.22, f"{counts[row, column]:,}", ha="center", va="center", color=ink, fontsize=6.5)
    figure.alt_text = f"Confusion matrix of {int(counts.sum()):,} pixels. {' '.join(words)}"
    return figure
