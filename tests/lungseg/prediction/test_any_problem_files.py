"""`predict` of other problems than lungs: pictures and their palettes, names, tables; and the command."""

import numpy as np
import pytest
from PIL import Image

from cells import CELLS, GREEN, LABELS, PICTURE, RED
from lungseg import InputError, build_unet, segment
from lungseg.prediction import predict
from lungseg.preparation import Recipe
from lungseg.problems import Problem
from predicting import QUIET, table_of
from predicting import predict as command
from radiographs import chest, refusal, save, write_dicom
from stand_ins import channel_network


def test_exclusive_classes_share_a_picture_with_a_palette(cells, tmp_path):
    file, out = save(tmp_path / "a.png", PICTURE), tmp_path / "out"
    assert predict(file, out, cells, overlay=True, **QUIET) == []
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "overlays", "predictions.csv"]
    picture, masks = Image.open(out / "a.png"), segment(cells, file)
    assert picture.mode == "P"
    assert np.array_equal(np.asarray(picture), masks[..., 0] + 2 * masks[..., 1])
    colours = np.asarray(picture.convert("RGB"))
    assert set(map(tuple, colours[masks[..., 1]])) == {(0, 0, 255)}
    assert set(map(tuple, colours[masks[..., 0]])) == {(230, 159, 0)}  # the first of the palette, #e69f00
    assert not colours[~masks.any(axis=-1)].any()
    (row,) = table_of(out)
    # Nobody knows how large a pixel is: no column of it.
    assert list(row) == ["file", "mask", "height", "width", "nucleus_pixels", "edge_pixels", "error"]
    assert [int(row[f"{name}_pixels"]) for name in CELLS.classes] == masks.sum(axis=(0, 1)).tolist()
    drawn = np.asarray(Image.open(out / "overlays" / "a.png"))
    assert drawn.shape == (320, 480, 3)  # each pixel as 8 x 8, the most within 512
    assert (drawn == (0, 0, 255)).all(axis=-1).sum() > 20
    assert tuple(drawn[100, 124]) == tuple(PICTURE[12, 15])


def test_classes_that_overlap_get_a_picture_each(labels, tmp_path):
    files, out = (
        [save(tmp_path / name, PICTURE) for name in ("a.png", "a.tif", "b_edge.png", "b.png")],
        tmp_path / "out",
    )
    for _ in range(2):  # the second time all keep their names, and the masks in the folder are no images
        assert predict(files, out, labels, overlay=True, **QUIET) == []
        assert sorted(path.name for path in out.glob("*.png")) == [
            *("a_png_edge.png", "a_png_nucleus.png", "a_tif_edge.png", "a_tif_nucleus.png"),
            *("b_edge.png", "b_edge_edge.png", "b_edge_nucleus.png", "b_nucleus.png"),
        ]
    masks = segment(labels, files[0])
    for k, name in enumerate(LABELS.classes):
        picture = Image.open(out / f"a_png_{name}.png")
        assert picture.mode == "L"
        assert np.array_equal(np.asarray(picture), masks[..., k] * 255)
    assert [row["mask"] for row in table_of(out)][:2] == [
        "a_png_nucleus.png|a_png_edge.png",
        "a_tif_nucleus.png|a_tif_edge.png",
    ]
    assert sorted(path.name for path in (out / "overlays").iterdir()) == [
        "a_png.png",
        "a_tif.png",
        "b.png",
        "b_edge.png",
    ]


def test_masks_of_earlier_runs_are_no_images(labels, tmp_path):
    folder = tmp_path / "slides"
    save(folder / "a.tif", PICTURE)
    for _ in range(2):
        assert predict(folder, folder, labels, **QUIET) == []
        assert len(table_of(folder)) == 1
    save(folder / "b_edge.png", PICTURE)  # of somebody
    save(folder / "b.tif", PICTURE)
    with pytest.raises(InputError, match=r"b\.tif: its mask would overwrite"):
        predict(folder / "b.tif", folder, labels, **QUIET)


def test_masks_of_another_problem_do_not_mix(cells, labels, run, tmp_path, bright_square):
    colour, grey = save(tmp_path / "a.png", PICTURE), save(tmp_path / "b.png", bright_square)
    predict(grey, tmp_path / "lungs", run, **QUIET)
    predict(colour, tmp_path / "cells", cells, **QUIET)
    for model, folder, file in ((cells, "lungs", colour), (run, "cells", grey)):
        before = {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        message = refusal(predict, file, tmp_path / folder, model, **QUIET)
        assert "expected masks of the same classes" in message
        assert {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} == before


def test_arrays_and_bmp_in_a_folder_are_images(labels, tmp_path):
    (tmp_path / "in").mkdir()
    np.save(tmp_path / "in" / "scene.npy", PICTURE)
    Image.fromarray(PICTURE).save(tmp_path / "in" / "leaf.bmp")
    assert predict(tmp_path / "in", tmp_path / "out", labels, tile=32, **QUIET) == []
    for name in ("scene", "leaf"):
        found = np.asarray(Image.open(tmp_path / "out" / f"{name}_edge.png")) > 0
        assert np.array_equal(found, GREEN)


def test_areas_in_square_centimetres(tmp_path):
    pytest.importorskip("pydicom")
    network = channel_network(1, 1, exclusive=False)
    file = write_dicom(tmp_path / "a.dcm", chest()[0].astype(np.uint8), PixelSpacing=["2.0", "1.5"])
    predict(file, tmp_path / "out", network, problem=Problem(recipe="grey"), **QUIET)
    (row,) = table_of(tmp_path / "out")
    assert float(row["lung_cm2"]) == pytest.approx(int(row["lung_pixels"]) * 0.03, abs=0.005)
    assert "right_lung_pixels" not in row


def test_cleaning_is_up_to_the_recipe(cells, tmp_path):
    assert "clean: expected a recipe that says how many" in refusal(segment, cells, PICTURE, clean=True)
    spots = PICTURE.copy()
    spots[36:38, 2:4, 0] = 255
    one = Recipe("one", channels=("red", "green", "blue"), stretch="type", components=1)
    assert segment(cells, spots, tile=True)[36, 2, 0]
    assert not segment(cells, spots, tile=True, clean=True, recipe=one)[36, 2, 0]
    file = save(tmp_path / "a.png", spots)
    predict(file, tmp_path / "by itself", cells, tile=True, **QUIET)
    predict(file, tmp_path / "by recipe", cells, tile=True, recipe=one, **QUIET)
    assert [int(np.asarray(Image.open(tmp_path / name / "a.png"))[36, 2]) for name in ("by itself", "by recipe")] == [
        1,
        0,
    ]


def test_right_and_left_lung_as_classes_are_no_pair(tmp_path):
    problem = Problem(classes=("right lung", "left lung"))
    network = channel_network(1, 1)
    with pytest.raises(InputError, match="expected a network"):
        segment(network, PICTURE, problem=problem)
    two = build_unet((32, 32, 1), filters=2, depth=1, classes=3)
    assert "clean: expected a recipe" in refusal(segment, two, PICTURE, problem=problem, clean=True)
    file = save(tmp_path / "a.png", PICTURE)
    predict(file, tmp_path / "out", two, problem=problem, **QUIET)
    assert "right lung_pixels" in table_of(tmp_path / "out")[0]


def test_the_command(cells, tmp_path):
    file = save(tmp_path / "a.png", PICTURE)
    result, (row,) = command(
        cells, file, out=tmp_path / "out", options=["--tile", "32", "--overlap", "0.5", "--overlay"]
    )
    assert result.exit_code == 0, result.output
    assert (int(row["nucleus_pixels"]), int(row["edge_pixels"])) == (RED.sum(), (GREEN & ~RED).sum())
    assert f"The masks of 1 image in {tmp_path / 'out'}, areas in" in result.output
    assert "in tiles of 32 x 32 pixels" in result.output
    result, _ = command(cells, file, out=tmp_path / "out", options=["--clean"])
    assert result.exit_code == 1
    assert "--no-clean" in result.output
