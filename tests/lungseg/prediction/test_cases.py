"""Predictions of cases: batches of one size, and networks that return something else than probabilities."""

import re

import numpy as np
import pytest

from drawings import growing_cases, save_case
from lungseg.errors import InputError
from lungseg.prediction.cases import predict_cases
from refusals import refusal


class Recorder:
    """Stands for a Keras model and writes down the batches it is given."""

    def __init__(self):
        self.batches = []

    def predict_on_batch(self, images):
        self.batches.append(images.copy())
        return images

    def __call__(self, images):
        raise AssertionError("predict_on_batch goes first")


@pytest.fixture
def cases(tmp_path):
    return growing_cases(tmp_path)


def found(model, cases, **settings):
    """The numbers of pixels predicted, case by case; each must be those of the case."""
    sizes = []
    for path, truth, probability in predict_cases(model, cases, **settings):
        assert probability.dtype == np.float32
        np.testing.assert_array_equal(probability, truth)
        np.testing.assert_array_equal(truth, np.load(path)[..., 1])
        sizes.append(int(probability.sum()))
    return sizes


@pytest.mark.parametrize("batch_size", [1, 4, 11, 50])
def test_each_batch_has_the_same_size_and_the_last_is_filled_with_black(cases, batch_size):
    model = Recorder()
    assert found(model, cases, batch_size=batch_size) == list(range(1, 12))
    assert {batch.shape for batch in model.batches} == {(batch_size, 8, 8, 1)}
    assert {batch.dtype for batch in model.batches} == {np.dtype("float32")}
    assert len(model.batches) == -(-11 // batch_size)
    assert not np.concatenate(model.batches)[11:].any()


def test_sizes_may_differ_from_case_to_case(tmp_path):
    sizes = [4, 4, 9, 4, 9, 9, 9]
    paths = [save_case(tmp_path, f"case_{i}", np.ones((n, 6)), np.ones((n, 6))) for i, n in enumerate(sizes)]
    model = Recorder()
    assert found(model, paths, batch_size=2) == [24, 24, 54, 24, 54, 54, 54]
    assert [batch.shape for batch in model.batches] == [(2, n, 6, 1) for n in (4, 9, 4, 9, 9)]


def test_no_more_than_a_batch_is_read_ahead(cases, monkeypatch):
    import lungseg.prediction.cases as module

    read, ahead = [], []
    load = module.load_pair
    monkeypatch.setattr(module, "load_pair", lambda path, *rest: read.append(path) or load(path, *rest))

    def network(images):
        ahead.append(len(read))
        return images

    found(network, cases, batch_size=3)
    # One case is read to see that it does not belong to the batch any more.
    assert ahead == [4, 7, 10, 11]


class Tensor:
    """Carries gradients, as a tensor of PyTorch does: it is an array only once it is detached."""

    def __init__(self, values):
        self.values = values

    def __array__(self, *args, **kwargs):
        raise RuntimeError("carries gradients")

    def detach(self):
        return self

    def cpu(self):
        return self.values


def nonsense_for_the_filling(images):
    return np.where(images.any(axis=(1, 2, 3), keepdims=True), images, np.nan)


@pytest.mark.parametrize(
    "network",
    [lambda images: images[..., 0], lambda images: images.tolist(), list, Tensor, nonsense_for_the_filling],
    ids=["no channel", "lists", "a list of arrays", "tensor", "filling"],
)
def test_outputs_that_will_do(cases, network):
    assert found(network, cases[:5]) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (lambda images: images.repeat(2, axis=-1), r"one probability a pixel.*\(8, 8, 8, 2\)"),
        (lambda images: [images, images], "a list of 2. Choose one"),
        (lambda images: [images[0, :, :4]] * len(images), "a list of 8. Choose one"),
        (lambda images: {"lungs": images}, "a dict of 1. Choose one"),
        (lambda images: images[:, :4], r"\(8, 4, 8, 1\)"),
        (lambda images: images - 0.01, "PHANTOM_0000_0.npy.*from -0.01 to 0.99.*sigmoid"),
        (lambda images: images * 1.01, "PHANTOM_0000_0.npy.*from 0 to 1.01.*sigmoid"),
        (lambda images: images * 2 - 1, "PHANTOM_0000_0.npy.*from -1 to 1.*sigmoid"),
        (lambda images: images * np.nan, "PHANTOM_0000_0.npy.*nan"),
        ("best.keras", "Received: str"),
    ],
)
def test_a_network_that_returns_something_else_is_refused(cases, network, says):
    assert re.search(says, refusal(lambda: list(predict_cases(network, cases))))


def test_rounding_beyond_zero_and_one_is_accepted(cases):
    ((_, _, probability),) = predict_cases(lambda images: images * 1.0018 - 0.0009, cases[:1])
    assert (probability.min(), probability.max()) == pytest.approx((-0.0009, 1.0009))


def test_a_network_for_another_size_is_refused_by_name(cases):
    model = Recorder()
    model.input_shape = (None, 128, 128, 1)
    with pytest.raises(InputError, match=r"PHANTOM_0000_0.npy.*\(128, 128, 1\).*\(8, 8, 1\)"):
        list(predict_cases(model, cases))
    model.input_shape = (None, None, None, 1)
    assert len(found(model, cases)) == 11


def test_a_bad_case_is_named(cases):
    np.save(cases[4], np.full((8, 8, 2), np.nan))
    with pytest.raises(InputError, match=r"PHANTOM_0004_0\.npy"):
        list(predict_cases(Recorder(), cases))
    cases[4].unlink()
    with pytest.raises(InputError, match=r"PHANTOM_0004_0\.npy"):
        list(predict_cases(Recorder(), cases))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"cases": []}, "at least one"),
        ({"cases": "folder"}, "list_cases"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 2.5}, "batch size"),
        ({"batch_size": True}, "batch size"),
    ],
)
def test_bad_settings_are_refused(cases, settings, says):
    with pytest.raises(InputError, match=says):
        predict_cases(**{"model": Recorder(), "cases": cases, **settings})
