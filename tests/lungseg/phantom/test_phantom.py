"""Phantoms: the same seed gives the same bytes, and the anatomy obeys its rules."""

import hashlib
import re

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lungseg.errors import InputError
from lungseg.phantom import draw_radiograph, make_phantom, phantom_id, write_phantoms, write_raw_phantoms
from lungseg.phantom import drawing as phantom
from refusals import refusal

COUNT = 40


@pytest.fixture(scope="module")
def cases():
    return np.stack([make_phantom(index, seed=3, size=64) for index in range(COUNT)])


def two_lungs(mask):
    """The two components of a mask, that on the left of the picture first."""
    labels, _ = ndimage.label(mask)
    areas = np.bincount(labels.ravel())[1:]
    lungs = [labels == number + 1 for number in np.argsort(areas)[-2:]]
    return sorted(lungs, key=lambda lung: np.nonzero(lung)[1].mean())


def bytes_of(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes():
    first = make_phantom(5, seed=2, size=48)
    assert first.tobytes() == make_phantom(5, seed=2, size=48).tobytes()
    assert not np.array_equal(first, make_phantom(6, seed=2, size=48))
    assert not np.array_equal(first, make_phantom(5, seed=3, size=48))


def test_numpy_integers_are_whole_numbers():
    assert make_phantom(np.int64(1), size=np.int32(32)).tobytes() == make_phantom(1, size=32).tobytes()


def test_global_random_state_does_not_matter_and_is_left_alone():
    np.random.seed(1)  # noqa: NPY002
    first = make_phantom(0, size=32)
    np.random.seed(2)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    assert make_phantom(0, size=32).tobytes() == first.tobytes()
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@pytest.mark.parametrize("size", [32, 33, 64, 100, 128, 257])
def test_any_size(size):
    case = make_phantom(0, size=size)
    assert case.shape == (size, size, 2)
    assert case.dtype == np.float32


def test_values(cases):
    images, masks = cases[..., 0], cases[..., 1]
    assert np.isfinite(cases).all()
    assert set(np.unique(masks)) == {0.0, 1.0}
    for image in images:
        assert image.min() == 0
        assert image.max() == 1
        # The stretch leaves a twentieth of the pixels at each end.
        assert 0.03 < (image == 0).mean() < 0.35
        assert 0.03 < (image == 1).mean() < 0.25
        assert image.std() > 0.1


def test_a_case_has_the_same_anatomy_at_every_size():
    small, large = make_phantom(7, size=64), make_phantom(7, size=256)
    shrunk = large[..., 1].reshape(64, 4, 64, 4).mean((1, 3)) > 0.5
    mask = small[..., 1] > 0.5
    assert 2 * (shrunk & mask).sum() / (shrunk.sum() + mask.sum()) > 0.97
    picture = large[..., 0].reshape(64, 4, 64, 4).mean((1, 3))
    assert np.corrcoef(picture.ravel(), small[..., 0].ravel())[0, 1] > 0.95


def test_two_lungs_of_plausible_area(cases):
    areas = []
    for mask in cases[..., 1]:
        right, left = two_lungs(mask)
        areas.append(mask.mean())
        assert mask.sum() - right.sum() - left.sum() < 0.002 * mask.size
        assert right.mean() > 0.03
        assert left.mean() > 0.03
        assert 0.1 < mask.mean() < 0.5
        # The middle, where spine and great vessels are, belongs to neither lung.
        assert np.nonzero(right)[1].max() < np.nonzero(left)[1].min() + 4
    assert 0.2 < np.mean(areas) < 0.32


def test_the_heart_cuts_into_the_left_lung(cases):
    """The left lung lies on the right of the picture; its lower half loses more to the heart."""
    right_area, left_area, right_gap, left_gap = [], [], [], []
    for mask in cases[..., 1]:
        right, left = two_lungs(mask)
        right_area.append(right.sum())
        left_area.append(left.sum())
        for lung, gaps in ((right[:, ::-1], right_gap), (left, left_gap)):
            rows = np.nonzero(lung.any(1))[0]
            inner = [np.nonzero(lung[rows[int(part * (len(rows) - 1))]])[0][0] for part in (0.2, 0.7)]
            gaps.append((inner[1] - inner[0]) / mask.shape[1])
    assert np.mean(left_area) < 0.93 * np.mean(right_area)
    assert np.mean(left_gap) > np.mean(right_gap) + 0.03


def test_lungs_are_darker_than_what_is_between_them(cases):
    darker = 0
    for case in cases:
        image, mask = case[..., 0], case[..., 1] > 0.5
        rows, columns = np.nonzero(mask)
        middle = image[int(np.median(rows)) :, int(columns.mean()) - 2 : int(columns.mean()) + 3]
        darker += image[mask].mean() < middle[: len(middle) // 2].mean() - 0.05
    assert darker >= 0.9 * COUNT


def test_half_of_a_set_is_ill_and_the_name_says_which():
    names = [phantom_id(index, seed=1) for index in range(400)]
    assert names[0].startswith("PHANTOM_0001_")
    assert len(set(names)) == 400
    assert {name[-1] for name in names} == {"0", "1"}
    assert 160 < sum(name.endswith("_1") for name in names) < 240
    assert phantom_id(12344)[:-2] == "PHANTOM_12345"


def test_tuberculosis_changes_the_lungs_and_nothing_else(monkeypatch):
    from lungseg.phantom import rendering

    sick = next(index for index in range(20) if phantom_id(index).endswith("_1"))
    with_findings, mask = phantom._draw(sick, 0, 96)
    monkeypatch.setattr(rendering, "tuberculosis", lambda canvas, lungs: np.zeros_like(lungs))
    without, same_mask = phantom._draw(sick, 0, 96)
    np.testing.assert_array_equal(mask, same_mask)
    change, mask = np.abs(with_findings - without), mask[..., 0]
    assert change[mask].max() > 0.03
    assert change[mask].mean() > 5 * change[~mask].mean()


def test_every_finding_leaves_a_trace_in_the_lungs_alone():
    from lungseg.phantom import findings
    from lungseg.phantom.anatomy import make_patient
    from lungseg.phantom.canvas import Canvas
    from lungseg.phantom.rendering import lung_mask

    canvas = Canvas(make_patient(0, 0), 64)
    lungs = lung_mask(canvas)
    assert sum(findings.SHARES) == pytest.approx(1)
    for name, finding in findings.FINDINGS.items():
        layers = np.stack([finding(canvas, lungs, 1, np.random.default_rng(seed)) for seed in range(5)])
        assert layers.shape[1:] == lungs.shape, name
        assert layers.max() > 0.1, name
        assert np.abs(layers[:, lungs == 0]).max() == 0, name


def test_moving_a_layer_down_by_a_part_of_a_pixel():
    from lungseg.phantom.rendering import _lowered

    layer = np.zeros((6, 2))
    layer[1] = 1.0
    layer[5] = 1.0
    np.testing.assert_array_equal(_lowered(layer, 0.0), layer)
    # Nothing that leaves at the bottom comes back at the top.
    np.testing.assert_allclose(_lowered(layer, 2.25)[:, 0], [0, 0, 0, 0.75, 0.25, 0])


def test_a_radiograph_has_the_same_picture_at_every_size():
    """No random number may depend on the number of pixels, apart from the noise."""
    for index in range(3):
        small, large = (phantom._draw(index, 2, size)[0] for size in (48, 192))
        shrunk = large.reshape(48, 4, 48, 4).mean((1, 3))
        assert np.corrcoef(shrunk.ravel(), small.ravel())[0, 1] > 0.95


def test_write_phantoms(tmp_path):
    paths = write_phantoms(tmp_path / "new" / "folder", count=3, size=40, seed=9)
    assert [path.stem for path in paths] == [phantom_id(index, 9) for index in range(3)]
    for index, path in enumerate(paths):
        stored = np.load(path, allow_pickle=False)
        assert stored.dtype == np.float32
        np.testing.assert_array_equal(stored, make_phantom(index, 9, 40))
    assert sorted(path.name for path in paths[0].parent.iterdir()) == [path.name for path in paths]


def test_number_of_processes_and_count_do_not_matter(tmp_path):
    write_phantoms(tmp_path / "one", count=4, size=32, seed=1)
    write_phantoms(tmp_path / "two", count=4, size=32, seed=1, n_jobs=2)
    write_phantoms(tmp_path / "few", count=2, size=32, seed=1)
    one = bytes_of(tmp_path / "one")
    assert one == bytes_of(tmp_path / "two")
    few = bytes_of(tmp_path / "few")
    assert len(few) == 2
    assert few.items() <= one.items()


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(file, case):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        write_phantoms(tmp_path, count=1, size=32)
    assert list(tmp_path.iterdir()) == []


def test_raw_radiographs():
    dtypes, bordered = set(), 0
    for index in range(24):
        image, mask = draw_radiograph(index, seed=1, size=64)
        dtypes.add(image.dtype.name)
        assert image.shape == mask.shape == (64, 64)
        assert mask.dtype == bool
        assert 0.08 < mask.mean() < 0.5
        bordered += any((edge == 0).all() for edge in (image[0], image[-1], image[:, 0], image[:, -1]))
    assert dtypes == {"uint8", "uint16"}
    assert 2 <= bordered <= 20


def test_raw_radiograph_and_case_share_their_geometry():
    plain = 0
    for index in range(8):
        _, raw = draw_radiograph(index, seed=1, size=64)
        case = make_phantom(index, seed=1, size=64)[..., 1] > 0.5
        right, left = two_lungs(raw)
        assert left.sum() < right.sum() * 1.6
        plain += np.array_equal(raw, case)
    assert plain >= 2  # radiographs without a border


def test_write_raw_phantoms(tmp_path):
    paths = write_raw_phantoms(tmp_path, count=2, size=64, seed=1)
    names = [f"{phantom_id(index, 1)}.png" for index in range(2)]
    assert [path.name for path in paths] == names
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == sorted(
        f"{part}/{name}" for part in ("images", "masks") for name in names
    )
    for index, name in enumerate(names):
        image, mask = draw_radiograph(index, 1, 64)
        np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "images" / name)), image)
        stored = np.asarray(Image.open(tmp_path / "masks" / name))
        assert set(np.unique(stored)) == {0, 255}
        np.testing.assert_array_equal(stored > 0, mask)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: make_phantom(0, size=31), "size"),
        (lambda: make_phantom(0, size=5000), "size"),
        (lambda: make_phantom(0, size=64.0), "size"),
        (lambda: make_phantom(-1), "index"),
        (lambda: make_phantom(True), "index"),
        (lambda: make_phantom(0, seed=-1), "seed"),
        (lambda: phantom_id("1"), "index"),
        (lambda: draw_radiograph(0, size=0), "size"),
        (lambda: write_phantoms("never_made", count=0), "count"),
        (lambda: write_raw_phantoms("never_made", count=-3), "count"),
    ],
)
def test_numbers_out_of_range_are_named(call, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert re.search(rf"^{name}: .*Received: .*\.$", refusal(call))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [write_phantoms, write_raw_phantoms])
def test_phantoms_are_not_mixed_with_other_cases(write, tmp_path):
    paths = write(tmp_path, count=2, size=32)
    write(tmp_path, count=3, size=32)  # again, and more of them
    other = paths[0].rename(paths[0].with_name(f"CHNCXR_0001_0{paths[0].suffix}"))
    for count, stranger in ((3, other), (1, paths[1])):
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(InputError, match=f"Received: one with others in it, '{stranger.name}' for one"):
            write(tmp_path, count=count, size=32)
        assert sorted(tmp_path.rglob("*")) == before
        other.unlink(missing_ok=True)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InputError, match=r"taken.*Received: .*Choose another folder"):
        write_phantoms(tmp_path / "taken", count=1, size=32)
    assert (tmp_path / "taken").read_text() == "mine"
