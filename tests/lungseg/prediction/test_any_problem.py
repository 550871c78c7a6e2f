"""Other problems than lungs: colours, several classes, arrays; what a run tells of them, and what nobody tells."""

import warnings

import numpy as np
import pytest
from PIL import Image

from lungseg import InputError, build_unet, segment
from lungseg.prediction import predict
from lungseg.preparation import Recipe
from lungseg.problems import LUNGS, Problem
from lungseg.runs import Run, write_json
from predicting import predict as command
from predicting import table_of
from radiographs import chest, refusal, save, write_dicom
from stand_ins import channel_network, threshold_network

CELLS = Problem(("red", "green", "blue"), ("nucleus", "edge"), recipe="colour", colours={"edge": "#0000ff"})
LABELS = Problem(("red", "green", "blue"), ("nucleus", "edge"), exclusive=False, recipe="colour")
PICTURE = np.zeros((40, 60, 3), np.uint8)
PICTURE[5:20, 10:30, 0] = 255  # a nucleus is red
PICTURE[15:35, 25:50, 1] = 200  # an edge is green; where both are, red is brighter
RED, GREEN = PICTURE[..., 0] > 127, PICTURE[..., 1] > 127
QUIET = {"report": lambda line: None, "progress": False}


def write_run(folder, network, problem=LUNGS, **settings):
    folder.mkdir(parents=True)
    network.save(folder / "best.keras")
    write_json(folder / "settings.json", {"problem": problem.described(), "size": [32, 32], **settings})
    return folder


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("a") / "cells", channel_network(), CELLS, preparation=None)


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    network = channel_network(exclusive=False)
    return write_run(tmp_path_factory.mktemp("a") / "labels", network, LABELS, preparation=None)


def close(found, truth):
    """Whether two masks differ at their outlines only: a network of 32 x 32 pixels does not see more."""
    return (found != truth).mean() < 0.02


# ---- segment -------------------------------------------------------------------------------------


def test_exclusive_classes(cells, tmp_path):
    found = segment(Run(cells), save(tmp_path / "a.png", PICTURE))
    assert (found.dtype, found.shape) == (bool, (40, 60, 2))
    assert not found.all(axis=-1).any()
    assert close(found[..., 0], RED)
    assert close(found[..., 1], GREEN & ~RED)


def test_classes_that_overlap(labels, tmp_path):
    found = segment(labels, save(tmp_path / "a.png", PICTURE))
    assert close(found[..., 0], RED)
    assert close(found[..., 1], GREEN)
    assert found.all(axis=-1).sum() > 20
    higher = segment(labels, PICTURE, threshold=0.9999)
    assert higher.sum() < found.sum()


def test_an_array_is_prepared_like_the_file_of_it(tmp_path, run, cells, bright_square):
    for model, image in [(run, bright_square), (run, chest()[0].astype(np.uint8)), (run, PICTURE), (cells, PICTURE)]:
        assert np.array_equal(segment(model, image), segment(model, save(tmp_path / "a.png", image)))
    deep = chest()[0].astype(np.uint16) * 200
    assert np.array_equal(segment(run, deep), segment(run, save(tmp_path / "a.png", deep)))
    assert np.array_equal(segment(run, deep[..., None]), segment(run, deep))
    np.save(tmp_path / "a.npy", PICTURE)
    assert np.array_equal(segment(cells, tmp_path / "a.npy"), segment(cells, PICTURE))


def test_a_grey_picture_is_its_own_red_green_and_blue(cells, bright_square):
    with pytest.warns(UserWarning, match="image is grey, and the network takes colours"):
        found = segment(channel_network(3, 1), bright_square, recipe="colour", tile=True)
    assert np.array_equal(found, bright_square > 127)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((40, 60, 5)), "Received: 5, of the shape (40, 60, 5). Choose them, image[..., :3]"),
        (np.zeros((4, 40, 60, 3)), "Received: shape (4, 40, 60, 3). Pass one image at a time."),
        (np.zeros((0, 40, 3)), "Received: shape (0, 40, 3)"),
        (np.zeros(40), "Received: shape (40,)"),
        (np.array([["a"]]), "expected real numbers. Received: dtype <U1"),
        (np.zeros((40, 60, 3), complex), "expected real numbers"),
        (np.full((40, 60, 3), np.nan), "NaN"),
        (["a.png", "b.png"], "Received: list. For several files"),
        (None, "Received: NoneType"),
        (7, "Received: int"),
    ],
)
def test_what_is_no_image(cells, image, said):
    assert said in refusal(segment, cells, image)


def test_a_volume_slice_by_slice(run):
    volume = np.stack([chest()[0], chest()[0][:, ::-1]])  # (Z, H, W)
    network = Run(run)
    masks = np.stack([segment(network, piece) for piece in volume])
    assert masks.shape == volume.shape
    assert np.array_equal(masks[1], segment(network, volume[1]))


# ---- What a network without a run can be for -----------------------------------------------------


@pytest.mark.parametrize(
    ("network", "shape", "assumed"),
    [
        (lambda: build_unet((32, 32, 1), 2, 1, classes=3), (40, 60, 2), "grey"),  # a softmax: one is the background
        (lambda: build_unet((32, 32, 1), 2, 1, classes=3, exclusive=False), (40, 60, 3), "grey"),
        (lambda: channel_network(3, 1), (40, 60), "colour"),
        (lambda: channel_network(5, 3), (40, 60, 3), "colour"),
    ],
)
def test_shapes_tell_channels_and_classes(network, shape, assumed):
    network = network()
    image = np.zeros((40, 60, network.input_shape[-1]), np.uint8)
    image[10:20, 10:20, 0] = 255
    with pytest.warns(UserWarning, match=f"the recipe {assumed} is assumed"):
        found = segment(network, image)
    assert found.shape == shape
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert np.array_equal(segment(network, image, recipe=assumed), found)


def test_a_network_of_another_shape_than_the_problem():
    message = refusal(segment, build_unet((32, 32, 3), filters=2, depth=1, classes=2), PICTURE, problem=CELLS)
    assert "expected a network from (B, H, W, 3) to (B, H, W, 3)" in message


# ---- What is known of the preparation ------------------------------------------------------------


def warned(function, *arguments, **settings):
    """Return what a function returns, and the warnings of an assumed recipe."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*arguments, **settings)
    return result, [warning for warning in caught if "the recipe lungs is assumed" in str(warning.message)]


def test_a_recipe_that_nobody_knows_is_assumed_with_one_word(tmp_path, bright_square):
    unknown = write_run(tmp_path / "run", threshold_network(), preparation=None, assumed_recipe="lungs")
    known = write_run(tmp_path / "known", threshold_network(), preparation={"low": 5.0, "high": 95.0, "crop": True})
    found, (warning,) = warned(segment, unknown, bright_square)
    assert "test_any_problem" in warning.filename  # whoever called, and no line of the package
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert np.array_equal(found, segment(known, bright_square))
        assert np.array_equal(found, segment(unknown, bright_square, recipe="lungs"))
        segment(unknown, bright_square, recipe=Recipe("mine", low=1, high=99))
    file = save(tmp_path / "a.png", bright_square)
    assert len(warned(predict, file, tmp_path / "out", unknown, **QUIET)[1]) == 1
    result, _ = command(unknown, file, out=tmp_path / "out")
    assert result.output.count("Warning: ") == 1
    assert "--recipe" in next(line for line in result.output.splitlines() if line.startswith("Warning: "))
    result, _ = command(unknown, file, out=tmp_path / "out", options=["--recipe", "lungs"])
    assert "Warning" not in result.output


def test_without_any_word_of_the_preparation_it_is_refused(tmp_path, bright_square):
    unknown = write_run(tmp_path / "run", threshold_network())
    assert "settings.json: expected to know how the cases" in refusal(segment, unknown, bright_square)
    segment(unknown, bright_square, recipe="grey")


def test_a_run_keeps_the_numbers_of_its_recipe(tmp_path):
    numbers = Recipe("mine", stretch="values", low=100, high=200).described()
    run = write_run(tmp_path / "run", threshold_network(), Problem(recipe="mine"), preparation=numbers)
    ramp = np.tile(np.arange(0, 256, dtype=np.uint8), (64, 1))
    found = segment(run, ramp, tile=32)
    assert np.array_equal(found, ramp >= 150)


# ---- predict -------------------------------------------------------------------------------------


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


def test_arrays_in_a_folder_are_images(labels, tmp_path):
    (tmp_path / "in").mkdir()
    np.save(tmp_path / "in" / "scene.npy", PICTURE)
    assert predict(tmp_path / "in", tmp_path / "out", labels, tile=32, **QUIET) == []
    found = np.asarray(Image.open(tmp_path / "out" / "scene_edge.png")) > 0
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


# ---- what is given for something else ------------------------------------------------------------


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
