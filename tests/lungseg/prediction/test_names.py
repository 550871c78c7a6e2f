"""Which files of a folder are images, and what their masks are called."""

import pytest

from lungseg import InputError
from lungseg.prediction.names import image_files, mask_names

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
    ],
)
def test_masks_of_the_same_name_are_told_apart(tmp_path, files, masks):
    paths = [tmp_path / name for name in files]
    names = mask_names(paths, tmp_path / "out")
    assert list(names) == list(dict.fromkeys(paths))
    assert list(names.values()) == masks


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
        with pytest.raises(InputError, match="overwrite"):
            mask_names([film], out)
