"""Images that a camera has noted how to turn, and masks that were drawn on them before or after."""

import numpy as np
import pytest
from PIL import Image

import raw_sources
from lungseg.cases import load_case
from problem_sources import INDEX, NUMBERS, image, masks_of, prepare
from radiographs import save

ONE = "1 image was turned upright, as its camera noted (EXIF): masks must be drawn on the upright image"


def noted(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return {"exif": exif}


@pytest.mark.parametrize("kind", ["png", "tif"])
@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8, 9])
def test_an_image_that_is_turned_is_told(tmp_path, kind, orientation):
    source, out = tmp_path / "source", tmp_path / "out"
    save(source / "images" / f"a.{kind}", image(0), **noted(orientation))
    save(source / "images" / "b.png", image(1))
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    report = prepare(source, out, classes=NUMBERS)
    told = 1 < orientation < 9
    assert (ONE in report.notes) == (ONE in report.summary()) == told
    assert np.allclose(load_case(out / "a.npy")[..., :3], image(0) / 255, atol=1e-6) != told
    assert masks_of(out) == "0011 0011 2200 2202"
    if told:
        assert ONE in prepare(source, out, classes=NUMBERS).notes
        save(source / "masks" / "a.png", INDEX, **noted(orientation))  # the mask is turned as well
        assert ONE not in prepare(source, out, classes=NUMBERS).notes


def test_a_radiograph_that_is_turned_is_told(tmp_path):
    raw = raw_sources.make_source(tmp_path / "raw")
    for seed, name in enumerate("ab"):
        save(raw / "images" / f"{name}.png", raw_sources.film(seed), **noted(3))
    report = raw_sources.prepare(raw, tmp_path / "out")
    assert ONE.replace("1 image was", "2 images were").replace("its camera", "their camera") in report.notes
