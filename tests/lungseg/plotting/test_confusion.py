"""The confusion matrix: its numbers and its words."""

import numpy as np

from drawings import assert_tidy
from lungseg.plotting import alt_text, plot_confusion
from refusals import refusal


def test_the_confusion_matrix():
    figure = plot_confusion([[80, 15, 5], [2, 8, 0], [0, 0, 0]], ["background", "left", "right"])
    assert alt_text(figure) == (
        "Confusion matrix of 110 pixels. background: 80.0 % right, 15.0 % as left, 5.0 % as right. "
        "left: 80.0 % right, 20.0 % as background. right: no pixels."
    )
    (ax,) = figure.axes
    np.testing.assert_allclose(ax.images[0].get_array(), [[80, 15, 5], [20, 80, 0], [0, 0, 0]])
    assert {"15.0 %", "15", "–"} <= {text.get_text() for text in ax.texts}
    assert_tidy(figure)
    assert "a row and a column for each of a" in refusal(plot_confusion, [[1, 2], [3, 4]], ["a"])
