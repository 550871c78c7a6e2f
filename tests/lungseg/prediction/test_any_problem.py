"""`segment` of other problems than lungs: colours, several classes, arrays; and a network that no run tells of."""

import warnings

import numpy as np
import pytest

from cells import CELLS, GREEN, PICTURE, RED
from lungseg import build_unet, segment
from lungseg.runs import Run
from radiographs import chest, refusal, save
from stand_ins import channel_network


def close(found, truth):
    """Whether two masks differ at their outlines only: a network of 32 x 32 pixels does not see more."""
    return (found != truth).mean() < 0.02


def test_exclusive_classes(cells, tmp_path):
    found = segment(Run(cells), save(tmp_path / "a.png", PICTURE))
    assert (found.dtype, found.shape) == (bool, (40, 60, 2))
    assert not found.all(axis=-1).any()
    assert close(found[..., 0], RED)
    assert close(found[..., 1], GREEN & ~RED)


def test_classes_that_overlap(labels, tmp_path):
    found = segment(labels, save(tmp_path / "a.png", PICTURE))
    assert close(found[..., 0], RED)
    assert close(found[..., 1], GREEN)
    assert found.all(axis=-1).sum() > 20
    higher = segment(labels, PICTURE, threshold=0.9999)
    assert higher.sum() < found.sum()


def test_an_array_is_prepared_like_the_file_of_it(tmp_path, run, cells, bright_square):
    for model, image in [(run, bright_square), (run, chest()[0].astype(np.uint8)), (run, PICTURE), (cells, PICTURE)]:
        assert np.array_equal(segment(model, image), segment(model, save(tmp_path / "a.png", image)))
    deep = chest()[0].astype(np.uint16) * 200
    assert np.array_equal(segment(run, deep), segment(run, save(tmp_path / "a.png", deep)))
    assert np.array_equal(segment(run, deep[..., None]), segment(run, deep))
    np.save(tmp_path / "a.npy", PICTURE)
    assert np.array_equal(segment(cells, tmp_path / "a.npy"), segment(cells, PICTURE))


def test_a_grey_picture_is_its_own_red_green_and_blue(cells, bright_square):
    with pytest.warns(UserWarning, match="image is grey, and the network takes colours"):
        found = segment(channel_network(3, 1), bright_square, recipe="colour", tile=True)
    assert np.array_equal(found, bright_square > 127)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((40, 60, 5)), "Received: 5, of the shape (40, 60, 5). Choose them, image[..., :3]"),
        (np.zeros((4, 40, 60, 3)), "Received: shape (4, 40, 60, 3). Pass one image at a time."),
        (np.zeros((0, 40, 3)), "Received: shape (0, 40, 3)"),
        (np.zeros(40), "Received: shape (40,)"),
        (np.array([["a"]]), "expected real numbers. Received: dtype <U1"),
        (np.zeros((40, 60, 3), complex), "expected real numbers"),
        (np.full((40, 60, 3), np.nan), "NaN"),
        (["a.png", "b.png"], "Received: list. For several files"),
        (None, "Received: NoneType"),
        (7, "Received: int"),
    ],
)
def test_what_is_no_image(cells, image, said):
    assert said in refusal(segment, cells, image)


def test_a_volume_slice_by_slice(run):
    volume = np.stack([chest()[0], chest()[0][:, ::-1]])  # (Z, H, W)
    network = Run(run)
    masks = np.stack([segment(network, piece) for piece in volume])
    assert masks.shape == volume.shape
    assert np.array_equal(masks[1], segment(network, volume[1]))


# ---- What a network without a run can be for -----------------------------------------------------


@pytest.mark.parametrize(
    ("network", "shape", "assumed"),
    [
        (lambda: build_unet((32, 32, 1), 2, 1, classes=3), (40, 60, 2), "grey"),  # a softmax: one is the background
        (lambda: build_unet((32, 32, 1), 2, 1, classes=3, exclusive=False), (40, 60, 3), "grey"),
        (lambda: channel_network(3, 1), (40, 60), "colour"),
        (lambda: channel_network(5, 3), (40, 60, 3), "colour"),
    ],
)
def test_shapes_tell_channels_and_classes(network, shape, assumed):
    network = network()
    image = np.zeros((40, 60, network.input_shape[-1]), np.uint8)
    image[10:20, 10:20, 0] = 255
    with pytest.warns(UserWarning, match=f"the recipe {assumed} is assumed"):
        found = segment(network, image)
    assert found.shape == shape
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert np.array_equal(segment(network, image, recipe=assumed), found)


def test_a_network_of_another_shape_than_the_problem():
    message = refusal(segment, build_unet((32, 32, 3), filters=2, depth=1, classes=2), PICTURE, problem=CELLS)
    assert "expected a network from (B, H, W, 3) to (B, H, W, 3)" in message
