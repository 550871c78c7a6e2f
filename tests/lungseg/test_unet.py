"""The network: shapes, names, sizes, and that it learns and can be kept. Runs on any backend of Keras."""

import re

import keras
import numpy as np
import pytest

from lungseg.cases import load_case
from lungseg.losses import DiceCrossentropyLoss, dice_crossentropy_loss, dice_loss
from lungseg.metrics import Dice, Jaccard
from lungseg.unet import build_unet
from networks import answer, numpy, pictures
from refusals import refusal
from trainings import computing_eagerly

# For a single step: TensorFlow is quicker without a graph, JAX with one.
EAGER = keras.backend.backend() == "tensorflow"


# ---- Shapes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "channels", "filters", "depth", "classes"),
    [
        ((32, 32), 1, 4, 1, 1),
        ((32, 32), 1, 4, 5, 1),
        ((32, 48), 3, 2, 4, 1),
        ((24, 8), 2, 3, 3, 4),
        ((16, 16), 4, 1, 2, 2),
        ((2, 2), 1, 2, 1, 3),
    ],
)
def test_probabilities_come_out_at_the_size_of_the_image(size, channels, filters, depth, classes):
    model = build_unet((*size, channels), filters=filters, depth=depth, classes=classes)
    assert model.input_shape == (None, *size, channels)
    assert model.output_shape == (None, *size, classes)
    images = pictures(2, *size, channels)
    probabilities = answer(model, images)
    assert probabilities.shape == (2, *size, classes)
    assert probabilities.dtype == np.float32
    assert probabilities.min() > 0
    assert probabilities.max() < 1
    if classes > 1:
        np.testing.assert_allclose(probabilities.sum(axis=-1), 1, atol=1e-5)
    else:
        assert np.ptp(probabilities) > 0  # a softmax of one class would be 1 everywhere


def test_the_defaults():
    model = build_unet((128, 128, 1))
    assert model.name == "unet"
    assert model.output_shape == (None, 128, 128, 1)
    assert model.get_layer("encoder_4_norm").output.shape == (None, 8, 8, 256)
    assert model.get_layer("decoder_0_dropout").rate == 0.1
    assert 1.5e6 < model.count_params() < 3e6


def test_channels_double_and_sizes_halve_on_the_way_down_and_back():
    model = build_unet((32, 64, 1), filters=3, depth=3)

    def shape(layer):
        return tuple(model.get_layer(layer).output.shape[1:])

    down = [shape(f"encoder_{level}_norm") for level in range(4)]
    assert down == [(32, 64, 3), (16, 32, 6), (8, 16, 12), (4, 8, 24)]
    assert [shape(f"decoder_{level}_norm") for level in range(3)] == down[:3]
    # Joined by concatenation: the channels of both paths.
    assert [shape(f"decoder_{level}_skip") for level in range(3)] == [(32, 64, 6), (16, 32, 12), (8, 16, 24)]


def test_a_size_of_none_takes_any_size():
    model = build_unet((None, None, 1), filters=2, depth=2)
    assert model.output_shape == (None, None, None, 1)
    for size in [(4, 4), (16, 32), (40, 8)]:
        assert answer(model, pictures(1, *size, 1)).shape == (1, *size, 1)
    # The same weights, whatever the size was said to be.
    fixed = build_unet((16, 32, 1), filters=2, depth=2)
    fixed.set_weights(model.get_weights())
    images = pictures(2, 16, 32, 1)
    np.testing.assert_allclose(answer(fixed, images), answer(model, images), atol=1e-6)


# ---- Names, seeds ----------------------------------------------------------------------------


def test_names_are_the_same_in_every_build():
    settings = dict(filters=2, depth=2)
    first, second = build_unet((8, 8, 1), **settings), build_unet((8, 8, 1), **settings)
    names = [layer.name for layer in first.layers]
    assert names == [layer.name for layer in second.layers]
    assert [weight.path for weight in first.weights] == [weight.path for weight in second.weights]
    assert len(set(names)) == len(names)
    assert names[0] == "image"
    assert names[-1] == "output"
    parts = {name.rsplit("_", 1)[0].removesuffix("_conv") for name in names[1:-1]}
    assert parts == {"encoder_0", "encoder_1", "encoder_2", "decoder_0", "decoder_1"}
    assert build_unet((8, 8, 1), filters=1, depth=1, name="mine").name == "mine"


def test_a_seed_gives_the_same_weights():
    def build(seed):
        keras.utils.set_random_seed(seed)
        return build_unet((8, 8, 1), filters=2, depth=2).get_weights()

    for ours, theirs in zip(build(1), build(1), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert any(not np.array_equal(ours, theirs) for ours, theirs in zip(build(1), build(2), strict=True))


# ---- Bad settings ----------------------------------------------------------------------------


# Which side is wrong, its size, the depth, and the nearest sizes that work.
SIZES = [
    ("height", 1, 1, [2]),
    ("width", 3, 1, [2, 4]),
    ("height", 127, 1, [126, 128]),
    ("width", 30, 2, [28, 32]),
    ("height", 3, 2, [4]),
    ("width", 100, 3, [96, 104]),
    ("height", 100, 4, [96, 112]),
    ("width", 15, 4, [16]),
]


@pytest.mark.parametrize(("side", "size", "depth", "nearest"), SIZES)
def test_a_size_that_cannot_be_halved_is_refused_with_sizes_that_work(side, size, depth, nearest):
    def shape(size):
        return (size, 32, 1) if side == "height" else (32, size, 1)

    text = refusal(build_unet, shape(size), filters=1, depth=depth)
    assert f"Received: {side} {size}" in text
    assert f"depth={depth}" in text
    [advice] = re.findall(r"nearest that work: ([\d and]+)\.", text)
    assert [int(number) for number in advice.split(" and ")] == nearest
    for number in nearest:
        assert build_unet(shape(number), filters=1, depth=depth).output_shape[1:] == shape(number)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"input_shape": (128, 128)}, r"\(128, 128, 1\) for one.*Received: \(128, 128\)"),
        ({"input_shape": (None, 128, 128, 1)}, r"Received: \(None, 128, 128, 1\)"),
        ({"input_shape": 128}, "Received: 128"),
        ({"input_shape": (128, 128, None)}, "channels.*Received: None"),
        ({"input_shape": (128, 128, 0)}, "channels.*Received: 0"),
        ({"input_shape": (0, 128, 1)}, "height.*Received: 0"),
        ({"input_shape": (128, -16, 1)}, "width.*Received: -16"),
        ({"filters": 0}, "filters.*Received: 0"),
        ({"filters": 1.5}, "filters.*Received: 1.5"),
        ({"depth": 0}, "depth.*Received: 0"),
        ({"depth": -1}, "depth.*Received: -1"),
        ({"classes": 0}, "classes.*Received: 0"),
        ({"classes": "2"}, "classes.*Received: '2'"),
        ({"dropout": 1}, "dropout.*Received: 1"),
        ({"dropout": -0.1}, "dropout.*Received: -0.1"),
    ],
)
def test_bad_settings_are_named(settings, says):
    assert re.search(says, refusal(build_unet, **{"input_shape": (16, 16, 1), **settings}))


# ---- Precision -------------------------------------------------------------------------------


@pytest.fixture
def policy():
    """Sets a policy for one test, and the old one again after it."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("name", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("classes", [1, 3])
def test_the_output_is_float32_under_mixed_precision(policy, name, classes):
    policy(name)
    model = build_unet((16, 16, 1), filters=2, depth=2, classes=classes)
    assert model.get_layer("encoder_1_conv_1").compute_dtype == name.removeprefix("mixed_")
    assert model.get_layer("output").compute_dtype == "float32"
    probabilities = model(pictures(1, 16, 16, 1))
    assert keras.backend.standardize_dtype(probabilities.dtype) == "float32"
    if classes > 1:
        np.testing.assert_allclose(numpy(probabilities).sum(axis=-1), 1, atol=1e-5)


def test_small_probabilities_survive_mixed_precision(policy):
    # float16 ends near 6e-8: a certain background would be exactly 0, and its logarithm minus infinity.
    policy("mixed_float16")
    model = build_unet((8, 8, 1), filters=1, depth=1)
    kernel, bias = model.get_layer("output").get_weights()
    model.get_layer("output").set_weights([0 * kernel, bias - 20])
    np.testing.assert_allclose(numpy(model(pictures(1, 8, 8, 1))), np.exp(-20.0), rtol=1e-3)


# ---- Learning and keeping --------------------------------------------------------------------


@pytest.mark.slow
def test_it_learns_a_batch_by_heart(phantom_cases):
    keras.utils.set_random_seed(0)
    cases = np.stack([load_case(path) for path in phantom_cases[:4]])
    images, masks = cases[..., :1], cases[..., 1:]
    model = build_unet((32, 32, 1), filters=4, depth=2, dropout=0.0)
    # XLA would take longer to compile than TensorFlow's graph does to train.
    jit = False if keras.backend.backend() == "tensorflow" else "auto"
    model.compile(optimizer=keras.optimizers.Adam(2e-2), loss=dice_crossentropy_loss, jit_compile=jit)
    steps = [np.tile(array, (60, 1, 1, 1)) for array in (images, masks)]  # sixty epochs would each begin anew
    with computing_eagerly(False):
        model.fit(*steps, batch_size=4, shuffle=False, verbose=0)
    # As it is asked, not as it is trained: the averages of batch normalisation have to be right too.
    score = Dice()
    score.update_state(masks, answer(model, images))
    assert float(score.result()) > 0.9


@pytest.mark.filterwarnings("ignore:Skipping variable loading")  # of the optimiser, which took no step
@pytest.mark.parametrize(
    ("loss", "classes"),
    [(dice_loss, 1), (dice_crossentropy_loss, 3), (DiceCrossentropyLoss(smooth=2.0), 1)],
)
def test_a_saved_model_comes_back_whole(tmp_path, loss, classes):
    model = build_unet((16, 16, 1), filters=2, depth=2, classes=classes)
    model.compile(optimizer="adam", loss=loss, metrics=[Dice(threshold=0.4), Jaccard()], run_eagerly=EAGER)
    images = pictures(2, 16, 16, 1)
    masks = np.eye(3, dtype="float32")[(images[..., 0] * 3).astype(int)] if classes == 3 else np.round(images)
    # Weights that no initialiser gives, the averages of batch normalisation included.
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0, 0.5, weights.shape) for weights in model.get_weights()])
    model.save(tmp_path / "unet.keras")
    again = keras.models.load_model(tmp_path / "unet.keras")  # without custom_objects
    np.testing.assert_array_equal(answer(again, images), answer(model, images))
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    before = model.test_on_batch(images, masks, return_dict=True)
    after = again.test_on_batch(images, masks, return_dict=True)
    assert after.keys() == {"loss", "dice", "jaccard"}
    for name, number in before.items():
        assert float(after[name]) == pytest.approx(float(number), abs=1e-6)
