"""Figures of several channels and classes: what is drawn where, in which colour, and what is said of it."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from drawings import assert_tidy, contours, extent, ramp, rectangle
from lungseg.evaluation import evaluate
from lungseg.plotting import alt_text, plot_batch, plot_case, plot_cases, plot_gallery, plot_overlay
from lungseg.plotting.classes import as_masks, as_picture, guess_problem
from lungseg.plotting.live import TrainingFigure
from lungseg.plotting.overlays import PREDICTION, TRUTH
from lungseg.problems import Problem
from refusals import refusal
from several import BANDS, ORGANS, OVERLAPPING, organs, reader, save_several


def test_colour_is_drawn_in_colour_and_five_channels_by_the_three_named():
    image = np.stack([np.full((4, 4), value) for value in (0.1, 0.2, 0.3, 0.4, 0.5)], axis=-1)
    assert as_picture(image, BANDS)[0, 0].tolist() == pytest.approx([0.4, 0.3, 0.2])  # called red, green, blue
    assert as_picture(image[..., :3], ORGANS)[0, 0].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert as_picture(image[..., :2], OVERLAPPING).tolist() == [[pytest.approx(0.1)] * 4] * 4
    assert as_picture(image[..., :3])[0, 0].tolist() == pytest.approx([0.1, 0.2, 0.3])


def test_other_numbers_of_channels_are_refused():
    assert "image: expected numbers of shape (H, W)" in refusal(as_picture, np.zeros((4, 4, 5)))
    assert "Received: 2 to 2" in refusal(as_picture, np.full((4, 4, 3), 2.0))


def test_masks_come_with_the_background_or_without():
    masks = organs(ORGANS, 2)
    full = ORGANS.targets(masks)
    for given in (masks, full, masks == 1):
        np.testing.assert_array_equal(as_masks(given, "true mask", (16, 16), ORGANS), masks == 1)
    np.testing.assert_array_equal(as_masks(full * 0.4 + 0.15, "prediction", (16, 16), ORGANS), masks == 1)
    masks[0] = -1
    assert not as_masks(masks, "true mask", (16, 16), ORGANS)[0].any()
    assert "a mask for each of left, right, heart" in refusal(as_masks, masks[..., :2], "true mask", None, ORGANS)
    assert "expected the shape of the image, (8, 8)" in refusal(as_masks, masks, "true mask", (8, 8), ORGANS)


def test_masks_that_nobody_names():
    images = np.zeros((2, 16, 16, 3))
    masks = np.stack([organs(ORGANS, i) for i in (1, 2)])
    found = guess_problem(images, ORGANS.targets(masks), batch=True)
    assert (found.classes, found.softmax) == (("class 1", "class 2", "class 3"), True)
    found = guess_problem(images, masks, batch=True)  # not 1 in each pixel
    assert (found.classes, found.softmax) == (("class 1", "class 2", "class 3"), False)


def test_a_case_in_colour(tmp_path):
    path = save_several(tmp_path, ORGANS, count=3)[2]
    figure = plot_case(path)
    assert [ax.get_title() for ax in figure.axes] == ["image", "masks", "both"]
    first, second, third = figure.axes
    assert first.images[0].get_array().shape == (16, 16, 3)
    heart = second.images[3].get_array()
    np.testing.assert_array_equal(heart[..., 3] > 0, organs(ORGANS, 2)[..., 2] == 1)
    assert tuple(heart[4, 12, :3]) == pytest.approx(to_rgb("#d55e00"))  # the colour of its own
    assert len(third.lines) == 3  # the rims
    assert figure.get_suptitle() == "case_2"
    assert "The masks cover of the image: left 12 %, right 12 %, heart 12 %." in alt_text(figure)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["left", "right", "heart"]
    assert_tidy(figure)


def test_cases_and_batches_of_several_classes(tmp_path):
    paths = save_several(tmp_path, ORGANS, count=3, ignore=True)
    arrays = np.stack([np.load(path) for path in paths])
    images, targets = arrays[..., :3], ORGANS.targets(arrays[..., 3:])
    for figure in (
        plot_cases(paths),
        plot_cases(list(arrays), problem=ORGANS),
        plot_batch(images, targets, problem=ORGANS),
    ):
        assert [text.get_text() for text in figure.legends[0].get_texts()] == ["left", "right", "heart", "ignored"]
        assert len(figure.axes[1].lines) == 3
    assert_tidy(figure)
    figure = plot_batch(images, targets, reader(ORGANS)(images), problem=ORGANS)
    assert [text.get_text() for text in figure.legends[0].get_texts()][3:] == [
        "filled: true",
        "outlined: predicted",
        "ignored",
    ]
    unnamed = plot_batch(images[1:], targets[1:])
    assert [text.get_text() for text in unnamed.legends[0].get_texts()][:3] == ["class 1", "class 2", "class 3"]


def test_each_class_is_outlined_in_its_colour():
    masks = organs(OVERLAPPING, 2)
    figure = plot_overlay(np.zeros((16, 16)), masks, np.roll(masks, 1, axis=0), problem=OVERLAPPING)
    (ax,) = figure.axes
    for at, name in enumerate(OVERLAPPING.classes):
        rim, line = contours(ax, OVERLAPPING.colour(name))  # of the true mask, and the predicted outline
        rows = np.flatnonzero(masks[..., at].any(axis=1))
        assert extent(rim)[2:] == (rows[0] - 0.5, rows[-1] + 0.5)
        assert extent(line)[2:] == (rows[0] + 0.5, rows[-1] + 1.5)
    dice = np.mean([14 / 16, 10 / 12])
    assert f"Dice {dice:.3f}" in alt_text(figure)


def test_the_outline_of_a_nucleus_lies_on_that_of_its_cytoplasm():
    cell, nucleus = rectangle((16, 16), (2, 14), (2, 14)) > 0, rectangle((16, 16), (6, 10), (6, 10)) > 0
    problem = Problem(classes=("nucleus", "cytoplasm"), recipe="grey")
    masks = np.stack([nucleus, cell & ~nucleus], axis=-1)
    figure = plot_overlay(np.zeros((16, 16)), prediction=masks, problem=problem)
    assert [line.get_label() for line in figure.axes[0].lines] == ["cytoplasm", "nucleus"]  # the last is on top


def test_one_class_in_colour_keeps_the_two_outlines(tmp_path):
    path = save_several(tmp_path, BANDS, count=1)[0]
    array = np.load(path)
    figure = plot_overlay(array[..., :5], array[..., 5], array[..., 5], problem=BANDS)
    assert len(contours(figure.axes[0], TRUTH)) == len(contours(figure.axes[0], PREDICTION)) == 1
    assert [ax.get_title() for ax in plot_case(path).axes] == ["image", "water mask", "both"]


@pytest.mark.parametrize("problem", [ORGANS, OVERLAPPING, BANDS])
def test_the_gallery_of_any_problem(problem, tmp_path):
    paths = save_several(tmp_path, problem, ignore=True)
    network = reader(problem, shift=1)
    figure = plot_gallery(evaluate(network, paths), paths, network, count=1)
    assert [ax.get_title().split(":")[0] for ax in figure.axes] == ["best", "median", "worst"]
    assert all(name in alt_text(figure) for name in problem.classes) or len(problem.classes) == 1
    if problem is OVERLAPPING:
        assert_tidy(figure)


def test_many_classes_get_a_legend_of_several_lines():
    problem = Problem(classes=[f"a class with a long name {k}" for k in range(9)], recipe="grey")
    masks = np.stack([rectangle((24, 24), (2 * k, 2 * k + 2), (4, 20)) for k in range(9)], axis=-1)
    case = np.concatenate([ramp((24, 24))[..., None], masks], axis=-1)
    assert_tidy(plot_cases([case], problem=problem))  # a narrow figure


def test_a_training_of_several_classes_can_be_watched():
    masks = [organs(ORGANS, i) for i in (1, 2)]
    images = [0.1 + 0.8 * mask for mask in masks]
    figure = TrainingFigure(5, images, masks, ["a", "b"], ORGANS)
    lower = np.stack([np.roll(mask, 1, axis=0) for mask in masks])
    figure.redraw({"loss": [0.5], "val_dice": [0.4]}, ORGANS.targets(lower))
    assert figure.alt_text.endswith("b: predicted outline beside the true one, Dice 0.875.")
    _, heart = contours(figure.axes[2], ORGANS.colour("heart"))
    assert extent(heart)[2:] == (2.5, 10.5)
    figure.redraw({}, None)
    assert len(heart.get_xdata()) == 0
