"""Predicted masks that a person has corrected come back as cases."""

import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg import load_case
from lungseg.cli import main
from lungseg.preparation.manifest import read_manifest, read_rows
from predicting import predict, write_run
from radiographs import chest, refusal, save
from raw_sources import prepare

NAMES = ("a", "b", "c")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder of images, and one of the masks that were predicted of them."""
    folder = tmp_path_factory.mktemp("predicted")
    for number, name in enumerate(NAMES):
        save(folder / f"images/{name}.png", chest(120 + number, 100)[0].astype(np.uint8))
    result, rows = predict(write_run(folder), folder / "images", out=folder / "masks", options=["--overlay"])
    assert result.exit_code == 0
    assert len(rows) == 3
    return folder


@pytest.fixture
def predicted(whole, tmp_path):
    for part in ("images", "masks"):
        shutil.copytree(whole / part, tmp_path / part)
    return tmp_path


def mend(mask):
    """Paint a square of lung, as a person does."""
    values = np.asarray(Image.open(mask)).copy()
    values[90:100, 40:60] = 255
    Image.fromarray(values).save(mask)
    return values > 0


def test_a_mended_mask_becomes_a_case(predicted):
    mended = mend(predicted / "masks/b.png")
    report = prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks")
    assert (report.written, report.failed, report.without_mask, report.without_image) == (3, [], [], [])
    assert report.notes[-1].startswith("1 of 3 masks was changed since it was predicted")
    geometry = read_manifest(predicted / "out")["b"]
    back = geometry.to_original(load_case(predicted / "out/b.npy")[..., 1])
    assert back[92:98, 42:58].all()
    assert np.mean(back != mended) < 0.02
    assert read_rows(predicted / "out")["b"]["masks"] == "../masks/b.png"


def test_a_second_run_reuses_and_tells_the_same(predicted):
    first = prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks")
    assert "none of the 3 masks was changed" in first.notes[-1]
    mend(predicted / "masks/c.png")
    again = prepare(predicted / "images", predicted / "out", 64, corrected=str(predicted / "masks"))
    assert (again.written, again.reused) == (1, 2)
    assert prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks").notes == again.notes


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".jpg"])
def test_a_paint_program_may_save_in_another_way(predicted, suffix):
    mend(predicted / "masks/a.png")
    with Image.open(predicted / "masks/a.png") as mask:
        picture = mask.convert("RGB")
    (predicted / "masks/a.png").unlink()
    picture.save(predicted / f"masks/a{suffix}")
    report = prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks")
    assert report.written == 3
    assert report.notes[-1].startswith("1 of 3 masks was changed")


def test_deleted_masks_are_left_out_and_folders_may_move(predicted):
    (predicted / "masks/a.png").unlink()
    (predicted / "images").rename(predicted / "elsewhere")
    save(predicted / "masks/strange.png", np.eye(9, dtype=np.uint8))
    report = prepare(predicted / "elsewhere", predicted / "out", 64, corrected=predicted / "masks")
    assert report.written == 2
    assert report.without_mask == ["a.png"]
    assert report.without_image == ["strange.png"]


def test_a_copy_without_a_table_goes_by_names(predicted):
    (predicted / "masks/predictions.csv").unlink()
    report = prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks")
    assert report.written == 3
    assert not any("changed" in note for note in report.notes)


def test_masks_beside_the_images_and_in_a_folder_with_masks_of_before(predicted):
    """The table tells which of two files of one name was segmented."""
    shutil.copytree(predicted / "masks", predicted / "all/masks")
    shutil.copytree(predicted / "images", predicted / "all/images")
    assert prepare(predicted / "all", predicted / "out", 64, corrected=predicted / "all/masks").written == 3
    assert "masks that somebody has drawn" in refusal(prepare, predicted / "all", predicted / "other")
    shutil.copytree(predicted / "images", predicted / "all/more")
    (predicted / "all/images").rename(predicted / "all/others")  # no name of a folder tells, either
    message = refusal(lambda: prepare(predicted / "all", predicted / "other", corrected=predicted / "masks"))
    assert "a.png: expected one radiograph of this name" in message


def test_images_of_one_name_from_two_folders(whole, tmp_path):
    for number, month in enumerate(("january", "february")):
        save(tmp_path / f"images/{month}/a.png", chest(120 + number, 100)[0].astype(np.uint8))
    folders = tmp_path / "images/january", tmp_path / "images/february"
    predict(whole, *folders, out=tmp_path / "masks")
    report = prepare(tmp_path / "images", tmp_path / "out", 64, corrected=tmp_path / "masks")
    assert report.failed == []
    heights = {case: geometry.height for case, geometry in read_manifest(tmp_path / "out").items()}
    assert heights == {"january_a": 120, "february_a": 121}


def test_what_is_refused(predicted):
    images, masks, out = predicted / "images", predicted / "masks", predicted / "out"
    save(masks / "a.tif", np.eye(9, dtype=np.uint8))
    assert "a.png and a.tif. Keep the corrected one" in refusal(lambda: prepare(images, out, corrected=masks))
    (masks / "a.tif").unlink()
    assert "no such folder" in refusal(lambda: prepare(images, out, corrected=masks / "none"))
    assert "no such folder" in refusal(lambda: prepare(images / "none", out, corrected=masks))
    assert "corrected: expected alone" in refusal(lambda: prepare(images, out, corrected=masks, masks=masks))
    (predicted / "empty").mkdir()
    assert "do not belong together" in refusal(lambda: prepare(predicted / "empty", out, corrected=masks))
    (masks / "predictions.csv").write_bytes("file,mask\n胸,胸.png\n".encode("gbk"))
    assert "is not in UTF-8" in refusal(lambda: prepare(predicted / "empty", out, corrected=masks))
    save(masks / "strange.png", np.eye(9, dtype=np.uint8))
    assert "is not in UTF-8" in prepare(images, predicted / "gbk", 64, corrected=masks).summary()
    (masks / "predictions.csv").write_bytes(b"\0\0")
    assert "predictions.csv" in refusal(lambda: prepare(images, out, corrected=masks))
    assert not out.exists()


def test_the_command(predicted):
    mend(predicted / "masks/a.png")
    command = ["prepare", predicted / "images", predicted / "out", "--corrected", predicted / "masks", "--jobs", "1"]
    result = CliRunner().invoke(main, [str(argument) for argument in command])
    assert result.exit_code == 0
    assert "3 cases written" in result.output
    assert "1 of 3 masks was changed" in result.output


TOLD = {  # rows of the table; what is said, or None
    "two files for one mask": (
        ["b.png,a.png,5", "a.png,a.png,5"],
        "a mask of its own for each file. Received: 'a.png'",
    ),
    "two masks for one file": (["a.png,a.png,5", "a.png,b.png,5"], "expected one mask for"),
    "a number that is none": (["a.png,a.png,²", f"b.png,b.png,{'9' * 5000}", "c.png,c.png,-1"], None),
}


@pytest.mark.parametrize(("rows", "said"), TOLD.values(), ids=TOLD)
def test_a_table_that_somebody_has_changed(predicted, rows, said):
    (predicted / "masks/predictions.csv").write_text("\n".join(["file,mask,lung_pixels", *rows]), encoding="utf-8")
    if said:
        masks = predicted / "masks"
        assert said in refusal(prepare, predicted / "images", predicted / "out", 64, corrected=masks)
        assert not (predicted / "out").exists()
    else:
        assert prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks").written == 3


def test_folders_tell_two_images_of_one_name_on_another_computer(predicted):
    for folder, name in (("january", "a"), ("february", "b")):
        save(predicted / f"images/{folder}/chest.png", np.asarray(Image.open(predicted / f"images/{name}.png")))
        (predicted / f"images/{name}.png").unlink()
        (predicted / f"masks/{name}.png").rename(predicted / f"masks/{folder}_chest.png")
    rows = [f"C:\\films\\{folder}\\chest.png,{folder}_chest.png" for folder in ("january", "february")]
    (predicted / "masks/predictions.csv").write_text("\n".join(["file,mask", *rows]), encoding="utf-8")
    assert prepare(predicted / "images", predicted / "out", 64, corrected=predicted / "masks").written == 3
    rows = read_rows(predicted / "out")
    assert rows["january_chest"]["image"] == "january/chest.png"
    assert rows["february_chest"]["image"] == "february/chest.png"
