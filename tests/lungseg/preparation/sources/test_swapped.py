"""Images in the place of masks, and masks in that of images."""

import numpy as np
import pytest

from lungseg.preparation.folder.problem import prepare as prepare_cases
from radiographs import chest, refusal, save

SIDE = 64


def prepare(source, out, **options):
    return prepare_cases(source, out, 32, n_jobs=1, progress=False, **options)


def photo(seed, channels=3):
    """Noise, as all pictures of a camera have it."""
    picture = np.random.default_rng([seed]).integers(40, 216, (SIDE, SIDE, channels)).astype(np.uint8)
    return picture if channels > 1 else picture[..., 0]


def radiograph(seed):
    film, lungs = chest(SIDE, SIDE)
    noise = np.random.default_rng([seed]).normal(0, 4, film.shape)
    return np.clip(film + noise, 0, 255).astype(np.uint8), np.where(lungs, 255, 0).astype(np.uint8)


def nuclei(count):
    """Discs, row by row; each has a number, up to 16."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = (rows % 16 - 8) ** 2 + (columns % 16 - 8) ** 2 < 30
    return np.where(inside, 1 + (rows // 16 * 4 + columns // 16) % count, 0).astype(np.uint8)


def write(source, pictures, masks, names="abcd", kind="png"):
    for seed, name in enumerate(names):
        save(source / "images" / f"{name}.{kind}", pictures(seed))
        save(source / "masks" / f"{name}.{kind}", masks(seed))
    return source


@pytest.mark.parametrize("kind", ["png", "jpg"])
@pytest.mark.parametrize(
    ("recipe", "options"),
    [
        ("lungs", {}),
        ("lungs", {"classes": ["lung"]}),
        ("grey", {}),
        ("grey", {"classes": ["lung"]}),
        ("grey", {"classes": ["lung=255"]}),
        ("grey", {"classes": ["lung=1-255"]}),  # every value of an image is of the class
        ("colour", {"classes": {"lung": "#ffffff"}}),
    ],
)
def test_masks_among_the_images_are_recognised(tmp_path, kind, recipe, options):
    source = write(tmp_path / "raw", lambda seed: radiograph(seed)[1], lambda seed: radiograph(seed)[0], kind=kind)
    said = refusal(prepare, source, tmp_path / "out", recipe=recipe, **options)
    assert said.startswith(f"{source}: expected images and their masks. Received: them the other way round, it seems: ")
    assert f"a.{kind}, taken for an image, has 2 values, as a mask has; a.{kind}, taken for its mask, has " in said
    assert "Name the folders: --images masks --masks images" in said
    assert not (tmp_path / "out").exists()
    options = options if kind == "png" else {"classes": ["lung=128-255", "background=0-127"]}
    if recipe == "grey":
        report = prepare(source, tmp_path / "out", recipe=recipe, images="masks", masks="images", **options)
        assert report.written == 4


def test_numbers_of_objects_among_the_images(tmp_path):
    source = write(tmp_path / "raw", lambda seed: nuclei(16), photo)
    said = refusal(prepare, source, tmp_path / "out", recipe="colour", classes=["nucleus=1-65535"])
    assert "a.png, taken for an image, has 17 values, as a mask has" in said


@pytest.mark.parametrize(
    ("pictures", "masks", "options"),
    [
        (photo, lambda seed: nuclei(16), {"classes": ["nucleus=1-65535"]}),
        (photo, lambda seed: photo(seed, 1), {"classes": ["sure=128-255", "background=0-127"]}),  # probabilities
        (lambda seed: 255 * (nuclei(16) > 0), lambda seed: nuclei(16), {"classes": ["nucleus=1-65535"]}),
    ],
)
def test_what_may_be_right_is_taken(tmp_path, pictures, masks, options):
    source = write(tmp_path / "raw", lambda seed: np.asarray(pictures(seed), np.uint8), masks)
    assert prepare(source, tmp_path / "out", recipe="grey", **options).written == 4


def test_a_single_pair_the_wrong_way_round_says_nothing_of_the_others(tmp_path):
    source = write(tmp_path / "raw", photo, lambda seed: nuclei(1))
    save(source / "images" / "b.png", nuclei(1) * 255)
    save(source / "masks" / "b.png", photo(1))
    report = prepare(source, tmp_path / "out", recipe="colour", classes=["nucleus=1"])
    assert report.written == 3
    ((file, reason),) = report.failed
    assert file.endswith("b.png")
    assert "expected values of nucleus or background. Received: " in reason
