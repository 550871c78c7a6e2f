"""The best, the median and the worst cases, and the figures of an evaluation."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from drawings import assert_tidy, contours, extent, rectangle, save_case
from lungseg.errors import InputError
from lungseg.evaluation import evaluate, measure_cases
from lungseg.plotting import alt_text, plot_gallery, save_evaluation_figures
from lungseg.plotting.figure import as_png
from lungseg.plotting.gallery import choose_examples
from lungseg.plotting.overlays import PREDICTION, TRUTH
from lungseg.problems import Problem, write_problem


@pytest.fixture
def network_and_cases(tmp_path):
    """Seven cases, and a network that misses i of the 32 lung pixels of case i, which it reads off the image."""
    paths = []
    for i in range(7):
        found = rectangle((8, 8), (0, 4), (0, 8))
        found.flat[:i] = 0
        paths.append(save_case(tmp_path, f"PHANTOM_{i:04d}_{i % 2}", found, rectangle((8, 8), (0, 4), (0, 8))))
    return (lambda images: images), paths


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


def test_the_best_is_no_empty_tile():
    table = pd.DataFrame({"case": list("abcdef"), "dice": [1, 1, 0.9, 0.8, 0.7, 0.0], "tp": [0, 0, 9, 8, 7, 0]})
    table = table.assign(fp=[0, 0, 1, 2, 3, 5], fn=0)
    assert choose_examples(table, 1) == {"best": ["c"], "median": ["d"], "worst": ["f"]}
    assert choose_examples(table[:4], 1)["best"] == ["a"]  # too few hold something


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


def test_the_gallery_tints_what_was_missed_and_what_was_added(tmp_path):
    truth, found = rectangle((8, 8), (0, 4), (0, 8)), rectangle((8, 8), (2, 6), (0, 8))
    paths = [save_case(tmp_path, f"PHANTOM_000{i}_0", found, truth) for i in range(3)]
    figure = plot_gallery(evaluate(lambda images: images, paths), paths, lambda images: images)
    _, missed, added = figure.axes[0].images
    for tint, colour, rows in ((missed, TRUTH, (0, 2)), (added, PREDICTION, (4, 6))):
        np.testing.assert_array_equal(tint.get_array()[..., 3] > 0, rectangle((8, 8), rows, (0, 8)) > 0)
        np.testing.assert_allclose(tint.get_array()[rows[0], 0, :3], to_rgb(colour))
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["true mask", "prediction", "missed", "added"]


def test_of_several_classes_the_gallery_tints_what_was_added(tmp_path):
    problem = Problem(classes=("left", "right"))
    write_problem(problem, tmp_path)
    left, right = rectangle((8, 8), (0, 4), (0, 4)), rectangle((8, 8), (4, 8), (4, 8))
    paths = [tmp_path / f"{name}.npy" for name in "ab"]
    for path in paths:
        np.save(path, np.stack([left, left, right], axis=-1).astype(np.float32))
    all_left = {"a": np.stack([left + right > 0, left < 0], axis=-1), "b": np.stack([left, right], axis=-1) > 0}
    table = pd.DataFrame({"case": ["a", "b"], "dice": [1 / 3, 1.0], "hd95": [9.0, 0.0]})
    figure = plot_gallery(table, paths, all_left)
    assert figure.axes[1].get_title() == "worst: a\nDice 0.333 · right not found"
    for ax, expected in zip(figure.axes, (0 * right, right), strict=True):
        pale = ax.images[1].get_array()  # behind the image
        np.testing.assert_array_equal(pale[..., 3] > 0, expected > 0)
    np.testing.assert_allclose(pale[7, 7, :3], to_rgb(problem.colour("left")))
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["left", "right", "filled: true", "outlined: predicted", "pale: added"]
    assert_tidy(figure)


def test_where_nothing_was_found_the_gallery_says_so(tmp_path):
    paths = [
        save_case(tmp_path, f"PHANTOM_000{i}_0", rectangle((8, 8), (0, 4), (0, i)), rectangle((8, 8), (0, 4), (0, 8)))
        for i in (0, 4, 8)
    ]
    figure = plot_gallery(evaluate(lambda images: images, paths), paths, lambda images: images)
    assert figure.axes[-1].get_title() == "worst: PHANTOM_0000_0\nDice 0.000 · nothing found"
    assert "HD95" in figure.axes[0].get_title()
    assert "worst PHANTOM_0000_0: Dice 0.000, nothing found" in alt_text(figure)


def test_specks_have_thin_outlines(tmp_path):
    truth = rectangle((32, 32), (8, 24), (8, 24))
    specks = (np.indices((32, 32)).sum(0) % 2).astype(np.float32)
    paths = [save_case(tmp_path, f"PHANTOM_000{i}_0", found, truth) for i, found in enumerate((truth, truth, specks))]
    figure = plot_gallery(evaluate(lambda images: images, paths), paths, lambda images: images)
    best, _, worst = (contours(ax, PREDICTION)[0].get_linewidth() for ax in figure.axes)
    assert worst < best / 2


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


def test_the_gallery_shows_masks_that_were_predicted_before(network_and_cases):
    network, paths = network_and_cases
    evaluation = measure_cases(network, paths, clean=True)
    figure = plot_gallery(evaluation.table, evaluation.cases, evaluation.masks)
    assert as_png(figure) == as_png(plot_gallery(evaluation.table, paths, network, clean=True))
    masks = {name: evaluation.masks[name] for name in list(evaluation.masks)[1:]}
    with pytest.raises(InputError, match="PHANTOM_0000_0: expected its predicted mask"):
        plot_gallery(evaluation.table, paths, masks)


def test_the_gallery_names_a_case_that_is_missing(network_and_cases):
    network, paths = network_and_cases
    with pytest.raises(InputError, match="PHANTOM_0006_0: is in the table, but not among the 6 cases"):
        plot_gallery(evaluate(network, paths), paths[:6], network)
    with pytest.raises(InputError, match="count"):
        plot_gallery(evaluate(network, paths), paths, network, count=0)


# The figures of an evaluation


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
