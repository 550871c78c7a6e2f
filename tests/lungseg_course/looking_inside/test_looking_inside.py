"""Networks looked into: built in several ways, with layers called as they like."""

import keras
import numpy as np
import pytest

from lungseg import build_unet
from lungseg.unet import encoder_block
from lungseg_course.looking_inside import graph, look_into, play_with_view, plot_filters, plot_maps, plot_without_skips
from lungseg_course.looking_inside.receptive import draw, influence
from lungseg_course.looking_inside.skips import without
from other_answers import ANSWERS

SIZE = 16
IMAGE = np.random.default_rng(0).random((SIZE, SIZE)).astype("float32")
TRUTH = np.zeros((SIZE, SIZE))
TRUTH[4:12, 4:12] = 1


def packages():
    return build_unet((SIZE, SIZE, 1), filters=2, depth=2)


def other():
    """The network of a student who thinks differently: other names, and a layer of their own that joins."""
    space = {"keras": keras, "layers": keras.layers, "encoder_block": encoder_block}
    for number in ("2.1", "2.2"):
        exec(ANSWERS[number], space)
    return space["build_unet"]((SIZE, SIZE, 1), filters=2, depth=1)


def plain(join):
    image = keras.Input((SIZE, SIZE, 1))
    top = keras.layers.Conv2D(2, 3, padding="same", activation="relu")(image)
    low = keras.layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(top)
    back = keras.layers.Conv2DTranspose(2, 2, strides=2)(low)
    return keras.Model(image, keras.layers.Conv2D(1, 1, activation="sigmoid")(join(top, back)))


def summed():
    return plain(lambda skip, x: keras.layers.Add()([x, skip]))


def by_an_operation():
    return plain(lambda skip, x: keras.ops.concatenate([skip, x], axis=-1))


def without_skips():
    return plain(lambda skip, x: x)


def in_a_row():
    convolution = keras.layers.Conv2D(2, 3, padding="same", activation="relu")
    return keras.Sequential(
        [keras.Input((SIZE, SIZE, 1)), convolution, keras.layers.Conv2D(1, 1, activation="sigmoid")]
    )


class OfItsOwn(keras.Model):
    def __init__(self):
        super().__init__()
        self.only = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")

    def call(self, images):
        return self.only(images)


def of_its_own():
    model = OfItsOwn()
    model(IMAGE[None, ..., None])
    return model


def nested():
    image = keras.Input((SIZE, SIZE, 1))
    return keras.Model(image, packages()(image))


SKIPS = {packages: 2, other: 1, summed: 1, by_an_operation: 1, without_skips: 0, in_a_row: 0}


@pytest.mark.parametrize("build", SKIPS, ids=lambda build: build.__name__)
def test_any_network_of_layers_is_drawn_from_inside(build, capsys):
    model = build()
    before = [weight.copy() for weight in model.get_weights()]
    assert look_into(model, IMAGE) is model
    assert f"{SKIPS[build]} skip" in capsys.readouterr().out
    assert "filters of the first layer, 3 × 3" in plot_filters(model, IMAGE).alt_text
    assert f"down {SIZE} × {SIZE} with 2 maps" in plot_maps(model, IMAGE).alt_text
    panels = len(plot_without_skips(model, IMAGE, TRUTH).axes)
    assert panels == 1 + SKIPS[build] + (SKIPS[build] > 1)
    assert play_with_view(model, IMAGE).still.alt_text.startswith("What the network looks at")
    assert all(np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("build", [of_its_own, nested], ids=lambda build: build.__name__)
def test_a_network_that_does_not_show_its_layers_is_told_so_and_the_packages_is_shown(build, capsys, monkeypatch):
    monkeypatch.setattr("lungseg.pretrained.load_pretrained", lambda size: f"the package's, {size}")
    assert str(look_into(build(), IMAGE)).startswith("the package's")
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("Your network does not show what is inside: ")
    assert told.endswith("What follows is the network that comes with the package.")


def test_the_sizes_go_down_to_the_bottleneck_and_up_again():
    down, up = graph.stages(graph.values_inside(packages(), IMAGE))
    assert [(stage.height, stage.maps.shape[-1]) for stage in down] == [(16, 2), (8, 4), (4, 8)]
    assert [(stage.height, stage.maps.shape[-1]) for stage in up] == [(16, 2), (8, 4)]


def test_a_silenced_skip_says_the_same_everywhere_and_the_rest_stays():
    # It answers with nothing but what comes across: the image itself.
    image = keras.Input((SIZE, SIZE, 1))
    top = keras.layers.Conv2D(1, 1, kernel_initializer="ones", name="top")(image)
    low = keras.layers.AveragePooling2D(2, name="low")(top)
    joined = keras.layers.Concatenate(name="joined")([keras.layers.UpSampling2D(2)(low), top])
    answer = keras.layers.Conv2D(1, 1, name="answer")
    model = keras.Model(image, answer(joined))
    answer.set_weights([np.array([0, 1], "float32").reshape(1, 1, 2, 1), np.zeros(1, "float32")])
    (skip,) = graph.find_skips(model)
    assert (skip.operation, skip.place) == ("joined", 1)
    batch = IMAGE[None, ..., None]
    np.testing.assert_allclose(model(batch), batch, rtol=1e-6)
    np.testing.assert_allclose(without(model, [skip])(batch), np.full_like(batch, IMAGE.mean()), rtol=1e-5)


def test_the_pixel_that_is_asked_about_at_first_is_the_least_sure_one():
    model = packages()
    probability = np.asarray(model(IMAGE[None, ..., None], training=False))[0, ..., 0]
    sure = np.abs(probability - 0.5)
    controls = play_with_view(model, IMAGE).controls
    assert sure[controls["row"].start, controls["column"].start] == sure.min()


def test_where_nothing_moves_the_answer_the_picture_says_so():
    sure = keras.Sequential(
        [keras.Input((SIZE, SIZE, 1)), keras.layers.Conv2D(1, 3, padding="same", bias_initializer=lambda *_, **__: 1e4)]
    )
    sure = keras.Model(sure.inputs[0], keras.layers.Activation("sigmoid")(sure.outputs[0]))
    assert not influence(sure, IMAGE, 3, 4).any()
    assert "so sure here that no pixel moves its answer" in draw(sure, IMAGE, np.ones_like(IMAGE), 3, 4).alt_text
