"""Cases, batches and overlays: what their figures show."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from drawings import assert_tidy, contours, extent, ramp, rectangle, save_case
from lungseg.errors import InputError
from lungseg.plotting import alt_text, plot_batch, plot_case, plot_cases, plot_overlay
from lungseg.plotting.overlays import PREDICTION, TRUTH
from refusals import refusal

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


def test_a_full_mask_is_outlined_at_the_edge_of_the_image():
    (ax,) = plot_overlay(np.zeros((10, 12)), np.ones((10, 12))).axes
    assert extent(contours(ax, TRUTH)[0]) == (-0.5, 11.5, -0.5, 9.5)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 11.5), (9.5, -0.5))  # the view stays on the image


def test_an_empty_mask_has_no_outline_and_says_so():
    (ax,) = plot_overlay(np.zeros((8, 8)), rectangle((8, 8), (2, 4), (2, 4)), np.zeros((8, 8))).axes
    assert len(contours(ax, PREDICTION)[0].get_xdata()) == 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["true mask", "prediction (empty)"]


def test_two_lungs_and_a_hole_make_one_line_of_three_parts():
    mask = rectangle((12, 12), (1, 6), (1, 6)) + rectangle((12, 12), (8, 11), (8, 11))
    mask[3, 3] = 0
    (line,) = contours(plot_overlay(np.zeros((12, 12)), mask).axes[0], TRUTH)
    assert np.isnan(line.get_xdata()).sum() == 3


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
        ({"image": np.zeros((4, 4, 4))}, "image: expected numbers of shape (H, W)"),
        ({"image": np.zeros((0, 4))}, "image: expected numbers of shape (H, W)"),
        ({"image": np.array([["a"]])}, "image: expected numbers"),
        ({"truth": np.full((4, 4), 0.5)}, "The true mask should hold 0 and 1 only"),
        ({"truth": np.zeros((4, 5))}, "true mask: expected the shape of the image, (4, 4). Received: (4, 5)"),
        ({"prediction": np.zeros((5, 4))}, "prediction: expected the shape of the image"),
        ({"prediction": np.full((4, 4), 3.0)}, "prediction: expected values from 0 to 1"),
    ],
)
def test_an_overlay_refuses(arguments, complaint):
    assert complaint in refusal(plot_overlay, **{"image": np.zeros((4, 4)), **arguments})


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
        (np.zeros((2, 8, 8, 1)), np.zeros((2, 8, 9, 1)), "masks: expected a batch of shape"),
        (np.zeros((0, 8, 8, 1)), None, "images: expected a batch of shape"),
        (np.full((2, 8, 8, 1), 7), None, "Received: 7 to 7"),
        (np.zeros((2, 8, 8, 1)), np.full((2, 8, 8, 1), 255), "mask should hold 0 and 1"),
    ],
)
def test_a_batch_refuses(images, masks, complaint):
    with pytest.raises(InputError, match=complaint):
        plot_batch(images, masks)


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
