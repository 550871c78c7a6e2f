"""plot_ratios: the organs of a chest, the two widths that are compared, and the ratios of all chests."""

import numpy as np
import pytest

from lungseg_course.figures import plot_ratios

RIGHT_LUNG, LEFT_LUNG, HEART = range(3)


@pytest.fixture
def chests():
    """Two chests of 20 by 40 pixels, 30 wide, with hearts of 12 and 18."""
    masks = np.zeros((2, 20, 40, 3), bool)
    masks[:, 2:18, 5:12, RIGHT_LUNG] = True
    masks[:, 2:18, 30:35, LEFT_LUNG] = True
    masks[0, 8:16, 14:26, HEART] = True
    masks[1, 8:16, 12:30, HEART] = True
    return masks


def ratio(masks):
    if not masks.any(axis=(0, 1)).all():
        return np.nan
    heart, lungs = (np.flatnonzero(mask.any(axis=0)) for mask in (masks[..., HEART], masks[..., :HEART].any(-1)))
    return (heart[-1] - heart[0] + 1) / (lungs[-1] - lungs[0] + 1)


def lines_in(ax):
    return [line.get_xdata().tolist() for line in ax.lines]


def test_the_lines_are_as_long_as_what_is_measured(chests):
    found = chests.copy()
    found[0, 3, 13, HEART] = True  # a speck, one pixel to the left of the heart
    figure = plot_ratios(np.zeros((2, 20, 40, 1)), chests, found, ratio)
    left, middle, chart = figure.axes
    assert lines_in(left) == [[13.5, 25.5], [4.5, 34.5]]
    assert lines_in(middle) == [[12.5, 25.5], [4.5, 34.5]]
    dots = chart.lines[-1]
    np.testing.assert_allclose(dots.get_xdata(), [12 / 30, 18 / 30])
    np.testing.assert_allclose(dots.get_ydata(), [13 / 30, 18 / 30])
    assert "Cardiothoracic ratio of the true masks 0.40, of the network's 0.43." in figure.alt_text
    assert "of 2 chests the network's ratio is off by 0.017 on average and by 0.033 at most" in figure.alt_text
    assert figure.alt_text.endswith("the true ones lie between 0.40 and 0.60.")


def test_a_heart_that_was_not_found_has_no_line_and_no_ratio(chests):
    figure = plot_ratios(np.zeros((2, 20, 40, 1)), chests, chests & [True, True, False], ratio)
    assert lines_in(figure.axes[1]) == [[4.5, 34.5]]
    assert "of the true masks 0.40, of the network's none. Of 2 chests, none has a ratio" in figure.alt_text
