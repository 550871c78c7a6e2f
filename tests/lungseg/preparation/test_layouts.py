"""Folders as they come out of archives: which images and masks are found in them, and what is said of the rest."""

import os
import unicodedata
from pathlib import Path

import pytest

from lungseg.errors import InputError
from lungseg.preparation import find_radiographs, tree
from lungseg.preparation.layouts import scan
from radiographs import refusal, save
from raw_sources import film, make_source, prepare

LITTER = ["Thumbs.db", ".DS_Store", "._anna.png", "README.txt", "desktop.ini", "~$anna.png", ".anna.png"]
LITTER_FOLDERS = [".ipynb_checkpoints", "__MACOSX", "@eaDir", "$RECYCLE.BIN"]


def touch(source, names):
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).touch()
    return source


def pairs(source, **settings):
    """Case → the files of its mask, below the source."""
    found = find_radiographs(source, **settings)
    return {one.case: [str(path.relative_to(source)) for path in one.masks] for one in found}


# Of each layout an image, and the files of its mask.
LAYOUTS = {
    "combined": ["CXR_png/CHNCXR_0002_1.png", "masks/CHNCXR_0002_1_mask.png"],
    "combined, no suffix": ["CXR_png/MCUCXR_0001_0.png", "masks/MCUCXR_0001_0.png"],
    "Montgomery": [
        "CXR_png/MCUCXR_0001_0.png",
        "ManualMask/leftMask/MCUCXR_0001_0.png",
        "ManualMask/rightMask/MCUCXR_0001_0.png",
    ],
    "Montgomery in small letters": ["cxr_png/a.png", "manualmask/leftmask/a.png", "manualmask/rightmask/a.png"],
    "Shenzhen": ["CXR_png/CHNCXR_0002_1.png", "mask/CHNCXR_0002_1_mask.png"],
    "Shenzhen, unpacked": ["ChinaSet_AllFiles/CXR_png/CHNCXR_0002_1.png", "mask/mask/CHNCXR_0002_1_mask.png"],
    "plain": ["images/anna.JPG", "masks/anna.TiF"],
    "one folder around it": ["Lung Segmentation/CXR_png/x.png", "Lung Segmentation/masks/x_mask.png"],
    "two folders around it": ["data/Lung Segmentation/CXR_png/x.png", "data/Lung Segmentation/masks/x_mask.png"],
    "SCR with the images of JSRT": [
        "JSRT/All247images/JPCLN001.png",
        "SCR/fold1/masks/left lung/JPCLN001.gif",
        "SCR/fold1/masks/right lung/JPCLN001.gif",
    ],
    "SCR alone, images around it": [
        "JPCLN001.png",
        "fold2/masks/left lung/JPCLN001.gif",
        "fold2/masks/right lung/JPCLN001.gif",
    ],
    "sides only": ["images/a.png", "left_lung/a.png", "right_lung/a.png"],
    "sides by a letter": ["images/a.png", "masks/L/a.png", "masks/R/a.png"],
    "sides in the names": ["images/a.png", "masks/a_left.png", "masks/a_right.png"],
    "masks in the folder of the images": ["films/a.png", "films/a_mask.png"],
    "masks and images in one folder without a name": ["a.png", "a-mask.png"],
    "images around the masks": ["a.png", "masks/a.png"],
    "images of any name beside masks": ["Kaggle/xyz/a.png", "Kaggle/masks/a.png"],
    "the set's name before both": ["train/a.png", "train_masks/a.png"],
    "nnU-Net": ["imagesTr/a_0000.png", "labelsTr/a.png"],
    "COVID-QU-Ex": ["Train/COVID-19/images/covid_1.png", "Train/COVID-19/lung masks/covid_1.png"],
    "DICOM": ["images/a.dcm", "masks/a.png"],
    "kinds of a set below": ["images/COVID/a.png", "masks/COVID/a.png"],
    "images apart, masks together": ["images/COVID/a.png", "masks/a.png"],
    "images together, masks apart": ["images/a.png", "masks/COVID/a.png"],
    "twice the same name": ["images/images/a.png", "masks/masks/a.png"],
    "JSRT in two folders": [
        "JSRT/Nodule154images/JPCLN001.png",
        "fold1/masks/left lung/JPCLN001.gif",
        "fold1/masks/right lung/JPCLN001.gif",
    ],
    "Carvana": ["train/a.jpg", "train_masks/a_mask.gif"],
    "accents stored in two ways": [
        unicodedata.normalize("NFC", "Málaga/images/a.png"),
        unicodedata.normalize("NFD", "Málaga/masks/a.png"),
    ],
    "both in capital letters": ["IMAGES/A.PNG", "MASKS/A.PNG"],
    "spaces around": [" Images /a.png", "Masks /a.png"],
    "left and right beside each other": ["a.png", "a_left_mask.png", "a_right_mask.png"],
    "many habits": ["X-Rays/a.jpeg", "Ground Truth/a.bmp"],
}


@pytest.mark.parametrize("names", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(tmp_path, names):
    for name in names:
        folder = (tmp_path / name).parent
        touch(folder, [Path(name).name, *LITTER, *(f"{litter}/{Path(name).name}" for litter in LITTER_FOLDERS)])
    touch(tmp_path, [f"__MACOSX/{name}" for name in names])
    (radiograph,) = find_radiographs(str(tmp_path))
    assert radiograph.case == (tmp_path / names[0]).stem
    assert radiograph.image == tmp_path / names[0]
    assert radiograph.masks == tuple(tmp_path / name for name in names[1:])
    assert scan(tmp_path)[1:3] == ([], [])


@pytest.mark.parametrize(
    "images", ["images", "Images", "image", "img", "IMG", "imgs", "cxr", "X-ray", "xrays", "Radiographs"]
)
@pytest.mark.parametrize("masks", ["Masks", "mask", "MASK", "label", "Labels", "annotations", "GT", "segmentation"])
def test_folders_may_be_called_in_many_ways(tmp_path, images, masks):
    touch(tmp_path, [f"{images}/a.png", f"{masks}/a.png"])
    assert pairs(tmp_path) == {"a": [f"{masks}/a.png"]}


def test_organs_other_than_lungs_are_no_masks(tmp_path):
    """As in the SCR database, whose masks lie in two folds."""
    parts = ["heart", "left clavicle", "left lung", "right clavicle", "right lung"]
    folds = {"fold1": "JPCLN001", "fold2": "JPCLN002"}
    touch(tmp_path, [f"{fold}/masks/{part}/{name}.gif" for fold, name in folds.items() for part in parts])
    touch(tmp_path, [f"images/{name}.png" for name in folds.values()])
    assert pairs(tmp_path) == {
        name: [f"{fold}/masks/{side} lung/{name}.gif" for side in ("left", "right")] for fold, name in folds.items()
    }
    notes = " ".join(scan(tmp_path).notes)
    assert "images from images; masks from fold1/masks/left lung" in notes
    assert "left out: fold1/masks/heart/ (1 .gif), fold1/masks/left clavicle/ (1 .gif)" in notes


def test_what_was_taken_and_what_was_left_is_told(tmp_path):
    source = make_source(tmp_path / "raw" / "Lung Segmentation", "ab")
    save(source / "test/z.png", film())
    report = prepare(tmp_path / "raw", tmp_path / "out")
    assert report.written == 2
    assert "images from Lung Segmentation/images; masks from Lung Segmentation/masks" in report.summary()
    assert "left out: Lung Segmentation/test/ (1 .png)" in report.summary()


# --------------------------------------------------------------------------- names of files

PAIRS = {  # image, mask, whether they belong together
    "the same": ("a.png", "a.png"),
    "a_mask": ("a.png", "a_mask.png"),
    "mask before": ("a.png", "mask_a.png"),
    "a hyphen": ("a.png", "a-mask.png"),
    "a space": ("Chest 1.png", "Chest 1 mask.png"),
    "brackets": ("a.png", "a (mask).png"),
    "label": ("a.png", "a_label.png"),
    "seg": ("a.png", "a_seg.png"),
    "lung": ("a.png", "a_lung_mask.png"),
    "two extensions": ("a.png", "a.png.png"),
    "two extensions, both": ("a.png.png", "a.png"),
    "the image's extension": ("a.jpg", "a.jpg_mask.png"),
    "DICOM's extension": ("a.dcm", "a.dcm.png"),
    "capital letters": ("Film.PNG", "film.png"),
    "image and mask": ("image_7.png", "mask_7.png"),
    "written as one": ("img7.png", "mask7.png"),
    "composed and decomposed": (unicodedata.normalize("NFC", "müller.png"), unicodedata.normalize("NFD", "müller.png")),
    "the other way round": (unicodedata.normalize("NFD", "müller.png"), unicodedata.normalize("NFC", "müller.png")),
    "Hangul": (unicodedata.normalize("NFC", "가슴.png"), unicodedata.normalize("NFD", "가슴_mask.png")),
    "full width": ("\uff11\uff12a.png", "12a.png"),
    "dots": ("1.2.840.7.png", "1.2.840.7.png"),
    "a joiner that nobody sees": ("ab.png", "a\u200bb.png"),
    "a space that does not break": ("a b.png", "a\u00a0b.png"),
    "a long dash": ("a-b.png", "a\u2013b_mask.png"),
    "spaces at the end": ("a.png", "a .png"),
    "hyphen for underscore": ("a_1.png", "a-1.png"),
}


@pytest.mark.parametrize(("image", "mask"), PAIRS.values(), ids=PAIRS)
def test_names_that_belong_together(tmp_path, image, mask):
    touch(tmp_path, [f"images/{image}", f"masks/{mask}", "images/other.png", "masks/other.png"])
    found = scan(tmp_path)
    assert [one.image.name for one in found.radiographs if one.case != "other"] == [image]
    assert (found.without_mask, found.without_image) == ([], [])


@pytest.mark.parametrize(
    ("image", "mask"),
    [("a.png", "b.png"), ("01.png", "1.png"), ("a_1.png", "a_2.png"), ("a.png", "amask.png"), ("a.png", "ab.png")],
)
def test_names_that_do_not(tmp_path, image, mask):
    touch(tmp_path, [f"images/{image}", f"masks/{mask}", "images/other.png", "masks/other.png"])
    found = scan(tmp_path)
    assert (found.without_mask, found.without_image) == ([image], [mask])


def test_the_nearest_name_wins(tmp_path):
    touch(
        tmp_path, ["images/a.png", "images/A.png", "images/img_a.png", "masks/a.png", "masks/A.png", "masks/img_a.png"]
    )
    assert pairs(tmp_path) == {"A": ["masks/A.png"], "a": ["masks/a.png"], "img_a": ["masks/img_a.png"]}


def test_a_folder_for_each_patient(tmp_path):
    touch(tmp_path, ["p1/image.png", "p1/mask.png", "p2/chest.png", "p2/masks/left.png", "p2/masks/right lung.png"])
    assert pairs(tmp_path) == {"chest": ["p2/masks/left.png", "p2/masks/right lung.png"]}
    touch(tmp_path / "alike", ["p1/image.png", "p1/mask.png", "p2/image.png", "p2/mask.png"])
    for number in "12":
        (tmp_path / f"alike/p{number}/image.png").write_text(number)
    assert pairs(tmp_path / "alike") == {"p1_image": ["p1/mask.png"], "p2_image": ["p2/mask.png"]}


def test_the_mask_of_one_lung_is_none(tmp_path):
    touch(tmp_path, ["CXR_png/a.png", "ManualMask/leftMask/a.png", "ManualMask/rightMask/b.png"])
    assert "1 images with that of one lung" in refusal(find_radiographs, tmp_path)


def test_a_mask_that_is_near_to_two_images_is_given_to_none(tmp_path):
    touch(tmp_path, ["images/a-1.png", "images/a_1.png", "masks/a 1.png", "images/b.png", "masks/b.png"])
    found = scan(tmp_path)
    assert [one.case for one in found.radiographs] == ["b"]
    assert found.without_image == ["a 1.png"]


def test_dicom_files_are_told_by_their_content(tmp_path):
    uid = "1.2.840.113619.2.5.957063"
    touch(tmp_path, [f"masks/{uid}.78.png", f"masks/{uid}.79.png", "masks/IM0001.png", "images/DICOMDIR"])
    for name in (f"{uid}.78", f"{uid}.79", "IM0001", "DICOMDIR"):
        (tmp_path / "images").mkdir(exist_ok=True)
        (tmp_path / "images" / name).write_bytes(bytes(128) + b"DICM")
    assert list(pairs(tmp_path)) == [f"{uid}.78", f"{uid}.79", "IM0001"]


def test_cases_are_sorted(tmp_path):
    make_source(tmp_path, ("b", "a_1", "c", "a_0", "B"))
    assert list(pairs(tmp_path)) == ["B", "a_0", "a_1", "b", "c"]


# --------------------------------------------------------------------------- several pairs


def test_pairs_of_folders_are_taken_together(tmp_path):
    touch(tmp_path, [f"{kind}/{what}/{kind}-1.png" for kind in ("COVID", "Normal") for what in ("images", "masks")])
    assert pairs(tmp_path) == {"COVID-1": ["COVID/masks/COVID-1.png"], "Normal-1": ["Normal/masks/Normal-1.png"]}
    assert scan(tmp_path).notes == ["images from COVID/images, Normal/images; masks from COVID/masks, Normal/masks"]


def test_names_of_the_course_stay_as_they_are(tmp_path):
    sets = {"Montgomery": "MCUCXR_0001_0", "Shenzhen": "CHNCXR_0001_0"}
    touch(tmp_path, [f"{folder}/{what}/{name}.png" for folder, name in sets.items() for what in ("CXR_png", "masks")])
    assert list(pairs(tmp_path)) == ["CHNCXR_0001_0", "MCUCXR_0001_0"]


@pytest.mark.parametrize("above", ["", "data/"])
def test_where_folders_share_a_name_cases_are_called_after_their_folder(tmp_path, above):
    for number, kind in enumerate(("COVID", "Viral Pneumonia")):
        touch(tmp_path, [f"{above}{kind}/images/1.png", f"{above}{kind}/masks/1.png"])
        (tmp_path / f"{above}{kind}/images/1.png").write_bytes(bytes([number]))
    touch(tmp_path, [f"{above}COVID/images/2.png", f"{above}COVID/masks/2.png"])
    assert list(pairs(tmp_path)) == ["COVID_1", "COVID_2", "Viral_Pneumonia_1"]
    assert "COVID_1 for one" in " ".join(scan(tmp_path).notes)


def test_one_radiograph_twice_is_refused(tmp_path):
    """In the training and in the test of a split, it would flatter the network."""
    touch(tmp_path, [f"{folder}/{what}/1.png" for folder in ("data", "copy of data") for what in ("images", "masks")])
    message = refusal(find_radiographs, tmp_path)
    assert "copy of data/images/1.png and " in message
    assert "the same" in message
    for number, folder in enumerate(("a", "b")):
        touch(tmp_path / "known", [f"{folder}/images/CHNCXR_0001_0.png", f"{folder}/masks/CHNCXR_0001_0.png"])
        (tmp_path / f"known/{folder}/images/CHNCXR_0001_0.png").write_bytes(bytes([number]))
    assert "CHNCXR_0001_0.png" in refusal(find_radiographs, tmp_path / "known")


def test_folders_whose_names_do_not_tell_cases_apart(tmp_path):
    for number, folder in enumerate(("a/b", "a b")):
        touch(tmp_path, [f"{folder}/images/1.png", f"{folder}/masks/1.png"])
        (tmp_path / f"{folder}/images/1.png").write_bytes(bytes([number]))
    assert "a_b_1" in refusal(find_radiographs, tmp_path)


def test_parts_of_a_split_are_named(tmp_path):
    touch(tmp_path, [f"{part}/{what}/{part}1.png" for part in ("train", "val", "test") for what in ("images", "masks")])
    assert list(pairs(tmp_path)) == ["test1", "train1", "val1"]
    assert "test, train, val are put together" in scan(tmp_path).notes[1]


def test_a_part_without_masks_is_reported(tmp_path):
    touch(tmp_path, ["train/images/a.png", "train/masks/a.png", "test/images/b.png"])
    assert scan(tmp_path).without_mask == ["b.png"]


# --------------------------------------------------------------------------- refused, and what to type


def test_two_masks_for_one_image(tmp_path):
    touch(tmp_path, ["images/a.png", "masks/reader 1/a.png", "masks/reader 2/a.png"])
    message = refusal(find_radiographs, tmp_path)
    assert "reader 1" in message
    assert "reader 2. Name the folder that is meant with --masks." in message
    assert pairs(tmp_path, masks="masks/reader 2") == {"a": ["masks/reader 2/a.png"]}
    assert pairs(tmp_path, masks=tmp_path / "masks/reader 1") == {"a": ["masks/reader 1/a.png"]}


def test_masks_for_two_images_of_one_name(tmp_path):
    touch(tmp_path, ["train/images/1.png", "val/images/1.png", "masks/1.png"])
    assert "train/images: expected one file for 1" in refusal(find_radiographs, tmp_path)


def test_folders_that_somebody_names(tmp_path, monkeypatch):
    touch(tmp_path, ["Bilder/a.png", "Masken/a.png", "images/old/a.png", "masks/old/a.png"])
    assert pairs(tmp_path, images="Bilder", masks="Masken") == {"a": ["Masken/a.png"]}
    monkeypatch.chdir(tmp_path.parent)
    source = Path(tmp_path.name)
    assert [one.image for one in find_radiographs(source, source / "Bilder", source / "Masken")] == [
        source / "Bilder/a.png"
    ]
    for name in ("absent", tmp_path.parent):
        assert "--masks: expected a folder in" in refusal(find_radiographs, tmp_path, None, name)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "an empty folder"),
        (["images/a.png"], "Received: images/ (1 .png)"),
        (["masks/a.png"], "Received: masks/ (1 .png)"),
        (["images/a.png", "masks/z.png"], "1 images and 1 masks, none of which match"),
        (["images/a.png", "masks/a.nii.gz"], "masks/ (1 .gz)"),
        (["images/a.png", "masks/heart/a.png"], "masks/heart/ (1 .png)"),
        (["a/b/c/notes.txt"], "a/b/c/ (1 .txt)"),
        (["archive.zip"], "Unpack the archive"),
        (["Images/a.png"], "Received: Images/ (1 .png)"),
        (["cases/a.npy"], "prepared already"),
        (["images/a.png", "images/a.jpg", "masks/a.png"], "a.jpg and a.png"),
        (["images/a.png", "masks/a.png", "masks/a_mask.png"], "a.png and a_mask.png"),
        (["images/a.png", "masks/a.png", "masks/a.gif"], "a.gif and a.png"),
        (["images/e\u0301.png", "images/\u00e9.png", "masks/\u00e9.png"], "Remove the one that is not meant"),
        (["images/a.png", "masks/a\nb.png"], "none of which match"),
    ],
)
def test_unusable_source_is_one_clear_line(tmp_path, names, said):
    (tmp_path / "raw").mkdir()
    touch(tmp_path / "raw", names)
    message = refusal(prepare, tmp_path / "raw", tmp_path / "out")
    assert message.startswith(str(tmp_path / "raw"))
    assert said in message
    assert not (tmp_path / "out").exists()


def test_a_source_that_is_no_folder(tmp_path):
    assert "no such folder" in refusal(find_radiographs, tmp_path / "absent")
    (tmp_path / "file").touch()
    assert "a file" in refusal(find_radiographs, tmp_path / "file")
    (tmp_path / "set.zip").touch()
    assert "Unpack the archive" in refusal(find_radiographs, tmp_path / "set.zip")
    touch(tmp_path, ["images/a.png", "masks/a.png"])
    for name in ("images", "masks"):
        assert "Name the folder above it" in refusal(find_radiographs, tmp_path / name)


def test_layouts_are_listed_where_none_fits(tmp_path):
    with pytest.raises(InputError, match=r"CXR_png/ \+ masks/.*ManualMask/leftMask/.*mask/.*images/ \+ masks/"):
        find_radiographs(tmp_path)


# --------------------------------------------------------------------------- disks


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once(tmp_path):
    touch(tmp_path, ["set/images/a.png", "set/masks/a.png", "elsewhere/b.png"])
    (tmp_path / "set/loop").symlink_to("../set")
    (tmp_path / "set/up").symlink_to("..")  # where other sets lie
    touch(tmp_path, ["other/images/c.png", "other/masks/c.png"])
    (tmp_path / "set/itself").symlink_to("itself")
    (tmp_path / "set/again").symlink_to("images")
    (tmp_path / "set/images/b.png").symlink_to(tmp_path / "elsewhere/b.png")
    (tmp_path / "set/images/gone.png").symlink_to("nowhere")
    (tmp_path / "set/images/round.png").symlink_to("round.png")
    found = scan(tmp_path / "set")
    assert [one.image.name for one in found.radiographs] == ["a.png"]
    assert found.without_mask == ["b.png", "gone.png", "round.png"]
    (tmp_path / "linked").mkdir()
    for name in ("images", "masks"):
        (tmp_path / "linked" / name).symlink_to(tmp_path / "set" / name)
    assert pairs(tmp_path / "linked") == {"a": ["masks/a.png"]}


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    touch(tmp_path, ["images/a.png", "masks/a.png", "private/images/b.png"])
    real = os.scandir

    def scandir(path):
        if Path(path).name in ("private", "locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(tree.os, "scandir", scandir)
    assert scan(tmp_path).notes[-1] == "folders that cannot be read: private (Permission denied)"
    (tmp_path / "locked").mkdir()
    assert "locked (Permission denied)" in refusal(find_radiographs, tmp_path / "locked")


def test_somebodys_home_is_no_source(tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "MOST_FOLDERS", 20)
    touch(tmp_path, [f"{i}/notes.txt" for i in range(30)])
    assert "more than 20 folders" in refusal(find_radiographs, tmp_path)
