"""What the figures show: numbers, outlines, titles, and that notebooks show them once."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure
from PIL import Image

from lungseg import plotting
from lungseg.charts import TRAIN, VALIDATION, swarm
from lungseg.drawing import PREDICTION, TRUTH
from lungseg.errors import InputError
from lungseg.evaluation import evaluate
from lungseg.gallery import choose_examples
from lungseg.plotting import (
    alt_text,
    plot_batch,
    plot_case,
    plot_cases,
    plot_dice_by_group,
    plot_gallery,
    plot_history,
    plot_overlay,
    save_evaluation_figures,
    save_figure,
)


def rectangle(shape, rows, columns):
    mask = np.zeros(shape, dtype=np.float32)
    mask[slice(*rows), slice(*columns)] = 1
    return mask


def ramp(shape):
    """An image in which no two rows or columns are alike."""
    return (np.arange(np.prod(shape), dtype=np.float32) / np.prod(shape)).reshape(shape)


def save_case(folder, name, image, mask):
    path = folder / f"{name}.npy"
    np.save(path, np.stack([image, mask], axis=-1).astype(np.float32))
    return path


def contours(ax, colour):
    return [line for line in ax.lines if same_color(line.get_color(), colour)]


def extent(line):
    """Left, right, top and bottom of an outline."""
    x, y = line.get_data()
    return np.nanmin(x), np.nanmax(x), np.nanmin(y), np.nanmax(y)


@pytest.fixture
def network_and_cases(tmp_path):
    """Seven cases, and a network that misses i of the 32 lung pixels of case i, which it reads off the image."""
    paths = []
    for i in range(7):
        found = rectangle((8, 8), (0, 4), (0, 8))
        found.flat[:i] = 0
        paths.append(save_case(tmp_path, f"PHANTOM_{i:04d}_{i % 2}", found, rectangle((8, 8), (0, 4), (0, 8))))
    return (lambda images: images), paths


def history_table():
    return pd.DataFrame(
        {
            "epoch": range(5),
            "loss": [1.0, 0.6, 0.5, 0.4, 0.35],
            "val_loss": [1.1, 0.7, 0.5, 0.5, 0.5],
            "dice": [0.5, 0.7, 0.8, 0.85, 0.9],
            "val_dice": [0.4, 0.7, 0.82, 0.82, 0.8],
            "learning_rate": [2e-3, 2e-3, 2e-3, 1e-3, 1e-3],
        }
    )


def group_table():
    return pd.DataFrame(
        {
            "case": ["MCUCXR_0001_0", "MCUCXR_0002_0", "MCUCXR_0003_0", "CHNCXR_0001_1"],
            "source": ["Montgomery", "Montgomery", "Montgomery", "Shenzhen"],
            "diagnosis": ["normal", "normal", "normal", "tuberculosis"],
            "dice": [0.9, 0.8, 0.96, 0.7],
            "hd95": [1.0, 2.0, 3.0, 4.0],
        }
    )


# Images and outlines


def test_an_image_is_drawn_upright_not_mirrored_and_from_black_to_white():
    image = ramp((6, 9)) / 2  # the brightest pixel must not become white
    (ax,) = plot_overlay(image).axes
    (drawn,) = ax.images
    np.testing.assert_array_equal(drawn.get_array(), image)
    assert drawn.get_clim() == (0, 1)
    assert drawn.get_cmap().name == "gray"
    assert drawn.origin == "upper"
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert left < right
    assert bottom > top
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0


def test_outlines_run_along_the_edges_of_the_pixels():
    truth, prediction = rectangle((10, 12), (2, 6), (3, 8)), rectangle((10, 12), (3, 7), (3, 8))
    (ax,) = plot_overlay(ramp((10, 12)), truth, prediction).axes
    (blue,), (red,) = contours(ax, TRUTH), contours(ax, PREDICTION)
    assert extent(blue) == (2.5, 7.5, 1.5, 5.5)
    assert extent(red) == (2.5, 7.5, 2.5, 6.5)
    assert blue.get_linewidth() > red.get_linewidth()  # where both agree, both can be seen
    assert ax.lines.index(red) > ax.lines.index(blue)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["true mask", "prediction"]


def test_the_view_stays_on_the_image():
    (ax,) = plot_overlay(np.zeros((10, 12)), np.ones((10, 12))).axes
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 11.5), (9.5, -0.5))


def test_a_full_mask_is_outlined_at_the_edge_of_the_image():
    (ax,) = plot_overlay(np.zeros((10, 12)), np.ones((10, 12))).axes
    assert extent(contours(ax, TRUTH)[0]) == (-0.5, 11.5, -0.5, 9.5)


def test_an_empty_mask_has_no_outline_and_says_so():
    (ax,) = plot_overlay(np.zeros((8, 8)), rectangle((8, 8), (2, 4), (2, 4)), np.zeros((8, 8))).axes
    assert len(contours(ax, PREDICTION)[0].get_xdata()) == 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["true mask", "prediction (empty)"]


def test_two_lungs_and_a_hole_make_one_line_of_three_parts():
    mask = rectangle((12, 12), (1, 6), (1, 6)) + rectangle((12, 12), (8, 11), (8, 11))
    mask[3, 3] = 0
    (line,) = contours(plot_overlay(np.zeros((12, 12)), mask).axes[0], TRUTH)
    assert np.isnan(line.get_xdata()).sum() == 3


def test_of_a_prediction_a_half_counts_as_lung():
    probability = np.zeros((6, 6))
    probability[2, 1:5] = [0.49, 0.5, 0.9, 0.49]
    (ax,) = plot_overlay(np.zeros((6, 6)), prediction=probability).axes
    assert extent(contours(ax, PREDICTION)[0]) == (1.5, 3.5, 1.5, 2.5)


@pytest.mark.parametrize("convert", [np.float16, np.float64, np.uint8, np.bool_, lambda mask: mask[..., None]])
def test_masks_of_any_type_are_welcome(convert):
    mask = rectangle((6, 6), (1, 3), (1, 4))
    mask = mask.astype(convert) if isinstance(convert, type) else convert(mask)
    (ax,) = plot_overlay(np.zeros((6, 6, 1)), mask, mask).axes
    assert extent(contours(ax, TRUTH)[0]) == extent(contours(ax, PREDICTION)[0]) == (0.5, 3.5, 0.5, 2.5)


def test_an_overlay_draws_into_your_own_axes():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    mask = rectangle((8, 8), (2, 6), (2, 6))
    assert plot_overlay(mask / 2, mask, title="first", ax=left) is None  # or a notebook would show the figure twice
    plot_overlay(mask / 2, mask, mask, title="second", ax=right)
    assert (len(left.lines), len(right.lines)) == (1, 2)
    assert alt_text(figure) == (
        "first: an image with the true outline. "
        "second: an image with the true outline and the predicted one, Dice 1.000."
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"image": np.full((4, 4), 255)}, "image: expected values from 0 to 1. Received: 255 to 255"),
        ({"image": np.full((4, 4), np.nan)}, "image: expected values from 0 to 1. Received: nan"),
        ({"image": np.zeros((2, 4, 4, 1))}, "Received: float64 of shape (2, 4, 4, 1)"),
        ({"image": np.zeros((4, 4, 3))}, "image: expected numbers of shape (H, W)"),
        ({"image": np.zeros((0, 4))}, "image: expected numbers of shape (H, W)"),
        ({"image": np.array([["a"]])}, "image: expected numbers"),
        ({"truth": np.full((4, 4), 0.5)}, "The true mask should hold 0 and 1 only"),
        ({"truth": np.zeros((4, 5))}, "true mask: expected the shape of the image, (4, 4). Received: (4, 5)"),
        ({"prediction": np.zeros((5, 4))}, "prediction: expected the shape of the image"),
        ({"prediction": np.full((4, 4), 3.0)}, "prediction: expected values from 0 to 1"),
    ],
)
def test_an_overlay_refuses(arguments, complaint):
    with pytest.raises(InputError) as error:
        plot_overlay(**{"image": np.zeros((4, 4)), **arguments})
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


# Cases and batches


def test_a_case_has_three_panels_and_its_name(tmp_path):
    image, mask = ramp((10, 20)), rectangle((10, 20), (0, 5), (0, 10))
    figure = plot_case(save_case(tmp_path, "MCUCXR_0007_1_mask", image, mask))
    assert [ax.get_title() for ax in figure.axes] == ["image", "lung mask", "both"]
    first, second, third = figure.axes
    np.testing.assert_allclose(first.images[0].get_array(), image)
    np.testing.assert_array_equal(second.images[0].get_array(), mask)
    tint = third.images[1].get_array()
    np.testing.assert_array_equal(tint[..., 3] > 0, mask == 1)
    assert tuple(tint[0, 0, :3]) == pytest.approx(to_rgba(TRUTH)[:3])
    assert figure.get_suptitle() == "MCUCXR_0007_1 · Montgomery, tuberculosis"
    assert "10 x 20 pixels. The mask covers 25 % of the image." in alt_text(figure)


def test_a_case_may_be_an_array_and_have_a_title_of_its_own():
    assert plot_case(np.zeros((8, 8, 2))).get_suptitle() == ""
    assert plot_case(np.zeros((8, 8, 2)), title="nothing to see").get_suptitle() == "nothing to see"
    with pytest.raises(InputError, match=r"shape \(H, W, 2\). Received: shape \(8, 8\)"):
        plot_case(np.zeros((8, 8)))


def test_cases_beyond_the_limit_are_not_read(tmp_path):
    mask = rectangle((8, 8), (0, 4), (0, 8))
    paths = [save_case(tmp_path, f"CHNCXR_000{i}_0", mask / 2, mask) for i in range(3)]
    figure = plot_cases([*paths, tmp_path / "gone.npy"], columns=2, limit=3)
    assert [ax.get_title() for ax in figure.axes] == ["CHNCXR_0000_0", "CHNCXR_0001_0", "CHNCXR_0002_0"]
    assert figure.get_suptitle() == "the first 3 of 4 cases"
    assert "The masks cover 50 % of the images" in alt_text(figure)
    tops = [ax.get_position().y1 for ax in figure.axes]
    assert tops[0] == tops[1] > tops[2]  # two in a row
    assert plot_cases(paths).get_suptitle() == ""


def test_cases_of_unlike_shapes_share_a_figure():
    figure = plot_cases([np.zeros((10, 40, 2)), np.ones((40, 10, 2))])
    assert [ax.images[0].get_array().shape for ax in figure.axes] == [(10, 40), (40, 10)]
    assert [ax.get_title() for ax in figure.axes] == ["case 1", "case 2"]


@pytest.mark.parametrize("bad", [{"cases": []}, {"cases": "folder"}, {"columns": 0}, {"limit": 1.5}, {"limit": True}])
def test_cases_refuses(bad):
    with pytest.raises(InputError, match="Received: "):
        plot_cases(**{"cases": [np.zeros((8, 8, 2))], **bad})


def test_names_are_no_formulas_and_do_not_run_into_each_other(tmp_path):
    paths = [save_case(tmp_path, f"{i}_$\\frac{{$_{'long' * 20}_end", np.zeros((8, 8)), np.zeros((8, 8))) for i in "ab"]
    for figure in (plot_cases(paths * 2), plot_case(paths[0], title="$x^")):
        assert_tidy(figure)
    title = plot_cases(paths * 2).axes[0].get_title()
    assert title.startswith("a_$\\frac")
    assert title.endswith("_end")
    assert "…" in title


def test_a_batch_shows_its_masks_and_predictions():
    images = np.stack([ramp((8, 8))] * 3)[..., None]
    masks = np.stack([rectangle((8, 8), (0, 4), (0, size)) for size in (2, 4, 6)])[..., None]
    figure = plot_batch(images, masks, predictions=1 - masks, limit=2)
    assert len(figure.axes) == 2
    assert [extent(contours(ax, TRUTH)[0])[1] for ax in figure.axes] == [1.5, 3.5]
    assert [extent(contours(ax, PREDICTION)[0])[3] for ax in figure.axes] == [7.5, 7.5]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["true mask", "prediction"]
    assert "the first 2 of 3 images are shown. The true masks cover 19 %" in alt_text(figure)
    assert "the predictions cover 81 %" in alt_text(figure)


def test_a_batch_may_come_without_masks_and_channels():
    figure = plot_batch(np.zeros((2, 8, 8)))
    assert [len(ax.lines) for ax in figure.axes] == [0, 0]
    assert figure.legends == []
    assert alt_text(figure) == "A batch of 2 images, 8 x 8 pixels."


@pytest.mark.parametrize(
    ("images", "masks", "complaint"),
    [
        (np.zeros((2, 8, 8, 1)), np.zeros((1, 8, 8, 1)), "masks: expected a batch of shape"),
        (np.zeros((2, 8, 8, 1)), np.zeros((2, 8, 8)), "masks: expected a batch of shape"),
        (np.zeros((8, 8)), None, "images: expected a batch of shape"),
        (np.zeros((2, 8, 8, 2)), None, "images: expected a batch of shape"),
        (np.zeros((0, 8, 8, 1)), None, "images: expected a batch of shape"),
        (np.full((2, 8, 8, 1), 7), None, "Received: 7 to 7"),
        (np.zeros((2, 8, 8, 1)), np.full((2, 8, 8, 1), 255), "mask should hold 0 and 1"),
    ],
)
def test_a_batch_refuses(images, masks, complaint):
    with pytest.raises(InputError, match=complaint):
        plot_batch(images, masks)


# Training curves


def star(figure):
    (line,) = [line for ax in figure.axes for line in ax.lines if line.get_marker() == "*"]
    return line.get_xdata()[0], line.get_ydata()[0]


def drops(ax):
    return [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "drop"]


def test_the_curves_are_those_of_the_history():
    table = history_table()
    loss, dice, rate = plot_history(table).axes
    for ax, name in ((loss, "loss"), (dice, "dice")):
        (training,) = contours(ax, TRAIN)
        validation = contours(ax, VALIDATION)[0]
        np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4, 5])
        np.testing.assert_array_equal(training.get_ydata(), table[name])
        np.testing.assert_array_equal(validation.get_ydata(), table[f"val_{name}"])
    np.testing.assert_array_equal(rate.lines[0].get_ydata(), table["learning_rate"])


def test_the_best_epoch_is_the_first_of_equals_and_drops_are_marked():
    figure = plot_history(history_table())
    assert star(figure) == (3, 0.82)
    assert [drops(ax) for ax in figure.axes] == [[3.5]] * 3  # between the third and the fourth epoch
    assert alt_text(figure) == (
        "Training curves over 5 epochs. Loss from 1.000 to 0.350. Best validation Dice 0.820 in epoch 3. "
        "The learning rate dropped in epoch 4."
    )


def test_a_learning_rate_that_glides_has_no_drops():
    table = history_table().assign(learning_rate=[1, 0.5, 0.25, 0.125, 0.0625])
    assert [drops(ax) for ax in plot_history(table).axes] == [[], [], []]


def test_histories_come_in_many_forms(tmp_path):
    table = history_table()
    table.to_csv(tmp_path / "history.csv", index=False)
    forms = [
        tmp_path,
        str(tmp_path / "history.csv"),
        table.assign(epoch=table["epoch"] + 1),  # counted from 1 already
        table.drop(columns="epoch"),
        table.to_dict("list"),
        SimpleNamespace(history=table),  # a run
        SimpleNamespace(history=table.drop(columns="epoch").to_dict("list")),  # what fit returns
        pd.concat([table.iloc[:3].assign(val_dice=0.99), table.iloc[1:], table.iloc[:1]]),  # went on from epoch 1
    ]
    assert {alt_text(plot_history(form)) for form in forms} == {alt_text(plot_history(table))}


def test_a_history_may_be_short_of_columns_epochs_or_numbers():
    assert [ax.get_title() for ax in plot_history({"loss": [1.0, 0.5]}).axes] == ["loss"]
    assert star(plot_history(history_table().iloc[:1])) == (1, 0.4)
    assert star(plot_history({"dice": [0.3, 0.6, 0.5]})) == (2, 0.6)
    diverged = history_table().assign(val_dice=np.nan, learning_rate=np.nan)
    figure = plot_history(diverged)
    assert [ax.get_title() for ax in figure.axes] == ["loss", "Dice"]
    assert "Best" not in alt_text(figure)
    assert star(plot_history(history_table().assign(val_dice=[np.nan, 0.2, 0.7, np.nan, 0.1]))) == (3, 0.7)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "No such file"),
        ("", "No columns to parse"),
        ("epoch,loss\n", "Received: 0 epochs with epoch, loss"),
        ("epoch,accuracy\n0,1\n", "Received: 1 epochs with epoch, accuracy"),
        ("epoch,loss\n0,low\n", "expected a column of numbers"),
    ],
)
def test_a_history_that_is_none(tmp_path, content, complaint):
    path = tmp_path / "history.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=complaint) as error:
        plot_history(path)
    assert str(path) in str(error.value)


# Dice by group


def test_each_case_is_a_dot_in_the_row_of_its_group():
    figure = plot_dice_by_group(group_table())
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Montgomery, normal\n3 cases",
        "Shenzhen, tuberculosis\n1 case",
    ]
    first, second = (dots.get_offsets() for dots in ax.collections if isinstance(dots, PathCollection))
    np.testing.assert_allclose(first[:, 0], [0.9, 0.8, 0.96])
    np.testing.assert_allclose(second, [[0.7, 1]])
    assert np.all(np.abs(first[:, 1]) < 0.3)
    box = ax.patches[0]
    assert (box.get_x(), box.get_x() + box.get_width()) == pytest.approx((0.85, 0.93))  # quartiles of 0.8, 0.9, 0.96
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["median\n0.900", "MCUCXR_0002_0", "median\n0.700", "CHNCXR_0001_1"]
    left, right = ax.get_xlim()
    assert left < 0.7
    assert right > 1
    assert alt_text(figure) == (
        "Dice of each case by group. Montgomery, normal: 3 cases, median 0.900, lowest 0.800 (MCUCXR_0002_0). "
        "Shenzhen, tuberculosis: 1 case, median 0.700, lowest 0.700 (CHNCXR_0001_1)."
    )


def test_groups_may_be_made_by_one_column():
    (ax,) = plot_dice_by_group(group_table(), by="source").axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Montgomery\n3 cases", "Shenzhen\n1 case"]


@pytest.mark.parametrize("dice", [[0.0], [1.0], [1.0, 1.0], [0.0, 1.0], [0.999, 1.0]])
def test_dots_stay_inside_the_chart(dice):
    table = pd.DataFrame({"case": [f"c{i}" for i in range(len(dice))], "source": "other", "dice": dice})
    figure = plot_dice_by_group(table, by="source")
    left, right = figure.axes[0].get_xlim()
    assert left < min(dice)
    assert max(dice) < right
    assert_tidy(figure)


def test_a_crowd_of_dots_spreads_over_its_row_and_no_further():
    values = np.round(np.random.default_rng([7]).uniform(0.95, 0.97, 60), 3)
    offsets = swarm(values, diameter=0.005)
    assert np.abs(offsets).max() <= 0.28
    assert len(set(zip(values, offsets, strict=True))) == 60  # no two in one place
    np.testing.assert_array_equal(swarm(np.array([0.5, 0.7, 0.9]), 0.01), [0, 0, 0])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (group_table().drop(columns="dice"), "a DataFrame without dice"),
        (group_table().iloc[:0], "an empty table"),
        (group_table().assign(dice=[0.5, np.nan, 0.5, 0.5]), "Received: nan for MCUCXR_0002_0"),
        (group_table().assign(dice=[0.5, 0.5, 0.5, 97]), "Received: 97.0 for CHNCXR_0001_1"),
        ([1, 2], "a list without case"),
    ],
)
def test_tables_that_cannot_be_drawn(table, complaint):
    with pytest.raises(InputError, match=complaint):
        plot_dice_by_group(table)
    with pytest.raises(InputError, match="Received"):
        plot_gallery(table, [], lambda images: images)


# Gallery


@pytest.mark.parametrize(
    ("dice", "count", "expected"),
    [
        ([0.5, 0.9, 0.7, 0.8, 0.6], 1, {"best": "b", "median": "c", "worst": "a"}),
        ([0.5, 0.9, 0.7, 0.8, 0.6], 3, {"best": "b", "median": "c", "worst": "a"}),  # five cases: one of each
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 2, {"best": "ab", "median": "cd", "worst": "ef"}),
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], 1, {"best": "a", "median": "d", "worst": "g"}),
        ([0.5, 0.5, 0.5], 1, {"best": "a", "median": "b", "worst": "c"}),  # equals go by name
        ([0.5, 0.6], 3, {"best": "b", "worst": "a"}),
        ([0.5], 3, {"only": "a"}),
    ],
)
def test_the_best_the_middle_and_the_worst(dice, count, expected):
    table = pd.DataFrame({"case": list("abcdefg")[: len(dice)], "dice": dice})
    for order in (table, table.iloc[::-1]):
        assert choose_examples(order, count) == {kind: list(names) for kind, names in expected.items()}


def test_the_gallery_reads_and_predicts_only_what_it_shows(network_and_cases):
    network, paths = network_and_cases
    table = evaluate(network, paths)
    for i in (1, 2, 4, 5):
        paths[i].unlink()
    figure = plot_gallery(table, paths, network, count=1)
    dice = [2 * (32 - i) / (64 - i) for i in (0, 3, 6)]
    hd95 = table["hd95"].iloc[[0, 3, 6]]
    assert [ax.get_title() for ax in figure.axes] == [
        f"{kind}: PHANTOM_000{i}_{i % 2}\nDice {d:.3f} · HD95 {h:.1f} px"
        for kind, i, d, h in zip(("best", "median", "worst"), (0, 3, 6), dice, hd95, strict=True)
    ]
    assert f"worst PHANTOM_0006_0: Dice {dice[2]:.3f}" in alt_text(figure)
    best, _, worst = figure.axes
    assert extent(contours(best, PREDICTION)[0]) == extent(contours(best, TRUTH)[0]) == (-0.5, 7.5, -0.5, 3.5)
    points = contours(worst, PREDICTION)[0].get_xydata()
    assert not np.any((points[:, 0] < 5) & (points[:, 1] < 0))  # the first six pixels were missed


def test_the_gallery_has_a_row_of_each_kind(network_and_cases):
    network, paths = network_and_cases
    figure = plot_gallery(evaluate(network, paths), paths, network, count=2)
    assert [ax.get_ylabel() for ax in figure.axes] == ["best", "", "median", "", "worst", ""]
    assert [ax.get_title()[:12] for ax in figure.axes] == [f"PHANTOM_000{i}" for i in (0, 1, 2, 3, 5, 6)]
    assert_tidy(figure)


def test_the_gallery_cleans_and_thresholds_as_the_evaluation_did(network_and_cases):
    _, paths = network_and_cases

    def faint(images):
        """Less than half sure of the lungs, and of three islands below them."""
        probabilities = images * 0.3
        probabilities[:, 6, 1::3] = 0.3
        return probabilities

    table = evaluate(faint, paths, threshold=0.2, clean=True)
    figure = plot_gallery(table, paths, faint, threshold=0.2, clean=True)
    for ax in figure.axes:
        assert np.isnan(contours(ax, PREDICTION)[0].get_xdata()).sum() == 2  # the lungs and one island are left
    with pytest.raises(InputError, match=r"the table says Dice 0.985. Received: a prediction with 0.000"):
        plot_gallery(table, paths, faint, clean=True)
    with pytest.raises(InputError, match=r"the table says Dice 0.985. Received: a prediction with 0.955"):
        plot_gallery(table, paths, faint, threshold=0.2)


def test_the_gallery_names_a_case_that_is_missing(network_and_cases):
    network, paths = network_and_cases
    with pytest.raises(InputError, match="PHANTOM_0006_0: is in the table, but not among the 6 cases"):
        plot_gallery(evaluate(network, paths), paths[:6], network)
    with pytest.raises(InputError, match="count"):
        plot_gallery(evaluate(network, paths), paths, network, count=0)


# Files


def test_the_figures_of_an_evaluation(tmp_path, network_and_cases):
    network, paths = network_and_cases
    out = tmp_path / "run"
    written = save_evaluation_figures(evaluate(network, paths), paths, network, out)
    assert written == [out / "figures" / "dice_by_group.png", out / "figures" / "gallery.png"]
    assert sorted((out / "figures").iterdir()) == written
    with Image.open(written[0]) as image:
        assert image.size[0] == 1500
        assert image.text["Description"].startswith("Dice of each case by group. Phantom, normal: 4 cases")


def test_nothing_is_written_when_a_figure_fails(tmp_path, network_and_cases):
    network, paths = network_and_cases
    table = evaluate(network, paths)
    with pytest.raises(InputError):
        save_evaluation_figures(table, paths[:3], network, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    figure = plot_history(history_table())
    path = save_figure(figure, tmp_path / "history.png")
    before = path.read_bytes()

    def full_disk(self, target, **kwargs):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full_disk)
    with pytest.raises(InputError, match=r"history.png: the figure cannot be written. Received: No space left"):
        save_figure(figure, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_figure_has_the_same_bytes_each_time(tmp_path):
    first, second = (save_figure(plot_history(history_table()), tmp_path / name) for name in ("a.png", "b.png"))
    assert first.read_bytes() == second.read_bytes()
    with Image.open(first) as image:
        assert "Software" not in image.text  # it would name the version of Matplotlib


def test_the_ending_tells_the_format(tmp_path):
    figure = plot_history(history_table())
    assert save_figure(figure, tmp_path / "new" / "a.PDF").read_bytes().startswith(b"%PDF")
    assert b"<svg" in save_figure(figure, tmp_path / "a.svg").read_bytes()
    with pytest.raises(InputError, match=r"Received: '.docx'. Try a.png"):
        save_figure(figure, tmp_path / "a.docx")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        save_figure(figure, tmp_path / "file" / "a.png")


# Shown once, and tidy


def assert_tidy(figure):
    """All text lies inside the figure, no two texts overlap, and none of them lies on an image."""
    FigureCanvasAgg(figure).draw()
    texts = [ax.title for ax in figure.axes] + [text for ax in figure.axes for text in ax.texts]
    texts += [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    texts += [label for ax in figure.axes for label in (ax.xaxis.label, ax.yaxis.label)]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for i, box in enumerate(boxes):
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height
        for other in boxes[:i]:
            assert not box.overlaps(other), texts
    images = [ax.get_window_extent() for ax in figure.axes if ax.images]
    titles = [text.get_window_extent() for text in [*figure.texts, *(ax.title for ax in figure.axes)]]
    for box in [*titles, *(legend.get_window_extent() for legend in figure.legends)]:
        assert not any(box.overlaps(image) for image in images)


@pytest.mark.parametrize(("shape", "count"), [((8, 8), 5), ((8, 24), 3), ((24, 8), 1)])
def test_titles_and_legends_have_room(shape, count):
    cases = [np.stack([ramp(shape), rectangle(shape, (2, 6), (2, 6))], axis=-1)] * count
    batch = np.stack(cases)
    for figure in (
        plot_cases(cases),
        plot_cases([*cases, *cases], limit=count, columns=3),
        plot_batch(batch[..., 0], batch[..., 1], batch[..., 1]),
        plot_case(cases[0], title="a title"),
        plot_overlay(batch[0, ..., 0], batch[0, ..., 1], title="two\nlines"),
    ):
        assert_tidy(figure)


def test_charts_have_room():
    assert_tidy(plot_history(history_table()))
    rng = np.random.default_rng([11])
    groups = [(f"a source with a name {i}", "tuberculosis") for i in range(4)]
    rows = [(f"CASE_{i}_{source}", source, diagnosis) for source, diagnosis in groups for i in range(60)]
    table = pd.DataFrame(rows, columns=["case", "source", "diagnosis"]).assign(dice=rng.uniform(0.8, 1, 240))
    assert_tidy(plot_dice_by_group(table))


def test_a_notebook_gets_one_picture_and_its_text():
    display = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    figure = plot_history(history_table())
    data, metadata = display.format(figure)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == alt_text(figure)
    assert data["image/png"].startswith(b"\x89PNG")


def test_no_figure_stays_open_and_nothing_heavy_is_imported():
    """A figure that pyplot knows would be shown a second time at the end of a notebook cell."""
    script = (
        "import sys, numpy as np, lungseg.plotting as p\n"
        "mask = np.eye(8)\n"
        "p.plot_overlay(mask, mask, mask); p.plot_batch(mask[None], mask[None]); p.plot_case(np.ones((8, 8, 2)))\n"
        "p.plot_history({'loss': [2, 1]})._repr_mimebundle_()\n"
        "print([m for m in ('matplotlib.pyplot', 'tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_room_offers_what_it_names():
    assert all(callable(getattr(plotting, name)) for name in plotting.__all__)
    assert alt_text(Figure()) == ""
