"""Files and folders of any problem as strangers bring them: read as they are meant, or refused in words that help."""

import numpy as np
import pytest
from PIL import Image

from lungseg.cases import load_case
from problem_sources import INDEX, image, images, masks_of, prepare
from radiographs import refusal, save

ROAD = INDEX == 1
WHOLE = "0011 0011 0000 0000"  # as `ROAD` is
OPAQUE = np.where(ROAD, 255, 0).astype(np.uint8)
SIDE = 64


@pytest.mark.parametrize(
    "mask",
    [
        Image.fromarray(np.dstack([np.zeros((4, 4, 3), np.uint8), OPAQUE])),  # drawn in black on nothing
        Image.fromarray(np.dstack([np.full((4, 4, 3), 255, np.uint8), OPAQUE])),
        Image.fromarray(np.dstack([np.zeros((4, 4), np.uint8), OPAQUE])),
        Image.fromarray(ROAD),  # of one bit
        Image.fromarray(np.repeat(OPAQUE[..., None], 3, axis=-1)),
        ROAD,
        ROAD.astype(np.float32),
        ROAD[..., None].astype(np.uint8),
    ],
    ids=["black", "white", "grey and alpha", "bits", "colours", "booleans", "fractions", "one channel"],
)
def test_masks_of_every_kind(tmp_path, mask):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    (source / "masks").mkdir()
    if isinstance(mask, Image.Image):
        mask.save(source / "masks" / "a.png")
    else:
        np.save(source / "masks" / "a.npy", mask)
    report = prepare(source, out)
    assert (report.written, report.failed) == (1, [])
    assert masks_of(out, classes=1) == WHOLE


def test_images_may_be_bmp(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    save(source / "images" / "A.BMP", image(0))
    save(source / "masks" / "a.bmp", OPAQUE)
    prepare(source, out)
    np.testing.assert_allclose(load_case(out / "A.npy")[..., :3], image(0) / 255, atol=1e-6)


def smooth_colours():
    index = np.kron(INDEX, np.ones((16, 16), np.uint8))
    picture = Image.fromarray(np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8)[index])
    return np.asarray(picture.resize((256, 256)).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (np.random.default_rng(0).random((SIDE, SIDE)), "If these are probabilities, save where they are cut"),
        (np.where(np.eye(SIDE) > 0, np.nan, 1.0), "expected finite numbers. Received: NaN or infinity."),
        (smooth_colours(), "Most are shades at edges that were smoothed. Save masks without smoothing, as PNG; or"),
        (np.kron(np.array([[0, 1], [2, 255]], np.uint8), np.ones((32, 32), np.uint8)), "--ignore 255"),
        (np.zeros((SIDE, SIDE // 2), np.uint8), "like "),
    ],
    ids=["probabilities", "nan", "colours", "255", "size"],
)
def test_masks_that_need_a_word(tmp_path, mask, said):
    source = tmp_path / "source"
    save(source / "images" / "a.png", image(0, (SIDE, SIDE, 3)))
    (source / "masks").mkdir()
    if mask.dtype.kind == "f":
        np.save(source / "masks" / "a.npy", mask)
    else:
        save(source / "masks" / "a.png", mask)
    assert said in refusal(prepare, source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_mask_that_lies_on_its_side(tmp_path):
    source = tmp_path / "source"
    noted = Image.Exif()
    noted[0x0112] = 6  # to be turned by a quarter
    save(source / "images" / "a.jpg", image(0, (8, 16, 3)), exif=noted)
    save(source / "masks" / "a.png", np.eye(8, 16, dtype=np.uint8))
    said = refusal(prepare, source, tmp_path / "out")
    assert "Received: 8 x 16. It lies on its side: of images, the orientation that a camera notes is applied." in said
    save(source / "masks" / "a.png", np.eye(9, 16, dtype=np.uint8))
    assert "on its side" not in refusal(prepare, source, tmp_path / "out")


def test_what_is_odd_about_files_that_are_read(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    values = np.random.default_rng(0).integers(0, 4096, (8, 8)).astype(np.uint16)  # 12 bits in 16
    save(source / "images" / "a.tif", values)
    negative = np.full((8, 8), 255, np.uint8)
    negative[2:5, 2:5] = 0
    save(source / "masks" / "a.png", negative)
    dark = "the image is nearly black, the range is ten times as large: a recipe of values, or grey?"
    corners = "the mask touches all four corners: a negative?"
    assert prepare(source, out, 8).doubts == {corners: ["a.tif"], dark: ["a.tif"]}
    assert prepare(source, tmp_path / "grey", 8, recipe="grey").doubts == {corners: ["a.tif"]}
    save(source / "masks" / "a.png", 255 - negative)
    assert prepare(source, tmp_path / "right", 8, recipe="grey").doubts == {}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["images/a.webp", "masks/a.png"], ".webp: not read. Images are .bmp, .dcm, "),
        (["images/a.nii.gz", "masks/a.nii.gz"], "Volumes, .npz and .mat are not read: save each slice"),
        (["images/a.npz", "masks/a.npz"], "Volumes, .npz and .mat are not read"),
        (["images/a.png", "labels/a.txt"], "Outlines in .json, .txt, .xml or .csv are not read: draw them"),
        (["images/a.png", "annotations/all.json"], "Outlines in .json, .txt"),
        (["images/img_1.png", "masks/mask_001.png"], "none of which match, img_1.png and mask_001.png for example"),
        (
            [f"{name}/{file}.png" for name in "pq" for file in (f"images/{name}", "masks/1", "masks/2")],
            "Where an image has a mask for each object, join them",
        ),
        (["2/images/2.png", "2/masks/3.png"], "A mask is called like its image, or like it with _mask at the end"),
    ],
)
def test_folders_that_need_a_word(tmp_path, names, said):
    for name in names:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes(b"x")
    assert said in refusal(prepare, tmp_path / "source", tmp_path / "out")
