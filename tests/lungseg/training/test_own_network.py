"""Networks of the user's own: what fits, what does not, and what can be saved."""

from itertools import chain, repeat

import keras
import numpy as np
import pytest
from keras import layers, ops
from keras.src.applications import convnext

from lungseg import build_unet, load_run, train
from lungseg.problems import LUNGS, Problem, write_problem
from lungseg.training.own_network import check_own_network
from refusals import refusal
from trainings import SMALL

COLOUR = Problem(channels=("red", "green", "blue"), classes=("nucleus", "edge"), recipe="colour")
SIGNS = Problem(classes=("effusion", "mass"), exclusive=False)


@keras.saving.register_keras_serializable(package="tests_of_lungseg")
class Scaled(layers.Layer):
    """A layer with a weight."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.factor


@keras.saving.register_keras_serializable(package="tests_of_lungseg")
class Subclassed(keras.Model):
    """A network that is no graph of layers."""

    def __init__(self, outputs=1, **kwargs):
        super().__init__(**kwargs)
        self.outputs_of_it = outputs
        self.scaled = Scaled()
        self.last = layers.Conv2D(outputs, 3, padding="same", activation="sigmoid" if outputs == 1 else "softmax")

    def call(self, images):
        return self.last(self.scaled(images))

    def get_config(self):
        return {**super().get_config(), "outputs": self.outputs_of_it}


class NotRegistered(Subclassed):
    pass


class OfANotebook(Subclassed):
    __module__ = "__main__"


def network(shape, *chain):
    inputs = x = keras.Input(shape)
    for layer in chain:
        x = layer(x)
    return keras.Model(inputs, x)


def last(outputs, activation, **settings):
    return layers.Conv2D(outputs, 1, activation=activation, **settings)


def test_networks_that_fit():
    check_own_network(build_unet((None, None, 1), filters=2, depth=1), (16, 24))
    check_own_network(network((16, 16, 3), last(3, "softmax")), (16, 16), COLOUR)
    check_own_network(network((16, 16, 1), last(2, "sigmoid")), (16, 16), SIGNS)
    check_own_network(network((16, 16, 1), last(2, "sigmoid", kernel_initializer="zeros")), (16, 16), SIGNS)
    check_own_network(keras.Sequential([Scaled(), last(1, "sigmoid")]), (16, 16))
    scaled = [convnext.LayerScale(0.5, 1), convnext.StochasticDepth(0.1)]  # layers of its own
    check_own_network(network((16, 16, 1), *scaled, last(1, "sigmoid")), (16, 16))
    subclassed = Subclassed(3)
    check_own_network(subclassed, (16, 16), COLOUR)
    assert subclassed.count_params() == 3 + 3 * 9 * 3 + 3


WRONG = {
    "no network": (lambda: "unet", LUNGS, "Received: str, something else"),
    "a function": (lambda: build_unet, LUNGS, "a function or class: call it"),
    "channels": (lambda: network((16, 16, 3), last(1, "sigmoid")), LUNGS, "Concatenate()([image, image, image])"),
    "five channels": (lambda: network((16, 16, 5), last(1, "sigmoid")), LUNGS, "Build it for 1 channels."),
    "size": (lambda: network((16, 32, 1), last(1, "sigmoid")), LUNGS, "keras.Input((None, None, 1))"),
    "channels first": (lambda: network((1, 16, 16), last(1, "sigmoid", data_format="channels_last")), LUNGS, "first"),
    "two inputs": (
        lambda: keras.Model([a := keras.Input((16, 16, 1)), b := keras.Input((16, 16, 1))], last(1, "sigmoid")(a + b)),
        LUNGS,
        "2 inputs",
    ),
    "two outputs": (
        lambda: network((16, 16, 1), lambda x: [last(1, "sigmoid")(x), x]),
        LUNGS,
        "keras.Model(model.inputs, model.o",
    ),
    "one answer": (lambda: network((16, 16, 1), layers.Flatten(), layers.Dense(1)), LUNGS, "include_top=False"),
    "half the size": (
        lambda: network((16, 16, 1), layers.AveragePooling2D(2), last(1, "sigmoid")),
        LUNGS,
        "UpSampling2D",
    ),
    "masks with channels first": (
        lambda: network((16, 16, 1), last(1, "sigmoid"), layers.Permute((3, 1, 2))),
        LUNGS,
        "keras.layers.Permute((2, 3, 1)) behind",
    ),
    "a softmax of two": (lambda: network((16, 16, 1), last(2, "softmax")), LUNGS, "model.output[..., 1:]"),
    "no background": (
        lambda: network((16, 16, 3), last(2, "softmax")),
        COLOUR,
        "One channel is that of the background",
    ),
    "classes": (lambda: network((16, 16, 3), last(7, "softmax")), COLOUR, "Conv2D(3, 1, activation='softmax')"),
    "logits": (lambda: network((16, 16, 1), lambda x: 20 * x - 10), LUNGS, "keras.ops.sigmoid(model.output)"),
    "logits of several": (
        lambda: network((16, 16, 3), lambda x: 20 * x - 10),
        COLOUR,
        "keras.ops.softmax(model.output)",
    ),
    "a softmax over rows": (
        lambda: network((16, 16, 3), last(3, lambda x: keras.ops.softmax(x, axis=1))),
        COLOUR,
        "along columns of pixels, axis 1",
    ),
    "sigmoids for a softmax": (lambda: network((16, 16, 3), last(3, "sigmoid")), COLOUR, "in place of the sigmoid"),
    "a softmax for sigmoids": (lambda: network((16, 16, 1), last(2, "softmax")), SIGNS, "all classes sum to 1"),
    "a softmax of one": (lambda: network((16, 16, 1), last(1, "softmax")), LUNGS, "over one channel is 1 everywhere"),
    "not registered": (NotRegistered, LUNGS, "register it (keras.saving.register_keras_serializable)"),
    "not registered, in a notebook": (
        OfANotebook,
        LUNGS,
        "the class 'OfANotebook', which is not registered. Write @keras",
    ),
    "code": (
        lambda: network((16, 16, 1), layers.Lambda(lambda x: ops.clip(x, 0, 1))),
        LUNGS,
        "saved and loaded again, it holds 'Lambda'",
    ),
}


@pytest.mark.filterwarnings("ignore")  # Keras' own, about a softmax over one channel
@pytest.mark.parametrize("name", WRONG)
def test_networks_that_do_not_fit(name):
    make, problem, said = WRONG[name]
    text = refusal(check_own_network, make(), (16, 16), problem)
    assert said in text
    assert "xpected" in text or "saved and loaded" in text


def test_a_network_that_forgets_a_weight_is_refused():
    weights = chain([1.0], repeat(0.5))  # as it was, and as it is whenever it is loaded

    @keras.saving.register_keras_serializable(package="tests_of_lungseg")
    class Forgets(Subclassed):
        def call(self, images):
            return super().call(images) * self.hidden[0]

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.hidden = (next(weights),)

    text = refusal(check_own_network, Forgets(), (16, 16))
    assert "one that answers otherwise" in text


@pytest.mark.slow
def test_an_encoder_of_keras_applications_is_trained_and_loaded_again(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "cases").mkdir()
    write_problem(COLOUR, tmp_path / "cases")
    for number in range(3):
        image, label = rng.random((32, 32, 3)), rng.integers(0, 3, (32, 32, 1))
        case = np.concatenate([image, label == 1, label == 2], axis=-1).astype("float32")
        np.save(tmp_path / "cases" / f"{number}.npy", case)

    whole = keras.applications.MobileNet((32, 32, 3), alpha=0.25, include_top=False, weights=None)
    encoder = keras.Model(whole.input, whole.get_layer("conv_pw_1_relu").output)  # enough, and quick
    image = keras.Input((32, 32, 3))
    x = encoder(layers.Rescaling(2.0, offset=-1.0)(image))  # as MobileNet wants its images
    model = keras.Model(image, last(3, "softmax")(layers.UpSampling2D(2)(x)))
    run = train(
        tmp_path / "cases",
        tmp_path / "run",
        epochs=1,
        model=model,
        optimizer=keras.optimizers.SGD(0.01, momentum=0.9),
        loss="dice_crossentropy",
        class_weights={"edge": 2.0},
        metrics=["accuracy"],
        **{name: value for name, value in SMALL.items() if name not in ("filters", "depth")},
    )
    assert run.settings["network"] == "own"
    assert run.settings["optimizer"] == "sgd(momentum=0.9)"
    assert run.settings["learning_rate"] == 0.01
    assert run.settings["class_weights"] == {"edge": 2.0}
    assert run.settings["metrics"] == ["accuracy"]
    logged = {f"{part}{name}" for part in ("", "val_") for name in ("dice", "dice_nucleus", "dice_edge", "accuracy")}
    assert logged <= set(load_run(run.folder).history.columns)
    assert load_run(run.folder).model.output_shape == (None, 32, 32, 3)


@pytest.mark.slow
def test_a_subclassed_network_is_trained_goes_on_and_is_a_start(folder, tmp_path):
    settings = {"batch_size": 8, "report": lambda line: None}

    def newly_built():
        keras.utils.set_random_seed(5)  # its first weights are the user's
        return Subclassed()

    halved = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)
    steered = {"optimizer": keras.optimizers.SGD(halved), "schedule": "constant", **settings}
    train(folder, tmp_path / "run", epochs=1, model=newly_built(), **steered)
    run = train(folder, tmp_path / "run", epochs=2, model=newly_built(), **steered)
    assert run.history["epoch"].tolist() == [0, 1]
    assert run.history["learning_rate"].tolist() == pytest.approx([0.05, 0.025])  # after one step, and two
    tuned = train(folder, tmp_path / "tuned", epochs=1, start=run, learning_rate=1e-12, **settings)
    for one, other in zip(tuned.model.get_weights(), run.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert tuned.settings["start"] == str(run.folder)
