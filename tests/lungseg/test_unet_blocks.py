"""The blocks of the network, and what its paths carry. Runs on any backend of Keras."""

import keras
import numpy as np
import pytest

from lungseg.unet import build_unet, decoder_block, encoder_block
from networks import answer, numpy, pictures


@pytest.mark.parametrize(("strides", "size"), [(2, (8, 6)), (1, (16, 12))])
def test_an_encoder_block_halves_by_striding(strides, size):
    inputs = keras.Input((16, 12, 5))
    outputs = encoder_block(inputs, filters=7, strides=strides)
    assert outputs.shape == (None, *size, 7)
    layers = keras.Model(inputs, outputs).layers
    assert not any("Pool" in type(layer).__name__ for layer in layers)
    assert [layer.strides for layer in layers if isinstance(layer, keras.layers.Conv2D)].count((2, 2)) == strides - 1


def test_a_decoder_block_doubles_by_a_transposed_convolution_and_joins_the_skip():
    x, skip = keras.Input((8, 6, 5)), keras.Input((16, 12, 3))
    outputs = decoder_block(x, skip, filters=7)
    assert outputs.shape == (None, 16, 12, 7)
    layers = keras.Model([x, skip], outputs).layers
    [up] = [layer for layer in layers if isinstance(layer, keras.layers.Conv2DTranspose)]
    assert up.strides == (2, 2)
    [join] = [layer for layer in layers if isinstance(layer, keras.layers.Concatenate)]
    assert join.output.shape == (None, 16, 12, 7 + 3)


@pytest.mark.parametrize("rate", [0.0, 0.6])
def test_a_block_drops_whole_channels_and_in_training_only(rate):
    keras.utils.set_random_seed(3)
    inputs, skip = keras.Input((4, 4, 1)), keras.Input((8, 8, 1))
    for block in [
        keras.Model(inputs, encoder_block(inputs, 40, strides=1, dropout=rate)),
        keras.Model([inputs, skip], decoder_block(inputs, skip, 40, dropout=rate)),
    ]:
        x = [pictures(1, *shape[1:]) for shape in ([i.shape for i in block.inputs])]
        x = x if len(x) > 1 else x[0]
        trained = numpy(block(x, training=True))[0]  # (H, W, 40)
        dropped = np.all(trained == 0, axis=(0, 1))
        assert np.mean(dropped) == pytest.approx(rate, abs=0.25)
        # What was not dropped whole, was not dropped at all: the normalised pixels have no zeros.
        alive = trained[..., ~dropped]
        assert np.all(np.any(alive != 0, axis=(0, 1)))
        assert np.mean(alive == 0) < 0.05
        asked = numpy(block(x, training=False))[0]
        np.testing.assert_array_equal(asked, numpy(block(x, training=False))[0])


def test_a_block_ends_in_normalisation_and_dropout():
    inputs = keras.Input((4, 4, 1))
    layers = keras.Model(inputs, encoder_block(inputs, 2, dropout=0.1, name="e")).layers
    assert [layer.name for layer in layers[1:]] == ["e_conv_1", "e_conv_2", "e_norm", "e_dropout"]
    # Quick to follow: with Keras' 0.99 a short training is evaluated by the averages of its start.
    assert layers[3].momentum <= 0.95


def test_blocks_serve_a_network_of_another_shape_without_names():
    inputs = keras.Input((16, 16, 1))
    down = encoder_block(encoder_block(inputs, 2), 4)
    up = decoder_block(decoder_block(down, encoder_block(inputs, 2), 2), inputs, 2)
    assert keras.Model(inputs, up).output_shape == (None, 16, 16, 2)


# ---- What the paths carry --------------------------------------------------------------------


def silence(layer, channels):
    """Let a convolution no longer listen to some of its input channels."""
    kernel, bias = layer.get_weights()
    kernel[:, :, channels] = 0
    layer.set_weights([kernel, bias])


def test_each_skip_and_the_bottleneck_carry_information():
    keras.utils.set_random_seed(0)
    model = build_unet((16, 16, 1), filters=4, depth=2)
    images, weights = pictures(1, 16, 16, 1), model.get_weights()
    before = answer(model, images)
    for level, filters in [(0, 4), (1, 8)]:
        for channels in [slice(0, filters), slice(filters, 2 * filters)]:  # from below, from the skip
            silence(model.get_layer(f"decoder_{level}_conv"), channels)
            assert np.abs(answer(model, images) - before).max() > 1e-3
            model.set_weights(weights)
    np.testing.assert_array_equal(answer(model, images), before)


def test_only_the_skips_carry_what_is_fine():
    # Without skips, the two pixels of the bottleneck's grid cannot tell where inside of it a pixel changed.
    keras.utils.set_random_seed(0)
    model = build_unet((16, 16, 1), filters=4, depth=2)
    for level, filters in [(0, 4), (1, 8)]:
        silence(model.get_layer(f"decoder_{level}_conv"), slice(0, filters))  # only the skips are left
    images = pictures(1, 16, 16, 1)
    changed = images.copy()
    changed[0, 8, 8] += 1
    difference = np.abs(answer(model, changed) - answer(model, images))[0, ..., 0]
    assert difference[8, 8] > 0
    # Three convolutions of 3 x 3 at full size see three pixels far, no further.
    rows, columns = np.nonzero(difference)
    assert max(abs(rows - 8).max(), abs(columns - 8).max()) <= 3
