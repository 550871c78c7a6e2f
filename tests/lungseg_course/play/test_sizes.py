"""The figure of depth and filters: its formulas give the numbers of the network that is built."""

import numpy as np
import pytest

from lungseg import build_unet
from lungseg_course.figures.blocks import blocks_of
from lungseg_course.play import sizes


@pytest.mark.parametrize(("depth", "filters"), [(1, 4), (2, 3), (3, 8)])
def test_blocks_and_parameters_are_those_of_the_model(depth, filters):
    model = build_unet((32, 32, 1), filters=filters, depth=depth)
    assert sizes.parameters(depth, filters) == model.count_params()
    assert sizes.blocks(depth, filters, size=32) == blocks_of(model)


def test_channels_of_the_image_count():
    assert sizes.parameters(1, 4, channels=3) == build_unet((32, 32, 3), filters=4, depth=1).count_params()


@pytest.mark.parametrize("depth", [1, 2])
def test_the_bottleneck_sees_as_far_as_the_figure_says(depth):
    import keras
    import tensorflow as tf

    unet = build_unet((64, 64, 1), filters=1, depth=depth)
    unet.set_weights([np.ones_like(weight) for weight in unet.get_weights()])  # so that nothing is lost on the way
    encoder = keras.Model(unet.input, unet.get_layer(f"encoder_{depth}_dropout").output)
    image = tf.ones((1, 64, 64, 1))
    with tf.GradientTape() as tape:
        tape.watch(image)
        pixel = encoder(image)[0, 8, 8, 0]
    rows, columns = np.nonzero(tape.gradient(pixel, image).numpy()[0, ..., 0])
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == sizes.view(depth)


@pytest.mark.parametrize(("depth", "filters", "parameters", "view"), [(4, "16", "1,747,681", 95), (5, "4", "", 191)])
def test_the_figure_tells_its_numbers(depth, filters, parameters, view):
    figure = sizes.draw(depth, filters)
    shown = [ax.get_title() for ax in figure.axes]
    assert f"Depth {depth} with {filters} filters: {parameters}" in figure.alt_text
    assert f"a square of {view} × {view}." in figure.alt_text
    assert f"{parameters}" in shown[0]
    assert f"{view} × {view} pixels" in shown[1]


def test_all_states_have_the_size_of_the_first():
    still = sizes.play_with_sizes().still
    assert sizes.draw(1, "64").get_size_inches().tolist() == still.get_size_inches().tolist()
