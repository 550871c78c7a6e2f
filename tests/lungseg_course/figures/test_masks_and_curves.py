"""The figures of notebooks 3 and 5: what they show, in their words and colours."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from lungseg_course import figures
from lungseg_course.figures import overlaps
from lungseg_course.play.threshold import THRESHOLDS, dice_at, play_with_threshold

TRUTH = figures.disc(row=20, column=20, radius=12)
FOUND = figures.disc(row=20, column=26, radius=12)


def test_the_colours_of_an_overlap_are_those_of_its_legend():
    figure = figures.plot_overlaps({"moved": (TRUTH[..., None], FOUND[..., None])})
    (image,) = figure.axes[0].images
    shown = image.cmap(image.norm(image.get_array()))[..., :3]
    (legend,) = figure.legends
    meanings = dict(zip((text.get_text() for text in legend.texts), legend.get_patches(), strict=True))
    for words, part in {
        "in both": (TRUTH == 1) & (FOUND == 1),
        "only in A, the true mask": (TRUTH == 1) & (FOUND == 0),
        "only in B, the prediction": (TRUTH == 0) & (FOUND == 1),
    }.items():
        assert np.allclose(shown[part], to_rgb(meanings[words].get_facecolor()))
        assert f"{part.sum()} " in figure.alt_text
    assert np.allclose(shown[0, 0], to_rgb(overlaps.COLOURS[0]))


def test_four_overlaps_stand_in_a_row_and_no_title_hides_another():
    figure = figures.plot_overlaps({f"number {n}\nof four": (TRUTH, FOUND) for n in range(4)})
    boxes = [ax.get_position() for ax in figure.axes]
    assert len({round(box.y0, 6) for box in boxes}) == 1
    figure.draw_without_rendering()
    titles = [ax.title.get_window_extent() for ax in figure.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(titles))


def test_a_thin_line_is_one_pixel_wide_and_in_the_image():
    line = figures.thin_line(size=64)
    assert set(line.sum(axis=1)) == {0, 1}
    assert line.sum() == 48


@pytest.mark.parametrize("size", [32, 64, 128, 256])
def test_the_three_mistakes_are_what_they_are_called_at_any_size(size):
    lungs = figures.disc(size * 0.5, size * 0.4, size * 0.25, size=size).astype(bool)
    wide, alarm, missing = figures.three_mistakes(lungs).values()
    assert (wide & lungs).sum() == lungs.sum() < wide.sum()
    assert (alarm & lungs).sum() == lungs.sum() < alarm.sum()
    assert alarm[: size // 2, size // 2 :].any()
    assert (missing & lungs).sum() == missing.sum() < lungs.sum()


def test_a_mask_of_the_unsure_prediction_shrinks_as_the_threshold_rises_and_has_a_spot_at_first():
    made_up = figures.unsure_prediction(TRUTH)
    sizes = [(made_up >= threshold).sum() for threshold in THRESHOLDS]
    assert sizes == sorted(sizes, reverse=True)
    assert made_up[:8, :8].max() == pytest.approx(0.35, abs=0.02)


def test_the_threshold_moves_the_mask_the_dot_and_the_words():
    image, probability = np.zeros((64, 64)), figures.unsure_prediction(TRUTH)
    play = play_with_threshold({"one": (image, TRUTH, probability), "two": (image, TRUTH, TRUTH)})
    low = play.draw(example="one", threshold=0.3, outlines=True)
    dice = dice_at(TRUTH, probability)[5]
    assert f"Dice {dice:.3f}" in low.axes[1].get_title()
    (dot,) = [line for line in low.axes[2].lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], round(float(dot.get_ydata()[0]), 6)) == (0.3, round(float(dice), 6))
    assert len(low.axes[1].lines) == 2
    assert not play.draw(example="one", threshold=0.3, outlines=False).axes[1].lines
    assert play.draw(example="two", threshold=0.3, outlines=True).alt_text.startswith("two, cut at the threshold 0.30.")


def test_one_example_needs_no_choice():
    assert list(play_with_threshold({"one": (TRUTH, TRUTH, TRUTH)}).controls) == ["threshold", "outlines"]


def test_the_difference_of_two_networks_is_taken_case_by_case():
    yours = pd.DataFrame({"case": list("abcd"), "dice": [0.9, 0.8, 0.7, 0.95], "hd95": [1.0, 2.0, 3.0, 4.0]})
    theirs = yours.assign(dice=yours["dice"] - [0.1, 0.2, 0.1, 0.2], hd95=yours["hd95"] + 1)
    table = figures.both_networks(yours, theirs)
    assert list(table.index) == ["yours", "the shipped one", "yours - shipped"]
    difference = table.loc["yours - shipped"]
    assert difference[["mean Dice", "lowest Dice", "mean HD95"]].round(6).tolist() == [0.15, 0.1, -1]
    assert 0.0999 < difference["from"] < 0.15 < difference["to"] < 0.2001


def test_the_same_network_twice_has_no_difference():
    table = pd.DataFrame({"case": list("abc"), "diagnosis": ["normal"] * 3, "dice": [0.9, 0.8, 0.7], "hd95": [1.0] * 3})
    assert figures.both_networks(table, table).loc["yours - shipped", ["mean Dice", "from", "to"]].tolist() == [0, 0, 0]
    assert "ahead in 0 of them" in figures.plot_both_networks(table, table).alt_text
