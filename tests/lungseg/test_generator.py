"""DataGenerator: what is in a batch, in which order, and what is refused."""

import re
import shutil
import weakref
from pathlib import Path

import keras
import numpy as np
import pytest

from batches import assert_same, jitter, numbers
from lungseg.cases import load_case
from lungseg.errors import InputError
from lungseg.generator import DataGenerator


@pytest.fixture
def cases(phantom_cases):
    """Seven phantoms: batches of 2, 2, 2 and 1."""
    return phantom_cases[:7]


def copies(cases, folder):
    return [shutil.copy(path, folder) for path in cases]


def order(generator, cases):
    """Which cases each batch of an epoch holds."""
    return [numbers(batch, cases) for batch in generator]


def visits(batches, cases):
    """The cases of several batches, one after the other."""
    return [number for batch in batches for number in numbers(batch, cases)]


# ---- Batches ---------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("shuffle", [False, True])
def test_shapes_and_the_last_batch(cases, batch_size, shuffle):
    generator = DataGenerator(cases, batch_size, shuffle=shuffle)
    sizes = [min(batch_size, 7 - first) for first in range(0, 7, batch_size)]
    assert len(generator) == len(sizes)
    assert generator.num_batches == len(sizes)  # what Keras asks for
    for index, size in enumerate(sizes):
        batch = generator[index]
        assert isinstance(batch, tuple)
        for array in batch:
            assert array.shape == (size, 32, 32, 1)
            assert array.dtype == np.float32
        images, masks = batch
        assert images.min() >= 0
        assert images.max() <= 1
        assert set(np.unique(masks)) <= {0, 1}


def test_without_shuffling_the_order_is_that_of_the_cases(cases):
    generator = DataGenerator(cases[::-1], batch_size=2, shuffle=False)
    for _ in range(3):
        assert order(generator, cases) == [[6, 5], [4, 3], [2, 1], [0]]
        generator.on_epoch_end()


def test_each_case_comes_once_an_epoch_in_a_new_order(cases):
    generator = DataGenerator(cases, batch_size=2)
    orders = []
    for _ in range(5):
        flat = visits(generator, cases)
        assert sorted(flat) == list(range(7))
        orders.append(tuple(flat))
        generator.on_epoch_end()
    assert len(set(orders)) == 5
    assert tuple(range(7)) not in orders


def test_the_default_batch_size_is_eight_and_shuffles(phantom_cases):
    generator = DataGenerator(phantom_cases)
    assert [len(images) for images, _ in generator] == [8, 2]
    assert visits(generator, phantom_cases) != list(range(10))


def test_strings_are_paths_too(cases):
    assert_same(list(DataGenerator([str(path) for path in cases])), list(DataGenerator(cases)))


def test_the_list_may_change_afterwards(cases):
    given = list(cases)
    generator = DataGenerator(given, batch_size=7, shuffle=False)
    given.reverse()
    given.pop()
    assert order(generator, cases) == [[0, 1, 2, 3, 4, 5, 6]]


@pytest.mark.parametrize("index", [4, 100, -1])
def test_no_batch_beyond_the_last(cases, index):
    with pytest.raises(IndexError, match=f"from 0 to 3. Received: {index}"):
        DataGenerator(cases, batch_size=2)[index]


# ---- A pure function of seed, epoch and index ------------------------------------------------


def test_a_batch_depends_on_seed_epoch_and_index_alone(cases):
    def batches(generator, epoch, indices):
        generator.start_epoch(epoch)
        return {index: generator[index] for index in indices}

    settings = dict(batch_size=2, seed=11, augment=jitter)
    straight = DataGenerator(cases, **settings)
    expected = {}
    for epoch in range(3):
        for index in range(4):
            expected[epoch, index] = straight[index]
        straight.on_epoch_end()

    # The last epoch first, the last batch first, each of them twice; NumPy's global state plays no part.
    other = DataGenerator(cases, **settings)
    np.random.seed(99)  # noqa: NPY002
    for epoch in [2, 0, 1]:
        read = batches(other, epoch, [3, 1, 1, 0, 2, 3])
        assert_same([read[i] for i in range(4)], [expected[epoch, i] for i in range(4)])


def test_the_order_of_a_seed_is_fixed_for_good(cases):
    generator = DataGenerator(cases, batch_size=7, seed=5)
    assert order(generator, cases) == [[1, 4, 2, 3, 6, 5, 0]]
    generator.on_epoch_end()
    assert order(generator, cases) == [[4, 2, 0, 6, 5, 3, 1]]


def test_augment_gets_a_seed_of_its_own_for_each_batch_and_epoch(cases):
    def seeds(seed):
        met = []

        def augment(images, masks, seed):
            met.append(seed)
            return images, masks

        generator = DataGenerator(cases, batch_size=2, seed=seed, augment=augment)
        for _ in range(3):
            list(generator)
            generator.on_epoch_end()
        return met

    met = seeds(1)
    assert len(set(met)) == 12  # 3 epochs of 4 batches, each with its own
    assert seeds(1) == met
    assert set(seeds(2)).isdisjoint(met)
    for seed in met:
        np.random.default_rng(seed)  # accepts them


def test_augment_gets_and_returns_the_batch(cases):
    def flip(images, masks, seed):
        assert images.shape == masks.shape == (7, 32, 32, 1)
        return images[:, :, ::-1], masks[:, :, ::-1]

    plain = DataGenerator(cases, batch_size=7, shuffle=False)[0]
    flipped = DataGenerator(cases, batch_size=7, shuffle=False, augment=flip)[0]
    assert_same([flipped], [tuple(array[:, :, ::-1] for array in plain)])


@pytest.mark.parametrize("kind", [np.float64, np.float16, "tensor", list])
def test_what_augment_returns_becomes_arrays_of_float32(cases, kind):
    def augment(images, masks, seed):
        if kind == "tensor":
            return tuple(keras.ops.convert_to_tensor(array) for array in (images, masks))
        return [array.tolist() if kind is list else array.astype(kind) for array in (images, masks > 0.5)]

    plain = DataGenerator(cases, batch_size=2, shuffle=False)[0]
    images, masks = DataGenerator(cases, batch_size=2, shuffle=False, augment=augment)[0]
    np.testing.assert_allclose(images, plain[0], atol=1e-3 if kind is np.float16 else 0)
    assert_same([(masks, masks)], [(plain[1], plain[1])])


# ---- Bad input -------------------------------------------------------------------------------


def test_no_cases():
    with pytest.raises(InputError, match="at least one case"):
        DataGenerator([])


@pytest.mark.parametrize("given", ["cases", Path("cases"), ([Path("a.npy")], [Path("b.npy")]), [np.zeros((8, 8, 2))]])
def test_what_is_no_list_of_paths(given):
    with pytest.raises(InputError, match=r"expected a list of .*cases\. Received: "):
        DataGenerator(given)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None])
def test_bad_seed(cases, seed):
    with pytest.raises(InputError, match=re.escape(f"from 0 upwards. Received: {seed!r}")):
        DataGenerator(cases, seed=seed)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "8", None])
def test_bad_batch_size(cases, batch_size):
    with pytest.raises(InputError, match=re.escape(f"Received: {batch_size!r}")):
        DataGenerator(cases, batch_size=batch_size)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (np.full((32, 32, 2), np.nan), "not finite"),
        (np.ones((32, 32, 2)) * [1, 255], "mask of 0 and 1"),  # would train silently, with a Dice near 2
        (np.zeros((32, 16, 2)), r"expected shape \(32, 32, 2\) like \S*PHANTOM_0005\S* Received.*--size"),
    ],
)
def test_a_bad_case_is_named_when_its_batch_is_read(cases, tmp_path, content, says):
    paths = copies(cases, tmp_path)
    np.save(paths[5], content)
    generator = DataGenerator(paths, batch_size=2, shuffle=False)
    _ = generator[0], generator[1]
    with pytest.raises(InputError, match=says) as raised:
        generator[2]
    assert str(raised.value).startswith(str(paths[5]))
    assert "\n" not in str(raised.value)


def test_augment_may_return_more_channels(cases):
    def augment(images, masks, seed):
        return np.repeat(images, 3, axis=-1), np.concatenate([1 - masks, masks], axis=-1)

    images, masks = DataGenerator(cases, batch_size=2, augment=augment)[0]
    assert (images.shape, masks.shape) == ((2, 32, 32, 3), (2, 32, 32, 2))


def spoilt(value):
    """An augmentation that gives one pixel of the masks, or of the images, another value."""

    def augment(images, masks, seed):
        changed = (images if np.isnan(value) or np.isinf(value) else masks).copy()
        changed[1, 2, 3, 0] = value
        return (changed, masks) if np.isnan(value) or np.isinf(value) else (images, changed)

    return augment


@pytest.mark.parametrize(
    ("augment", "received"),
    [
        # Of a batch of two, one array has the length of a pair.
        (lambda images, masks, seed: np.concatenate([images, masks], axis=-1), "one ndarray"),
        (lambda images, masks, seed: images, "one ndarray"),
        (lambda images, masks, seed: None, "one NoneType"),
        (lambda images, masks, seed: {"images": images, "masks": masks}, "one dict"),
        (lambda images, masks, seed: (images, masks, None), "3 values"),
        (lambda images, masks, seed: (images, None), r"masks of shape \(\)"),
        (lambda images, masks, seed: (images, masks[:1]), r"masks of shape \(1, 32, 32, 1\)"),  # would be broadcast
        (lambda images, masks, seed: (images[..., 0], masks), r"images of shape \(2, 32, 32\)"),
        (lambda images, masks, seed: (images[:, :16, :16], masks[:, :16, :16]), r"images of shape \(2, 16, 16, 1\)"),
        (lambda images, masks, seed: (images, masks[:, :16]), r"masks of shape \(2, 16, 32, 1\)"),
        (lambda images, masks, seed: (images, masks[..., :0]), r"masks of shape \(2, 32, 32, 0\)"),
        (lambda images, masks, seed: (images, [[1], [1, 2]]), "something else than arrays"),
        (lambda images, masks, seed: ((images * 255).astype("uint8"), masks), "images of dtype uint8"),
        (lambda images, masks, seed: (images + 0j, masks), "images of dtype complex"),
        (lambda images, masks, seed: (images, masks.astype(str)), "masks of dtype <U"),
        (lambda images, masks, seed: (images, masks * 255), "masks from 0 to 255, or in between"),
        (lambda images, masks, seed: (images, masks.astype("uint8") * 255), "masks from 0 to 255"),
        (lambda images, masks, seed: (masks, images), "masks from .* or in between"),
        (spoilt(0.5), "masks from 0 to 1, or in between"),
        (spoilt(-1), "masks from -1 to 1"),
        (spoilt(np.nan), "images that are not finite"),
        (spoilt(np.inf), "images that are not finite"),
        (lambda images, masks, seed: (images, masks * np.nan), "masks from nan to nan"),
    ],
)
def test_what_augment_returns_is_looked_at(cases, augment, received):
    generator = DataGenerator(cases, batch_size=2, shuffle=False, augment=augment)
    with pytest.raises(InputError, match=rf"^augment \(.*\): .*\(2, 32, 32, 1\), or .*Received: {received}") as raised:
        generator[0]
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("augment", [lambda images, masks: (images, masks), lambda seed: None, 0.5, "standard"])
def test_an_augmentation_that_takes_no_seed_is_refused_at_once(cases, augment):
    with pytest.raises(InputError, match=r"expected a function augment\(images, masks, seed=...\). Received: "):
        DataGenerator(cases, augment=augment)


# ---- Memory ----------------------------------------------------------------------------------


def test_cases_are_read_from_disk_each_time(cases, tmp_path):
    paths = copies(cases, tmp_path)
    generator = DataGenerator(paths, batch_size=2, shuffle=False)
    list(generator)
    changed = load_case(paths[0])
    changed[..., 0] = 0
    np.save(paths[0], changed)
    assert generator[0][0][0].max() == 0
    (tmp_path / "PHANTOM_0004_1.npy").unlink()
    generator.on_epoch_end()
    with pytest.raises(InputError, match=r"PHANTOM_0004_1\.npy"):
        list(generator)


def test_nothing_keeps_a_batch_alive(cases):
    generator = DataGenerator(cases, batch_size=2)
    kept = []
    for index in range(len(generator)):
        for array in generator[index]:
            while array.base is not None:
                array = array.base
            kept.append(weakref.ref(array))
        del array
    assert all(reference() is None for reference in kept)
