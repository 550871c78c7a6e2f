"""What is said where many images fail for one reason, and to those who have not said that these are no lungs."""

import warnings

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg.cli import main
from lungseg.preparation.folder.report import PreparationReport
from lungseg.radiographs.channels import read_channels
from problem_sources import images, prepare
from radiographs import refusal, save

ORGAN = np.pad(np.full((2, 2), 255, np.uint8), 1)  # 4 of 16 pixels
LESION = ORGAN * np.eye(4, dtype=np.uint8)  # 2 of these


def organs(source, count, with_lesion):
    names = [f"scan{number}" for number in range(count)]
    for number, name in enumerate(names):
        save(source / "masks" / "organ" / f"{name}.png", ORGAN)
        save(source / "masks" / "lesion" / f"{name}.png", LESION if number < with_lesion else 0 * LESION)
    return images(source, names)


def command(source, *options):
    out = source.parent / "cases"
    arguments = ["prepare", str(source), str(out), "--recipe", "grey", "--size", "4", "--jobs", "1", *options]
    return CliRunner().invoke(main, arguments)


def test_masks_that_overlap_are_told_once_with_the_cure(tmp_path):
    source = organs(tmp_path / "source", 7, with_lesion=5)
    result = command(source)
    assert result.exit_code == 1
    assert "5 of 7 images have masks that overlap: add --overlapping --overwrite (in Python " in result.output
    assert result.output.count("2 pixels that are lesion and organ") == 3
    assert "and 2 more for the same reason: scan3.png, scan4.png" in result.output
    assert "Next:" not in result.output
    assert "No mask is odd" not in result.output
    result = command(source, "--overlapping", "--overwrite")
    assert result.exit_code == 0
    assert "Next: lungseg train" in result.output


def test_one_overlap_among_many_images_stops_nobody(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the command has said it
        result = command(organs(tmp_path / "source", 4, with_lesion=1))
    assert result.exit_code == 1
    assert result.output.count("1 file failed") == 1
    assert "have masks that overlap" not in result.output
    assert "Next: lungseg train" in result.output
    assert "No mask is odd" not in result.output


@pytest.mark.parametrize(("failures", "lacks"), [(0, False), (3, False), (4, True), (10, True)])
def test_a_third_of_the_images_is_many(failures, lacks):
    report = PreparationReport(images=10, failed=[(f"{k}.png", f"{k}.png: gone.") for k in range(failures)])
    assert report.lacks_many is lacks


def test_reasons_that_differ_in_more_than_names_and_numbers_are_all_told():
    said = ["gone", "Received: 1, 2 and 3 more", "Received: 7", "empty", "gone", "gone", "gone"]
    failed = [(f"source/{k}.png", f"masks/{k}.png: like {k}.png. {what}") for k, what in enumerate(said)]
    lines = PreparationReport(failed=failed).summary().splitlines()[2:]
    places = [line.strip()[:7] for line in lines]
    assert [place[6] for place in places[:3]] == ["0", "4", "5"]
    assert lines[3] == "  and 1 more for the same reason: 6.png"
    assert [place[6] for place in places[4:]] == ["1", "2", "3"]


@pytest.mark.parametrize("options", [{}, {"classes": ["road"]}])
def test_arrays_among_lungs(tmp_path, options):
    source = tmp_path / "source"
    save(source / "masks" / "a.png", ORGAN)
    (source / "images").mkdir()
    np.save(source / "images" / "a.npy", np.zeros((4, 4, 3), np.uint8))
    assert "add --recipe colour or --recipe grey" in refusal(
        prepare, source, tmp_path / "out", recipe="lungs", **options
    )


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 3)])
def test_masks_of_other_things_among_lungs(tmp_path, shape):
    source = tmp_path / "source"
    mask = np.zeros((64, 64), np.uint8)
    mask[5:30, 5:30], mask[35:60, 5:50] = 1, 2
    colours = np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8)
    save(source / "masks" / "a.png", mask if len(shape) == 2 else colours[mask])
    save(source / "images" / "a.png", np.arange(4096, dtype=np.uint16).reshape(64, 64).astype(np.uint8))
    assert "add --recipe colour or --recipe grey" in refusal(prepare, source, tmp_path / "out", recipe="lungs")


def test_rows_that_became_pages_of_a_tiff(tmp_path):
    path = tmp_path / "scene.tif"
    rows = [Image.fromarray(np.full((20, 5), k, np.uint8)) for k in range(12)]
    rows[0].save(path, save_all=True, append_images=rows[1:])
    for channels in (5, None):
        said = refusal(read_channels, path, channels)
        assert "expected 5 channels. Received: 12 pages of 20 x 5 pixels" in said
        assert 'imwrite(path, array, planarconfig="contig", photometric="minisblack")' in said
