"""The charts of a report: what they draw, and what they refuse."""

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.report.figures import plot_dice_histogram, plot_reliability, plot_thresholds


@pytest.mark.parametrize("dice", [[1.0], [0.0, 1.0], [0.97, 0.971], np.linspace(0.2, 0.9, 50)])
def test_every_case_is_in_the_histogram(dice):
    bars = plot_dice_histogram(dice).axes[0].patches
    assert sum(bar.get_height() for bar in bars) == len(dice)
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(1)


def test_a_dice_that_is_none_is_refused():
    for wrong in ([], [1.2], [np.nan]):
        with pytest.raises(InputError, match="from 0 to 1"):
            plot_dice_histogram(wrong)


def test_the_reliability_diagram_leaves_empty_intervals_out():
    table = np.zeros((3, 10))
    table[:, 2], table[:, 9] = [10, 3, 2], [10, 10, 9]
    figure = plot_reliability(table)
    _, points = figure.axes[0].lines
    assert points.get_xydata() == pytest.approx(np.array([[0.2, 0.3], [0.9, 1.0]]))
    assert "error 0.1000" in figure.alt_text
    with pytest.raises(InputError, match="empty"):
        plot_reliability(np.zeros((3, 10)))


def test_the_best_threshold_is_marked():
    figure = plot_thresholds([0.3, 0.5, 0.7], np.array([[0.9, 0.8, 0.6], [0.9, 0.8, 0.6]]))
    assert figure.axes[0].lines[1].get_xydata().tolist() == [[0.3, pytest.approx(0.9)]]
