"""Explains the outlines and colours of a figure, once for all its panels."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from lungseg.masks.outline import IGNORED, LINES
from lungseg.plotting.overlays import MISTAKEN, PREDICTION, TRUTH
from lungseg.problems import LUNGS, Problem


def explain_masks(
    figure: Figure,
    truth: bool,
    prediction: bool,
    problem: Problem = LUNGS,
    ignored: bool = False,
    mistakes: bool = False,
) -> None:
    """Explain outlines and colours once for all panels, below them; the figure grows if they take several lines.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With room for one line below its panels.
    truth, prediction : bool
        Which masks it shows.
    problem : Problem
    ignored : bool
        Whether it shows pixels that are to be ignored.
    mistakes : bool
        Whether it tints what was missed or added; of several classes what was added alone.
    """
    handles = legend_handles(truth, prediction, problem, ignored, mistakes)
    if not handles:
        return
    longest = max(len(str(handle.get_label())) for handle in handles)
    columns = min(len(handles), max(1, int(figure.get_figwidth() / (0.55 + 0.075 * longest))))
    rows = -(-len(handles) // columns)
    columns = -(-len(handles) // rows)  # as many in each line
    _add_room(figure, 0.2 * (rows - 1))
    figure.legend(handles=handles, loc="lower center", borderaxespad=0, ncols=columns, frameon=False, fontsize=10)


def legend_handles(
    truth: bool, prediction: bool, problem: Problem, ignored: bool = False, mistakes: bool = False
) -> list[Any]:
    """Return the entries of a legend.

    Parameters
    ----------
    truth, prediction, problem, ignored, mistakes
        As for `explain_masks`.

    Returns
    -------
    list of matplotlib artists
    """
    handles: list[Any] = []
    if len(problem.classes) == 1:
        entries = [("true mask", TRUTH)] * truth + [("prediction", PREDICTION)] * prediction
        handles += [Line2D([], [], color=colour, lw=2.2, label=label) for label, colour in entries]
        tints = [("missed", TRUTH), ("added", PREDICTION)] * mistakes
        handles += [Patch(facecolor=colour, alpha=MISTAKEN, label=label) for label, colour in tints]
    else:
        handles += [Patch(facecolor=problem.colour(name), label=name) for name in problem.classes]
        if truth and prediction:
            handles.append(Patch(facecolor="#dddddd", label="filled: true"))
            outline = Line2D([], [], color="#dddddd", lw=1.6, label="outlined: predicted")
            outline.set_path_effects([withStroke(linewidth=3.2, foreground="black")])  # as they are drawn
            handles.append(outline)
            handles += [Patch(facecolor="#eeeeee", label="pale: added")] * mistakes
    if ignored:
        grey, light = ("#" + bytes(colour).hex() for colour in (IGNORED, LINES))
        handles.append(Patch(facecolor=grey, edgecolor=light, linewidth=0, hatch="/////", label="ignored"))
    return handles


def _add_room(figure: Figure, inches: float) -> None:
    """Make a figure higher, below what it shows."""
    before = figure.get_figheight()
    after = before + inches
    figure.set_figheight(after)
    for ax in figure.axes:
        box = ax.get_position()
        ax.set_position((box.x0, (box.y0 * before + inches) / after, box.width, box.height * before / after))
    for text in figure.texts:
        text.set_y((text.get_position()[1] * before + inches) / after)
