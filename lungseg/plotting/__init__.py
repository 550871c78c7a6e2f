"""Every figure: cases, batches, outlines, the gallery of an evaluation, and its charts.

Each function takes arrays, files or tables and returns a Matplotlib figure. A notebook shows it when
it is the last line of a cell; `save_figure` writes it to a file, and `alt_text` describes it in words.
Images are drawn as they are stored, the way radiologists look at them: the patient's left is on the right.
"""

from lungseg.plotting.cases import plot_batch, plot_case, plot_cases, plot_overlay
from lungseg.plotting.charts import plot_dice_by_class, plot_dice_by_group
from lungseg.plotting.confusion import plot_confusion
from lungseg.plotting.figure import NotebookFigure, alt_text, as_html, save_figure
from lungseg.plotting.gallery import choose_examples, plot_gallery, save_evaluation_figures
from lungseg.plotting.history import plot_history

__all__ = [
    "NotebookFigure",
    "alt_text",
    "as_html",
    "choose_examples",
    "plot_batch",
    "plot_case",
    "plot_cases",
    "plot_confusion",
    "plot_dice_by_class",
    "plot_dice_by_group",
    "plot_gallery",
    "plot_history",
    "plot_overlay",
    "save_evaluation_figures",
    "save_figure",
]
