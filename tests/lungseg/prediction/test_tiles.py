"""Large images in tiles: where they lie, what they count, and that their seams do not show."""

import dataclasses

import keras
import numpy as np
import pytest

from lungseg import InputError, build_unet, segment
from lungseg.masks.overlap import dice_of
from lungseg.prediction.tiles import reflect, slide, tile_starts, tile_weights
from lungseg.preparation import Recipe
from lungseg.problems import Problem
from lungseg.runs import load_run, write_json
from radiographs import refusal
from stand_ins import channel_network, threshold_network

GREY = Recipe("by hand", stretch="values", low=0, high=255)
SIZES = [(1, 1), (5, 7), (16, 16), (17, 40), (64, 33)]


def whole(size, tile, overlap, predict):
    """Return the blended image, and how often each of its pixels was given."""
    blended, counted = np.zeros((*size, 1)), np.zeros(size, int)
    for rows, columns, probabilities in slide(size, tile, overlap, predict):
        blended[rows, columns] = probabilities
        counted[rows, columns] += 1
    return blended[..., 0], counted


# ---- Weights, worked out by hand ------------------------------------------------------------------


def test_weights_by_hand():
    fade = [np.sin(np.pi / 8) ** 2, np.cos(np.pi / 8) ** 2]  # 0.146 and 0.854: half-way between 0, 0.5 and 1
    assert tile_weights(8, 4, first=False, last=False) == pytest.approx([0, *fade, 1, 1, *fade[::-1], 0])
    assert tile_weights(8, 4, first=True, last=True) == pytest.approx([1] * 8)
    assert tile_weights(4, 1, first=True, last=False) == pytest.approx([1, 1, 1, 0.5])
    assert tile_weights(4, 0, first=False, last=False) == pytest.approx([1] * 4)


@pytest.mark.parametrize(("tile", "shared"), [(8, 1), (8, 2), (8, 4), (64, 16), (512, 128), (7, 3)])
def test_what_two_neighbours_count_adds_up_to_1(tile, shared):
    first = tile_weights(tile, shared, first=True, last=False)
    last = tile_weights(tile, shared, first=False, last=True)
    assert first[tile - shared :] + last[:shared] == pytest.approx(np.ones(shared), abs=1e-6)
    assert (np.diff(first) <= 0).all()
    assert (np.diff(last) >= 0).all()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("tile", "overlap"), [((16, 16), 0.25), ((16, 8), 0.5), ((4, 16), 0.0), ((7, 5), 0.4)])
def test_each_pixel_is_counted_once_and_in_full(size, tile, overlap):
    blended, counted = whole(size, tile, overlap, lambda top, left: np.ones((*tile, 1), np.float32))
    assert (counted == 1).all()
    assert blended == pytest.approx(np.ones(size), abs=1e-6)


@pytest.mark.parametrize(("size", "tile", "overlap"), [((17, 40), (16, 16), 0.25), ((64, 33), (16, 8), 0.5)])
def test_tiles_come_back_to_where_they_were_cut(size, tile, overlap):
    image = np.random.default_rng(0).random((*size, 1), np.float32)

    def cut(top, left):
        return reflect(image[top : top + tile[0], left : left + tile[1]], tile)

    assert whole(size, tile, overlap, cut)[0] == pytest.approx(image[..., 0], abs=1e-6)


def test_tiles_lie_inside_the_image():
    seen = []
    whole((100, 30), (32, 32), 0.25, lambda top, left: seen.append((top, left)) or np.ones((32, 32, 1)))
    assert seen == [(0, 0), (24, 0), (48, 0), (68, 0)]  # the last one would begin at 72 and end at 104


def test_tiles_reach_the_end_and_no_further_than_needed():
    for length in range(1, 60):
        starts = tile_starts(length, tile=8, shared=2)
        assert starts[-1] + 8 >= length
        assert len(starts) == 1 or starts[-2] + 8 < length


def test_what_is_missing_is_mirrored():
    assert reflect(np.array([[[1], [2], [3]]]), (1, 7))[0, :, 0].tolist() == [1, 2, 3, 2, 1, 2, 3]
    assert (reflect(np.ones((1, 1, 2)), (4, 4)) == 1).all()


# ---- Seams ---------------------------------------------------------------------------------------


def test_what_a_network_says_at_the_border_of_a_tile_is_not_seen():
    """A network that is wrong in the outermost 4 pixels, as one is that has 4 pixels of context on each side."""
    tile, truth = (64, 64), np.random.default_rng(1).random((150, 200)) > 0.5

    def wrong_at_the_border(top, left):
        part = truth[top : top + 64, left : left + 64].astype(np.float32)
        inside = np.zeros(tile, bool)
        inside[4:-4, 4:-4] = True
        return np.where(inside, part, 1 - part)[..., None]

    for overlap, same in ((0.25, True), (0.0, False)):
        blended, _ = whole(truth.shape, tile, overlap, wrong_at_the_border)
        inside = (slice(4, -4), slice(4, -4))  # the border of the image has no neighbour that knows better
        assert ((blended >= 0.5)[inside] == truth[inside]).all() == same


def test_two_tiles_that_disagree_fade_into_each_other():
    blended, _ = whole((64, 112), (64, 64), 0.25, lambda top, left: np.full((64, 64, 1), left > 0, np.float32))
    row = blended[10]
    assert (row[: 48 + 4] == 0).all()
    assert (row[48 + 12 :] == 1).all()
    assert 0 < np.diff(row).max() < 0.2  # no step, where a hard seam has one of 1


# ---- segment(..., tile=...) ----------------------------------------------------------------------


def random_network(kernel):
    """A convolution of random weights around 0, for any size."""
    inputs = keras.Input((None, None, 1))
    layer = keras.layers.Conv2D(1, kernel, padding="same", activation="sigmoid")
    model = keras.Model(inputs, layer(inputs))
    weights = np.random.default_rng(0).normal(0, 4, (kernel, kernel, 1, 1))
    layer.set_weights([weights - weights.mean(), np.zeros(1)])
    return model


def test_the_same_as_the_whole_image_exactly():
    """A network that sees one pixel has no seams, whatever the tiles are; the mask is that of the whole image."""
    image, network = np.random.default_rng(0).integers(0, 256, (100, 132), np.uint8), threshold_network(None)
    for tile, overlap in ((64, 0.25), (32, 0.5), ((32, 64), 0.0)):
        assert np.array_equal(segment(network, image, tile=tile, overlap=overlap, recipe=GREY), image > 127)


def test_the_same_as_the_whole_image_where_a_tile_gives_up_what_the_network_cannot_see():
    image = np.random.default_rng(0).integers(0, 256, (100, 132), np.uint8)
    network = random_network(5)  # sees two pixels around each; a tile of 32 gives up two
    expected = segment(network, image, tile=(100, 132), recipe=GREY)
    assert 0.3 < expected.mean() < 0.7
    assert np.array_equal(segment(network, image, tile=32, recipe=GREY), expected)
    assert not np.array_equal(segment(network, image, tile=32, overlap=0.0, recipe=GREY), expected)


def u_net_that_varies(size, filters, depth):
    """A U-Net that says different things of different pixels, which one of Keras' own weights need not do."""
    network, rng = build_unet((*size, 1), filters=filters, depth=depth), np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.3, w.shape) if w.ndim > 1 else w for w in network.get_weights()])
    return network


def test_a_u_net_finds_almost_the_same_in_tiles():
    network, rng = u_net_that_varies((None, None), filters=4, depth=2), np.random.default_rng(1)
    image, plain = rng.random((200, 264), np.float32), Recipe("plain", stretch="values", low=0, high=1)
    once = network.predict_on_batch(image[None, ..., None])[0, ..., 0]
    threshold = float(np.median(once))
    assert np.array_equal(
        segment(network, image, tile=(200, 264), recipe=plain, threshold=threshold), once >= threshold
    )
    found = {
        overlap: segment(network, image, tile=128, overlap=overlap, recipe=plain, threshold=threshold)
        for overlap in (0.0, 0.25, 0.5)
    }
    scores = {overlap: dice_of(mask, once >= threshold) for overlap, mask in found.items()}
    assert scores[0.0] < 0.995 < 0.999 < scores[0.25] <= scores[0.5]


def test_the_contrast_is_that_of_the_whole_image_and_pieces_stay_in_the_type_of_the_file():
    pieces = []

    def spy(piece):
        pieces.append((piece.shape, piece.dtype))
        return piece / 255

    image = np.random.default_rng(0).integers(0, 256, (150, 90, 3), np.uint8)
    colours = Problem(("red", "green", "blue"), ("bright",), recipe="spy")
    found = segment(channel_network(3, 1, 64), image, tile=True, recipe=Recipe("spy", function=spy), problem=colours)
    assert np.array_equal(found, image[..., 0] > 127)
    assert {dtype for _, dtype in pieces} == {np.dtype(np.uint8)}
    assert all(shape[0] <= 64 and shape[1] <= 64 for shape, _ in pieces)
    # A dark half has a contrast of its own only if it is an image of its own.
    ramp = np.tile(np.arange(128, dtype=np.uint8), (64, 1))
    assert segment(threshold_network(64), ramp, tile=64, recipe="grey").sum() == 64 * 64
    assert segment(threshold_network(64), ramp[:, :64], tile=64, recipe="grey").sum() == 64 * 32


@pytest.mark.parametrize("exclusive", [True, False])
def test_several_classes(exclusive):
    image = np.random.default_rng(0).integers(0, 256, (90, 70, 2), np.uint8)
    problem = Problem(("a", "b"), ("one", "two"), exclusive=exclusive, recipe="colour")
    found = segment(channel_network(2, 2, 32, exclusive), image, tile=True, problem=problem)
    bright = image > 127
    if exclusive:  # the brighter one
        bright[..., 0] &= image[..., 0] > image[..., 1]
        bright[..., 1] &= image[..., 1] > image[..., 0]
        unsure = image[..., 0] == image[..., 1]
        assert np.array_equal(found[~unsure], bright[~unsure])
    else:
        assert np.array_equal(found, bright)


def test_black_borders_of_radiographs_are_cropped_in_tiles_too(bright_square):
    bordered = np.pad(bright_square, ((30, 0), (0, 20)))
    found = segment(threshold_network(32), bordered, tile=32)
    assert not found[:30].any()
    assert not found[:, 100:].any()
    assert np.array_equal(found[30:, :100], segment(threshold_network(32), bright_square, tile=32))


# ---- Sizes of tiles ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    u_net_that_varies((32, 32), filters=2, depth=1).save(folder / "best.keras")
    network = {"filters": 2, "depth": 1, "dropout": 0.1}
    preparation = {"low": 5.0, "high": 95.0, "crop": True}
    write_json(folder / "settings.json", {"network": network, "size": [32, 32], "preparation": preparation})
    return load_run(folder)


def test_a_network_of_build_unet_is_built_anew_for_another_tile(small_run, bright_square):
    image = np.tile(bright_square, (2, 1))[:64, :64]
    answer = small_run.build(64)((image.astype(np.float32) / 255)[None, ..., None])
    expected = keras.ops.convert_to_numpy(answer)[0, ..., 0] >= 0.5
    assert 0 < expected.mean() < 1
    assert np.array_equal(segment(small_run, image, tile=64, recipe=GREY), expected)


def test_a_tile_that_the_network_cannot_take(small_run, bright_square):
    def said(model, tile):
        return refusal(segment, model, bright_square, tile=tile)

    assert "Received: 31 x 31. Take 30 or 32." in said(small_run, 31)
    assert "expected 32 x 32 pixels, which this network takes" in said(small_run.model, 64)
    any_size = build_unet((None, None, 1), filters=2, depth=3)
    assert "Received: 36 x 36. Try 512." in said(any_size, 36)
    for tile in (0, -1, 1.5, "512", (1, 2, 3), [None, 2], "ab"):
        assert said(any_size, tile).startswith("tile: expected a whole number of pixels above 0")


def test_a_network_that_learned_from_tiles_is_given_tiles(bright_square):
    image = np.tile(bright_square, (2, 2))
    tiled = dataclasses.replace(GREY, tiled=True)
    found = segment(threshold_network(32), image, recipe=tiled)
    assert np.array_equal(found, segment(threshold_network(32), image, recipe=GREY, tile=32))
    with pytest.warns(UserWarning, match="made smaller by a factor of 5"):
        resized = segment(threshold_network(32), image, recipe=GREY)
    assert np.array_equal(segment(threshold_network(32), image, recipe=tiled, tile=False), resized)
    assert not np.array_equal(found, resized)


@pytest.mark.parametrize("overlap", [-0.1, 0.51, 128, True, "0.25", float("nan")])
def test_an_overlap_is_a_share_of_the_tile(bright_square, overlap):
    with pytest.raises(InputError, match=r"overlap: expected a share of the tile from 0 to 0\.5"):
        segment(threshold_network(), bright_square, tile=32, overlap=overlap)


def test_an_overlap_without_tiles_is_refused(bright_square):
    said = refusal(segment, threshold_network(), bright_square, overlap=0.25)
    assert "overlap: expected none" in said
    assert "--tile 512" in said
    assert "overlap: expected none" in refusal(segment, threshold_network(), bright_square, tile=False, overlap=0.5)


def test_an_image_of_one_value_is_refused_by_its_name(bright_square):
    assert refusal(segment, threshold_network(), bright_square * 0 + 7, tile=32).startswith("image: expected")
