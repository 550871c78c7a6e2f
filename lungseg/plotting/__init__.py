"""Every figure: cases, batches, outlines, the gallery of an evaluation, and its charts."""

from lungseg.plotting.cases import plot_batch, plot_case, plot_cases, plot_overlay
from lungseg.plotting.charts import plot_dice_by_group, plot_history
from lungseg.plotting.figure import NotebookFigure, alt_text, save_figure
from lungseg.plotting.gallery import choose_examples, plot_gallery, save_evaluation_figures

__all__ = [
    "NotebookFigure",
    "alt_text",
    "choose_examples",
    "plot_batch",
    "plot_case",
    "plot_cases",
    "plot_dice_by_group",
    "plot_gallery",
    "plot_history",
    "plot_overlay",
    "save_evaluation_figures",
    "save_figure",
]
