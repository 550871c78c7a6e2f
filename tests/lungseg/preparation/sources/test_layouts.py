"""Folders as they come out of archives: which images and masks are found in them."""

import unicodedata
from pathlib import Path

import pytest

from lungseg.preparation import find_radiographs
from lungseg.preparation.sources.layouts import scan
from radiographs import save
from raw_sources import film, make_source, pairs, prepare, touch

LITTER = ["Thumbs.db", ".DS_Store", "._anna.png", "README.txt", "desktop.ini", "~$anna.png", ".anna.png"]
LITTER_FOLDERS = [".ipynb_checkpoints", "__MACOSX", "@eaDir", "$RECYCLE.BIN"]

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
