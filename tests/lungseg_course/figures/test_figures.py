"""The figures of the notebooks: what they show, and what they say of it."""

import keras
import numpy as np
import pytest

from lungseg import build_unet
from lungseg_course.figures import fresh_chests, plot_found, plot_network, plot_strides


class Knows:
    """A network that finds what it is told."""

    def __init__(self, masks):
        self.masks = masks

    def predict_on_batch(self, images):
        assert images.shape == self.masks.shape
        return self.masks


def test_fresh_chests_are_one_of_each_kind_and_others_with_another_number():
    chests, others = fresh_chests(seed=1, size=32), fresh_chests(seed=2, size=32)
    assert list(chests) == list(others) == ["healthy", "with tuberculosis"]
    assert not any(np.array_equal(chests[kind], others[kind]) for kind in chests)


def test_what_was_found_is_drawn_and_told_with_its_dice():
    chests = fresh_chests(seed=1, size=32)
    masks = np.stack([chest[..., 1:] for chest in chests.values()])
    masks[1] = 0
    figure = plot_found(Knows(masks), chests)
    assert "healthy, Dice 1.00; with tuberculosis, Dice 0.00" in figure.alt_text
    assert [ax.get_title() for ax in figure.axes] == [
        *("healthy", "found: Dice 1.00"),
        *("with tuberculosis", "found: Dice 0.00"),
    ]
    assert [len(ax.lines) for ax in figure.axes] == [0, 2, 0, 2]


def test_strides_are_told_with_their_sizes():
    figure = plot_strides(np.zeros((8, 6, 1)), {1: np.full((1, 8, 6, 1), 9.0), 2: np.zeros((1, 4, 3, 1))})
    assert [ax.get_title() for ax in figure.axes] == ["image\n8 × 6", "stride 1\n8 × 6", "stride 2\n4 × 3"]
    assert np.asarray(figure.axes[1].images[0].get_array()).max() == 1
    assert np.asarray(figure.axes[2].images[0].get_array()).max() == 0.5


def test_the_network_is_drawn_as_it_is():
    figure = plot_network(build_unet((32, 16, 1), filters=4, depth=1))
    assert "3 bars: 32 × 16 with 4 channels, 16 × 8 with 8 channels, 32 × 16 with 4 channels." in figure.alt_text
    assert not figure.axes[0].get_title().startswith("The package's")


def test_a_network_that_does_not_show_its_layers_is_drawn_by_that_of_the_package():
    class Own(keras.Model):
        def call(self, x):
            return x

    figure = plot_network(Own())
    assert figure.axes[0].get_title().startswith("The package's U-Net: ")
    assert "9 bars" in figure.alt_text


@pytest.mark.slow
def test_the_network_that_comes_with_the_package_finds_the_lungs_of_the_first_picture():
    from lungseg import load_pretrained

    words = plot_found(load_pretrained(), fresh_chests(seed=12)).alt_text
    assert words.count("Dice 0.9") == 2
