"""Augmentation: image and mask stay together, masks stay binary, and a seed fixes everything."""

import keras
import numpy as np
import pytest

from lungseg import InputError
from lungseg.augmentation import (
    Augmentation,
    RandomAffine,
    RandomBlur,
    RandomBorder,
    RandomBox,
    RandomElastic,
    RandomExposure,
    RandomNoise,
    standard,
)

LAYERS = (RandomAffine, RandomElastic, RandomExposure, RandomBlur, RandomNoise, RandomBox, RandomBorder)
GREY_ONLY = LAYERS[2:]


def batch(count=6, height=32, width=24):
    """Images in [0.2, 0.8] with a smooth pattern, and masks with a block each."""
    rows, columns = np.mgrid[:height, :width]
    images = np.stack([0.5 + 0.3 * np.sin(rows / (3 + k)) * np.cos(columns / 4) for k in range(count)])
    masks = np.zeros((count, height, width))
    for k in range(count):
        masks[k, 8 : 20 + k, 4:14] = 1
    return images[..., None].astype("float32"), masks[..., None].astype("float32")


def run(layer, images, masks, seed=0):
    return tuple(keras.ops.convert_to_numpy(x) for x in layer(images, masks, seed=seed))


@pytest.mark.parametrize("kind", [*LAYERS, standard])
def test_shapes_ranges_and_binary_masks(kind):
    images, masks = batch()
    for seed in range(5):
        new_images, new_masks = run(kind(), images, masks, seed)
        assert new_images.shape == images.shape
        assert new_masks.shape == masks.shape
        assert new_images.dtype == new_masks.dtype == np.float32
        assert 0 <= new_images.min() <= new_images.max() <= 1
        assert set(np.unique(new_masks)) == {0.0, 1.0}


@pytest.mark.parametrize("kind", [*LAYERS, standard])
def test_the_seed_fixes_the_result_and_another_changes_it(kind):
    images, masks = batch()
    first, again, other = (run(kind(), images, masks, seed)[0] for seed in ((3, 4), (3, 4), (3, 5)))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", GREY_ONLY)
def test_grey_values_change_and_masks_do_not(kind):
    images, masks = batch()
    new_images, new_masks = run(kind(), images, masks)
    assert np.array_equal(new_masks, masks)
    assert not np.allclose(new_images, images)


@pytest.mark.parametrize("kind", [*LAYERS, standard])
def test_the_arrays_that_were_given_stay_as_they_were(kind):
    images, masks = batch()
    before = images.copy(), masks.copy()
    run(kind(), images, masks)
    assert np.array_equal(images, before[0])
    assert np.array_equal(masks, before[1])


@pytest.mark.parametrize(
    "layer",
    [
        RandomAffine(0, 0, 0),
        RandomElastic(deviation=0),
        RandomExposure(0, 0, 0),
        RandomBlur(sigma=0),
        RandomNoise(0),
        RandomBox(probability=0),
        RandomBorder(probability=0),
        Augmentation([]),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_with_nothing_to_draw_nothing_changes(layer):
    images, masks = batch()
    new_images, new_masks = run(layer, images, masks)
    assert np.allclose(new_images, images, atol=1e-5)
    assert np.array_equal(new_masks, masks)


@pytest.mark.parametrize(
    "layer", [RandomAffine(rotation=20, zoom=0.2, shift=0.15, flip=0.5), RandomElastic(deviation=0.05, nodes=4)]
)
def test_image_and_mask_move_together(layer):
    _, masks = batch(count=8, height=48, width=40)
    # The image is the mask, and not at the edge: wherever one goes, so must the other.
    new_images, new_masks = run(layer, masks, masks, seed=2)
    assert np.array_equal(new_images >= 0.5, new_masks == 1)
    changed = sum(not np.array_equal(new, old) for new, old in zip(new_masks, masks, strict=True))
    assert changed >= 4  # a strength near 0 may be drawn, too


class Fixed(RandomAffine):
    """The six numbers of the transform, without chance."""

    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers

    def draw(self, rng, count, size):
        return {"transform": np.tile([*self.numbers, 0, 0], (count, 1))}


def test_the_transform_is_that_of_its_description():
    masks = np.zeros((1, 8, 8, 1), "float32")
    masks[0, 2, 5] = 1
    moved = run(Fixed([1, 0, 2, 0, 1, -1]), masks, masks)[1]  # from (x + 2, y - 1): 2 to the left, 1 down
    assert np.argwhere(moved[0, ..., 0]).tolist() == [[3, 3]]


def test_half_turn_of_a_drawn_transform_is_about_the_centre():
    layer = RandomAffine(rotation=0, zoom=0, shift=0, flip=1.0)
    _, masks = batch(count=2)
    assert np.array_equal(run(layer, masks, masks)[1], masks[:, :, ::-1])


class Pulled(RandomElastic):
    """Shifts at the nodes that were chosen, without chance."""

    def __init__(self, rows, columns):
        super().__init__(nodes=len(rows))
        self.chosen = np.stack([rows, columns], axis=-1)  # (N, N, 2)

    def draw(self, rng, count, size):
        down, across = (self._share_of_nodes(side) for side in size)
        return {"shift": np.tile(np.einsum("hn,nmk,wm->hwk", down, self.chosen, across), (count, 1, 1, 1))}


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (0, 2, lambda image: image[:, np.minimum(np.arange(24) + 2, 23)]),  # from 2 columns further right
        (-3, 0, lambda image: image[np.maximum(np.arange(32) - 3, 0)]),  # from 3 rows higher
        (0, 0.5, lambda image: (image + image[:, np.minimum(np.arange(24) + 1, 23)]) / 2),  # halfway between two
    ],
)
def test_equal_shifts_at_all_nodes_move_the_whole_picture(rows, columns, expected):
    images, masks = batch(count=2)
    layer = Pulled(np.full((4, 4), rows), np.full((4, 4), columns))
    new_images, _ = run(layer, images, masks)
    assert np.allclose(new_images[1, ..., 0], expected(images[1, ..., 0]), atol=1e-6)


def test_shifts_that_grow_evenly_stretch_the_picture():
    columns = np.linspace(0, 23, 24)
    images = np.tile(columns / 23, (1, 32, 1))[..., None].astype("float32")  # grey values that tell the column
    nodes = np.linspace(0, 23, 5)
    layer = Pulled(np.zeros((5, 5)), np.tile((11.5 - nodes) / 2, (5, 1)))
    new, _ = run(layer, images, np.zeros_like(images))
    assert np.allclose(new[0, :, :, 0], (columns + (11.5 - columns) / 2) / 23, atol=1e-6)


def test_how_far_elastic_shifts_go():
    shift = RandomElastic(deviation=0.02).draw(np.random.default_rng(0), 300, (50, 100))["shift"]  # (B, H, W, 2)
    corners = shift[:, 0, 0] / (50, 100)  # nodes: what was drawn for them, strength from 0 to 0.02
    assert np.allclose(corners.std(axis=0), 0.02 / np.sqrt(3), rtol=0.15)
    assert abs(corners.mean()) < 0.002
    # Smooth: neighbours go nearly the same way, so that nothing folds.
    assert np.abs(np.diff(shift[..., 0], axis=1)).max() < 1
    assert np.abs(np.diff(shift[..., 1], axis=2)).max() < 1


def test_how_much_is_drawn():
    layer = RandomAffine(rotation=5, zoom=0.1, shift=0.05)
    numbers = layer.draw(np.random.default_rng(0), 4000, (100, 200))["transform"]
    a, b, d, e = numbers[:, 0], numbers[:, 1], numbers[:, 3], numbers[:, 4]
    angles = np.rad2deg(np.arctan2(d, a))
    assert 4.9 < np.abs(angles).max() <= 5.001
    zooms = 1 / np.hypot(a, d)
    assert np.exp(-0.1) - 1e-6 <= zooms.min() < 0.92
    assert 1.09 < zooms.max() <= np.exp(0.1) + 1e-6
    centre = numbers[:, 2] + a * 99.5 + b * 49.5 - 99.5, numbers[:, 5] + d * 99.5 + e * 49.5 - 49.5
    assert 9.8 < np.abs(centre[0]).max() <= 10.001
    assert 4.9 < np.abs(centre[1]).max() <= 5.001


def test_blur_keeps_the_mean_and_takes_the_detail():
    rng = np.random.default_rng(1)
    images = rng.random((4, 40, 40, 1)).astype("float32")
    new, _ = run(RandomBlur(sigma=2, probability=1), images, np.zeros_like(images))
    assert np.allclose(new.mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=0.02)
    # How much is drawn for each image, and may be next to nothing.
    assert (new.std(axis=(1, 2)) <= images.std(axis=(1, 2)) + 1e-6).all()
    assert new.std() < 0.8 * images.std()


@pytest.mark.parametrize("layer", [RandomBox(size=0.9, probability=1), RandomBorder(width=0.45, probability=1)])
def test_boxes_and_borders_leave_the_lungs_alone(layer):
    images, masks = batch()
    new, _ = run(layer, images, masks)
    lungs = masks == 1
    assert np.allclose(new[lungs], images[lungs], atol=1e-6)
    assert not np.allclose(new[~lungs], images[~lungs])


def test_each_image_of_a_batch_is_changed_in_its_own_way():
    one = np.repeat(batch(count=1)[0], 4, axis=0)
    new, _ = run(standard(), one, np.ones_like(one))
    assert all(not np.allclose(new[0], other) for other in new[1:])


@pytest.mark.parametrize("kind", [*LAYERS, standard])
def test_settings_survive_a_round_trip(kind):
    layer = kind()
    kept = keras.saving.serialize_keras_object(layer)
    assert kept["registered_name"] == f"lungseg>{type(layer).__name__}"
    again = keras.saving.deserialize_keras_object(kept)
    images, masks = batch()
    assert np.array_equal(run(layer, images, masks, 5)[0], run(again, images, masks, 5)[0])


def test_standard_bends_only_if_asked_to():
    kinds = [[type(layer) for layer in standard(0.5, elastic).steps] for elastic in (False, True)]
    assert RandomElastic not in kinds[0]
    assert kinds[1] == [RandomAffine, RandomElastic, *kinds[0][1:]]
    assert standard(0.5, elastic=True).steps[1].deviation == 0.006


@pytest.mark.parametrize("strength", [0, -1, 2.5])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(InputError, match=r"above 0 and at most 2\. Received"):
        standard(strength)


def test_masks_stay_exact_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        images, masks = batch()
        new_images, new_masks = run(standard(), images, masks)
    finally:
        keras.config.set_dtype_policy("float32")
    assert new_images.dtype == new_masks.dtype == np.float32


# Saved by the version that knew one channel and class: the means of image and mask, pixels weighted by their place.
BEFORE = [
    (RandomAffine(rotation=20, zoom=0.2, shift=0.1, flip=0.5), 0.25252812, 0.09847599),
    (RandomElastic(deviation=0.05), 0.25045900, 0.09085620),
    (RandomExposure(), 0.26090082, 0.08970896),
    (RandomBlur(sigma=2, probability=0.8), 0.24978222, 0.08970896),
    (RandomNoise(), 0.24997436, 0.08970896),
    (RandomBox(probability=1), 0.24965807, 0.08970896),
    (RandomBorder(probability=1), 0.22749039, 0.08970896),
    (standard(1.0, elastic=True), 0.23395148, 0.08806949),
]


@pytest.mark.parametrize(("layer", "image", "mask"), BEFORE, ids=[type(layer).__name__ for layer, *_ in BEFORE])
def test_one_channel_and_one_class_are_changed_as_ever(layer, image, mask):
    new_images, new_masks = run(layer, *batch(), seed=(3, 4))
    places = np.arange(new_images[0].size).reshape(new_images[0].shape) / new_images[0].size
    assert (new_images * places).mean() == pytest.approx(image, abs=1e-6)
    assert (new_masks * places).mean() == pytest.approx(mask, abs=1e-8)
