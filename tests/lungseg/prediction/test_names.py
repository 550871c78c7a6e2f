"""Which files of a folder are images, and what their masks are called."""

import os
import re
from pathlib import Path

import pytest

import lungseg
from lungseg import InputError
from lungseg.prediction import names as naming
from lungseg.prediction.names import image_files, mask_names, with_endings
from lungseg.preparation.sources.class_folders import image_files as prepared_images
from lungseg.preparation.sources.tree import IMAGES, walk

DICOM = bytes(128) + b"DICM"


def test_a_folder_takes_images_and_nothing_else(tmp_path):
    (tmp_path / "sub.png").mkdir()  # a folder called like an image
    images = ["1.2.840.113619.2.5.957063.78", "IM0001", "a.dcm", "b.png", "c.TIF"]
    others = ["1.2.840.1", "DICOMDIR", "README", "b.bmp", "notes.txt"]
    for name in (*images, *others, ".hidden.png"):
        is_dicom = name in ("1.2.840.113619.2.5.957063.78", "IM0001", "DICOMDIR")
        (tmp_path / name).write_bytes(DICOM if is_dicom else b"of another kind")
    found = image_files([tmp_path])
    assert [[path.name for path in paths] for paths in found] == [images, others]


def test_an_image_of_anything_is_one_for_prepare_and_predict(tmp_path):
    for name in sorted(IMAGES):
        (tmp_path / f"{name[1:]}{name.upper()}").touch()
    (tmp_path / "notes.txt").touch()
    predicted, others = image_files([tmp_path], anything=True)
    assert {path.suffix.lower() for path in predicted} == IMAGES
    assert [path.name for path in others] == ["notes.txt"]
    assert prepared_images(walk(tmp_path)[0][0]) == predicted
    page = (Path(lungseg.__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"These are files in\s+(.*?), and DICOM", page, re.DOTALL)
    assert set(re.findall(r"`(.*?)`", listed)) == IMAGES


def test_a_folder_without_images_is_told_what_they_are(tmp_path):
    (tmp_path / "a.webp").touch()
    with pytest.raises(InputError, match=r"expected images \(\.bmp, .*\.npy, .*, or DICOM of any name\), found none"):
        image_files([tmp_path], anything=True)
    (tmp_path / "a.bmp").touch()
    with pytest.raises(
        InputError, match=r"expected images \(\.dcm, .*found none\. Name the folder .* files themselves"
    ):
        image_files([tmp_path])


def test_the_overview_of_prepared_cases_is_no_radiograph(tmp_path):
    for name in ("a.png", "manifest.csv", "overview.png"):
        (tmp_path / name).touch()
    assert [path.name for path in image_files([tmp_path])[0]] == ["a.png"]
    (tmp_path / "manifest.csv").unlink()
    assert [path.name for path in image_files([tmp_path])[0]] == ["a.png", "overview.png"]


def test_a_file_named_twice_is_taken_once(tmp_path, monkeypatch):
    (tmp_path / "a.png").touch()
    monkeypatch.chdir(tmp_path)
    images, _ = image_files(["a.png", tmp_path / "a.png", "./a.png", tmp_path])
    assert [path.absolute() for path in images] == [tmp_path / "a.png"]


def test_no_such_file_and_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        image_files([tmp_path / "absent.png"])
    with pytest.raises(InputError, match="found none"):
        image_files([tmp_path])
    with pytest.raises(InputError, match=r"inputs: expected a folder. Received: an empty name"):
        image_files([""])


@pytest.mark.parametrize(
    ("files", "masks"),
    [
        (["film.png", "other.png"], ["film.png", "other.png"]),
        (["film.png", "film.tif"], ["film_png.png", "film_tif.png"]),
        (["film.png", "FILM.tif"], ["film_png.png", "FILM_tif.png"]),
        (["a/film.png", "b/film.png"], ["a_film.png", "b_film.png"]),
        (["a/film.png", "a/film.tif", "b/film.png"], ["a_film.png", "film_tif.png", "b_film.png"]),
        (["x/a/film.png", "y/a/film.png"], ["x_a_film.png", "y_a_film.png"]),
        (["a/film.png", "b/film.png", "b/a_film.png"], ["a_film_png.png", "b_film.png", "a_film.png"]),
        (["film.png", "film.png"], ["film.png"]),
        (["1.2.840.7.1", "1.2.840.7.2", "IMG.001"], ["1.2.840.7.1.png", "1.2.840.7.2.png", "IMG.001.png"]),
        (["e\u0301.png", "\u00e9.tif"], ["e\u0301_png.png", "\u00e9_tif.png"]),  # one word, stored in two ways
        (["ß.png", "SS.tif"], ["ß_png.png", "SS_tif.png"]),
        (["a\nb.png", "a\x1bb.png"], ["a_b_2.png", "a_b_3.png"]),
        (["10:30.png", "a\\b.png", 'what?<>|*".png'], ["10_30.png", "a_b.png", "what______.png"]),
        (
            ["con.png", "LPT1.tif", "aux.old.png", "console.png"],
            ["_con.png", "_LPT1.png", "_aux.old.png", "console.png"],
        ),
    ],
)
def test_masks_of_the_same_name_are_told_apart(tmp_path, files, masks):
    paths = [tmp_path / name for name in files]
    names = mask_names(paths, tmp_path / "out")
    assert list(names) == list(dict.fromkeys(paths))
    assert list(names.values()) == masks


def test_masks_of_several_classes_are_told_apart(tmp_path):
    endings = ["_x", "_x_x"]
    files = [tmp_path / name for name in ("a.png", "a_x.tif", "b.png")]
    names = mask_names(files, tmp_path / "out", endings=endings)
    assert list(names.values()) == ["a_png.png", "a_x_tif.png", "b.png"]  # a_x_x.png would be of both
    masks = [mask for name in names.values() for mask in with_endings(name, endings)]
    assert len(set(masks)) == 6
    # Two that had masks keep their names; one whose masks were of other classes gets new ones, and takes none away.
    earlier = [{"file": str(file), "mask": "|".join(with_endings(names[file], endings))} for file in files[:2]]
    earlier.append({"file": str(files[2]), "mask": "b_y.png|b_x.png"})
    again = mask_names(files, tmp_path / "out", earlier, endings)
    assert list(again.values()) == ["a_png.png", "a_x_tif.png", "b_png.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows counts in another way")
@pytest.mark.parametrize(
    "names",
    [
        ["胸" * 83 + ".png"],  # 253 bytes
        ["胸" * 83 + ".png", "胸" * 83 + ".tif"],
        ["x" * 255],  # DICOM has no extension
        ["x" * 255, "x" * 254 + "y"],
        ["é" * 125 + ".dicom"],
        ["january/" + "x" * 251 + ".png", "february/" + "x" * 251 + ".png"],
    ],
)
def test_long_names_fit(tmp_path, names):
    found = list(mask_names([tmp_path / name for name in names], tmp_path / "out").values())
    assert len(set(found)) == len(names)
    for name, mask in zip(names, found, strict=True):
        assert len(mask.encode()) <= 255
        assert mask.endswith(".png")
        assert mask.replace("january_", "").replace("february_", "")[:50] == name.rpartition("/")[2][:50]
        (tmp_path / mask).touch()
    assert mask_names([tmp_path / name for name in names], tmp_path / "elsewhere") == dict(
        zip([tmp_path / name for name in names], found, strict=True)
    )


def test_a_disk_that_takes_shorter_names(tmp_path, monkeypatch):
    monkeypatch.setattr(naming.os, "pathconf", lambda folder, what: 143, raising=False)
    (name,) = mask_names([tmp_path / f"{'x' * 200}.png"], tmp_path / "out").values()
    assert len(name) == 143
    assert name.startswith("x" * 100)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links(tmp_path):
    for name in ("films/a.png", "films/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "again").symlink_to("films")
    assert image_files([tmp_path / "films", tmp_path / "again", tmp_path / "again/a.png"])[0] == [
        tmp_path / "films/a.png",
        tmp_path / "films/b.png",
    ]
    (tmp_path / "films/c.png").symlink_to("a.png")  # another name, and whoever gave it wants another mask
    (tmp_path / "films/gone.png").symlink_to("nowhere")
    found = [path.name for path in image_files([tmp_path / "films"])[0]]
    assert found == ["a.png", "b.png", "c.png", "gone.png"]


def test_a_folder_that_cannot_be_read(tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(naming.Path, "iterdir", refuse)
    with pytest.raises(InputError, match="expected a folder that can be read"):
        image_files([tmp_path])


def test_masks_may_lie_among_the_images_if_none_is_overwritten(tmp_path):
    for name in ("a.dcm", "b.png"):
        (tmp_path / name).touch()
    assert mask_names([tmp_path / "a.dcm"], tmp_path) == {tmp_path / "a.dcm": "a.png"}
    (tmp_path / "a.png").touch()  # the mask
    earlier = [{"file": str(tmp_path / "a.dcm"), "mask": "a.png"}]
    images, _ = image_files([tmp_path], [tmp_path / "a.png"])
    assert [path.name for path in images] == ["a.dcm", "b.png"]
    with pytest.raises(InputError, match=r"b\.png: its mask would overwrite"):
        mask_names(images, tmp_path, earlier)


def test_at_last_a_number_tells_masks_apart(tmp_path):
    """The names of earlier masks are taken, however many folders tell them apart."""
    file = tmp_path / "film.png"
    folders = ["_".join(file.parts[-n:-1]) for n in range(1, len(file.parts))]
    taken = [f"{folder}_film{end}.png".lstrip("_") for folder in folders for end in ("", "_png")]
    earlier = [{"file": f"/elsewhere/{name}", "mask": name} for name in taken]
    assert mask_names([file], tmp_path / "out", earlier) == {file: "film_2.png"}


def test_a_mask_never_overwrites_a_file(tmp_path):
    film, other = tmp_path / "film.png", tmp_path / "out" / "film.png"
    other.parent.mkdir()
    for file in (film, other):
        file.touch()
    for out in (tmp_path, tmp_path / "out"):  # where its mask would go, there is the image itself, or another file
        with pytest.raises(InputError, match=r"overwrite.* Name another --out\.$"):
            mask_names([film], out)
    (other.parent / "predictions.csv").write_bytes(
        "file,mask\n胸,胸.png\n".encode("gbk")
    )  # the mask, under a name misread
    with pytest.raises(InputError, match=r"overwrite.* predictions\.csv is not in UTF-8"):
        mask_names([film], other.parent)
