"""Augmentation of any number of channels and classes."""

import keras
import numpy as np
import pytest

from lungseg.augmentation import (
    RandomAffine,
    RandomBlur,
    RandomBorder,
    RandomBox,
    RandomElastic,
    RandomExposure,
    RandomNoise,
    standard,
)
from lungseg.augmentation.moved_masks import moved_masks

MOVING = [RandomAffine(rotation=25, zoom=0.2, shift=0.2), RandomElastic(deviation=0.05, nodes=4)]


def run(layer, images, masks, seed=0):
    return tuple(keras.ops.convert_to_numpy(x) for x in layer(images, masks, seed=seed))


def images_of(channels, count=3, side=24):
    rows, columns = np.mgrid[:side, :side]
    planes = [0.5 + 0.3 * np.sin(rows / (3 + k)) * np.cos(columns / (4 + k)) for k in range(channels)]
    return np.repeat(np.stack(planes, axis=-1)[None], count, axis=0).astype("float32")


def stripes(classes, count=3, side=24, background=0):
    """Classes side by side, which share no pixel; the first columns are background."""
    label = np.zeros((side, side), int)
    label[:, background:] = 1 + np.arange(side - background) * classes // (side - background)
    masks = (label[..., None] == np.arange(1, classes + 1)).astype("float32")
    return np.repeat(masks[None], count, axis=0)


@pytest.mark.parametrize(("channels", "classes"), [(1, 3), (3, 1), (5, 2)])
def test_any_number_of_channels_and_classes(channels, classes):
    images, masks = images_of(channels), stripes(classes, background=8)
    new_images, new_masks = run(standard(1.0, elastic=True), images, masks, seed=3)
    assert new_images.shape == images.shape
    assert new_masks.shape == masks.shape
    assert set(np.unique(new_masks)) == {0.0, 1.0}
    assert not np.allclose(new_images, images)


@pytest.mark.parametrize("layer", MOVING)
def test_each_channel_moves_as_if_it_were_alone(layer):
    images, masks = images_of(4), stripes(1, background=12)
    together, _ = run(layer, images, masks, seed=1)
    for channel in range(4):
        alone, _ = run(layer, images[..., channel : channel + 1], masks, seed=1)
        np.testing.assert_allclose(together[..., channel : channel + 1], alone, atol=1e-6)


@pytest.mark.parametrize("layer", MOVING)
@pytest.mark.parametrize("background", [0, 6])
def test_classes_that_share_no_pixel_share_none_afterwards(layer, background):
    masks = stripes(4, background=background)
    for seed in range(4):
        _, moved = run(layer, images_of(1), masks, seed)
        assert moved.sum(axis=-1).max() == 1
        assert not np.array_equal(moved, masks)


@pytest.mark.parametrize("layer", MOVING)
def test_classes_that_fill_an_image_fill_it_afterwards(layer):
    masks = stripes(3)
    masks[0, :4] = 0  # of this image there is a background
    _, moved = run(layer, images_of(1), masks, seed=2)
    covered = moved.sum(axis=-1).min(axis=(1, 2))
    assert covered.tolist() == [0, 1, 1]


@pytest.mark.parametrize("layer", MOVING)
def test_overlapping_classes_move_each_for_itself(layer):
    masks = np.concatenate([stripes(1, background=4), stripes(1, background=12)], axis=-1)
    _, moved = run(layer, images_of(1), masks, seed=1)
    for number in range(2):
        _, alone = run(layer, images_of(1), masks[..., number : number + 1], seed=1)
        assert np.array_equal(moved[..., number : number + 1], alone)
    assert moved.sum(axis=-1).max() == 2


def test_a_pixel_between_classes_gets_the_one_of_which_it_has_most():
    before = stripes(3, count=1, side=6)
    shares = np.float32([[0.5, 0.5, 0], [0.4, 0.35, 0.25], [0.2, 0.3, 0.1], [0.2, 0.2, 0.6]]).reshape(1, 2, 2, 3)
    after = keras.ops.convert_to_numpy(moved_masks(keras.ops.convert_to_tensor(shares), before))
    assert after.reshape(4, 3).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1]]
    before[0, 0, 0] = 1  # now classes overlap: each is cut at one half
    after = keras.ops.convert_to_numpy(moved_masks(keras.ops.convert_to_tensor(shares), before))
    assert after.reshape(4, 3).tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize("layer", [RandomExposure(), RandomBlur(sigma=2, probability=1)])
def test_all_channels_are_exposed_alike(layer):
    grey = images_of(1)
    new, _ = run(layer, np.repeat(grey, 3, axis=-1), stripes(2, background=8))
    np.testing.assert_allclose(new, np.repeat(run(layer, grey, stripes(1))[0], 3, axis=-1), atol=1e-6)


def test_each_channel_has_its_own_grain():
    grey = np.full((2, 64, 64, 3), 0.5, "float32")
    grain = run(RandomNoise(0.1), grey, stripes(1, count=2, side=64))[0] - 0.5
    assert abs(np.corrcoef(grain[0].reshape(-1, 3).T)[np.triu_indices(3, 1)]).max() < 0.06
    np.testing.assert_allclose(np.ptp(grain.std(axis=(1, 2)), axis=-1), 0, atol=1e-6)  # of one strength


@pytest.mark.parametrize("layer", [RandomBox(size=0.6, probability=1), RandomBorder(width=0.3, probability=1)])
def test_patches_lie_over_no_class_and_over_all_channels(layer):
    images, masks = images_of(3, count=8), np.zeros((8, 24, 24, 2), "float32")
    masks[:, 9:15, 9:12, 0] = masks[:, 9:15, 12:15, 1] = 1
    new, _ = run(layer, images, masks)
    in_classes = masks.max(axis=-1) == 1
    np.testing.assert_allclose(new[in_classes], images[in_classes], atol=1e-6)
    changed = (new != images).any(axis=-1)
    assert changed.any()
    assert np.ptp(new[changed], axis=-1).max() == 0  # black or white in all channels
