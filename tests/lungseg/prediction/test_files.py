"""segment_files(): many files, second runs into a folder, and interrupted ones."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lungseg import InputError
from lungseg.files import DiskFull, folder_lock
from lungseg.phantom import write_raw_phantoms
from lungseg.prediction import files as prediction_files
from lungseg.prediction import rows
from lungseg.prediction.files import segment_files
from predicting import table_of
from radiographs import refusal, save
from stand_ins import threshold_network


def test_files_in_bulk_a_bad_one_does_not_stop_the_rest(tmp_path):
    write_raw_phantoms(tmp_path / "raw", count=3, size=64)
    images = sorted((tmp_path / "raw" / "images").glob("*.png"))
    images[1].write_bytes(images[1].read_bytes()[:200])
    lines = []
    out = tmp_path / "masks"
    failed = segment_files(threshold_network(), [tmp_path / "raw" / "images"], out, report=lines.append, progress=False)
    assert [file for file, _ in failed] == [images[1]]
    assert sorted(p.name for p in out.iterdir()) == [images[0].name, images[2].name, "predictions.csv"]
    assert any(images[1].name in line for line in lines)
    mask = np.asarray(Image.open(out / images[0].name))
    assert mask.shape == (64, 64)
    assert set(np.unique(mask)) <= {0, 255}


def test_what_is_said_of_one_file_and_of_none(tmp_path, bright_square, monkeypatch):
    film, no_film = save(tmp_path / "film.png", bright_square), tmp_path / "text.png"
    no_film.write_text("no film")
    monkeypatch.setattr(rows, "doubts", lambda prediction, threshold: list("abcde"))
    monkeypatch.chdir(tmp_path)
    lines = []
    segment_files(threshold_network(), [film.name], "masks", report=lines.append, progress=False)
    assert lines == [
        f"1 mask in masks, areas and reasons in {Path('masks/predictions.csv')}.",
        "To look at: 1, perhaps no frontal chest X-ray, or a poor mask:",
        "  film.png: a; b; c and 2 more",
    ]
    assert table_of(tmp_path / "masks")[0]["reasons"] == "a; b; c; d; e"
    lines.clear()
    segment_files(threshold_network(), [no_film.name], "none", report=lines.append, progress=False)
    assert lines[:2] == [
        f"No mask was made; {Path('none/predictions.csv')} also says why.",
        "1 of 1 file could not be used:",
    ]


def test_wrong_inputs_are_told_before_a_folder_is_made(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        segment_files(threshold_network(), [tmp_path / "absent.png"], tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


def test_a_second_run_into_the_folder_overwrites_nothing_of_the_first(tmp_path, bright_square):
    january = save(tmp_path / "january" / "film.png", bright_square)
    february = save(tmp_path / "february" / "film.png", 255 - bright_square)
    out = tmp_path / "masks"
    model = threshold_network()
    segment_files(model, [january], out, progress=False)
    first = (out / "film.png").read_bytes()
    segment_files(model, [february], out, progress=False)
    assert (out / "film.png").read_bytes() == first
    assert [(row["file"], row["mask"]) for row in table_of(out)] == [
        (str(january), "film.png"),
        (str(february), "film_png.png"),
    ]
    # Both once more: each keeps its name, and no mask is left that no row names.
    segment_files(model, [february, january], out, progress=False)
    assert {row["file"]: row["mask"] for row in table_of(out)} == {
        str(january): "film.png",
        str(february): "film_png.png",
    }
    assert sorted(path.name for path in out.iterdir()) == ["film.png", "film_png.png", "predictions.csv"]


def test_the_same_names_seen_from_two_folders_are_two_patients(tmp_path, bright_square, monkeypatch):
    for month, image in (("january", bright_square), ("february", 255 - bright_square)):
        save(tmp_path / month / "images" / "0001.png", image)
        monkeypatch.chdir(tmp_path / month)
        segment_files(threshold_network(), ["images"], tmp_path / "masks", progress=False)
    rows = {row["file"]: row["mask"] for row in table_of(tmp_path / "masks")}
    assert rows == {
        str(tmp_path / "january" / "images" / "0001.png"): "0001.png",
        str(tmp_path / "february" / "images" / "0001.png"): "0001_png.png",
    }
    # And one file seen from two folders is one.
    monkeypatch.chdir(tmp_path)
    segment_files(threshold_network(), ["february/images"], "masks", progress=False)
    assert {row["file"]: row["mask"] for row in table_of(tmp_path / "masks")} == rows


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_text(tmp_path, bright_square):
    file = save(tmp_path / "films" / "M\udcfcller.png", bright_square)
    for _ in range(2):
        assert segment_files(threshold_network(), [file], tmp_path / "masks", progress=False) == []
        (row,) = table_of(tmp_path / "masks")
        assert (row["file"], row["mask"]) == (str(tmp_path / "films") + r"/M\udcfcller.png", "M_ller.png")
    assert (tmp_path / "masks" / "M_ller.png").exists()


def test_a_second_command_into_the_same_folder_is_refused(tmp_path, bright_square):
    file = save(tmp_path / "a.png", bright_square)
    (tmp_path / "out").mkdir()
    with folder_lock(tmp_path / "out"), pytest.raises(InputError, match="another command is at work"):
        segment_files(threshold_network(), [file], tmp_path / "out", progress=False)
    assert list((tmp_path / "out").iterdir()) == []
    segment_files(threshold_network(), [file], tmp_path / "out", progress=False)
    assert len(table_of(tmp_path / "out")) == 1


def test_radiographs_beside_the_masks_are_safe(tmp_path, bright_square):
    folder = tmp_path / "films"
    first = save(folder / "first.tif", bright_square)
    other = save(folder / "other.png", bright_square)
    before = other.read_bytes()
    model = threshold_network()
    segment_files(model, [first], folder, progress=False)
    elsewhere = save(tmp_path / "elsewhere" / "other.tif", bright_square)
    with pytest.raises(InputError, match="overwrite"):
        segment_files(model, [elsewhere], folder, progress=False)
    assert other.read_bytes() == before
    other.unlink()
    # The mask of the first run lies in the folder that is segmented: it is no film.
    for _ in range(2):
        segment_files(model, [folder], folder, progress=False)
    assert [(row["file"], row["mask"]) for row in table_of(folder)] == [(str(first), "first.png")]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")], ids=["Ctrl+C", "full"])
def test_an_interrupted_run_lists_its_masks_and_the_same_command_goes_on(tmp_path, bright_square, monkeypatch, fault):
    files = [save(tmp_path / "in" / f"{name}.png", bright_square) for name in "abcdefgh"]
    out, whole = tmp_path / "out", prediction_files.save_png

    def third_fails(picture, target):
        if target.name == "c.png":
            raise fault
        whole(picture, target)

    with monkeypatch.context() as patch:
        patch.setattr(prediction_files, "save_png", third_fails)
        with pytest.raises(DiskFull if isinstance(fault, OSError) else fault):
            segment_files(threshold_network(), files, out, progress=False)
    rows = table_of(out)
    assert [row["file"] for row in rows] == [str(file) for file in files]
    assert [row["lung_pixels"] != "" for row in rows[:3]] == [True, True, False]  # the next ones may be under way
    assert all(("not segmented" in row["error"]) == (row["lung_pixels"] == "") for row in rows)
    assert segment_files(threshold_network(), files, out, progress=False) == []
    assert all(row["lung_pixels"] and not row["error"] for row in table_of(out))


def test_a_killed_run_leaves_a_table_that_names_its_masks(tmp_path, bright_square, monkeypatch):
    file = save(tmp_path / "in" / "a.png", bright_square)
    out = tmp_path / "out"
    before = []
    whole = prediction_files.load_file

    def look(*settings):
        before.append((out / "predictions.csv").read_text(encoding="utf-8"))
        return whole(*settings)

    monkeypatch.setattr(prediction_files, "load_file", look)
    segment_files(threshold_network(), [file], out, progress=False)
    assert f"{file},a.png" in before[0]
    # As after a kill: the mask is there, the table still says that it is to come.
    (out / "predictions.csv").write_text(before[0], encoding="utf-8")
    assert segment_files(threshold_network(), [file], out, progress=False) == []


def test_a_name_too_long_for_the_disk_stops_only_its_own_file(tmp_path, bright_square, monkeypatch):
    files = [save(tmp_path / "in" / f"{name}.png", bright_square) for name in "ab"]
    replace = os.replace

    def refuse(source, target):
        if str(target).endswith("a.png"):
            raise OSError(errno.ENAMETOOLONG, "File name too long", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    failed = segment_files(threshold_network(), files, tmp_path / "out", progress=False)
    assert [file for file, _ in failed] == [files[0]]
    assert "too long" in failed[0][1]
    assert (tmp_path / "out" / "b.png").exists()


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path, bright_square, monkeypatch):
    file = save(tmp_path / "in" / "a.png", bright_square)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(DiskFull, match=r"a\.png: the disk is full\. The masks that were finished are whole\."):
        segment_files(threshold_network(), [file], tmp_path / "out", progress=False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["predictions.csv"]


def test_what_a_killed_run_left_half_written_goes_at_the_next_start(tmp_path, bright_square):
    file = save(tmp_path / "in" / "a.png", bright_square)
    left = [tmp_path / "out" / ".0123456789ab.part", tmp_path / "out" / "overlays" / ".b.png.77.part"]
    mine = tmp_path / "out" / ".film.part"
    (tmp_path / "out" / "overlays").mkdir(parents=True)
    for path in (*left, mine):
        path.touch()
    segment_files(threshold_network(), [file], tmp_path / "out", progress=False)
    assert not any(path.exists() for path in left)
    assert mine.exists()


def test_what_a_folder_holds_besides_images_is_told(tmp_path, bright_square):
    save(tmp_path / "in" / "a.png", bright_square)
    for name in "bc":
        (tmp_path / "in" / f"{name}.txt").touch()
    lines = []
    segment_files(threshold_network(), [tmp_path / "in"], tmp_path / "out", report=lines.append, progress=False)
    assert lines[-1] == "2 other files of the folders left out: b.txt, c.txt"


def test_a_folder_in_the_place_of_a_mask_stops_only_its_own_file(tmp_path, bright_square):
    files = [save(tmp_path / "in" / f"{name}.png", bright_square) for name in "abc"]
    out = tmp_path / "out"
    segment_files(threshold_network(), files, out, progress=False)
    (out / "a.png").unlink()
    (out / "a.png").mkdir()
    (out / "overlays" / "b.png").mkdir(parents=True)
    failed = segment_files(threshold_network(), files, out, overlay=True, progress=False)
    assert [file for file, _ in failed] == files[:2]
    assert all("expected a free name. Received: a folder" in reason for _, reason in failed)
    assert (out / "overlays" / "c.png").is_file()


def test_a_name_that_no_disk_takes_stops_only_its_own_file(tmp_path, bright_square):
    file = save(tmp_path / "a.png", bright_square)
    long = tmp_path / f"{'b' * 300}.png"
    ((failed, reason),) = segment_files(threshold_network(), [long, file], tmp_path / "out", progress=False)
    assert failed == long
    assert "too long" in reason
    assert (tmp_path / "out/a.png").exists()


@pytest.mark.parametrize("kind", [str, Path, lambda file: iter([file]), lambda file: {file: 1}.keys()])
def test_one_file_or_an_iterator_of_files(tmp_path, kind):
    file = save(tmp_path / "a.png", np.arange(64, dtype=np.uint8).reshape(8, 8))
    assert segment_files(threshold_network(), kind(file), tmp_path / "masks", report=print, progress=False) == []
    assert (tmp_path / "masks/a.png").exists()


def test_no_file_at_all(tmp_path):
    assert "inputs: expected images" in refusal(segment_files, threshold_network(), [], tmp_path / "masks")
    assert "out: expected a folder" in refusal(segment_files, threshold_network(), [tmp_path], "")
    assert not (tmp_path / "masks").exists()
