"""What is given for something else: other numbers, a picture of Pillow, a threshold, a run for the images."""

import numpy as np
from PIL import Image

from cells import PICTURE
from lungseg import segment
from lungseg.prediction import predict
from predicting import QUIET
from radiographs import refusal, save


def test_whole_numbers_of_another_type_are_to_be_cast(cells):
    for kind in (float, np.int64, np.int16):
        said = refusal(segment, cells, PICTURE.astype(kind))
        assert f"whole numbers from 0 to 255 as {np.dtype(kind)}" in said
        assert "image.astype(np.uint8)" in said
    assert "image.astype(np.uint16)" in refusal(segment, cells, PICTURE.astype(np.int32) * 16)
    fractions = refusal(segment, cells, PICTURE + 0.5)
    assert "Received: fractions from 0.5 to 255.5" in fractions
    assert "low=..., high=..." in fractions  # not those of this image
    assert "numbers with a sign from -1 to 254" in refusal(segment, cells, PICTURE.astype(int) - 1)


def test_a_picture_of_pillow_is_to_be_an_array(cells):
    assert "np.asarray(image)" in refusal(segment, cells, Image.fromarray(PICTURE))


def test_a_threshold_of_exclusive_classes_would_change_nothing(cells, labels, tmp_path):
    assert "threshold: expected none" in refusal(segment, cells, PICTURE, threshold=0.1)
    file = save(tmp_path / "a.png", PICTURE)
    assert "threshold: expected none" in refusal(predict, file, tmp_path / "masks", cells, threshold=0.1, **QUIET)
    assert not (tmp_path / "masks").exists()
    assert segment(labels, PICTURE, threshold=0.1).any()


def test_images_and_run_the_wrong_way_round(cells, tmp_path):
    folder = save(tmp_path / "images" / "a.png", PICTURE).parent
    said = refusal(predict, cells, tmp_path / "masks", folder, **QUIET)
    assert f"lungseg predict {folder} --model {cells}" in said


def test_masks_of_other_classes_are_told_before_a_network_is_read(cells, tmp_path):
    file = save(tmp_path / "a.png", PICTURE)
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "predictions.csv").write_text("file,mask,cyst_pixels,error\na.png,a.png,3,\n")
    run = tmp_path / "run"
    run.mkdir()
    (run / "best.keras").write_text("never read")
    (run / "settings.json").write_text((cells / "settings.json").read_text())
    assert "expected masks of the same classes" in refusal(predict, file, tmp_path / "masks", run, **QUIET)
