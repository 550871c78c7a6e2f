"""Names of files: which mask belongs to which image."""

import unicodedata

import pytest

from lungseg.preparation import find_radiographs
from lungseg.preparation.sources.layouts import scan
from radiographs import refusal
from raw_sources import make_source, pairs, touch

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
    "as ImageJ calls it": ("a.tif", "Mask of a.tif"),
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
    assert "1 image with that of one lung" in refusal(find_radiographs, tmp_path)


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
