"""The optimizer of a training."""

import keras
import pytest

from lungseg.training.optimizers import describe_optimizer, follows_schedule, make_optimizer, rate_of
from refusals import refusal


@pytest.mark.parametrize(
    ("given", "told", "rate"),
    [
        ("adam", "adam", 0.002),
        ("SGD", "sgd", 0.002),
        (lambda: keras.optimizers.Adam(), "adam", 0.001),
        (lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "sgd(momentum=0.9, nesterov=true)", 0.05),
        (lambda: keras.optimizers.AdamW(3e-4, weight_decay=0.02, clipnorm=1.0), None, 3e-4),
    ],
)
def test_what_is_told_of_an_optimizer(given, told, rate):
    given = given() if callable(given) else given
    described = describe_optimizer(given)
    assert described == told or (told is None and described == "adamw(weight_decay=0.02, clipnorm=1.0)")
    assert rate_of(given) == rate
    made = make_optimizer(given)
    assert describe_optimizer(made) == described
    assert float(made.learning_rate) == pytest.approx(rate)
    assert not follows_schedule(given)


def test_an_optimizer_that_has_trained_is_copied():
    own = keras.optimizers.SGD(0.5, momentum=0.9)
    weight = keras.Variable([1.0])
    own.build([weight])
    own.iterations.assign(7)
    copy = make_optimizer(own, 0.25)
    assert (int(copy.iterations), copy.momentum, float(copy.learning_rate)) == (0, 0.9, 0.25)
    assert not copy.built
    assert float(own.learning_rate) == 0.5


def test_a_schedule_of_keras_stays_with_its_optimizer():
    own = keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5))
    assert follows_schedule(own)
    assert rate_of(own) == 0.1
    assert "ExponentialDecay" in describe_optimizer(own)
    copy = make_optimizer(own, 0.1)
    copy.iterations.assign(10)
    assert float(copy.learning_rate) == pytest.approx(0.05)


@pytest.mark.parametrize("wrong", ["adamm", "Optimizer", "", 3, None, keras.optimizers.Adam])
def test_what_is_no_optimizer(wrong):
    said = refusal(make_optimizer, wrong)
    assert "adam, adamw, sgd" in said
    assert "Received: " in said
